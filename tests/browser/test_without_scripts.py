"""With JavaScript off the map is a picture of links, and everything still answers."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DISTRICT, VILLAGE = "16.07.10", "16.07.10.1003"


@pytest.fixture
def plain(visit, size):
    """Somebody whose browser runs no scripts."""
    visitor = visit(size, java_script_enabled=False)
    visitor.wait_until_taken_over = lambda: None
    visitor.expect_faults("failed: csp .*[.]js")  # modules announced in the head stay unfetched
    return visitor


def test_the_picture_its_legend_and_its_table_are_in_the_page(plain):
    plain.open("/peta/")
    page = plain.page
    paths = page.locator("svg.map-picture .map-picture__areas path")
    assert paths.count() == 21
    box = page.locator("svg.map-picture").bounding_box()
    assert box["width"] > 300
    assert box["height"] > 200
    groups = page.locator("svg.map-picture .map-picture__areas g[fill]")
    fills = {groups.nth(i).get_attribute("fill") for i in range(groups.count())}
    assert len(fills) >= 4
    rows = page.locator("#table tbody tr")
    assert rows.count() == 21
    expect(page.locator(".legend")).to_be_visible()
    expect(rows.first).to_be_visible()
    expect(page.locator("[data-zoom]")).to_be_hidden()


def test_an_area_of_the_picture_is_a_link(plain):
    plain.open("/peta/")
    area = plain.page.locator(f'.map-picture__areas [data-code="{DISTRICT}"]')
    plain.page.mouse.click(*inside(area))
    plain.page.wait_for_url(lambda url: f"a={DISTRICT}" in url)
    village = plain.page.locator(f'.map-picture__areas [data-code="{VILLAGE}"]')
    plain.page.mouse.click(*inside(village))
    plain.page.wait_for_url(lambda url: f"a={VILLAGE}" in url)
    gold = plain.page.locator(".map-picture__selected")
    drawn = plain.page.locator(f'.map-picture__areas [data-code="{VILLAGE}"]')
    assert gold.get_attribute("d") == drawn.get_attribute("d")


def inside(area):
    """The middle of an area: good for the two that this test presses."""
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_table_picker_and_profile_lead_on(plain):
    plain.open("/peta/")
    page = plain.page
    page.locator("[data-picker] > summary").click()
    page.locator(".picker__list a").first.click()
    page.wait_for_url(lambda url: "i=" in url)
    page.locator(f'#table tr[data-code="{DISTRICT}"] a').click()
    page.wait_for_url(lambda url: f"a={DISTRICT}" in url)
    assert "i=" in page.url
    page.locator('.panel__links a[href^="/wilayah/"]').click()
    page.wait_for_url(f"**/wilayah/{DISTRICT}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Talang Kelapa")
    page.locator(f'#parts a[href="/wilayah/{VILLAGE}/"]').click()
    page.wait_for_url(f"**/wilayah/{VILLAGE}/")
    assert page.locator(".card").count() >= 4


def test_search_sends_a_form(plain):
    plain.open("/peta/")
    box = plain.page.get_by_role("searchbox")
    box.fill("sungai rebo")
    box.press("Enter")
    plain.page.wait_for_url(re.compile(r"/peta/(cari/)?\?"))
    if "/cari/" in plain.page.url:
        plain.page.locator('.hits a[href*="16.07.01.2001"]').click()
    plain.page.wait_for_url(lambda url: "a=16.07.01.2001" in url)
    expect(plain.page.locator(".crumbs [aria-current]")).to_contain_text("Sungai Rebo")
