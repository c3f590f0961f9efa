"""Shares typed as fractions: 0.955 in a column of per cent, where 95.5 is meant."""

from __future__ import annotations

from collections.abc import Sequence

from geo.lib.form_rules import NEAR_BEFORE, number
from geo.lib.grids import Column, Grid
from geo.lib.tables import Issue
from geo.submissions.kinds.base import Standing
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sentences import FAR_FROM_OTHERS, seem_fractions

PERCENT = "percent"


def tell_fractions(
    form: Form, grid: Grid, columns: Sequence[Column], last: Standing, issues: Sequence[Issue]
) -> list[Issue]:
    """Say once of a column that seems to hold fractions what ``issues`` say of each cell of it."""
    labels = {column.code: column for column in columns}
    found = [
        seem_fractions(labels[one.code], highest=max(now), before=max(before))
        for one in form.indicators
        if one.unit == PERCENT
        and (now := _figures(grid, one.code))
        and (before := _figures_before(grid, one.code, last))
        and 0 < max(now) <= 1 < min(before)
    ]
    told = {issue.column for issue in found}
    rules = (NEAR_BEFORE, FAR_FROM_OTHERS)
    rest = [one for one in issues if one.column not in told or one.rule not in rules]
    return [*found, *rest]


def _figures(grid: Grid, code: str) -> list[float]:
    values = (number(row.cells.get(code)) for row in grid.rows)
    return [value for value in values if value is not None]


def _figures_before(grid: Grid, code: str, last: Standing) -> list[float]:
    """Figures of the period before, of the rows that have one now."""
    rows = (row.key for row in grid.rows if number(row.cells.get(code)) is not None)
    values = (number(last.get(key, {}).get(code)) for key in rows)
    return [value for value in values if value is not None]
