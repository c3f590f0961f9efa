"""Workbooks on the site: downloaded by those who report, returned with problems marked."""

import io

import openpyxl
import pytest

from geo.lib.grids import NO_DATA
from geo.lib.tables import ERROR
from geo.lib.workbooks.layouts import places_of
from geo.lib.workbooks.marking import COLOURS
from geo.submissions.batch import jobs
from geo.submissions.models import CellComment, State, Submission
from geo.submissions.services.mending import mend_cells
from geo.submissions.services.workbooks import describe_workbook, make_workbook
from tests.indicators.world import observe
from tests.population.world import month, record, side
from tests.submissions.test_checking import found, grid_of
from tests.submissions.test_receiving import receive
from tests.submissions.world import DISTRICT, NEIGHBOUR, REGENCY, VILLAGE, draft, indicator

WORKBOOK = "/en/unggah/{}/{}/{}/buku-kerja.xlsx"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def fill(form, cells) -> bytes:
    """The workbook of a form with cells typed into it, by (code of the area, column)."""
    book = opened(make_workbook(form=form))
    places = places_of(describe_workbook(form))
    for key, value in cells.items():
        line, column = places[key]
        book["To fill in"].cell(line + 1, column + 1).value = value
    return saved(book)


def saved(book) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def bring(world, content, form=None, by=None, name="isian.xlsx") -> Submission:
    received = receive(world, content, form=form, by=by, name=name)
    jobs.run(received.submission.pk)
    return Submission.objects.get(pk=received.submission.pk)


def fetch(client, address, status=200) -> bytes:
    answer = client.get(address)
    assert answer.status_code == status
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


# --- downloading ---------------------------------------------------------------------------


def test_the_operator_downloads_a_workbook_that_knows_the_village(world, cast, client):
    observe(indicator("nurses"), "2024", {"01.2001": 7})
    client.force_login(cast.operator)
    answer = client.get(WORKBOOK.format("figures", "2025", VILLAGE))
    assert answer["Content-Disposition"] == (f'attachment; filename="figures_2025_{VILLAGE}.xlsx"')
    sheet = opened(answer.content)["To fill in"]
    texts = [str(cell) for row in sheet.values for cell in row if cell is not None]
    for words in ("Ubin 11", "2025", VILLAGE, "Nurses", "7", "Last time: 2024"):
        assert any(words in text for text in texts), words


def test_what_is_published_for_the_period_already_is_filled_in(world):
    form = world.form()
    observe(indicator("nurses"), "2025", {"01.2001": 7})
    observe(indicator("midwives"), "2025", {"01.2001": None}, status="missing")
    submission = bring(world, make_workbook(form=form), form)
    assert grid_of(submission).rows[0].cells == {"nurses": 7, "midwives": NO_DATA}


def test_the_opening_of_the_ledger_is_last_months_closing_and_locked(world):
    record(VILLAGE, [month("2026-09", side(600, births=2), side(580), (290, 291))])
    form = world.form(world.book)
    line, column = places_of(describe_workbook(form))[VILLAGE, "opening_male"]
    cell = opened(make_workbook(form=form))["To fill in"].cell(line + 1, column + 1)
    assert (cell.value, cell.protection.locked) == (602, True)


def test_beside_the_opening_stands_no_other_opening(world):
    record(VILLAGE, [month("2026-09", side(600, births=2), side(580), (290, 291))])
    last = describe_workbook(world.form(world.book)).last[VILLAGE]
    assert last["closing_male"] == 602
    assert not {"opening_male", "opening_female", "opening_households"} & last.keys()


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("operator", 200),
        ("verifier", 200),
        ("walidata", 200),
        ("neighbour", 404),
        ("far_verifier", 404),
        ("other_officer", 404),
        ("regent", 404),
        ("admin", 404),
        ("stranger", 404),
    ],
)
def test_only_those_who_report_there_get_it(world, client, person, status):
    client.force_login(getattr(world.cast, person))
    assert client.get(WORKBOOK.format("figures", "2025", VILLAGE)).status_code == status


def test_nobody_signed_in_is_sent_to_sign_in(world, client):
    answer = client.get(WORKBOOK.format("figures", "2025", VILLAGE))
    assert answer.status_code == 302
    assert "/masuk/" in answer["Location"]


def test_an_office_gets_all_villages_with_their_districts(world, cast, client):
    client.force_login(cast.officer)
    content = fetch(client, WORKBOOK.format("surveyed", "2025", REGENCY))
    rows = [row for row in opened(content)["To fill in"].values if str(row[0]).startswith("99.01.")]
    assert len(rows) == 17
    assert rows[0][:3] == (VILLAGE, "Desa Ubin 11", "Petak 1")


def test_the_workbook_is_in_the_language_of_the_page(world, cast, client):
    client.force_login(cast.operator)
    content = fetch(client, WORKBOOK.format("figures", "2025", VILLAGE).removeprefix("/en"))
    texts = " ".join(str(c) for row in opened(content).worksheets[0].values for c in row if c)
    assert "Perawat" in texts
    assert "Nurses" not in texts


# --- uploading and returning ------------------------------------------------------------------


def test_a_workbook_filled_in_goes_through_without_a_word(world):
    form = world.form()
    content = fill(
        form, {(VILLAGE, "nurses"): 3, (VILLAGE, "midwives"): 2, (VILLAGE, "electrified"): 90.5}
    )
    submission = bring(world, content, form)
    assert (submission.state, found(submission)) == (State.READY, [])
    assert submission.current.template.startswith("1-")


