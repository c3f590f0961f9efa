"""Workbooks know their areas, and are recognised however they come back."""

import csv
import shutil
import subprocess
from dataclasses import replace

import openpyxl
import pytest

from geo.lib.grids import NO_DATA, GridRow
from geo.lib.workbooks.contract import BY_COLUMN, BY_ROW, template_version
from geo.lib.workbooks.layouts import places_of
from geo.lib.workbooks.writing import write_workbook
from tests.lib.workbook_forms import (
    NURSES,
    PLACE_COLUMNS,
    RATE,
    ROWS,
    balance_form,
    cells_of,
    codes,
    place_form,
    saved,
    table,
    understand,
    values_form,
)

FIRST, SECOND, THIRD = (row.key for row in ROWS)


def opened(tmp_path, form):
    path = saved(tmp_path, write_workbook(form))
    return path, openpyxl.load_workbook(path)


def fill(book, form, cells):
    """Type into the cells of a form; by key of the row and code of the column."""
    places = places_of(form)
    for (key, code), value in cells.items():
        line, column = places[key, code]
        book["Isian"].cell(line + 1, column + 1).value = value


def as_csv(book, path, separator=";"):
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=separator).writerows(
            [["" if cell is None else cell for cell in row] for row in book["Isian"].values]
        )
    return path


# --- writing ------------------------------------------------------------------------


def test_one_row_an_area_with_codes_names_and_last_figures(tmp_path):
    form = values_form()
    _path, book = opened(tmp_path, form)
    sheet = book["Isian"]
    assert sheet["A1"].value == "Uji – Kotak – 2025"
    line, column = places_of(form)[FIRST, "nurses"]
    row = [cell.value for cell in sheet[line + 1]]
    assert row[:2] == [FIRST, "Desa Ubin Satu"]
    assert row[column] is None
    assert 7 in row[column + 1 :]  # last year's, beside


def test_a_village_of_its_own_is_written_downwards_with_the_sexes_beside_each_other(tmp_path):
    form = balance_form()
    _path, book = opened(tmp_path, form)
    places = places_of(form)
    line, column = places[FIRST, "opening_male"]
    assert places[FIRST, "opening_female"] == (line, column + 1)
    assert places[FIRST, "births_male"] == (line + 1, column)
    sheet = book["Isian"]
    assert [cell.value for cell in sheet[line + 1]][1:4] == ["Awal", 600, 580]
    assert sheet.column_dimensions["A"].hidden


def test_known_cells_are_locked_and_the_others_are_not(tmp_path):
    form = balance_form()
    _path, book = opened(tmp_path, form)
    sheet = book["Isian"]
    assert sheet.protection.sheet
    for code, is_locked in (("opening_male", True), ("births_male", False)):
        line, column = places_of(form)[FIRST, code]
        assert sheet.cell(line + 1, column + 1).protection.locked is is_locked


def test_what_is_worked_out_stands_beside_with_its_value(tmp_path):
    rows = [replace(ROWS[0], cells={"births_male": 3})]
    form = balance_form(rows)
    form.rows[0].cells.update(births_male=3)
    path, book = opened(tmp_path, form)
    line, column = places_of(form)[FIRST, "closing_male"]
    computed = book["Isian"].cell(line + 1, column + 3)
    assert computed.value.startswith("=IF(COUNT(")
    values = openpyxl.load_workbook(path, data_only=True)["Isian"]
    assert values.cell(line + 1, column + 3).value == 603


def test_rules_of_cells_speak_and_let_no_data_pass(tmp_path):
    form = values_form()
    _path, book = opened(tmp_path, form)
    line, column = places_of(form)[FIRST, "nurses"]
    address = book["Isian"].cell(line + 1, column + 1).coordinate
    rules = [one for one in book["Isian"].data_validations.dataValidation if address in one.sqref]
    assert len(rules) == 1
    assert f"{address}=INT({address})" in rules[0].formula1
    assert f"{address}<=500" in rules[0].formula1
    assert "LOWER(" in rules[0].formula1 and '"tidak ada data"' in rules[0].formula1
    assert rules[0].error == (
        "Isi bilangan bulat dari 0 sampai 500. Bila tidak ada, tulis “tidak ada data”."
    )


def test_a_book_that_must_balance_takes_no_empty_answer(tmp_path):
    form = balance_form(takes_no_data=False)
    _path, book = opened(tmp_path, form)
    for rule in book["Isian"].data_validations.dataValidation:
        assert "tidak ada data" not in rule.formula1 + rule.error


