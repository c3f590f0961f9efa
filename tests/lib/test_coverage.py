import numpy as np
import pytest
import shapely
import shapely.affinity

from geo.lib.coverage import (
    LostArea,
    clean_coverage,
    dissolve,
    extent_m,
    geodesic_area_km2,
    reproject,
    simplify,
    utm_srid,
)

UTM_48S = 32748


def boxes(*bounds):
    """Boxes given in metres from a corner in UTM 48S, as EPSG:4326."""
    shapes = np.array([shapely.box(*(np.array(b) + [470e3, 972e4] * 2)) for b in bounds])
    return reproject(shapes, UTM_48S, 4326)


@pytest.mark.parametrize(
    ("bbox", "srid"),
    [
        ((104.0, -3.2, 105.6, -1.6), 32748),
        ((95.0, 4.0, 97.0, 6.0), 32647),
        ((140, -9, 141, -8), 32754),
    ],
)
def test_the_utm_zone_follows_the_extent(bbox, srid):
    assert utm_srid(*bbox) == srid


def test_a_sliver_goes_to_a_neighbour_and_is_counted():
    # A gap 10 m wide and 400 m long, closed on all sides, between two boxes.
    frame = boxes((0, 0, 1000, 1000), (1000, 0, 2000, 1000))
    left = frame[0] - boxes((990, 300, 1000, 700))[0]

    cleaning = clean_coverage(np.array([left, frame[1]]), gap_width_m=20)

    assert cleaning.n_gaps_closed == 1
    assert cleaning.gaps_closed_ha == pytest.approx(0.4, rel=0.01)
    assert cleaning.holes_left_ha == []
    assert dissolve(cleaning.polygons).equals(shapely.union_all(frame)) or dissolve(
        cleaning.polygons
    ).area == pytest.approx(shapely.union_all(frame).area, rel=1e-9)


def test_a_real_hole_stays_a_hole():
    outer = boxes((0, 0, 3000, 3000))[0] - boxes((1000, 1000, 2000, 2000))[0]

    cleaning = clean_coverage(np.array([outer]), gap_width_m=20)

    assert cleaning.n_gaps_closed == 0
    assert cleaning.holes_left_ha == [pytest.approx(100, rel=0.001)]


def test_an_overlap_is_given_to_one_side_only():
    cleaning = clean_coverage(boxes((0, 0, 1010, 1000), (1000, 0, 2000, 1000)), gap_width_m=20)

    assert cleaning.overlaps_ha == pytest.approx(1, rel=0.01)
    assert cleaning.max_change_ha == pytest.approx(1, rel=0.01)
    assert shapely.coverage_is_valid(cleaning.polygons)
    assert sum(map(geodesic_area_km2, cleaning.polygons)) == pytest.approx(2, rel=0.002)


def test_an_area_wholly_under_another_is_not_lost_in_silence():
    with pytest.raises(LostArea) as lost:
        clean_coverage(boxes((0, 0, 1000, 1000), (0, 0, 1000, 1000)), gap_width_m=20)
    assert lost.value.index in (0, 1)


def test_area_is_measured_on_the_ellipsoid_whichever_way_the_ring_runs():
    shape = boxes((0, 0, 1000, 1000))[0]
    # UTM shrinks by 0.9996 near its middle, the ellipsoid does not.
    assert geodesic_area_km2(shape) == pytest.approx(1 / 0.9996**2, rel=1e-4)
    assert geodesic_area_km2(shape.reverse()) == pytest.approx(geodesic_area_km2(shape))


def test_neighbours_stay_neighbours_when_simplified():
    wiggle = [(1000 + 30 * (-1) ** i, 1000 - 20 * i) for i in range(51)]
    left = shapely.Polygon([(0, 0), (0, 1000), *wiggle])
    right = shapely.Polygon([(2000, 0), (2000, 1000), *wiggle])
    pair = (
        shapely.affinity.translate(left, 470e3, 972e4),
        shapely.affinity.translate(right, 470e3, 972e4),
    )
    pair = reproject(np.array(pair), UTM_48S, 4326)

    simpler = simplify(pair, tolerance_m=100)

    assert shapely.get_num_coordinates(simpler).sum() < 20
    assert shapely.coverage_is_valid(simpler)
    assert shapely.intersection(*simpler).length > 0


def test_extent_is_the_longer_side():
    assert extent_m(boxes((0, 0, 3000, 1000))) == pytest.approx(3000, rel=0.01)
    assert extent_m(boxes((0, 0, 1000, 3000))) == pytest.approx(3000, rel=0.01)
