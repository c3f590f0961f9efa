"""The change between two periods."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from django.utils.functional import cached_property

from geo.areas.models import Area
from geo.indicators.models import Indicator, Status
from geo.indicators.queries.figures import read_periods, require_period
from geo.indicators.queries.shapes import CHANGE, Figure, Figures
from geo.indicators.queries.withholding import regency_of
from geo.lib.classes import change_edges
from geo.lib.rollup import weakest


@dataclass(frozen=True)
class Changes(Figures):
    """Figures whose values are changes since an earlier period.

    ``is_relative``: in per cent of the earlier value, for counts. Otherwise in
    the unit of the indicator, which for per cent means percentage points.
    """

    since: str = ""
    is_relative: bool = False
    all_values: tuple[float, ...] = ()

    @cached_property
    def edges(self) -> list[float]:  # type: ignore[override]
        """Edges symmetric around zero, over the whole regency."""
        decimals = 1 if self.is_relative else self.indicator.decimals
        return change_edges(self.all_values, decimals)


def read_changes(
    *,
    indicator: Indicator,
    period: str,
    since: str,
    level: str,
    parent: Area,
    moment: datetime.datetime | None = None,
) -> Changes:
    """Read how much the figures of ``period`` differ from those of ``since``.

    Counts change in per cent of the earlier value, where that is above zero;
    everything else by the difference. A change is missing unless both figures
    exist, and withheld where either is.

    Raises
    ------
    UnknownChoice, UnknownPeriod
        As ``read_figures`` does, for both periods.
    """
    for wanted in (since, period):
        require_period(indicator, wanted, moment)
    before, after = read_periods(
        indicator=indicator,
        periods=[since, period],
        level=level,
        parent=regency_of(parent),
        moment=moment,
    )
    earlier = before.by_code()
    items = [_change(earlier[one.code], one, indicator.is_count) for one in after.items]
    inside = [one for one in items if one.code == parent.code or _lies_in(one.code, parent)]
    return Changes(
        indicator=indicator,
        period=period,
        level=level,
        parent=parent,
        items=inside,
        scheme=CHANGE,
        reported=sum(one.reported for one in inside),
        expected=sum(one.expected for one in inside),
        source_ids=before.source_ids | after.source_ids,
        n_not_yet=before.n_not_yet,
        former_codes=before.former_codes,
        since=since,
        is_relative=indicator.is_count,
        all_values=tuple(one.value for one in items if one.value is not None),
    )


def _lies_in(code: str, parent: Area) -> bool:
    return code.startswith(f"{parent.code}.")


def _change(before: Figure, after: Figure, is_relative: bool) -> Figure:
    """One area's change; ``reported`` counts the areas that can be compared."""
    both = replace(
        after,
        value=None,
        reported=min(before.reported, after.reported),
        note=before.note or after.note,
    )
    for one in (before, after):
        if one.status == Status.SUPPRESSED:
            return replace(both, status=one.status)
    if before.value is None or after.value is None:
        status = after.status if after.value is None else before.status
        return replace(both, status=status)
    if is_relative and before.value <= 0:
        return replace(both, status=str(Status.MISSING))
    value = after.value - before.value
    if is_relative:
        value = 100 * value / before.value
    return replace(both, value=value, status=weakest((before.status, after.status)))
