"""Figures of areas: one row an area, one column an indicator."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language

from geo.areas.models import Area
from geo.indicators.models import Indicator, Observation, Source, Status
from geo.indicators.rules import ReadValue, check_values
from geo.indicators.services import NewValue, publish_observations, withdraw_source
from geo.lib.form_rules import AT_MOST, NEAR_BEFORE, RANGE, Rule, number
from geo.lib.form_rules import WHOLE as IS_WHOLE
from geo.lib.grids import NO_DATA, NUMBER, WHOLE, Cell, Change, Column, Grid, GridRow
from geo.lib.names import name_key
from geo.lib.tables import Issue
from geo.lib.units import UNITS
from geo.submissions.kinds.base import Kind, Standing
from geo.submissions.kinds.fractions import tell_fractions
from geo.submissions.kinds.neighbours import check_neighbours
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sentences import check_rows

# A figure that moves by more than this from one period to the next wants a reason: counts by
# half, and by 20 at least; shares and rates of a thousand by 20 points; all others by half.
UNLIKELY_PERCENT, UNLIKELY_LEAST = 50, 20
UNLIKELY_POINTS = 20
OF_A_WHOLE = {"percent", "percent_point", "per_1000_persons"}
CELL_FIELDS = ("area__code", "indicator__code", "value", "status")
CELLS = {Status.MISSING: NO_DATA, Status.NOT_ASSESSED: "not_assessed"}


class ValuesKind(Kind):
    """Indicators of one sector and frequency, typed in for each area."""

    def columns(self, form: Form) -> list[Column]:
        return [_column(indicator) for indicator in form.indicators]

    def rules(self, form: Form) -> list[Rule]:
        codes = {indicator.code for indicator in form.indicators}
        return [rule for one in form.indicators for rule in _rules(one, codes)]

    def rows(self, form: Form) -> list[GridRow]:
        return [GridRow(n, area.code, str(area)) for n, area in enumerate(form.areas, start=1)]

    def standing(self, form: Form) -> Standing:
        return _standing(form, form.period)

    def last(self, form: Form) -> Standing:
        return _standing(form, form.period_before)

    def earlier(self, form: Form) -> dict[tuple[str, str], set[Cell]]:
        replaced = _observed(form, form.period).exclude(superseded_at=None)
        found: dict[tuple[str, str], set[Cell]] = {}
        for area, indicator, value, status in replaced.values_list(*CELL_FIELDS):
            found.setdefault((area, indicator), set()).add(CELLS.get(status, value))
        return found

    def check(self, form: Form, grid: Grid) -> list[Issue]:
        last = self.last(form)
        issues = check_rows(self.rules(form), grid, self.columns(form), last)
        issues = tell_fractions(form, grid, self.columns(form), last, issues)
        names = {area.code: name_key(area.name) for area in form.areas}
        for indicator in form.indicators:
            if indicator.checks:
                issues += _check_together(form, indicator, grid, names)
        return issues + check_neighbours(form, grid, self.columns(form))

    def indicators(self, form: Form) -> list[Indicator]:
        return form.indicators

    def publish(
        self, form: Form, grid: Grid, *, source: Source, moment: datetime.datetime, note: str
    ) -> None:
        status = Status.VERIFIED if source.verified_by else Status.UNVERIFIED
        standing = self.standing(form)
        ids = {area.code: area.pk for area in form.areas}
        values = []
        for row in grid.rows:
            for indicator in form.indicators:
                cell = row.cells.get(indicator.code)
                if cell is None or standing.get(row.key, {}).get(indicator.code) == cell:
                    continue
                value = number(cell)
                stated = Status.MISSING if cell == NO_DATA else status
                area_id = ids[row.key]
                values.append(NewValue(area_id, indicator, form.period, value, stated, row.row))
        publish_observations(values=values, source=source, moment=moment)

    def verify(self, form: Form, *, source: Source, by: Source, moment: datetime.datetime) -> None:
        verify_figures(source=source, by=by, moment=moment)

    def stands(self, source: Source) -> bool:
        return Observation.objects.as_of().filter(source=source).exists()

    def undo(self, form: Form, *, source: Source, moment: datetime.datetime) -> None:
        withdraw_source(source=source, moment=moment)

    def ended(
        self, form: Form, *, sources: Collection[int], moment: datetime.datetime
    ) -> dict[tuple[str, str], int]:
        rows = _observed(form, form.period).filter(superseded_at=moment, source__in=sources)
        found = rows.values_list("area__code", "indicator__code", "source")
        return {(area, indicator): source for area, indicator, source in found}

    def totals(self, form: Form, changes: Sequence[Change]) -> dict[str, tuple[float, float]]:
        standing = self.standing(form)
        totals = {}
        for indicator in form.indicators:
            if not indicator.is_count:
                continue
            old = {key: number(cells.get(indicator.code)) or 0 for key, cells in standing.items()}
            new = old | {c.key: number(c.new) or 0 for c in changes if c.column == indicator.code}
            totals[indicator.code] = (sum(old.values()), sum(new.values()))
        return totals


def verify_figures(*, source: Source, by: Source, moment: datetime.datetime) -> None:
    """Write what ``source`` published and still stands anew, verified, under ``by``."""
    rows = Observation.objects.as_of().filter(source=source, status=Status.UNVERIFIED)
    values = [
        NewValue(row.area_id, row.indicator, row.period, row.value, Status.VERIFIED, row.source_row)
        for row in rows.select_related("indicator")
    ]
    publish_observations(values=values, source=by, moment=moment)


def _column(indicator: Indicator) -> Column:
    is_whole = indicator.is_count and indicator.decimals == 0
    return Column(
        indicator.code,
        indicator.name,
        WHOLE if is_whole else NUMBER,
        unit=UNITS[indicator.unit].symbol(get_language() or "id"),
        decimals=indicator.decimals,
        lowest=indicator.valid_min,
        highest=indicator.valid_max,
        hint=indicator.definition,
        aliases=(indicator.name_id, indicator.name_en),
    )


def _rules(indicator: Indicator, codes: set[str]) -> list[Rule]:
    code = indicator.code
    rules: list[Rule] = []
    if indicator.valid_min is not None or indicator.valid_max is not None:
        low, high = indicator.valid_min, indicator.valid_max
        rules.append({"kind": RANGE, "column": code, "lowest": low, "highest": high})
    if indicator.is_count and indicator.decimals == 0:
        rules.append({"kind": IS_WHOLE, "column": code})
    rules.append({"kind": NEAR_BEFORE, "column": code, "before": code, **_likely(indicator)})
    limit = indicator.checks.get("at_most")
    if limit in codes:
        rules.append({"kind": AT_MOST, "column": code, "limits": [limit]})
    return rules


def _likely(indicator: Indicator) -> dict[str, int]:
    """By how much a figure may move from one period to the next, as a rule says it."""
    if indicator.is_count:
        return {"percent": UNLIKELY_PERCENT, "least": UNLIKELY_LEAST}
    if indicator.unit in OF_A_WHOLE:
        return {"percent": 0, "least": UNLIKELY_POINTS}
    return {"percent": UNLIKELY_PERCENT, "least": 0}


def _observed(form: Form, period: str) -> QuerySet[Observation]:
    """All revisions of the form's figures for one period."""
    return Observation.objects.filter(
        area__in=[area.pk for area in form.areas],
        indicator__in=[one.pk for one in form.indicators],
        period=period,
        **form.standing_sources,
    )


