"""Reading observations: of present areas, and of those that they once were.

An area that was recoded, renamed or merged whole into another is read under its
successor. One that was split is not shared out: its successors have no figure
for the time before, while its own enters the totals of its district.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection

from geo.areas.models import Area
from geo.indicators.models import Indicator, RollUp, Status
from geo.indicators.queries.shapes import DEPTH
from geo.lib.rollup import weakest

# (value, status, id of the source)
Seen = tuple[float | None, Any, int | None]
# What was observed in one period, by indicator, then by area.
Month = Mapping[int, Mapping[int, Seen]]

NOTHING: Seen = (None, str(Status.MISSING), None)


class Place(NamedTuple):
    """One present area, with the codes of the district and the regency that it lies in."""

    pk: int
    code: str
    level: str
    area_km2: float | None
    parent_code: str | None
    above_code: str | None
    valid_from: datetime.date

    def at(self, level: str) -> str | None:
        """Code of the area of ``level`` in which it lies, or its own."""
        above = DEPTH[self.level] - DEPTH[level]
        return (self.code, self.parent_code, self.above_code)[above] if above >= 0 else None


class Former(NamedTuple):
    """One area that passed into a present one, and the district and regency it is counted in."""

    pk: int
    code: str
    date: datetime.date
    is_closed: bool
    home: str | None
    above_home: str | None


@dataclass(frozen=True, slots=True)
class Observed:
    """Areas in order of their codes, those they came from, and what was observed of all."""

    places: list[Place]
    whole: dict[int, list[Former]] = field(default_factory=dict)
    split: dict[int, list[Former]] = field(default_factory=dict)
    months: dict[str, dict[int, dict[int, Seen]]] = field(default_factory=dict)

    def month(self, period: str) -> Month:
        """What was observed in a period, by indicator and area."""
        return self.months.get(period, {})

    def seen(self, indicator_id: int, month: Month, place: Place, method: str) -> Seen:
        """What was observed of one indicator of a present area, or of what it was before."""
        cells = month.get(indicator_id, {})
        own = cells.get(place.pk)
        if own is not None or place.pk not in self.whole:
            return own or NOTHING
        before = [cells[former.pk] for former in self.whole[place.pk] if former.pk in cells]
        if len(before) < 2:
            return before[0] if before else NOTHING
        return _merged(before, method)


def _merged(before: list[Seen], method: str) -> Seen:
    """Figures of areas that have been merged since; percentages cannot be put together."""
    values = [value for value, _status, _source in before if value is not None]
    if len(values) < len(before) or method not in {RollUp.SUM, RollUp.MAX}:
        return NOTHING
    status = weakest(status for _value, status, _source in before)
    return (sum(values) if method == RollUp.SUM else max(values), status, before[0][2])


STANDING = """
    SELECT area_id, period, indicator_id, value, status, source_id FROM geo_observation
    WHERE superseded_at IS NULL
      AND indicator_id = ANY(%(indicators)s) AND period = ANY(%(periods)s)"""

STOOD = f"""
    {STANDING} AND recorded_at <= %(moment)s
    UNION ALL
    SELECT area_id, period, indicator_id, value, status, source_id FROM geo_observation
    WHERE superseded_at > %(moment)s AND recorded_at <= %(moment)s
      AND indicator_id = ANY(%(indicators)s) AND period = ANY(%(periods)s)"""  # noqa: S608

# The condition on the parent is written so that its index serves a whole country.
# Chains of changes are followed back to the first area; a chain is whole when
# every link is. The home of a former area is where its figures are counted.
READ = """
    WITH RECURSIVE place AS (
        SELECT a.id, a.code, a.level, a.area_km2, p.code AS parent, g.code AS above, a.valid_from
        FROM geo_area a
        LEFT JOIN geo_area p ON p.id = a.parent_id LEFT JOIN geo_area g ON g.id = p.parent_id
        WHERE a.valid_to IS NULL AND a.level = ANY(%(levels)s)
          AND (a.id = ANY(%(tops)s) OR (%(deep)s
          AND a.parent_id IN (SELECT id FROM geo_area WHERE id = %(top)s OR parent_id = %(top)s)))
    ), old AS (
        SELECT c.predecessor_id AS id, place.id AS into_id, place.above, c.date,
               coalesce(c.share = 1, c.nature <> 'split') AS is_whole
        FROM geo_areachange c JOIN place ON place.id = c.successor_id
        UNION
        SELECT c.predecessor_id, old.into_id, old.above, least(c.date, old.date),
               old.is_whole AND coalesce(c.share = 1, c.nature <> 'split')
        FROM geo_areachange c JOIN old ON c.successor_id = old.id
    ), listed AS (
        SELECT id, code, level, area_km2, parent, above, valid_from,
               NULL::bigint AS into_id, NULL::boolean AS is_whole, NULL::boolean AS is_closed
        FROM place
        UNION ALL
        SELECT old.id, a.code, a.level, NULL, coalesce(p.code, (
                   SELECT min(d.code) FROM geo_areachange c
                   JOIN geo_area s ON s.id = c.successor_id JOIN geo_area d ON d.id = s.parent_id
                   WHERE c.predecessor_id = old.id
               )), old.above, old.date, old.into_id, old.is_whole, a.valid_to IS NOT NULL
        FROM old JOIN geo_area a ON a.id = old.id
        LEFT JOIN geo_area p ON p.id = a.parent_id AND p.valid_to IS NULL
    )
    SELECT listed.*, o.period, o.indicator_id, o.value, o.status, o.source_id
    FROM listed {observations}"""

# Of a whole regency: the months asked for lie side by side, areas are joined to them.
BESIDE = "LEFT JOIN ({rows}) o ON o.area_id = listed.id"
# Of a single area, whatever its months: the planner must not read those of all others.
ALONE = """
    LEFT JOIN LATERAL (SELECT * FROM ({rows}) r WHERE r.area_id = listed.id OFFSET 0) o ON TRUE"""


def required_ids(indicator: Indicator) -> list[int]:
    """Ids of the indicators without which there is no figure."""
    is_ratio = indicator.roll_up == RollUp.RATIO
    parts = (indicator.numerator_id, indicator.denominator_id) if is_ratio else (indicator.pk,)
    return [pk for pk in parts if pk is not None]


def read_ids(indicator: Indicator) -> list[int]:
    """Ids of the indicators that are read, with the weight of a mean."""
    weight = indicator.weight_id if indicator.roll_up == RollUp.WEIGHTED_MEAN else None
    return [*required_ids(indicator), *([] if weight is None else [weight])]


def read_observed(
    *,
    indicator_ids: Collection[int],
    periods: Collection[str],
    top: Area,
    levels: Collection[str],
    moment: datetime.datetime | None = None,
    beside: Collection[Area] = (),
) -> Observed:
    """Read the present areas of ``levels`` that are, or lie below, ``top``, and their figures.

    One query, whatever the number of areas, indicators and periods.

    Parameters
    ----------
    beside
        Areas that are read along, without what lies below them. Where ``levels`` are no others
        than those of all these areas, nothing that lies below ``top`` is read either.
    """
    facts: dict[str, Any] = {
        "top": top.pk,
        "tops": [top.pk, *(area.pk for area in beside)],
        "levels": list(levels),
        "deep": not set(levels) <= {area.level for area in (top, *beside)},
        "indicators": list(indicator_ids),
        "periods": list(periods),
        "moment": moment,
    }
    with connection.cursor() as cursor:
        join = BESIDE if facts["deep"] else ALONE
        observations = join.format(rows=STOOD if moment else STANDING)
        cursor.execute(READ.format(observations=observations), facts)
        rows = cursor.fetchall()
    observed = Observed([])
    listed = set()
    for pk, code, level, km2, parent, above, day, into, whole, closed, *cell in rows:
        if (pk, into) not in listed:
            listed.add((pk, into))
            if into is None:
                observed.places.append(Place(pk, code, level, km2, parent, above, day))
            else:
                formers = observed.whole if whole and closed else observed.split
                former = Former(pk, code, day, closed, parent, above)
                formers.setdefault(into, []).append(former)
        period, indicator_id, *seen = cell
        if period is not None and (into is None or closed):
            observed.months.setdefault(period, {}).setdefault(indicator_id, {})[pk] = tuple(seen)
    observed.places.sort(key=lambda place: place.code)
    return observed
