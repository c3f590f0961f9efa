"""Numbered pins over a picture of areas: see ``lib.pictures`` for what a picture is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

RADIUS = 21.0  # in the drawing's units, of which it is 1000 wide
STEP = 1.2  # of the radius, between the rings on which room is looked for
N_RINGS, N_ANGLES = 7, 12

Point = tuple[float, float]


def place_pins(points: Mapping[str, Point], radius: float = RADIUS) -> dict[str, Point]:
    """Where each pin stands: at its point, or close by where another one stands there.

    The first come first. Where no room is found within ``N_RINGS`` rings, pins overlap.
    """
    placed: dict[str, Point] = {}
    for code, point in points.items():
        free = (
            spot
            for spot in _spots(point, radius)
            if all(math.dist(spot, other) >= 2 * radius for other in placed.values())
        )
        placed[code] = next(free, point)
    return placed


def _spots(point: Point, radius: float) -> Iterator[Point]:
    x, y = point
    yield point
    for ring in range(1, N_RINGS + 1):
        away = radius * (1 + STEP * ring)
        for step in range(N_ANGLES):
            angle = 2 * math.pi * step / N_ANGLES - math.pi / 2
            yield round(x + away * math.cos(angle), 1), round(y + away * math.sin(angle), 1)


def draw_pins(picture: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Pins with ``labels`` by area code as an ``<svg>`` that lies exactly on the picture.

    Areas without a point, which have no boundary, get no pin. Hidden from screen readers:
    the table says the same.
    """
    points = {code: tuple(picture["points"][code]) for code in labels if code in picture["points"]}
    spots = place_pins(points)
    leads = "".join(
        f'<path d="M{points[c][0]:g} {points[c][1]:g}L{x:g} {y:g}"/>'
        for c, (x, y) in spots.items()
        if spots[c] != points[c]
    )
    pins = "".join(
        f'<g data-pin="{escape(code)}"><circle cx="{x:g}" cy="{y:g}" r="{RADIUS:g}"/>'
        f'<text x="{x:g}" y="{y:g}" dy=".36em">{escape(labels[code])}</text></g>'
        # The first on top of all others.
        for code, (x, y) in reversed(spots.items())
    )
    return (
        f'<svg class="pins" aria-hidden="true" viewBox="0 0 {picture["width"]:g}'
        f' {picture["height"]:g}" xmlns="http://www.w3.org/2000/svg">{leads}{pins}</svg>'
    )
