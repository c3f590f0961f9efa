"""Which column of a LAMPID form or table holds what: headings of one to three rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.lib.tables import Cell, as_text

# What a block is called. The first that fits wins: "penduduk akhir bulan lalu" is an opening,
# "datang dari dalam kabupaten" is not all that came.
WITHIN = r"dalam|within|antar ?(desa|kecamatan|kelurahan)|intern"
ACROSS = r"\bluar|outside"
BLOCKS: tuple[tuple[str, str], ...] = (
    # Not needed: all that came less those from within. Never to be taken for all.
    ("arrivals_outside", rf"(datang|masuk|arriv).*({ACROSS})|({ACROSS}).*(datang|masuk|arriv)"),
    ("departures_outside", rf"(pindah|pergi|depart).*({ACROSS})|({ACROSS}).*(pindah|pergi|depart)"),
    ("arrivals_within", rf"(datang|masuk|arriv).*({WITHIN})|({WITHIN}).*(datang|masuk|arriv)"),
    (
        "departures_within",
        rf"(pindah|pergi|keluar|depart).*({WITHIN})|({WITHIN}).*(pindah|pergi|keluar|depart)",
    ),
    ("opening", r"\bawal\b|\blalu\b|\bopening\b"),
    ("closing", r"\bakhir\b|\bsekarang\b|\bclosing\b|bulan ini"),
    ("births", r"\blahir|\bkelahiran|\bbirth"),
    ("deaths", r"\bmati\b|meninggal|kematian|\bdeath"),
    ("missing", r"\bhilang|\bmissing"),
    ("arrivals", r"datang|\bmasuk|arrival"),
    ("departures", r"pindah|pergi|keluar|departure"),
)
SIDES: tuple[tuple[str, str], ...] = (
    ("households", r"(^|\b)(kk|jml kk|jumlah kk|kepala keluarga|keluarga|households?)$"),
    ("total", r"(^|\b)(l ?\+ ?p|l ?/ ?p|lp|l p|jml|jumlah|total|jiwa|sum)$"),
    ("male", r"(^|\b)(l|lk|laki|laki laki|pria|males?)$"),
    ("female", r"(^|\b)(p|pr|perempuan|wanita|females?)$"),
)
AREA_HEADINGS = {
    "code": r"(kode( desa| wilayah| kemendagri)?|code)",
    "bps": r"(kode bps|bps( code)?|iddesa)",
    "name": r"((nama )?(desa|kelurahan)( kelurahan| desa)?|nmdesa|nama|name|village|uraian desa)",
    "district": r"((nama )?kecamatan|nmkec|district)",
    "period": r"(periode?|period|bulan|month|masa)",
}
MOST_HEADING_ROWS = 4


@dataclass(frozen=True, slots=True)
class Headings:
    """Columns by their place: ``areas`` by role, ``figures`` by (block, side).

    ``first_row`` is the line where rows begin, ``last_title`` the first of the
    headings, both counted in the lines that were given.
    """

    areas: Mapping[str, int]
    figures: Mapping[tuple[str, str], int]
    labels: Mapping[int, str]
    first_row: int
    last_title: int


def find_headings(lines: Sequence[tuple[int, list[Cell]]]) -> Headings | None:
    """Find the headings among the first lines.

    One line names a column for the area; headings go on below it while that
    column stays blank, and begin above it where a line names several blocks.
    A line that only numbers the columns (1, 2, 3 …) is passed over.

    Returns
    -------
    Headings or None
        None where no line names an area and no figure is recognised.
    """
    for place, (_number, cells) in enumerate(lines[:40]):
        areas = _areas_of(cells)
        if not areas.keys() & {"code", "bps", "name"}:
            continue
        key = next(areas[role] for role in ("code", "bps", "name") if role in areas)
        n_rows = _count_heading_rows(lines, place, key)
        top = place
        while top and sum(1 for c in lines[top - 1][1] if _block_of(plain(c))) > 1:
            top -= 1
        rows = [line[1] for line in lines[top : place + n_rows]]
        figures, labels = _figures_of(rows)
        if figures:
            first = place + n_rows
            while first < len(lines) and _is_numbering(lines[first][1]):
                first += 1
            return Headings(areas, figures, labels, first, top)
    return None


def plain(cell: Cell) -> str:
    """A heading in small letters, blanks for everything but letters, digits, + and /."""
    return re.sub(r"[^a-z0-9+/]+", " ", as_text(cell).lower()).strip()


def _areas_of(cells: Sequence[Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        text = plain(cell).replace("/", " ")
        for role, shape in AREA_HEADINGS.items():
            if re.fullmatch(shape, re.sub(r" +", " ", text)):
                found.setdefault(role, place)
    return found


def _count_heading_rows(lines: Sequence[tuple[int, list[Cell]]], place: int, key: int) -> int:
    n = 1
    while n < MOST_HEADING_ROWS and place + n < len(lines):
        cells = lines[place + n][1]
        if _is_numbering(cells) or plain(_cell(cells, key)):
            break
        if not any(_block_of(plain(c)) or _side_of(plain(c)) for c in cells):
            break
        n += 1
    return n


def _is_numbering(cells: Sequence[Cell]) -> bool:
    numbers = [as_text(cell).strip("()") for cell in cells if as_text(cell)]
    return len(numbers) > 3 and numbers == [str(n + 1) for n in range(len(numbers))]


def _cell(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else ""


def _figures_of(rows: Sequence[list[Cell]]) -> tuple[dict[tuple[str, str], int], dict[int, str]]:
    """Columns of figures and what their headings say, all rows of one column together."""
    width = max(len(row) for row in rows)
    spread = [[plain(_cell(row, place)) for place in range(width)] for row in rows]
    for level, row in enumerate(spread[:-1]):
        _spread_merged(row, spread[:level])
    figures: dict[tuple[str, str], int] = {}
    labels: dict[int, str] = {}
    for place in range(width):
        column = [row[place] for row in spread if row[place]]
        # The nearest heading counts, with as many above it as it takes to name a block.
        block = next(
            (b for n in range(len(column)) if (b := _block_of(" ".join(column[-n - 1 :])))), None
        )
        side = next((s for text in reversed(column) if (s := _side_of(text))), None)
        if block and side:
            figures.setdefault((block, side), place)
            labels[place] = " ".join(dict.fromkeys(column))
    return figures, labels


def _spread_merged(row: list[str], above: Sequence[Sequence[str]]) -> None:
    """Let a merged heading say the same over all its columns, as far as the one above it goes."""
    for place in range(1, len(row)):
        same_above = all(line[place] == line[place - 1] for line in above)
        if not row[place] and same_above:
            row[place] = row[place - 1]


def _block_of(text: str) -> str | None:
    return next((block for block, shape in BLOCKS if re.search(shape, text)), None)


def _side_of(text: str) -> str | None:
    return next((side for side, shape in SIDES if re.search(shape, text)), None)
