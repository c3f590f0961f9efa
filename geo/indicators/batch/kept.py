"""Keeping the figures that a trend would have to add up anew every time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from geo.areas.models import Area, Level
from geo.indicators.models import DataVersion, Indicator, KeptFigure, ShownValues
from geo.indicators.queries import DEPTH, Figure, area_state
from geo.indicators.queries.figures import Reading
from geo.indicators.queries.withholding import is_kept

# Values that are shown, by (level, period).
Shown = dict[tuple[str, str], list[float]]
PERIODS_AT_ONCE = 24
SHOWN = ("level", "period", "values")


def keep_figures(indicator: Indicator, periods: Sequence[str]) -> Shown:
    """Keep the figures of all ``periods`` of which none are kept yet, of every regency.

    Only those are worked out: what a publication did not touch is read as it
    was kept, so that its time does not grow with the history.

    Returns
    -------
    dict
        The values shown of districts and villages, by (level, period), for
        whoever has to look at all of them.
    """
    rows = ShownValues.objects.filter(indicator=indicator, period__in=periods)
    shown = {(level, period): values for level, period, values in rows.values_list(*SHOWN)}
    levels = [level for level, depth in DEPTH.items() if depth <= DEPTH[indicator.level]]
    stale = [p for p in periods if any((level, p) not in shown for level in levels)]
    if stale:
        fresh = _work_out(indicator, stale, levels)
        made = [
            ShownValues(indicator=indicator, level=k[0], period=k[1], values=v)
            for k, v in fresh.items()
        ]
        ShownValues.objects.filter(indicator=indicator, period__in=stale).delete()
        ShownValues.objects.bulk_create(made, batch_size=1000)
        shown |= fresh
    return shown


def _work_out(indicator: Indicator, periods: Sequence[str], levels: Sequence[str]) -> Shown:
    """Work figures out and keep those that are kept; the values shown, rising."""
    kept = KeptFigure.objects.filter(indicator=indicator, period__in=periods).order_by()
    known = set(kept.values_list("period", flat=True).distinct())
    shown: Shown = {(level, period): [] for level in levels for period in periods}
    for regency in Area.objects.current().at_level(Level.REGENCY).order_by("code"):
        pk_of = _pks(regency, indicator)
        for some in _batches(periods):
            reading = Reading.of(indicator, some, levels[-1], regency, more_levels=levels)
            rows = []
            for period, level in itertools.product(some, levels):
                figures = reading.figures(period, level)
                shown[level, period] += [one.value for one in figures if one.value is not None]
                if period not in known and is_kept(indicator, level):
                    rows += [_row(indicator, pk_of[one.code], period, one) for one in figures]
            KeptFigure.objects.bulk_create(rows, batch_size=5000)
    return {key: sorted(values) for key, values in shown.items()}


def _pks(regency: Area, indicator: Indicator) -> dict[str, int]:
    below = Area.objects.current().within(regency).values_list("code", "pk")
    return {regency.code: regency.pk, **dict(below)}


def _batches(periods: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(periods), PERIODS_AT_ONCE):
        yield list(periods[start : start + PERIODS_AT_ONCE])


def _row(indicator: Indicator, area_id: int, period: str, figure: Figure) -> KeptFigure:
    return KeptFigure(
        indicator=indicator,
        area_id=area_id,
        period=period,
        value=figure.value,
        status=figure.status,
        reported=figure.reported,
        expected=figure.expected,
        note=figure.note,
    )


def drop_what_rests_on_other_areas() -> None:
    """Drop all kept figures if areas, surfaces or changes are not those they were made of."""
    version, _created = DataVersion.objects.get_or_create(pk=1)
    present = area_state()
    if version.areas != present:
        KeptFigure.objects.all().delete()
        ShownValues.objects.all().delete()
        DataVersion.objects.filter(pk=1).update(areas=present)
