"""The map as a picture: areas as SVG, for pages, PDF and PNG alike.

A *picture* is the outline of the areas inside one parent, ready to be drawn.
It is computed when boundaries are loaded (``areas.batch.outlines``) and stored as JSON:

``bounds``
    ``[west, south, east, north]`` in degrees, EPSG:4326.
``width``, ``height``
    of the drawing in its own whole-number units; ``width`` is 1000. Between
    bounds and drawing lies the Web Mercator projection (EPSG:3857), so that
    the same drawing can be laid on a Leaflet map without a shift.
``paths``
    ``{area code: SVG path data}``: one absolute ``M`` a ring, then relative
    ``l`` steps in whole units, then ``z``.
``points``
    ``{area code: [x, y]}``: a point inside each area, for circles and labels.
``lines``
    SVG path data of the outer border and, where villages of several districts are
    drawn, of the borders between districts.
``estimate``
    whether the boundaries are only estimated, and to be drawn dashed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

Picture = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Circle:
    """A count: its surface grows with it. Centre and radius in the drawing's units."""

    x: float
    y: float
    radius: float
    fill: str


def circle_radius(value: float, top: float, largest: float) -> float:
    """Radius whose circle's surface is to the ``largest``'s as ``value`` is to ``top``."""
    if value <= 0 or top <= 0:
        return 0.0
    return round(largest * math.sqrt(min(value / top, 1)), 1)


HATCH = (
    '<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect width="8" height="8" fill="#f4f2ec"/>'
    '<path d="M0 0V8" stroke="#c9c4b6" stroke-width="4"/></pattern>'
    '<pattern id="hatch-split" width="8" height="8" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect width="8" height="8" fill="#f4f2ec"/>'
    '<path d="M0 1H8M1 0V8" stroke="#a89f88" stroke-width="2"/></pattern>'
)
MISSING_FILL = "url(#hatch)"
SPLIT_FILL = "url(#hatch-split)"
SUPPRESSED_FILL = "#d9d4e3"
CONTEXT_FILL = "#eceee9"
LAND_FILL = "#f8f9f6"
# What the style sheet says of strokes, for a picture that leaves the site alone. Widths are
# in units of the drawing: nothing outside a browser knows ``vector-effect``.
STROKES = {
    "context": 'stroke="#ffffff" stroke-width="{:.2f}"',
    "areas": 'stroke="#ffffff" stroke-width="1" stroke-linejoin="round"',
    "estimate": 'stroke="#5d7a82" stroke-width="0.9" stroke-dasharray="4 3"',
    "lines": 'fill="none" stroke="#4c6a72" stroke-width="1.6" stroke-opacity="0.75"',
    "estimate_lines": 'fill="none" stroke="#4c6a72" stroke-width="1.6" stroke-dasharray="7 4"',
    "circles": 'stroke="#12303b" stroke-opacity="0.55" fill-opacity="0.88"',
    "halo": 'fill="none" stroke="#ffffff" stroke-width="8" stroke-linejoin="round"',
    "selected": 'fill="none" stroke="#c8791a" stroke-width="4" stroke-linejoin="round"',
}


def mercator_y(lat: float) -> float:
    """Web Mercator northing of a latitude in degrees, in degrees of longitude at the equator."""
    return math.degrees(math.asinh(math.tan(math.radians(lat))))


def transform_between(inner: Picture, outer: Picture) -> str:
    """The SVG transform that lays ``inner``'s drawing on ``outer``'s.

    Both are Web Mercator, so that a scale and a shift suffice.
    """
    west, _, east, north = inner["bounds"]
    outer_west, _, outer_east, outer_north = outer["bounds"]
    units_per_degree = outer["width"] / (outer_east - outer_west)
    scale = units_per_degree * (east - west) / inner["width"]
    x = (west - outer_west) * units_per_degree
    y = (mercator_y(outer_north) - mercator_y(north)) * units_per_degree
    return f"translate({x:.1f} {y:.1f}) scale({scale:.4f})"


def _drawn(codes: list[str], picture: Picture, address: Callable[[str], str] | None) -> str:
    paths = {c: f'<path data-code="{escape(c)}" d="{escape(picture["paths"][c])}"/>' for c in codes}
    if address is None:
        return "".join(paths.values())
    return "".join(
        f'<a href="{escape(address(code))}" tabindex="-1">{path}</a>'
        for code, path in paths.items()
    )


def fitted_view(picture: Picture, aspect: float, margin: float = 0.03) -> tuple[float, ...]:
    """The view that shows the whole drawing in a frame ``aspect`` times as wide as high.

    Returns
    -------
    tuple of float
        Left, top, width, height in the drawing's units; ``margin`` of them on every side.
    """
    width, height = picture["width"], picture["height"]
    wide = max(width, height * aspect) * (1 + 2 * margin)
    high = wide / aspect
    return (width - wide) / 2, (height - high) / 2, wide, high


def _strokes(name: str, standalone: bool, *widths: float) -> str:
    return f" {STROKES[name].format(*widths)}" if standalone else ""


