"""The citizen's journey: from the front page to the figures of one's own village."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP

pytestmark = pytest.mark.browser

DISTRICT = "16.07.10"  # Talang Kelapa: villages with and without a boundary
VILLAGE = "16.07.10.1003"


def drawn_villages(visitor, district):
    items = visitor.ask(f"/api/v1/areas?level=village&parent={district}")["items"]
    return {item["code"]: item for item in items if item["boundary_status"]}


def test_from_the_front_page_to_my_village_and_back(visitor):
    page = visitor.page
    visitor.open("/")
    visitor.press(".hero__or a")
    visitor.wait_until_taken_over()
    states = [visitor.state()]
    assert len(states[0]["drawn"]) == len(states[0]["rows"]) == 21

    visitor.click_area(DISTRICT)
    visitor.wait_for_state(a=DISTRICT)
    states.append(visitor.state())
    villages = drawn_villages(visitor, DISTRICT)
    assert set(states[1]["drawn"]) == set(villages)
    assert "Talang Kelapa" in states[1]["trail"]
    assert len(states[1]["rows"]) > len(villages)  # those without boundary stand in the table

    visitor.click_area(VILLAGE)
    visitor.wait_for_state(a=VILLAGE)
    states.append(visitor.state())
    assert_village_is_described(visitor, villages[VILLAGE]["name"])

    change_indicator(visitor)
    states.append(visitor.state())
    change_period(visitor)
    states.append(visitor.state())
    assert visitor.query["a"] == VILLAGE

    for before in reversed(states[:-1]):
        page.go_back()
        visitor.expect_state(before)
    for after in states[1:]:
        page.go_forward()
        visitor.expect_state(after)


def assert_village_is_described(visitor, name):
    page = visitor.page
    link = page.locator("#table a").first.get_attribute("href")
    indicator = re.search(r"[?&]i=([^&]+)", link)[1]
    indicators = visitor.ask("/api/v1/indicators")["items"]
    period = next(i["periods"][-1] for i in indicators if i["code"] == indicator)
    values = visitor.ask(
        f"/api/v1/values?indicator={indicator}&period={period}&level=village&parent={DISTRICT}"
    )
    value = dict(zip(values["codes"], values["values"], strict=True))[VILLAGE]
    shown = page.locator(".panel__figure strong").inner_text()
    assert float(shown.replace(".", "").replace(",", ".")) == pytest.approx(value, rel=0.05)
    sentence = page.locator(".panel__sentence")
    expect(sentence).to_contain_text(name)
    assert re.search(r"\d+ \S+ \d+", sentence.inner_text()), "no rank"
    gold, own = page.locator(".map-picture__selected"), area(page, VILLAGE)
    assert gold.get_attribute("d") == own.get_attribute("d")
    assert gold.evaluate("e => getComputedStyle(e).stroke") == "rgb(200, 121, 26)"
    row = page.locator(f'#table tr[data-code="{VILLAGE}"]')
    assert own.get_attribute("fill") == row.get_attribute("data-fill")
    assert row.get_attribute("aria-current") == "true"


def area(page, code):
    return page.locator(f'.map-picture__areas [data-code="{code}"]')


def change_indicator(visitor):
    before = visitor.state()
    visitor.press("[data-picker] > summary")
    expect(visitor.page.locator("[data-picker]")).to_have_attribute("open", "")
    visitor.settle()
    link = visitor.page.locator(".picker__list a").nth(1)
    offered = re.search(r"[?&]i=([^&]+)", link.get_attribute("href"))[1]
    visitor.press(".picker__list a", 1)
    visitor.wait_for_state(i=offered, a=VILLAGE)
    after = visitor.state()
    assert after["heading"] != before["heading"]
    assert after["chosen"] == before["chosen"]
    assert not visitor.page.locator("[data-picker]").get_attribute("open")


def change_period(visitor):
    before = visitor.state()
    visitor.press(".tools--bottom a")
    visitor.page.wait_for_url(lambda url: "t=" in url)
    visitor.settle()
    assert re.fullmatch(r"\d{4}(-Q[1-4]|-\d\d)?", visitor.query["t"])
    assert visitor.state()["drawn"].keys() == before["drawn"].keys()


def test_a_village_is_found_by_typing_and_leads_to_its_profile(visitor):
    page = visitor.page
    visitor.open("/peta/")
    box = page.get_by_role("combobox")
    options = page.get_by_role("option")
    box.press_sequentially("sungai")
    expect(options.first).to_be_visible()
    # All at once: where a pause fell between two letters, an answer to half of them comes first.
    with page.expect_response(re.compile("q=sungai%20r$")) as answer:
        box.fill("sungai r")
    answer.value.finished()
    expect(options).to_have_count(len(answer.value.json()["items"]))
    expect(box).to_have_attribute("aria-expanded", "true")
    assert options.count() > 2
    first = options.nth(0).get_attribute("data-code")
    second = options.nth(1).get_attribute("data-code")
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    box.press("ArrowUp")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    box.press("Enter")
    visitor.wait_for_state(a=second)
    assert first != second
    name = visitor.ask(f"/api/v1/areas/{second}")["name"]
    expect(page.locator(".crumbs [aria-current]")).to_contain_text(name)
    visitor.press('.panel__links a[href^="/wilayah/"]')
    page.wait_for_url(f"**/wilayah/{second}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_the_front_page_search_leads_to_the_profile(visitor):
    visitor.open("/")
    visitor.page.get_by_role("combobox").fill(VILLAGE)
    first = visitor.page.get_by_role("option").first
    expect(first).to_have_attribute("data-code", VILLAGE)
    first.click()
    visitor.page.wait_for_url(f"**/wilayah/{VILLAGE}/")


def test_nothing_is_found_and_said_so(visitor):
    visitor.open("/peta/")
    visitor.page.get_by_role("combobox").press_sequentially("qqqxx")
    expect(visitor.page.locator("[data-none]")).to_be_visible()


def test_a_row_of_the_table_and_an_area_of_the_map_point_at_each_other(visit):
    visitor = visit(DESKTOP)
    visitor.open("/peta/")
    page = visitor.page
    page.locator(f'#table tr[data-code="{DISTRICT}"]').hover()
    hovered = page.locator(".map-picture__hovered")
    assert hovered.get_attribute("d") == area(page, DISTRICT).get_attribute("d")
    assert page.locator("[data-mark]").get_attribute("d")
    x, y = page.evaluate(
        "() => { const b = document.querySelector("
        "'#map').getBoundingClientRect(); return [b.x + b.width / 2, b.y + 8]; }"
    )
    page.mouse.move(x, y)
    expect(page.locator("[data-tooltip]")).to_be_hidden()
    box = area(page, DISTRICT).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tooltip = page.locator("[data-tooltip]")
    expect(tooltip).to_be_visible()
    row = page.locator("#table tr.is-hovered")
    assert row.locator("a").inner_text().split("\n")[0] in tooltip.inner_text()


def test_motion_ends_where_the_calm_map_begins(visit):
    """Who does not ask for calm sees the map fly; it must land at the same place."""
    boxes = []
    for motion in ("reduce", "no-preference"):
        visitor = visit(DESKTOP, reduced_motion=motion)
        visitor.open("/peta/")
        visitor.click_area(DISTRICT)
        visitor.wait_for_state(a=DISTRICT)
        visitor.wait_until_still(f'.map-picture__areas [data-code="{VILLAGE}"]')
        boxes.append(area(visitor.page, VILLAGE).bounding_box())
    assert boxes[1] == pytest.approx(boxes[0], abs=1.5)


STATES = [
    {"a": "16.07.10.1003", "i": "population_density", "t": "2021", "k": "equal"},
    {"l": "village", "t": "2020"},
    {"a": "16.07.08", "l": "district"},
    {"a": "16.07.08", "per": "2099-01-01"},
]


@pytest.mark.parametrize("query", STATES, ids=lambda q: "-".join(q))
def test_a_shared_address_brings_back_what_was_seen(visit, query):
    """Arriving by the address shows what stepping there showed, Leaflet and all."""
    visitor = visit(DESKTOP)
    visitor.open("/peta/?" + "&".join(f"{k}={v}" for k, v in query.items()))
    arrived = visitor.state()
    period = visitor.page.locator(".tools--bottom [aria-current]").inner_text()
    assert "t" not in query or query["t"] in period
    if "a" in query:
        assert query["a"] in visitor.page.locator(
            '.panel__links a[href*="/wilayah/"]'
        ).first.get_attribute("href")
        assert arrived["chosen"] or query["a"].count(".") == 2
    expected = 305 if query.get("l") == "village" else None
    assert expected is None or len(arrived["drawn"]) == expected
    for key in ("t", "k", "per"):  # and every way onwards keeps it
        if key in query:
            onward = visitor.page.locator("#table a").first.get_attribute("href")
            assert f"{key}={query[key]}" in onward
