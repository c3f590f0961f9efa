"""Which indicators and periods there are, and whether anything has changed."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from geo.indicators.models import Indicator, Observation
from geo.indicators.queries.observed import required_ids
from geo.lib import periods
from geo.lib.errors import UnknownChoice, UnknownIndicator

# From one period to the next along the index, not over all rows between them.
STEPS = """
    WITH RECURSIVE step AS (
        SELECT wanted.id, (
            SELECT min(o.period) FROM geo_observation o
            WHERE o.superseded_at IS NULL AND o.indicator_id = wanted.id
        ) AS period
        FROM unnest(%s::bigint[]) AS wanted(id)
        UNION ALL
        SELECT step.id, (
            SELECT min(o.period) FROM geo_observation o
            WHERE o.superseded_at IS NULL AND o.indicator_id = step.id AND o.period > step.period
        )
        FROM step WHERE step.period IS NOT NULL
    )
    SELECT id, period, CASE WHEN row_number() OVER (PARTITION BY id ORDER BY period DESC) <= %s
        THEN (SELECT count(*) FROM geo_observation o WHERE o.superseded_at IS NULL
              AND o.indicator_id = step.id AND o.period = step.period)
        ELSE 0 END
    FROM step WHERE period IS NOT NULL"""

# Periods among which the one to show is looked for.
N_RECENT = 4
# What figures rest on besides observations.
AREA_STATE = """
    SELECT (SELECT count(*) || '-' || coalesce(sum(hashtext(concat(
                id, ' ', parent_id, ' ', valid_from, ' ', valid_to, ' ', area_km2))), 0)
            FROM geo_area)
        || '-' ||
           (SELECT count(*) || '-' || coalesce(sum(hashtext(c::text)), 0) FROM geo_areachange c)"""


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


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of indicators, by id: all that have figures, and the one to show.

    Where nobody names a period, the newest is shown for which at least half as
    many areas have reported as for the one before it: the first village that
    delivers a new year must not empty everybody's map.
    """

    known: dict[int, list[str]]
    shown: dict[int, str | None]


def read_periods_of(
    indicators: Iterable[Indicator], moment: datetime.datetime | None = None
) -> Periods:
    """Return the periods with observations, ascending; for a ratio, of all its parts; one query.

    Its cost grows with the number of periods, not of observations, unless a
    moment is pinned.
    """
    needed = {indicator.pk: required_ids(indicator) for indicator in indicators}
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for indicator_id, period, n in _seen({pk for ids in needed.values() for pk in ids}, moment):
        counts[period][indicator_id] = n
    ordered = sorted(counts, key=periods.order)
    known = {pk: [p for p in ordered if counts[p].keys() >= set(ids)] for pk, ids in needed.items()}
    shown = {
        pk: _usual([(period, counts[period][needed[pk][0]]) for period in found[-N_RECENT:]])
        for pk, found in known.items()
    }
    return Periods(known, shown)


def periods_of(
    indicators: Iterable[Indicator], moment: datetime.datetime | None = None
) -> dict[int, list[str]]:
    """Return the ``known_periods`` of each indicator, by its id; one query."""
    return read_periods_of(indicators, moment).known


def latest_period(indicator: Indicator, moment: datetime.datetime | None = None) -> str | None:
    """Return the period to show to somebody who names none, or None: see ``Periods``."""
    return read_periods_of([indicator], moment).shown[indicator.pk]


def _usual(counted: list[tuple[str, int]]) -> str | None:
    for (period, n), (_before, n_before) in zip(counted[::-1], counted[-2::-1], strict=False):
        if n >= n_before / 2:
            return period
    return counted[0][0] if counted else None


def _seen(ids: set[int], moment: datetime.datetime | None) -> Iterable[tuple[int, str, int]]:
    """(indicator's id, period, areas on record); they are counted for the newest periods only."""
    if moment is not None:
        stood = Observation.objects.as_of(moment).filter(indicator_id__in=ids).order_by()
        return stood.values_list("indicator_id", "period").annotate(n=Count("area"))
    with connection.cursor() as cursor:
        cursor.execute(STEPS, [list(ids), 2 * N_RECENT])
        return cursor.fetchall()


def has_demo() -> bool:
    """Whether any figure that stands now is demonstration data."""
    return Observation.objects.as_of().filter(source__is_demo=True).exists()


# Cheap on purpose: publications are counted, each in its own transaction;
# for the rest it looks at primary keys and small tables only.
DATA_STATE = """
    (SELECT sum(number) FROM geo_dataversion),
    (SELECT max(id) FROM geo_observation),
    (SELECT max(id) FROM geo_source),
    (SELECT count(*) || '-' || max(id) FROM geo_classbreaks),
    (SELECT count(*) || '-' || max(loaded_at) FROM geo_outline),
    (SELECT max(id) FROM geo_area),
    (SELECT md5(string_agg(s::text, '' ORDER BY s.id)) FROM geo_sector s),
    (SELECT md5(string_agg(i::text, '' ORDER BY i.id)) FROM geo_indicator i)"""


def data_version() -> str:
    """Return a short text that changes whenever a figure, sector, break or outline changes."""
    return _digest(f"SELECT {DATA_STATE}")


def figures_state() -> str:
    """Return a text that changes with the figures or the areas they rest on; one query."""
    return _digest(f"SELECT {DATA_STATE}, ({AREA_STATE})")


def _digest(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return hashlib.sha256(repr(cursor.fetchone()).encode()).hexdigest()[:16]


def area_state() -> str:
    """Return a text that changes with the areas and changes that figures rest on; one query."""
    with connection.cursor() as cursor:
        cursor.execute(AREA_STATE)
        return cursor.fetchone()[0]


def end_of_day(day: datetime.date) -> datetime.datetime:
    """The last moment of ``day`` in the regency's time: what was published by then counts."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.max))


def read_day(found: str) -> datetime.date | None:
    """The day that ``per=`` of an address names; None without one.

    Raises
    ------
    UnknownChoice
        ``found`` is no date.
    """
    try:
        return datetime.date.fromisoformat(found) if found else None
    except ValueError:
        today = timezone.localdate().isoformat()
        raise UnknownChoice(name="per", found=found[:40], allowed=today) from None
