"""The form on a phone: filled in, also without a connection, and never lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import month_ago, password_of
from tests.browser.visitor import PHONE

pytestmark = pytest.mark.browser
OFFLINE = "ERR_INTERNET_DISCONNECTED|failed: "
KEPT = "caches.open('isian').then((cache) => cache.keys()).then((all) => all.map((one) => one.url))"


def sign_in(page, site, username="desa", follow="/en/unggah/"):
    page.goto(f"/en/masuk/?next={follow}")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password_of(site, username))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(rf"{follow}$"))


@pytest.fixture
def official(visit, site):
    """``official()`` → the village official of the demonstration, with a phone of their own."""

    def arrive(**options):
        visitor = visit(PHONE, **options)
        sign_in(visitor.page, site)
        return visitor

    return arrive


@pytest.fixture
def address(official):
    """``address("tourism_visits", month_ago(4))`` → where the official fills that in."""
    found = official().page.locator("a[href*='/isi/']").first.get_attribute("href")
    village = found.split("/")[-3]
    return lambda dataset, period: f"/en/unggah/{dataset}/{period}/{village}/isi/"


def field(page, code):
    return page.locator(f"#f-{code}")


def fill_visits(page, domestic, foreign):
    field(page, "domestic_visits").fill(str(domestic))
    field(page, "foreign_visits").fill(str(foreign))


def told(page):
    return page.locator("[data-told-words]")


def send(page):
    page.get_by_role("button", name="Send for review").click()


def open_and_keep(page, address):
    """Open a form, and wait until the phone has kept it."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(
        "(at) => JSON.parse(localStorage.getItem('isian:forms') ?? '{}')[at]", arg=address
    )


def test_the_month_is_checked_as_it_is_typed(official, address):
    visitor = official()
    page = visitor.page
    page.goto(address("population_ledger", month_ago(1)))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [one.bounding_box() for one in page.locator("#fill input:visible").all()]
    assert len(boxes) > 10
    assert min(box["height"] for box in boxes) >= 44
    assert len({round(box["x"]) for box in boxes}) == 1
    expect(field(page, "births_male")).to_have_attribute("inputmode", "numeric")
    births = page.locator("#c-births_male [data-said]")
    field(page, "births_male").fill("dua")
    expect(births).to_contain_text("not a number")
    field(page, "births_male").fill("1,5")
    expect(births).to_contain_text("a whole number")
    for sex, opening in (("male", 600), ("female", 580)):
        if field(page, f"opening_{sex}").evaluate("(one) => one.matches('input')"):
            field(page, f"opening_{sex}").fill(str(opening))
        for name in ("births", "deaths", "arrivals", "departures"):
            field(page, f"{name}_{sex}").fill("0")
    expect(births).to_be_empty()
    before = int(re.sub(r"\D", "", field(page, "closing_male").inner_text()))
    field(page, "births_male").fill("4")
    expect(field(page, "closing_male")).to_have_text(re.compile(rf"{before + 4:,}"))
    # More came from within the regency than came at all.
    field(page, "arrivals_within_male").fill("3")
    expect(page.locator("#c-arrivals_within_male")).to_have_class(re.compile("is-error"))


def test_filled_in_without_a_connection_it_is_sent_when_that_returns(official, address):
    visitor = official()
    visitor.expect_faults(OFFLINE)
    page = visitor.page
    first, second = (address("tourism_visits", month_ago(n)) for n in (4, 5))
    open_and_keep(page, first)
    open_and_keep(page, second)
    page.context.set_offline(True)
    page.goto(first)
    fill_visits(page, 40, 2)
    send(page)
    expect(told(page)).to_contain_text("sent by itself as soon as the connection is back")
    page.goto(second)
    fill_visits(page, 41, 3)
    send(page)
    expect(told(page)).to_contain_text("No connection")
    with page.expect_download() as download:
        page.locator("[data-way=file]").click()
    saved = download.value.path().read_text("utf-8-sig")
    assert '"domestic_visits";"foreign_visits"' in saved
    assert '"41";"3"' in saved
    # The desk needs a connection; what this phone holds does not.
    page.goto("/en/unggah/")
    expect(page.locator(".phone-list li", has_text="waits for a connection")).to_have_count(2)
    page.context.set_offline(False)
    expect(page.locator(".phone-list li", has_text="Its number is PB-")).to_have_count(2)
    page.locator(".phone-list li").first.get_by_role("link", name="See the receipt").click()
    expect(page.locator(".receipt")).to_contain_text("waiting for review")
    page.goto("/en/unggah/di-ponsel/")
    remove = page.get_by_role("button", name="Delete from this phone")
    for left in (2, 1, 0):
        expect(remove).to_have_count(left)
        if left:
            remove.first.dispatch_event("click")


