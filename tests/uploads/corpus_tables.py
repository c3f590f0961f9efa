"""Workbooks: bombs, lies, other formats in disguise, broken parts."""

import random

from tests.uploads import makers
from tests.uploads.corpus import ACCEPTED, Case
from tests.uploads.makers import cell, sheet_xml, xlsx, xlsx_parts, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def with_cell(inside: str) -> bytes:
    return xlsx(sheet_xml([["kode", "jumlah"], ["16.07.01.2001", inside]]))


def row(number: int, inside: str) -> str:
    inside = f'<sheetData><row r="{number}">{inside}</row></sheetData>'
    return f'<worksheet xmlns="{makers.MAIN}">{inside}</worksheet>'


def long_texts() -> bytes:
    """Seventy megabytes of text that pack a hundredfold, not more."""
    dice = random.Random(4)  # noqa: S311
    texts = (f"{dice.getrandbits(400):x}{'a' * 15_000}" for _one in range(4_700))
    return xlsx(shared=makers.shared_xml(*texts))


def stored_cells(n_rows: int, n_columns: int) -> bytes:
    line = f"<row>{'<c><v>1</v></c>' * n_columns}</row>"
    xml = f'<worksheet xmlns="{makers.MAIN}"><sheetData>{line * n_rows}</sheetData></worksheet>'
    return zipped(xlsx_parts(xml), compression=0)


def bombs():
    far = '<c r="XFD1048576"><v>1</v></c>'
    yield Case("xlsx-far-cell", xlsx(row(1_048_576, far)), "far_cell", "table")
    yield Case("xlsx-far-column", xlsx(row(3, '<c r="XFD3"><v>1</v></c>')), "far_cell", "table")
    yield Case("xlsx-far-row", xlsx(row(50_001, '<c r="A50001"><v>1</v></c>')), "far_cell", "table")
    yield Case("xlsx-far-style", xlsx(sheet_xml([*makers.ROWS, ['<c r="XFD4" s="1"/>']])),
               ACCEPTED, "table", is_read=True)  # fmt: skip
    yield Case("xlsx-dimension-lies", xlsx(sheet_xml(dimension="A1:XFD1048576")), ACCEPTED,
               "table", is_read=True)  # fmt: skip
    yield Case("xlsx-row-lies", xlsx(row(99_999_999_999, "<c><v>1</v></c>")), ACCEPTED, "table",
               is_read=True)  # fmt: skip
    yield Case(
        "xlsx-too-many-cells", lambda _c: stored_cells(5_100, 299), "too_many_cells", "table"
    )
    yield Case("xlsx-too-many-rows", lambda _c: stored_cells(50_010, 2), "too_many_rows", "table")
    yield Case("xlsx-301-columns", lambda _c: stored_cells(2, 301), "too_many_columns", "table")
    yield Case("xlsx-20-million-cells", lambda _c: zipped(xlsx_parts(
        f'<worksheet xmlns="{makers.MAIN}"><sheetData>'
        + f"<row>{'<c><v>1</v></c>' * 300}</row>" * 30_000 + "</sheetData></worksheet>")),
        "zip_ratio", "table")  # fmt: skip
    yield Case("xlsx-250-mb-text", lambda _c: bomb_text(250), "zip_too_large", "table")
    yield Case("xlsx-60-mb-text", lambda _c: bomb_text(60), "zip_ratio", "table")
    yield Case("xlsx-70-mb-texts", lambda _c: long_texts(), "too_much_text", "table")


def bomb_text(n_mb: int) -> bytes:
    return xlsx(shared=makers.shared_xml("a" * (n_mb << 20)))


