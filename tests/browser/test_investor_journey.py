"""An investor from the front page to an answer: shortlist, comparison, dossier, question."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import worker_of
from tests.browser.visitor import WORKING_MS

pytestmark = pytest.mark.browser

QUESTION = {
    "": "Berapa lebar jalan ke lokasi ini?",
    "/en": "How wide is the road to this place?",
}
FIRST_WORDS = {"": "Pertanyaan Anda", "/en": "Your question"}


@pytest.mark.parametrize("language", ["", "/en"])
def test_shortlist_comparison_dossier_and_question(visitor, site, language):
    page = visitor.page
    visitor.open(f"{language}/")
    visitor.press(".door__ways a[href$='/investasi/']")
    page.wait_for_url("**/investasi/")
    expect(page.locator(".verdict__best")).to_be_visible()
    visitor.press(".need a[href*='p=warehouse']")
    page.wait_for_url(re.compile("p=warehouse"))
    expect(page.locator(".need.is-current a")).to_have_attribute("href", re.compile("warehouse"))
    rows = page.locator(".found__table > tbody")
    best = [rows.nth(n).get_attribute("data-code") for n in range(2)]
    names = [rows.nth(n).locator("th a").first.inner_text() for n in range(2)]
    for code in best:
        page.locator(f"input[name=a][value='{code}']").check()

    visitor.press("[data-compare]")
    expect(page.locator(".compare__area")).to_have_count(2)
    for name in names:
        expect(page.locator("main")).to_contain_text(name)

    page.locator("main a[href*='/dossier/']").first.click()
    page.wait_for_url(re.compile("/dossier/"))
    with worker_of(site):
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator("a[href$='.pdf']")).to_be_visible(timeout=WORKING_MS)
    assert page.url.startswith(f"{site}{language}/dossier/")
    for name in names:
        expect(page.locator("main")).to_contain_text(name)
    document = page.request.get(page.locator("a[href$='.pdf']").get_attribute("href"))
    assert document.body().startswith(b"%PDF-")

    visitor.press("main a[href*='/tanya/']")
    page.wait_for_url(re.compile("/tanya/"))
    page.locator("textarea[name=text]").fill(QUESTION[language])
    page.locator("main form button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text(FIRST_WORDS[language])
    number = page.locator(".asked__number").inner_text()
    assert re.fullmatch(r"TN-20\d\d-\d{6}", number)
    page.locator(".asked__ways a").click()
    expect(page.locator("main")).to_contain_text(QUESTION[language])
    assert page.url.startswith(f"{site}{language}/tanya/{number}/")
