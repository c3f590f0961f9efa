"""The maps of a dossier, complete in themselves: they are kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.areas.queries import outline_of, regency
from geo.documents.queries.dossiers.subjects import Subject
from geo.lib.pictures import draw_areas
from geo.lib.pins import RADIUS, place_pins
from geo.templatetags import geo as wording

LAND, CHOSEN, INK = "#d5e1d8", "#c8791a", "#12303b"
NO_PICTURE: dict[str, Any] = {"picture": None, "picture_alt": "", "picture_note": ""}


def overview(subject: Subject) -> dict[str, Any]:
    """The regency with the areas in gold and numbered; one area in what it belongs to, too."""
    top = regency()
    levels = {area.level for area in subject.areas}
    outline = outline_of(top, Level.DISTRICT if levels == {Level.DISTRICT} else Level.VILLAGE)
    if outline is None:
        return {**NO_PICTURE, "detail": None, "detail_alt": ""}
    picture = outline.picture
    chosen = [area.code for area in subject.areas]
    marked = [code for code in picture["paths"] if _belongs(code, chosen)]
    fills = dict.fromkeys(picture["paths"], LAND) | dict.fromkeys(marked, CHOSEN)
    svg = draw_areas(picture, fills, standalone=True)
    is_one = len(chosen) == 1
    labels = {code: "" if is_one else str(n) for n, code in enumerate(chosen, start=1)}
    names = ", ".join(area.name for area in subject.areas)
    facts = {"names": names, "above": wording.title(top)}
    alt = _("Map: %(names)s in %(above)s") % facts
    detail = area_map(subject.areas[0]) if is_one else NO_PICTURE
    return {
        "picture": _with_pins(svg, picture, labels),
        "picture_alt": alt,
        "detail": detail["picture"],
        "detail_alt": detail["picture_alt"],
    }


def _belongs(code: str, chosen: list[str]) -> bool:
    return any(code == one or code.startswith(f"{one}.") for one in chosen)


def area_map(area: Area) -> dict[str, Any]:
    """The area among its neighbours; nothing for the regency itself or without outlines."""
    outline = outline_of(area.parent, area.level) if area.parent else None
    if outline is None or area.parent is None:
        return NO_PICTURE
    picture = outline.picture
    fills = dict.fromkeys(picture["paths"], LAND) | {area.code: CHOSEN}
    names = {"name": wording.title(area), "above": wording.title(area.parent)}
    said = _("%(name)s in %(above)s") % names
    if area.code not in picture["paths"]:
        said = _("%(name)s has no boundary yet; the map shows %(above)s.") % names
    return {
        "picture": draw_areas(picture, fills, selected=area.code, standalone=True),
        "picture_alt": said,
        "picture_note": "" if area.code in picture["paths"] else said,
    }


def _with_pins(svg: str, picture: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """The same picture with numbered pins, drawn without a style sheet."""
    points = {code: tuple(picture["points"][code]) for code in labels if code in picture["points"]}
    spots = place_pins(points)
    leads = "".join(
        f'<path stroke="{INK}" stroke-width="3" d="M{points[c][0]:g} {points[c][1]:g}'
        f'L{x:g} {y:g}"/>'
        for c, (x, y) in spots.items()
        if spots[c] != points[c]
    )
    pins = "".join(
        f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS:g}" fill="{INK}" stroke="#ffffff"'
        f' stroke-width="3"/><text x="{x:g}" y="{y + RADIUS * 0.36:g}" font-size="{RADIUS * 1.1:g}"'
        f' font-family="Source Sans Pro, sans-serif" font-weight="bold" text-anchor="middle"'
        f' fill="#ffffff">{escape(labels[code])}</text>'
        for code, (x, y) in reversed(spots.items())
    )
    return svg.removesuffix("</svg>") + f"<g>{leads}{pins}</g></svg>"
