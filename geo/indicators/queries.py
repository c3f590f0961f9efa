"""Figures: the one way in which anything reads what was measured."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import FilteredRelation, Q

from geo.areas.models import Area, Level
from geo.indicators.models import ClassBreaks, Indicator, Observation, RollUp, Source, Status
from geo.lib import periods
from geo.lib.errors import UnknownChoice, UnknownIndicator, UnknownPeriod
from geo.lib.rollup import Part, Rolled, roll_up, status_of_part

DEPTH: dict[str, int] = {Level.REGENCY: 0, Level.DISTRICT: 1, Level.VILLAGE: 2}
# Below this, a neighbour would know which persons a count means.
SMALLEST_SAFE_COUNT = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One area's figure.

    ``reported`` of ``expected`` areas of the indicator's lowest level stand
    behind it. Zero is a value; None is not, and ``status`` says why.
    """

    code: str
    value: float | None
    status: str
    reported: int
    expected: int

    @property
    def is_partial(self) -> bool:
        """Whether some areas below have not reported."""
        return self.reported < self.expected


@dataclass(frozen=True)
class Figures:
    """The figures of one indicator and period; limits and sources are read when asked for."""

    indicator: Indicator
    period: str
    level: str
    parent: Area
    items: list[Figure]
    scheme: str
    reported: int
    expected: int
    source_ids: frozenset[int]

    @cached_property
    def edges(self) -> list[float]:
        """The stored class edges, k + 1 rising numbers; empty where none are stored."""
        stored = ClassBreaks.objects.filter(indicator=self.indicator, level=self.level)
        return stored.filter(scheme=self.scheme).values_list("edges", flat=True).first() or []

    @cached_property
    def sources(self) -> list[Source]:
        """The sources of what stands behind the figures."""
        return list(Source.objects.filter(pk__in=self.source_ids).order_by("pk"))

    def by_code(self) -> dict[str, Figure]:
        """Return the figures by area code."""
        return {item.code: item for item in self.items}

    @property
    def values(self) -> list[float | None]:
        """The values in the order of ``items``."""
        return [item.value for item in self.items]

    @property
    def is_demo(self) -> bool:
        """Whether any figure rests on demonstration data."""
        return any(source.is_demo for source in self.sources)


def find_indicator(code: str) -> Indicator:
    """Return the indicator with this code; ``UnknownIndicator`` names those that are known."""
    try:
        return Indicator.objects.select_related("sector").get(code=code)
    except Indicator.DoesNotExist:
        known = ", ".join(Indicator.objects.values_list("code", flat=True))
        raise UnknownIndicator(code=code, known=known or "–") from None


def known_periods(indicator: Indicator, moment: datetime.datetime | None = None) -> list[str]:
    """Return the periods with observations, ascending; for a ratio, of both its parts."""
    return periods_of([indicator], moment)[indicator.pk]


def periods_of(
    indicators: Iterable[Indicator], moment: datetime.datetime | None = None
) -> dict[int, list[str]]:
    """Return the ``known_periods`` of each indicator, by its id; one query."""
    needed = {indicator.pk: set(_required(indicator)) for indicator in indicators}
    seen = Observation.objects.as_of(moment).filter(indicator_id__in=set().union(*needed.values()))
    by_period: dict[str, set[int]] = defaultdict(set)
    for indicator_id, period in seen.values_list("indicator_id", "period").order_by().distinct():
        by_period[period].add(indicator_id)
    ordered = sorted(by_period, key=periods.order)
    return {pk: [p for p in ordered if ids <= by_period[p]] for pk, ids in needed.items()}


def latest_period(indicator: Indicator, moment: datetime.datetime | None = None) -> str | None:
    """Return the newest period with figures, or None."""
    found = known_periods(indicator, moment)
    return found[-1] if found else None


def read_figures(
    *,
    indicator: Indicator,
    period: str,
    level: str,
    parent: Area,
    scheme: str | None = None,
    moment: datetime.datetime | None = None,
) -> Figures:
    """Read the figures of the areas of ``level`` that are, or lie below, ``parent``.

    Every channel reads through here, so that roll-up, coverage and the
    protection of persons are the same everywhere. One query.

    Parameters
    ----------
    level
        Not below the level that the indicator is reported at, nor above ``parent``.
    scheme
        Of the class edges; the indicator's own without it.
    moment
        Read what stood at that moment; without it, what stands now.

    Raises
    ------
    UnknownChoice, UnknownPeriod
        Name the levels or periods that there are.
    """
    _require_level(indicator, level, parent)
    rows = _rows(indicator, [period], level, parent, moment)
    if all(row.indicator_id is None for row in rows):
        _require_period(indicator, period, moment)
    items = _figures(indicator, rows, level, parent)
    return Figures(
        indicator=indicator,
        period=period,
        level=level,
        parent=parent,
        items=items,
        scheme=scheme or indicator.scheme,
        reported=sum(item.reported for item in items),
        expected=sum(item.expected for item in items),
        source_ids=frozenset(row.source_id for row in rows if row.source_id is not None),
    )


