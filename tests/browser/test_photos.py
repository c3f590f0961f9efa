"""A photo of a village: handed in on a phone, looked at by another, seen by everybody."""

import pytest
from playwright.sync_api import expect

from tests.attachments import pictures
from tests.browser.site import password_of
from tests.browser.test_accessibility import axe, violations
from tests.browser.visitor import DESKTOP, PHONE

__all__ = ["axe"]

pytestmark = pytest.mark.browser
SHOWN = "Jetty of the village at low water"


@pytest.fixture
def person(visit, site):
    """``person("desa", PHONE)`` → somebody of the demonstration, signed in."""

    def arrive(name, size):
        visitor = visit(size)
        page = visitor.page
        page.goto("/en/masuk/")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(password_of(site, name))
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
        return visitor

    return arrive


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def loaded(page):
    """The picture is there, and took no more room than was kept for it."""
    photo = page.get_by_role("img", name=SHOWN).first
    photo.scroll_into_view_if_needed()
    expect(photo).to_have_js_property("naturalWidth", 480)
    expect(photo).to_have_js_property("complete", True)
    assert photo.evaluate("one => one.width > 0 && one.height > 0")


def test_from_the_desk_to_everybody(axe, person, visit):
    desa = person("desa", PHONE)
    page = desa.page
    page.goto("/en/unggah/")
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name="Desa ", exact=False).last.click()
    village = page.get_by_role("main").get_by_role("link", name="Desa ", exact=False).first
    name = village.inner_text()
    profile = village.get_attribute("href")

    # Everything that is wrong at once: the file is none, and nothing was said of it.
    page.get_by_label("Photo or PDF").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"<html></html>"}
    )
    desa.expect_faults(r"400")
    with page.expect_navigation():
        page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("This file is a web page, whatever it is called")).to_be_visible()
    expect(page.get_by_text("Say that they agree")).to_be_visible()
    assert fits(page)
    faults = violations(axe, desa)

    photo = pictures.written(pictures.scene((2400, 1800)))
    page.get_by_label("Photo or PDF").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": photo}
    )
    page.get_by_label("What one sees, in Indonesian").fill("Dermaga desa saat air surut")
    page.get_by_label("The same in English").fill(SHOWN)
    page.get_by_label("Who took or wrote it").fill("Pemerintah desa")
    page.get_by_label("Who took it agrees").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("has arrived. Somebody else looks at it")).to_be_visible()
    loaded(page)

    kecamatan = person("kecamatan", DESKTOP)
    page = kecamatan.page
    page.goto("/en/periksa/")
    page.get_by_role("link", name="Photos and documents to look at").click()
    expect(page.get_by_text(name).first).to_be_visible()
    loaded(page)
    faults += violations(axe, kecamatan)
    page.get_by_role("button", name="Publish").first.click()
    expect(page.get_by_text("everybody sees it now")).to_be_visible()

    for options in ({}, {"java_script_enabled": False}):
        anybody = visit(PHONE, **options).page
        anybody.goto(profile)
        expect(anybody.get_by_role("img", name=SHOWN)).to_be_visible()
    reader = visit(PHONE)
    reader.page.goto(profile)
    loaded(reader.page)
    assert fits(reader.page)
    faults += violations(axe, reader)
    assert faults == []
