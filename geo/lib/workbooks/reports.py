"""Reports that villages already write: OpenSID's monthly report, and the flat LAMPID form.

OpenSID's has a line for each of seven figures (awal, lahir, mati, datang, pindah, hilang,
akhir) and, under headings of three lines, columns for citizens (WNI), foreigners (WNA), both,
and households (KK), each L, P and often L+P. A dash is nought. Layout as printed by OpenSID's
“laporan bulanan”; the flat form is that of the kecamatan, one row a village.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geo.lib.ledger import SEXES
from geo.lib.ledger_headings import find_headings, plain
from geo.lib.numbers import AmbiguousNumber, NotANumber, read_number
from geo.lib.tables import Cell
from geo.lib.uploads.contract import column_letters
from geo.lib.workbooks.contract import SheetFault
from geo.lib.workbooks.headings import BPS, CODE, DISTRICT, NAME, Lines, Table

# The first that fits: “lahir / keluarga baru bulan ini” is no closing.
FIGURES = (
    ("opening", r"\bawal\b|\blalu\b|opening"),
    ("births", r"lahir|birth"),
    ("deaths", r"\bmati\b|meninggal|kematian|death"),
    ("missing", r"hilang|missing"),
    ("arrivals", r"datang|\bmasuk|arrival"),
    ("departures", r"pindah|pergi|keluar\b|departure"),
    ("closing", r"\bakhir\b|sekarang|closing"),
)
NEEDED = {"opening", "births", "deaths", "arrivals", "departures", "closing"}
CITIZENS, FOREIGNERS, BOTH, HOUSEHOLDS = "wni", "wna", "both", "kk"
BLOCKS = (
    (HOUSEHOLDS, r"\bkk\b|kepala keluarga|\bkeluarga\b|households|families"),
    (FOREIGNERS, r"\bwna\b|asing"),
    (CITIZENS, r"\bwni\b|indonesia"),
    (BOTH, r"jumlah|total|jiwa"),
)
SIDES = {"l": "male", "lk": "male", "laki laki": "male", "laki": "male", "pria": "male",
         "p": "female", "pr": "female", "perempuan": "female", "wanita": "female"}  # fmt: skip
BOTH_SIDES = {"l+p", "l p", "lp", "l/p", "jumlah", "jml", "total"}
NOUGHT = {"-", "–", "—", "nihil"}
LABEL_PLACES, HEADING_LINES = 3, 5


@dataclass(slots=True)
class Report:
    """One village's report: raw cells by column of the form, and where each of them stands.

    Places are (line in the file, column counted from 0). A figure that adds citizens and
    foreigners stands where the citizens do.
    """

    cells: dict[str, Cell] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    faults: list[SheetFault] = field(default_factory=list)
    title: str = ""
    first_line: int = 0


# --- OpenSID -----------------------------------------------------------------------


def find_report(lines: Lines) -> Report | None:
    """Read OpenSID's monthly report; None where the sheet is no such thing."""
    named = _figure_lines(lines)
    if not set(named) >= NEEDED:
        return None
    top = min(named.values())
    columns = _report_columns([cells for _n, cells in lines[max(0, top - HEADING_LINES) : top]])
    if not any(block != HOUSEHOLDS for block, _side in columns):
        return None
    titles = [str(cell) for _n, cells in lines[:top] for cell in cells if cell]
    report = Report(title=" ".join(titles), first_line=lines[top][0])
    for figure, at in named.items():
        number, cells = lines[at]
        _read_figure(figure, number, cells, columns, report)
    return report


def _figure_lines(lines: Lines) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, (_number, cells) in enumerate(lines):
        words = " ".join(plain(cell) for cell in cells[:LABEL_PLACES] if isinstance(cell, str))
        figure = next((name for name, shape in FIGURES if re.search(shape, words)), None)
        # A title may name a figure too; the line of a figure holds figures.
        if figure and len([cell for cell in cells if cell not in (None, "")]) > 2:
            found.setdefault(figure, at)
    return found


def _report_columns(rows: Sequence[Sequence[Cell]]) -> dict[tuple[str, str], int]:
    """Place by (block, side), from headings that span several columns."""
    width = max((len(row) for row in rows), default=0)
    blocks = [""] * width
    columns: dict[tuple[str, str], int] = {}
    for row in rows:
        current = begun_under = ""
        above = list(blocks)
        for place in range(width):
            text = plain(row[place]) if place < len(row) and isinstance(row[place], str) else ""
            side = _side_of(text)
            block = next((name for name, shape in BLOCKS if re.search(shape, text)), "")
            # “Jumlah” is a block of its own, or the sum of the block that it stands under.
            if side and (above[place] or not block):
                columns.setdefault((above[place] or CITIZENS, side), place)
                continue
            if text:
                # A heading goes on to the right, as far as the one above it does.
                current, begun_under = block, above[place]
            if current and above[place] == begun_under:
                blocks[place] = current
    return columns


def _side_of(text: str) -> str:
    return SIDES.get(text, "both" if text in BOTH_SIDES else "")


def _read_figure(
    figure: str,
    line: int,
    cells: Sequence[Cell],
    columns: Mapping[tuple[str, str], int],
    report: Report,
) -> None:
    sums = _Adder(figure, line, cells, columns, report)
    for sex in SEXES:
        report_sum = sums.add(sex)
        code = f"{figure}_{sex}"
        if report_sum is not None:
            report.cells[code], place = report_sum
            report.places[code] = (line, place)
    for block in (CITIZENS, FOREIGNERS, BOTH, HOUSEHOLDS):
        sums.compare(block)
    if figure in ("opening", "closing"):
        households = sums.households()
        if households is not None:
            code = f"{figure}_households"
            report.cells[code], place = households
            report.places[code] = (line, place)


