"""Part by part from the front page: places, roads, books, comparison, documents."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PHONE

pytestmark = pytest.mark.browser

VILLAGE = "16.07.10.1003"


def test_layers_are_laid_over_the_map_and_stay_in_the_address(visitor):
    page = visitor.page
    visitor.open("/")
    visitor.press(".hero__or a")
    visitor.wait_until_taken_over()
    visitor.press("[data-layers] > summary")
    page.locator("[data-layer][value=jalan]").check()
    page.locator("[data-layer][value=puskesmas]").check()

    expect(page.locator("path.road").first).to_be_attached()
    expect(page.locator(".pin").first).to_be_visible()
    assert visitor.query["y"] == "jalan,puskesmas"

    page.reload()
    visitor.wait_until_taken_over()
    expect(page.locator("path.road").first).to_be_attached()
    expect(page.locator(".pin").first).to_be_visible()


def test_a_touched_place_opens_its_card_and_the_card_its_page(visitor):
    page = visitor.page
    visitor.open(f"/peta/?a={VILLAGE.rsplit('.', 1)[0]}&y=puskesmas")
    alone = page.locator(".pin:not(.pin--many)").first
    expect(alone).to_be_visible()
    alone.dispatch_event("click")
    card = page.locator("[data-touched]")
    expect(card.locator("h2 a")).to_be_visible()
    name = card.locator("h2 a").inner_text()
    card.locator("h2 a").click()

    expect(page.locator("h1")).to_have_text(name)
    assert re.search(r"/tempat/\d+/$", page.url)


def test_from_the_front_page_to_a_road_and_its_surveys(visitor):
    page = visitor.page
    visitor.open("/")
    visitor.press(".door__ways a[href$='/jalan/']")
    page.wait_for_url("**/jalan/")
    road = page.locator("main table a[href*='/jalan/']").first
    name = road.inner_text().strip()
    road.click()

    expect(page.locator("h1")).to_contain_text(name.splitlines()[0])
    expect(page.locator("svg.roadmap")).to_be_attached()


def test_from_a_profile_to_its_book_of_population_changes(visitor):
    page = visitor.page
    visitor.open(f"/wilayah/{VILLAGE}/")
    visitor.press(f".profile__ways a[href$='/penduduk/{VILLAGE}/']")

    expect(page.locator("main table tbody tr").nth(11)).to_be_visible()


def test_two_areas_are_compared_by_search(visitor):
    page = visitor.page
    visitor.open("/wilayah/16.07.03/")
    visitor.press(".profile__ways a[href*='/banding/']")
    page.locator("form.search input[name=q]").fill("talang kelapa")
    expect(page.locator("form.search [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"a=16\.07\.03&a=16\.07\.10$"))

    assert page.locator(".compare__area").count() == 2
    assert page.locator(".compare__line").count() > 5


# Words that stand on two lines: their letters lie in more than one rectangle.
BROKEN_WORDS = """() => [...document.querySelectorAll(".compare__table th")].flatMap((cell) =>
  [...cell.firstChild.data.matchAll(/\\S+/g)].filter(({ 0: word, index }) => {
    const range = document.createRange();
    range.setStart(cell.firstChild, index);
    range.setEnd(cell.firstChild, index + word.length);
    return range.getClientRects().length > 1;
  }).map(([word]) => word))"""


def test_no_name_is_broken_beside_its_figures_on_a_phone(visit):
    visitor = visit(PHONE)
    visitor.open("/banding/?a=16.07.06&a=16.07.03&a=16.07.10")
    assert visitor.page.locator(".compare__table th").count() > 10
    assert visitor.page.evaluate(BROKEN_WORDS) == []


def test_what_is_seen_is_taken_away(visitor):
    page = visitor.page
    visitor.open("/peta/?l=village")
    page.locator(".panel__foot details > summary").first.click()
    link = page.locator(".panel__foot a[href*='values.xlsx']").first
    answer = page.request.get(visitor.site + link.get_attribute("href"))

    assert answer.ok
    assert answer.body()[:2] == b"PK"