def test_lists_to_choose_from_and_blank_rows(tmp_path):
    form = place_form()
    path, book = opened(tmp_path, form)
    lists = {
        rule.formula1
        for rule in book["Isian"].data_validations.dataValidation
        if rule.type == "list"
    }
    assert '"Sekolah dasar,SMP,tidak ada data"' in lists
    assert "_daftar!$A$1:$A$41" in lists
    assert book["_daftar"].sheet_state == "hidden"
    places = places_of(form)
    line, column = places["17", "name"]
    book["Isian"].cell(line + 2, column + 1).value = "SMP 2"
    book["Isian"].cell(line + 2, column + 2).value = "SMP"
    book["Isian"].cell(line + 2, column + 4).value = "tidak"
    book.save(path)
    answer = understand(path, form)
    old, new = answer.grid.rows
    assert (old.key, old.cells["kind"], old.cells["is_open"]) == ("17", "sd", True)
    assert (new.key, new.cells) == ("", {"name": "SMP 2", "kind": "smp", "is_open": False})


def test_the_guide_says_every_column_and_every_step(tmp_path):
    _path, book = opened(tmp_path, values_form())
    texts = " ".join(str(v) for row in book["Petunjuk"].values for v in row if v)
    for words in ("Isi sel kuning.", "Perawat", "Isi bilangan bulat dari 0 sampai 500", "%"):
        assert words in texts


def test_a_text_that_begins_like_a_formula_stays_a_text(tmp_path):
    rows = [GridRow(1, FIRST, "=1+1"), ROWS[1]]
    _path, book = opened(tmp_path, values_form(rows))
    (cell,) = [cell for row in book["Isian"] for cell in row if cell.value == "=1+1"]
    assert cell.data_type == "s"


# --- our own, back again ----------------------------------------------------------------


@pytest.mark.parametrize(("form", "layout"), [(values_form(), BY_ROW), (balance_form(), BY_COLUMN)])
def test_a_filled_workbook_comes_back_cell_by_cell(tmp_path, form, layout):
    path, book = opened(tmp_path, form)
    last = form.columns[-1].code
    fill(book, form, {(FIRST, last): 12})
    book.save(path)
    answer = understand(path, form)
    assert (answer.layout, codes(answer)) == (layout, [])
    assert answer.template == template_version(form.columns)
    assert cells_of(answer)[FIRST] == form.rows[0].cells | {last: 12}
    line, column = places_of(form)[FIRST, last]
    place = answer.places[answer.grid.row_of(FIRST).row, last]
    assert (place.sheet, place.line, place.column) == ("Isian", line + 1, column)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("form", [values_form(), balance_form()])
def test_the_same_as_csv(tmp_path, form, separator):
    _path, book = opened(tmp_path, form)
    last = form.columns[-1].code
    fill(book, form, {(FIRST, last): 12, (FIRST, form.columns[-2].code): "tidak ada data"})
    answer = understand(as_csv(book, tmp_path / "isian.csv", separator), form)
    assert answer.is_own
    assert answer.template == template_version(form.columns)
    cells = cells_of(answer)[FIRST]
    assert (cells[last], cells[form.columns[-2].code]) == (12, NO_DATA)


def test_no_data_zero_and_nothing_are_three_things(tmp_path):
    form = values_form()
    path, book = opened(tmp_path, form)
    typed = {(FIRST, "nurses"): "tidak ada data", (SECOND, "nurses"): 0, (FIRST, "rate"): "12,5"}
    fill(book, form, typed)
    book.save(path)
    cells = cells_of(understand(path, form))
    assert cells[FIRST] == {"nurses": NO_DATA, "rate": 12.5}
    assert cells[SECOND] == {"nurses": 0}
    assert cells[THIRD] == {}


def test_what_cannot_be_read_stays_as_it_was_typed(tmp_path):
    form = values_form()
    path, book = opened(tmp_path, form)
    fill(book, form, {(FIRST, "nurses"): "tiga"})
    book.save(path)
    assert cells_of(understand(path, form))[FIRST] == {"nurses": "tiga"}


def test_the_hidden_sheet_may_be_lost(tmp_path):
    form = values_form()
    path, book = opened(tmp_path, form)
    fill(book, form, {(SECOND, "nurses"): 4})
    del book["_templat"]
    book.save(path)
    answer = understand(path, form)
    assert (answer.layout, codes(answer)) == (BY_ROW, [])
    assert answer.template == template_version(form.columns)
    assert cells_of(answer)[SECOND] == {"nurses": 4}


def test_a_changed_hidden_sheet_is_not_believed(tmp_path):
    form = values_form()
    path, book = opened(tmp_path, form)
    book["_templat"]["B4"] = "2019"
    book.save(path)
    assert codes(understand(path, form)) == []


