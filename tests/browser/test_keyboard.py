"""The whole way by keyboard alone."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DISTRICT = "16.07.10"
ACTIVE = """() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  return {
    element: [e.tagName, e.id, e.className?.baseVal ?? e.className, e.getAttribute("href"),
              e.textContent.trim().slice(0, 40)].join(" "),
    inTable: Boolean(e.closest("#table")),
    isBody: e === document.body,
    name: e.getAttribute("aria-label") || e.textContent.trim() || e.title || e.placeholder || "",
    isSeen: box.width > 0 && box.height > 0,
  };
}"""
# At once, for finer outlines may take the place of those that were looked for.
BOX = """(code) => document.querySelector(`.map-picture__areas [data-code="${code}"]`)
  .getBoundingClientRect().toJSON()"""


def active(visitor):
    return visitor.page.evaluate(ACTIVE)


def tabs_to_table(visitor) -> int:
    for n in range(1, 30):
        visitor.page.keyboard.press("Tab")
        if active(visitor)["inTable"]:
            return n
    raise AssertionError("the table was not reached in 30 presses")


@pytest.mark.parametrize("address", ["/peta/", "/peta/?l=village"])
def test_the_table_is_at_most_eight_tabs_away(visitor, address):
    visitor.open(address)
    assert tabs_to_table(visitor) <= 8


def test_the_skip_link_comes_first_and_leads_to_the_table(visitor):
    visitor.open(f"/peta/?a={DISTRICT}.1003")
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.locator(".skip")).to_be_focused()
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.keyboard.press("Enter")
    # The browser follows a fragment in its own time; a Tab before that starts from the link.
    expect(visitor.page.locator("#table")).to_be_focused()
    # It is another place of the same page: were that made anew, the keyboard's place were lost.
    visitor.settle()
    assert [address for address in asked if "/peta/" in address] == []
    visitor.page.keyboard.press("Tab")
    assert active(visitor)["inTable"], active(visitor)


def test_down_to_a_district_and_back_up(visitor):
    visitor.open("/peta/")
    tabs_to_table(visitor)
    link = visitor.page.evaluate("document.activeElement.closest('tr').dataset.code")
    visitor.page.keyboard.press("Enter")
    visitor.wait_for_state(a=link)
    assert not active(visitor)["isBody"], "the keyboard's place was lost"
    crumb = visitor.page.locator(".crumbs a").first
    for _ in range(4):
        visitor.page.keyboard.press("Tab")
        if crumb.evaluate("e => e === document.activeElement"):
            break
    expect(crumb).to_be_focused()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(lambda url: "a=" not in url)
    visitor.settle()
    assert len(visitor.state()["drawn"]) == 21


def test_changing_the_period_keeps_the_place(visitor):
    visitor.open("/peta/")
    visitor.page.locator(".tools--bottom a").first.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(lambda url: "t=" in url)
    visitor.settle()
    expect(visitor.page.locator(".tools--bottom a").first).to_be_focused()


def test_the_picker_opens_and_closes(visitor):
    visitor.open("/peta/")
    page = visitor.page
    picker, summary = page.locator("[data-picker]"), page.locator("[data-picker] > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(picker).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.picker__sheet')")
    page.keyboard.press("Escape")
    expect(picker).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    page.keyboard.press("Space")
    expect(picker).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(picker).not_to_have_attribute("open", "")


def test_nothing_holds_the_keyboard_and_every_stop_has_a_name(visitor):
    """Tab passes every stop once and comes round; Shift+Tab goes the same way back."""
    visitor.open(f"/peta/?a={DISTRICT}")
    stops = []
    for _ in range(80):
        visitor.page.keyboard.press("Tab")
        found = active(visitor)
        if found["isBody"] or (stops and found["element"] == stops[0]["element"]):
            break
        stops.append(found)
    else:
        raise AssertionError(f"no end after 80 presses: {stops[-1]}")
    assert [stop["element"] for stop in stops if not stop["name"] or not stop["isSeen"]] == []
    assert any("leaflet-container" in stop["element"] for stop in stops)
    assert not any("path" in stop["element"].lower() for stop in stops)
    for stop in reversed(stops[-5:]):
        visitor.page.keyboard.press("Shift+Tab")
        assert active(visitor)["element"] == stop["element"]


def test_the_map_moves_by_arrows_and_zooms_by_plus(visitor):
    visitor.open("/peta/")
    box = lambda: visitor.page.evaluate(BOX, DISTRICT)  # noqa: E731
    before = box()
    visitor.page.locator("#map").focus()
    visitor.page.keyboard.press("+")
    visitor.wait_until(lambda: box()["width"] > 1.3 * before["width"])
    visitor.wait_until_rested()
    zoomed = box()
    visitor.page.keyboard.press("ArrowRight")
    visitor.wait_until(lambda: box()["x"] < zoomed["x"] - 20)
    visitor.wait_until_rested()
    assert box()["width"] == pytest.approx(zoomed["width"], abs=1), "moving is no zooming"
