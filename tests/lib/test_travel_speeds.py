"""The table of speeds: what it says, and what it refuses."""

import pytest
from django.conf import settings

from geo.indicators.rules import sentence
from geo.lib.travel_speeds import Stretch, minutes, pair_stretches, read_speeds

TEXT = (settings.DATA_DIR / "roads" / "speeds.toml").read_text("utf-8")


def table():
    found, faults = read_speeds(TEXT, "roads/speeds.toml")
    assert faults == []
    return found


def faults_of(before, after):
    assert before in TEXT
    found, faults = read_speeds(TEXT.replace(before, after, 1), "roads/speeds.toml")
    assert found is None
    return [sentence(fault) for fault in faults]


def test_minutes_on_paper():
    assert minutes(2000, 40) == 3
    assert minutes(0, 0) == 0
    assert minutes(1, 0) == float("inf")


def test_a_good_regency_road_takes_three_minutes_for_two_kilometres():
    good = Stretch("asphalt", "good", 2000)
    assert table().minutes_of("car", "dry", good, "kabupaten") == pytest.approx(3)
    assert table().speed_kmh("car", "dry", good, "nasional") == pytest.approx(65)
    assert table().speed_kmh("car", "dry", good, "desa") == pytest.approx(25)


def test_a_road_too_narrow_lets_nobody_through_and_an_unknown_width_everybody():
    speeds = table()
    narrow = Stretch("asphalt", "good", 1000, width_m=2.4)
    assert speeds.speed_kmh("ambulance", "dry", narrow, "desa") == 0
    assert speeds.speed_kmh("motorcycle", "dry", narrow, "desa") > 0
    wide = Stretch("asphalt", "good", 1000, width_m=2.5)
    assert speeds.speed_kmh("ambulance", "dry", wide, "desa") > 0
    assert speeds.speed_kmh("ambulance", "dry", Stretch("asphalt", "good", 1), "desa") > 0


def test_rain_closes_earth_to_an_ambulance():
    earth = Stretch("earth", "fair", 1000)
    assert table().speed_kmh("ambulance", "dry", earth, "kabupaten") == 10
    assert table().speed_kmh("ambulance", "wet", earth, "kabupaten") == 0


def test_the_worst_condition_is_taken_to_lie_on_the_worst_surface():
    found = pair_stretches(
        {"asphalt": 600, "earth": 400}, {"good": 500, "fair": 300, "heavy_damage": 200}
    )
    assert [(s.surface, s.condition, s.length_m) for s in found] == [
        ("asphalt", "good", 500),
        ("asphalt", "fair", 100),
        ("earth", "fair", 200),
        ("earth", "heavy_damage", 200),
    ]


def test_a_road_nobody_surveyed_is_marked_as_assumed():
    assumed = table().assumed("desa", 500)
    assert (assumed.surface, assumed.condition, assumed.is_assumed) == ("earth", "fair", True)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("valid_from = 2026-11-22", 'valid_from = "2026"', "valid_from"),
        ("snap_m = 20 ", "snap_m = 0 ", "network.snap_m"),
        ("least_width_m = 2.5", "width_m = 2.5", "vehicles.ambulance.least_width_m"),
        ("water_kmh = 25", "water_kmh = -1", "vehicles.boat.water_kmh"),
        ("fair = 30, light", "fair = 50, light", "vehicles.car.dry.asphalt"),
        ("good = 40, fair = 30", "good = 400, fair = 30", "vehicles.car.dry.asphalt.good"),
        ('surface = "gravel"', 'surface = "mud"', "unsurveyed.kabupaten.surface"),
        ("nasional = 65", "negara = 65", "rank_kmh.nasional"),
        ("[vehicles.truck.wet]", "[vehicles.truck.rain]", "vehicles.truck.wet"),
    ],
)
def test_every_fault_is_a_sentence_that_names_its_key(before, after, said):
    assert any(f"roads/speeds.toml, {said}:" in text for text in faults_of(before, after))


def test_all_faults_come_at_once():
    broken = TEXT.replace("snap_m = 20 ", "snap_m = 0 ").replace("desa = 25", "desa = 0")
    assert len(read_speeds(broken, "f")[1]) == 2


def test_a_file_that_is_no_toml_is_one_fault():
    assert len(read_speeds("= =", "f")[1]) == 1
