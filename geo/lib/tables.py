"""Tables that people send: CSV in any usual dialect, and XLSX."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
LARGEST_FILE_BYTES = 50_000_000
MOST_ROWS = 200_000
ERROR, WARNING, NOTICE = "error", "warning", "notice"
# A spreadsheet takes a cell that begins like this for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | float | None


class UnreadableTable(ValueError):
    """The file is not a table; ``reason`` is one of the words the importer explains."""

    def __init__(self, reason: str, found: str = "") -> None:
        super().__init__(reason, found)
        self.reason = reason
        self.found = found


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing about an uploaded table, at a cell, a row, a column or the whole.

    ``rule`` names the check, so that a reason given for a warning finds it again.
    """

    row: int | None
    column: str
    found: str
    message: str
    severity: str
    rule: str = ""

    @property
    def key(self) -> str:
        """What a reason for this warning is kept under."""
        return f"{self.row or ''}:{self.column}:{self.rule}"


@dataclass(slots=True)
class Table:
    """A table as text and numbers; ``rows`` carry the line numbers people see in the file."""

    columns: list[str]
    rows: list[tuple[int, dict[str, Cell]]] = field(default_factory=list)
    too_long: list[int] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)


def read_table(
    path: Path, sheet: str | None = None, *, header_row: int | None = None, header_rows: int = 1
) -> Table:
    """Read a CSV or XLSX file.

    Parameters
    ----------
    path
        By its content, not its name: a workbook starts with ``PK``.
    sheet
        Of a workbook; the first without it.
    header_row
        Number of the first row of headings; the first row that is not empty
        without it.
    header_rows
        How many rows of headings there are. They are joined by " / "; a cell
        that is merged with the one before it takes its words from there.

    Rows of column numbers ("(1)", "(2)"), totals and notes below the table are
    left out and listed in ``left_out``.

    Raises
    ------
    UnreadableTable
        ``too_large``, ``empty``, ``not_text``, ``no_header``, ``column_twice``,
        ``no_sheet``, ``not_a_workbook``, ``too_many_rows``.
    """
    return _table(read_lines(path, sheet), header_row, header_rows)


def read_lines(
    path: Path, sheet: str | None = None, heading_word: str = ""
) -> Iterable[tuple[int, list[Cell]]]:
    """Read a CSV or XLSX file as it is: every line with its number, no heading looked for.

    Parameters
    ----------
    path, sheet
        As for ``read_table``.
    heading_word
        Of a CSV below a title: the separator is found in the first line that
        holds the word; without it, or without such a line, in the first line.

    Raises
    ------
    UnreadableTable
        ``too_large``, ``not_text``, ``no_sheet``, ``not_a_workbook``.
    """
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise UnreadableTable("too_large", str(path.stat().st_size))
    content = path.read_bytes()
    if content[:2] == b"PK":
        return _sheet_lines(content, sheet)
    return _csv_lines(content, heading_word)


def _csv_lines(content: bytes, heading_word: str = "") -> Iterable[tuple[int, list[Cell]]]:
    text = decode(content)
    if "\0" in text:
        raise UnreadableTable("not_text")
    marked = (line for line in text.splitlines() if heading_word and heading_word in line.lower())
    delimiter = find_delimiter(next(marked, text))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise UnreadableTable("not_text", str(error)) from error


def decode(content: bytes) -> str:
    """Decode bytes as UTF-8 with or without mark, UTF-16 with mark, else Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def find_delimiter(text: str) -> str:
    """Return the separator that cuts the first line into most columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def n_columns(delimiter: str) -> int:
        return len(next(csv.reader([first], delimiter=delimiter), []))

    return max(DELIMITERS, key=n_columns)


def _sheet_lines(content: bytes, sheet: str | None) -> Iterable[tuple[int, list[Cell]]]:
    # Web workers need the other names of this module, and never read a workbook.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError as error:
        raise UnreadableTable("not_a_workbook", str(error)) from error
    if not book.sheet_names or (sheet is not None and sheet not in book.sheet_names):
        raise UnreadableTable("no_sheet", ", ".join(book.sheet_names))
    rows = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python(skip_empty_area=False)
    for number, cells in enumerate(rows, start=1):
        yield number, [_cell(value) for value in cells]


def _cell(value: object) -> Cell:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int | float):
        return float(value)
    return str(value).strip()


# What begins the last rows of a published table, and the row of its sums.
NOTES = re.compile(r"(keterangan|catatan|sumber|note|notes|source)\b", re.IGNORECASE)
TOTALS = re.compile(r"(jumlah|total)( */ *(jumlah|total))?", re.IGNORECASE)
COLUMN_NUMBER = re.compile(r"\([0-9]+\)")


def _headings(rows: Sequence[list[Cell]]) -> list[str]:
    """Join rows of headings; the last names each column, those above span several."""
    width = max((len(row) for row in rows), default=0)
    parts: list[list[str]] = [[] for _column in range(width)]
    for place, row in enumerate(rows):
        spanning = ""
        for column in range(width):
            text = as_text(row[column]) if column < len(row) else ""
            # A heading that reaches down over several rows does not reach to the right.
            below = any(as_text(r[column]) for r in rows[place + 1 :] if column < len(r))
            spanning = text or (spanning if below else "")
            if spanning and spanning not in parts[column]:
                parts[column].append(spanning)
    return [" / ".join(texts) for texts in parts]


def _is_left_out(cells: Sequence[Cell]) -> bool:
    """Whether a row is of no area: a note, a total, or the numbers of the columns."""
    texts = [as_text(cell) for cell in cells if cell not in {"", None}]
    if all(COLUMN_NUMBER.fullmatch(text) for text in texts):
        return True
    first = texts[0]
    return bool(NOTES.match(first) and len(texts) <= 2) or bool(TOTALS.fullmatch(first))


def _columns(rows: Iterable[list[Cell]]) -> list[str]:
    columns = _headings(list(rows))
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise UnreadableTable("empty")
    if "" in columns:
        raise UnreadableTable("no_header", str(columns.index("") + 1))
    twice = {column for column in columns if columns.count(column) > 1}
    if twice:
        raise UnreadableTable("column_twice", ", ".join(sorted(twice)))
    return columns


def _table(
    lines: Iterable[tuple[int, list[Cell]]], header_row: int | None = None, header_rows: int = 1
) -> Table:
    lines = ((number, cells) for number, cells in lines if number >= (header_row or 0))
    filled = ((number, cells) for number, cells in lines if any(c not in {"", None} for c in cells))
    columns = _columns(cells for _number, cells in itertools.islice(filled, header_rows))
    table = Table(columns)
    for number, cells in filled:
        if len(table.rows) >= MOST_ROWS:
            raise UnreadableTable("too_many_rows", str(MOST_ROWS))
        if _is_left_out(cells):
            table.left_out.append((number, as_text(next(c for c in cells if c))))
            continue
        if any(cell not in {"", None} for cell in cells[len(columns) :]):
            table.too_long.append(number)
        padded = [*cells, *[""] * len(columns)]
        table.rows.append((number, dict(zip(columns, padded, strict=False))))
    return table


def as_text(cell: Cell) -> str:
    """Write a cell as text; a whole number has no decimals, so that codes stay codes."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell or ""


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a CSV with machine numbers, in which no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([[safe_cell(cell) for cell in row] for row in rows])
    return out.getvalue()


def safe_cell(cell: object) -> object:
    """Put an apostrophe before text that a spreadsheet would run; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return "" if cell is None else cell
