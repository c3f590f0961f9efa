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
# The words and attributes of a page, without the places where figures stand.
WITHOUT_FIGURES = """() => {
  const copy = document.documentElement.cloneNode(true);
  const figures = ".legend, .ranking__value, .fact, .panel__figure, .panel__sentence, .headlines," +
    " svg, style, script:not([type='application/json'])";
  copy.querySelectorAll(figures).forEach((e) => e.remove());
  return copy.innerHTML.replace(/<[^>]*class="(?:fact__|profile__)[^>]*>[^<]*/g, "");
}"""


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


def test_each_language_says_which_it_is_and_groups_no_year(visit):
    """Every year of the data, wherever it stands outside figures, has four digits."""
    visitor = visit(DESKTOP)
    grouped = [
        f"2{mark}{rest}" for rest in ("019", "020", "021", "024", "026") for mark in ".,\u00a0"
    ]
    for language, prefix in (("id", ""), ("en", "/en")):
        for address in PAGES:
            visitor.page.goto(prefix + address)
            assert visitor.page.locator("html").get_attribute("lang") == language, address
            words = visitor.page.evaluate(WITHOUT_FIGURES)
            assert [year for year in grouped if year in words] == [], address
    visitor.open("/peta/")
    periods = visitor.page.locator(".tools--bottom").inner_text()
    assert re.search(r"\b20\d\d\b", periods)
