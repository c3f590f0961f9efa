"""The change between two periods."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.functional import cached_property

from geo.areas.models import Area, Level
from geo.indicators.models import Indicator, RollUp, Status
from geo.indicators.queries.figures import read_periods, require_period
from geo.indicators.queries.shapes import CHANGE, Figure, Figures
from geo.indicators.queries.withholding import regency_of
from geo.lib.classes import change_edges
from geo.lib.rollup import weakest

# Of these, a part says nothing of the whole.
TOTALS = {RollUp.SUM, RollUp.MAX}


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
    exist, and withheld where either is. Of a total behind which villages are
    missing in either period, only those that reported in both are compared: else
    a village that has not reported yet would be a fall.

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
    like = _like_for_like(before, after, moment)
    items = [
        like[one.code] if one.code in like else _change(earlier[one.code], one, indicator.is_count)
        for one in after.items
    ]
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


def _like_for_like(
    before: Figures, after: Figures, moment: datetime.datetime | None
) -> dict[str, Figure]:
    """The changes of totals that are partial in either period, by code."""
    earlier = before.by_code()
    partial = [
        one
        for one in after.items
        if (one.is_partial or earlier[one.code].is_partial)
        and one.value is not None
        and earlier[one.code].value is not None
    ]
    roll_up = after.indicator.roll_up
    if not partial or before.level == Level.VILLAGE or roll_up not in TOTALS:
        return {}
    villages = read_periods(
        indicator=after.indicator,
        periods=[before.period, after.period],
        level=Level.VILLAGE,
        parent=after.parent,
        moment=moment,
    )
    pairs = list(zip(*(one.items for one in villages), strict=True))
    return {one.code: _of_those_in_both(earlier[one.code], one, roll_up, pairs) for one in partial}


def _of_those_in_both(
    before: Figure, after: Figure, roll_up: str, pairs: Sequence[tuple[Figure, Figure]]
) -> Figure:
    """The change of an area over the villages of which both figures are known.

    None can be told where a village was split or founded in between: its part of the
    earlier total stands under another name.
    """
    inside = [pair for pair in pairs if pair[1].code.startswith(f"{after.code}.")]
    known = [pair for pair in inside if None not in (pair[0].value, pair[1].value)]
    is_one_set = roll_up == RollUp.SUM and not any(one.note for pair in inside for one in pair)
    values = [sum(one.value or 0 for one in side) for side in zip(*known, strict=True)]
    if not known or not is_one_set:
        return replace(after, value=None, status=str(Status.MISSING), reported=len(known))
    whole = [replace(one, value=value) for one, value in zip((before, after), values, strict=True)]
    return replace(_change(whole[0], whole[1], is_relative=True), reported=len(known))


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
