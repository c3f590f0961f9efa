"""Reading areas and their outlines; what every other room asks about places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Length, Lower
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area, AreaAlias, Outline
from geo.lib.errors import GeoError, UnknownArea
from geo.lib.names import name_variants

# By code: the regency of the page that is being answered, once it has been read.
_held: ContextVar[dict[str, Area] | None] = ContextVar("regency_of_the_page", default=None)
SIMILAR_ENOUGH = 0.3  # as pg_trgm's own threshold: two of three letter groups differ


class NoRegency(GeoError):
    """The database does not hold the regency that the settings name."""

    status = 503
    template = _(
        "The regency %(code)s is not in the database yet. Run script/manage load_boundaries, or "
        "set REGENCY_CODE to a regency that has been loaded."
    )


class UnknownOutline(GeoError):
    """No outline has this address, or it has been replaced by a newer one."""

    status = 404
    template = _(
        "There is no outline “%(level)s.%(hash)s” of “%(code)s”. Boundaries may have been loaded "
        "anew: open the map again."
    )


def _light_areas() -> QuerySet[Area]:
    """Current areas with their parents; boundaries stay in the database until asked for."""
    areas = Area.objects.current().select_related("parent__parent")
    return areas.defer("boundary", "parent__boundary", "parent__parent__boundary")


@contextmanager
def one_regency() -> Iterator[None]:
    """Read the regency once only: for a page, under which nothing changes."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def _hold(area: Area) -> Area:
    """Remember the regency in which an area lies, while a page holds one."""
    held, top = _held.get(), [*ancestors(area), area][0]
    if held is not None:
        held[top.code] = top
    return area


def regency() -> Area:
    """The regency that this installation is for.

    Raises
    ------
    NoRegency
        Its boundaries have not been loaded.
    """
    held = (_held.get() or {}).get(settings.REGENCY_CODE)
    if held is not None:
        return held
    found = _light_areas().filter(code=settings.REGENCY_CODE).first()
    if found is None:
        raise NoRegency(code=settings.REGENCY_CODE)
    return _hold(found)


def find_area(code: str) -> Area:
    """The current area with this code, with its parents.

    Raises
    ------
    UnknownArea
        No current area has it.
    """
    found = _light_areas().select_related("boundary_source").filter(code=code).first()
    if found is None:
        raise UnknownArea(code=code)
    return _hold(found)


def find_areas(codes: Sequence[str]) -> list[Area]:
    """The current areas with these codes in their order, with their parents; one query.

    Raises
    ------
    UnknownArea
        No current area has one of them.
    """
    found = {area.code: area for area in _light_areas().filter(code__in=codes)}
    for code in codes:
        if code not in found:
            raise UnknownArea(code=code)
    return [found[code] for code in codes]


def title_of(area: Area) -> str:
    """The area's name with its kind, such as “Kecamatan Betung”."""
    return str(area)


def ancestors(area: Area) -> list[Area]:
    """The areas above, the regency first; empty for a regency."""
    above: list[Area] = []
    parent = area.parent
    while parent is not None:
        above.insert(0, parent)
        parent = parent.parent
    return above


def outline_of(parent: Area, level: str) -> Outline | None:
    """The outline of the areas of ``level`` inside ``parent``; None where none has a boundary."""
    return Outline.objects.filter(parent=parent, level=level).select_related("parent").first()


def find_outline(parent_code: str, level: str, content_hash: str) -> Outline:
    """The outline that stands under one immutable address.

    Raises
    ------
    UnknownOutline
        There is none, or it has another hash now.
    """
    outlines = Outline.objects.filter(parent__code=parent_code, parent__valid_to=None)
    found = outlines.filter(level=level, content_hash=content_hash).first()
    if found is None:
        raise UnknownOutline(code=parent_code, level=level, hash=content_hash)
    return found


