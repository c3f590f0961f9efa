import zipfile

import geopandas
import pytest
from django.core.management import CommandError, call_command
from shapely.geometry import LineString

from geo.roads.batch.lines import LinesRequest, import_lines
from geo.roads.batch.reports import Origin
from geo.roads.models import Road, RoadPart
from tests.factories import SOUTH_M, WEST_M
from tests.roads.world import REGENCY, feature, write_geojson


def load(path, **more):
    origin = Origin(path, entered_by="test", accept_warnings=more.pop("accept", ""))
    return import_lines(LinesRequest(origin, REGENCY, **more))


def sentences(report):
    return [(issue.row, issue.severity, issue.message) for issue in report.issues]


def test_lines_are_taken_up_and_the_same_again_changes_nothing(roads_kotak, tmp_path):
    path = write_geojson(tmp_path / "r.geojson", feature(panjang_km=2.0, sk="SK 1/2024"))
    report = load(path)
    assert (report.new, report.issues) == (1, [])
    road = Road.objects.get()
    assert (road.number, road.authority, road.length_m, road.decree) == (
        "001",
        "kabupaten",
        2000,
        "SK 1/2024",
    )
    # UTM shrinks by 0.04 % near its central meridian.
    assert road.line_length_m == pytest.approx(2000.8, abs=0.3)
    assert RoadPart.objects.count() == 2
    again = load(path)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


def test_names_of_the_feature_catalogue_are_known(roads_kotak, tmp_path):
    one = feature()
    one["properties"] = {
        "NO_RUAS": "7",
        "NAMRJL": "Jalan Tujuh",
        "AUTRJL": "Provinsi",
        "KONRJL": "Baik",
    }
    report = load(write_geojson(tmp_path / "r.geojson", one))
    road = Road.objects.get()
    assert (road.number, road.name, road.authority) == ("7", "Jalan Tujuh", "provinsi")
    assert "dated surveys" in report.issues[0].message
    assert report.issues[0].severity == "notice"


@pytest.mark.parametrize("suffix", [".gpkg", ".zip"])
def test_other_formats_crs_and_heights(roads_kotak, tmp_path, suffix):
    shape = LineString([(WEST_M, SOUTH_M + 500, 7), (WEST_M + 2000, SOUTH_M + 500, 9)])
    frame = geopandas.GeoDataFrame(
        {"no_ruas": ["001"], "nama": ["Satu"], "status": ["kabupaten"]},
        geometry=[shape],
        crs=32748,
    )
    if suffix == ".gpkg":
        path = tmp_path / "r.gpkg"
        frame.to_file(path)
    else:
        frame.to_file(tmp_path / "r.shp")
        path = tmp_path / "r.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for part in tmp_path.glob("r.*"):
                if part.suffix != ".zip":
                    archive.write(part, f"jalan/{part.name}")
    assert load(path).new == 1
    road = Road.objects.get()
    assert not road.line.hasz
    assert [part.share for part in RoadPart.objects.all()] == pytest.approx([0.5, 0.5], abs=1e-3)


def test_everything_wrong_is_said_at_once_and_nothing_written(roads_kotak, tmp_path):
    path = write_geojson(
        tmp_path / "r.geojson",
        feature("001"),
        feature("001", ((0, 100), (500, 100))),
        feature("002", ((100, 100), (100, 100))),
        feature("003", ((9000, 500), (9500, 500))),
        feature("004", kewenangan="Camat"),
        feature("", nama_ruas=""),
        feature("006", panjang_km=0),
        feature("a/b"),
    )
    report = load(path)
    said = " ".join(message for _row, _severity, message in sentences(report))
    assert "The number 001 stands in rows 1, 2." in said
    assert "The line of road 002 is 0 m long" in said
    assert "road 003 lies wholly outside the regency 99.01" in said
    assert "“Camat” is not an authority. Known are: nasional, provinsi, kabupaten, desa." in said
    assert "every ruas has one" in said
    assert "A road of 0 m cannot be" in said
    assert "letters, digits, points, hyphens" in said
    assert not report.written and not Road.objects.exists()


def test_a_line_elsewhere_on_earth_is_refused(roads_kotak, tmp_path):
    one = feature()
    one["geometry"]["coordinates"] = [[lat, lon] for lon, lat in one["geometry"]["coordinates"]]
    (issue,) = load(write_geojson(tmp_path / "r.geojson", one)).issues
    assert "longitude and latitude may be swapped" in issue.message


def test_a_length_five_per_cent_off_is_a_warning_that_must_be_accepted(roads_kotak, tmp_path):
    path = write_geojson(tmp_path / "r.geojson", feature(panjang_km=2.2))
    report = load(path)
    assert [issue.severity for issue in report.issues] == ["warning"]
    assert "stated are 2.200 km" in report.issues[0].message.replace(",", ".")
    assert not report.written
    assert load(path, accept="memang begitu").new == 1
    assert "memang begitu" in Road.objects.get().source.title
    near = write_geojson(tmp_path / "n.geojson", feature("002", panjang_km=2.09))
    assert load(near).issues == []


def test_partly_outside_is_a_warning(roads_kotak, tmp_path):
    path = write_geojson(tmp_path / "r.geojson", feature(points=((3000, 500), (5000, 500))))
    (issue,) = load(path).issues
    assert issue.severity == "warning" and "outside the regency" in issue.message


def test_pieces_are_joined_only_on_request(roads_kotak, tmp_path):
    path = write_geojson(
        tmp_path / "r.geojson", feature(), feature(points=((2000, 500), (3000, 500)))
    )
    assert not load(path).written
    assert load(path, join_pieces=True).new == 1
    assert Road.objects.get().line_length_m == pytest.approx(3001.2, abs=0.4)


def test_a_file_without_crs_or_attributes_is_refused(roads_kotak, tmp_path):
    shape = LineString([(WEST_M, SOUTH_M + 500), (WEST_M + 2000, SOUTH_M + 500)])
    geopandas.GeoDataFrame(
        {"no_ruas": ["1"], "nama": ["Satu"]}, geometry=[shape], crs=32748
    ).to_file(tmp_path / "r.shp")
    (tmp_path / "r.prj").unlink()
    (issue,) = load(tmp_path / "r.shp").issues
    assert "coordinate reference system" in issue.message
    (tmp_path / "r.dbf").unlink()
    assert any(".dbf" in issue.message for issue in load(tmp_path / "r.shp").issues)


def test_without_a_column_of_authority_it_must_be_given(roads_kotak, tmp_path):
    one = feature()
    del one["properties"]["kewenangan"]
    path = write_geojson(tmp_path / "r.geojson", one)
    (issue,) = load(path).issues
    assert "--authority" in issue.message
    assert load(path, authority="desa").new == 1


def test_command_lists_and_refuses(roads_kotak, tmp_path, capsys):
    path = write_geojson(tmp_path / "r.geojson", feature(panjang_km=0))
    with pytest.raises(CommandError):
        call_command("import_roads", path)
    assert "0 m" in capsys.readouterr().out
    good = write_geojson(tmp_path / "g.geojson", feature())
    call_command("import_roads", good, dry_run=True)
    assert not Road.objects.exists()
    call_command("import_roads", good)
    call_command("import_roads", refresh=True)
    assert Road.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("import_roads", tmp_path / "none.geojson")
