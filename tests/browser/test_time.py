"""Through time: slider, play, changes, one class, all periods, and where a figure comes from."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP

pytestmark = pytest.mark.browser

DISTRICT = "16.07.10"


@pytest.fixture(scope="module")
def monthly(site):
    """Code of an indicator with more periods than fit beside each other."""
    import json
    import urllib.request

    with urllib.request.urlopen(f"{site}/api/v1/indicators") as answer:  # noqa: S310 our own
        items = json.load(answer)["items"]
    return next(i["code"] for i in items if len(i["periods"]) > 12)


def test_the_slider_is_moved_by_keys_and_back_leads_out(visitor, monthly):
    visitor.open("/peta/")
    before = visitor.state()
    visitor.page.evaluate(
        "code => { const a = document.querySelector(`[data-indicator='${code}']`); a.click(); }",
        monthly,
    )
    visitor.wait_for_state(i=monthly)
    slider = visitor.page.get_by_role("slider")
    slider.focus()
    visitor.page.keyboard.press("ArrowLeft")
    visitor.page.wait_for_url(lambda url: "t=" in url)
    visitor.settle()
    first = visitor.query["t"]
    assert slider.get_attribute("aria-valuetext")
    visitor.page.keyboard.press("ArrowLeft")
    visitor.page.wait_for_function("t => !location.search.includes(`t=${t}`)", arg=first)
    visitor.settle()
    assert visitor.query["t"] < first
    expect(slider).to_be_focused()
    visitor.page.go_back()
    visitor.expect_state(before)


def test_play_advances_and_stops(visit):
    visitor = visit(DESKTOP)
    visitor.open("/peta/?i=population&t=2019")
    held = []

    def hold_after_the_first(route):
        # So that playing does not come to its end by itself before it is stopped.
        if "t=2020" in route.request.url:
            route.continue_()
        else:
            held.append(route)

    visitor.page.route("**/peta/bagian/**", hold_after_the_first)
    play = visitor.page.locator("[data-play]")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    visitor.page.wait_for_url(lambda url: "t=2020" in url)
    visitor.page.wait_for_url(lambda url: "t=2021" in url)
    visitor.wait_until(lambda: held)
    play.click()
    expect(play).to_have_attribute("aria-pressed", "false")
    held[0].continue_()
    visitor.settle()
    stopped = visitor.page.url
    visitor.pause(1800)
    assert visitor.page.url == stopped
    assert len(held) == 1


def test_from_the_front_page_to_the_change_since_and_back(visitor):
    visitor.open("/")
    visitor.press(".hero__or a")
    visitor.wait_until_taken_over()
    before = visitor.state()
    visitor.press("[data-compare] > summary")
    expect(visitor.page.locator(".compare__sheet .choices a").last).to_be_visible()
    visitor.press(".compare__sheet .choices a", -1)
    visitor.page.wait_for_url(lambda url: "dari=" in url)
    visitor.settle()
    changed = visitor.state()
    assert re.search(r"[+−]\d", changed["figure"])
    assert changed["circles"] == []
    assert changed["drawn"] != before["drawn"]
    legend = visitor.page.locator(".legend__edges").text_content()
    assert "−" in legend
    assert "+" in legend
    visitor.press(".pinned a")
    visitor.page.wait_for_url(lambda url: "dari=" not in url)
    visitor.settle()
    after = visitor.state()
    assert after | {"address": ""} == before | {"address": ""}


def test_one_class_by_keyboard_kept_in_the_address(visitor):
    visitor.open("/peta/")
    page = visitor.page
    whole = visitor.state()
    classes = page.locator(".legend button[data-class]")
    classes.first.focus()
    page.keyboard.press("ArrowRight")
    expect(classes.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "f=2" in url)
    expect(classes.nth(1)).to_have_attribute("aria-pressed", "true")
    expected = int(classes.nth(1).text_content())
    rows = page.locator("#table tbody tr:not([hidden])")
    expect(rows).to_have_count(expected)
    one = visitor.state()
    assert sum(one["drawn"][code] == whole["drawn"][code] for code in one["drawn"]) == expected
    page.reload()
    visitor.wait_until_taken_over()
    assert visitor.state()["drawn"] == one["drawn"]
    expect(page.locator("#table tbody tr:not([hidden])")).to_have_count(expected)
    page.locator(".tools--bottom .segments a").first.click()
    page.wait_for_url(lambda url: "t=" in url)
    visitor.settle()
    assert visitor.query["f"] == "2"
    page.go_back()
    page.wait_for_url(lambda url: "t=" not in url)
    visitor.settle()
    page.locator("[data-all-classes] a").click()
    page.wait_for_url(lambda url: "f=" not in url)
    assert visitor.state()["drawn"] == whole["drawn"]


def test_where_a_figure_comes_from(visitor):
    visitor.open(f"/peta/?a={DISTRICT}")
    page = visitor.page
    page.evaluate("document.body.dataset.sheet = 'full'")
    link = page.locator("[data-origin]")
    link.scroll_into_view_if_needed()
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    expect(dialog).to_contain_text("Talang Kelapa")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()


def test_from_the_front_page_to_all_periods(visitor):
    visitor.open("/")
    visitor.press(".hero__or a")
    visitor.wait_until_taken_over()
    visitor.press("[data-compare] > summary")
    visitor.press('.compare__sheet a[href*="/deret/"]')
    visitor.page.wait_for_url("**/peta/deret/**")
    maps = visitor.page.locator(".series > li")
    assert 2 < maps.count() <= 12
    columns = {round(maps.nth(i).bounding_box()["x"]) for i in range(maps.count())}
    assert len(columns) == (2 if visitor.is_touching else 4)
    jutting = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visitor.page.evaluate(jutting) <= 0
    visitor.press(".series a", 1)
    visitor.wait_until_taken_over()
    assert "t=" in visitor.page.url


@pytest.mark.parametrize("address", ["/peta/deret/", "/peta/asal/", "/peta/?dari=2020&f=2"])
def test_without_scripts_everything_is_there(visit, address):
    visitor = visit(DESKTOP, java_script_enabled=False)
    visitor.expect_faults("failed: csp .*[.]js")
    visitor.wait_until_taken_over = lambda: None
    visitor.open(address)
    expect(visitor.page.locator("h1")).to_be_visible()
    if "f=2" in address:
        visitor.page.locator("[data-all-classes] a").click()
        visitor.page.wait_for_url(lambda url: "f=" not in url)
