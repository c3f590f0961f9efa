"""Slow, late and dead networks; and no host but our own."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP, PHONE

pytestmark = pytest.mark.browser

DISTRICT, OTHER = "16.07.10", "16.07.08"
OFFLINE = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_without_a_network_what_is_seen_stays_and_is_explained(visit, size):
    visitor = visit(size)
    visitor.open("/peta/")
    visitor.settle()
    before = visitor.state()
    visitor.expect_faults(OFFLINE)
    visitor.page.context.set_offline(True)
    visitor.click_area(DISTRICT)
    expect(visitor.page.locator('[data-message="offline"]')).to_be_visible()
    visitor.settle()
    assert visitor.state() == before
    visitor.page.context.set_offline(False)
    visitor.click_area(DISTRICT)
    visitor.wait_for_state(a=DISTRICT)
    assert len(visitor.state()["drawn"]) < 21


def test_when_only_the_outlines_fail_nothing_is_half_changed(visit):
    visitor = visit(DESKTOP)
    visitor.open("/peta/")
    visitor.settle()
    before = visitor.state()
    visitor.expect_faults("ERR_FAILED")
    visitor.page.route("**/peta/batas/**", lambda route: route.abort())
    visitor.click_area(DISTRICT)
    expect(visitor.page.locator('[data-message="offline"]')).to_be_visible()
    visitor.settle()
    assert visitor.state() == before
    visitor.page.unroute("**/peta/batas/**")
    visitor.click_area(DISTRICT)
    visitor.wait_for_state(a=DISTRICT)
    assert all(code.startswith(DISTRICT) for code in visitor.state()["drawn"])


@pytest.mark.parametrize(
    "late", ["**/peta/bagian/**", "**/peta/batas/**"], ids=["panel", "outlines"]
)
def test_a_late_answer_does_not_overwrite_the_newer_choice(visit, late):
    visitor = visit(DESKTOP)
    visitor.open("/peta/")
    held = []

    def hold_the_first(route):
        if not held and DISTRICT in route.request.url:
            held.append(route)
        else:
            route.continue_()

    visitor.page.route(late, hold_the_first)
    visitor.click_area(DISTRICT)
    visitor.page.wait_for_url(lambda url: f"a={DISTRICT}" in url)
    visitor.wait_until(lambda: held)
    visitor.click_area(OTHER)
    visitor.wait_for_state(a=OTHER)
    visitor.page.wait_for_function(
        "code => document.querySelector('.map-picture__areas [data-code]').dataset.code"
        ".startsWith(code)",
        arg=OTHER,
    )
    newer = visitor.state()
    with visitor.page.expect_response(held[0].request.url) as answer:
        held[0].continue_()
    answer.value.finished()
    visitor.settle()
    assert visitor.state() == newer
    assert OTHER in newer["address"]
    assert all(code.startswith(OTHER) for code in newer["drawn"])


def test_an_area_that_is_gone_is_told_by_the_whole_page(visit):
    visitor = visit(DESKTOP)
    visitor.open("/peta/")
    visitor.expect_faults("404")
    visitor.page.evaluate("document.querySelector('#table a').setAttribute('href', '?a=16.07.99')")
    visitor.press("#table a")
    visitor.page.wait_for_url("**/peta/?a=16.07.99")
    expect(visitor.page.locator("main.page h1")).to_be_visible()


PAGES = [
    "/",
    "/peta/",
    "/peta/?l=village&i=population",
    "/wilayah/16.07/",
    "/tentang/",
    "/tentang/gaya/",
    "/masuk/",
    "/masuk/lupa/",
    "/api/v1/",
    "/nowhere/",
    "/peta/?a=99",
    "/peta/?i=nothing",
    "/wilayah/99/",
    "/en/",
]


def test_no_page_asks_another_host_for_anything(visit):
    """Hosts are watched on every page of every test; here all kinds of pages are opened."""
    visitor = visit(DESKTOP)
    visitor.expect_faults("status 404|status of 404")
    for address in PAGES:
        answer = visitor.page.goto(address, wait_until="load")
        assert answer.status in {200, 404}, address
        foreign = re.findall(
            r"""(?:src|srcset|action|poster)=["'](?:https?:)?//[^"']+""", visitor.page.content()
        )
        assert foreign == [], address


def test_a_step_moves_no_geometry_and_few_bytes(visit):
    """Another indicator or period of the same areas: one small answer."""
    visitor = visit(PHONE)
    visitor.open("/peta/?l=village")
    visitor.settle()
    before = sorted(visitor.page.locator("#table th a").all_inner_texts())
    asked = []
    visitor.page.on(
        "request", lambda request: request.url.endswith(".svg") or asked.append(request.url)
    )
    visitor.press(".tools--bottom a")
    visitor.page.wait_for_url(lambda url: "t=" in url)
    visitor.settle()
    assert len(asked) == 1
    assert "/peta/bagian/" in asked[0]
    # Names do not travel again, and are all there.
    names = visitor.page.locator("#table th a").all_inner_texts()
    assert sorted(names) == before
    assert all(names)
