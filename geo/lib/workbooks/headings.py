"""Which column of a table holds what: by our line of codes, else by what the headings say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geo.lib.grids import Cell, Column
from geo.lib.workbooks.contract import ROW_CODES
from geo.lib.workbooks.vocabulary import (
    BPS_HEADINGS,
    CODE_HEADINGS,
    DISTRICT_HEADINGS,
    NAME_HEADINGS,
    NUMBERING_HEADINGS,
    SIDE_WORDS,
    squeezed,
)

FIRST_LINES = 40
MOST_DEEP = 3
Lines = Sequence[tuple[int, Sequence[Cell]]]
CODE, BPS, NAME, DISTRICT, NUMBERING = "code", "bps", "name", "district", "numbering"
ROLES = {
    CODE: CODE_HEADINGS,
    BPS: BPS_HEADINGS,
    NAME: NAME_HEADINGS,
    DISTRICT: DISTRICT_HEADINGS,
    NUMBERING: NUMBERING_HEADINGS,
}


@dataclass(slots=True)
class Table:
    """A table on a sheet: ``figures`` by code of a column, ``areas`` by role, both as places.

    ``first`` counts the lines given, up to where rows begin. ``strangers`` are headings that
    mean nothing here; ``twice`` the codes that several columns claim.
    """

    figures: dict[str, int] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    first: int = 0
    strangers: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    has_codes: bool = False


def find_table(lines: Lines, columns: Sequence[Column]) -> Table | None:
    """Find the headings of a table among the first lines; None where none are known."""
    by_codes = _by_codes(lines, columns)
    return by_codes or _by_labels(lines, columns)


def _by_codes(lines: Lines, columns: Sequence[Column]) -> Table | None:
    """A line that holds codes of columns, whatever order they are in."""
    known, own = _known_codes(columns), {column.code for column in columns}
    needed = min(2, len(columns))
    for at, (_number, cells) in enumerate(lines[:FIRST_LINES]):
        texts = [cell.strip() if isinstance(cell, str) else "" for cell in cells]
        # Ours begins so; a list may also know “kode” as another name of one of its columns.
        of_columns = ["", *texts[1:]] if texts[:1] == [ROW_CODES] else texts
        found = [(known[text], place) for place, text in enumerate(of_columns) if text in known]
        # Other names of columns may be what people call them: they alone make no line of codes.
        if len(found) < needed or not own.intersection(texts):
            continue
        table = Table(first=at + 1, has_codes=True)
        for code, place in found:
            if code in table.figures:
                table.twice.append(code)
            table.figures.setdefault(code, place)
        _find_areas(texts, table)
        if 0 not in table.figures.values():
            table.areas.setdefault(CODE, 0)
        for _line, above in lines[max(0, at - MOST_DEEP) : at]:
            _find_areas([str(cell or "") for cell in above], table)
        return table
    return None


def _known_codes(columns: Sequence[Column]) -> dict[str, str]:
    """Codes of columns, and former codes that are declared as other names of one."""
    former = {alias: one.code for one in columns for alias in one.aliases if alias.isidentifier()}
    return former | {column.code: column.code for column in columns}


def _find_areas(texts: Sequence[str], table: Table) -> list[int]:
    places = []
    for place, text in enumerate(texts):
        for role, words in ROLES.items():
            if squeezed(text) in words:
                table.areas.setdefault(role, place)
                places.append(place)
    return places


# --- by what they say --------------------------------------------------------------


def _by_labels(lines: Lines, columns: Sequence[Column]) -> Table | None:
    """The headings, one to three lines deep, that name most columns of the form."""
    names = columns_by_name(columns)
    best, best_score = None, 0
    for at in range(min(len(lines), FIRST_LINES)):
        for deep in range(1, MOST_DEEP + 1):
            if at + deep > len(lines):
                break
            table = _read_headings(lines, at, deep, names)
            # Of two that know as many columns, the shorter: more lines would be rows.
            score = 10 * len(table.figures) + len(table.areas)
            if table.figures and score > best_score:
                best, best_score = table, score
    return best


def columns_by_name(columns: Sequence[Column]) -> dict[str, str]:
    """Code by what a heading may say, squeezed; what several columns are called counts for none."""
    found: dict[str, set[str]] = {}
    for column in columns:
        for name in _names_of(column):
            found.setdefault(squeezed(name), set()).add(column.code)
    return {name: codes.pop() for name, codes in found.items() if name and len(codes) == 1}


def _names_of(column: Column) -> set[str]:
    names = {column.code, column.label, *column.aliases}
    if column.unit:
        names |= {f"{name} {column.unit}" for name in names}
    if not column.group:
        return names
    sides = {column.label}
    side = next((s for s in SIDE_WORDS if column.code.endswith(f"_{s}")), None)
    sides |= SIDE_WORDS[side] if side else set()
    return {column.code} | {f"{column.group} {one}" for one in sides} | set(column.aliases)


def _read_headings(lines: Lines, at: int, deep: int, names: Mapping[str, str]) -> Table:
    table = Table(first=at + deep)
    spread = _spread([cells for _number, cells in lines[at : at + deep]])
    for place, parts in enumerate(spread):
        filled = [part for part in dict.fromkeys(parts) if part]
        if not filled:
            continue
        # The whole heading, without its outermost lines, and its last line alone.
        tried = [" ".join(filled[n:]) for n in range(len(filled))]
        code = next((names[squeezed(text)] for text in tried if squeezed(text) in names), None)
        if code and code in table.figures:
            table.twice.append(code)
        elif code:
            table.figures[code] = place
        elif not _find_areas_at(place, filled, table):
            table.strangers.append(" ".join(filled))
    return table


def _find_areas_at(place: int, parts: Sequence[str], table: Table) -> bool:
    for role, words in ROLES.items():
        if any(squeezed(part) in words for part in parts):
            table.areas.setdefault(role, place)
            return True
    return False


def _spread(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Headings of each column, from above; what spans several says the same over all of them."""
    width = max((len(row) for row in rows), default=0)
    parts: list[list[str]] = [[] for _column in range(width)]
    for level, row in enumerate(rows):
        spanning = ""
        for place in range(width):
            cell = row[place] if place < len(row) else None
            text = str(cell).strip() if isinstance(cell, str) else ""
            below = any(place < len(other) and other[place] for other in rows[level + 1 :])
            spanning = text or (spanning if below else "")
            parts[place].append(spanning)
    return parts