def test_where_somebody_else_wrote_meanwhile_both_figures_are_shown(official, address):
    visitor, other = official(), official(java_script_enabled=False)
    visitor.expect_faults("409")
    mine, theirs = visitor.page, other.page
    form = address("tourism_visits", month_ago(6))
    mine.goto(form)
    fill_visits(mine, 50, 5)
    # Without scripts it is a plain form.
    theirs.goto(form)
    fill_visits(theirs, 60, 5)
    theirs.get_by_role("button", name="Save and check, send later").click()
    expect(theirs.locator(".message-line")).to_contain_text("not sent yet")
    send(mine)
    expect(told(mine)).to_contain_text("Somebody else has changed this form")
    expect(mine.locator("#c-domestic_visits [data-theirs]")).to_contain_text("60")
    expect(mine.locator("#c-foreign_visits [data-theirs]")).to_be_hidden()
    expect(field(mine, "domestic_visits")).to_have_value("50")
    send(mine)
    expect(mine.locator("[data-total]")).to_contain_text("Choose first")
    mine.get_by_role("button", name="Take theirs").click()
    expect(field(mine, "domestic_visits")).to_have_value("60")
    send(mine)
    mine.wait_for_url(re.compile(r"/PB-[0-9-]+/$"))


def test_without_scripts_all_problems_come_at_once_and_nothing_is_lost(official, address):
    page = official(java_script_enabled=False).page
    page.goto(address("tourism_visits", month_ago(7)))
    fill_visits(page, "banyak", "-4")
    send(page)
    expect(page.locator(".fill-field.is-error")).to_have_count(2)
    expect(field(page, "domestic_visits")).to_have_value("banyak")
    fill_visits(page, 30, 4)
    send(page)
    expect(page.locator(".receipt")).to_contain_text("waiting for review")


def test_what_was_sent_and_taken_back_is_not_called_sent(official, address):
    visitor = official()
    page = visitor.page
    form = address("tourism_visits", month_ago(10))
    page.goto(form)
    fill_visits(page, 30, 3)
    send(page)
    page.wait_for_url(re.compile(r"/PB-[0-9-]+/$"))
    page.locator("details.withdraw summary").click()
    page.locator("details.withdraw button").click()
    expect(page.locator("body")).to_contain_text("Nothing of it is published")
    page.goto(form)
    # What this phone knows of it has been looked up, and what waits has been sent: nothing.
    page.evaluate("navigator.locks.request('isian', () => true)")
    visitor.pause(500)
    expect(told(page)).to_be_hidden()


def test_a_draft_outlives_closing_the_page_and_the_end_of_the_session(official, address, site):
    page = official().page
    form = address("tourism_visits", month_ago(8))
    page.goto(form)
    field(page, "domestic_visits").press_sequentially("37")
    page.context.clear_cookies()  # as if the working day were over
    field(page, "foreign_visits").fill("3")
    send(page)
    expect(told(page)).to_contain_text("You are signed out")
    page.locator("[data-way=sign_in]").click()
    page.locator("[name=username]").fill("desa")
    page.locator("[name=password]").fill(password_of(site, "desa"))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    # Back at the form, and what waited is sent.
    expect(told(page)).to_contain_text("Its number is PB-")


def test_signing_out_takes_the_pages_along_and_strangers_see_no_drafts(official, address, site):
    page = official().page
    form = address("tourism_visits", month_ago(9))
    open_and_keep(page, form)
    field(page, "domestic_visits").fill("77")
    assert any(one.endswith(form) for one in page.evaluate(KEPT))
    page.get_by_role("contentinfo").get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Keep them and sign out").click()
    page.wait_for_url(re.compile("/en/$"))
    assert page.evaluate("caches.keys()") == []

    sign_in(page, site, "kecamatan", "/en/unggah/di-ponsel/")
    expect(page.locator("[data-none]")).to_be_visible()
    expect(page.locator(".phone-list li")).to_have_count(0)
    page.get_by_role("contentinfo").get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/en/$"))

    sign_in(page, site, "desa", form)
    expect(told(page)).to_contain_text("is here again")
    expect(field(page, "domestic_visits")).to_have_value("77")
    page.get_by_role("button", name="Discard what I typed").click()
    expect(field(page, "domestic_visits")).to_have_value("")


def test_the_open_site_has_no_service_worker(visit):
    visitor = visit(PHONE)
    page = visitor.page
    for open_page in ("/", "/peta/", "/en/tentang/"):
        page.goto(open_page)
        visitor.pause(500)
        registered = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
        assert page.evaluate(registered) == 0
        assert "geo/js/sw" not in page.content()
