"""Cells as people write them, read with the type of their column.

Files, the page on which cells are mended and the form on a phone all ask this one
function, so that “1.234” means the same wherever it is typed. Reading what was read
already changes nothing.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from geo.lib.coordinates import NotACoordinate, read_coordinate
from geo.lib.grids import (
    CHOICE,
    DATE,
    LAT,
    LON,
    NO_DATA,
    NUMBER,
    NUMERIC,
    WHOLE,
    YES_NO,
    Cell,
    Column,
)
from geo.lib.numbers import AmbiguousNumber, NotANumber, read_number

MOST_LETTERS = 2000
# Nothing that is counted or measured here is greater; the database holds no more either.
GREATEST = 1e15
DASHES = {"-", "–", "—", "--", "---", "−", "_"}
NONE_WORDS = {"nihil", "nil", "kosong", "none"}
NO_DATA_WORDS = {
    NO_DATA, "tidak ada data", "tdk ada data", "tak ada data", "belum ada data", "tad", "t.a.d",
    "tidak diketahui", "belum diketahui", "no data", "not known", "unknown", "n/a", "na", "#n/a",
    "tidak tersedia", "data tidak ada", "not available", "…", "...", "..",
}  # fmt: skip
# What is never assessed says nothing here: whoever publishes knows it by the kind of area.
EMPTY_WORDS = {"not_assessed", "tidak dinilai", "not assessed"}
YES_WORDS = {"ya", "y", "yes", "ada", "true", "benar", "1", "v", "✓", "✔", "√", "sudah"}
NO_WORDS = {"tidak", "tdk", "t", "no", "n", "tidak ada", "tdk ada", "false", "salah", "0",
            "x", "✗", "belum"}  # fmt: skip
DAY_FIRST = re.compile(r"([0-9]{1,2})[ ./-]([0-9]{1,2}|[a-z]{3,})[ ./-]([0-9]{4})")
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})([T ]00:00(:00)?)?")
MONTH_WORDS = {
    word: month
    for month, words in enumerate(
        ("jan", "feb peb", "mar", "apr", "mei may", "jun", "jul", "agu ags aug", "sep", "okt oct",
         "nov nop", "des dec"),
        start=1,
    )
    for word in words.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellFault:
    """Why a cell cannot be read: one of ``CODES``, and what a sentence about it needs."""

    code: str
    found: str
    facts: dict[str, Any] = field(default_factory=dict)


(
    NOT_A_NUMBER,
    AMBIGUOUS,
    DASH,
    DATE_IN_NUMBER,
    TOO_GREAT,
    NOT_A_CHOICE,
    NOT_YES_NO,
    NOT_A_DATE,
    TOO_LONG,
    NOT_A_COORDINATE,
) = CODES = (
    "not_a_number",
    "ambiguous",
    "dash",
    "date_in_number",
    "too_great",
    "not_a_choice",
    "not_yes_no",
    "not_a_date",
    "too_long",
    "not_a_coordinate",
)


# Reads “1.234,5” only as 1234.5, and so tells which mark a file parts its decimals with.
DECIMALS = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}([. ,])[0-9]{3}(\2[0-9]{3})*)([.,])[0-9]+")


RUPIAH = {"Rp", "rupiah"}  # as columns of money have it
# Not “M”, which is a milliard to one and a million to another.
RUPIAH_WORDS = {
    "ribu": 10**3,
    "rb": 10**3,
    "juta": 10**6,
    "jt": 10**6,
    "miliar": 10**9,
    "milyar": 10**9,
    "triliun": 10**12,
}
AROUND_RUPIAH = re.compile(
    r"^(rp|idr)\.?\s*|(?<=[0-9])[.,]-{1,2}$|\s*(rupiah|rp|idr)$", re.IGNORECASE
)
RUPIAH_WORD = re.compile(rf"\s*({'|'.join(RUPIAH_WORDS)})$", re.IGNORECASE)


def read_cell(
    raw: str | float | bool | None, column: Column, decimal: str | None = None
) -> Cell | CellFault:
    """Read one cell.

    Parameters
    ----------
    raw
        Text as it was typed, or a number, truth or ISO date as a workbook holds it.
    column
        Its type decides: “1.234” is 1234 in a column of whole numbers; in a column of
        measures it is a fault, unless only one reading lies in the column's range. A dash
        and “nihil” are 0 in a column of whole numbers.
    decimal
        “,” or “.” where it is known which of them parts the decimals (``decimal_mark``).

    Returns
    -------
    Cell or CellFault
        None for what says nothing; ``NO_DATA`` where somebody says that there is no
        figure; whole numbers as ``int``, dates as ISO text, choices by their code.
    """
    if raw is None:
        return None
    if isinstance(raw, str):
        raw = tidy(raw)
        if not raw:
            return None
        word = raw.casefold()
        if word in EMPTY_WORDS:
            return None
        if word in NO_DATA_WORDS and column.type not in (CHOICE, YES_NO):
            return NO_DATA
    if column.type in NUMERIC:
        return _read_number(raw, column, decimal)
    return READERS.get(column.type, _read_text)(raw, column)


def cell_or_text(
    raw: str | float | bool | None, column: Column, decimal: str | None = None
) -> Cell:
    """Read one cell for a grid: what cannot be read stays in it as the text that was typed."""
    read = read_cell(raw, column, decimal)
    return tidy(as_typed(raw)) if isinstance(read, CellFault) else read


def tidy(text: str) -> str:
    """The text in composed letters, with single blanks and none at its ends.

    The apostrophe goes that spreadsheets put before what shall stay text.
    """
    return " ".join(unicodedata.normalize("NFC", text).split()).removeprefix("'")


def decimal_mark(cells: Iterable[Cell]) -> str | None:
    """Which mark parts the decimals in a file, by the texts that have only one reading.

    Returns
    -------
    str or None
        “,” or “.”; None where no text tells, or where they contradict each other.
    """
    found = set()
    for cell in cells:
        written = DECIMALS.fullmatch(tidy(cell).rstrip("% ")) if isinstance(cell, str) else None
        # “1.234.567” parts thousands alone.
        if written and written[2] != written[4]:
            try:
                read_number(written[0])
            except (AmbiguousNumber, NotANumber):
                continue
            found.add(written[4])
    return found.pop() if len(found) == 1 else None


def as_typed(cell: Cell) -> str:
    """A cell as text that ``read_cell`` reads as the same again."""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < GREATEST:
        return str(int(cell))
    if isinstance(cell, float):
        return repr(cell).replace(".", ",")
    return "" if cell is None else str(cell)


# --- numbers -----------------------------------------------------------------------


def _read_number(raw: str | float | bool, column: Column, decimal: str | None) -> Cell | CellFault:
    if not isinstance(raw, str):
        # Most cells of most files: a number as it should be.
        if not isinstance(raw, bool) and -GREATEST < raw < GREATEST:
            return int(raw) if raw == int(raw) else raw
        is_number = not isinstance(raw, bool) and math.isfinite(raw)
        return CellFault(TOO_GREAT if is_number else NOT_A_NUMBER, as_typed(raw))
    if raw in DASHES or raw.casefold() in NONE_WORDS:
        if column.type == WHOLE or raw not in DASHES:
            return 0
        return CellFault(DASH, raw)
    if column.unit in RUPIAH:
        return _read_rupiah(raw)
    return _read_written(_without_unit(raw, column.unit), raw, column, decimal)


def _read_written(written: str, raw: str, column: Column, decimal: str | None) -> Cell | CellFault:
    try:
        # Nobody counts parts of persons: “1,204” are thousands in a column of whole numbers.
        # Coordinates are copied from maps, whatever the rest of the file writes.
        return _finite(read_number(written, decimal if column.type == NUMBER else None), raw)
    except AmbiguousNumber as error:
        return _choose(error.readings, column, raw)
    except NotANumber:
        if column.type in (LON, LAT):
            return _read_degrees(raw)
        return CellFault(DATE_IN_NUMBER if ISO_DAY.match(raw) else NOT_A_NUMBER, raw)


def _read_rupiah(raw: str) -> Cell | CellFault:
    """An amount of money: “Rp 62.000.000,-”, “1,5 miliar”."""
    written = AROUND_RUPIAH.sub("", raw)
    word = RUPIAH_WORD.search(written)
    times = RUPIAH_WORDS[word[1].casefold()] if word else 1
    try:
        return _finite(round(read_number(RUPIAH_WORD.sub("", written)) * times, 2), raw)
    except AmbiguousNumber as error:
        # Nobody writes a part of a rupiah with three digits, but “1.500 miliar” can be both.
        large, small = (reading * times for reading in error.readings)
        both = {"large": large, "small": small}
        return CellFault(AMBIGUOUS, raw, both) if word else _finite(large, raw)
    except NotANumber:
        return CellFault(DATE_IN_NUMBER if ISO_DAY.match(raw) else NOT_A_NUMBER, raw)


def _read_degrees(raw: str) -> Cell | CellFault:
    """A coordinate in degrees, minutes and seconds, or with its side of the equator behind it."""
    try:
        return read_coordinate(raw)
    except NotACoordinate:
        return CellFault(NOT_A_COORDINATE, raw)


def _choose(readings: tuple[float, float], column: Column, raw: str) -> Cell | CellFault:
    """One of two readings: the whole number where things are counted, else the likely one."""
    grouped, _decimal = readings
    if column.type == WHOLE:
        return _finite(grouped, raw)
    low = -math.inf if column.lowest is None else column.lowest
    high = math.inf if column.highest is None else column.highest
    possible = [value for value in readings if low <= value <= high]
    if len(possible) == 1:
        return _finite(possible[0], raw)
    return CellFault(AMBIGUOUS, raw, {"large": readings[0], "small": readings[1]})


def _finite(value: float, raw: str) -> Cell | CellFault:
    if abs(value) >= GREATEST:
        return CellFault(TOO_GREAT, raw)
    return int(value) if value.is_integer() else value


def _without_unit(text: str, unit: str) -> str:
    """A number without the unit behind it: “45 %” of a share, “12 orang”.

    Only the column's own: “70 %” where persons are counted is no number of persons.
    """
    if unit and text.casefold().endswith(unit.casefold()) and text != unit:
        return text[: -len(unit)].rstrip()
    return text


# --- words, choices, days ------------------------------------------------------------


def _read_text(raw: str | float | bool, column: Column) -> Cell | CellFault:
    text = raw if isinstance(raw, str) else as_typed(raw)
    if text in DASHES:
        return None
    if len(text) > MOST_LETTERS:
        return CellFault(TOO_LONG, text[:40] + "…", {"length": len(text), "most": MOST_LETTERS})
    return text


def _read_choice(raw: str | float | bool, column: Column) -> Cell | CellFault:
    text = raw if isinstance(raw, str) else as_typed(raw)
    if text in DASHES or text.casefold() in NONE_WORDS | NO_DATA_WORDS:
        return None
    for code, label in column.choices:
        if _squeezed(text) in (_squeezed(code), _squeezed(str(label))):
            return code
    # “Langkan” where the list has “Desa Langkan”, as long as no other choice ends so.
    named = [
        code
        for code, label in column.choices
        if str(label).casefold().endswith(f" {text.casefold()}")
    ]
    if len(named) == 1:
        return named[0]
    allowed = ", ".join(str(label) for _code, label in column.choices)
    return CellFault(NOT_A_CHOICE, text, {"allowed": allowed})


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _read_yes_no(raw: str | float | bool, column: Column) -> Cell | CellFault:
    if isinstance(raw, bool):
        return raw
    word = (raw if isinstance(raw, str) else as_typed(raw)).casefold()
    if word in DASHES or word in NO_DATA_WORDS:
        return None
    if word in YES_WORDS or word in NO_WORDS:
        return word in YES_WORDS
    return CellFault(NOT_YES_NO, word)


def _read_date(raw: str | float | bool, column: Column) -> Cell | CellFault:
    text = raw if isinstance(raw, str) else as_typed(raw)
    if text in DASHES:
        return None
    iso, day_first = ISO_DAY.fullmatch(text), DAY_FIRST.fullmatch(text.casefold())
    parts: tuple[str, str, str] | None = None
    if iso:
        parts = iso[1], iso[2], iso[3]
    elif day_first:
        month = MONTH_WORDS.get(day_first[2][:3], day_first[2])
        parts = day_first[3], str(month), day_first[1]
    try:
        year, month, day = (int(part) for part in parts or ())
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return CellFault(NOT_A_DATE, text)


READERS = {CHOICE: _read_choice, YES_NO: _read_yes_no, DATE: _read_date}
