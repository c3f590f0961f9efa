"""The road inventory (DD-1): one row a numbered road, with what a year's survey found of it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from geo.indicators.models import Indicator, Source
from geo.indicators.services import withdraw_source
from geo.lib.form_rules import RANGE, Rule
from geo.lib.form_rules import WHOLE as IS_WHOLE
from geo.lib.grids import NO_DATA, NUMERIC, WHOLE, Change, Column, Grid, GridRow
from geo.lib.tables import Issue
from geo.roads.services import PUBLISHED, revise_roads, verify_roads, withdraw_roads
from geo.submissions.kinds.base import Kind, Standing
from geo.submissions.kinds.road_columns import cells_of_road, cells_of_survey, road_columns
from geo.submissions.kinds.road_entries import RoadEntry, RoadReader, check_roads
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sentences import check_rows


class RoadsKind(Kind):
    """Roads of the regency and their condition.

    Figures of villages follow in the worker, which measures lines against boundaries:
    ``batch.publishing`` calls ``roads.batch.publish`` after each of these.
    """

    has_free_rows = True
    has_geometry = True
    geometries = frozenset({"LineString", "MultiLineString"})
    # New rows have no key by which one of them could be left out.
    rows_are_independent = False

    def columns(self, form: Form) -> list[Column]:
        return road_columns()

    def rules(self, form: Form) -> list[Rule]:
        measured = [one for one in road_columns() if one.type in NUMERIC]
        rules: list[Rule] = [
            {"kind": RANGE, "column": one.code, "lowest": one.lowest, "highest": one.highest}
            for one in measured
        ]
        whole = [one.code for one in measured if one.type == WHOLE]
        return rules + [{"kind": IS_WHOLE, "column": code} for code in whole]

    def rows(self, form: Form) -> list[GridRow]:
        roads = RoadReader(form).roads
        return [GridRow(n, road.number, road.name) for n, road in enumerate(roads.values(), 1)]

    def standing(self, form: Form) -> Standing:
        reader = RoadReader(form)
        return {
            number: cells_of_road(road, reader.surveys.get(number))
            for number, road in reader.roads.items()
        }

    def last(self, form: Form) -> Standing:
        surveys = RoadReader(form).surveys_of(form.period_before)
        return {number: cells_of_survey(survey) for number, survey in surveys.items()}

    def check(self, form: Form, grid: Grid) -> list[Issue]:
        issues = check_rows(self.rules(form), grid, self.columns(form), {})
        said = {(issue.row, issue.column) for issue in issues}
        reader = RoadReader(form)
        found = check_roads(reader, reader.read(grid))
        return issues + [one for one in found if (one.row, one.column) not in said]

    def indicators(self, form: Form) -> list[Indicator]:
        return list(Indicator.objects.filter(sector=form.dataset.sector, code__in=PUBLISHED))

    def publish(
        self, form: Form, grid: Grid, *, source: Source, moment: datetime.datetime, note: str
    ) -> None:
        reader = RoadReader(form)
        entries = reader.read(grid)
        check_roads(reader, entries)
        revise_roads(
            roads=[reader.given(entry) for entry in entries],
            year=int(form.period),
            source=source,
            moment=moment,
        )

    def verify(self, form: Form, *, source: Source, by: Source, moment: datetime.datetime) -> None:
        # Figures are verified as soon as all surveys of their year are.
        verify_roads(source=source, by=by, moment=moment)

    def undo(self, form: Form, *, source: Source, moment: datetime.datetime) -> None:
        withdraw_roads(source=source, moment=moment)
        withdraw_source(source=source, moment=moment)

    def changes(self, form: Form, grid: Grid) -> list[Change]:
        reader = RoadReader(form)
        columns = self.columns(form)
        return [
            change for entry in reader.read(grid) for change in _changes(reader, entry, columns)
        ]


def _changes(reader: RoadReader, entry: RoadEntry, columns: Sequence[Column]) -> list[Change]:
    """What differs between a road as it stands and as it would stand."""
    was = reader.standing(entry.number)
    key = entry.number if was else f"#{entry.row.row}"
    found = []
    for column in columns:
        old, new = was.get(column.code), entry.cells.get(column.code)
        if old != new:
            new = NO_DATA if new is None else new
            found.append(Change(key, entry.label, column.code, old, new))
    return found
