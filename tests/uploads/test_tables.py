"""Tables that are read: every value as the file has it, every number of a line as people see it."""

import datetime

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from geo.lib.uploads.contract import column_letters
from geo.lib.uploads.faults import MOST_FAULTS
from geo.lib.uploads.personal import identity_number, mask
from geo.lib.uploads.reading import read_upload
from geo.lib.uploads.text_table import find_separator
from tests.uploads import makers
from tests.uploads.makers import sheet_xml, xlsx


@pytest.fixture
def read(tmp_path):
    def read(content, **more):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return read_upload(path, **more)

    return read


@pytest.fixture
def read_book(tmp_path):
    """Read a workbook that openpyxl wrote."""

    def read_book(book, **more):
        path = tmp_path / "book.xlsx"
        book.save(path)
        return read_upload(path, **more)

    return read_book


# --- workbooks ----------------------------------------------------------------------


def test_lines_keep_their_numbers_and_cells_their_types(read_book):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Kotak"
    sheet.append(["kode", "nama", "jumlah", "rasio", "ada", "tanggal", "saat", "jam"])
    day, moment = datetime.date(2026, 11, 22), datetime.datetime(2026, 11, 22, 7, 30)  # noqa: DTZ001
    sheet.append([])
    sheet.append(["16.07.01.2001", " Desa A ", 12, 0.5, True, day, moment, datetime.time(7, 30)])
    sheet["K5"] = 0
    reading = read_book(book)
    assert reading.format == "xlsx"
    assert not reading.faults
    (found,) = reading.sheets
    assert found.name == "Kotak"
    assert [number for number, _cells in found.lines] == [1, 3, 5]
    assert found.lines[1][1] == ["16.07.01.2001", "Desa A", 12, 0.5, True, "2026-11-22",
                                 "2026-11-22T07:30:00", "07:30:00"]  # fmt: skip
    assert found.lines[2][1] == [None] * 10 + [0]
    assert isinstance(found.lines[1][1][2], int)
    assert found.lines[1][1][4] is True


def test_a_workbook_with_everything_a_template_has(read_book):
    book = openpyxl.Workbook()
    book.active.append(["Petunjuk"])
    sheet = book.create_sheet("Isian")
    sheet.append(["kode", "jumlah"])
    sheet.append(["16.07.01.2001", None])
    choice = DataValidation(type="list", formula1='"a,b"')
    sheet.add_data_validation(choice)
    choice.add("B2")
    sheet.protection.sheet = True
    sheet["B2"].comment = openpyxl.comments.Comment("Isi di sini", "x")
    book.create_chartsheet("Grafik")
    reading = read_book(book, sheet="Isian")
    assert not reading.refused
    assert [one.name for one in reading.sheets] == ["Isian"]
    assert reading.sheets[0].lines == [(1, ["kode", "jumlah"]), (2, ["16.07.01.2001"])]
    assert [one.name for one in read_book(book).sheets] == ["Sheet", "Isian"]


def test_every_value_is_what_openpyxl_reads(read_book):
    book = openpyxl.Workbook()
    for row in range(1, 60):
        book.active.append([f"teks {row}", row * 7919 % 1000, row / 8, row % 2 == 0, None, -row])
    reading = read_book(book)
    expected = [(row[0].row, [c.value for c in row]) for row in book.active.iter_rows()]
    assert reading.sheets[0].lines == expected


