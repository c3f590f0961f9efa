"""Tables of road surveys as offices send them: form DD-1 and lists like it.

Headings take up to three rows with merged cells, a row of column numbers may
follow, totals and footnotes come last, lengths are in km with a decimal comma
and "-" for nothing. Here such a table becomes rows of cells under fields;
faults are values, in words that the importer explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from geo.lib.numbers import NOTHING, AmbiguousNumber, NotANumber, read_number
from geo.lib.tables import Cell, as_text

Line = tuple[int, list[Cell]]

# Rows that are no roads: totals, and what stands below the table.
CLOSING = ("jumlah", "total", "keterangan", "catatan", "sumber", "ket ", "mengetahui")
FACTS = {
    "number": ("no ruas", "nomor ruas", "no ruas jalan", "nomor ruas jalan", "kode ruas"),
    "name": ("nama ruas", "nama ruas jalan", "nama jalan", "nama pangkal ruas", "ruas jalan"),
    "length_m": ("panjang", "panjang ruas", "panjang jalan", "total panjang", "panjang total"),
    "width_m": ("lebar", "lebar ruas", "lebar jalan", "lebar rata rata"),
    "surface": ("permukaan", "jenis permukaan", "perkerasan", "jenis perkerasan"),
    "daily_traffic": ("lhr", "lhrt", "lalu lintas harian rata rata"),
}
MOST_HEADING_ROWS = 4
GROUPS = ("panjang", "kondisi", "permukaan", "perkerasan")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, its heading, what it holds, and in which unit."""

    place: int
    heading: str
    field: str
    metres: float = 1


@dataclass(frozen=True, slots=True)
class TableFault:
    """A fault of a table: row and heading where known, a word for the reason, what was found."""

    row: int | None
    column: str
    reason: str
    found: str = ""


@dataclass(slots=True)
class SurveyTable:
    """Columns under fields, and the rows below the heading that may be roads."""

    columns: list[Column] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)
    faults: list[TableFault] = field(default_factory=list)


def plain(text: str) -> str:
    """Lower-case words without punctuation, units in brackets or repeated blanks."""
    without_unit = re.sub(r"\((km|m|%|meter|kilometer)\)", " ", text.lower())
    return " ".join(re.findall(r"[a-z0-9%]+", without_unit))


# --- headings ---------------------------------------------------------------


def read_survey_table(
    lines: Iterable[Line], words: Mapping[str, str], km: bool | None = None
) -> SurveyTable:
    """Find the heading of a survey table and what its columns hold.

    Parameters
    ----------
    lines
        As ``tables.read_lines`` gives them.
    words
        The class set: plain words of surfaces and conditions to fields such as
        ``good_m``.
    km
        Whether lengths are in km; by default as the headings say, else km.

    Returns
    -------
    SurveyTable
        Faults: ``no_heading``, ``unknown_class`` (a column below a heading of
        conditions or surfaces whose word the set does not know),
        ``column_twice``, ``no_column``.
    """
    filled = [(n, cells) for n, cells in lines if any(as_text(c).strip() for c in cells)]
    start = next((i for i, (_n, cells) in enumerate(filled) if _begins_heading(cells)), None)
    if start is None:
        return SurveyTable(faults=[TableFault(None, "", "no_heading")])
    end = start + 1
    while end < len(filled) and end < start + MOST_HEADING_ROWS and _is_heading(filled[end][1]):
        end += 1
    table = SurveyTable(rows=[line for line in filled[end:] if not _counts_columns(line[1])])
    for place, path in enumerate(_paths([cells for _n, cells in filled[start:end]])):
        _take_column(table, place, path, words, km, filled[start][0])
    _check_columns(table)
    return table


def _begins_heading(cells: Sequence[Cell]) -> bool:
    keys = {plain(as_text(cell)) for cell in cells}
    return bool(keys & {*FACTS["number"], *FACTS["name"]})


def _is_heading(cells: Sequence[Cell]) -> bool:
    """A row without numbers of its own still belongs to the heading."""
    texts = [as_text(cell).strip() for cell in cells]
    return not any(re.match(r"[-–0-9]", text) for text in texts if text)


def _counts_columns(cells: Sequence[Cell]) -> bool:
    """The row 1, 2, 3 … under the heading of an official table."""
    found = [as_text(cell).strip(" ()") for cell in cells if as_text(cell).strip()]
    return len(found) > 2 and found == [str(n) for n in range(1, len(found) + 1)]


