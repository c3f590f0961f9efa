"""From an empty workbook to the changed map, and back: village, district and office in turn."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import password_of, worker_of
from tests.browser.test_official import download, send_file, typed_cells
from tests.browser.visitor import DESKTOP, WORKING_MS

pytestmark = pytest.mark.browser
VILLAGE, DISTRICT = "16.07.03.2007", "16.07.03"  # of the demonstration account desa2
PERIOD, OTHER_PERIOD = "2024-12", "2024-11"
INDICATOR = "domestic_visits"
WRONG, VISITS, FOREIGN, MENDED = "seribu lima ratus", 1500, 12, 9
WHY_LIKELY, COMMENT, WHY_UNDONE = "Festival desa.", "Menurut buku tamu 9.", "Salah bulan."
SEND = "Send for review"


@pytest.fixture(scope="module")
def working_site(site):
    with worker_of(site):
        yield site


@pytest.fixture
def sign_in(visit, working_site):
    """``sign_in("desa2")`` → their own browser, from the front page to their first desk."""

    def arrive(name: str):
        visitor = visit(DESKTOP, accept_downloads=True)
        page = visitor.page
        page.goto("/en/")
        page.get_by_role("contentinfo").get_by_role("link", name="Sign in").click()
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(password_of(working_site, name))
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(re.compile(r"/(unggah|periksa)/$"))
        return visitor

    return arrive


@pytest.fixture
def village(sign_in):
    visitor = sign_in("desa2")
    expect(visitor.page.get_by_role("heading", name="My data")).to_be_visible()
    return visitor


@pytest.fixture
def reader(visit):
    """Somebody who never signed in."""
    return visit(DESKTOP)


def told(reader, period=PERIOD) -> bytes:
    """What the interface for machines says of the district, to the byte."""
    address = f"/api/v1/values?indicator={INDICATOR}&level=village&parent={DISTRICT}"
    answer = reader.page.request.get(f"{address}&period={period}")
    assert answer.ok
    return answer.body()


def seen(reader, period=PERIOD) -> tuple[str, list[str]]:
    """The village's line beside the map, and the circles on it: counts are drawn by size."""
    reader.open(f"/en/peta/?i={INDICATOR}&a={DISTRICT}&t={period}")
    state = reader.state()
    line = next(row for row in state["rows"] if row.startswith(VILLAGE))
    return " ".join(line.split()), state["circles"]


def open_form(page, period=PERIOD):
    """From the desk by its links; then to a month that was published long ago."""
    card = page.locator("article.task", has_text="Visits by tourists").first
    card.get_by_role("link", name="Last published figures").click()
    page.goto(re.sub(r"/\d{4}-\d{2}/", f"/{period}/", page.url))
    expect(page.locator("#published")).to_be_visible()


def explain(page):
    """Give a reason for what looks unlikely, as it stands."""
    expect(page.locator(".problem--warning").first).to_be_visible(timeout=WORKING_MS)
    page.get_by_label("Reason, if it is right").first.fill(WHY_LIKELY)
    with page.expect_navigation():
        page.get_by_role("button", name="Save the reasons").click()


def send(page) -> str:
    button = page.get_by_role("button", name=SEND)
    expect(button).to_be_enabled(timeout=WORKING_MS)
    button.click()
    expect(page.locator(".state").first).to_contain_text("waiting for review")
    return page.locator(".receipt__number").inner_text()


def open_review(page, number: str, shelf: str = ""):
    """From the queue by its links."""
    page.goto("/en/periksa/")
    if shelf:
        page.locator(".shelf", has_text=shelf).click()
    page.locator(".queue__one", has_text=number).get_by_role("link").click()
    expect(page.locator(".receipt__number")).to_have_text(number)


def wait_for(page, state: str):
    """What a worker does is shown without anybody's asking."""
    expect(page.locator(".state").first).to_contain_text(state, timeout=WORKING_MS)


