"""An investor: from the front page to a shortlist and its comparison, in both languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PHONE

pytestmark = pytest.mark.browser


def codes(page) -> list[str]:
    return page.locator(".found__table > tbody").evaluate_all(
        "found => found.map((one) => one.dataset.code)"
    )


@pytest.mark.parametrize("language", ["", "/en"])
def test_from_the_front_page_to_a_comparison(visitor, language):
    page = visitor.page
    visitor.open(f"{language}/")
    visitor.press(".door__ways a[href$='/investasi/']")
    page.wait_for_url("**/investasi/")
    expect(page.locator(".verdict__best")).to_be_visible()
    first = codes(page)[:3]

    visitor.press(".need a[href*='p=warehouse']")
    page.wait_for_url(re.compile("p=warehouse"))
    expect(page.locator(".need.is-current a")).to_have_attribute("href", re.compile("warehouse"))
    assert codes(page)[:3] != first

    best = codes(page)[:2]
    for code in best:
        page.locator(f"input[name=a][value='{code}']").check()
    visitor.press("[data-compare]")
    expect(page.locator(".compare__area")).to_have_count(2)
    assert all(code in page.url for code in best)
    assert page.url.split("?")[0].endswith(f"{language}/banding/")


def test_every_change_shows_its_ranking_and_its_address(visitor):
    page = visitor.page
    visitor.open("/investasi/?w.population=3&w.road_steadiness=3")
    steps = page.locator("details.step")
    for n in (0, 1):
        if steps.nth(n).get_attribute("open") is None:
            steps.nth(n).locator("> summary").click()

    page.locator("input[name='w.road_steadiness'][value='0']").check()
    page.wait_for_url(re.compile(r"\?w\.population=3$"))
    expect(page.locator(".found__key li")).to_have_count(1)
    most = codes(page)

    page.locator("select[name='d.population']").select_option("lower")
    page.wait_for_url(re.compile(r"d\.population=lower"))
    expect(page.locator(".found__table > tbody").first).not_to_have_attribute("data-code", most[0])

    page.locator("input[name='min.population']").fill("2000")
    page.wait_for_url(re.compile(r"min\.population=2000"))
    expect(page.locator(".verdict__limits li")).to_have_count(1)
    other = page.locator("a[data-language]").first
    assert other.evaluate("link => link.search") == page.evaluate("location.search")
    shown = codes(page)
    page.reload()
    assert codes(page) == shown


def test_more_than_four_cannot_be_ticked(visitor):
    page = visitor.page
    visitor.open("/investasi/?w.population=3")
    boxes = page.locator("input[name=a]")
    expect(page.locator("[data-compare]")).to_be_disabled()
    for n in range(4):
        boxes.nth(n).check()
    expect(boxes.nth(4)).to_be_disabled()
    boxes.nth(0).uncheck()
    expect(boxes.nth(4)).to_be_enabled()


def test_a_fault_is_told_without_leaving_the_page(visitor):
    visitor.expect_faults("400")
    page = visitor.page
    visitor.open("/investasi/?w.population=3&max.population=5000")
    step = page.locator("details.step").first
    if step.get_attribute("open") is None:
        step.locator("> summary").click()
    page.locator("input[name='min.population']").fill("9000")
    expect(page.locator(".result__problems li")).to_have_count(1)
    page.locator("input[name='min.population']").fill("")
    expect(page.locator(".verdict__best")).to_be_visible()


def test_without_scripts_the_form_leads_to_the_short_address(visit):
    page = visit(PHONE, java_script_enabled=False).page
    page.goto("/en/investasi/?w.population=3")
    page.locator("details.step > summary").nth(1).click()
    page.locator("input[name='w.population'][value='5']").check()
    page.locator(".wish__send button").click()
    page.wait_for_url("**/en/investasi/?w.population=5")
    expect(page.locator(".verdict__best")).to_be_visible()
