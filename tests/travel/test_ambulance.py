"""Where an ambulance gets to, what bars the way, and that opening it changes just that."""

from itertools import product

import pytest

from geo.indicators.queries import find_indicator, read_figure
from geo.roads.models import RoadSegment, RoadSurvey
from geo.travel.models import AmbulanceAccess, Obstacle
from tests.indicators.world import observe
from tests.travel.world import (
    access,
    compute,
    figures,
    good_road,
    make_crossing,
    make_place,
    outcomes,
)


@pytest.fixture
def kotak_with_hospital(travel_kotak, change_table):
    change_table("roads/speeds.toml", "village_reach_m = 3000", "village_reach_m = 400")
    make_place("puskesmas", 3500, 500, travel_kotak.village("99.01.02.2002"))
    return travel_kotak


def spoil(road, **changed):
    RoadSurvey.objects.filter(road=road).update(**changed)


def test_a_narrow_road_keeps_an_ambulance_out_and_is_named(kotak_with_hospital):
    good_road("001", (1500, 500), (4000, 500))
    narrow = good_road("002", (0, 500), (1500, 500), width_m=2.4)
    compute()
    assert outcomes("dry")["01.2001"] == "blocked"
    assert outcomes("dry")["01.2002"] == "reached"
    (obstacle,) = access("dry", "01.2001").obstacles.all()
    assert obstacle.road == narrow
    assert (obstacle.is_narrow, obstacle.width_m) == (True, 2.4)
    # From the middle of the village to where the wider road begins.
    assert obstacle.length_m == pytest.approx(1000, abs=5)
    assert obstacle.n_freed == 1
    # A car is narrower: it does get there.
    assert figures("minutes_to_health_centre")["01.2001"] == pytest.approx(4.5, abs=0.1)


def test_earth_is_passable_until_the_rain_comes(kotak_with_hospital):
    good_road("001", (1500, 500), (4000, 500))
    earth = good_road("002", (0, 500), (1500, 500))
    spoil(earth, asphalt_m=900, earth_m=600, good_m=0, fair_m=1500)
    compute()
    assert outcomes("dry")["01.2001"] == "reached"
    assert outcomes("wet")["01.2001"] == "blocked"
    (obstacle,) = access("wet", "01.2001").obstacles.all()
    facts = (obstacle.surface, obstacle.condition, obstacle.is_narrow, obstacle.is_assumed)
    assert facts == ("earth", "fair", False, False)
    # Where along the road the earth lies nobody knows: all of it is stated.
    assert obstacle.length_m == pytest.approx(600)
    assert figures("ambulance_access_dry")["01.2001"] == 100
    assert figures("ambulance_access_wet")["01.2001"] == 0


def test_segments_say_where_the_bad_stretch_lies(kotak_with_hospital):
    road = good_road("001", (0, 500), (4000, 500))
    for from_m, to_m, surface in (
        (0, 700, "asphalt"),
        (700, 1000, "earth"),
        (1000, 4000, "asphalt"),
    ):
        RoadSegment.objects.create(
            road=road,
            year=2024,
            from_m=from_m,
            to_m=to_m,
            surface=surface,
            condition="fair",
            width_m=4,
            source=road.source,
        )
    compute()
    reached = outcomes("wet")
    assert (reached["01.2001"], reached["01.2002"]) == ("blocked", "reached")
    (obstacle,) = access("wet", "01.2001").obstacles.all()
    assert obstacle.length_m == pytest.approx(300, abs=5)


def test_a_way_around_is_taken(kotak_with_hospital):
    good_road("001", (1500, 500), (4000, 500))
    good_road("002", (0, 500), (1500, 500), width_m=2.0)
    good_road("003", (500, 500), (500, 900), (1500, 900), (1500, 500))
    compute()
    assert outcomes("dry")["01.2001"] == "reached"
    assert not Obstacle.objects.exists()


def test_an_unsurveyed_road_is_marked_as_assumed(kotak_with_hospital):
    good_road("001", (1500, 500), (4000, 500))
    unknown = good_road("002", (0, 500), (1500, 500), authority="desa")
    RoadSurvey.objects.filter(road=unknown).delete()
    compute()
    obstacle = access("wet", "01.2001").obstacles.get()
    assert (obstacle.surface, obstacle.is_assumed) == ("earth", True)


def test_two_roads_bar_the_way_and_neither_alone_would_open_it(kotak_with_hospital):
    good_road("001", (2500, 500), (4000, 500))
    good_road("002", (1500, 500), (2500, 500), width_m=2)
    good_road("003", (0, 500), (1500, 500), width_m=2)
    compute()
    found = access("dry", "01.2001").obstacles.all()
    assert [(one.road.number, one.n_freed) for one in found] == [("003", 0), ("002", 1)]
    assert [one.road.number for one in access("dry", "01.2002").obstacles.all()] == ["002"]


