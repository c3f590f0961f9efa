"""Geometries of strangers made sure of, before any library looks at them.

What comes out has two finite coordinates a point, closed outlines, enough points and no
nesting: a geometry of 30,000 levels makes Shapely crash, and one NaN spoils a whole layer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from geo.lib.uploads.faults import Faults, Refused

MOST_VERTICES = 200_000
MOST_VERTICES_IN_FILE = 2_000_000
LEVELS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
LEAST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}
DEEPEST_COLLECTION = 10
# Beyond the size of the earth in metres nothing has a place.
LARGEST = 1e8
NUMBERS: set[Any] = {int, float}
Geometry = dict[str, Any]


class _Bad(Exception):
    """The geometry of one object cannot be used."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class ShapeReader:
    """Reads geometries that look like GeoJSON and notes what is wrong with them."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.n_vertices = 0
        self.n_in_file = 0
        self.has_height = False
        self.n_with_height = 0
        self.first_with_height: int | None = None

    def read(self, row: int, raw: Any) -> Geometry | None:
        """Return a sure geometry, or None after noting why there is none.

        Raises
        ------
        Refused
            ``too_many_points`` in all objects together.
        """
        self.n_vertices, self.has_height = 0, False
        try:
            geometry = self._geometry(raw)
        except _Bad as bad:
            self.faults.add(bad.code, row=row, **bad.facts)
            geometry = None
        self.n_in_file += self.n_vertices
        if self.n_in_file > MOST_VERTICES_IN_FILE:
            raise Refused("too_many_points", most=MOST_VERTICES_IN_FILE)
        if self.has_height:
            self.n_with_height += 1
            self.first_with_height = self.first_with_height or row
        return geometry

    def finish(self) -> None:
        """Tell once that heights were dropped."""
        if self.n_with_height:
            self.faults.add("heights_dropped", row=self.first_with_height, n=self.n_with_height)

    def _geometry(self, raw: Any) -> Geometry:
        if raw is None or raw == {}:
            raise _Bad("geometry_missing")
        kind = raw.get("type") if isinstance(raw, dict) else None
        if kind == "GeometryCollection":
            raw = _join(_flatten(raw))
            kind = raw["type"]
        if not isinstance(kind, str) or kind not in LEVELS:
            raise _Bad("geometry_kind", found=str(kind)[:40])
        coordinates = raw.get("coordinates")
        if coordinates in ([], None):
            raise _Bad("geometry_missing")
        return {"type": kind, "coordinates": self._level(coordinates, LEVELS[kind], kind)}

    def _level(self, raw: Any, level: int, kind: str) -> list[Any]:
        if not isinstance(raw, list) or not raw:
            raise _Bad("geometry_broken", reason="coordinates")
        if level == 0:
            self._count(1)
            return self._position(raw)
        if level > 1 or kind == "MultiPoint":
            return [self._level(inner, level - 1, kind) for inner in raw]
        return self._line(raw, kind)

    def _line(self, raw: list[Any], kind: str) -> list[list[float]]:
        self._count(len(raw))
        line = [position if _is_plain(position) else self._position(position) for position in raw]
        if kind.endswith("Polygon") and line[0] != line[-1]:
            lon, lat = line[-1]
            raise _Bad("ring_open", lon=round(lon, 6), lat=round(lat, 6))
        if len(line) < LEAST[kind]:
            raise _Bad("too_few_points", found=len(line), least=LEAST[kind])
        if all(position == line[0] for position in line):
            raise _Bad("too_few_points", found=1, least=LEAST[kind])
        return line

    def _count(self, n: int) -> None:
        """Count points before they are looked at: a million too many cost nothing then."""
        self.n_vertices += n
        if self.n_vertices > MOST_VERTICES:
            raise _Bad("too_many_vertices", found=f"> {MOST_VERTICES}", most=MOST_VERTICES)

    def _position(self, raw: Any) -> list[float]:
        if not isinstance(raw, list) or not 2 <= len(raw) <= 4:
            raise _Bad("geometry_broken", reason="coordinates")
        for value in raw[:2]:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise _Bad("not_finite", found=str(value)[:20])
            if not math.isfinite(value) or abs(value) > LARGEST:
                raise _Bad("not_finite", found=str(value)[:20])
        self.has_height = self.has_height or len(raw) > 2
        return [float(raw[0]), float(raw[1])]


def _is_plain(raw: Any) -> bool:
    """Whether it is two usual numbers: nearly all positions are, and need no closer look."""
    if raw.__class__ is not list or len(raw) != 2:
        return False
    x, y = raw
    if x.__class__ not in NUMBERS or y.__class__ not in NUMBERS:
        return False
    return -LARGEST < x < LARGEST and -LARGEST < y < LARGEST


def _flatten(raw: dict[str, Any]) -> list[Geometry]:
    """Members of a collection, and of collections inside it, without recursion."""
    members: list[Geometry] = []
    waiting: list[tuple[Any, int]] = [(raw, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST_COLLECTION:
            raise _Bad("geometry_too_deep")
        if not isinstance(one, dict):
            raise _Bad("geometry_broken", reason="collection")
        if one.get("type") != "GeometryCollection":
            members.append(one)
            continue
        inner = one.get("geometries")
        if not isinstance(inner, list) or len(inner) > MOST_VERTICES:
            raise _Bad("geometry_broken", reason="collection")
        waiting += [(member, depth + 1) for member in reversed(inner)]
    return members


def _join(members: list[Geometry]) -> Geometry:
    """One geometry of members that are all points, all lines or all areas."""
    if not members:
        raise _Bad("geometry_missing")
    kinds = {str(one.get("type")).removeprefix("Multi") for one in members}
    if len(kinds) > 1 or not kinds <= {"Point", "LineString", "Polygon"}:
        raise _Bad("geometry_kind", found=", ".join(sorted(kinds))[:60])
    parts: list[Any] = []
    for one in members:
        coordinates = one.get("coordinates")
        if not isinstance(coordinates, list):
            raise _Bad("geometry_broken", reason="coordinates")
        parts += coordinates if str(one["type"]).startswith("Multi") else [coordinates]
    kind = kinds.pop()
    if len(parts) == 1:
        return {"type": kind, "coordinates": parts[0]}
    return {"type": f"Multi{kind}", "coordinates": parts}


def positions_of(geometry: Geometry | None) -> list[list[float]]:
    """All positions of a sure geometry, in order."""
    if geometry is None:
        return []
    nested = [geometry["coordinates"]]
    for _level in range(LEVELS[geometry["type"]]):
        nested = [inner for outer in nested for inner in outer]
    return nested


def replace_positions(geometry: Geometry | None, turned: Iterator[list[float]]) -> Geometry | None:
    """Return the same geometry with other positions, taken in order."""
    if geometry is None:
        return None

    def replaced(nested: list[Any], level: int) -> list[Any]:
        if level == 0:
            return next(turned)
        return [replaced(inner, level - 1) for inner in nested]

    coordinates = replaced(geometry["coordinates"], LEVELS[geometry["type"]])
    return {"type": geometry["type"], "coordinates": coordinates}
