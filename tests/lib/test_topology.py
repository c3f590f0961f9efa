import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.lib.topology import borders, build_topology, snap_to_grid, to_topojson

TILES = {
    f"{x}{y}": shapely.box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for x in (0, 1) for y in (0, 1)
}


def decode(topojson: str) -> dict[str, shapely.Geometry]:
    """TopoJSON → polygons, written from the specification and not from our encoder."""
    topology = json.loads(topojson)
    scale, translate = np.array(topology["transform"]["scale"]), topology["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in topology["arcs"]]

    def ring(numbers):
        parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
        return np.vstack([parts[0], *(part[1:] for part in parts[1:])])

    def polygon(rings):
        shell, *holes = (ring(numbers) for numbers in rings)
        return shapely.Polygon(shell, holes)

    return {
        g["id"]: polygon(g["arcs"])
        if g["type"] == "Polygon"
        else shapely.MultiPolygon([polygon(p) for p in g["arcs"]])
        for g in topology["objects"]["areas"]["geometries"]
    }


def test_a_shared_border_is_stored_once():
    topology = build_topology(TILES)

    # Four inner borders that meet in the middle, four corners outside.
    assert len(topology.arcs) == 8
    used = [n for p in topology.polygons.values() for part in p for r in part for n in r]
    assert len(used) == 12
    assert sorted({max(n, ~n) for n in used}) == list(range(8))


def test_topojson_decodes_to_the_same_squares():
    decoded = decode(to_topojson(build_topology(TILES), (100, -5, 102, -3), 21))

    assert decoded["11"].equals(shapely.box(101, -4, 102, -3))
    assert decoded["00"].equals(shapely.box(100, -5, 101, -4))


def test_islands_holes_and_lakes_survive():
    lake = shapely.box(0, 0, 30, 30) - shapely.box(10, 10, 20, 20)
    shapes = {
        "around": shapely.MultiPolygon([lake, shapely.box(40, 0, 45, 5)]),
        "inside": shapely.box(10, 10, 20, 20),
    }

    decoded = decode(to_topojson(build_topology(shapes), (0, 0, 50, 50), 51))

    assert all(decoded[code].equals(shape) for code, shape in shapes.items())


def test_borders_of_groups_leave_out_those_inside():
    topology = build_topology(TILES)

    lines = borders(topology, {"00": "west", "01": "west", "10": "east", "11": "east"})

    merged = shapely.union_all([shapely.LineString(arc) for arc in lines])
    # Around the whole, 80, and through the middle from south to north, 20.
    assert merged.length == pytest.approx(100)
    assert not merged.covers(shapely.Point(5, 10))
    assert merged.covers(shapely.Point(10, 5))


def test_an_area_smaller_than_the_grid_is_not_lost():
    shapes = {"large": shapely.box(0, 0, 10, 10), "tiny": shapely.box(20.1, 20.1, 20.2, 20.2)}

    snapped = snap_to_grid(shapes)

    assert snapped["large"].equals(shapes["large"])
    assert len(snapped["tiny"].exterior.coords) == 4


def test_rounding_alone_would_cross_borders_here_and_snapping_does_not():
    shapes = {
        "below": shapely.Polygon([(0, 0), (10, 0), (10, 6.5), (0, 5.6)]),
        "wedge": shapely.Polygon([(0, 5.6), (10, 6.5), (1.2, 6.5)]),
        "above": shapely.Polygon([(10, 20), (10, 6.5), (1.2, 6.5), (0, 5.6), (0, 20)]),
    }
    rounded = [shapely.transform(shape, np.rint) for shape in shapes.values()]
    assert not shapely.coverage_is_valid(rounded)

    assert shapely.coverage_is_valid(list(snap_to_grid(shapes).values()))


TENTHS = st.integers(0, 400).map(lambda n: n / 10)


@given(st.lists(st.tuples(TENTHS, TENTHS), min_size=4, max_size=25, unique=True))
@settings(max_examples=150, deadline=None)
def test_whatever_is_snapped_is_a_coverage_and_decodes_to_itself(points):
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(0, 0, 40, 40))
    )
    inside = shapely.intersection(cells, shapely.box(0, 0, 40, 40))
    shapes = {str(i): s for i, s in enumerate(inside) if s.geom_type == "Polygon" and s.area > 2}
    if not shapes:
        return

    snapped = {c: s for c, s in snap_to_grid(shapes).items() if s.area >= 1}

    assert shapely.coverage_is_valid(list(snapped.values()))
    decoded = decode(to_topojson(build_topology(snapped), (0, 0, 40, 40), 41))
    assert all(decoded[code].equals(shape) for code, shape in snapped.items())
