"""axe-core on every page, for the rules of WCAG 2.2 AA."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP, PHONE

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
PAGES = [
    "/",
    "/peta/",
    "/peta/?a=16.07.10",
    "/peta/?a=16.07.10.1003&i=households",
    "/peta/?l=village",
    "/peta/cari/?q=sungai",
    "/peta/cari/?q=qqqxx",
    "/wilayah/16.07.10/",
    "/wilayah/16.07.10.1003/",
    "/wilayah/16.07.10.1024/",
    "/investasi/?min.population=2000",
    "/banding/?a=16.07.10&a=16.07.02",
    "/tentang/",
    "/tentang/gaya/",
    "/masuk/",
    "/masuk/lupa/",
]
LAID_OUT_OTHERWISE = [
    "/",
    "/investasi/",
    "/peta/?a=16.07.10.1003&i=households",
    "/wilayah/16.07.10/",
]


@pytest.fixture(scope="package")
def axe():
    return Axe()


def violations(axe, visitor):
    # A script in the page is stopped by its policy; the driver's own evaluation is not.
    found = axe.run(visitor.page, options=RULES).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:160]} {node['failureSummary'][:300]}"
        for fault in found
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize(
    ("size", "pages"),
    [(PHONE, PAGES), (DESKTOP, LAID_OUT_OTHERWISE)],
    ids=["phone", "desktop"],
)
def test_every_page_keeps_the_rules(axe, visit, size, pages):
    visitor, faults = visit(size), []
    for address in pages:
        visitor.open(address)
        faults += [f"{address}: {fault}" for fault in violations(axe, visitor)]
    assert faults == []


def test_what_opens_keeps_the_rules(axe, visitor):
    faults = []
    visitor.open("/peta/?a=16.07.10")
    visitor.press("[data-picker] > summary")
    expect(visitor.page.locator("[data-picker]")).to_have_attribute("open", "")
    visitor.settle()
    faults += violations(axe, visitor)
    visitor.page.keyboard.press("Escape")
    visitor.page.get_by_role("combobox").fill("sungai")
    visitor.page.wait_for_selector('[role="option"]')
    faults += violations(axe, visitor)
    assert faults == []


def test_the_menu_of_a_phone_keeps_the_rules(axe, visit):
    visitor = visit(PHONE)
    visitor.open("/peta/")
    visitor.press(".menu-toggle > summary")
    expect(visitor.page.locator(".menu-toggle")).to_have_attribute("open", "")
    assert violations(axe, visitor) == []


def test_a_page_that_does_not_exist_keeps_the_rules(axe, visit):
    visitor = visit(PHONE)
    visitor.expect_faults("404")
    for address in ("/nowhere/", "/peta/?a=99", "/wilayah/99/"):
        assert visitor.open(address).status == 404
        assert violations(axe, visitor) == []
