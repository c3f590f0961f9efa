"""A village official: from the desk through workbook, problems and mending to the receipt."""

import re

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from geo.lib.periods import format_period
from tests.browser.site import month_ago, password_of, worker_of
from tests.browser.test_accessibility import violations
from tests.browser.visitor import DESKTOP, PHONE, WORKING_MS

pytestmark = pytest.mark.browser
WRONG, RIGHT = "dua ratus", 200


@pytest.fixture(scope="module")
def working_site(site):
    with worker_of(site):
        yield site


@pytest.fixture
def official(visit, working_site):
    """``official(PHONE)`` → the demonstration's village official, signed in, at the desk."""

    def arrive(size, **options):
        visitor = visit(size, **options)
        page = visitor.page
        page.goto("/en/masuk/?next=/en/unggah/")
        page.locator("[name=username]").fill("desa")
        page.locator("[name=password]").fill(password_of(working_site, "desa"))
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="My data")).to_be_visible()
        return visitor

    return arrive


def card_of(page, dataset: str, month: str):
    cards = page.locator("article.task", has_text=dataset)
    return cards.filter(has=page.locator("strong:first-child", has_text=format_period(month, "en")))


def download(page, name: str, path):
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    download.value.save_as(path)
    return openpyxl.load_workbook(path)


def send_file(where, path):
    """Choose a file, which is sent at once; then its submission is on the screen."""
    field = where.locator("input[type=file]").first
    # A page that shows its submission anew has its words before its scripts.
    field.page.wait_for_load_state()
    with field.page.expect_navigation(url=re.compile(r"/unggah/PB-"), timeout=WORKING_MS):
        field.set_input_files(path)


def typed_cells(book) -> list:
    """Cells of a workbook that are left to be filled in."""
    rows = (row for sheet in book for row in sheet.iter_rows())
    return [cell for row in rows for cell in row if not cell.protection.locked]


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_the_workbook_through_its_problems_to_the_receipt(official, tmp_path):
    page = official(DESKTOP, accept_downloads=True).page
    card = card_of(page, "Visits by tourists", month_ago(1))
    form = card.get_by_role("link", name="Last published figures").get_attribute("href")
    page.goto(form)
    path = tmp_path / "isian.xlsx"
    book = download(page, "Workbook", path)
    domestic, foreign = typed_cells(book)[:2]
    domestic.value, foreign.value = WRONG, 12
    book.save(path)

    send_file(page, path)
    problem = page.locator(".problem--error")
    expect(problem).to_contain_text(WRONG, timeout=WORKING_MS)
    expect(page.get_by_role("button", name="Send for review")).to_be_disabled()

    book = download(page, "Your workbook with the problems marked", path)
    marked = next(cell for cell in typed_cells(book) if cell.value == WRONG)
    assert "not a number" in marked.comment.text
    marked.value = RIGHT
    book.save(path)
    send_file(page, path)
    send = page.get_by_role("button", name="Send for review")
    expect(send).to_be_enabled(timeout=WORKING_MS)
    expect(page.locator("#changes")).to_contain_text(str(RIGHT))

    page.get_by_label("Note for the reviewer").fill("Sesuai buku tamu.")
    send.click()
    number = page.locator(".receipt__number").inner_text()
    expect(page.get_by_role("status").first).to_contain_text(number)
    page.goto("/en/unggah/")
    card = card_of(page, "Visits by tourists", month_ago(1))
    expect(card).to_contain_text("waiting for review")
    expect(card).to_contain_text(number)


def test_on_a_phone_a_figure_is_mended_where_its_problem_stands(official, tmp_path):
    visitor = official(PHONE)
    page = visitor.page
    assert fits(page)
    assert violations(Axe(), visitor) == []
    file = tmp_path / "isian.csv"
    form = card_of(page, "Visits by tourists", month_ago(2))
    village = form.get_by_role("link", name="Last published figures").get_attribute("href")
    code = village.split("/")[-2]
    file.write_text(
        f"kode,Visits of domestic tourists,Visits of foreign tourists\n{code},banyak,4\n"
    )
    send_file(form, file)
    expect(page.locator(".problem--error")).to_contain_text("banyak", timeout=WORKING_MS)
    page.wait_for_load_state()
    assert fits(page)
    assert violations(Axe(), visitor) == []
    page.get_by_role("link", name="Mend it here").click()
    field = page.get_by_label("Visits of domestic tourists")
    field.fill("31")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and check again").click()
    expect(page.locator(".problem--error")).to_have_count(0)
    expect(page.get_by_role("button", name="Send for review")).to_be_enabled(timeout=WORKING_MS)
    page.wait_for_load_state()
    assert fits(page)

    page.get_by_text("Take it back").first.click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".state").first).to_contain_text("withdrawn")


def test_without_scripts_a_file_can_be_sent_and_its_problems_are_seen(official, tmp_path):
    page = official(PHONE, java_script_enabled=False).page
    card = card_of(page, "Visits by tourists", month_ago(3))
    href = card.get_by_role("link", name="Last published figures").get_attribute("href")
    file = tmp_path / "isian.csv"
    file.write_text(
        f"kode,Visits of domestic tourists,Visits of foreign tourists\n{href.split('/')[-2]},-7,4\n"
    )
    card.locator("input[type=file]").set_input_files(file)
    card.get_by_role("button", name="Send this file to be checked").click()
    # The page asks again by itself every few seconds.
    expect(page.locator(".problem--error")).to_contain_text("−7", timeout=WORKING_MS)
