"""What people write into cells, and what it means in columns of each type."""

import math

import pytest

from geo.lib.cells import CellFault, as_typed, cell_or_text, decimal_mark, read_cell
from geo.lib.grids import CHOICE, DATE, LON, NO_DATA, NUMBER, TEXT, WHOLE, YES_NO, Column

COUNT = Column("n", "N", WHOLE, unit="orang")
RUPIAH = Column("v", "V", WHOLE, unit="Rp")
BESIDE = Column("lon", "Bujur", LON, lowest=90, highest=145)
TICKET = Column("t", "T", WHOLE, unit="rupiah")
RATE = Column("r", "R", NUMBER, unit="%", lowest=0, highest=100)
PRICE = Column("p", "P", NUMBER)
CHOSEN = Column("c", "C", CHOICE, choices=(("good", "Baik"), ("bad", "Rusak berat")))
ANSWER = Column("y", "Y", YES_NO)
DAY = Column("d", "D", DATE)
WORDS = Column("t", "T", TEXT)


@pytest.mark.parametrize(
    ("raw", "column", "read"),
    [
        ("1.234", COUNT, 1234),
        ("1,234", COUNT, 1234),
        ("1 234", COUNT, 1234),
        ("12 orang", COUNT, 12),
        ("Rp 62.000.000.000", RUPIAH, 62_000_000_000),
        ("Rp. 62.000.000,-", RUPIAH, 62_000_000),
        ("IDR 62,000,000", RUPIAH, 62_000_000),
        ("62.000.000 rupiah", RUPIAH, 62_000_000),
        ("Rp 62.000.000,00", RUPIAH, 62_000_000),
        ("-1.500.000", RUPIAH, -1_500_000),
        ("Rp 62 miliar", RUPIAH, 62_000_000_000),
        ("1,5 triliun", RUPIAH, 1_500_000_000_000),
        ("850 juta", RUPIAH, 850_000_000),
        ("Rp62jt", RUPIAH, 62_000_000),
        ("850 ribu", RUPIAH, 850_000),
        ("Rp. 1.500.000.-", RUPIAH, 1_500_000),
        ("Rp 5.000", TICKET, 5000),
        ("1.500", RUPIAH, 1500),
        ("12.0", COUNT, 12),
        (12.0, COUNT, 12),
        ("12,5", COUNT, 12.5),
        ("-", COUNT, 0),
        ("nihil", COUNT, 0),
        ("NIHIL", RATE, 0),
        ("tidak ada data", COUNT, NO_DATA),
        ("  Tidak  Ada Data ", RATE, NO_DATA),
        ("tidak dinilai", COUNT, None),
        ("", COUNT, None),
        ("   ", COUNT, None),
        (None, RATE, None),
        ("1.234", RATE, 1.234),
        ("12,5", RATE, 12.5),
        ("90,41 %", RATE, 90.41),
        ("1.234.567,5", PRICE, 1234567.5),
        ("−3", PRICE, -3),
        ("104,75", Column("lon", "Lon", LON, lowest=-180, highest=180), 104.75),
        ("baik", CHOSEN, "good"),
        ("berat", CHOSEN, "bad"),
        ("RUSAK  BERAT", CHOSEN, "bad"),
        ("-", CHOSEN, None),
        ("Ya", ANSWER, True),
        ("tidak ada", ANSWER, False),
        (True, ANSWER, True),
        (1, ANSWER, True),
        ("2024-05-03", DAY, "2024-05-03"),
        ("2024-05-03T00:00:00", DAY, "2024-05-03"),
        ("3/5/2024", DAY, "2024-05-03"),
        ("3 Mei 2024", DAY, "2024-05-03"),
        ("17-Agustus-2024", DAY, "2024-08-17"),
        ("  SDN 1   Ubin ", WORDS, "SDN 1 Ubin"),
        (7, WORDS, "7"),
    ],
)
def test_reads_what_people_write(raw, column, read):
    found = read_cell(raw, column)
    assert found == read
    assert isinstance(found, bool) == isinstance(read, bool)


@pytest.mark.parametrize(
    ("raw", "column", "code"),
    [
        ("dua belas", COUNT, "not_a_number"),
        ("650 M", COUNT, "not_a_number"),
        ("2024-05-03", COUNT, "date_in_number"),
        (True, COUNT, "not_a_number"),
        (math.inf, PRICE, "not_a_number"),
        ("NaN", PRICE, "not_a_number"),
        ("1.234", PRICE, "ambiguous"),
        ("-", PRICE, "dash"),
        (1e15, COUNT, "too_great"),
        ("9" * 30, COUNT, "too_great"),
        ("sedang", CHOSEN, "not_a_choice"),
        ("erat", CHOSEN, "not_a_choice"),
        ("mungkin", ANSWER, "not_yes_no"),
        ("31/2/2024", DAY, "not_a_date"),
        ("5/13/2024", DAY, "not_a_date"),
        ("x" * 3000, WORDS, "too_long"),
        ("1.500 miliar", RUPIAH, "ambiguous"),
        ("62 M", RUPIAH, "not_a_number"),
        ("miliar", RUPIAH, "not_a_number"),
        ("70 %", COUNT, "not_a_number"),
    ],
)
def test_says_why_a_cell_cannot_be_read(raw, column, code):
    found = read_cell(raw, column)
    assert isinstance(found, CellFault)
    assert found.code == code


@pytest.mark.parametrize("cell", [None, 0, 12, 12.5, 1234, 0.125, NO_DATA, True, False])
def test_what_is_written_out_is_read_as_the_same(cell):
    column = ANSWER if isinstance(cell, bool) else PRICE
    assert read_cell(as_typed(cell), column) == cell
    assert read_cell(cell, column) == cell


def test_an_ambiguous_number_names_both_readings():
    found = read_cell("1.500", PRICE)
    assert found.facts == {"large": 1500, "small": 1.5}


def test_a_file_tells_which_mark_parts_its_decimals():
    assert decimal_mark(["1.500", "12,5", 7, None]) == ","
    assert decimal_mark(["1.500", "1,500"]) is None
    assert decimal_mark(["12,5", "12.5"]) is None
    assert decimal_mark(["1.234.567", "1.234"]) is None, "these part thousands"
    assert read_cell("104.872", BESIDE, ",") == 104.872
    assert read_cell("1.500", PRICE, ",") == 1500
    assert read_cell("1.500", PRICE, ".") == 1.5


def test_what_cannot_be_read_stays_as_it_was_typed():
    assert cell_or_text(" dua  belas ", COUNT) == "dua belas"
    assert cell_or_text("'1.234", COUNT) == 1234
    assert cell_or_text("2024-05-03", COUNT) == "2024-05-03"