def read_figure(
    *,
    indicator: Indicator,
    period: str,
    area: Area,
    moment: datetime.datetime | None = None,
) -> Figure:
    """Read one area's figure; a village below the level of the indicator has none.

    Raises ``UnknownPeriod``, as ``read_figures`` does.
    """
    if DEPTH[area.level] > DEPTH[indicator.level]:
        return Figure(area.code, None, Status.NOT_ASSESSED, 0, 0)
    rows = _rows(indicator, [period], area.level, area, moment)
    if all(row.indicator_id is None for row in rows):
        _require_period(indicator, period, moment)
    return _only(_figures(indicator, rows, area.level, area), area)


def read_trend(
    *, indicator: Indicator, area: Area, moment: datetime.datetime | None = None
) -> list[tuple[str, Figure]]:
    """Read one area's figures of all known periods, oldest first; two queries."""
    known = known_periods(indicator, moment)
    if not known or DEPTH[area.level] > DEPTH[indicator.level]:
        return []
    rows = _rows(indicator, known, area.level, area, moment)
    trend = []
    for period in known:
        # An area without any observation has one row, whose period is None:
        # it is expected in every period all the same.
        seen = [row if row.period == period else _unseen(row) for row in rows]
        trend.append((period, _only(_figures(indicator, seen, area.level, area), area)))
    return trend


def has_demo() -> bool:
    """Whether any figure that stands now is demonstration data."""
    return Observation.objects.as_of().filter(source__is_demo=True).exists()


def data_version() -> str:
    """Return a short text that changes whenever a figure, sector, break or outline changes.

    Cheap on purpose: it looks at primary keys and small tables only. Every
    new revision is a new row, and every load writes the breaks anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT max(id) FROM geo_observation),
                   (SELECT max(id) FROM geo_source),
                   (SELECT count(*) || '-' || max(id) FROM geo_classbreaks),
                   (SELECT count(*) || '-' || max(loaded_at) FROM geo_outline),
                   (SELECT max(id) FROM geo_area),
                   (SELECT md5(string_agg(s::text, '' ORDER BY s.id)) FROM geo_sector s),
                   (SELECT md5(string_agg(i::text, '' ORDER BY i.id)) FROM geo_indicator i)
            """
        )
        return hashlib.sha256(repr(cursor.fetchone()).encode()).hexdigest()[:16]


# What was observed of one area, by indicator: (value, status).
_Seen = dict[int | None, tuple[float | None, Any]]


class _Row(NamedTuple):
    """One area, with at most one observation of it."""

    code: str
    level: str
    area_km2: float | None
    parent_code: str | None
    grandparent_code: str | None
    indicator_id: int | None
    period: str | None
    value: float | None
    status: str | None
    source_id: int | None


def _required(indicator: Indicator) -> list[int]:
    """Ids of the indicators without which there is no figure."""
    is_ratio = indicator.roll_up == RollUp.RATIO
    parts = (indicator.numerator_id, indicator.denominator_id) if is_ratio else (indicator.pk,)
    return [pk for pk in parts if pk is not None]


def _is_weighted(indicator: Indicator, level: str) -> bool:
    """Whether weights are needed: not at the level itself, where there is nothing to average."""
    return indicator.roll_up == RollUp.WEIGHTED_MEAN and level != indicator.level


def _read_ids(indicator: Indicator, level: str) -> list[int]:
    weight = indicator.weight_id if _is_weighted(indicator, level) else None
    return _required(indicator) + ([] if weight is None else [weight])


def _require_level(indicator: Indicator, level: str, parent: Area) -> None:
    allowed = [
        name
        for name, depth in DEPTH.items()
        if DEPTH[parent.level] <= depth <= DEPTH[indicator.level]
    ]
    if level not in allowed:
        raise UnknownChoice(name="level", found=level, allowed=", ".join(allowed) or "–")


def _require_period(indicator: Indicator, period: str, moment: datetime.datetime | None) -> None:
    known = known_periods(indicator, moment)
    if period not in known:
        raise UnknownPeriod(indicator=indicator.name, period=period, known=", ".join(known) or "–")


