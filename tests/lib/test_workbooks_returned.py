"""One's own workbook comes back with its problems marked, and the marks come off again."""

import io

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from geo.lib.errors import FileNotMade
from geo.lib.uploads.contract import RawSheet
from geo.lib.uploads.reading import read_upload
from geo.lib.workbooks.contract import MARKS_SHEET
from geo.lib.workbooks.marking import COLOURS
from geo.lib.workbooks.places import Place
from geo.lib.workbooks.returning import (
    Mark,
    Problem,
    Summary,
    rebuilt_workbook,
    returned_workbook,
)
from geo.lib.workbooks.writing import write_workbook
from tests.lib.workbook_forms import ROWS, cells_of, saved, understand, values_form

HEADER = ("Sel", "Di mana", "Tertulis", "Apa", "Yang harus dilakukan")
NOTE = "Perbaiki sel yang ditandai."
OWN_COLOUR = "FF00FF00"


def summary(*problems) -> Summary:
    return Summary("Periksa", "PB-2026-000001", NOTE, HEADER, problems)


def problem(place, severity="error", found="tiga") -> Problem:
    return Problem("Ubin Satu", found, severity, "harus diperbaiki", "Tulis angka.", place)


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture
def own(tmp_path):
    """A workbook of somebody, with a colour and a note of its owner."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data desa"
    sheet.append(["Kode", "Perawat", "Cakupan"])
    sheet.append([ROWS[0].key, "tiga", 40])
    sheet["B2"].fill = PatternFill("solid", start_color=OWN_COLOUR)
    sheet["B2"].comment = Comment("tanya bidan", "Ani")
    sheet["C2"].number_format = "0.00"
    sheet["E1"] = "=SUM(C2:C2)"
    path = tmp_path / "milik.xlsx"
    book.save(path)
    return path


AT_B2 = Place("Data desa", 2, 1)
MARK = Mark(AT_B2, "error", "“tiga” bukan angka. Tulis 3.")


def test_cells_are_red_and_say_how_to_mend(own):
    book = opened(returned_workbook(own, [MARK], summary(problem(AT_B2))))
    cell = book["Data desa"]["B2"]
    assert cell.fill.start_color.rgb == COLOURS["error"]
    assert "“tiga” bukan angka. Tulis 3." in cell.comment.text
    assert cell.comment.text.startswith("tanya bidan")
    assert cell.value == "tiga"


def test_the_rest_of_the_workbook_is_as_it_was(own):
    sheet = opened(returned_workbook(own, [MARK], summary()))["Data desa"]
    assert sheet["E1"].value == "=SUM(C2:C2)"
    assert sheet["C2"].number_format == "0.00"
    assert sheet["C2"].fill.fill_type is None


def test_the_gravest_of_several_gives_the_colour_and_all_are_said(own):
    marks = [
        Mark(AT_B2, "notice", "satu"),
        Mark(AT_B2, "error", "dua"),
        Mark(AT_B2, "warning", "tiga"),
    ]
    cell = opened(returned_workbook(own, marks, summary()))["Data desa"]["B2"]
    assert cell.fill.start_color.rgb == COLOURS["error"]
    for text in ("satu", "dua", "tiga"):
        assert text in cell.comment.text


def test_the_summary_comes_first_and_leads_to_the_cells(own):
    book = opened(returned_workbook(own, [MARK], summary(problem(AT_B2), problem(None))))
    assert book.active.title == book.sheetnames[0] == "Periksa"
    sheet = book["Periksa"]
    assert [cell.value for cell in sheet[4]][:5] == list(HEADER)
    first, second = sheet["A5"], sheet["A6"]
    assert first.hyperlink.location or first.hyperlink.target
    assert "'Data desa'!B2" in (first.hyperlink.location or first.hyperlink.target)
    assert second.hyperlink is None
    assert sheet["E5"].value == "Tulis angka."


def test_what_was_found_is_never_run_as_a_formula(own):
    evil = problem(AT_B2, found='=HYPERLINK("http://example.org")')
    mended = Mark(AT_B2, "notice", "", is_changed=True, value="=1+1")
    book = opened(returned_workbook(own, [mended], summary(evil)))
    assert book["Periksa"]["C5"].data_type == "s"
    assert book["Data desa"]["B2"].data_type == "s"


def test_cells_mended_on_the_page_are_mended_in_the_file(own):
    mark = Mark(AT_B2, "notice", "", is_changed=True, value=3)
    cell = opened(returned_workbook(own, [mark], summary()))["Data desa"]["B2"]
    assert cell.value == 3
    assert cell.fill.start_color.rgb == OWN_COLOUR


def test_marks_come_off_and_the_owners_colour_and_note_stay(own, tmp_path):
    once = saved(tmp_path, returned_workbook(own, [MARK], summary(problem(AT_B2))), "sekali.xlsx")
    book = opened(returned_workbook(once, [], summary()))
    cell = book["Data desa"]["B2"]
    assert cell.fill.start_color.rgb == OWN_COLOUR
    assert cell.comment.text == "tanya bidan"
    assert book.sheetnames == ["Periksa", "Data desa", MARKS_SHEET]
    assert book["Periksa"]["A5"].value is None


def test_a_sheet_of_the_owner_with_our_name_is_not_touched(own):
    book = openpyxl.load_workbook(own)
    book.create_sheet("Periksa")["A1"] = "milik saya"
    book.save(own)
    book = opened(returned_workbook(own, [MARK], summary()))
    assert book.sheetnames[0] == "Periksa 2"
    assert book["Periksa"]["A1"].value == "milik saya"


def test_the_returned_workbook_mended_and_uploaded_again_is_read_without_our_marks(tmp_path):
    form = values_form()
    path = saved(tmp_path, write_workbook(form))
    answer = understand(path, form)
    row = answer.grid.rows[0].row
    place = answer.places[row, "nurses"]
    marked = returned_workbook(path, [Mark(place, "error", "salah")], summary(problem(place)))
    book = opened(marked)
    assert book["Isian"].protection.sheet
    assert book["Isian"].data_validations.dataValidation
    book["Isian"].cell(place.line, place.column + 1).value = 3
    again = tmp_path / "lagi.xlsx"
    book.save(again)
    read = understand(again, form)
    assert (read.faults, read.layout) == ([], answer.layout)
    assert cells_of(read)[ROWS[0].key] == {"nurses": 3}


def test_a_csv_comes_back_as_a_workbook_of_its_own_lines(tmp_path):
    path = tmp_path / "isian.csv"
    path.write_text("Kode;Perawat\n99.01.01.2001;tiga\n\n99.01.09;4\n")
    sheets = read_upload(path, kind="table").sheets
    book = opened(returned_workbook(sheets, [Mark(Place("", 2, 1), "error", "x")], summary()))
    sheet = book["CSV"]
    assert [sheet["A2"].value, sheet["B2"].value, sheet["A4"].value] == [
        "99.01.01.2001",
        "tiga",
        "99.01.09",
    ]
    assert sheet["B2"].fill.start_color.rgb == COLOURS["error"]


def test_a_workbook_that_will_not_open_is_written_anew_from_its_values(tmp_path):
    path = saved(tmp_path, b"PK\x03\x04 no workbook", "rusak.xlsx")
    with pytest.raises(FileNotMade):
        returned_workbook(path, [], summary())
    sheets = [RawSheet("Satu", [(2, ["a", 1])]), RawSheet("_templat", [(1, ["x"])], hidden=True)]
    book = opened(
        rebuilt_workbook(path, sheets, [Mark(Place("Satu", 2, 0), "error", "x")], summary())
    )
    assert book.sheetnames == ["Periksa", "Satu", MARKS_SHEET]
    assert book["Satu"]["B2"].value == 1


def test_a_place_outside_of_the_workbook_is_passed_over(own):
    marks = [
        Mark(Place("Lain", 2, 1), "error", "x"),
        Mark(Place("Data desa", 2, 99_999), "error", "x"),
    ]
    book = opened(returned_workbook(own, marks, summary(problem(Place("Lain", 2, 1)))))
    assert book["Periksa"]["A5"].hyperlink is None
