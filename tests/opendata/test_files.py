"""Files that leave the site: opened by other programs, they say what the interface says."""

import csv
import io
import json
import subprocess
import sys
import time
import zipfile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from geo.areas.models import Area
from geo.indicators.models import Indicator, Source
from tests.history import history_forgotten
from tests.indicators.world import make_indicator, make_source, observe

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOSTILE = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def measured(people):
    """The sector ``test``: people (2 years), homes of districts, a withheld count."""
    observe(people, "2023", {"01.2001": 3})
    homes = make_indicator("homes", unit="household", level="district", roll_up="none")
    area = Area.objects.get(code="99.01.01")
    source = make_source(title="Dinas", licence="CC-BY-4.0", verified_by="Kepala Dinas")
    homes.observations.create(area=area, period="2024", value=9.5, status="verified", source=source)
    poor = make_indicator("poor", sensitive=True)
    observe(poor, "2024", {"01.2001": 3, "01.2002": 30, "01.2003": 40})
    return people


def get(client, path, **query):
    answer = client.get(f"/api/v1{path}", query)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content), answer


def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(sheet):
    header, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [dict(zip(header, row, strict=True)) for row in rows]


def gpkg(content, tmp_path, layer):
    """Read one layer in a process of its own: the tests' process has no GDAL either."""
    file = tmp_path / "opened.gpkg"
    file.write_bytes(content)
    program = (
        "import sys, json, pyogrio, pyogrio.raw\n"
        "path, layer = sys.argv[1:]\n"
        "info = pyogrio.read_info(path, layer=layer)\n"
        "meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer)\n"
        "clean = lambda v: None if v is None or v != v else getattr(v, 'item', lambda: v)()\n"
        "rows = [dict(zip(meta['fields'], map(clean, row))) for row in zip(*columns)]\n"
        "for row, wkb in zip(rows, shapes if shapes is not None else []):\n"
        "    row['geometry'] = None if wkb is None else wkb[1]\n"
        "print(json.dumps({'layers': pyogrio.list_layers(path)[:, 0].tolist(), 'rows': rows,\n"
        "                  'crs': info['crs'], 'dataset': info['dataset_metadata']}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file), layer], capture_output=True, check=True
    )
    return json.loads(done.stdout)


def api_values(ask, **query):
    content = ask("/values", **query)[1]
    kept = zip(content["codes"], content["values"], content["statuses"], strict=True)
    return {code: (value, status) for code, value, status in kept}


# --- what is seen -----------------------------------------------------------