def test_columns_may_be_moved_and_rows_sorted(tmp_path):
    form = values_form()
    path, book = opened(tmp_path, form)
    fill(book, form, {(FIRST, "nurses"): 1, (THIRD, "rate"): 3})
    sheet = book["Isian"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first = places_of(form)[FIRST, "nurses"][0]
    moved = lines[:first] + lines[first : first + 3][::-1] + lines[first + 3 :]
    path = table(tmp_path, *([row[3], row[1], row[2], row[0]] for row in moved))
    cells = cells_of(understand(path, form))
    assert (cells[FIRST], cells[THIRD]) == ({"nurses": 1}, {"rate": 3})


def test_the_line_of_totals_is_no_row(tmp_path):
    form = values_form()
    path, book = opened(tmp_path, form)
    assert "Jumlah" in [cell.value for row in book["Isian"] for cell in row]
    assert list(cells_of(understand(path, form))) == [FIRST, SECOND, THIRD]


# --- other forms, other versions ----------------------------------------------------------


def test_a_workbook_of_another_month_set_or_area_is_refused(tmp_path):
    form = values_form()
    path, _book = opened(tmp_path, form)
    subject = form.subject
    for change, code in (
        ({"period": "2024"}, "other_period"),
        ({"dataset": "roads"}, "other_dataset"),
        ({"area": "99.02"}, "other_area"),
    ):
        answer = understand(path, form, subject=replace(subject, **change))
        assert codes(answer) == [code]
        assert answer.faults[0].found == getattr(subject, next(iter(change)))


def test_other_names_and_order_make_no_other_version():
    named_anew = replace(NURSES, label="Jumlah perawat", hint="Semua")
    assert template_version([NURSES, RATE]) == template_version([RATE, named_anew])
    assert template_version([NURSES, RATE]) != template_version([NURSES, replace(RATE, unit="‰")])


def test_a_column_with_a_declared_former_code_is_migrated(tmp_path):
    old = values_form(columns=(replace(NURSES, code="staff_nurses", aliases=()), RATE))
    path, book = opened(tmp_path, old)
    fill(book, old, {(FIRST, "staff_nurses"): 5})
    book.save(path)
    answer = understand(path, values_form())
    assert codes(answer) == []
    assert cells_of(answer)[FIRST] == {"nurses": 5}


def test_a_column_in_another_unit_is_refused_by_name(tmp_path):
    old = values_form(columns=(NURSES, replace(RATE, unit="‰")))
    path, _book = opened(tmp_path, old)
    (fault,) = understand(path, values_form()).faults
    assert (fault.code, fault.column, fault.found) == ("column_changed", "rate", "Cakupan")
    assert (fault.facts["was"], fault.facts["now"]) == ("number, ‰", "number, %")


def test_a_column_that_is_gone_is_refused_by_name(tmp_path):
    old = values_form(
        columns=(NURSES, RATE, replace(NURSES, code="beds", label="Ranjang", aliases=()))
    )
    path, _book = opened(tmp_path, old)
    (fault,) = understand(path, values_form()).faults
    assert (fault.code, fault.found) == ("column_gone", "Ranjang")


# --- another program ---------------------------------------------------------------------------

FORMS = {"values": values_form(), "balance": balance_form()}
FILTERS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "csv": "csv:Text - txt - csv (StarCalc):59,34,76,1",
}


@pytest.fixture(scope="module")
def saved_by_libreoffice(tmp_path_factory):
    """Both forms, filled in, opened and saved by LibreOffice in both formats."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-calc-nogui)")
    folder = tmp_path_factory.mktemp("libreoffice")
    for name, form in FORMS.items():
        path, book = opened(folder, form)
        fill(book, form, {(FIRST, form.columns[-1].code): 12})
        book.save(folder / f"{name}.xlsx")
        path.unlink()
    home = f"-env:UserInstallation=file://{folder}/home"
    written = [str(folder / f"{name}.xlsx") for name in FORMS]
    for asked_for in FILTERS.values():
        asked = [program, home, "--headless", "--convert-to", asked_for, "--outdir"]
        command = [*asked, str(folder / "again"), *written]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / "again"


@pytest.mark.parametrize("ending", FILTERS)
@pytest.mark.parametrize("name", FORMS)
def test_saved_by_libreoffice_it_is_the_same(saved_by_libreoffice, name, ending):
    form = FORMS[name]
    answer = understand(saved_by_libreoffice / f"{name}.{ending}", form)
    assert (answer.is_own, codes(answer)) == (True, [])
    assert answer.template == template_version(form.columns)
    assert cells_of(answer)[FIRST] == form.rows[0].cells | {form.columns[-1].code: 12}


def test_a_list_with_a_column_that_people_call_kode_is_read_back(tmp_path):
    columns = [replace(PLACE_COLUMNS[0], aliases=("kode", "npsn")), *PLACE_COLUMNS[1:]]
    form = replace(place_form(), columns=columns)
    answer = understand(saved(tmp_path, write_workbook(form)), form)
    assert codes(answer) == []
    assert cells_of(answer)["17"]["name"] == "SDN 1"


def test_of_a_workbook_of_another_set_only_that_is_said(tmp_path):
    path = saved(tmp_path, write_workbook(values_form()))
    other = values_form(columns=PLACE_COLUMNS)
    subject = replace(other.subject, dataset="roads")
    assert codes(understand(path, replace(other, subject=subject))) == [
        "other_dataset",
        "nothing_recognised",
    ]