class _Adder:
    """Adds citizens and foreigners of one line, and compares what the line itself adds up."""

    def __init__(
        self,
        figure: str,
        line: int,
        cells: Sequence[Cell],
        columns: Mapping[tuple[str, str], int],
        report: Report,
    ) -> None:
        self.figure, self.line, self.cells = figure, line, cells
        self.columns, self.report = columns, report

    def raw(self, block: str, side: str) -> tuple[Cell, int] | None:
        place = self.columns.get((block, side))
        if place is None:
            return None
        return (self.cells[place] if place < len(self.cells) else None), place

    def count(self, block: str, side: str) -> int | None:
        found = self.raw(block, side)
        return None if found is None else count_of(found[0])

    def add(self, sex: str) -> tuple[Cell, int] | None:
        """A sex of both kinds of citizens; the raw cell where it cannot be read."""
        parts = [self.raw(block, sex) for block in (CITIZENS, FOREIGNERS)]
        known = [part for part in parts if part is not None]
        if not known:
            return self.raw(BOTH, sex)
        counts = [count_of(cell) for cell, _place in known]
        for (cell, place), count in zip(known, counts, strict=True):
            if count is None and not (cell in (None, "") and len(known) > 1):
                return cell, place
        total = sum(count or 0 for count in counts)
        stated = self.count(BOTH, sex)
        if stated is not None and stated != total and len(known) > 1:
            self._tell(BOTH, sex, stated, [count or 0 for count in counts])
        return total, known[0][1]

    def compare(self, block: str) -> None:
        """L + P of a block against what stands under L+P."""
        male, female, both = (self.count(block, side) for side in ("male", "female", "both"))
        if male is not None and female is not None and both is not None and male + female != both:
            self._tell(block, "both", both, [male, female])

    def households(self) -> tuple[Cell, int] | None:
        sides = [self.raw(HOUSEHOLDS, side) for side in SEXES]
        known = [side for side in sides if side is not None]
        if len(known) == 2:
            counts = [count_of(cell) for cell, _place in known]
            if None not in counts:
                return sum(count or 0 for count in counts), known[0][1]
        return self.raw(HOUSEHOLDS, "both")

    def _tell(self, block: str, side: str, stated: int, parts: list[int]) -> None:
        place = self.columns[block, side]
        code = f"{self.figure}_{side if side in SEXES else 'male'}"
        self.report.faults.append(_wrong_sum(self.line, code, place, stated, parts))


def count_of(cell: Cell) -> int | None:
    """A count as these reports write it; None where the cell holds none."""
    if isinstance(cell, str):
        text = cell.strip()
        if text.lower() in NOUGHT:
            return 0
        try:
            cell = read_number(text)
        except AmbiguousNumber as error:
            cell = error.readings[0]
        except NotANumber:
            return None
    if isinstance(cell, bool) or cell is None or cell != int(cell):
        return None
    return int(cell)


# --- the form of the kecamatan -------------------------------------------------------


@dataclass(slots=True)
class FlatForm:
    """A flat LAMPID form: its table, and places of the sums (L+P) by figure."""

    table: Table
    sums: dict[str, int] = field(default_factory=dict)


def find_flat_form(lines: Lines) -> FlatForm | None:
    """Find the headings of a flat LAMPID form; None where there are none."""
    texts = [(number, [_plain_cell(cell) for cell in cells]) for number, cells in lines]
    found = find_headings(texts)
    if found is None:
        return None
    form = FlatForm(Table(first=found.first_row))
    for role in (CODE, BPS, NAME, DISTRICT):
        if role in found.areas:
            form.table.areas[role] = found.areas[role]
    for (figure, side), place in found.figures.items():
        if figure.endswith("_outside"):
            continue
        if side == "total":
            form.sums[figure] = place
        elif side != "households" or figure in ("opening", "closing"):
            form.table.figures[f"{figure}_{side}"] = place
    return form


def _plain_cell(cell: Cell) -> Cell:
    # The headings are looked for among texts; a whole number is one without decimals.
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell or ""


def sum_faults(line: int, cells: Sequence[Cell], form: FlatForm) -> list[SheetFault]:
    """Where L + P of a row is not what stands under L+P."""
    faults = []
    for figure, place in form.sums.items():
        codes = [f"{figure}_{sex}" for sex in SEXES]
        places = [form.table.figures.get(code) for code in codes]
        counts = [_count_at(cells, at) for at in places]
        stated = _count_at(cells, place)
        if None in counts or stated is None or stated == sum(c or 0 for c in counts):
            continue
        faults.append(_wrong_sum(line, codes[0], place, stated, [c or 0 for c in counts]))
    return faults


def _wrong_sum(line: int, code: str, place: int, stated: int, parts: list[int]) -> SheetFault:
    facts = {
        "cell": f"{column_letters(place)}{line}",
        "place": place,
        "parts": " + ".join(str(part) for part in parts),
        "expected": sum(parts),
    }
    return SheetFault("wrong_sum", line, code, str(stated), facts)


def _count_at(cells: Sequence[Cell], place: int | None) -> int | None:
    return count_of(cells[place]) if place is not None and place < len(cells) else None
