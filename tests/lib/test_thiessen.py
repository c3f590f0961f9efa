import numpy as np
import pytest
import shapely

from geo.lib.thiessen import settle_crumbs, thiessen_cells

SQUARE = shapely.box(0, 0, 4, 4)
CENTRES = np.array([[1.0, 1.0], [3.0, 1.0], [1.0, 3.0], [3.0, 3.0]])


def test_four_points_in_a_square_get_a_quarter_each():
    cells = thiessen_cells(CENTRES, SQUARE)
    assert [cell.bounds for cell in cells] == [
        (0, 0, 2, 2),
        (2, 0, 4, 2),
        (0, 2, 2, 4),
        (2, 2, 4, 4),
    ]
    assert shapely.area(cells).tolist() == [4, 4, 4, 4]


def test_cells_keep_the_order_of_the_points():
    order = [2, 0, 3, 1]
    straight, turned = thiessen_cells(CENTRES, SQUARE), thiessen_cells(CENTRES[order], SQUARE)
    assert all(shapely.equals(straight[order], turned))


def test_a_coast_that_cuts_a_corner_takes_half_of_that_cell():
    land = shapely.Polygon([(0, 0), (4, 0), (4, 2), (2, 4), (0, 4)])
    cells = thiessen_cells(CENTRES, land)
    assert shapely.area(cells).tolist() == [4, 4, 4, 2]
    assert shapely.coverage_is_valid(cells)
    assert shapely.union_all(cells).equals(land)


def test_a_coast_that_crosses_a_border_leaves_matching_vertices():
    rough = shapely.Point(2.03, 1.97).buffer(1.618, 37)
    cells = thiessen_cells(CENTRES + 0.013, rough)
    assert shapely.coverage_is_valid(cells)
    assert shapely.area(cells).sum() == pytest.approx(rough.area, rel=1e-12)


def test_land_beyond_the_water_goes_to_the_nearest_point():
    islands = shapely.MultiPolygon([SQUARE, shapely.box(5, 0, 6, 1)])
    cells = thiessen_cells(CENTRES, islands)
    assert [len(shapely.get_parts(cell)) for cell in cells] == [1, 2, 1, 1]


def test_a_point_that_reaches_no_land_has_an_empty_cell():
    cells = thiessen_cells(np.vstack([CENTRES, [40.0, 40.0]]), SQUARE)
    assert cells[4].is_empty
    assert shapely.area(cells).sum() == 16


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (CENTRES[:2], "at least three points"),
        (np.zeros((4, 3)), "at least three points"),
        (np.vstack([CENTRES, CENTRES[1:2]]), r"on the same place: \(3.00, 1.00\)"),
        (np.vstack([CENTRES, [np.nan, 1]]), "no finite x or y"),
    ],
)
def test_points_that_cannot_be_used_are_refused(points, sentence):
    with pytest.raises(ValueError, match=sentence):
        thiessen_cells(points, SQUARE)


def test_an_invalid_mask_is_refused():
    bow_tie = shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4)])
    with pytest.raises(ValueError, match="invalid"):
        thiessen_cells(CENTRES, bow_tie)


def test_a_crumb_joins_the_neighbour_and_an_islet_is_dropped():
    left = shapely.MultiPolygon([shapely.box(0, 0, 5, 10), shapely.box(10, 0, 10.5, 1)])
    right = shapely.MultiPolygon([shapely.box(5, 0, 10, 10), shapely.box(20, 20, 20.5, 20.5)])
    settled = settle_crumbs(np.array([left, right]), smallest_m2=1.0)
    assert shapely.area(settled).tolist() == [50, 50.5]
    assert [cell.geom_type for cell in settled] == ["Polygon", "Polygon"]


def test_a_large_detached_part_stays_and_a_small_cell_stays():
    far = shapely.MultiPolygon([shapely.box(0, 0, 5, 10), shapely.box(9, 0, 11, 1)])
    tiny = shapely.box(5, 0, 5.5, 0.5)
    settled = settle_crumbs(np.array([far, tiny]), smallest_m2=1.0)
    assert shapely.area(settled).tolist() == [52, 0.25]


def test_a_crumb_behind_a_crumb_follows_it():
    main = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(30.5, 0, 31, 0.5)])
    other = shapely.MultiPolygon([shapely.box(40, 0, 50, 10), shapely.box(30, 0, 30.5, 0.5)])
    third = shapely.box(20, 0, 30, 10)
    settled = settle_crumbs(np.array([main, other, third]), smallest_m2=1.0)
    assert shapely.area(settled).tolist() == [100, 100, 100.5]
