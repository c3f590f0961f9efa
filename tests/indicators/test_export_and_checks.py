import csv
import json

import pytest
from django.core.management import CommandError, call_command

from geo.areas.models import Area
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.batch.checks import check_data
from geo.indicators.models import Indicator
from tests.indicators.test_sectors import PEOPLE, write
from tests.indicators.world import make_indicator, make_source, observe


@pytest.fixture
def people(kotak):
    people = make_indicator("people", valid_min=0, valid_max=100)
    observe(people, "2023", {"01.2001": 1})
    observe(people, "2024", {"01.2001": 1234.5, "01.2002": 0, "04.1005": 7})
    compute_breaks()
    return people


def export(tmp_path, **more):
    output = tmp_path / "out"
    asked = {"indicator": "people", "parent": "99.01", "output": output}
    call_command("export", "values", **asked | more)
    return output.read_text(encoding="utf-8")


def test_csv_has_machine_numbers_and_a_description_beside(people, tmp_path):
    Area.objects.filter(code="99.01.01.2001").update(name="=HYPERLINK(1)")
    rows = list(csv.DictReader(export(tmp_path).splitlines()))
    assert len(rows) == 17
    assert rows[0] == {
        "code": "99.01.01.2001",
        "name": "'=HYPERLINK(1)",
        "kind": "desa",
        "value": "1234.5",
        "status": "verified",
        "reported": "1",
        "expected": "1",
    }
    assert (rows[1]["value"], rows[2]["value"], rows[2]["status"]) == ("0.0", "", "missing")
    described = json.loads((tmp_path / "out.description.json").read_text())
    assert described["period"] == "2024"
    assert described["coverage"] == {"reported": 3, "expected": 17}
    assert described["sources"][0]["licence"] == "MIT"


def test_geojson_has_null_where_there_is_no_boundary(people, tmp_path):
    shapes = json.loads(export(tmp_path, format="geojson"))
    by_code = {f["id"]: f for f in shapes["features"]}
    assert by_code["99.01.04.1005"]["geometry"] is None
    assert by_code["99.01.04.1005"]["properties"]["value"] == 7
    lon, lat = by_code["99.01.01.2001"]["geometry"]["coordinates"][0][0][0]
    assert 104 < lon < 105
    assert -3 < lat < -2


def test_districts_of_an_older_period(people, tmp_path):
    text = export(tmp_path, level="district", period="2023")
    assert "99.01.01,Petak 1,kecamatan,1.0,verified,1,4" in text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"indicator": "peple"}, "people"),
        ({"period": "1999"}, "2024"),
        ({"parent": "98.01"}, "98.01"),
        ({"parent": "99.01.01", "level": "regency"}, "district, village"),
    ],
)
def test_what_is_unknown_is_refused_and_nothing_written(people, tmp_path, more, said):
    with pytest.raises(CommandError, match=said):
        export(tmp_path, **more)
    assert not list(tmp_path.iterdir())


# --- check_data ----------------------------------------------------------------


def load(tmp_path):
    from geo.indicators.services import load_sectors

    load_sectors(folder=write_sector(tmp_path))
    return Indicator.objects.get(code="people")


def write_sector(tmp_path):
    (tmp_path / "sectors").mkdir(exist_ok=True)
    return write(tmp_path / "sectors", PEOPLE)


def test_consistent(kotak, tmp_path):
    observe(load(tmp_path), "2024", {"01.2001": 1})
    compute_breaks()
    assert check_data(data_folder=tmp_path) == []


def test_everything_inconsistent_is_said(kotak, tmp_path):
    people = load(tmp_path)
    observe(people, "2024", {"01.2001": 101})
    observe(people, "2024", {"01.2002": 5}, source=make_source(is_demo=True))
    make_indicator("forgotten")
    folder = tmp_path / "boundaries"
    folder.mkdir()
    (folder / "areas.csv").write_text("code\n")
    said = check_data(data_folder=tmp_path)
    assert len(said) == 5
    for part in ("forgotten", "class breaks", "101", "mixes", "boundaries"):
        assert any(part in sentence for sentence in said), part
    (folder / "source.toml").write_text('[areas]\nlicence = "MIT"\n')
    assert len(check_data(data_folder=tmp_path)) == 4


def test_declared_but_not_loaded(kotak, tmp_path):
    write_sector(tmp_path)
    (sentence,) = check_data(data_folder=tmp_path)
    assert "load_sectors" in sentence


def test_a_weight_that_is_missing(kotak, tmp_path):
    people = load(tmp_path)
    light = make_indicator("light", roll_up="weighted_mean", weight=people)
    observe(light, "2024", {"01.2001": 1})
    compute_breaks()
    assert any("weight" in sentence for sentence in check_data(data_folder=tmp_path))


def test_the_command_fails_when_anything_is_wrong(kotak, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with pytest.raises(CommandError, match="1 fault"):
        call_command("check_data")
    load(tmp_path)
    call_command("check_data")
