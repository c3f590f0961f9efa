"""Shared borders: polygons on a whole-number grid, their arcs, and TopoJSON.

Source of the format: https://github.com/topojson/topojson-specification
Imported by batch code only: it needs Shapely.
"""

import json
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

Point = tuple[int, int]
Arc = tuple[Point, ...]
LEAST_AREA = 0.5  # of anything on a grid of whole numbers: a triangle


@dataclass(frozen=True)
class Topology:
    """Polygons as chains of arcs.

    ``arcs`` are rows of whole-number points. ``polygons`` hold, by code, a list
    of polygons, each a list of rings (the outer first), each a list of arc
    numbers; ``~n`` means arc ``n`` backwards.
    """

    arcs: list[Arc]
    polygons: dict[str, list[list[list[int]]]]

    def line(self, numbers: list[int]) -> list[Point]:
        """Points of a chain of arcs, each joint once."""
        points: list[Point] = []
        for number in numbers:
            arc = self.arcs[number] if number >= 0 else self.arcs[~number][::-1]
            points.extend(arc[1:] if points else arc)
        return points


def snap_to_grid(polygons: dict[str, shapely.Geometry]) -> dict[str, shapely.Geometry]:
    """Move a coverage onto whole-number coordinates so that it stays a coverage.

    Rounding vertices alone can let borders cross. Here all borders are rounded
    together as one network (snap rounding), and the faces of the network are
    given back to the areas in whose middle they lie.

    Parameters
    ----------
    polygons : dict of str to shapely.Geometry
        A coverage in grid units, by code.

    Returns
    -------
    dict of str to shapely.Geometry
        The same codes in the same order. An area that the grid cannot hold is
        marked by a triangle of ``LEAST_AREA``, which may lie on a neighbour.
    """
    codes, shapes = list(polygons), np.array(list(polygons.values()))
    network = shapely.union_all(shapely.boundary(shapes), grid_size=1)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    owner_of = shapely.STRtree(shapes)
    face_numbers, owners = owner_of.query(shapely.point_on_surface(faces), predicate="intersects")
    mine: dict[str, list[int]] = {code: [] for code in codes}
    taken: set[int] = set()
    for face, owner in zip(face_numbers.tolist(), owners.tolist(), strict=True):
        if face not in taken:
            taken.add(face)
            mine[codes[owner]].append(face)
    return {
        code: shapely.coverage_union_all(faces[mine[code]]) if mine[code] else _least(shape)
        for code, shape in polygons.items()
    }


def _least(shape: shapely.Geometry) -> shapely.Polygon:
    x, y = (round(value) for value in shapely.get_coordinates(shapely.point_on_surface(shape))[0])
    return shapely.Polygon([(x, y), (x + 1, y), (x, y + 1)])


def build_topology(polygons: dict[str, shapely.Geometry]) -> Topology:
    """Cut the rings of a coverage into arcs, each stored once.

    Parameters
    ----------
    polygons : dict of str to shapely.Geometry
        A coverage with whole-number coordinates, by code.

    Returns
    -------
    Topology
    """
    rings = {code: _rings(shape) for code, shape in polygons.items()}
    joints = _joints([ring for parts in rings.values() for part in parts for ring in part])
    numbers: dict[Arc, int] = {}
    chains = {
        code: [
            [[_number(arc, numbers) for arc in _cut(ring, joints)] for ring in part] for part in p
        ]
        for code, p in rings.items()
    }
    return Topology(list(numbers), chains)


def _rings(shape: shapely.Geometry) -> list[list[list[Point]]]:
    """Open rings of whole-number points, by polygon; the outer runs anticlockwise."""
    oriented = shapely.orient_polygons(shape, exterior_cw=False)
    return [
        [_points(ring)[:-1] for ring in [part.exterior, *part.interiors]]
        for part in shapely.get_parts(oriented)
    ]


def _points(line: shapely.Geometry) -> list[Point]:
    return [(x, y) for x, y in np.rint(shapely.get_coordinates(line)).astype(int).tolist()]


def _joints(rings: list[list[Point]]) -> set[Point]:
    """Points where other than two borders meet: there arcs begin and end."""
    neighbours: dict[Point, set[Point]] = {}
    for ring in rings:
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            neighbours.setdefault(a, set()).add(b)
            neighbours.setdefault(b, set()).add(a)
    return {point for point, others in neighbours.items() if len(others) != 2}


def _cut(ring: list[Point], joints: set[Point]) -> list[Arc]:
    # A ring without joints is an island or a hole; both sides start it at the same point.
    start = next((i for i, point in enumerate(ring) if point in joints), None)
    if start is None:
        start = ring.index(min(ring))
    turned = [*ring[start:], *ring[:start], ring[start]]
    ends = [i for i, point in enumerate(turned) if point in joints or i in (0, len(turned) - 1)]
    return [tuple(turned[a : b + 1]) for a, b in pairwise(ends)]


def _number(arc: Arc, numbers: dict[Arc, int]) -> int:
    backwards = arc[::-1]
    if arc in numbers:
        return numbers[arc]
    if backwards in numbers:
        return ~numbers[backwards]
    numbers[arc] = len(numbers)
    return numbers[arc]


def borders(topology: Topology, group: dict[str, str]) -> list[Arc]:
    """Arcs that separate groups of areas from each other or from the outside.

    Parameters
    ----------
    topology : Topology
    group : dict of str to str
        The group (such as the district) of each area, by code.

    Returns
    -------
    list of Arc
    """
    sides: dict[int, list[str]] = {}
    for code, polygons in topology.polygons.items():
        for number in (n for polygon in polygons for ring in polygon for n in ring):
            sides.setdefault(max(number, ~number), []).append(group[code])
    return [
        topology.arcs[number]
        for number, groups in sorted(sides.items())
        if len(groups) == 1 or groups[0] != groups[1]
    ]


def to_topojson(topology: Topology, bbox: tuple[float, float, float, float], steps: int) -> str:
    """Write a topology as TopoJSON with one object, ``areas``.

    Parameters
    ----------
    topology : Topology
        On a grid of ``steps`` × ``steps`` points over ``bbox``.
    bbox : tuple of float
        West, south, east, north in degrees, EPSG:4326.
    steps : int

    Returns
    -------
    str
        Each geometry has the area's code as ``id``.
    """
    west, south, east, north = bbox
    geometries = [
        {"type": "Polygon", "id": code, "arcs": polygons[0]}
        if len(polygons) == 1
        else {"type": "MultiPolygon", "id": code, "arcs": polygons}
        for code, polygons in topology.polygons.items()
    ]
    written = {
        "type": "Topology",
        "bbox": list(bbox),
        "transform": {
            "scale": [(east - west) / (steps - 1), (north - south) / (steps - 1)],
            "translate": [west, south],
        },
        "objects": {"areas": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [_steps(arc) for arc in topology.arcs],
    }
    return json.dumps(written, separators=(",", ":"))


def _steps(arc: Arc) -> list[list[int]]:
    points = np.array(arc)
    return np.vstack([points[:1], np.diff(points, axis=0)]).tolist()
