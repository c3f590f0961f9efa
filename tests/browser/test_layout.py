"""Nothing is cut off, too small, covered or moved, on any screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP, PHONE

pytestmark = pytest.mark.browser

SMALL = {**PHONE, "viewport": {"width": 360, "height": 640}}
PAGES = [
    "/",
    "/peta/",
    "/peta/?a=16.07.10.1003",
    "/peta/cari/?q=sungai",
    "/wilayah/16.07.10/",
    "/wilayah/16.07.10.1003/",
    "/investasi/",
    "/banding/?a=16.07.10.1003&a=16.07.02.2001",
    "/tentang/",
    "/tentang/gaya/",
    "/masuk/",
    "/masuk/lupa/",
]
OWN_PAGES = PAGES[:-1]
DISTRICT = "16.07.10"

# What juts out of the window to the right, without standing in a strip that scrolls.
JUTTING = """() => {
  const width = document.documentElement.clientWidth;
  return {
    scroll: document.documentElement.scrollWidth - width,
    elements: [...document.querySelectorAll("body *")].filter((e) => {
      if (!e.checkVisibility()) return false;
      if (e.closest("svg, .segments--scroll, .unseen, .stage")) return false;
      const box = e.getBoundingClientRect();
      return box.width > 0 && (box.right > width + 1 || box.left < -1);
    }).map((e) => e.outerHTML.slice(0, 120)),
  };
}"""

# Targets under 24 × 24 px (WCAG 2.5.8); links in a sentence are excepted.
SMALL_TARGETS = """() => [...document.querySelectorAll("a[href], button, input, summary, select")]
  .filter((e) => {
    const box = e.getBoundingClientRect();
    if (!e.checkVisibility() || e.closest("svg, .unseen, .skip")) return false;
    const sentence = e.closest("p, li, dd, td");
    const isInline = getComputedStyle(e).display === "inline" && sentence
      && sentence.textContent.trim().length > e.textContent.trim().length;
    return !isInline && (box.width < 24 || box.height < 24);
  })
  .map((e) => {
    const box = e.getBoundingClientRect();
    return `${box.width.toFixed(0)} × ${box.height.toFixed(0)}: ${e.outerHTML.slice(0, 120)}`;
  })"""
BOXES = """() => Object.fromEntries(
  [...document.querySelectorAll(".map-picture__areas [data-code]")].map((path) => {
    const { x, y, width, height } = path.getBoundingClientRect();
    return [path.dataset.code, [x, y, width, height]];
  }))"""
# The page is read to its end and has its styles; scripts that wait for that have not run yet.
READ_AND_STYLED = """() => document.readyState === "interactive"
  && document.querySelector("[data-first-picture] svg.map-picture")
  && [...document.querySelectorAll("link[rel=stylesheet]")].every((link) => link.sheet)"""


def test_nothing_juts_out_at_360_px(visit):
    visitor, found = visit(SMALL), {}
    visitor.expect_faults("status of 404")  # Django's own pages name no icon
    for address in PAGES:
        visitor.open(address)
        jutting = visitor.page.evaluate(JUTTING)
        if jutting["scroll"] > 0 or jutting["elements"]:
            found[address] = jutting
    assert found == {}


def test_everything_to_press_is_large_enough(visitor):
    found = {}
    for address in OWN_PAGES:
        visitor.open(address)
        if small := visitor.page.evaluate(SMALL_TARGETS):
            found[address] = small
    assert found == {}


def test_the_sheet_goes_from_peek_to_full_by_its_button(visit):
    visitor = visit(PHONE)
    visitor.open("/peta/")
    page = visitor.page
    panel, handle = page.locator("#panel"), page.locator("[data-sheet-handle]")
    heights = {}
    for step in ("full", "peek", "half"):
        handle.tap()
        expect(page.locator("body")).to_have_attribute("data-sheet", step)
        visitor.settle()
        heights[step] = panel.bounding_box()["height"]
    assert heights["peek"] < heights["half"] < heights["full"]
    assert heights["peek"] < 844 / 4
    assert heights["full"] > 844 * 0.8


@pytest.mark.parametrize("steps", [["full", "peek"], ["half"]], ids=["peek", "half"])
def test_the_map_lies_free_above_the_sheet(visit, steps):
    visitor = visit(PHONE)
    visitor.open("/peta/")
    for step in steps:
        if step != "half":  # where the sheet begins
            visitor.page.locator("[data-sheet-handle]").tap()
        expect(visitor.page.locator("body")).to_have_attribute("data-sheet", step)
        visitor.settle()
    boxes = visitor.page.evaluate(BOXES).values()
    top = min(y for _, y, _, _ in boxes)
    bottom = max(y + height for _, y, _, height in boxes)
    assert bottom <= visitor.page.locator("#panel").bounding_box()["y"] + 1
    assert top >= visitor.page.locator(".header").bounding_box()["height"]
    assert bottom - top > 200


@pytest.mark.parametrize("address", ["/peta/", f"/peta/?a={DISTRICT}", "/peta/?l=village"])
def test_leaflet_lays_the_picture_where_it_lay(visitor, address):
    """Held back until the picture was measured, Leaflet must not move it."""
    held = []
    visitor.page.route(re.compile(r"leaflet[^/]*\.js"), lambda route: held.append(route))
    visitor.page.goto(address, wait_until="commit")
    visitor.page.wait_for_function(READ_AND_STYLED)
    before = visitor.page.evaluate(BOXES)
    assert len(before) > 10
    visitor.wait_until(lambda: held)
    held[0].continue_()
    visitor.wait_until_taken_over()
    after = visitor.page.evaluate(BOXES)
    assert before.keys() == after.keys()
    moved = {c: max(abs(a - b) for a, b in zip(before[c], after[c], strict=True)) for c in before}
    assert {code: px for code, px in moved.items() if px > 2} == {}


def test_the_map_stays_fitted_when_the_window_changes(visit):
    visitor = visit(DESKTOP)
    visitor.open("/peta/")
    for width, height in ((900, 600), (1600, 1000), (390, 844)):
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.wait_until(lambda: is_fitted(visitor.page))
        visitor.settle()
        assert is_fitted(visitor.page)


def is_fitted(page) -> bool:
    """The map fills the free part of the stage, and nothing of it lies outside."""
    room = page.locator("#stage .stage__free").bounding_box()
    boxes = list(page.evaluate(BOXES).values())
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    is_inside = (
        left >= room["x"] - 2
        and top >= room["y"] - 2
        and right <= room["x"] + room["width"] + 2
        and bottom <= room["y"] + room["height"] + 2
    )
    return is_inside and max((right - left) / room["width"], (bottom - top) / room["height"]) > 0.97


def test_the_buttons_zoom_and_show_everything_again(visit):
    visitor = visit(DESKTOP)
    visitor.open("/peta/")
    whole = visitor.page.evaluate(BOXES)[DISTRICT]
    now = lambda: visitor.page.evaluate(BOXES)[DISTRICT]  # noqa: E731
    visitor.press('[data-zoom-by="1"]')
    visitor.wait_until(lambda: now()[2] > 1.3 * whole[2])
    visitor.wait_until_rested()
    visitor.press("[data-fit]")
    visitor.wait_until(lambda: now() == pytest.approx(whole, abs=2))
    assert is_fitted(visitor.page)


def test_closer_looks_bring_finer_outlines(visit):
    """The picture in the page is coarse; who zooms in gets more corners, in the same colours."""
    visitor = visit(DESKTOP)
    visitor.open("/peta/")
    area = visitor.page.locator(f'.map-picture__areas [data-code="{DISTRICT}"]')
    coarse, before = area.get_attribute("d"), visitor.state()["drawn"]
    visitor.press('[data-zoom-by="1"]')
    expect(area).not_to_have_attribute("d", coarse)
    assert visitor.state()["drawn"] == before


def test_at_two_hundred_per_cent_map_and_answer_stand_beside_each_other(visit):
    """A window of 1366 × 768 at 200 %: half a sheet would cover all of the map."""
    visitor = visit({"viewport": {"width": 683, "height": 384}})
    visitor.open("/peta/")
    panel = visitor.page.locator(".panel").bounding_box()
    stage = visitor.page.locator("#stage").bounding_box()
    assert stage["x"] >= panel["x"] + panel["width"] - 1
    assert min(stage["width"], stage["height"]) > 300


def test_paper_holds_the_map_and_the_whole_table_and_no_buttons(visit):
    visitor = visit({"viewport": {"width": 718, "height": 1000}})
    visitor.open("/peta/")
    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator("#table tbody tr").last).to_be_visible()
    table = visitor.page.locator("#table").bounding_box()
    stage = visitor.page.locator("#stage").bounding_box()
    assert stage["y"] >= table["y"] + table["height"] or table["y"] >= stage["y"] + stage["height"]
    for pressed in (".menu-toggle", ".tools >> nth=0", ".search"):
        expect(visitor.page.locator(pressed)).to_be_hidden()