def search_areas(text: str, limit: int = 10) -> list[Area]:
    """Areas of the regency whose name, other name or code answers to ``text``.

    Parameters
    ----------
    text : str
        The beginning of a name or code, in any spelling that ``name_key``
        equates, or something like a name.
    limit : int

    Returns
    -------
    list of Area
        The likeliest first: by code, by beginning of the name, by beginning
        of another name, by part of the name, by similarity (pg_trgm). Each with
        its parent, because names of villages repeat.
    """
    text = text.strip()
    variants = [variant for variant in name_variants(text) if variant]
    if not variants:
        return []
    aliases = AreaAlias.objects.filter(area=OuterRef("pk"))
    squeezed = Func(
        Lower("name"), Value("[^a-z0-9]"), Value(""), Value("g"), function="regexp_replace"
    )
    found = (
        _light_areas()
        .filter(code__startswith=settings.REGENCY_CODE)
        .annotate(squeezed=squeezed, similarity=_similarity(text, aliases))
        .annotate(likeness=_likeness(text, variants, aliases))
        .filter(likeness__isnull=False)
        .order_by("likeness", F("similarity").desc(), Length("code"), "name", "code")
    )
    return list(found[:limit])


def _similarity(text: str, aliases: QuerySet[AreaAlias]) -> Greatest:
    by_alias = aliases.annotate(alike=TrigramSimilarity("name", text)).order_by("-alike")
    best_alias = Subquery(by_alias.values("alike")[:1], output_field=FloatField())
    return Greatest(TrigramSimilarity("name", text), Coalesce(best_alias, 0.0))


def _likeness(text: str, variants: list[str], aliases: QuerySet[AreaAlias]) -> Case:
    begins, contains, alias_begins = Q(), Q(), Q()
    for variant in variants:
        begins |= Q(squeezed__startswith=variant)
        contains |= Q(squeezed__contains=variant)
        alias_begins |= Q(key__startswith=variant)
    return Case(
        When(Q(code__startswith=text) | Q(bps_code__startswith=text), then=0),
        When(begins, then=1),
        When(Exists(aliases.filter(alias_begins)), then=2),
        When(contains, then=3),
        When(similarity__gte=SIMILAR_ENOUGH, then=4),
        default=None,
    )


# --- in which village a point lies ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Located:
    """The village nearest to a position: 0 m where it covers it."""

    village_id: int
    distance_m: float


LOCATE = """
    WITH asked AS (
        SELECT row, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point
        FROM unnest(%(rows)s::int[], %(lons)s::float8[], %(lats)s::float8[]) AS a(row, lon, lat))
    SELECT asked.row, near.id, near.distance_m
    FROM asked CROSS JOIN LATERAL (
        SELECT v.id, CASE WHEN ST_Covers(v.boundary, asked.point) THEN 0
                     ELSE ST_Distance(v.boundary::geography, asked.point::geography) END
                     AS distance_m
        FROM geo_area v JOIN geo_area d ON d.id = v.parent_id
        WHERE v.valid_to IS NULL AND v.level = 'village' AND d.parent_id = %(regency)s
              AND v.boundary && ST_Expand(asked.point, 0.01)
        ORDER BY 2 LIMIT 1) near"""


def locate_points(points: Mapping[int, tuple[float, float]], within: Area) -> dict[int, Located]:
    """Find the village of each point, or the nearest within a kilometre; one query.

    Parameters
    ----------
    points
        By row of a list: longitude and latitude in degrees (EPSG:4326), finite.

    Returns
    -------
    dict
        By row; rows with no village of the regency ``within`` near are absent.
    """
    asked: dict[str, Any] = {
        "rows": list(points),
        "lons": [lon for lon, _lat in points.values()],
        "lats": [lat for _lon, lat in points.values()],
        "regency": within.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCATE, asked)
        return {row: Located(village, distance) for row, village, distance in cursor.fetchall()}


MEASURE = """
    WITH asked AS (
        SELECT row, ST_SetSRID(ST_GeomFromGeoJSON(line), 4326) AS line
        FROM unnest(%(rows)s::int[], %(lines)s::text[]) AS a(row, line))
    SELECT asked.row, ST_Length(asked.line::geography),
           ST_Length(ST_Intersection(asked.line, r.boundary)::geography)
    FROM asked LEFT JOIN geo_area r ON r.id = %(within)s"""


def measure_lines(lines: Mapping[int, str], within: Area) -> dict[int, tuple[float, float]]:
    """Measure lines and what of them lies in an area; one query.

    Parameters
    ----------
    lines
        By row: GeoJSON of a valid line (EPSG:4326).

    Returns
    -------
    dict
        By row: length and length inside in metres on the ellipsoid. Where the area has no
        boundary, all of a line is inside.
    """
    asked: dict[str, Any] = {
        "rows": list(lines),
        "lines": list(lines.values()),
        "within": within.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(MEASURE, asked)
        rows = cursor.fetchall()
    return {row: (length, length if inside is None else inside) for row, length, inside in rows}
