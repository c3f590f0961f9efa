"""Minutes that one computes on paper."""

import pytest

from geo.indicators.models import Observation, Source
from geo.indicators.queries import find_indicator, read_figure
from geo.travel.batch.compute import NoRoads
from geo.travel.batch.declared import BadTable
from geo.travel.models import TravelRun
from tests.indicators.world import make_source, observe
from tests.travel.world import compute, figures, good_road, make_crossing, make_place

HEALTH = "minutes_to_health_centre"


def minutes(indicator=HEALTH):
    return figures(indicator)


@pytest.fixture
def southern_road(travel_kotak):
    """4 km through the middles of the four southern villages; a puskesmas in the last."""
    good_road("001", (0, 500), (4000, 500))
    make_place("puskesmas", 3500, 500, travel_kotak.village("99.01.02.2002"))
    return travel_kotak


def test_minutes_along_one_road(southern_road):
    compute()
    found = minutes()
    # 3, 2, 1 and 0 km at 40 km/h.
    assert found["01.2001"] == pytest.approx(4.5, abs=0.1)
    assert found["01.2002"] == pytest.approx(3.0, abs=0.1)
    assert found["02.2001"] == pytest.approx(1.5, abs=0.1)
    # Zero is a value.
    assert found["02.2002"] == pytest.approx(0, abs=0.1)
    # One kilometre on foot at 4 km/h, then 3 km by car.
    assert found["01.2003"] == pytest.approx(15 + 4.5, abs=0.1)


def test_too_far_from_any_road_is_said_and_no_number(southern_road, change_table):
    change_table("roads/speeds.toml", "village_reach_m = 3000", "village_reach_m = 1200")
    report = compute()
    found = minutes()
    assert found["01.2003"] == pytest.approx(19.5, abs=0.1)
    assert found["03.2001"] == "unreachable"
    assert found["04.1005"] == "missing"
    far = {code for code, _name, _metres in report.run.findings["too_far"]}
    assert far == {f"99.01.0{d}.200{v}" for d in (3, 4) for v in (1, 2, 3, 4)}


def test_all_that_is_computed_is_an_estimate_and_names_its_method(southern_road):
    compute()
    one = Observation.objects.filter(indicator__code=HEALTH, value__isnull=False)[0]
    assert one.status == "estimated"
    assert "Dijkstra" in one.source.title and "2026-11-22" in one.source.title
    assert not one.source.is_demo
    assert one.source.entered_by == "compute_travel_times"


def test_what_follows_from_inventions_is_marked_as_invented(travel_kotak):
    invented = make_source(is_demo=True)
    good_road("001", (0, 500), (4000, 500))
    village = travel_kotak.village("99.01.02.2002")
    make_place("puskesmas", 3500, 500, village, source=invented)
    assert compute().run.is_demo
    assert Observation.objects.filter(indicator__code=HEALTH)[0].source == invented
    assert Source.objects.filter(is_demo=True).count() == 1


def test_a_district_has_the_mean_by_inhabitants(southern_road):
    observe(find_indicator("population"), "2020", {"01.2001": 100, "01.2002": 300})
    report = compute()
    figure = read_figure(
        indicator=find_indicator(HEALTH),
        period=report.run.period,
        area=southern_road.districts[0],
    )
    # (100 × 4.5 + 300 × 3.0) ÷ 400; two villages have no number of inhabitants.
    assert figure.value == pytest.approx(3.375, abs=0.1)
    assert (figure.reported, figure.expected) == (2, 4)


def test_a_named_point_and_what_lies_beyond_it(southern_road):
    compute()
    found = minutes("minutes_to_city")
    assert found["02.2002"] == pytest.approx(10, abs=0.1)
    assert found["01.2001"] == pytest.approx(10 + 4.5, abs=0.1)


def test_to_the_office_of_the_own_district_not_the_nearest(southern_road):
    report = compute()
    found = minutes("minutes_to_district_office")
    # 02.2001 lies 1 km from both offices; its own is in 02.2002.
    assert found["02.2001"] == pytest.approx(1.5, abs=0.1)
    assert found["01.2002"] == pytest.approx(0, abs=0.1)
    assert found["01.2001"] == pytest.approx(1.5, abs=0.1)
    assert found["03.2001"] == "missing"
    assert report.run.findings["seatless"] == ["99.01.03", "99.01.04"]


def test_a_destination_that_does_not_exist_is_no_figure(southern_road):
    report = compute()
    assert minutes("minutes_to_hospital") == {}
    assert "minutes_to_hospital" in report.run.findings["skipped"]
    assert "minutes_to_port" in report.run.findings["skipped"]


def test_the_nearest_of_several(southern_road):
    make_place("puskesmas", 500, 500, southern_road.village("99.01.01.2001"))
    compute()
    found = minutes()
    assert found["01.2001"] == pytest.approx(0, abs=0.1)
    assert found["01.2002"] == pytest.approx(1.5, abs=0.1)


def test_a_closed_place_is_no_destination(southern_road):
    village = southern_road.village("99.01.01.2001")
    make_place("puskesmas", 500, 500, village, closed_on="2020-01-01")
    compute()
    assert minutes()["01.2001"] == pytest.approx(4.5, abs=0.1)


