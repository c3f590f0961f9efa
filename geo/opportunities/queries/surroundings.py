"""What lies around one opportunity: its map, the nearest places, how long one travels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point

from geo.areas.models import Level
from geo.areas.queries import outline_of
from geo.indicators.models import Indicator
from geo.indicators.queries import AreaFact, read_area_facts
from geo.lib.pictures import draw_areas
from geo.lib.place_pictures import lay_spot
from geo.opportunities.models import Opportunity
from geo.opportunities.queries.catalogue import LAND, lon_lat
from geo.places.queries import Near, nearest_places

CHOSEN = "#f4d6a6"
N_NEAREST = 8
ACCESS_SECTOR = "access"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The map of the place, the nearest facilities, and minutes of travel from its village."""

    picture: str
    nearest: list[Near]
    travel: list[AreaFact]
    is_exact: bool


def read_surroundings(row: Opportunity) -> Surroundings:
    """Read what lies around an opportunity; the village stands for it where it has no place."""
    spot = lon_lat(row)
    where = Point(*spot, srid=4326) if spot else None
    nearest = nearest_places(where)[:N_NEAREST] if where and _is_small(row) else []
    return Surroundings(
        picture=place_map(row),
        nearest=nearest,
        travel=_travel(row),
        is_exact=row.place is not None,
    )


def _is_small(row: Opportunity) -> bool:
    """Whether “near” means anything: not of a whole district."""
    return row.place is not None or row.area.level == Level.VILLAGE


def _travel(row: Opportunity) -> list[AreaFact]:
    """Minutes from the village to what investors ask for, where known or known to be cut off.

    All others stand in the profile of the village.
    """
    if row.area.level != Level.VILLAGE:
        return []
    rows = Indicator.objects.filter(sector__code=ACCESS_SECTOR, unit="minute")
    rows = rows.exclude(investor={})
    facts = read_area_facts(row.area, rows.select_related("sector"))
    return [one for one in facts if one.figure is not None]


def place_map(row: Opportunity, *, standalone: bool = False) -> str:
    """The place among the villages of its district, or the district among the others.

    ``standalone`` is for files, which have no style sheet.
    """
    above = row.area.parent
    outline = outline_of(above, row.area.level) if above else None
    if outline is None:
        return ""
    picture = outline.picture
    fills = dict.fromkeys(picture["paths"], LAND) | {row.area.code: CHOSEN}
    drawn = draw_areas(picture, fills, selected=row.area.code, standalone=standalone)
    return lay_spot(drawn, picture, rings_of(row.place)) if row.place is not None else drawn


def rings_of(place: GEOSGeometry) -> list[list[tuple[float, float]]]:
    """The rings of an outline, or one “ring” of a single position, as (lon, lat)."""
    if isinstance(place, Point):
        return [[(place.x, place.y)]]
    coords: Any = getattr(place, "coords")  # noqa: B009 (every geometry but a collection has them)
    polygons = coords if place.geom_type == "MultiPolygon" else (coords,)
    return [[(lon, lat) for lon, lat, *_z in ring] for polygon in polygons for ring in polygon]