def _rows(
    indicator: Indicator,
    wanted_periods: list[str],
    level: str,
    parent: Area,
    moment: datetime.datetime | None,
) -> list[_Row]:
    """One row an area and observation; an area without any has one row all the same.

    Areas are those of ``level`` and those that report, so that an area with
    nothing below it is listed too.
    """
    stands = Q(observations__superseded_at=None)
    if moment is not None:
        stands = (stands | Q(observations__superseded_at__gt=moment)) & Q(
            observations__recorded_at__lte=moment
        )
    seen = FilteredRelation(
        "observations",
        condition=stands
        & Q(observations__indicator_id__in=_read_ids(indicator, level))
        & Q(observations__period__in=wanted_periods),
    )
    found = (
        Area.objects.current()
        .filter(_lineage(indicator, level, parent), level__in={level, indicator.level})
        .annotate(seen=seen)
        .order_by("code")
        .values_list(
            *("code", "level", "area_km2", "parent__code", "parent__parent__code"),
            *("seen__indicator_id", "seen__period", "seen__value", "seen__status"),
            "seen__source_id",
        )
    )
    return [_Row._make(row) for row in found]


def _lineage(indicator: Indicator, level: str, parent: Area) -> Q:
    """Which areas are read, written so that the index on ``parent`` serves a whole country."""
    if level == parent.level == indicator.level:
        return Q(pk=parent.pk)
    above = Area.objects.filter(Q(pk=parent.pk) | Q(parent=parent)).values("pk")
    below = Q(parent__in=above)
    return below | Q(pk=parent.pk) if indicator.roll_up == RollUp.NONE else below


def _unseen(row: _Row) -> _Row:
    return row._replace(indicator_id=None, value=None, status=None)


def _figures(indicator: Indicator, rows: Iterable[_Row], level: str, parent: Area) -> list[Figure]:
    """Gather the rows by area, make a part of each, roll the parts up to ``level``."""
    areas: dict[str, _Row] = {}
    seen: dict[str, _Seen] = defaultdict(dict)
    for row in rows:
        areas[row.code] = row
        if row.indicator_id is not None:
            seen[row.code][row.indicator_id] = (row.value, row.status)
    parts: dict[str, list[Part]] = {c: [] for c, row in areas.items() if row.level == level}
    if parent.level == level:
        parts[parent.code] = []
    for code, row in areas.items():
        target = _ancestor(row, level)
        if row.level == indicator.level and target in parts:
            parts[target].append(_part(indicator, row, seen[code], level))
    figures = []
    for code in sorted(parts):
        own = seen[code].get(indicator.pk)
        rolled = roll_up(indicator.roll_up, parts[code], indicator.factor)
        if indicator.roll_up == RollUp.NONE and own and own[0] is not None:
            rolled = Rolled(*own, 1, 1)
        figures.append(_protected(indicator, level, code, parts[code], rolled))
    return figures


def _ancestor(row: _Row, level: str) -> str | None:
    """Code of the area of ``level`` in which the area of this row lies."""
    above = DEPTH[row.level] - DEPTH[level]
    return (row.code, row.parent_code, row.grandparent_code)[above] if above >= 0 else None


def _part(indicator: Indicator, row: _Row, seen: _Seen, level: str) -> Part:
    if indicator.roll_up == RollUp.RATIO:
        upper = seen.get(indicator.numerator_id, _NOTHING)
        if indicator.per_km2:
            surface = row.area_km2
            lower = (surface, Status.VERIFIED) if surface else _NOTHING
        else:
            lower = seen.get(indicator.denominator_id, _NOTHING)
    else:
        upper = seen.get(indicator.pk, _NOTHING)
        if not _is_weighted(indicator, level):
            return Part(upper[0], 1, upper[1])
        lower = seen.get(indicator.weight_id, _NOTHING)
    return Part(upper[0], lower[0], status_of_part(upper, lower))


_NOTHING: tuple[float | None, Any] = (None, str(Status.MISSING))


def _protected(
    indicator: Indicator, level: str, code: str, parts: list[Part], rolled: Rolled
) -> Figure:
    """Withhold small counts of persons in a village.

    Only the count itself is withheld. A total that would give it away by
    subtraction is not yet withheld too (complementary suppression): that has
    to come with the first sector that is declared sensitive.
    """
    if indicator.sensitive and level == Level.VILLAGE:
        count = parts[0].upper
        if count is not None and 0 < count < SMALLEST_SAFE_COUNT:
            return Figure(code, None, Status.SUPPRESSED, rolled.reported, rolled.expected)
    return Figure(code, rolled.value, rolled.status, rolled.reported, rolled.expected)


def _only(figures: list[Figure], area: Area) -> Figure:
    found = [figure for figure in figures if figure.code == area.code]
    return found[0] if found else Figure(area.code, None, Status.MISSING, 0, 0)