@pytest.mark.parametrize(
    ("pattern", "number", "found"),
    [
        ("yyyy-mm-dd", "45983", "2025-11-22"),
        ("[$-421]dd mmmm yyyy", "45983", "2025-11-22"),
        ("d/m/yy h:mm", "45983.25", "2025-11-22T06:00:00"),
        ("[Red]0.00", "45983", 45983),
        ('0 "desa"', "45983", 45983),
        ("#,##0", "1.5", 1.5),
        ("0%", "0.25", 0.25),
        ("General", "7", 7),
        ("yyyy", "-1", -1),
        ("yyyy", "1e9", 10**9),
    ],
)
def test_a_number_is_a_day_by_its_format_only(read, pattern, number, found):
    escaped = pattern.replace('"', "&quot;")
    styles = (
        f'<styleSheet xmlns="{makers.MAIN}"><numFmts>'
        f'<numFmt numFmtId="170" formatCode="{escaped}"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    reading = read(xlsx(sheet_xml([[f'<c s="1"><v>{number}</v></c>']]), styles=styles))
    assert reading.sheets[0].lines == [(1, [found])]


def test_days_counted_from_1904(read):
    styles = (
        f'<styleSheet xmlns="{makers.MAIN}"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    parts = makers.xlsx_parts(sheet_xml([['<c s="0"><v>0</v></c>', "<c/>"]]), styles=styles)
    properties = '<workbookPr date1904="1"/>'
    parts["xl/workbook.xml"] = makers.workbook_xml((("Data", ""),), properties)
    assert read(makers.zipped(parts)).sheets[0].lines == [(1, ["1904-01-01"])]


def test_texts_of_several_pieces_without_reading_aids(read):
    shared = (
        f'<sst xmlns="{makers.MAIN}"><si><r><t>De</t></r><r><t xml:space="preserve">sa </t></r>'
        "<rPh><t>nope</t></rPh></si><si><t>a_x000D_\nb</t></si><si><t/></si></sst>"
    )
    cells = [f'<c t="s"><v>{n}</v></c>' for n in range(3)]
    reading = read(xlsx(sheet_xml([[*cells, "x"]]), shared=shared))
    assert reading.sheets[0].lines == [(1, ["Desa", "a\r\nb", None, "x"])]


def test_names_are_composed(read):
    decomposed = "De\u0301sa"
    reading = read(xlsx(sheet_xml([[decomposed, "b"]])))
    assert reading.sheets[0].lines[0][1][0] == "D\u00e9sa"
    assert not reading.faults


def test_faults_name_their_cell_and_all_are_listed(read):
    error = '<c t="e"><v>#REF!</v></c>'
    reading = read(xlsx(sheet_xml([["kode", "jumlah"], ["x", error], ["y", 1], ["z", error]])))
    assert [(fault.cell, fault.sheet) for fault in reading.faults] == [
        ("B2", "Data 1"),
        ("B4", "Data 1"),
    ]
    assert reading.faults[0].facts == {"found": "#REF!"}
    assert "B2" in reading.faults[0].sentence()
    assert "#REF!" in reading.faults[0].sentence()
    assert reading.sheets[0].lines[1] == (2, ["x"])


def test_too_many_faults_are_counted(read):
    error = '<c t="e"><v>#N/A</v></c>'
    reading = read(xlsx(sheet_xml([[error] * 10] * 300 + [["x"]])))
    assert len(reading.faults) == MOST_FAULTS + 1
    assert reading.faults[-1].facts == {"most": MOST_FAULTS, "left": 3000 - MOST_FAULTS}


def test_formulas_are_values_and_told_once(read):
    cells = [["<c><f>6*7</f><v>42</v></c>", '<c t="str"><f>A1</f><v></v></c>', "x"]]
    reading = read(xlsx(sheet_xml(cells)))
    assert reading.sheets[0].lines == [(1, [42, None, "x"])]
    (fault,) = reading.faults
    assert (fault.code, fault.cell, fault.facts["n"]) == ("formulas", "A1", 2)
    assert not reading.refused


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (16383, "XFD")])
def test_letters_of_columns(index, letters):
    assert column_letters(index) == letters


# --- CSV ----------------------------------------------------------------------------


def test_a_csv_stays_text_and_says_how_it_was_read(read):
    reading = read('kode;nama;luas\r\n\r\n16.07.01.2001;"Désa; A";1.234,5\r\n'.encode("cp1252"))
    assert (reading.format, reading.encoding, reading.separator) == ("csv", "cp1252", ";")
    assert reading.sheets[0].lines == [(1, ["kode", "nama", "luas"]),
                                       (3, ["16.07.01.2001", "Désa; A", "1.234,5"])]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("nama;luas\nA;1,5\nB;2,5\n", ";"),
        ("Daftar desa, 2026\n\nkode;nama\n1;A\n2;B\n", ";"),
        ("a,b\n1.5,2\n", ","),
        ("a\tb\n1,5\t2\n", "\t"),
        ('a,b\n"1;2;3",x\n"4;5;6",y\n', ","),
        ("a\n1\n", ";"),
    ],
)
def test_the_separator_is_the_one_on_which_lines_agree(text, separator):
    assert find_separator(text) == separator


def test_a_quotation_mark_left_open_is_named_with_its_row(read):
    reading = read(b'a;b\n1;2\n3;"4\n5;6\n')
    assert [(fault.code, fault.row) for fault in reading.faults] == [("quote_open", 3)]


def test_progress_is_told(tmp_path):
    heard = []
    path = tmp_path / "x.xlsx"
    path.write_bytes(xlsx(sheet_xml(), sheet_xml([[1]])))
    read_upload(path, on_progress=heard.append)
    assert heard[:2] == [
        {"step": "sheet", "done": 1, "of": 2},
        {"step": "sheet", "done": 2, "of": 2},
    ]


# --- persons ------------------------------------------------------------------------


def test_a_number_of_a_person_is_shown_masked_only(read):
    reading = read(b"kode;isi\n1;1607010505850003\n")
    (fault,) = reading.faults
    assert (fault.cell, fault.facts["found"]) == ("B2", "1607********0003")
    assert "1607010505850003" not in fault.sentence()


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("1607010505850003", True),
        ("1607014505850003", True),
        (1607010505850003, True),
        (1607010505850000, True),
        ("1607010505850000", False),
        ("1607013205850003", False),
        ("1607010513850003", False),
        ("9907010505850003", False),
        ("160701050585000", False),
        ("16070105058500031", False),
        (12, False),
        (True, False),
        (None, False),
    ],
)
def test_what_is_the_number_of_a_person(cell, found):
    assert bool(identity_number(cell)) is found


def test_masking():
    assert mask("1607010505850003") == "1607********0003"