def test_a_place_of_which_only_the_village_is_known_stands_in_its_middle(travel_kotak):
    good_road("001", (0, 500), (4000, 500))
    place = make_place("puskesmas", 0, 0, travel_kotak.village("99.01.01.2001"))
    place.point, place.precision = None, "village_only"
    place.save()
    compute()
    assert minutes()["01.2001"] == pytest.approx(0, abs=0.1)
    assert minutes()["01.2002"] == pytest.approx(1.5, abs=0.1)


# --- boats ------------------------------------------------------------------------------------


def two_shores(kotak):
    """A road in the south, one in the far north, 2 km of water between them."""
    good_road("001", (0, 500), (4000, 500))
    good_road("002", (0, 3500), (4000, 3500))
    make_place("puskesmas", 500, 500, kotak.village("99.01.01.2001"))


def near_roads(change_table):
    change_table("roads/speeds.toml", "village_reach_m = 3000", "village_reach_m = 400")


def test_without_a_boat_the_other_shore_is_out_of_reach(travel_kotak, change_table):
    near_roads(change_table)
    two_shores(travel_kotak)
    report = compute()
    assert minutes()["03.2003"] == "unreachable"
    assert ["99.01.03.2003", "Ubin 33"] in report.run.findings["unconnected"]


def test_a_boat_takes_its_minutes_and_one_waits_for_it(travel_kotak, change_table):
    near_roads(change_table)
    two_shores(travel_kotak)
    make_crossing("B1", (500, 500), (500, 3500), minutes=20, waiting_minutes=7)
    compute()
    assert minutes()["03.2003"] == pytest.approx(27, abs=0.1)
    # One kilometre of road on the far shore.
    assert minutes()["03.2004"] == pytest.approx(28.5, abs=0.1)


def test_a_boat_without_minutes_goes_as_fast_as_boats_do(travel_kotak, change_table):
    near_roads(change_table)
    two_shores(travel_kotak)
    make_crossing("B1", (500, 500), (500, 3500), minutes=None)
    compute()
    # 3 km at 25 km/h.
    assert minutes()["03.2003"] == pytest.approx(7.2, abs=0.1)


def test_a_boat_that_rests_in_the_rain(travel_kotak, change_table):
    near_roads(change_table)
    two_shores(travel_kotak)
    make_crossing("B1", (500, 500), (500, 3500), seasons=["dry"])
    compute()
    assert minutes()["03.2003"] == pytest.approx(20, abs=0.1)
    assert minutes("minutes_to_health_centre_wet")["03.2003"] == "unreachable"


def test_a_short_boat_does_not_shrink_to_a_point(travel_kotak, change_table):
    """A canal narrower than the distance at which a jetty belongs to a road."""
    near_roads(change_table)
    good_road("001", (0, 500), (4000, 500))
    good_road("002", (0, 560), (900, 560), (900, 1400), (4000, 1400))
    make_place("puskesmas", 1500, 500, travel_kotak.village("99.01.01.2002"))
    make_crossing("B1", (900, 500), (900, 560), minutes=5)
    compute()
    # 1400 – on foot 100 m (1.5), 1 440 m of road to the canal, 5 minutes, 600 m to the puskesmas.
    expected = 1.5 + (600 + 840) * 0.0015 + 5 + 600 * 0.0015
    assert minutes()["01.2004"] == pytest.approx(expected, abs=0.2)


def test_a_boat_for_persons_takes_no_truck(travel_kotak, change_table):
    near_roads(change_table)
    change_table(
        "travel/destinations.toml",
        'points = "port"\nvehicles = ["truck"]',
        'points = "city"\nvehicles = ["truck"]',
    )
    two_shores(travel_kotak)
    link = make_crossing("B1", (500, 500), (500, 3500))
    compute()
    assert minutes("minutes_to_port_truck")["03.2003"] == "unreachable"
    link.vehicles = ["truck", "boat"]
    link.save()
    compute()
    assert minutes("minutes_to_port_truck")["03.2003"] > 20


# --- what changes, and what does not --------------------------------------------------------


def test_computing_again_changes_nothing(southern_road):
    compute()
    before = TravelRun.objects.get().inputs
    again = compute()
    assert (again.published.new, again.published.changed) == (0, 0)
    assert TravelRun.objects.get().inputs == before


def test_only_the_season_asked_for(southern_road):
    compute(seasons=["wet"])
    assert minutes() == {}
    assert minutes("minutes_to_health_centre_wet")["02.2002"] == pytest.approx(0, abs=0.1)
    assert "ambulance_access_dry" not in TravelRun.objects.get().findings
    assert minutes("ambulance_access_dry") == {}


def test_without_roads_the_sentence_says_what_to_do(travel_kotak):
    with pytest.raises(NoRoads, match="import_roads"):
        compute()


def test_a_faulty_table_stops_everything_and_lists_every_fault(southern_road, change_table):
    change_table("roads/speeds.toml", "walking_kmh = 4", "walking_kmh = 0")
    change_table("travel/destinations.toml", 'season = "dry"', 'season = "summer"')
    with pytest.raises(BadTable) as caught:
        compute()
    said = str(caught.value)
    assert "roads/speeds.toml, network.walking_kmh" in said
    assert "targets.minutes_to_hospital.season" in said
    assert not Observation.objects.filter(indicator__code=HEALTH).exists()


def test_a_target_that_no_sector_declares_is_refused(southern_road, change_table):
    change_table("travel/destinations.toml", "[targets.minutes_to_airport]", "[targets.to_moon]")
    with pytest.raises(BadTable, match="from_travel"):
        compute()