def _paths(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """The texts above each column, from the group down to the column's own.

    A merged cell holds its text only at its left: it is carried to the right
    for as long as something stands below that needs it.
    """
    width = max(len(row) for row in rows)
    grid = [[as_text(c).strip() for c in row] + [""] * (width - len(row)) for row in rows]
    for level, row in enumerate(grid[:-1]):
        for place in range(1, width):
            below = any(lower[place] for lower in grid[level + 1 :])
            same_group = all(grid[above][place] == grid[above][place - 1] for above in range(level))
            if not row[place] and below and row[place - 1] and same_group:
                row[place] = row[place - 1]
    return [[row[place] for row in grid if row[place]] for place in range(width)]


def _take_column(
    table: SurveyTable,
    place: int,
    path: list[str],
    words: Mapping[str, str],
    km: bool | None,
    row: int,
) -> None:
    heading = " / ".join(dict.fromkeys(path))
    if "%" in heading:  # shares follow from lengths, and are not kept
        return
    keys = [plain(text) for text in path]
    keys = [key for key in keys if key not in {"", "km", "m"}]
    own = keys[-1] if keys else ""
    in_group = len(keys) > 1 and any(g in key for key in keys[:-1] for g in GROUPS)
    found = words.get(own) or _fact(own, in_group)
    if found is None:
        looks = own.startswith(("rusak", "baik", "sedang")) or in_group
        if looks and own:
            table.faults.append(TableFault(row, heading, "unknown_class", own))
        return
    metres = _unit(heading, km) if found.endswith("_m") and found != "width_m" else 1.0
    table.columns.append(Column(place, heading, found, metres))


def _fact(own: str, in_group: bool) -> str | None:
    names = {name: key for key, listed in FACTS.items() for name in listed}
    return None if in_group else names.get(own)


def _unit(heading: str, km: bool | None) -> float:
    if km is None:
        text = heading.lower()
        km = not (re.search(r"\((m|meter)\)|/ (m|meter)$", text) and "km" not in text)
    return 1000.0 if km else 1.0


def _check_columns(table: SurveyTable) -> None:
    fields = [column.field for column in table.columns]
    for name in ("number", "length_m"):
        if name not in fields:
            table.faults.append(TableFault(None, "", "no_column", name))
    for name in FACTS:
        if fields.count(name) > 1:
            table.faults.append(TableFault(None, "", "column_twice", name))


# --- cells ------------------------------------------------------------------


def is_road(cells: Sequence[Cell], number_place: int) -> bool:
    """Whether the row is a road, not a total, a footnote or a title of a group."""
    texts = [as_text(cell).strip() for cell in cells]
    first = next((text for text in texts if text), "")
    if first.startswith(("*", "†")) or plain(first).startswith(CLOSING):
        return False
    number = texts[number_place] if number_place < len(texts) else ""
    n_filled = sum(1 for text in texts if text)
    if not number and any(plain(text).startswith(CLOSING[:2]) for text in texts):
        return False
    return n_filled > 1


def find_decimal(texts: Iterable[str]) -> str | None:
    """Which mark parts the decimals in a whole table; None when nothing tells.

    Raises
    ------
    NotANumber
        When some cells can only be read one way and some only the other.
    """
    found = set()
    for text in texts:
        written = without_footnote(text)
        if re.fullmatch(
            r"0[.,][0-9]+|[0-9]+[.,]([0-9]{1,2}|[0-9]{4,})|[0-9]{4,}[.,][0-9]+", written
        ):
            found.add("," if "," in written else ".")
        elif re.fullmatch(r"[0-9]{1,3}([.,])[0-9]{3}[.,][0-9]+", written):
            found.add(re.findall(r"[.,]", written)[-1])
    if len(found) > 1:
        raise NotANumber("both , and . part decimals")
    return found.pop() if found else None


def without_footnote(text: str) -> str:
    """Take off the mark of a footnote: ``12,5*``, ``12,5 1)``."""
    return re.sub(r"\s*(\*+|[¹²³]|\s[0-9]\))\s*$", "", text.strip()).strip()


def read_length(cell: Cell, decimal: str | None) -> float | None:
    """Read a cell; None where it says "nothing".

    Raises
    ------
    NotANumber, AmbiguousNumber
    """
    if isinstance(cell, float):
        return cell
    text = without_footnote(cell or "")
    if text.lower() in NOTHING:
        return None
    return read_number(text, decimal)


__all__ = [
    "AmbiguousNumber",
    "Column",
    "NotANumber",
    "SurveyTable",
    "TableFault",
    "find_decimal",
    "is_road",
    "plain",
    "read_length",
    "read_survey_table",
    "without_footnote",
]