def cells():
    for error in ("#REF!", "#DIV/0!", "#N/A", "#NAME?", "#VALUE!"):
        inside = f'<c t="e"><f>1/0</f><v>{error}</v></c>'
        yield Case(f"xlsx-{error[1:4]}", with_cell(inside), "cell_error", "table")
    yield Case("xlsx-uncalculated", with_cell("<c><f>SUM(A1:A9)</f></c>"),
               "formula_without_value", "table")  # fmt: skip
    yield Case("xlsx-uncalculated-empty", with_cell("<c><f>SUM(A1:A9)</f><v></v></c>"),
               "formula_without_value", "table")  # fmt: skip
    yield Case("xlsx-calculated", with_cell("<c><f>6*7</f><v>42</v></c>"), "formulas", "table",
               is_read=True)  # fmt: skip
    yield Case("xlsx-dde", with_cell("<c t=\"str\"><f>cmd|'/c calc'!A0</f><v>0</v></c>"),
               "formulas", "table", is_read=True)  # fmt: skip
    yield Case("xlsx-webservice", lambda c: with_cell(
        f'<c t="str"><f>WEBSERVICE("{c.url}")</f><v>x</v></c>'), "formulas", "table",
        is_read=True)  # fmt: skip
    for number in ("NaN", "INF", "-Infinity", "1e999", "1_0", "0x10", "١٢", "12,5", "abc"):
        yield Case(f"xlsx-number-{number}", with_cell(f"<c><v>{number}</v></c>"), "cell_broken",
                   "table")  # fmt: skip
    yield Case("xlsx-shared-out-of-range", with_cell('<c t="s"><v>999</v></c>'), "cell_broken",
               "table")  # fmt: skip
    yield Case("xlsx-shared-negative", with_cell('<c t="s"><v>-1</v></c>'), "cell_broken", "table")
    yield Case("xlsx-long-cell", with_cell(cell("x" * 40_000)), "cell_too_long", "table")
    yield Case("xlsx-long-shared", xlsx(sheet_xml([['<c t="s"><v>0</v></c>']]),
               shared=makers.shared_xml("y" * 40_000)), "cell_too_long", "table")  # fmt: skip
    yield Case("xlsx-column-of-digits", xlsx(row(1, '<c r="12"><v>1</v></c>')),
               "workbook_broken", "table")  # fmt: skip
    yield Case("xlsx-column-ZZZZ", xlsx(row(1, '<c r="ZZZZ1"><v>1</v></c>')), "workbook_broken",
               "table")  # fmt: skip
    yield Case("xlsx-bidi", with_cell(cell("De\u202esa")), "controls_removed", "table",
               is_read=True)  # fmt: skip
    yield Case("xlsx-escaped-nul", with_cell(cell("De_x0000_sa")), "controls_removed", "table",
               is_read=True)  # fmt: skip
    yield Case("xlsx-surrogate", with_cell(cell("De_xD800_sa")), ACCEPTED, "table", is_read=True)
    yield Case("xlsx-nothing", xlsx(sheet_xml([[None, None], [None]])), "no_rows", "table")
    merged = '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
    yield Case("xlsx-merged", xlsx(sheet_xml(after=merged)), "merged_cells", "table", is_read=True)
    hidden = sheet_xml().replace('<row r="2">', '<row r="2" hidden="1">')
    yield Case("xlsx-hidden-row", xlsx(hidden), "hidden_rows", "table", is_read=True)


