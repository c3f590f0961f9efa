"""Indonesian at the root, English under /en/; years stay years in both."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/peta/",
    "/peta/?a=16.07.10.1003",
    "/wilayah/16.07.10/",
    "/tentang/",
    "/tentang/gaya/",
]
GROUPED_YEAR = re.compile(r"(?<![\d.,])[12][.,\s\u00a0][0-9]{3}(?![\d.,])")


def test_each_language_says_which_it_is(visit):
    visitor = visit(DESKTOP)
    for address in PAGES:
        visitor.open(address)
        assert visitor.page.locator("html").get_attribute("lang") == "id", address
        visitor.open(f"/en{address}")
        assert visitor.page.locator("html").get_attribute("lang") == "en", address


def test_english_pages_are_in_english_and_stay_so(visit):
    visitor = visit(DESKTOP)
    visitor.open("/peta/?i=population_density")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Kepadatan penduduk")
    visitor.press("a[data-language]")
    visitor.page.wait_for_url("**/en/peta/?i=population_density")
    heading = visitor.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Population density")
    expect(visitor.page.locator("#table caption")).to_contain_text("highest first")
    visitor.wait_until_taken_over()
    visitor.click_area("16.07.10")
    visitor.wait_for_state(a="16.07.10")
    assert "/en/peta/" in visitor.page.url
    expect(heading).to_have_text("Population density")
    visitor.press('.panel__links a[href^="/en/wilayah/"]')
    visitor.page.wait_for_url("**/en/wilayah/16.07.10/")
    expect(visitor.page.locator("body")).to_contain_text("Population density")


def test_numbers_follow_the_language(visit):
    visitor = visit(DESKTOP)
    shown = {}
    for language, prefix in (("id", ""), ("en", "/en")):
        visitor.open(f"{prefix}/peta/?i=population")
        shown[language] = visitor.page.locator(".panel__figure strong").inner_text()
    assert re.fullmatch(r"\d{3}\.\d{3}", shown["id"])
    assert shown["en"] == shown["id"].replace(".", ",")


def test_a_year_is_never_grouped(visit):
    """Every year of the data, wherever it stands, is written in four digits."""
    visitor = visit(DESKTOP)
    years = {"2019", "2020", "2021", "2022", "2023", "2024", "2026"}
    grouped = {f"{year[0]}{mark}{year[1:]}" for year in years for mark in ".,\u00a0"}
    for address in [*PAGES, *(f"/en{page}" for page in PAGES)]:
        visitor.open(address)
        words = visitor.page.evaluate("document.body.innerText")
        hidden = visitor.page.evaluate(
            "[...document.querySelectorAll('[href], [value], [data-title]')]"
            ".map((e) => e.outerHTML.slice(0, 400)).join(' ')"
        )
        legend = visitor.page.evaluate(
            "[...document.querySelectorAll('.legend, .ranking__value, .fact, .panel__figure,"
            " .panel__sentence, .headlines')].map((e) => e.innerText).join(' ')"
        )
        periods = words
        for part in legend.split():
            periods = periods.replace(part, "")
        assert [mark for mark in grouped if mark in periods + hidden] == [], address
    visitor.open("/peta/")
    periods = visitor.page.locator(
        ".tools--bottom a, .tools--bottom [aria-current]"
    ).all_inner_texts()
    assert periods
    assert all(re.search(r"\b20\d\d\b", period) for period in periods)