def fill_in_wrongly_then_right(page, path):
    """The workbook with a word for a number; the returned one, mended."""
    book = download(page, "Workbook", path)
    domestic, foreign = typed_cells(book)[:2]
    domestic.value, foreign.value = WRONG, FOREIGN
    book.save(path)
    send_file(page, path)
    expect(page.locator(".problem--error")).to_contain_text(WRONG, timeout=WORKING_MS)
    expect(page.get_by_role("button", name=SEND)).to_be_disabled()
    book = download(page, "Your workbook with the problems marked", path)
    marked = next(cell for cell in typed_cells(book) if cell.value == WRONG)
    assert "not a number" in marked.comment.text
    marked.value = VISITS
    book.save(path)
    send_file(page, path)
    explain(page)


def test_from_the_workbook_to_the_map_and_back(village, sign_in, reader, tmp_path):
    before, map_before = told(reader), seen(reader)
    assert VISITS not in json.loads(before)["values"]
    page = village.page
    open_form(page)
    fill_in_wrongly_then_right(page, tmp_path / "isian.xlsx")
    number = send(page)
    assert told(reader) == before

    district = sign_in("kecamatan").page
    expect(district.get_by_role("heading", name="To check")).to_be_visible()
    open_review(district, number)
    expect(district.locator("#changes")).to_contain_text("1,500")
    expect(district.locator("main")).to_contain_text(WHY_LIKELY)
    district.get_by_label("Figure", exact=True).select_option("foreign_visits")
    district.get_by_label("What is to be mended?").fill(COMMENT)
    district.get_by_role("button", name="Add the comment").click()
    expect(district.locator("#comments")).to_contain_text(COMMENT)
    district.get_by_role("button", name="Return it").click()
    wait_for(district, "returned")

    page.goto("/en/unggah/")
    card = page.locator("article.task", has_text=number)
    expect(card).to_contain_text("1 comment on a cell")
    expect(card).to_contain_text("Kartika Kecamatan")
    expect(card).to_contain_text(re.compile("since today|at your desk for"))
    card.get_by_role("link", name="See and mend").click()
    expect(page.locator(".problem--comment")).to_contain_text(COMMENT)
    page.get_by_label("Visits of foreign tourists").fill(str(MENDED))
    with page.expect_navigation():
        page.get_by_role("button", name="Save and check again").click()
    assert send(page) == number

    open_review(district, number)
    expect(district.locator("#comments")).to_contain_text("mended since")
    district.get_by_role("button", name="Approve and publish").click()
    wait_for(district, "published, not yet verified")
    assert VISITS in json.loads(told(reader))["values"]
    line, circles = seen(reader)
    assert "1,500" in line
    assert circles != map_before[1]

    office = sign_in("walidata").page
    open_review(office, number, "verif")
    office.locator("#undo-note").fill(WHY_UNDONE)
    office.get_by_role("button", name="Undo it").click()
    wait_for(office, "undone")
    assert told(reader) == before
    assert seen(reader) == map_before
    page.goto(f"/en/unggah/{number}/")
    expect(page.locator("main")).to_contain_text(WHY_UNDONE)


def test_what_is_verified_is_taken_back_by_a_counter_entry_only(village, sign_in, reader, tmp_path):
    before, map_before = told(reader, OTHER_PERIOD), seen(reader, OTHER_PERIOD)
    page = village.page
    open_form(page, OTHER_PERIOD)
    fill_in_wrongly_then_right(page, tmp_path / "isian.xlsx")
    number = send(page)
    district = sign_in("kecamatan").page
    open_review(district, number)
    district.get_by_role("button", name="Approve and publish").click()
    wait_for(district, "published, not yet verified")

    office = sign_in("walidata").page
    open_review(office, number, "verif")
    expect(office.get_by_role("button", name="Undo it")).to_be_visible()
    office.get_by_role("button", name="Verify").click()
    wait_for(office, "published and verified")
    expect(office.get_by_role("button", name="Undo it")).to_have_count(0)
    office.locator("#counter-note").fill(WHY_UNDONE)
    office.get_by_role("button", name="Make a counter-entry").click()
    expect(office.get_by_role("status").first).to_contain_text("Somebody else has to approve it")
    # Until then all stands.
    assert told(reader, OTHER_PERIOD) != before
    assert seen(reader, OTHER_PERIOD) != map_before