def books():
    parts = xlsx_parts()
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        left = {key: value for key, value in parts.items() if key != name}
        yield Case(f"xlsx-without-{name[-12:-4]}", zipped(left), "workbook_broken", "table")
    yield Case("xlsx-without-relations", zipped(
        {k: v for k, v in parts.items() if k != "xl/_rels/workbook.xml.rels"}), "workbook_broken",
        "table")  # fmt: skip
    for number, target in enumerate(("/etc/passwd", "../../../../etc/passwd", "file:///etc/passwd",
                                     "worksheets/nowhere.xml")):  # fmt: skip
        rels = makers.relations({"rId1": ("worksheet", target)})
        yield Case(f"xlsx-target-{number}", zipped(parts | {"xl/_rels/workbook.xml.rels": rels}),
                   "workbook_broken", "table")  # fmt: skip
    outside = makers.relations(
        {"rId1": ("worksheet", "http://127.0.0.1/x")}, ' TargetMode="External"'
    )
    yield Case("xlsx-sheet-outside", zipped(parts | {"xl/_rels/workbook.xml.rels": outside}),
               "workbook_broken", "table")  # fmt: skip
    empty = makers.workbook_xml(())
    yield Case("xlsx-no-sheets", zipped(parts | {"xl/workbook.xml": empty}), "no_sheet", "table")
    yield Case("xlsx-other-sheet", xlsx(), "no_sheet", "table", more={"sheet": "Lain"})
    state = makers.workbook_xml((("Data", ' state="veryHidden"'),))
    yield Case("xlsx-hidden-sheet", zipped(parts | {"xl/workbook.xml": state}), "hidden_sheet",
               "table", is_read=True)  # fmt: skip
    for cut in (1, 2, 3):
        xml = sheet_xml()[: len(sheet_xml()) * cut // 4]
        yield Case(f"xlsx-sheet-cut-{cut}", xlsx(xml), "xml_broken", "table")
    yield Case("xlsx-cut", xlsx()[:700], "zip_broken", "table")
    yield Case("xlsx-encoding-unknown", xlsx(sheet_xml().replace("UTF-8", "x-nowhere")),
               "xml_broken", "table")  # fmt: skip
    wide = sheet_xml().replace("UTF-8", "UTF-16").encode("utf-16")
    yield Case("xlsx-utf16", zipped(xlsx_parts() | {"xl/worksheets/sheet1.xml": wide}), ACCEPTED,
               "table", is_read=True)  # fmt: skip
    prefixed = sheet_xml([[1, 2]]).replace("<", "<x:").replace("<x:/", "</x:").replace(
        "<x:?", "<?").replace("xmlns=", "xmlns:x=")  # fmt: skip
    yield Case("xlsx-prefixed", xlsx(prefixed), ACCEPTED, "table", is_read=True)
    links = {"xl/externalLinks/externalLink1.xml": "<x/>"}
    yield Case("xlsx-external-links", xlsx(more=links), "external_links", "table", is_read=True)


def others():
    yield Case("xlsm", xlsx(more={"xl/vbaProject.bin": b"\0" * 100}), "macro_workbook", "table")
    yield Case(
        "xlsm-hidden", xlsx(more={"xl/Sub/VBAPROJECT.BIN": b"\0"}), "macro_workbook", "table"
    )
    yield Case("xlm", xlsx(more={"xl/macrosheets/sheet1.xml": "<x/>"}), "macro_workbook", "table")
    yield Case("xlsb", xlsx(more={"xl/workbook.bin": b"\0"}), "binary_workbook", "table")
    yield Case("ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                              "content.xml": "<x/>"}), "open_document", "table")  # fmt: skip
    yield Case("docx", zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}),
               "unknown_format", "table")  # fmt: skip
    yield Case("xls", OLE + "Workbook".encode("utf-16-le"), "old_workbook", "table")
    yield Case("xls-as-xlsx", OLE, "old_workbook", "table", ".xlsx")
    yield Case("xlsx-locked", OLE + "EncryptedPackage".encode("utf-16-le"), "locked_workbook",
               "table")  # fmt: skip
    for number, start in enumerate((b"<html><table>", b"<!DOCTYPE html><html>", b"<table border=1>",
                                    b"\xef\xbb\xbf<HTML>", b"<style>x</style><table>",
                                    b"<meta charset=utf-8><table>")):  # fmt: skip
        yield Case(f"html-as-xls-{number}", start + b"<tr><td>1", "html_workbook", "table", ".xls")
    old = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    yield Case("xml-2003", old, "old_workbook", "table", ".xls")
    yield Case("map-as-table", makers.geojson(), "not_a_table", "table", ".xlsx")
    yield Case("kml-as-table", makers.kml(), "not_a_table", "table", ".csv")
    yield Case("gpx-as-table", makers.gpx(), "not_a_table", "table")
    yield Case("shapefile-as-table", makers.shapefile(), "not_a_table", "table", ".xlsx")
    yield Case("table-as-map", xlsx(), "not_a_map", "map", ".geojson")
    yield Case("csv-as-map", b"a;b\n1;2\n", "not_a_map", "map", ".kml")


def cases():
    yield from bombs()
    yield from cells()
    yield from books()
    yield from others()
