"""What the network is like, in sentences; and what the command says of it."""

import io

import pytest
from django.core.management import CommandError, call_command

from geo.indicators.models import Observation
from geo.roads.models import RoadSurvey
from geo.travel import rules
from geo.travel.models import TravelRun
from tests.roads.world import line, make_road, make_survey
from tests.travel.world import compute, good_road, make_place


@pytest.fixture
def placed(travel_kotak):
    make_place("puskesmas", 500, 500, travel_kotak.village("99.01.01.2001"))
    return travel_kotak


def sentences():
    return [remark.text for remark in rules.remarks(compute().run.findings)]


def said(*words):
    return [text for text in sentences() if all(word in text for word in words)]


def test_a_network_in_pieces_names_the_roads_that_are_apart(placed):
    good_road("001", (0, 500), (4000, 500))
    good_road("002", (0, 3500), (1000, 3500))
    report = compute()
    assert [piece["roads"] for piece in report.run.findings["pieces"]] == [["001"], ["002"]]
    assert said("1.0 km of road (002) are not joined")
    text = rules.summary(report.run.findings)
    assert "2 roads of 5.0 km make 2 separate networks" in text
    assert "80 %" in text
    assert "4 ends lead nowhere" in text


def test_a_road_without_length_is_left_out_with_a_sentence(placed):
    good_road("001", (0, 500), (4000, 500))
    make_road("002", None, line=line((500, 800), (500, 800)), line_length_m=1)
    assert said("The line of road 002 has no length")


def test_a_road_without_a_line_is_counted(placed):
    good_road("001", (0, 500), (4000, 500))
    make_road("002", None)
    assert said("1 road has no line yet")


def test_a_road_without_surface_says_what_is_taken(placed):
    good_road("001", (0, 500), (4000, 500))
    make_road("003", ((0, 700), (2000, 700)))
    (text,) = said("Nobody has surveyed the surface of road 003")
    assert "gravel, fair" in text


def test_gaps_are_closed_or_pointed_out(placed):
    good_road("001", (0, 500), (4000, 500))
    good_road("002", (1500, 515), (1500, 900))
    good_road("003", (2500, 545), (2500, 900))
    assert said("Road 002 was joined to road 001 over a gap of 15.0 m")
    assert said("An end of road 003 stops 45.0 m short of road 001", "up to 20 m")


def test_a_village_far_from_any_road_has_a_sentence(placed, change_table):
    change_table("roads/speeds.toml", "village_reach_m = 3000", "village_reach_m = 1200")
    good_road("001", (0, 500), (4000, 500))
    (text,) = said("99.01.03.2003")
    assert "lies 3.0 km from the nearest road" in text and "up to 1.2 km" in text


def test_a_named_point_in_an_unknown_village_has_a_sentence(placed, change_table):
    change_table("travel/destinations.toml", '"99.01.02.2002", minutes', '"99.01.02.2009", minutes')
    good_road("001", (0, 500), (4000, 500))
    assert said("The point “city”", "99.01.02.2009")


def test_the_newest_survey_counts(placed):
    road = good_road("001", (0, 500), (4000, 500))
    make_survey(road, 2010, conditions=(0, 0, 0, 4000), width_m=1)
    assert RoadSurvey.objects.count() == 2
    assert compute().outcomes["dry"]["blocked"] == 0


# --- the command ------------------------------------------------------------------------------


def run(**options):
    output = io.StringIO()
    call_command("compute_travel_times", stdout=output, **options)
    return output.getvalue()


def test_the_command_says_what_it_found_and_did(placed, change_table):
    change_table("roads/speeds.toml", "village_reach_m = 3000", "village_reach_m = 1200")
    good_road("001", (0, 500), (4000, 500))
    text = run()
    assert "1 roads of 4.0 km make 1 separate networks" in text
    assert "Ambulance, wet: reached 8" in text
    assert TravelRun.objects.count() == 1
    assert "Figures: 0 new, 0 changed" in run()


def test_a_trial_run_writes_nothing(placed):
    good_road("001", (0, 500), (4000, 500))
    assert "nothing was written" in run(dry_run=True)
    assert not TravelRun.objects.exists()
    assert not Observation.objects.exists()


def test_without_roads_the_command_ends_with_a_sentence(placed):
    with pytest.raises(CommandError, match="import_roads"):
        run()
