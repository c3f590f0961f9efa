"""Marking cells of somebody's workbook; runs in the sandbox (``returning`` is its parent).

Marks can be taken off again: what a cell looked like before stands on a hidden sheet, and our
words in a note begin with a sign of ours, so that a note of the owner survives.
"""

from __future__ import annotations

import io
import math
import tempfile
from collections.abc import Callable
from typing import IO, Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter

from geo.lib.uploads.personal import masked_cell
from geo.lib.workbooks.contract import MARKS_SHEET, OUR_SIGN

COLOURS = {"error": "FFF4B6B6", "warning": "FFFFDD8F", "notice": "FFCFE3F5", "comment": "FFE3D3F2"}
GRAVEST = ("notice", "comment", "warning", "error")
NOTE_WIDTH, NOTE_HEIGHT = 340, 150
WIDTHS = (22, 34, 22, 20, 90)
# Of a width counted in digits, words fill somewhat less.
LETTERS_IN_WIDTH, LINE_HEIGHT, MOST_DEEP = 0.9, 15, 25
FONT = "Calibri"
MOST_LETTERS, MOST_NAME = 30_000, 31
# What may hold the number of a person, and what stands where a person was named.
NUMBERED, HIDDEN = (str, int, float), "•••"
FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def prepare(_request: dict[str, Any]) -> None:
    """Do everything once: whatever is loaded late is loaded before the locks close."""
    book = Workbook()
    _write_note(book.active["A1"], "–")
    _link(book.active["A2"], "A1", "–")
    made = io.BytesIO()
    book.save(made)
    made.seek(0)
    load_workbook(made)
    # From now on only the child's own folder can be written into.
    tempfile.tempdir = "."


def answer(
    request: dict[str, Any], file: IO[bytes] | None, progress: Callable[[Any], None]
) -> bytes:
    """The workbook, marked."""
    if file is None:
        book = _build(request["sheets"])
    else:
        book = load_workbook(io.BytesIO(file.read()), keep_links=False)
        _take_off(book)
    progress({"step": "opened"})
    _hide_persons(book, request["hidden"])
    before = _put_on(book, request["marks"])
    _write_summary(book, request["summary"])
    _remember(book, before)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _build(sheets: list[dict[str, Any]]) -> Any:
    """A workbook of values alone, each where it stood in the file."""
    book = Workbook()
    book.remove(book.active)
    for one in sheets:
        sheet = book.create_sheet(one["name"].translate(FORBIDDEN_IN_NAMES)[:MOST_NAME] or "CSV")
        for line, cells in one["lines"]:
            for place, value in enumerate(cells, start=1):
                if value is not None:
                    _write(sheet.cell(line, place), value)
        for place in range(1, min(sheet.max_column, 60) + 1):
            sheet.column_dimensions[get_column_letter(place)].width = 16
    return book


# --- marks of an earlier time ---------------------------------------------------------


def _take_off(book: Any) -> None:
    """Remove all marks of ours: sheets, colours, notes."""
    remembered = _remembered(book)
    for sheet in list(book.worksheets):
        if sheet.title == MARKS_SHEET or is_ours(sheet):
            book.remove(sheet)
            continue
        for row in sheet.iter_rows():
            for cell in row:
                _clean(cell, remembered.get((sheet.title, cell.coordinate)))


def is_ours(sheet: Any) -> bool:
    """Whether a sheet is a summary that we wrote."""
    texts = (sheet.cell(line, 1).value for line in (1, 2, 3))
    return any(isinstance(text, str) and OUR_SIGN in text for text in texts)


def _remembered(book: Any) -> dict[tuple[str, str], str]:
    if MARKS_SHEET not in book.sheetnames:
        return {}
    rows = book[MARKS_SHEET].iter_rows(values_only=True, max_col=3)
    return {(str(row[0]), str(row[1])): str(row[2] or "") for row in rows if row and row[0]}


def _clean(cell: Any, look: str | None) -> None:
    if cell.comment is not None and OUR_SIGN in cell.comment.text:
        own = cell.comment.text.partition(OUR_SIGN)[0].strip()
        cell.comment = Comment(own, cell.comment.author or "") if own else None
    colour = cell.fill.start_color.rgb if cell.fill.fill_type == "solid" else None
    if isinstance(colour, str) and colour.upper() in COLOURS.values():
        cell.fill = _fill_of(look or "")


def _look_of(cell: Any) -> str:
    """A cell's own colour as text; "" where it has none."""
    colour = cell.fill.start_color
    if cell.fill.fill_type != "solid":
        return ""
    if colour.type == "theme":
        return f"theme {colour.theme} {colour.tint}"
    return f"rgb {colour.rgb}" if colour.type == "rgb" else f"indexed {colour.indexed}"


def _fill_of(look: str) -> PatternFill:
    kind, *rest = look.split() or [""]
    try:
        if kind == "theme":
            return PatternFill("solid", start_color=Color(theme=int(rest[0]), tint=float(rest[1])))
        if kind == "rgb":
            return PatternFill("solid", start_color=rest[0])
        if kind == "indexed":
            return PatternFill("solid", start_color=Color(indexed=int(rest[0])))
    except (ValueError, IndexError):
        pass
    return PatternFill()


# --- persons ----------------------------------------------------------------------------


