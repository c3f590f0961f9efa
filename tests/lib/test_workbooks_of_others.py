"""Tables with headings that people wrote, and areas in any spelling."""

import pytest

from geo.lib.grids import NUMBER, Column
from geo.lib.workbooks.contract import BY_HEADING
from tests.lib.workbook_forms import (
    BALANCE,
    ROWS,
    balance_form,
    cells_of,
    codes,
    table,
    understand,
    values_form,
)

FIRST, SECOND, _THIRD = (row.key for row in ROWS)


# --- tables of others ------------------------------------------------------------------------


def test_headings_may_be_codes_labels_other_names_or_carry_their_unit(tmp_path):
    for headings in (("nurses", "rate"), ("PERAWAT", "cakupan (%)"), ("Nurses ", "Cakupan")):
        path = table(tmp_path, ("Kode desa", "Desa", *headings), (FIRST, "Ubin Satu", 3, 40))
        assert cells_of(understand(path, values_form())) == {FIRST: {"nurses": 3, "rate": 40}}


@pytest.mark.parametrize(
    ("second", "read"),
    [("12,5", 1500), ("12.5", 1.5), ("40", "1.500")],
    ids=["comma elsewhere", "point elsewhere", "nowhere"],
)
def test_what_can_be_read_twice_is_read_as_the_rest_of_the_file(tmp_path, second, read):
    """“1.500” beside “12,5” is fifteen hundred; where nothing tells, it stays a question."""
    density = Column("density", "Kepadatan", NUMBER)
    path = tmp_path / "tabel.csv"
    path.write_text(f"Kode desa;Desa;Kepadatan\n{FIRST};;1.500\n{SECOND};;{second}\n")
    cells = cells_of(understand(path, values_form(columns=(density,))))
    assert cells[FIRST] == {"density": read}


def test_titles_above_and_notes_below_are_passed_over(tmp_path):
    path = table(
        tmp_path,
        ("LAPORAN TENAGA",),
        (),
        ("No", "Desa", "Perawat", "Cakupan"),
        (1, 2, 3, 4),
        ("1", "Ubin Satu", 3, 40),
        ("", "Jumlah", 3, 40),
        ("Keterangan: sementara",),
    )
    answer = understand(path, values_form())
    assert (answer.layout, cells_of(answer)) == (BY_HEADING, {FIRST: {"nurses": 3, "rate": 40}})


def test_headings_of_two_lines_with_groups(tmp_path):
    path = table(
        tmp_path,
        ("Kode", "Awal", None, "Lahir", None, "Akhir", None),
        (None, "Laki-laki", "Perempuan", "LK", "PR", "L", "P"),
        (FIRST, 600, 580, 1, 2, 601, 582),
    )
    cells = cells_of(understand(path, balance_form()))[FIRST]
    assert cells == {c.code: n for c, n in zip(BALANCE, (600, 580, 1, 2, 601, 582), strict=True)}


def test_a_heading_that_nobody_knows_is_told(tmp_path):
    path = table(tmp_path, ("Kode", "Perawat", "Prawat gigi"), (FIRST, 3, 9))
    assert understand(path, values_form()).grid.columns == ["nurses", "Prawat gigi"]


def test_two_columns_of_one_name_are_a_fault(tmp_path):
    path = table(tmp_path, ("Kode", "Perawat", "Nurses"), (FIRST, 3, 9))
    answer = understand(path, values_form())
    assert [(fault.code, fault.column) for fault in answer.faults] == [("column_twice", "nurses")]


def test_a_file_of_something_else_says_what_was_looked_for(tmp_path):
    answer = understand(table(tmp_path, ("a", "b"), (1, 2)), values_form())
    assert answer.grid is None
    (fault,) = answer.faults
    assert (fault.code, fault.facts["names"]) == ("nothing_recognised", "Perawat, Cakupan")


def test_headings_without_a_row_are_a_fault(tmp_path):
    assert codes(understand(table(tmp_path, ("Kode", "Perawat")), values_form())) == ["no_rows"]


# --- which area --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("Kode", FIRST),
        ("Kode", "9901012001"),
        ("Kode", 9901012001),
        ("Kode BPS", "990100"),
        ("Nama desa", "UBIN SATU"),
        ("Desa/Kelurahan", "Ds. Ubin Satu"),
    ],
)
def test_an_area_is_found_by_code_or_name_in_any_spelling(tmp_path, heading, written):
    path = table(tmp_path, (heading, "Perawat"), (written, 3))
    answer = understand(path, values_form())
    assert (cells_of(answer), codes(answer)) == ({FIRST: {"nurses": 3}}, [])


def test_a_name_that_is_merely_alike_is_proposed_never_taken(tmp_path):
    path = table(tmp_path, ("Desa", "Perawat"), ("Ubin Sartu", 3))
    answer = understand(path, values_form())
    assert answer.grid.rows[0].key == "Ubin Sartu"
    (fault,) = answer.faults
    assert (fault.code, fault.row) == ("alike_area", 2)
    assert fault.facts["near"] == f"Desa Ubin Satu ({FIRST})"


def test_a_code_beside_the_name_of_another_row_is_a_fault(tmp_path):
    path = table(tmp_path, ("Kode", "Desa", "Perawat"), (FIRST, "Sungai Dua", 3))
    (fault,) = understand(path, values_form()).faults
    assert (fault.code, fault.found) == ("code_and_name", "Sungai Dua")
    assert (fault.facts["code"], fault.facts["expected"]) == (FIRST, "Desa Ubin Satu")


def test_a_former_code_leads_to_its_successor_and_is_told(tmp_path):
    path = table(tmp_path, ("Kode", "Perawat"), ("99.01.09.2009", 3))
    answer = understand(path, values_form())
    assert cells_of(answer) == {SECOND: {"nurses": 3}}
    assert codes(answer) == ["former_code"]


def test_a_village_alone_needs_no_name_beside_its_row(tmp_path):
    path = table(tmp_path, ("Perawat", "Cakupan"), (3, 40))
    assert cells_of(understand(path, values_form(ROWS[:1]))) == {FIRST: {"nurses": 3, "rate": 40}}
