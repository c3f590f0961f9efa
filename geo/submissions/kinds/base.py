"""What every kind of data set can do: columns, rows, checks, publishing and undoing.

A kind is the only place that knows how its rows are stored. Desk, workbook,
form, review and history know kinds by this list alone, so that a new kind of
data is one module here and nothing elsewhere.
"""

from __future__ import annotations

import abc
import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from geo.indicators.models import Indicator, Source
from geo.lib.form_rules import Rule, continued
from geo.lib.grids import Cell, Change, Column, Grid, GridRow, changed_cells
from geo.lib.tables import Issue
from geo.submissions.queries.forms import Form

Standing = Mapping[str, Mapping[str, Cell]]


@dataclass(frozen=True, slots=True)
class Effect:
    """How many figures a publication made, changed and left as they were."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class LaterChange:
    """A figure of a later ``period`` that changes too, because it rests on what is changed."""

    period: str
    change: Change

    def taken_back(self) -> LaterChange:
        """The same the other way round."""
        one = self.change
        return LaterChange(
            self.period, Change(one.key, one.label, one.column, old=one.new, new=one.old)
        )


class Kind(abc.ABC):
    """One kind of data set."""

    # Whether the sender adds rows; otherwise every row is known beforehand.
    has_free_rows: ClassVar[bool] = False
    # Whether rows carry a point or a line, so that map files are accepted too.
    has_geometry: ClassVar[bool] = False
    # Of those, the kinds that rows may have (GeoJSON).
    geometries: ClassVar[frozenset[str]] = frozenset(
        {"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
    )
    # Whether some rows may be published while others are returned.
    rows_are_independent: ClassVar[bool] = True
    # Whether a cell may say that there is no figure.
    takes_no_data: ClassVar[bool] = True

    @abc.abstractmethod
    def columns(self, form: Form) -> list[Column]:
        """Columns in the order of the form, with labels in the language of the page."""

    @abc.abstractmethod
    def rules(self, form: Form) -> list[Rule]:
        """What holds within one row (``lib.form_rules``): for the server and the browser."""

    @abc.abstractmethod
    def rows(self, form: Form) -> list[GridRow]:
        """Rows known beforehand, locked cells filled in."""

    @abc.abstractmethod
    def standing(self, form: Form) -> Standing:
        """What is published now for the form's period, by key of a row and code of a column."""

    @abc.abstractmethod
    def last(self, form: Form) -> Standing:
        """What is published for the period before: shown beside the cells, and compared with."""

    def last_alike(self, form: Form) -> Standing:
        """What stood before under the same name; without what goes on from another figure."""
        others = continued(self.rules(form))
        return {
            key: {code: cell for code, cell in cells.items() if code not in others}
            for key, cells in self.last(form).items()
        }

    def earlier(self, form: Form) -> Mapping[tuple[str, str], set[Cell]]:
        """What stood for the form's period before it was replaced, by row and column."""
        return {}

    @abc.abstractmethod
    def check(self, form: Form, grid: Grid) -> list[Issue]:
        """Every problem of a grid, at its row and column; warnings carry a ``rule``."""

    @abc.abstractmethod
    def indicators(self, form: Form) -> list[Indicator]:
        """Indicators of which publishing may change figures: their class edges follow."""

    @abc.abstractmethod
    def publish(
        self, form: Form, grid: Grid, *, source: Source, moment: datetime.datetime, note: str
    ) -> None:
        """Write the rows of a grid, and all that follows from them, in the open transaction."""

    @abc.abstractmethod
    def verify(self, form: Form, *, source: Source, by: Source, moment: datetime.datetime) -> None:
        """Say of what ``source`` published, and still stands, that it is verified, under ``by``."""

    def stands(self, source: Source) -> bool:
        """Whether anything that ``source`` published, and that can be verified, still stands."""
        return True

    @abc.abstractmethod
    def undo(self, form: Form, *, source: Source, moment: datetime.datetime) -> None:
        """Make stand again what stood before ``source``; refuse what others have built on it."""

    def ended(
        self, form: Form, *, sources: Collection[int], moment: datetime.datetime
    ) -> Mapping[tuple[str, str], int]:
        """Of what ended at ``moment``: by row and column, which of ``sources`` had said it."""
        return {}

    def changes(self, form: Form, grid: Grid) -> list[Change]:
        """Cells that publishing would change, against what stands."""
        return changed_cells(grid, self.standing(form), self.columns(form))

    def completed(self, form: Form, grid: Grid) -> Grid:
        """The grid with what may stay empty because it is worked out."""
        return grid

    def effect(self, form: Form, grid: Grid, changes: Sequence[Change]) -> Effect:
        """How many figures publishing makes, changes and leaves: the same before and after it."""
        typed = [column.code for column in self.columns(form) if not column.locked]
        rows = self.completed(form, grid).rows
        n_said = sum(row.cells.get(code) is not None for row in rows for code in typed)
        n_new = sum(change.old is None for change in changes)
        return Effect(n_new, len(changes) - n_new, max(n_said - len(changes), 0))

    def later(self, form: Form, grid: Grid) -> list[LaterChange]:
        """What publishing would change in later periods, where these rest on the form's own."""
        return []

    def later_of(self, source: Source) -> list[LaterChange]:
        """What was changed in later periods when ``source`` was published."""
        return []

    def totals(self, form: Form, changes: Sequence[Change]) -> dict[str, tuple[float, float]]:
        """Sums before and after, by column, over the rows of the form; where sums make sense."""
        return {}
