"""Places laid on a picture of areas: numbered links, or one point or outline.

See ``lib.pictures`` for what a picture is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from geo.lib.pictures import Picture, mercator_y
from geo.lib.pins import place_pins

LonLat = tuple[float, float]
RADIUS = 24.0  # in the drawing's units, of which it is 1000 wide
SPOT = 16.0
NEW_FILL = "#8a4b08"
# For pictures that leave the site alone; on pages the style sheet says the same.
SPOT_LOOK = ' fill="#a3262a" stroke="#ffffff" stroke-width="4"'


def at(picture: Picture, lon: float, lat: float) -> tuple[float, float]:
    """Where a position (EPSG:4326, degrees) lies in the drawing's units."""
    west, _south, east, north = picture["bounds"]
    scale = picture["width"] / (east - west)
    return (lon - west) * scale, (mercator_y(north) - mercator_y(lat)) * scale


def lay_links(
    svg: str, picture: Picture, points: Mapping[str, LonLat], links: Mapping[str, tuple[str, str]]
) -> str:
    """Lay numbered links on a drawn picture, moved apart where they would overlap.

    Parameters
    ----------
    svg
        What ``lib.pictures.draw_areas`` drew of the same picture.
    points
        (lon, lat) by key, the most important first.
    links
        Text and address by key.
    """
    spots = place_pins({key: at(picture, *point) for key, point in points.items()}, RADIUS)
    drawn = "".join(
        f'<a href="{escape(links[key][1])}" tabindex="-1"><circle cx="{x:.1f}" cy="{y:.1f}"'
        f' r="{RADIUS:g}"/><text x="{x:.1f}" y="{y:.1f}" dy=".36em">{escape(links[key][0])}</text>'
        "</a>"
        for key, (x, y) in reversed(spots.items())
    )
    return _inside(svg, f'<g class="map-picture__places">{drawn}</g>')


def lay_spot(svg: str, picture: Picture, rings: Sequence[Sequence[LonLat]]) -> str:
    """Lay one place on a drawn picture: a point for a single position, else its outline."""
    if len(rings) == 1 and len(rings[0]) == 1:
        x, y = at(picture, *rings[0][0])
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{SPOT:g}"/>'
    else:
        path = "".join("M" + "L".join(_pair(picture, one) for one in ring) + "Z" for ring in rings)
        shape = f'<path d="{path}" fill-rule="evenodd"/>'
    return _inside(svg, f'<g class="map-picture__spot"{SPOT_LOOK}>{shape}</g>')


def lay_moves(
    svg: str, picture: Picture, moves: Sequence[tuple[LonLat | None, LonLat | None]]
) -> str:
    """Lay places on a drawn picture: filled where they will stand, a ring where they stood."""
    drawn = []
    for old, new in moves:
        if old and new:
            drawn.append(f'<path d="M{_pair(picture, old)}L{_pair(picture, new)}"/>')
        if old:
            x, y = at(picture, *old)
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{SPOT:g}"/>')
        if new:
            x, y = at(picture, *new)
            spot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{SPOT:g}" fill="{NEW_FILL}"/>'
            drawn.append(spot)
    look = f' fill="none" stroke="{NEW_FILL}" stroke-width="5"'
    return _inside(svg, f'<g class="map-picture__moves"{look}>{"".join(drawn)}</g>')


def lay_lines(svg: str, picture: Picture, lines: Sequence[Sequence[LonLat]]) -> str:
    """Lay lines on a drawn picture, in whole units of it: however fine, they weigh little."""
    look = f' fill="none" stroke="{NEW_FILL}" stroke-width="6" stroke-linecap="round"'
    path = "".join("M" + "L".join(_steps(picture, line)) for line in lines if line)
    return _inside(svg, f'<g class="map-picture__drawn"{look}><path d="{path}"/></g>')


def _steps(picture: Picture, line: Sequence[LonLat]) -> list[str]:
    """The points of a line in whole units, none twice in a row; a dot goes to itself."""
    units = (at(picture, *point) for point in line)
    steps = [step for step, _same in groupby(f"{x:.0f} {y:.0f}" for x, y in units)]
    return steps if len(steps) > 1 else steps * 2


def _pair(picture: Picture, point: LonLat) -> str:
    x, y = at(picture, *point)
    return f"{x:.1f} {y:.1f}"


def _inside(svg: str, drawn: str) -> str:
    return f"{svg.removesuffix('</svg>')}{drawn}</svg>"
