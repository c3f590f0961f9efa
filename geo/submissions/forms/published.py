"""What is published now for a form and for the period before, with state and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property

from geo.indicators.models import Observation, Source, Status
from geo.lib.form_rules import number
from geo.lib.grids import Cell, Column, GridRow
from geo.submissions.kinds.base import Kind, Standing
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sentences import label_of
from geo.submissions.rules.showing import shown


@dataclass(frozen=True, slots=True)
class Line:
    """One column of a form: what stands before and now, of one area or of all together."""

    column: Column
    last: str
    now: str
    n_last: int
    n_now: int

    @property
    def label(self) -> str:
        return label_of(self.column)


@dataclass(frozen=True, slots=True)
class Stated:
    """From which source figures of a period came, and with which status."""

    period: str
    source: Source
    status: str

    @property
    def label(self) -> str:
        return str(Status(self.status).label)


@dataclass(frozen=True)
class Published:
    """What the form would add to."""

    form: Form
    kind: Kind
    stated: Sequence[Stated]

    @property
    def is_of_one(self) -> bool:
        return self.form.area.level == self.form.level

    @property
    def n_areas(self) -> int:
        return len(self.form.areas)

    @property
    def is_list(self) -> bool:
        """Whether it is a list to which rows are added, not a figure of each area."""
        return self.kind.has_free_rows

    @cached_property
    def listed(self) -> list[GridRow]:
        """The rows that stand in a list."""
        return self.kind.rows(self.form)

    @cached_property
    def lines(self) -> list[Line]:
        """A line for each column in which anything is published."""
        last, now = self.kind.last(self.form), self.kind.standing(self.form)
        lines = [self._line(column, last, now) for column in self.kind.columns(self.form)]
        return [line for line in lines if line.n_last or line.n_now]

    def _line(self, column: Column, last: Standing, now: Standing) -> Line:
        before, after = _cells(last, column), _cells(now, column)
        return Line(
            column,
            self._text(before, column),
            self._text(after, column),
            len(before),
            len(after),
        )

    def _text(self, cells: list[Cell], column: Column) -> str:
        """The figure of one area; of several the sum where the column counts something."""
        if self.is_of_one:
            return shown(cells[0], column) if cells else ""
        values = [value for cell in cells if (value := number(cell)) is not None]
        return shown(sum(values), column) if values and column.type == "whole" else ""

    def of_period(self, period: str) -> list[Stated]:
        return [one for one in self.stated if one.period == period]

    @property
    def stated_now(self) -> list[Stated]:
        return self.of_period(self.form.period)

    @property
    def stated_before(self) -> list[Stated]:
        return self.of_period(self.form.period_before)


def read_published(kind: Kind, form: Form) -> Published:
    """Read what is published for a form, and where it came from."""
    rows = Observation.objects.as_of().filter(
        indicator__in=[one.pk for one in kind.indicators(form)],
        area__in=[area.pk for area in form.areas],
        period__in=[form.period, form.period_before],
    )
    found = list(rows.order_by().values_list("period", "source", "status").distinct()[:20])
    sources = Source.objects.in_bulk([source for _period, source, _status in found])
    stated = [Stated(period, sources[source], status) for period, source, status in found]
    return Published(form, kind, sorted(stated, key=lambda one: (one.period, one.source.pk)))


def _cells(standing: Standing, column: Column) -> list[Cell]:
    found = (cells.get(column.code) for cells in standing.values())
    return [cell for cell in found if cell is not None]
