"""Reading places: lists, layers for the map, the nearest, and rows for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area, Level
from geo.areas.queries import find_area, regency
from geo.lib.errors import GeoError
from geo.lib.names import name_variants
from geo.places.models import Place, PlaceKind, Precision

DECIMALS = 5  # of a degree: about one metre
UNITS_PER_DEGREE = 10**DECIMALS
LARGEST_NUMBER = 2**63  # of an id in the database


class UnknownPlace(GeoError):
    """No place has this number."""

    status = 404
    template = _("There is no place with the number %(number)s. Look for it by name at /tempat/.")


class UnknownPlaceKind(GeoError):
    """No sector declares this kind of places."""

    status = 404
    template = _("There is no kind of places “%(code)s”. Known are: %(known)s.")


class UnknownLayer(GeoError):
    """No layer has this address, or it has been replaced by a newer one."""

    status = 404
    template = _(
        "There is no layer “%(code)s.%(hash)s”. Places may have been loaded anew: open the map "
        "again."
    )


def find_kind(code: str) -> PlaceKind:
    """The kind of places with this code.

    Raises
    ------
    UnknownPlaceKind
        Names the codes that are known.
    """
    found = PlaceKind.objects.filter(code=code).select_related("sector").first()
    if found is None:
        known = ", ".join(PlaceKind.objects.values_list("code", flat=True))
        raise UnknownPlaceKind(code=code, known=known or "–")
    return found


def find_place(number: int) -> Place:
    """The place with this number, open or closed, with its village and districts.

    Raises
    ------
    UnknownPlace
        There is none.
    """
    known = number < LARGEST_NUMBER
    found = _with_relations(Place.objects.all()).filter(pk=number).first() if known else None
    if found is None:
        raise UnknownPlace(number=number)
    return found


def _with_relations(places: QuerySet[Place]) -> QuerySet[Place]:
    heavy = ("boundary", "interior_point")
    above = ("village", "village__parent", "village__parent__parent")
    related = places.select_related("kind__sector", "source", "village__parent__parent")
    return related.defer(*(f"{area}__{column}" for area in above for column in heavy))


# --- the list ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceList:
    """What the page of places shows: some places, and how many there are of each kind."""

    places: list[Place]
    n_found: int
    kinds: list[tuple[PlaceKind, int]]
    districts: list[Area]


def search_places(
    *, text: str = "", kind: PlaceKind | None = None, area: Area | None = None, limit: int = 100
) -> PlaceList:
    """Open places of the regency by name or number, kind and area; four queries.

    Parameters
    ----------
    text
        A part of the name in any spelling that ``name_key`` equates, or the
        beginning of an identifier.
    limit
        At most so many are listed; ``n_found`` counts all.
    """
    top = regency()
    found = Place.objects.open().within(area or top)
    if text.strip():
        found = found.filter(_named(text.strip()))
    counts = dict(found.order_by().values_list("kind").annotate(n=Count("pk")))
    kinds = [(one, counts.get(one.pk, 0)) for one in PlaceKind.objects.select_related("sector")]
    if kind is not None:
        found = found.filter(kind=kind)
    listed = _with_relations(found).order_by("kind__sector__position", "kind__position", "name")
    n_found = counts.get(kind.pk, 0) if kind else sum(counts.values())
    districts = Area.objects.current().filter(parent=top).defer("boundary").order_by("name")
    return PlaceList(list(listed[:limit]), n_found, kinds, list(districts))


def _named(text: str) -> Q:
    named = Q(identifier__istartswith=text)
    for variant in filter(None, name_variants(text)):
        named |= Q(name_key__contains=variant)
    return named


# --- layers of the map ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Layer:
    """One kind of places as the map can show it; ``address`` never changes its content."""

    code: str
    name: str
    sector: str
    icon: str
    n_places: int
    n_points: int
    address: str


def layers() -> list[Layer]:
    """The kinds that have points to show, in the order of the sectors; one query."""
    kinds = (
        PlaceKind.objects.select_related("sector")
        .annotate(
            n_places=Count("places", filter=Q(places__closed_on=None)),
            n_points=Count("places__point", filter=Q(places__closed_on=None)),
        )
        .exclude(content_hash="")
        .order_by("sector__position", "position", "code")
    )
    return [
        Layer(
            code=kind.code,
            name=kind.plural,
            sector=kind.sector.name,
            icon=kind.icon,
            n_places=kind.n_places,
            n_points=kind.n_points,
            address=reverse("place_layer", args=[kind.code, kind.content_hash]),
        )
        for kind in kinds
        if kind.n_points
    ]


def find_layer(code: str, content_hash: str) -> str:
    """The text of the layer that stands under one immutable address.

    Raises
    ------
    UnknownLayer
        There is none, or it has another hash now.
    """
    kind = PlaceKind.objects.filter(code=code, content_hash=content_hash).first()
    if kind is None:
        raise UnknownLayer(code=code, hash=content_hash)
    return layer_json(kind)


def layer_json(kind: PlaceKind) -> str:
    """The open places of a kind that have a point, as parallel lists.

    Returns
    -------
    str
        ``{"kind", "icon", "scale", "ids", "lon", "lat", "names", "approximate"}``.
        ``lon`` and ``lat`` are whole numbers, degrees × ``scale``, each but the
        first the difference to the one before, from west to east: half the
        bytes. ``approximate`` lists positions in these lists, not ids.
    """
    rows = kind.places.open().filter(point__isnull=False)
    found = sorted(
        (_scaled(point.x), _scaled(point.y), pk, name, precision)
        for point, pk, name, precision in rows.values_list("point", "pk", "name", "precision")
    )
    shape = {
        "kind": kind.code,
        "icon": kind.icon,
        "scale": UNITS_PER_DEGREE,
        "ids": [row[2] for row in found],
        "lon": _differences([row[0] for row in found]),
        "lat": _differences([row[1] for row in found]),
        "names": [row[3] for row in found],
        "approximate": [
            place for place, row in enumerate(found) if row[4] == Precision.APPROXIMATE
        ],
    }
    return json.dumps(shape, separators=(",", ":"), ensure_ascii=False)


def _scaled(degrees: float) -> int:
    return round(degrees * UNITS_PER_DEGREE)


def _differences(numbers: Sequence[int]) -> list[int]:
    return [b - a for a, b in zip([0, *numbers], numbers, strict=False)]


# --- the nearest -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Near:
    """One of the places nearest to somewhere; no distance where only its village is known."""

    place: Place
    distance_m: float | None
    is_inside: bool


# For every kind by itself, so that the nearest school is not hidden behind ten health
# posts. The index serves ``<->``, which measures on a sphere (0.3 % off); what is found
# is measured again on the ellipsoid.
NEAREST = """
    SELECT near.id FROM geo_placekind k CROSS JOIN LATERAL (
        SELECT p.id FROM geo_place p
        WHERE p.kind_id = k.id AND p.closed_on IS NULL AND p.point IS NOT NULL
        ORDER BY p.point::geography(POINT, 4326)
            <-> ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography LIMIT %s) near"""


def nearest_places(
    where: Area | Point, *, kinds: Sequence[str] | None = None, limit: int = 1
) -> list[Near]:
    """The ``limit`` nearest places of each kind, the nearest first; one query.

    Parameters
    ----------
    where
        A point (lon, lat; EPSG:4326), or an area: then distances start from a
        point inside it, in a straight line. An area without boundary has no
        such point; for it, only places known by its village are found.
    kinds
        Codes; all kinds without it.

    Returns
    -------
    list of Near
        ``distance_m`` in metres on the ellipsoid. A kind that the village has,
        but only at places of which no more than the village is known, comes
        first, without a distance: something farther off is not the nearest.
    """
    area = where if isinstance(where, Area) else None
    point = where.interior_point if isinstance(where, Area) else where
    near, unplaced = [], []
    for place in _asked_places(area, point, kinds, limit):
        if place.point is None:
            unplaced.append(place)
        else:
            is_inside = area is not None and place.village_id == area.pk
            near.append(Near(place, place.distance.m, is_inside))
    placed = {one.place.kind_id for one in near if one.is_inside}
    known_only = _first_of_kinds((one for one in unplaced if one.kind_id not in placed), limit)
    taken = {place.kind_id for place in known_only}
    return [
        *(Near(place, None, is_inside=True) for place in known_only),
        *(one for one in near if one.place.kind_id not in taken),
    ]


def _asked_places(
    area: Area | None, point: Point | None, kinds: Sequence[str] | None, limit: int
) -> QuerySet:
    """The nearest of each kind with ``distance``, and those of which only the village is known."""
    asked = Q(pk__in=[])
    if area is not None and area.level == Level.VILLAGE:
        asked |= Q(village=area, point=None)
    if point is not None:
        asked |= Q(pk__in=RawSQL(NEAREST, (point.x, point.y, limit)))  # noqa: S611 no text enters
    found = _with_relations(Place.objects.open()).filter(asked)
    if kinds is not None:
        found = found.filter(kind__code__in=kinds)
    if point is None:
        return found
    measured = found.annotate(distance=Distance("point", point, spheroid=True))
    return measured.order_by(F("distance").asc(nulls_last=True), "pk")


def _first_of_kinds(places: Iterable[Place], limit: int) -> list[Place]:
    taken: dict[int, list[Place]] = {}
    for place in sorted(places, key=lambda one: (one.kind.position, one.name)):
        taken.setdefault(place.kind_id, []).append(place)
    return [place for some in taken.values() for place in some[:limit]]


# --- rows for machines --------------------------------------------------------------------

COLUMNS = """
    p.id, k.code AS kind, p.name, nullif(p.register, '') AS identifier_type,
    nullif(p.identifier, '') AS identifier, v.code AS village, v.name AS village_name,
    d.name AS district_name, p.precision, round(ST_X(p.point)::numeric, 6) AS lon,
    round(ST_Y(p.point)::numeric, 6) AS lat, p.attributes, s.title AS source, s.is_demo"""

# The columns come from this file; what a visitor sends is always a parameter.
ROWS = f"""
    SELECT (SELECT row_to_json(r)::text FROM (SELECT {COLUMNS}) r), p.id,
           coalesce(ST_AsGeoJSON(p.point, 6), 'null')
    FROM geo_place p JOIN geo_placekind k ON k.id = p.kind_id JOIN geo_area v ON v.id = p.village_id
         JOIN geo_area d ON d.id = v.parent_id JOIN geo_source s ON s.id = p.source_id
    WHERE p.closed_on IS NULL AND (%(kind)s::text IS NULL OR k.code = %(kind)s)
      AND %(area)s IN (v.id, d.id, d.parent_id)
    ORDER BY p.id"""  # noqa: S608


def places_version() -> str:
    """Return a text that changes whenever a place, a kind or an area does; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT sum(hashtext(concat(xmin, ctid, id))) FROM geo_place),
                   (SELECT sum(hashtext(concat(xmin, ctid, id))) FROM geo_placekind),
                   (SELECT sum(hashtext(concat(xmin, ctid, id))) FROM geo_area)
            """
        )
        return "-".join(str(part) for part in cursor.fetchone())


def _machine_rows(kind: str | None, area: str | None) -> list[tuple[str, int, str]]:
    top = find_area(area or settings.REGENCY_CODE)
    code = find_kind(kind).code if kind else None
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"kind": code, "area": top.pk})
        return cursor.fetchall()


def places_json(*, kind: str | None = None, area: str | None = None) -> str:
    """Open places as the text of ``{"count", "items"}``, by id.

    Raises
    ------
    UnknownPlaceKind, UnknownArea
    """
    rows = [row for row, _pk, _point in _machine_rows(kind, area)]
    return f'{{"count":{len(rows)},"items":[{",".join(rows)}]}}'


def places_geojson(*, kind: str | None = None, area: str | None = None) -> str:
    """The same as a FeatureCollection; the geometry is null where only the village is known."""
    features = (
        f'{{"type":"Feature","id":{pk},"geometry":{point},"properties":{row}}}'
        for row, pk, point in _machine_rows(kind, area)
    )
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'
