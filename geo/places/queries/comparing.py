"""What stands where a new list speaks of: the places themselves, their numbers, what is near."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Prefetch

from geo.areas.models import Area
from geo.places.models import Place

# The index on the ellipsoid serves it: a few metres are asked for, of some thousand places.
NEAR = """
    SELECT DISTINCT ON (asked.row) asked.row, p.id, p.name,
           ST_Distance(p.point::geography(POINT, 4326), asked.point) AS distance_m
    FROM (SELECT row, kind, ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography AS point
          FROM unnest(%(rows)s::int[], %(kinds)s::text[], %(lons)s::float8[], %(lats)s::float8[])
               AS a(row, kind, lon, lat)) asked
    JOIN geo_placekind k ON k.code = asked.kind
    JOIN geo_place p ON p.kind_id = k.id AND p.closed_on IS NULL AND p.point IS NOT NULL
         AND ST_DWithin(p.point::geography(POINT, 4326), asked.point, %(within_m)s)
    JOIN geo_source s ON s.id = p.source_id AND (%(with_demo)s OR NOT s.is_demo)
    WHERE NOT p.id = ANY(%(except_ids)s::bigint[])
    ORDER BY asked.row, distance_m"""


def open_places(area: Area, kinds: Sequence[str], **narrowed: bool) -> list[Place]:
    """Open places of some kinds in an area, by kind and name; four queries."""
    found = Place.objects.open().filter(kind__code__in=kinds, **narrowed).within(area)
    villages = Area.objects.defer("boundary", "interior_point")
    # Apart, not joined: a kind is read once, not once for each of its thousand places.
    related = found.prefetch_related("kind", "source", Prefetch("village", villages))
    return list(related.order_by("kind__position", "kind__code", "name", "pk"))


def places_with_number(register: str, numbers: Collection[str], **narrowed: bool) -> list[Place]:
    """Open places, anywhere, that have one of these numbers in a register."""
    found = Place.objects.open().filter(register=register, identifier__in=numbers, **narrowed)
    return list(found.select_related("kind", "source"))


def near_places(
    points: Mapping[int, tuple[str, float, float]],
    within_m: float,
    except_ids: Collection[int],
    *,
    with_demo: bool = True,
) -> dict[int, tuple[str, float]]:
    """The nearest open place of the same kind within ``within_m`` of each point; one query.

    Parameters
    ----------
    points
        By row: code of the kind, longitude and latitude in degrees (EPSG:4326).
    except_ids
        Places that are not looked at: those that the rows are about themselves.
    with_demo
        Whether demonstration places are looked at.

    Returns
    -------
    dict
        By row: name of the place and its distance in metres on the ellipsoid.
    """
    asked: dict[str, Any] = {
        "rows": list(points),
        "kinds": [kind for kind, _lon, _lat in points.values()],
        "lons": [lon for _kind, lon, _lat in points.values()],
        "lats": [lat for _kind, _lon, lat in points.values()],
        "within_m": within_m,
        "except_ids": list(except_ids),
        "with_demo": with_demo,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEAR, asked)
        return {row: (name, distance) for row, _pk, name, distance in cursor.fetchall()}
