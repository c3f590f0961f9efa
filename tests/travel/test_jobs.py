"""Computed anew when something changes, and not otherwise; nothing of it can be typed in."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string
from django_q.models import Schedule

from geo.indicators.models import Indicator, Observation
from geo.places.models import Place
from geo.roads.models import Crossing, Road, RoadSurvey
from geo.travel.batch.demo import load_demo, remove_demo
from geo.travel.batch.jobs import (
    refresh_if_stale,
    refresh_travel_times,
    schedule_refreshing,
)
from geo.travel.models import AmbulanceAccess, TravelRun
from tests.indicators.world import make_source
from tests.roads.world import make_road
from tests.travel.world import figures, good_road, make_crossing, make_place


@pytest.fixture
def road(travel_kotak):
    make_place("puskesmas", 3500, 500, travel_kotak.village("99.01.02.2002"))
    return good_road("001", (0, 500), (4000, 500))


def minutes():
    return figures("minutes_to_health_centre")


def test_nothing_is_done_without_roads(travel_kotak):
    assert refresh_if_stale() is None


def test_the_second_time_nothing_is_done(road):
    assert refresh_if_stale().published.new
    assert refresh_if_stale() is None
    assert refresh_travel_times() == "unchanged"


def test_a_new_survey_is_a_reason(road):
    refresh_if_stale()
    RoadSurvey.objects.filter(road=road).update(good_m=0, heavy_damage_m=4000)
    assert refresh_if_stale().published.changed
    # 3 km: by car at 10 km/h 18 minutes, by motorcycle at 16 km/h quicker.
    assert minutes()["01.2001"] == pytest.approx(11.25, abs=0.1)


def test_a_new_boat_link_or_place_is_a_reason(road, travel_kotak):
    refresh_if_stale()
    make_crossing("B1", (500, 500), (3500, 500), minutes=2)
    assert refresh_if_stale().published.changed
    assert minutes()["01.2001"] == pytest.approx(2, abs=0.1)
    make_place("puskesmas", 500, 500, travel_kotak.village("99.01.01.2001"))
    assert refresh_if_stale() is not None
    assert minutes()["01.2001"] == pytest.approx(0, abs=0.1)


def test_a_place_of_another_kind_is_none(road, travel_kotak):
    refresh_if_stale()
    make_place("posyandu", 500, 500, travel_kotak.village("99.01.01.2001"))
    assert refresh_if_stale() is None


def test_another_speed_is_a_reason(road, change_table):
    refresh_if_stale()
    change_table("roads/speeds.toml", "walking_kmh = 4", "walking_kmh = 2")
    assert refresh_if_stale() is not None


def test_the_job_worker_is_asked_once(db):
    schedule_refreshing()
    schedule_refreshing()
    asked = Schedule.objects.get(name="travel times")
    assert import_string(asked.func) is refresh_travel_times
    assert asked.minutes == 5


def test_what_is_computed_cannot_be_typed_in(road, tmp_path):
    one = Indicator.objects.get(code="minutes_to_hospital")
    assert one.is_derived
    table = tmp_path / "table.csv"
    table.write_text("code;minutes_to_hospital\n99.01.01.2001;5\n")
    with pytest.raises(CommandError):
        call_command("import_table", table, sector="access", period="2024", stdout=io.StringIO())
    assert not Observation.objects.filter(indicator=one).exists()


# --- demonstration ----------------------------------------------------------------------------


def invented_roads(kotak):
    source = make_source(is_demo=True)
    make_road("001", ((0, 500), (4000, 500)), source=source, length_m=4000, line_length_m=4000)
    make_road("002", ((0, 3500), (4000, 3500)), source=source, length_m=4000, line_length_m=4000)
    make_place("puskesmas", 500, 500, kotak.village("99.01.01.2001"), source=source)


def test_the_demonstration_joins_what_roads_leave_apart(travel_kotak, change_table):
    change_table("roads/speeds.toml", "village_reach_m = 3000", "village_reach_m = 600")
    invented_roads(travel_kotak)
    done = load_demo(seed=7)
    assert done.new
    assert "unreachable" not in minutes().values()
    links = list(Crossing.objects.values_list("code", "name"))
    again = load_demo(seed=7)
    assert (again.new, again.changed) == (0, 0)
    assert list(Crossing.objects.values_list("code", "name")) == links
    assert TravelRun.objects.get().is_demo
    assert remove_demo()
    assert not Crossing.objects.exists() and not AmbulanceAccess.objects.exists()
    assert minutes() == {}


def test_real_roads_are_left_alone(road):
    assert load_demo(seed=7).new == 0
    assert not Crossing.objects.exists()


def test_real_roads_take_the_place_of_invented_boats(travel_kotak):
    from geo.roads.services import remove_demo_roads

    invented_roads(travel_kotak)
    load_demo(seed=7)
    remove_demo_roads()
    assert not Road.objects.exists() and not Crossing.objects.exists()
    assert Place.objects.exists()
