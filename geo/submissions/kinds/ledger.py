"""The book of population changes: one row a village, one column a figure and sex."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from geo.indicators.models import Indicator, Observation, Source
from geo.lib.form_rules import (
    AS_BEFORE,
    AT_MOST,
    GOES_ON,
    NEAR_BEFORE,
    RANGE,
    REQUIRED,
    SUM,
    Rule,
    number,
)
from geo.lib.form_rules import WHOLE as IS_WHOLE
from geo.lib.grids import Cell, Change, Column, Grid, GridRow
from geo.lib.ledger import GAINS, HOUSEHOLDS, LOSSES, PARTS, SEXES, Month, month_from_columns
from geo.lib.periods import format_period, last_day
from geo.lib.tables import ERROR, WARNING, Issue
from geo.population.models import LedgerMonth
from geo.population.rules import FIGURE_WORDS, PUBLISHED_CODES, SEX_WORDS
from geo.population.services import Entry, check_months, record_months, withdraw_months
from geo.submissions.kinds.base import Kind, LaterChange, Standing
from geo.submissions.kinds.carrying import months_moved, months_moved_by
from geo.submissions.kinds.values import verify_figures
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sentences import check_rows

MOST_PERSONS = 200_000
# Events of one month: of a village a handful, so that only a slip of the pen is far from before.
UNLIKELY_PERCENT, UNLIKELY_LEAST = 200, 10
EVENTS = ("births", "deaths", "arrivals", "departures", "missing")
# A month that is not over is told at the first figure of a row, which has a field everywhere.
NOT_OVER_AT = "births_male"
ORDER = ("opening", *EVENTS, "closing", *PARTS)
HINTS = {
    "opening": gettext_lazy("filled in from the closing of last month"),
    "closing": gettext_lazy("may stay empty: it is worked out"),
    "arrivals_within": gettext_lazy("of the arrivals, those from within the regency; if known"),
    "departures_within": gettext_lazy("of the departures, those to within the regency; if known"),
}


class LedgerKind(Kind):
    """LAMPID: opening + births + arrivals − deaths − departures − missing = closing, by sex."""

    # A month balances only with every number there.
    takes_no_data = False

    def columns(self, form: Form) -> list[Column]:
        has_last = set(self.last(form)) >= {area.code for area in form.areas}
        counts = [_column(name, sex, has_last) for name in ORDER for sex in SEXES]
        households = [
            Column(name, str(FIGURE_WORDS[name]), lowest=0, highest=MOST_PERSONS)
            for name in HOUSEHOLDS
        ]
        return counts + households

    def rules(self, form: Form) -> list[Rule]:
        return [rule for sex in SEXES for rule in _rules_of(sex)] + [
            {"kind": GOES_ON, "column": "opening_households", "before": "closing_households"}
        ]

    def rows(self, form: Form) -> list[GridRow]:
        last = self.last(form)
        return [
            GridRow(n, area.code, str(area), _openings(last.get(area.code, {})))
            for n, area in enumerate(form.areas, start=1)
        ]

    def standing(self, form: Form) -> Standing:
        return _read(form, form.period)

    def last(self, form: Form) -> Standing:
        return _read(form, form.period_before)

    def check(self, form: Form, grid: Grid) -> list[Issue]:
        last = self.last(form)
        filled = with_openings(grid, last)
        issues = check_rows(self.rules(form), filled, self.columns(form), last)
        broken = {issue.row for issue in issues if issue.severity == ERROR}
        # What holds across months is asked of rows that are right by themselves.
        entries = [one for one in entries_of(filled, form.period) if one.row not in broken]
        of_book = check_months(entries=entries, with_demo=form.is_demo)
        # Households at the opening are asked about by a rule, which the phone knows, too.
        by_rule = {rule["column"] for rule in self.rules(form) if rule["kind"] == GOES_ON}
        return (
            issues + _not_over(form, filled) + [one for one in of_book if one.column not in by_rule]
        )

    def indicators(self, form: Form) -> list[Indicator]:
        return list(Indicator.objects.filter(code__in=PUBLISHED_CODES))

    def publish(
        self, form: Form, grid: Grid, *, source: Source, moment: datetime.datetime, note: str
    ) -> None:
        entries = entries_of(self.completed(form, grid), form.period)
        record_months(entries=entries, source=source, reason=note or "–", moment=moment)

    def verify(self, form: Form, *, source: Source, by: Source, moment: datetime.datetime) -> None:
        verify_figures(source=source, by=by, moment=moment)

    def stands(self, source: Source) -> bool:
        return Observation.objects.as_of().filter(source=source).exists()

    def undo(self, form: Form, *, source: Source, moment: datetime.datetime) -> None:
        withdraw_months(source=source, moment=moment)

    def ended(
        self, form: Form, *, sources: Collection[int], moment: datetime.datetime
    ) -> dict[tuple[str, str], int]:
        # What was only carried forward still rests on the month as somebody sent it.
        sent = LedgerMonth.objects.filter(
            area__in=[area.pk for area in form.areas],
            period=form.period,
            recomputed_from="",
            recorded_at__lt=moment,
        ).order_by("revision")
        last = dict(sent.values_list("area__code", "source"))
        codes = [column.code for column in self.columns(form)]
        return {
            (area, code): last[area] for area in last if last[area] in sources for code in codes
        }

    def changes(self, form: Form, grid: Grid) -> list[Change]:
        return super().changes(form, self.completed(form, grid))

    def completed(self, form: Form, grid: Grid) -> Grid:
        return with_openings(grid, self.last(form))

    def later(self, form: Form, grid: Grid) -> list[LaterChange]:
        return months_moved(form, entries_of(self.completed(form, grid), form.period))

    def later_of(self, source: Source) -> list[LaterChange]:
        return months_moved_by(source)

    def totals(self, form: Form, changes: Sequence[Change]) -> dict[str, tuple[float, float]]:
        standing = self.standing(form)
        totals = {}
        for column in self.columns(form):
            code = column.code
            old = {key: number(cells.get(code)) or 0 for key, cells in standing.items()}
            new = old | {c.key: number(c.new) or 0 for c in changes if c.column == code}
            totals[code] = (float(sum(old.values())), float(sum(new.values())))
        return totals


def _not_over(form: Form, grid: Grid) -> list[Issue]:
    """What is said of a month that still goes on: once, where a reason can be written."""
    row = next((one for one in grid.rows if number(one.cells.get(NOT_OVER_AT)) is not None), None)
    today, last = timezone.localdate(), last_day(form.period)
    if row is None or today >= last:
        return []
    text = _(
        "%(month)s is not over: it ends on %(last)s, and today is %(today)s. What happens until "
        "then would be missing. Wait, or write the reason for closing the book now."
    )
    days = {"last": date_format(last), "today": date_format(today)}
    facts = days | {"month": format_period(form.period, get_language() or "id")}
    return [Issue(row.row, NOT_OVER_AT, "", text % facts, WARNING, "not_over")]


def with_openings(grid: Grid, last: Standing) -> Grid:
    """The grid with what may stay empty worked out: openings, missing persons, closings."""
    return Grid(
        grid.columns,
        [
            GridRow(
                row.row,
                row.key,
                row.label,
                _completed(row.cells, last.get(row.key, {})),
                row.geometry,
            )
            for row in grid.rows
        ],
    )


def entries_of(grid: Grid, period: str) -> list[Entry]:
    """The rows that are filled in whole, as entries of the book."""
    return [
        Entry(row.key, _month(row, period), row.row)
        for row in grid.rows
        if all(
            number(row.cells.get(f"{name}_{sex}")) is not None
            for name in ("opening", *EVENTS, "closing")
            for sex in SEXES
        )
    ]


def _completed(cells: Mapping[str, Cell], last: Mapping[str, Cell]) -> dict[str, Cell]:
    typed = (f"{name}_{sex}" for name in (*EVENTS, "closing") for sex in SEXES)
    if all(cells.get(code) in (None, "") for code in typed):
        return dict(cells)
    filled = _openings(last) | {code: cell for code, cell in cells.items() if cell is not None}
    for sex in SEXES:
        filled.setdefault(f"missing_{sex}", 0)
        gains = [number(filled.get(f"{name}_{sex}")) for name in ("opening", *GAINS)]
        losses = [number(filled.get(f"{name}_{sex}")) for name in LOSSES]
        if None not in gains and None not in losses:
            filled.setdefault(f"closing_{sex}", sum(gains) - sum(losses))  # type: ignore[arg-type]
    return filled


def _openings(last: Mapping[str, Cell]) -> dict[str, Cell]:
    found = {f"opening_{name}": last.get(f"closing_{name}") for name in (*SEXES, "households")}
    return {code: cell for code, cell in found.items() if cell is not None}


def _month(row: GridRow, period: str) -> Month:
    whole = {
        code: int(value) for code, cell in row.cells.items() if (value := number(cell)) is not None
    }
    return month_from_columns(period, whole)


def _read(form: Form, period: str) -> dict[str, dict[str, Cell]]:
    rows = LedgerMonth.objects.standing().filter(
        area__in=[area.pk for area in form.areas], period=period, **form.standing_sources
    )
    return {
        row.area.code: {c: v for c, v in row.as_month().columns().items() if v is not None}
        for row in rows.select_related("area").defer("area__boundary")
    }


def _column(name: str, sex: str, has_last: bool) -> Column:
    return Column(
        f"{name}_{sex}",
        str(SEX_WORDS[sex]),
        group=str(FIGURE_WORDS[name]),
        lowest=0,
        highest=MOST_PERSONS,
        locked=name == "opening" and has_last,
        required=name in EVENTS and name != "missing",
        hint=str(HINTS.get(name, "")),
    )


def _rules_of(sex: str) -> list[Rule]:
    codes = [f"{name}_{sex}" for name in ORDER]
    rules: list[Rule] = [
        {"kind": RANGE, "column": code, "lowest": 0, "highest": MOST_PERSONS} for code in codes
    ]
    rules += [{"kind": IS_WHOLE, "column": code} for code in codes]
    rules += [{"kind": REQUIRED, "column": f"{name}_{sex}"} for name in EVENTS if name != "missing"]
    rules += [
        {"kind": AT_MOST, "column": f"{part}_{sex}", "limits": [f"{whole}_{sex}"]}
        for part, whole in PARTS.items()
    ]
    unlikely = {"percent": UNLIKELY_PERCENT, "least": UNLIKELY_LEAST}
    rules += [
        {"kind": NEAR_BEFORE, "column": f"{name}_{sex}", "before": f"{name}_{sex}"} | unlikely
        for name in EVENTS
    ]
    return [
        *rules,
        {"kind": AS_BEFORE, "column": f"opening_{sex}", "before": f"closing_{sex}"},
        {"kind": REQUIRED, "column": f"opening_{sex}"},
        {
            "kind": SUM,
            "column": f"closing_{sex}",
            "plus": [f"opening_{sex}", *(f"{name}_{sex}" for name in GAINS)],
            "minus": [f"{name}_{sex}" for name in LOSSES],
        },
    ]
