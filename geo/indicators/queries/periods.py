"""Which indicators and periods there are, and whether anything has changed."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from geo.indicators.models import Indicator, Observation
from geo.indicators.queries.observed import required_ids
from geo.lib import periods
from geo.lib.errors import UnknownIndicator

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
    SELECT id, period FROM step WHERE period IS NOT NULL"""

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


def periods_of(
    indicators: Iterable[Indicator], moment: datetime.datetime | None = None
) -> dict[int, list[str]]:
    """Return the ``known_periods`` of each indicator, by its id; one query.

    Its cost grows with the number of periods, not of observations, unless a
    moment is pinned.
    """
    needed = {indicator.pk: set(required_ids(indicator)) for indicator in indicators}
    by_period: dict[str, set[int]] = defaultdict(set)
    for indicator_id, period in _seen(set().union(*needed.values()), moment):
        by_period[period].add(indicator_id)
    ordered = sorted(by_period, key=periods.order)
    return {pk: [p for p in ordered if ids <= by_period[p]] for pk, ids in needed.items()}


def _seen(ids: set[int], moment: datetime.datetime | None) -> Iterable[tuple[int, str]]:
    if moment is not None:
        stood = Observation.objects.as_of(moment).filter(indicator_id__in=ids)
        return stood.values_list("indicator_id", "period").order_by().distinct()
    with connection.cursor() as cursor:
        cursor.execute(STEPS, [list(ids)])
        return cursor.fetchall()


def latest_period(indicator: Indicator, moment: datetime.datetime | None = None) -> str | None:
    """Return the newest period with figures, or None."""
    found = known_periods(indicator, moment)
    return found[-1] if found else None


def has_demo() -> bool:
    """Whether any figure that stands now is demonstration data."""
    return Observation.objects.as_of().filter(source__is_demo=True).exists()


def data_version() -> str:
    """Return a short text that changes whenever a figure, sector, break or outline changes.

    Cheap on purpose: publications are counted, each in its own transaction;
    for the rest it looks at primary keys and small tables only.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT sum(number) FROM geo_dataversion),
                   (SELECT max(id) FROM geo_observation),
                   (SELECT max(id) FROM geo_source),
                   (SELECT count(*) || '-' || max(id) FROM geo_classbreaks),
                   (SELECT count(*) || '-' || max(loaded_at) FROM geo_outline),
                   (SELECT max(id) FROM geo_area),
                   (SELECT md5(string_agg(s::text, '' ORDER BY s.id)) FROM geo_sector s),
                   (SELECT md5(string_agg(i::text, '' ORDER BY i.id)) FROM geo_indicator i)
            """
        )
        return hashlib.sha256(repr(cursor.fetchone()).encode()).hexdigest()[:16]


def area_state() -> str:
    """Return a text that changes with the areas and changes that figures rest on; one query."""
    with connection.cursor() as cursor:
        cursor.execute(AREA_STATE)
        return cursor.fetchone()[0]
