"""Minutes over pieces of one road, and what closes them, by hand."""

import numpy as np
import pytest
from django.conf import settings

from geo.lib.road_times import RoadTimes
from geo.lib.travel_speeds import Stretch, read_speeds

SPEEDS, _faults = read_speeds((settings.DATA_DIR / "roads" / "speeds.toml").read_text(), "speeds")


def times(*stretches, is_located, line_m=None):
    length_m = sum(stretch.length_m for stretch in stretches)
    return RoadTimes("kabupaten", stretches, is_located, line_m or length_m)


def minutes_of(road, vehicle, season, *pieces):
    from_m, to_m = (np.array(ends, dtype=float) for ends in zip(*pieces, strict=True))
    return road.minutes(SPEEDS, vehicle, season, from_m, to_m).tolist()


def test_an_even_road_takes_its_mean_everywhere():
    # 1 km at 40 km/h is 1.5 min, 1 km at 10 km/h is 6 min: 7.5 for 2 km.
    road = times(
        Stretch("asphalt", "good", 1000), Stretch("asphalt", "heavy_damage", 1000), is_located=False
    )
    assert minutes_of(road, "car", "dry", (0, 1000), (1000, 2000)) == pytest.approx([3.75, 3.75])


def test_located_stretches_take_their_own():
    road = times(
        Stretch("asphalt", "good", 1000), Stretch("asphalt", "heavy_damage", 1000), is_located=True
    )
    found = minutes_of(road, "car", "dry", (0, 1000), (1000, 2000), (500, 1500))
    assert found == pytest.approx([1.5, 6, 0.75 + 3])


def test_the_survey_is_fitted_to_the_line():
    road = times(Stretch("asphalt", "good", 1000), is_located=True, line_m=2000)
    assert minutes_of(road, "car", "dry", (0, 2000)) == pytest.approx([3])


def test_where_a_closed_stretch_lies_is_not_known_so_that_the_whole_road_is_closed():
    mixed = [Stretch("asphalt", "good", 900), Stretch("earth", "heavy_damage", 100)]
    even = times(*mixed, is_located=False)
    assert minutes_of(even, "ambulance", "wet", (0, 500), (500, 1000)) == [np.inf, np.inf]
    located = times(*mixed, is_located=True)
    assert minutes_of(located, "ambulance", "wet", (0, 500), (500, 1000)) == [
        pytest.approx(0.75),
        np.inf,
    ]
    (reason,) = located.closing_on(SPEEDS, "ambulance", "wet", 500, 950)
    assert (reason.surface, reason.length_m) == ("earth", 50)
    assert located.closing_on(SPEEDS, "ambulance", "wet", 0, 500) == []


def test_a_short_bad_stretch_is_walked_not_closed():
    short = [Stretch("asphalt", "good", 960), Stretch("earth", "heavy_damage", 40)]
    for is_located in (True, False):
        road = times(*short, is_located=is_located)
        (found,) = minutes_of(road, "ambulance", "wet", (0, 1000))
        assert found == pytest.approx(0.96 * 1.5 + 0.04 * 15)


def test_a_closed_stretch_stays_closed_in_small_pieces():
    road = times(Stretch("earth", "heavy_damage", 100), is_located=True)
    assert minutes_of(road, "ambulance", "wet", (0, 10), (10, 100)) == [np.inf, np.inf]


def test_a_narrow_road_is_closed_whatever_its_surface():
    road = times(Stretch("asphalt", "good", 1000, width_m=2.4), is_located=False)
    assert minutes_of(road, "ambulance", "dry", (0, 1000)) == [np.inf]
    assert minutes_of(road, "car", "dry", (0, 1000)) == pytest.approx([1.5])
