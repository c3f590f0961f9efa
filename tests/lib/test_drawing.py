import re

import pytest
import shapely

from geo.lib.drawing import Frame, draw_areas, path_text

WEST, SOUTH = 104.0, -3.0
TILES = {
    f"{x}{y}": shapely.box(
        WEST + x * 0.1, SOUTH + y * 0.1, WEST + x * 0.1 + 0.1, SOUTH + y * 0.1 + 0.1
    )
    for x in (0, 1)
    for y in (0, 1)
}


def draw(**options):
    frame = Frame((WEST, SOUTH, WEST + 0.2, SOUTH + 0.2))
    points = {code: shape.centroid for code, shape in TILES.items()}
    return draw_areas(TILES, points, frame, **options)


def corners(path: str) -> list[tuple[int, int]]:
    """Absolute points of SVG path data of the kind M x y l dx dy … z."""
    found = []
    for start, steps in re.findall(r"M([-\d ]+)l([-\d ]+)", path):
        numbers = [int(n) for n in re.findall(r"-?\d+", start + " " + steps.replace("-", " -"))]
        x, y = numbers[:2]
        found.append((x, y))
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


def test_squares_are_drawn_where_they_lie_with_north_above():
    picture = draw()

    assert picture["width"] == 1000
    assert picture["height"] == pytest.approx(1000, abs=3)
    assert set(corners(picture["paths"]["00"])) == {(0, 501), (500, 501), (500, 1001), (0, 1001)}
    assert picture["points"]["11"] == pytest.approx([750, 250], abs=2)


def test_bounds_are_those_of_the_sheet_to_a_hair():
    west, south, east, north = draw()["bounds"]

    assert (west, east, north) == pytest.approx((WEST, WEST + 0.2, SOUTH + 0.2), abs=1e-6)
    # The height is rounded up to a whole unit, 22 m here.
    assert SOUTH - 0.0003 < south <= SOUTH


def test_lines_run_along_districts_only():
    lines = draw(group={"00": "w", "01": "w", "10": "e", "11": "e"})["lines"]

    assert (500, 1001) in corners(lines)
    assert lines.count("M") < 7
    assert draw()["lines"] == ""


def test_a_tall_strip_stays_on_a_bounded_sheet():
    frame = Frame((104, -3, 104.01, -2))

    assert frame.height <= 3001
    assert frame.bounds[2] > 104.3


def test_paths_are_short():
    assert path_text([(1, 2), (4, 0), (3, -5), (3, 1)]) == "M1 2l3-2-1-5 0 6"
