"""Lines on the ellipsoid: their length, their share in polygons, and lines for the map.

Imported by batch code only: it needs Shapely.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from geo.lib.coverage import WGS84

STEPS = 65_536
LON_LAT_GRID = 1e-7  # of a degree: one centimetre
METRES_PER_DEGREE = 111_200
# What intersecting leaves over along a shared border: no stretch that anybody drives.
CRUMB_M = 0.05


def geodesic_length_m(geometry: shapely.Geometry) -> float:
    """Length on the ellipsoid WGS 84 in metres of lines in EPSG:4326."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
    return float(sum(WGS84.geometry_length(part) for part in parts))


def as_multiline(geometry: shapely.Geometry) -> shapely.MultiLineString:
    """The lines of a geometry in two dimensions; what is no line is left out."""
    flat = shapely.force_2d(geometry)
    pieces = [part for part in shapely.get_parts(flat) if part.geom_type == "LineString"]
    return shapely.MultiLineString([piece for piece in pieces if piece.length > 0])


def shares_in_polygons(
    line: shapely.Geometry, tree: shapely.STRtree, polygons: np.ndarray
) -> dict[int, float]:
    """Say which share of a line lies in which polygon.

    Parameters
    ----------
    line : shapely.Geometry
        EPSG:4326, of any length above 0.
    tree : shapely.STRtree
        Of ``polygons``.
    polygons : array of shapely.Geometry, shape (n,)
        EPSG:4326. Where two share a border along which the line runs, the one
        that comes first has it: no metre is counted twice.

    Returns
    -------
    dict of int to float
        Share (0–1] by the polygon's place, measured on the ellipsoid.
    """
    whole_m = geodesic_length_m(line)
    rest, shares = line, {}
    for place in sorted(tree.query(line, predicate="intersects").tolist()):
        inside_m = geodesic_length_m(shapely.intersection(rest, polygons[place]))
        if inside_m > CRUMB_M:
            shares[place] = min(inside_m / whole_m, 1.0)
            rest = shapely.difference(rest, polygons[place])
    return shares


def simplify_m(lines: np.ndarray, tolerance_m: float) -> np.ndarray:
    """Simplify lines in EPSG:4326, near the equator, to a tolerance in metres."""
    return shapely.simplify(lines, tolerance_m / METRES_PER_DEGREE)


def lines_to_topojson(lines: Sequence[tuple[str, shapely.Geometry, Mapping[str, Any]]]) -> str:
    """Write lines as TopoJSON with one object, ``roads``.

    Parameters
    ----------
    lines : sequence of (id, geometry, properties)
        MultiLineStrings in EPSG:4326. Every piece becomes one arc; arcs are
        not shared, because roads have crossings, not common borders.

    Returns
    -------
    str
        Quantised to ``STEPS`` steps of the whole extent, without blanks.
    """
    shapes = np.array([shape for _id, shape, _properties in lines])
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    scale = [max(east - west, 1e-9) / (STEPS - 1), max(north - south, 1e-9) / (STEPS - 1)]
    arcs: list[list[list[int]]] = []
    geometries = []
    for name, shape, properties in lines:
        numbers = []
        for piece in shapely.get_parts(shape):
            numbers.append([len(arcs)])
            arcs.append(_steps(piece, (west, south), scale))
        single = len(numbers) == 1
        geometries.append(
            {
                "type": "LineString" if single else "MultiLineString",
                "id": name,
                "properties": dict(properties),
                "arcs": numbers[0] if single else numbers,
            }
        )
    written = {
        "type": "Topology",
        "bbox": [west, south, east, north],
        "transform": {"scale": scale, "translate": [west, south]},
        "objects": {"roads": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": arcs,
    }
    return json.dumps(written, separators=(",", ":"), ensure_ascii=False)


def _steps(piece: shapely.LineString, corner: tuple, scale: list[float]) -> list[list[int]]:
    grid = np.rint((shapely.get_coordinates(piece) - corner) / scale).astype(int)
    moved = np.vstack([grid[:1], np.diff(grid, axis=0)])
    keep = np.any(moved != 0, axis=1)
    keep[0] = True
    kept = moved[keep].tolist()
    return kept if len(kept) > 1 else [*kept, [0, 0]]