def test_workbook_holds_what_the_interface_says_typed(measured, client, ask):
    content, answer = get(client, "/values.xlsx", indicator="people", period="2024")
    assert answer["Content-Type"] == XLSX
    assert 'filename="people_2024_village_99.01.xlsx"' in answer["Content-Disposition"]
    opened = book(content)
    assert opened.sheetnames == ["Angka", "Keterangan"]
    rows = rows_of(opened["Angka"])
    found = {row["code"]: (row["value"], row["status"]) for row in rows}
    assert found == api_values(ask, indicator="people", period="2024")
    assert len(rows) == 17
    assert all(isinstance(row["code"], str) and isinstance(row["period"], str) for row in rows)
    assert found["99.01.01.2001"] == (0, "verified")  # zero is a value
    assert found["99.01.01.2004"] == (None, "missing")  # none is an empty cell, not a text
    sheet = opened["Angka"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:L18")
    assert sheet.column_dimensions["C"].width > 20


def test_workbook_is_read_by_another_reader_too(measured, client):
    content, _ = get(client, "/values.xlsx", indicator="people", period="2024")
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Angka")
    rows = table.to_python()
    assert rows[1][:3] == ["99.01.01.2001", "", "Ubin 11"]
    assert rows[3][6] == 12.5


def test_sheet_of_explanations_says_everything_in_both_languages(measured, client):
    with history_forgotten():
        Source.objects.filter(title="Register 2024").update(licence="CC0-1.0", is_demo=True)
    content, _ = get(client, "/values.xlsx", indicator="people", period="2024", per="2026-11-22")
    rows = rows_of(book(content)["Keterangan"])
    said = {(row["topic"].split(" / ")[1], row["name"]): (row["id"], row["en"]) for row in rows}
    assert said["Contents", "people"] == ("Penduduk", "Population")
    assert said["Definition", "people"] == ("Uji.", "Test.")
    assert said["Unit", "people"] == ("jiwa", "persons")
    assert said["Rolled up", "people"][1] == "sum of the areas below"
    assert said["Coverage in the latest period", "people"][0] == "4/17"
    assert said["Filter", "per"][0] == "2026-11-22"
    assert said["Licence", "Register 2024 (DATA CONTOH)"][0] == "CC0-1.0"
    assert ("Sample data", "") in said
    assert {name for topic, name in said if topic == "Status"} >= {"suppressed", "missing"}
    assert len([1 for topic, _ in said if topic == "Column"]) == 12
    assert ("Made on", "") in said


def test_hostile_names_stay_texts(measured, client, tmp_path):
    Area.objects.filter(code="99.01.01.2001").update(name=HOSTILE)
    Area.objects.filter(code="99.01.01.2002").update(name="<script>alert(1)</script>")
    Area.objects.filter(code="99.01.01.2003").update(name="@SUM(A1)" + "x" * 80)
    content, _ = get(client, "/values.xlsx", indicator="people", parent="99.01.01")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        styles = parts.read("xl/styles.xml").decode()
        assert not any("externalLink" in name or "hyperlink" in name for name in parts.namelist())
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert 'quotePrefix="1"' in styles
    cells = {row["code"]: row["name"] for row in rows_of(book(content)["Angka"])}
    assert cells["99.01.01.2001"] == HOSTILE
    assert cells["99.01.01.2002"] == "<script>alert(1)</script>"
    content, _ = get(client, "/values.gpkg", indicator="people", parent="99.01.01")
    assert gpkg(content, tmp_path, "angka")["rows"][0]["name"] == HOSTILE


def test_geopackage_holds_boundaries_figures_and_their_explanation(measured, client, ask, tmp_path):
    content, answer = get(client, "/values.gpkg", indicator="people", period="2024")
    assert answer["Content-Type"] == "application/geopackage+sqlite3"
    drawn = gpkg(content, tmp_path, "wilayah")
    assert sorted(drawn["layers"]) == ["angka", "keterangan", "wilayah"]
    assert drawn["crs"] == "EPSG:4326"
    assert drawn["dataset"]["TITLE"] == "Penduduk"
    found = {row["code"]: (row["people"], row["people_status"]) for row in drawn["rows"]}
    assert found == api_values(ask, indicator="people", period="2024")
    shapes = {row["code"]: row["geometry"] for row in drawn["rows"]}
    assert shapes["99.01.01.2001"] == 6  # WKB: MultiPolygon
    assert shapes["99.01.04.1005"] is None  # no boundary, and yet in the file
    explained = gpkg(content, tmp_path, "keterangan")
    assert "geometry" not in explained["rows"][0]
    assert {"id": "Uji.", "en": "Test."}.items() <= next(
        row for row in explained["rows"] if row["topic"].endswith("Definition")
    ).items()


def test_csv_and_geojson_point_to_their_description(measured, client):
    for kind in ("csv", "geojson"):
        answer = client.get(f"/api/v1/values.{kind}", {"indicator": "people", "period": "2024"})
        link = answer["Link"]
        assert 'rel="describedby"' in link
        address = link[1 : link.index(">")]
        assert address == "/api/v1/values.meta.json?indicator=people&period=2024"
        described = json.loads(b"".join(client.get(address).streaming_content))
        assert described["filters"]["period"] == "2024"
        assert described["indicators"][0]["name"] == {"id": "Penduduk", "en": "Population"}
        assert described["indicators"][0]["coverage"] == {"reported": 4, "expected": 17}
        assert described["sources"][0]["title"] == "Register 2024"


# --- a whole sector ---------------------------------------------------------


def expected_rows(ask, level="village"):
    wanted = [("people", "2023"), ("people", "2024"), ("poor", "2024")]
    return {
        (indicator, period, code): value
        for indicator, period in wanted
        for code, value in api_values(ask, indicator=indicator, period=period, level=level).items()
    }


def test_sector_workbook_holds_every_indicator_and_period(measured, client, ask):
    content, answer = get(client, "/sectors/test.xlsx")
    assert 'filename="test_village.xlsx"' in answer["Content-Disposition"]
    rows = rows_of(book(content)["Angka"])
    found = {
        (r["indicator"], r["period"], r["code"]): (r["value"], r["status"])
        for r in rows
        if r["indicator"] != "homes"
    }
    assert found == expected_rows(ask)
    # What is reported of districts only is given for districts.
    homes = {r["code"]: r["value"] for r in rows if r["indicator"] == "homes"}
    assert homes["99.01.01"] == 9.5
    assert set(homes) == {"99.01.01", "99.01.02", "99.01.03", "99.01.04"}


def test_sector_level(measured, client, ask):
    content, _ = get(client, "/sectors/test.xlsx", level="district")
    rows = rows_of(book(content)["Angka"])
    assert {row["code"] for row in rows} == {f"99.01.0{n}" for n in range(1, 5)}
    found = {
        (r["indicator"], r["period"], r["code"]): (r["value"], r["status"])
        for r in rows
        if r["indicator"] != "homes"
    }
    assert found == expected_rows(ask, "district")


def test_same_figures_are_the_same_bytes_whenever_the_zip_is_built(
    measured, client, settings, tmp_path, monkeypatch
):
    built = []
    for year in (2026, 2031):
        settings.VAR_DIR = tmp_path / str(year)
        moment = time.struct_time((year, 3, 1, 8, 0, 0, 0, 60, 0))
        monkeypatch.setattr(zipfile.time, "localtime", lambda *_, moment=moment: moment)
        built.append(get(client, "/sectors/test.csv")[0])
    assert built[0] == built[1]


def test_sector_csv_is_a_zip_with_its_description(measured, client):
    content, answer = get(client, "/sectors/test.csv")
    assert answer["Content-Type"] == "application/zip"
    assert 'filename="test_village.zip"' in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        assert folder.namelist() == ["test_village.csv", "README.txt"]
        text = folder.read("test_village.csv").decode()
        about = folder.read("README.txt").decode()
    assert text.startswith("\ufeffcode;bps_code;")
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == 3 * 17 + 4
    assert {row["value"] for row in rows if row["indicator"] == "homes"} == {"9,5", ""}
    for words in ("Penduduk", "Population", "CC-BY-4.0", "Kepala Dinas"):
        assert words in about


def test_sector_geojson_and_geopackage(measured, client, ask, tmp_path):
    content, _ = get(client, "/sectors/test.geojson")
    features = {f["id"]: f for f in json.loads(content)["features"]}
    assert len(features) == 17
    one = features["99.01.01.2001"]
    assert (one["properties"]["people_2023"], one["properties"]["people_2024"]) == (3, 0)
    assert one["properties"]["people_2024_status"] == "verified"
    assert one["geometry"]["type"] == "MultiPolygon"
    assert features["99.01.04.1005"]["geometry"] is None
    packed, _ = get(client, "/sectors/test.gpkg")
    table = gpkg(packed, tmp_path, "angka")["rows"]
    found = {
        (r["indicator"], r["period"], r["code"]): (r["value"], r["status"])
        for r in table
        if r["indicator"] != "homes"
    }
    assert found == expected_rows(ask)
    newest = {row["code"]: row for row in gpkg(packed, tmp_path, "wilayah")["rows"]}
    assert newest["99.01.01.2001"]["people"] == 0  # of 2024, not 3 of 2023


@pytest.mark.parametrize("level", ["village", "district"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "geojson", "gpkg"])
def test_what_is_withheld_is_in_no_file(measured, client, ask, tmp_path, kind, level):
    """The interface withholds it; every file says exactly what the interface says."""
    said = api_values(ask, indicator="poor", period="2024", level=level)
    if level == "village":
        assert said["99.01.01.2001"] == (None, "suppressed")
    content, _ = get(client, f"/sectors/test.{kind}", level=level)
    if kind == "xlsx":
        rows = rows_of(book(content)["Angka"])
    elif kind == "csv":
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            text = folder.read(folder.namelist()[0]).decode().lstrip("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        for row in rows:
            row["value"] = float(row["value"].replace(",", ".")) if row["value"] else None
    elif kind == "gpkg":
        rows = gpkg(content, tmp_path, "angka")["rows"]
    else:
        found = {
            f["id"]: (f["properties"]["poor_2024"], f["properties"]["poor_2024_status"])
            for f in json.loads(content)["features"]
        }
        assert found == said
        return
    found = {r["code"]: (r["value"], r["status"]) for r in rows if r["indicator"] == "poor"}
    assert found == said


# --- how they are made ------------------------------------------------------


def test_unchanged_file_is_not_made_again(measured, client, monkeypatch):
    content, answer = get(client, "/sectors/test.xlsx")
    same = client.get("/api/v1/sectors/test.xlsx", headers={"If-None-Match": answer["ETag"]})
    assert same.status_code == 304

    def never(*args, **kwargs):
        raise AssertionError("made again")

    monkeypatch.setattr("geo.opendata.services.run_child", never)
    assert get(client, "/sectors/test.xlsx")[0] == content
    observe(Indicator.objects.get(code="people"), "2025", {"01.2001": 4})
    with pytest.raises(AssertionError, match="made again"):
        client.get("/api/v1/sectors/test.xlsx")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/sectors/none.xlsx", 404, ["“none”", "test"]),
        ("/sectors/test.xlsx?level=rt", 400, ["“rt”", "village"]),
        ("/sectors/test.docx", 404, ["/api/v1/sectors/test.docx"]),
        ("/values.xlsx?indicator=peeple", 404, ["“peeple”"]),
        ("/values.gpkg", 400, ["“indicator”"]),
        ("/values.gpkg?indicator=people&period=1999", 404, ["“1999”"]),
    ],
)
def test_errors_are_sentences(measured, client, path, status, words):
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status
    for word in words:
        assert word in answer.json()["detail"]


def test_head_of_a_file(measured, client):
    answer = client.head("/api/v1/sectors/test.xlsx")
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) > 5000