def _context(
    context: Picture,
    inside: Picture,
    without: str,
    address: Callable[[str], str] | None,
    standalone: bool,
) -> str:
    """The areas around, laid under the drawing in one quiet colour."""
    codes = [code for code in context["paths"] if code != without]
    transform = transform_between(context, inside)
    scale = float(transform.rpartition("(")[2].rstrip(")"))
    return (
        f'<g class="map-picture__context" fill="{CONTEXT_FILL}"'
        f'{_strokes("context", standalone, 1.6 / scale)} transform="{transform}">'
        f"{_drawn(codes, context, address)}</g>"
    )


def _circles(circles: Mapping[str, Circle], standalone: bool) -> str:
    """Circles, the largest below, so that none hides another whole."""
    if not circles:
        return ""
    from_large = sorted(circles.values(), key=lambda circle: -circle.radius)
    drawn = "".join(
        f'<circle cx="{c.x:g}" cy="{c.y:g}" r="{c.radius:g}" fill="{escape(c.fill)}"/>'
        for c in from_large
    )
    return f'<g class="map-picture__circles"{_strokes("circles", standalone)}>{drawn}</g>'


def _outlined(path: str, standalone: bool) -> str:
    """The chosen area's border: gold on a white seam."""
    return "".join(
        f'<path class="map-picture__{name}"{_strokes(name, standalone)} d="{escape(path)}"/>'
        for name in ("halo", "selected")
    )


def _lines(picture: Picture, standalone: bool) -> str:
    name = "estimate_lines" if picture.get("estimate") else "lines"
    borders = escape(picture["lines"])
    strokes = _strokes(name, standalone)
    return f'<path class="map-picture__lines"{strokes} d="{borders}"/>' if borders else ""


def draw_areas(
    picture: Picture,
    fills: Mapping[str, str],
    *,
    selected: str | None = None,
    address: Callable[[str], str] | None = None,
    context: Picture | None = None,
    context_without: str = "",
    circles: Mapping[str, Circle] | None = None,
    standalone: bool = False,
    view: tuple[float, ...] | None = None,
) -> str:
    """A choropleth as an ``<svg>`` element.

    It is hidden from screen readers: whoever places it puts its content into
    words and into a table beside it, which serve them better.

    Parameters
    ----------
    picture
        As this module's docstring says.
    fills
        Colour (or ``MISSING_FILL``) by area code; areas left out are drawn as missing.
    selected
        Code of the area to be outlined in gold.
    address
        Gives the address to which an area leads; without it areas are no links.
    context, context_without
        The picture of the areas around, and the code that is left out of it.
    circles
        Counts by area code, laid over the areas.
    standalone
        Write strokes into the picture itself: for files, which have no style sheet.
    view
        What of the plane is shown, as ``fitted_view`` gives it; the whole drawing without it.
    """
    groups = defaultdict(list)
    for code in picture["paths"]:
        groups[fills.get(code, MISSING_FILL)].append(code)
    areas = "".join(
        f'<g fill="{escape(fill)}">{_drawn(codes, picture, address)}</g>'
        for fill, codes in sorted(groups.items())
    )
    around = ""
    if context:
        around = _context(context, picture, context_without, address, standalone)
    chosen = ""
    if selected in picture["paths"]:
        chosen = _outlined(picture["paths"][selected], standalone)
    is_estimate = bool(picture.get("estimate"))
    strokes = _strokes("estimate" if is_estimate else "areas", standalone)
    box = " ".join(f"{n:g}" for n in view or (0, 0, picture["width"], picture["height"]))
    return (
        f'<svg class="map-picture{" is-estimate" * is_estimate}" aria-hidden="true"'
        f' viewBox="{box}" xmlns="http://www.w3.org/2000/svg"><defs>{HATCH}</defs>{around}'
        f'<g class="map-picture__areas"{strokes}>{areas}</g>'
        f"{_lines(picture, standalone)}{_circles(circles or {}, standalone)}"
        f'<g class="map-picture__chosen">{chosen}</g></svg>'
    )


def draw_shapes(picture: Picture) -> str:
    """The areas of a picture as shapes that many small pictures use, each by its number."""
    shapes = "".join(
        f'<path id="s{number}" d="{escape(path)}"/>'
        for number, path in enumerate(picture["paths"].values())
    )
    return f'{HATCH}<g id="all">{shapes}</g><path id="lines" d="{escape(picture["lines"])}"/>'


def draw_small(
    picture: Picture, fills: Mapping[str, str], circles: Mapping[str, Circle] | None = None
) -> str:
    """A small choropleth made of the shapes that ``draw_shapes`` wrote into the same page.

    All areas are drawn once in the most frequent colour, and those of others over them.
    """
    numbers = defaultdict(list)
    for number, code in enumerate(picture["paths"]):
        numbers[fills.get(code, MISSING_FILL)].append(number)
    ground, *others = sorted(numbers, key=lambda fill: -len(numbers[fill]))
    over = "".join(
        f'<g fill="{escape(fill)}">{"".join(f"""<use href="#s{n}"/>""" for n in numbers[fill])}</g>'
        for fill in others
    )
    return (
        f'<svg viewBox="0 0 {picture["width"]} {picture["height"]}" aria-hidden="true">'
        f'<g class="series__areas"><use href="#all" fill="{escape(ground)}"/>{over}</g>'
        f'<use class="series__lines" href="#lines"/>{_circles(circles or {}, False)}</svg>'
    )