def _standing(form: Form, period: str) -> dict[str, dict[str, Cell]]:
    rows = _observed(form, period).filter(superseded_at=None)
    found: dict[str, dict[str, Cell]] = {}
    for code, indicator, value, status in rows.values_list(*CELL_FIELDS):
        found.setdefault(code, {})[indicator] = CELLS.get(status, value)
    return found


def _check_together(
    form: Form, indicator: Indicator, grid: Grid, names: Mapping[str, str]
) -> list[Issue]:
    """What the importer of tables checks too: across rows, and against what stands."""
    kinds = {area.code: area.kind for area in form.areas}
    values = [
        ReadValue(row.row, indicator.code, row.key, names[row.key], value)
        for row in grid.rows
        if row.key in names and (value := number(row.cells.get(indicator.code))) is not None
    ]
    return check_values(
        indicator,
        form.period,
        values,
        others=_others(form, indicator, grid),
        regency_code=settings.REGENCY_CODE,
        n_expected=_n_expected(form),
        kinds=kinds,
        with_rows=False,
    )


def _n_expected(form: Form) -> int:
    """How many areas the whole regency has: an official total is compared with all of them."""
    return Area.objects.current().at_level(form.level).count()


def _others(form: Form, indicator: Indicator, grid: Grid) -> dict[str, float]:
    """Values of the indicator that must be 0 too where this one is: of the grid, else stored."""
    other = indicator.checks.get("zero_needs_zero")
    if other is None:
        return {}
    stored = Observation.objects.as_of().filter(
        indicator__code=other,
        area__in=[area.pk for area in form.areas],
        value__isnull=False,
        **form.standing_sources,
    )
    known = dict(stored.order_by("period").values_list("area__code", "value"))
    return known | {
        row.key: value for row in grid.rows if (value := number(row.cells.get(other))) is not None
    }
