"""What lies around the areas of a dossier: ways, facilities and opportunities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.documents.queries.dossiers.figures import Cell, Line
from geo.documents.queries.dossiers.pictures import NO_PICTURE, area_map
from geo.documents.queries.dossiers.subjects import Subject
from geo.documents.queries.words import day_line, number
from geo.indicators.models import Indicator
from geo.opportunities.queries import opportunities_in
from geo.places.queries import Near, nearest_places
from geo.templatetags import geo as wording
from geo.travel.models import AmbulanceAccess, Outcome
from geo.travel.queries import find_run, read_village

MINUTES = "minute"
N_NEAREST = 8
MOST_OPPORTUNITIES = 10


def area_parts(area: Area, n: int, subject: Subject, lines: Sequence[Line]) -> dict[str, Any]:
    """One area: where it lies, how far it is, what is near it, whether an ambulance gets there.

    Parameters
    ----------
    lines
        The figures of the dossier; those in minutes are said of each area.
    """
    is_village = area.level == Level.VILLAGE
    surface = f"{number(area.area_km2, 1)} km²" if area.area_km2 else _("No boundary yet")
    return {
        "number": str(n),
        "code": area.code,
        "title": wording.title(area),
        "within": wording.title(area.parent) if area.parent else "",
        "surface": surface,
        "ways": _ways(area, lines),
        "ambulance": _ambulance(area, subject) if is_village else [],
        "nearest": [_near(one) for one in nearest_places(area)[:N_NEAREST]] if is_village else [],
        "nearest_note": _("In a straight line from a point inside; roads and rivers are longer."),
        **(area_map(area) if len(subject.areas) > 1 else NO_PICTURE),
    }


def _ways(area: Area, lines: Sequence[Line]) -> list[list[str]]:
    """Figures in minutes: what is reached, and how fast."""
    return [
        [line.indicator.name, _with_coverage(cell, line.indicator)]
        for line in lines
        if line.indicator.unit == MINUTES
        for cell in line.cells
        if cell.figure.code == area.code
    ]


def _with_coverage(cell: Cell, indicator: Indicator) -> str:
    text = wording.with_unit(cell.figure, indicator)
    return f"{text} ({cell.coverage})" if cell.coverage else text


def _ambulance(area: Area, subject: Subject) -> list[list[str]]:
    run = find_run()
    if run is None:
        return []
    if run.computed_at > subject.moment:
        text = _(
            "Computed anew on %(day)s, after the moment of this dossier, and therefore not shown."
        )
        return [["", text % {"day": day_line(run.computed_at)}]]
    return [
        [str(access.get_season_display()).capitalize(), _fares(access)]
        for access in read_village(area)
    ]


def _fares(access: AmbulanceAccess) -> str:
    if access.outcome == Outcome.REACHED:
        text = _("reached in about %(n)s minutes from the nearest hospital or health centre")
        return text % {"n": number(access.minutes or 0, 0)}
    if access.outcome == Outcome.TOO_FAR and access.off_road_km is not None:
        text = _("not reached: the middle of the village lies %(km)s km from any road or jetty")
        return text % {"km": number(access.off_road_km, 1)}
    return _("not reached: %(why)s") % {"why": str(access.get_outcome_display())}


def _near(one: Near) -> list[str]:
    where = _("in this village") if one.is_inside else wording.title(one.place.village)
    far = wording.distance(one.distance_m) if one.distance_m is not None else ""
    return [one.place.kind.name, one.place.name, where, far]


def opportunity_rows(subject: Subject) -> list[dict[str, str]]:
    """Open opportunities in the areas and around them, each once."""
    found = {
        row.code: row
        for area in subject.areas
        for row in opportunities_in(area, limit=MOST_OPPORTUNITIES)
        if row.recorded_at <= subject.moment and row != subject.opportunity
    }
    return [
        {
            "code": row.code,
            "title": row.title,
            "business": str(row.get_business_display()),
            "stage": str(row.get_stage_display()),
            "area": wording.title(row.area),
            "land": f"{number(row.land_ha, 1)} ha" if row.land_ha is not None else "–",
            "zoning": str(row.get_zoning_display()),
            "day": day_line(row.status_on),
        }
        for row in list(found.values())[:MOST_OPPORTUNITIES]
    ]