def _hide_persons(book: Any, hidden: list[dict[str, Any]]) -> None:
    """Give nothing of a person back: numbers are masked, columns of names are emptied."""
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            kept = masked_cell(cell.value) if isinstance(cell.value, NUMBERED) else cell.value
            if kept != cell.value:
                _write(cell, kept)
    for one in hidden:
        sheet = _sheet_of(book, one["sheet"])
        if sheet is not None:
            _empty_column(sheet, one["column"] + 1, one["line"], one["heading"])


def _empty_column(sheet: Any, column: int, first: int, heading: str) -> None:
    for (cell,) in sheet.iter_rows(first, None, column, column):
        is_plain = cell.value is not None and type(cell).__name__ != "MergedCell"
        if is_plain and not str(cell.value).startswith(heading):
            _write(cell, HIDDEN)


# --- marks ----------------------------------------------------------------------------


def _put_on(book: Any, marks: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Colour cells and write notes; returns (sheet, cell, colour before)."""
    by_place: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
    for mark in marks:
        place = mark["place"]
        by_place.setdefault((place["sheet"], place["line"], place["column"]), []).append(mark)
    before = []
    for (name, line, column), said in by_place.items():
        sheet = _sheet_of(book, name)
        if sheet is None or not (1 <= line <= 1_048_576 and 0 <= column < 16_384):
            continue
        cell = sheet.cell(line, column + 1)
        if type(cell).__name__ == "MergedCell":
            continue
        for mark in said:
            if mark["is_changed"]:
                _write(cell, mark["value"])
        texts = [mark["text"] for mark in said if mark["text"]]
        if not texts:
            continue
        before.append((sheet.title, cell.coordinate, _look_of(cell)))
        gravest = max((mark["severity"] for mark in said if mark["text"]), key=GRAVEST.index)
        cell.fill = PatternFill("solid", start_color=COLOURS[gravest])
        _write_note(cell, "\n\n".join(texts))
    return before


def _sheet_of(book: Any, name: str) -> Any:
    if name in book.sheetnames:
        return book[name]
    return book.worksheets[0] if not name and book.worksheets else None


def _write_note(cell: Any, text: str) -> None:
    own = f"{cell.comment.text}\n\n" if cell.comment is not None else ""
    note = Comment(f"{own}{OUR_SIGN} {text}"[:MOST_LETTERS], "Peta")
    note.width, note.height = NOTE_WIDTH, NOTE_HEIGHT
    cell.comment = note


def _write(cell: Any, value: Any) -> None:
    """Write a value; a text stays a text, whatever it begins with."""
    cell.value = value
    if isinstance(value, str) and cell.data_type == "f":
        cell.data_type = "s"
        cell.quotePrefix = True


# --- the summary ------------------------------------------------------------------------


def _write_summary(book: Any, summary: dict[str, Any]) -> None:
    sheet = book.create_sheet(_free_name(book, summary["sheet"]), 0)
    _write(sheet["A1"], summary["title"])
    sheet["A1"].font = Font(name=FONT, bold=True, size=14, color="FF0D5C63")
    _write(sheet["A2"], f"{summary['note']} {OUR_SIGN}")
    for place, text in enumerate(summary["header"], start=1):
        cell = sheet.cell(4, place, text)
        cell.font = Font(name=FONT, bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", start_color="FF0D5C63")
    for n, problem in enumerate(summary["problems"], start=5):
        _write_problem(sheet, n, problem, book)
    for place, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0


def _write_problem(sheet: Any, line: int, problem: dict[str, Any], book: Any) -> None:
    place = problem["place"]
    told = (problem["where"], problem["found"], problem["severity_words"], problem["message"])
    for column, text in enumerate(told, start=2):
        cell = sheet.cell(line, column)
        _write(cell, text[:MOST_LETTERS])
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    # Not every program makes room for wrapped text by itself.
    deep = max(
        math.ceil(len(text) / (WIDTHS[n] * LETTERS_IN_WIDTH)) for n, text in enumerate(told, 1)
    )
    sheet.row_dimensions[line].height = LINE_HEIGHT * min(max(deep, 1), MOST_DEEP)
    sheet.cell(line, 4).fill = PatternFill("solid", start_color=COLOURS[problem["severity"]])
    target = _sheet_of(book, place["sheet"]) if place else None
    if place and target is not None:
        address = f"{get_column_letter(place['column'] + 1)}{place['line']}"
        name = target.title.replace("'", "''")
        _link(sheet.cell(line, 1), f"'{name}'!{address}", f"{target.title} {address}")


def _link(cell: Any, location: str, text: str) -> None:
    _write(cell, text)
    cell.hyperlink = f"#{location}"
    cell.font = Font(name=FONT, underline="single", color="FF0B5FA5")
    cell.alignment = Alignment(vertical="top")


def _free_name(book: Any, wanted: str) -> str:
    names = {name.casefold() for name in book.sheetnames}
    n, name = 1, wanted
    while name.casefold() in names:
        n += 1
        name = f"{wanted} {n}"
    return name


def _remember(book: Any, before: list[tuple[str, str, str]]) -> None:
    """Note on a hidden sheet what the marked cells looked like."""
    sheet = book.create_sheet(MARKS_SHEET)
    for row in before:
        sheet.append(row)
    sheet.sheet_state = "hidden"
