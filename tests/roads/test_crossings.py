"""Boat links: what the database refuses, and what an import says of bad rows."""

import io

import pytest
from django.contrib.gis.geos import LineString
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from geo.lib.travel_speeds import SEASONS, VEHICLES
from geo.roads.models import Crossing, Season, Vehicle
from tests.indicators.world import make_source
from tests.roads.world import write_geojson

HEAD = "kode;nama;from_lon;from_lat;to_lon;to_lat;menit;waktu_tunggu;kendaraan;musim\n"
GOOD = "B1;Dermaga A – B;104,7361;-2,5301;104,7421;-2,5212;12;5;orang, sepeda motor;kemarau\n"


def run(path, **options):
    output = io.StringIO()
    try:
        call_command("import_crossings", path, stdout=output, **options)
    except CommandError as error:
        return output.getvalue() + str(error)
    return output.getvalue()


@pytest.fixture
def table(tmp_path, roads_kotak):
    def write(text):
        path = tmp_path / "penyeberangan.csv"
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return write


def make(**changed):
    given = {
        "code": "B1",
        "name": "Perahu",
        "line": LineString((104.73, -2.53), (104.74, -2.52), srid=4326),
        "vehicles": ["boat"],
        "seasons": ["dry"],
        "source": make_source(),
    }
    return Crossing.objects.create(**given | changed)


def test_words_are_those_of_the_table_of_speeds():
    assert tuple(Vehicle.values) == VEHICLES
    assert tuple(Season.values) == SEASONS


@pytest.mark.parametrize(
    "changed",
    [
        {"minutes": 5, "speed_kmh": 5},
        {"minutes": 0},
        {"waiting_minutes": -1},
        {"vehicles": []},
        {"vehicles": ["bicycle"]},
        {"seasons": ["snow"]},
        {"line": LineString((2, 48), (3, 49), srid=4326)},
    ],
)
def test_the_database_refuses_what_cannot_be(db, changed):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**changed)


def test_a_code_stands_once_at_present(db):
    make(valid_to="2020-01-01")
    make()
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_a_table_is_read(table):
    assert "1 new" in run(table(GOOD)) or "1 baru" in run(table(GOOD))
    link = Crossing.objects.get()
    assert (link.code, link.minutes, link.waiting_minutes) == ("B1", 12, 5)
    assert (link.vehicles, link.seasons) == (["boat", "motorcycle"], ["dry"])
    assert link.line.coords[0] == pytest.approx((104.7361, -2.5301))


def test_the_same_file_again_changes_nothing(table):
    run(table(GOOD))
    before = Crossing.objects.values_list("pk", "source").get()
    run(table(GOOD))
    assert Crossing.objects.values_list("pk", "source").get() == before
    run(table(GOOD.replace(";12;", ";15;")))
    assert Crossing.objects.get().minutes == 15


def test_empty_cells_mean_persons_in_all_seasons(table):
    run(table("B2;;104,73;-2,53;104,74;-2,52;;;;\n"))
    link = Crossing.objects.get()
    assert (link.minutes, link.waiting_minutes, link.vehicles) == (None, 0, ["boat"])
    assert link.seasons == ["dry", "wet"]
    assert link.name == "B2"


@pytest.mark.parametrize(
    ("before", "after", "column"),
    [
        ("B1;", "B 1/2;", "code"),
        ("104,7361", "", "from_lon"),
        ("104,7361;-2,5301", "-2,5301;104,7361", "geometry"),
        ("104,7361;-2,5301", "104,7421;-2,5212", "geometry"),
        (";12;", ";cepat;", "minutes"),
        (";12;", ";0;", "minutes"),
        ("orang", "kuda", "vehicles"),
        ("kemarau", "salju", "seasons"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(table, before, after, column):
    said = run(table(GOOD.replace(before, after)))
    assert f", {column}]" in said
    assert not Crossing.objects.exists()


def test_all_bad_rows_come_at_once(table):
    said = run(table(GOOD + GOOD + GOOD.replace("B1", "B2").replace("orang", "kuda")))
    assert ", code]" in said and ", vehicles]" in said
    assert not Crossing.objects.exists()


def test_a_missing_column_is_named_with_its_other_names(tmp_path, roads_kotak):
    path = tmp_path / "x.csv"
    path.write_text("kode;nama\nB1;A\n")
    said = run(path)
    assert "from_lon" in said and "bujur awal" in said


def test_a_trial_run_writes_nothing(table):
    run(table(GOOD), dry_run=True)
    assert not Crossing.objects.exists()


def test_a_file_of_lines_is_read(tmp_path, roads_kotak):
    feature = {
        "type": "Feature",
        "properties": {"code": "F1", "name": "Feri", "speed_kmh": 12, "vehicles": "car,ambulance"},
        "geometry": {
            "type": "LineString",
            "coordinates": [[104.73, -2.53], [104.735, -2.526], [104.74, -2.52]],
        },
    }
    run(write_geojson(tmp_path / "feri.geojson", feature))
    link = Crossing.objects.get()
    assert (link.speed_kmh, link.vehicles, len(link.line)) == (12, ["car", "ambulance"], 3)


def test_real_links_take_the_place_of_invented_ones(table):
    make(code="D1", source=make_source(is_demo=True))
    run(table(GOOD))
    assert Crossing.objects.get().code == "B1"


def test_a_file_that_is_not_there_is_said(tmp_path, db):
    assert "x.csv" in run(tmp_path / "x.csv")
