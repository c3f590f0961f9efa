"""Where an ambulance gets to, for the pages of villages and roads; speeds as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.utils.translation import get_language

from geo.areas.models import Area, Level
from geo.lib.destinations import NamedPoint
from geo.lib.travel_speeds import CONDITIONS, LAND_VEHICLES, SEASONS, SURFACES, SpeedTable
from geo.roads.models import Condition, Road, Season, Surface
from geo.travel import queries

register = template.Library()


@register.inclusion_tag("travel/_village.html")
def ambulance_of_village(area: Area):
    """How an ambulance fares on its way to a village; nothing for other areas."""
    is_village = area.level == Level.VILLAGE
    return {"area": area, "accesses": queries.read_village(area) if is_village else []}


@register.inclusion_tag("travel/_road.html")
def ambulances_barred_by(road: Road):
    """The villages from which a road keeps ambulances."""
    return {"barred": queries.read_road(road)}


@register.filter
def in_language(texts: Mapping[str, str]) -> str:
    """Of a text declared in both languages, that of the page."""
    return texts["en" if get_language() == "en" else "id"]


@register.filter
def point_name(point: NamedPoint) -> str:
    """The name of a named destination."""
    return queries.point_name(point)


@dataclass(frozen=True, slots=True)
class SpeedRow:
    """One line of the table of speeds."""

    name: str
    surface: str
    kmh: list[float]


def _named(speeds: SpeedTable, vehicle: str) -> str:
    return in_language(speeds.names[vehicle])


@register.filter
def condition_words(_speeds: SpeedTable) -> list[str]:
    """The conditions of roads, from the best to the worst."""
    return [str(Condition(one).label) for one in CONDITIONS]


@register.filter
def speed_rows(speeds: SpeedTable) -> list[SpeedRow]:
    """Speeds by vehicle, season and surface."""
    return [
        SpeedRow(
            f"{_named(speeds, vehicle)}, {Season(season).label}",
            str(Surface(surface).label),
            [speeds.kmh[vehicle, season, surface, condition] for condition in CONDITIONS],
        )
        for vehicle in LAND_VEHICLES
        for season in SEASONS
        for surface in SURFACES
    ]


@register.filter
def least_widths(speeds: SpeedTable) -> list[tuple[str, float]]:
    """The width that each vehicle needs."""
    return [(_named(speeds, vehicle), width) for vehicle, width in speeds.least_width_m.items()]
