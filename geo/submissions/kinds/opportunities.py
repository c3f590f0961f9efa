"""Investment opportunities: one row an opportunity; new ones stand below, without a code."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from django.utils import timezone

from geo.indicators.models import Indicator, Source, Status
from geo.lib.form_rules import RANGE, Rule
from geo.lib.grids import NO_DATA, NUMERIC, Cell, Change, Column, Grid, GridRow
from geo.lib.tables import Issue
from geo.opportunities.models import Opportunity
from geo.opportunities.rules.placing import (
    Finder,
    check_positions,
    check_together,
    described_of,
    standing_cells,
    standing_rows,
    tidied,
)
from geo.opportunities.rules.sentences import Checked, check_entry, is_old_news
from geo.opportunities.services import (
    COUNTED,
    NewOpportunity,
    publish_opportunities,
    verify_opportunities,
    withdraw_opportunities,
)
from geo.submissions.kinds.base import Kind, Standing
from geo.submissions.kinds.opportunity_columns import LENGTHS, opportunity_columns
from geo.submissions.kinds.values import verify_figures
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sentences import check_rows, label_of


class OpportunitiesKind(Kind):
    """The catalogue of investment opportunities, as its office keeps it."""

    has_free_rows = True
    has_geometry = True
    # New rows have no key by which one of them could be left out.
    rows_are_independent = False

    def columns(self, form: Form) -> list[Column]:
        return opportunity_columns()

    def rules(self, form: Form) -> list[Rule]:
        return [
            {"kind": RANGE, "column": one.code, "lowest": one.lowest, "highest": one.highest}
            for one in self.columns(form)
            if one.type in NUMERIC and (one.lowest is not None or one.highest is not None)
        ]

    def rows(self, form: Form) -> list[GridRow]:
        return [GridRow(n, row.code, row.title) for n, row in enumerate(_stand(form), 1)]

    def standing(self, form: Form) -> Standing:
        return {row.code: standing_cells(row) for row in _stand(form)}

    def last(self, form: Form) -> Standing:
        return {}

    def check(self, form: Form, grid: Grid) -> list[Issue]:
        standing, columns = self.standing(form), self.columns(form)
        labels = {column.code: label_of(column) for column in columns}
        finder = Finder(form.area)
        whole = [_whole(row, standing, finder) for row in grid.rows if _says_anything(row)]
        issues = check_rows(self.rules(form), Grid(grid.columns, whole), columns, {})
        entries = [Checked(row.row, _title(row), row.cells, labels) for row in whole]
        geometries = {row.row: row.geometry for row in whole}
        today = timezone.localdate()
        for entry in entries:
            issues += check_entry(entry, today=today, most=LENGTHS)
            issues += finder.check(entry)
        issues += check_positions(entries, geometries, finder)
        keys = {row.row: row.key for row in whole}
        issues += check_together(entries, keys, _stand(form))
        untouched = {row.row: row for row in whole if row.key in standing and not row.geometry}
        return [one for one in issues if not _stood_so(one, untouched, standing)]

    def indicators(self, form: Form) -> list[Indicator]:
        return list(Indicator.objects.filter(checks__has_key=COUNTED))

    def publish(
        self, form: Form, grid: Grid, *, source: Source, moment: datetime.datetime, note: str
    ) -> None:
        standing, finder = self.standing(form), Finder(form.area)
        before = {row.code: row for row in _stand(form)}
        entries = []
        for row in grid.rows:
            if not _says_anything(row):
                continue
            whole = _whole(row, standing, finder)
            area = finder.by_code[str(whole.cells["area"])]
            described = described_of(whole.cells, area, whole.geometry, before.get(row.key))
            entries.append(NewOpportunity(row.key, described, row.row))
        publish_opportunities(
            entries=entries,
            source=source,
            period=form.period,
            status=Status.VERIFIED if source.verified_by else Status.UNVERIFIED,
            moment=moment,
        )

    def verify(self, form: Form, *, source: Source, by: Source, moment: datetime.datetime) -> None:
        verify_opportunities(source=source, by=by, moment=moment)
        verify_figures(source=source, by=by, moment=moment)

    def undo(self, form: Form, *, source: Source, moment: datetime.datetime) -> None:
        withdraw_opportunities(source=source, moment=moment)

    def changes(self, form: Form, grid: Grid) -> list[Change]:
        finder = Finder(form.area)
        rows = [
            replace(row, label=_title(row), cells=tidied(row.cells, finder)) for row in grid.rows
        ]
        found = super().changes(form, Grid(grid.columns, rows))
        # To say of an empty cell that there is nothing changes nothing.
        return [one for one in found if not (one.old is None and one.new == NO_DATA)]


def _stand(form: Form) -> list[Opportunity]:
    return standing_rows(form.area, **form.standing_sources)


def _stood_so(issue: Issue, rows: Mapping[int, GridRow], standing: Standing) -> bool:
    row = rows.get(issue.row or 0)
    return row is not None and is_old_news(issue, row.cells, standing[row.key])


def _says_anything(row: GridRow) -> bool:
    return any(cell not in (None, "") for cell in row.cells.values()) or bool(row.geometry)


def _title(row: GridRow) -> str:
    return str(row.cells.get("title_id") or row.label or row.key or f"#{row.row}")


def _whole(row: GridRow, standing: Standing, finder: Finder) -> GridRow:
    """The row as it would stand: an empty cell says nothing, “no data” empties what stood."""
    merged = {**standing.get(row.key, {}), **_said(tidied(row.cells, finder))}
    cells = {code: cell for code, cell in merged.items() if cell != NO_DATA}
    return replace(row, label=_title(replace(row, cells=cells)), cells=cells)


def _said(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {code: cell for code, cell in cells.items() if cell not in (None, "")}
