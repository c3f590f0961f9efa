"""CSV from strangers: any usual encoding and separator; numbers stay the text they are."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable

from geo.lib.uploads.contract import Cell, RawSheet, Reading, column_letters
from geo.lib.uploads.faults import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_LETTERS,
    MOST_ROWS,
    Faults,
    Refused,
    TextCleaner,
)

SEPARATORS = (";", "\t", ",", "|", "^", "~")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Looked at to find the separator.
FIRST_LINES = 30
STATED_SEPARATOR = re.compile(r"sep=(.)\r?\n")
LOST = "\ufffd"


def read_text_table(content: bytes, reading: Reading, faults: Faults) -> None:
    """Read a CSV into one sheet named ``""``.

    Raises
    ------
    Refused
        ``not_text``, ``quote_open``, ``too_many_rows``, ``too_many_columns``,
        ``too_many_cells``.
    """
    text, reading.encoding = _decode(content, faults)
    stated = STATED_SEPARATOR.match(text)
    reading.separator = stated[1] if stated else find_separator(text)
    _check_quotes(text, reading.separator)
    reading.sheets = [RawSheet("", list(_lines(text, reading.separator, bool(stated), faults)))]


def _lines(
    text: str, separator: str, is_stated: bool, faults: Faults
) -> Iterable[tuple[int, list[Cell]]]:
    cleaner = TextCleaner()
    n_cells = 0
    for number, written in _records(text, separator):
        if number == 1 and is_stated:
            continue
        cells = [_cell(cell, cleaner, number, at, faults) for at, cell in enumerate(written)]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            n_cells += len(cells)
            _check_size(number, len(cells), n_cells)
            yield number, cells
    if cleaner.n_changed:
        column, row = cleaner.first
        faults.add("controls_removed", row=row, column=column, n=cleaner.n_changed)


def _decode(content: bytes, faults: Faults) -> tuple[str, str]:
    """Text and encoding; a mark at the beginning counts, then what cannot be by chance."""
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "")
    if not encoding and b"\0" in content[:1000]:
        encoding = _unmarked_utf16(content)
    if not encoding:
        try:
            return content.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            encoding = "cp1252"
            faults.add("encoding_guessed", found="Windows-1252")
    text = content.decode(encoding, errors="replace").removeprefix("\ufeff")
    n_lost = text.count(LOST)
    if n_lost:
        row = text[: text.index(LOST)].count("\n") + 1
        faults.add("letters_lost", row=row, n=n_lost, found=encoding)
    return text, encoding


def _unmarked_utf16(content: bytes) -> str:
    """UTF-16 of mostly Latin letters has a nought in every other byte."""
    even, odd = content[0:1000:2].count(0), content[1:1000:2].count(0)
    half = len(content[:1000]) // 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    raise Refused("not_text", at=content.index(0) + 1)


def find_separator(text: str) -> str:
    """Return the separator that cuts most of the first lines into equally many columns."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:FIRST_LINES]

    def agreement(separator: str) -> tuple[int, int]:
        widths = Counter(len(record) for record in csv.reader(lines, delimiter=separator))
        widths.pop(1, None)
        width, n = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return n, width

    try:
        return max(SEPARATORS, key=agreement)
    except csv.Error:
        return ","


def _check_quotes(text: str, separator: str) -> None:
    """Find the quotation mark that swallows the rest of the file, if there is one."""
    if text.count('"') % 2 == 0:
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for number, _cells in enumerate(reader, start=2):  # noqa: B007 the next one breaks off
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise Refused("quote_open", row=number) from error


def _records(text: str, separator: str) -> Iterable[tuple[int, list[str]]]:
    csv.field_size_limit(len(text) + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise Refused("not_text", at=reader.line_num) from error


def _cell(written: str, cleaner: TextCleaner, row: int, at: int, faults: Faults) -> Cell:
    if "\0" in written:
        raise Refused("not_text", at=row)
    if len(written) > MOST_LETTERS:
        column, found = column_letters(at), len(written)
        faults.add("cell_too_long", row=row, column=column, found=found, most=MOST_LETTERS)
        return None
    return cleaner.clean_cell(written, column_letters(at), row) or None


def _check_size(row: int, n_columns: int, n_cells: int) -> None:
    if n_columns > MOST_COLUMNS:
        raise Refused("too_many_columns", row=row, found=n_columns, most=MOST_COLUMNS)
    if row > MOST_ROWS:
        raise Refused("too_many_rows", sheet="CSV", most=MOST_ROWS)
    if n_cells > MOST_CELLS:
        raise Refused("too_many_cells", sheet="CSV", most=MOST_CELLS)
