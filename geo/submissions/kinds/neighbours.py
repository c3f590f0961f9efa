"""Figures far from those of the other areas of the same district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from geo.areas.models import Area
from geo.indicators.models import Indicator, Observation
from geo.lib.form_rules import number
from geo.lib.grids import Column, Grid
from geo.lib.tables import Issue
from geo.submissions.queries.forms import Form
from geo.submissions.rules.outliers import far_from_others
from geo.submissions.rules.sentences import far_from_neighbours

# Where a place was as it is now, its neighbours have been told of it before.
AS_EVER_PERCENT = 50

Figures = dict[str, dict[str, float]]


def check_neighbours(form: Form, grid: Grid, columns: Sequence[Column]) -> list[Issue]:
    """Warn of figures far from the others of the district, as published or in this grid.

    A neighbour that has not reported yet counts with its figure of the period before.
    One query, whatever the size of the form.
    """
    areas = {area.code: area for area in form.areas}
    rows = {row.key: row for row in grid.rows}
    now, before = _published(form, list(areas.values()))
    issues = []
    for indicator, column in _pairs(form, columns):
        values = before.get(indicator.code, {}) | now.get(indicator.code, {})
        typed = _typed(grid, indicator.code)
        values |= typed
        last = before.get(indicator.code, {})
        for key, usual in _far(values, areas, indicator).items():
            row = rows.get(key) if key in typed else None
            if row is None or _is_as_ever(typed[key], last.get(key)):
                continue
            district = str(areas[key].parent)
            told = None if indicator.sensitive else usual
            issues.append(far_from_neighbours(row, column, district, found=typed[key], usual=told))
    return issues


def _pairs(form: Form, columns: Sequence[Column]) -> Iterator[tuple[Indicator, Column]]:
    by_code = {column.code: column for column in columns}
    for indicator in form.indicators:
        if indicator.code in by_code:
            yield indicator, by_code[indicator.code]


def _typed(grid: Grid, code: str) -> dict[str, float]:
    found = {row.key: number(row.cells.get(code)) for row in grid.rows}
    return {key: value for key, value in found.items() if value is not None}


def _published(form: Form, areas: Sequence[Area]) -> tuple[Figures, Figures]:
    """What stands in the districts of the form, for its period and the one before."""
    found: dict[str, Figures] = {form.period: {}, form.period_before: {}}
    rows = Observation.objects.as_of().filter(
        indicator__in=[one.pk for one in form.indicators],
        period__in=list(found),
        area__parent__in={area.parent_id for area in areas},
        value__isnull=False,
        **form.standing_sources,
    )
    for period, indicator, code, value in rows.values_list(
        "period", "indicator__code", "area__code", "value"
    ):
        found[period].setdefault(indicator, {})[code] = value
    return found[form.period], found[form.period_before]


def _far(
    values: Mapping[str, float], areas: Mapping[str, Area], indicator: Indicator
) -> dict[str, float]:
    """By area, the middle of its district, where the value is far from it."""
    districts: dict[str, dict[str, float]] = defaultdict(dict)
    for code, value in values.items():
        districts[code.rpartition(".")[0]][code] = value
    far: dict[str, float] = {}
    for group in districts.values():
        far |= far_from_others(group, is_count=indicator.is_count)
    return {code: usual for code, usual in far.items() if code in areas}


def _is_as_ever(value: float, last: float | None) -> bool:
    return last is not None and abs(value - last) <= abs(last) * AS_EVER_PERCENT / 100