def test_one_s_own_workbook_comes_back_red_and_mended_it_passes(world, cast, client):
    form = world.form(area=DISTRICT)
    content = fill(
        form, {(VILLAGE, "nurses"): "tiga", (VILLAGE, "midwives"): 2, (NEIGHBOUR, "nurses"): 4}
    )
    submission = bring(world, content, form, cast.verifier)
    assert submission.state == State.FAULTY
    client.force_login(cast.verifier)
    book = opened(fetch(client, f"/en/unggah/{submission.number}/hasil.xlsx"))
    line, column = places_of(describe_workbook(form))[VILLAGE, "nurses"]
    cell = book["To fill in"].cell(line + 1, column + 1)
    assert cell.fill.start_color.rgb == COLOURS[ERROR]
    assert "not a number" in cell.comment.text
    listed = [row for row in book.worksheets[0].values if row[3] == "to be mended"]
    assert len(listed) == len(found(submission, ERROR))
    assert any("Ubin 11" in row[1] and row[2] == "tiga" for row in listed)
    cell.value = 3
    again = bring(world, saved(book), form, cast.verifier)
    assert again.pk == submission.pk
    assert again.current.number == 2
    assert (again.state, found(again, ERROR)) == (State.READY, [])
    assert grid_of(again).row_of(VILLAGE).cells == {"nurses": 3, "midwives": 2}


def test_a_csv_comes_back_as_a_workbook(world, cast, client):
    content = f"Kode,Perawat,Bidan,Berlistrik\n{VILLAGE},tiga,2,\n12345,1,1,1\n".encode()
    submission = bring(world, content, name="isian.csv")
    client.force_login(cast.operator)
    book = opened(fetch(client, f"/en/unggah/{submission.number}/hasil.xlsx"))
    sheet = book["CSV"]
    assert sheet["B2"].fill.start_color.rgb == COLOURS[ERROR]
    assert sheet["A3"].fill.start_color.rgb == COLOURS[ERROR]  # a row that nobody knows
    assert sheet["C2"].fill.fill_type is None


def test_what_was_mended_on_the_page_is_mended_in_the_file_too(world, cast, client):
    submission = bring(
        world, fill(world.form(), {(VILLAGE, "nurses"): "tiga", (VILLAGE, "midwives"): 2})
    )
    mend_cells(
        submission=submission,
        by=cast.operator,
        cells={(VILLAGE, "nurses"): "3"},
        base_edit=submission.current.edit,
    )
    client.force_login(cast.operator)
    book = opened(fetch(client, f"/en/unggah/{submission.number}/hasil.xlsx"))
    line, column = places_of(describe_workbook(world.form()))[VILLAGE, "nurses"]
    assert book["To fill in"].cell(line + 1, column + 1).value == 3


def test_what_was_typed_on_the_page_comes_as_our_workbook_with_comments_of_reviewers(
    world, cast, client
):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}}, state=State.RETURNED)
    CellComment.objects.create(
        submission=submission,
        version=submission.current,
        row_key=VILLAGE,
        column="nurses",
        text="Termasuk yang cuti?",
        by=cast.verifier,
    )
    client.force_login(cast.operator)
    book = opened(fetch(client, f"/en/unggah/{submission.number}/hasil.xlsx"))
    line, column = places_of(describe_workbook(world.form()))[VILLAGE, "nurses"]
    cell = book["To fill in"].cell(line + 1, column + 1)
    assert cell.value == 3
    assert "Verifier: Termasuk yang cuti?" in cell.comment.text
    assert cell.fill.start_color.rgb == COLOURS["comment"]


def test_the_marked_workbook_is_made_anew_when_something_new_is_said(world, cast, client):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}}, state=State.RETURNED)
    client.force_login(cast.operator)
    address = f"/en/unggah/{submission.number}/hasil.xlsx"
    before = fetch(client, address)
    assert fetch(client, address) == before
    CellComment.objects.create(
        submission=submission,
        version=submission.current,
        row_key=VILLAGE,
        text="?",
        by=cast.verifier,
    )
    assert fetch(client, address) != before


# --- the original, and who sees what --------------------------------------------------------


def test_the_original_comes_back_byte_by_byte_and_is_never_opened_in_the_browser(
    world, cast, client
):
    content = b"Kode,Perawat\n<script>alert(1)</script>,3\n"
    submission = bring(world, content, name="isian.html")
    client.force_login(cast.operator)
    answer = client.get(f"/en/unggah/{submission.number}/berkas-asli/")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="isian.html"'


@pytest.mark.parametrize("page", ["hasil.xlsx", "berkas-asli/"])
def test_files_are_seen_by_those_who_see_the_submission(world, cast, client, page):
    submission = bring(world, f"Kode,Perawat\n{VILLAGE},3\n".encode(), name="isian.csv")
    seen = {}
    for name, person in cast.everybody().items():
        client.force_login(person)
        seen[name] = client.get(f"/en/unggah/{submission.number}/{page}").status_code
    allowed = {"operator", "verifier", "officer", "walidata", "regent", "admin"}
    assert {name for name, status in seen.items() if status == 200} == allowed
    assert {status for name, status in seen.items() if name not in allowed} == {404}


def test_there_is_nothing_to_return_before_it_was_checked(world, cast, client):
    submission = receive(world).submission
    client.force_login(cast.operator)
    assert client.get(f"/en/unggah/{submission.number}/hasil.xlsx").status_code == 404


def test_a_submission_typed_on_the_page_has_no_original(world, cast, client):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    client.force_login(cast.operator)
    assert client.get(f"/en/unggah/{submission.number}/berkas-asli/").status_code == 404