def test_a_boat_that_carries_no_ambulance_is_named(kotak_with_hospital):
    good_road("001", (0, 500), (4000, 500))
    good_road("002", (0, 1500), (4000, 1500))
    boat = make_crossing("B1", (500, 500), (500, 1500))
    compute()
    assert outcomes("dry")["01.2003"] == "blocked"
    obstacle = access("dry", "01.2003").obstacles.get()
    assert (obstacle.crossing, obstacle.road) == (boat, None)
    assert obstacle.n_freed == 4
    boat.vehicles = ["ambulance", "boat"]
    boat.save()
    compute()
    # 3 km to the jetty, then the boat.
    assert access("dry", "01.2003").minutes == pytest.approx(20 + 4.5, abs=0.1)


def test_no_connection_and_too_far_are_told_apart(kotak_with_hospital):
    good_road("001", (0, 500), (4000, 500))
    good_road("002", (0, 3500), (1000, 3500))
    compute()
    found = outcomes("dry")
    assert found["03.2003"] == "unconnected"
    assert found["04.2004"] == "too_far"
    assert figures("ambulance_access_dry")["03.2003"] == 0
    assert figures("ambulance_access_dry")["04.1005"] == "missing"


def test_a_health_centre_without_an_ambulance_sends_none(kotak_with_hospital):
    good_road("001", (0, 500), (4000, 500))
    village = kotak_with_hospital.village("99.01.01.2001")
    make_place("puskesmas", 500, 500, village, name="Lain", attributes={"ambulance": False})
    compute()
    assert access("dry", "01.2001").minutes == pytest.approx(4.5, abs=0.1)


def test_a_district_has_the_share_of_its_inhabitants(kotak_with_hospital):
    good_road("001", (1500, 500), (4000, 500))
    people = {"01.2001": 100, "01.2002": 300, "01.2003": 50, "01.2004": 50}
    observe(find_indicator("population"), "2024", people)
    report = compute()
    figure = read_figure(
        indicator=find_indicator("ambulance_access_wet"),
        period=report.run.period,
        area=kotak_with_hospital.districts[0],
    )
    assert figure.value == pytest.approx(60)


# --- closing and opening --------------------------------------------------------------------

# Roads between the middles of villages, as a ladder with one loose end.
ROADS = {
    "A": ((500, 500), (1500, 500)),
    "B": ((1500, 500), (2500, 500)),
    "C": ((2500, 500), (3500, 500)),
    "D": ((500, 500), (500, 1500)),
    "E": ((1500, 500), (1500, 1500)),
    "F": ((500, 1500), (1500, 1500)),
    "G": ((2500, 500), (2500, 1500)),
}
VILLAGES = {
    (500, 500): "01.2001",
    (1500, 500): "01.2002",
    (500, 1500): "01.2003",
    (1500, 1500): "01.2004",
    (2500, 500): "02.2001",
    (3500, 500): "02.2002",
    (2500, 1500): "02.2003",
}
GOAL = (3500, 500)


def joined_without(closed):
    """Villages that open roads join with the puskesmas: by walking the drawing."""
    seen, waiting = {GOAL}, [GOAL]
    while waiting:
        here = waiting.pop()
        for name, ends in ROADS.items():
            if name not in closed and here in ends:
                (there,) = set(ends) - {here}
                if there not in seen:
                    seen.add(there)
                    waiting.append(there)
    return {VILLAGES[end] for end in seen}


def reached():
    return {code for code, outcome in outcomes("dry").items() if outcome == "reached"}


def test_closing_one_road_changes_exactly_the_villages_that_depend_on_it(kotak_with_hospital):
    roads = {name: good_road(name, *ends) for name, ends in ROADS.items()}
    compute()
    assert reached() == joined_without(set())
    for name, road in roads.items():
        spoil(road, width_m=2)
        compute()
        assert reached() == joined_without({name}), name
        spoil(road, width_m=4)


def test_what_opening_a_road_gains_is_what_it_gains(kotak_with_hospital):
    roads = {name: good_road(name, *ends) for name, ends in ROADS.items()}
    for first, second in product("ABC", "DEG"):
        for name in (first, second):
            spoil(roads[name], width_m=2)
        compute()
        lost = reached()
        assert lost == joined_without({first, second})
        told = {
            one.road.number: one.n_freed
            for one in Obstacle.objects.filter(access__season="dry").select_related("road")
        }
        for name, n_freed in told.items():
            other = {first, second} - {name}
            assert n_freed == len(joined_without(other) - lost), (first, second, name)
        for name in (first, second):
            spoil(roads[name], width_m=4)


def test_repairing_a_road_removes_its_obstacles(kotak_with_hospital):
    good_road("001", (1500, 500), (4000, 500))
    narrow = good_road("002", (0, 500), (1500, 500), width_m=2.4)
    compute()
    assert Obstacle.objects.count() == 2
    spoil(narrow, width_m=3)
    compute()
    assert not Obstacle.objects.exists()
    assert AmbulanceAccess.objects.filter(season="dry").count() == 16
