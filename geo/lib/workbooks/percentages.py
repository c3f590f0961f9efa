"""Cells that a workbook shows as percentages: 0.955, shown as 95.5 %, is 95.5 per cent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.lib.grids import NUMERIC, Cell, Column
from geo.lib.uploads.contract import RawSheet
from geo.lib.workbooks.contract import SheetFault

PERCENT = "%"
# Of a cell shown as a percentage, what a hundredfold of it adds to its digits is no figure.
DIGITS = 10


class Percentages:
    """Reads cells of one sheet as they are shown, and remembers where that made a difference."""

    def __init__(self, sheet: RawSheet, columns: Sequence[Column]) -> None:
        self.cells = set(sheet.percents)
        self.codes = {c.code for c in columns if c.unit == PERCENT and c.type in NUMERIC}
        self.read_so: dict[str, list[tuple[Cell, float]]] = {}

    def read(self, code: str, cell: Cell, line: int, place: int) -> Cell:
        """A cell in the unit of its column; unchanged unless both are percentages."""
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
        if not is_number or code not in self.codes or (line, place) not in self.cells:
            return cell
        shown = round(float(cell) * 100, DIGITS)  # type: ignore[arg-type]
        self.read_so.setdefault(code, []).append((cell, shown))
        return shown

    def faults(self) -> Iterator[SheetFault]:
        """One notice a column: how many cells, and what was read in the first."""
        for code, cells in self.read_so.items():
            found, shown = cells[0]
            facts = {"n": len(cells), "shown": shown}
            yield SheetFault("read_as_percent", column=code, found=str(found), facts=facts)
