"""A browser, and the site it looks at."""

import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.site import site_with_demo_data
from tests.browser.visitor import DESKTOP, PHONE, WAIT_MS, Visitor

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="package")
def browser():
    """Ends with this package: its event loop would forbid other tests the database."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(browser):
    with site_with_demo_data() as address:
        yield address


@pytest.fixture
def visit(browser, site):
    """``visit(PHONE)`` → a Visitor; when the test ends, none may have met a fault."""
    visitors = []

    def arrive(size=DESKTOP, **options) -> Visitor:
        options = {"reduced_motion": "reduce", "locale": "id-ID", **size, **options}
        context = browser.new_context(base_url=site, **options)
        context.set_default_timeout(WAIT_MS)
        visitors.append(Visitor(context.new_page(), site))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.page.context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def size(request):
    return request.param


@pytest.fixture
def visitor(visit, size):
    """Somebody with a phone, then somebody at a desk."""
    return visit(size)
