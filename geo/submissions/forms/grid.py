"""A grid as a table on a page: cells marked, and open to be mended where that is allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import QueryDict

from geo.lib.cells import ISO_DAY, as_typed
from geo.lib.grids import (
    CHOICE,
    DATE,
    NO_DATA,
    NUMERIC,
    TEXT,
    YES_NO,
    Cell,
    Column,
    Grid,
    GridRow,
)
from geo.lib.tables import ERROR, NOTICE, WARNING
from geo.submissions.forms.problems import COMMENT, Problem, Problems
from geo.submissions.rules.showing import shown
from geo.submissions.services.mending import row_name

FIELD, REASON, PARTING = "c", "r", "|"
GRAVEST = (ERROR, WARNING, COMMENT, NOTICE)
# From so many rows on, a page begins with those that have problems.
MANY_ROWS = 25
# At most so many rows in one page; a list of places may be longer.
MOST_ROWS = 400


@dataclass(slots=True)
class CellView:
    """One cell as a page shows it."""

    text: str
    field: str = ""
    typed: str = ""
    mark: str = ""
    is_changed: bool = False
    before: str = ""
    problems: Sequence[Problem] = ()
    column: Column | None = None

    @property
    def is_plain(self) -> bool:
        return not (self.mark or self.is_changed or self._is_text)

    @property
    def _is_text(self) -> bool:
        return self.column is not None and self.column.type not in NUMERIC

    @property
    def css(self) -> str:
        parts = (
            ("is-text", self._is_text),
            (f"is-{self.mark}", self.mark),
            ("is-changed", self.is_changed),
        )
        return " ".join(name for name, holds in parts if holds)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen, in words; what stands there and is none of it, too."""
        if self.column is None or self.column.type not in (CHOICE, YES_NO):
            return []
        found = [(code, str(label)) for code, label in self.column.choices]
        if self.column.type == YES_NO:
            found = [(as_typed(one), shown(one, self.column)) for one in (True, False)]
        is_other = self.typed and self.typed not in {code for code, _label in found}
        return [(self.typed, self.text), *found] if is_other else found

    @property
    def kind(self) -> str:
        """What sort of field it is typed into."""
        kind = self.column.type if self.column else TEXT
        return TEXT if kind == DATE and self.typed and not ISO_DAY.fullmatch(self.typed) else kind

    @property
    def words(self) -> str:
        return " ".join(one.message for one in self.problems)

    @property
    def is_locked(self) -> bool:
        # What was filled in beforehand and is wrong now has to be put right somewhere.
        return bool(self.column and self.column.locked and self.mark != ERROR)


@dataclass(slots=True)
class RowView:
    """One row as a page shows it, cell by cell or, alone, group by group."""

    name: str
    label: str
    cells: Sequence[CellView]
    problems: Sequence[Problem] = ()

    @property
    def groups(self) -> Iterator[tuple[str, list[CellView]]]:
        """Cells under the headings of the form."""
        for group, cells in groupby(self.cells, lambda one: one.column.group if one.column else ""):
            yield group, list(cells)


@dataclass(slots=True)
class GridView:
    """A table of cells under columns; ``n_rows`` counts those that are not shown, too."""

    columns: Sequence[Column]
    rows: Sequence[RowView]
    n_rows: int
    only_problems: bool = False

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Headings above the columns, and how many columns each has."""
        parts = groupby(self.columns, lambda column: column.group)
        return [(group, len(list(columns))) for group, columns in parts]

    @property
    def has_groups(self) -> bool:
        return any(column.group for column in self.columns)


@dataclass(frozen=True)
class GridReader:
    """What cells look like: their problems, what changes, and whether they may be mended."""

    columns: Sequence[Column]
    problems: Problems
    changed: Mapping[tuple[str, str], Cell]
    last: Mapping[str, Mapping[str, Cell]]

    def table(self, grid: Grid, *, only_problems: bool | None = None) -> GridView:
        """The whole grid, or only the rows about which something is to be done."""
        wanted = self.problems.rows
        if only_problems is None:
            only_problems = bool(wanted) and len(grid.rows) > MANY_ROWS
        rows = [row for row in grid.rows if not only_problems or row_name(row) in wanted]
        shown = [self.row(row) for row in rows[:MOST_ROWS]]
        return GridView(self.columns, shown, len(grid.rows), only_problems)

    def row(self, row: GridRow) -> RowView:
        name = row_name(row)
        cells = [self._cell(row, name, column) for column in self.columns]
        return RowView(name, row.label, cells, self.problems.by_cell.get((name, ""), ()))

    def _cell(self, row: GridRow, name: str, column: Column) -> CellView:
        cell = row.cells.get(column.code)
        found = self.problems.by_cell.get((name, column.code), ())
        mark = next((one for one in GRAVEST if any(p.severity == one for p in found)), "")
        old = self.last.get(row.key, {}).get(column.code)
        is_changed = (row.key, column.code) in self.changed
        return CellView(
            text=shown(cell, column),
            field=f"{FIELD}{PARTING}{name}{PARTING}{column.code}",
            typed=shown(cell, column) if cell == NO_DATA else as_typed(cell),
            mark=mark,
            is_changed=is_changed,
            before=shown(old, column),
            problems=found,
            column=column,
        )


def read_cells(posted: QueryDict) -> dict[tuple[str, str], str]:
    """What was typed into the cells of a page, by name of the row and code of the column."""
    found = {}
    for field, text in posted.items():
        prefix, _parting, place = field.partition(PARTING)
        name, parting, code = place.rpartition(PARTING)
        if prefix == FIELD and parting:
            found[name, code] = str(text)
    return found


def read_reasons(posted: QueryDict) -> dict[str, str]:
    """Reasons that were typed, by key of a warning or by ``rule:<rule>``."""
    prefix = f"{REASON}{PARTING}"
    return {
        field.removeprefix(prefix): str(text)
        for field, text in posted.items()
        if field.startswith(prefix)
    }
