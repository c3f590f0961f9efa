"""Loading Kabupaten Kotak from files: what is written, and what is refused whole."""

import datetime
import json
import math
import sqlite3

import geopandas
import pytest
import shapely
from django.core.management import CommandError, call_command

from geo.areas.batch.checks import BoundaryFaults
from geo.areas.batch.load import load_boundaries
from geo.areas.batch.sources import SourceNotFound
from geo.areas.models import Area, AreaAlias, BoundarySource, Outline
from tests.areas import files

pytestmark = pytest.mark.django_db
FIRST = "99.01.01.2001"


def load(path, **options):
    return load_boundaries(str(path), regency_code="99.01", **options)


def everything() -> list:
    """All that loading may change, times of writing included."""
    return [
        list(
            Area.objects.values_list("pk", "code", "name", "boundary", "boundary_status").order_by(
                "pk"
            )
        ),
        list(BoundarySource.objects.values().order_by("pk")),
        list(Outline.objects.values().order_by("pk")),
        list(AreaAlias.objects.values().order_by("pk")),
    ]


def refused(path, **options) -> list[str]:
    """The faults of a file, after making sure that nothing of it was kept."""
    before = everything()
    with pytest.raises(BoundaryFaults) as refusal:
        load(path, **options)
    assert everything() == before
    assert all(issue.message in str(refusal.value) for issue in refusal.value.issues)
    return [str(issue) for issue in refusal.value.issues]


def test_villages_districts_and_regency_get_their_squares(kotak_data, tmp_path):
    report = load(files.write_kotak(tmp_path / "kotak.geojson"))

    assert report.n_by_level == {"regency": 1, "district": 4, "village": 17}
    assert report.without_boundary == ["99.01.04.1005"]
    regency = Area.objects.get(code="99.01")
    assert regency.area_km2 == pytest.approx(16, rel=0.002)
    assert Area.objects.get(code="99.01.04").area_km2 == pytest.approx(4, rel=0.002)
    village = Area.objects.get(code=FIRST)
    assert village.boundary_status == "indicative"
    assert village.boundary.contains(village.interior_point)
    assert regency.boundary.num_points == 17  # nothing of the inside is left in the union


def test_loading_twice_changes_nothing_at_all(kotak_data, tmp_path):
    path = files.write_kotak(tmp_path / "kotak.geojson")
    load(path)
    before = everything()

    report = load(path)

    assert everything() == before
    assert (report.n_changed, report.n_outlines_changed, report.register.n_created) == (0, 0, 0)


def test_a_dry_run_reports_and_keeps_nothing(kotak_data, tmp_path, capsys):
    path = files.write_kotak(tmp_path / "kotak.geojson")

    call_command("load_boundaries", str(path), "--regency", "99.01", "--dry-run")

    assert "4 districts, 17 villages" in capsys.readouterr().out
    assert everything() == [[], [], [], []]


def test_a_smaller_edition_takes_boundaries_away_and_says_so(kotak_data, tmp_path):
    load(files.write_kotak(tmp_path / "kotak.geojson"))
    rings = files.tiles()
    kept = [files.feature(code, ring) for code, ring in rings.items() if code != FIRST]

    report = load(files.write_geojson(tmp_path / "fewer.geojson", kept))

    assert report.lost_boundary == [FIRST]
    assert Area.objects.get(code=FIRST).boundary is None
    assert Area.objects.get(code="99.01.01").area_km2 == pytest.approx(3, rel=0.002)


def test_what_stands_beside_the_file_is_kept_as_its_source(kotak_data, tmp_path):
    path = files.write_kotak(tmp_path / "kotak.geojson")
    (tmp_path / "kotak.source.toml").write_text(
        'title = "Kotak 2025"\npublisher = "BIG"\nlicence = "CC BY 4.0"\ndate = 2025-03-01\n'
        'status = "definitive"\n'
    )

    load(path)

    source = BoundarySource.objects.get()
    assert (source.title, source.licence) == ("Kotak 2025", "CC BY 4.0")
    assert source.published_on == datetime.date(2025, 3, 1)
    assert source.is_estimate is False
    assert Area.objects.get(code=FIRST).boundary_status == "definitive"


@pytest.mark.parametrize("name", ["kotak.gpkg", "kotak.shp", "kotak.shp.zip"])
def test_other_formats_crs_and_heights_are_read(kotak_data, tmp_path, name):
    frame = geopandas.read_file(files.write_kotak(tmp_path / "kotak.geojson"))
    frame = frame.rename(columns={"code": "KDEPUM", "name": "NAMOBJ"}).to_crs(32748)
    frame.geometry = shapely.force_3d(frame.geometry.to_numpy(), 7.5)
    frame.to_file(tmp_path / name)

    load(tmp_path / name)

    village = Area.objects.get(code=FIRST)
    assert village.boundary.hasz is False
    assert village.area_km2 == pytest.approx(1, rel=0.002)


def test_a_crs_with_heights_is_accepted(kotak_data, tmp_path):
    frame = geopandas.read_file(files.write_kotak(tmp_path / "kotak.geojson"))
    frame.geometry = shapely.force_3d(frame.geometry.to_numpy(), 7.5)
    frame.set_crs(9518, allow_override=True).to_file(tmp_path / "compound.gpkg")

    load(tmp_path / "compound.gpkg")

    assert Area.objects.get(code=FIRST).area_km2 == pytest.approx(1, rel=0.002)


def test_codes_without_dots_and_a_named_column_are_understood(kotak_data, tmp_path):
    features = [
        files.feature("x" * 14, ring, desa_id=code.replace(".", ""))
        for code, ring in files.tiles().items()
    ]
    path = files.write_geojson(tmp_path / "kotak.geojson", features)

    load(path, code_column="desa_id")

    assert Area.objects.filter(level="village", boundary__isnull=False).count() == 16


# --- refused ----------------------------------------------------------------


def test_an_invalid_ring_is_refused_with_reason_and_place(kotak_data, tmp_path):
    (ring,) = files.tiles()[FIRST]
    bow_tie = [[ring[0], ring[2], ring[1], ring[3], ring[0]]]

    faults = refused(files.write_kotak(tmp_path / "k.geojson", d1v1=bow_tie))

    assert len(faults) == 1
    assert faults[0].startswith(f"feature 1: {FIRST}: A ring is not valid: Self-intersection[104.7")


def test_a_duplicate_code_is_named_in_both_rows(kotak_data, tmp_path):
    features = [files.feature(code, ring) for code, ring in files.tiles().items()]
    features[1]["properties"]["code"] = FIRST

    faults = refused(files.write_geojson(tmp_path / "k.geojson", features))

    assert [fault.split(":")[0] for fault in faults] == ["feature 1", "feature 2"]
    assert "2 rows instead of one" in faults[0]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("99.01.01.2009", "not in the register of 99.01"),
        ("99.02.01.2001", "belongs to regency 99.02; expected is 99.01"),
        ("99.01.01", "not a village code"),
        ("", "not a village code"),
    ],
)
def test_a_code_that_does_not_belong_is_refused(kotak_data, tmp_path, code, sentence):
    features = [files.feature(code, ring) for code, ring in files.tiles().items()]
    features[2]["properties"]["code"] = code

    (fault,) = refused(files.write_geojson(tmp_path / "k.geojson", features))

    assert "feature 3" in fault
    assert sentence in fault


def test_swapped_axes_are_recognised(kotak_data, tmp_path):
    swapped = {
        code: [[[lat, lon] for lon, lat in ring] for ring in rings]
        for code, rings in files.tiles().items()
    }
    features = [files.feature(code, ring) for code, ring in swapped.items()]

    faults = refused(files.write_geojson(tmp_path / "k.geojson", features))

    assert len(faults) == 16
    assert all("axes look swapped" in fault for fault in faults)


def test_a_place_outside_indonesia_is_refused(kotak_data, tmp_path):
    ring = [[[10, 50], [10, 51], [11, 51], [10, 50]]]

    (fault,) = refused(files.write_kotak(tmp_path / "k.geojson", d1v1=ring))

    assert "outside Indonesia: longitude 10.0000…11.0000" in fault


def test_a_file_without_crs_is_refused(kotak_data, tmp_path):
    frame = geopandas.read_file(files.write_kotak(tmp_path / "kotak.geojson")).to_crs(32748)
    frame.to_file(tmp_path / "bare.shp")
    (tmp_path / "bare.prj").unlink()

    (fault,) = refused(tmp_path / "bare.shp")

    assert "does not declare a known coordinate reference system" in fault


@pytest.mark.parametrize("srs_id", [0, -1, 99999])
def test_a_geopackage_whose_crs_is_undefined_is_refused(kotak_data, tmp_path, srs_id):
    path = tmp_path / "k.gpkg"
    geopandas.read_file(files.write_kotak(tmp_path / "kotak.geojson")).to_file(path)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", (srs_id,))
        database.execute("UPDATE gpkg_contents SET srs_id = ?", (srs_id,))

    assert "does not declare a known coordinate" in refused(path)[0]


@pytest.mark.parametrize(
    "crs", [None, {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}]
)
def test_a_crs_that_nobody_knows_is_refused(kotak_data, tmp_path, crs):
    path = files.write_kotak(tmp_path / "k.geojson")
    collection = json.loads(path.read_text())
    collection["crs"] = crs
    path.write_text(json.dumps(collection))

    (fault,) = refused(path)

    assert "coordinate reference system" in fault


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (None, "empty or cannot be read"),
        ([], "empty or cannot be read"),
        ([[[104.7, -2.5], [104.8, -2.5]]], "empty or cannot be read"),
    ],
)
def test_an_empty_geometry_is_refused(kotak_data, tmp_path, shape, sentence):
    (fault,) = refused(files.write_kotak(tmp_path / "k.geojson", d1v1=shape))

    assert sentence in fault


def test_a_line_is_not_a_boundary(kotak_data, tmp_path):
    features = [files.feature(code, ring) for code, ring in files.tiles().items()]
    features[0] = files.feature(FIRST, files.tiles()[FIRST][0], kind="LineString")

    (fault,) = refused(files.write_geojson(tmp_path / "k.geojson", features))

    assert "is a LineString; expected is a polygon" in fault


def test_numbers_that_are_none_are_refused(kotak_data, tmp_path):
    frame = geopandas.read_file(files.write_kotak(tmp_path / "kotak.geojson"))
    ring = [(104.7, -2.5), (104.8, -2.5), (math.inf, -2.4), (104.7, -2.5)]
    frame.loc[0, "geometry"] = shapely.Polygon(ring)
    frame.to_file(tmp_path / "k.gpkg")

    (fault,) = refused(tmp_path / "k.gpkg")

    assert "not a finite number" in fault


def test_villages_that_lie_on_each_other_are_refused(kotak_data, tmp_path):
    faults = refused(files.write_kotak(tmp_path / "k.geojson", d1v1=files.tiles()["99.01.01.2002"]))

    assert len(faults) == 1
    assert "99.01.01.200" in faults[0]


def test_all_faults_are_listed_at_once_and_a_loaded_edition_stays(kotak_data, tmp_path):
    load(files.write_kotak(tmp_path / "good.geojson"))
    rings = list(files.tiles().items())
    (ring,) = rings[0][1]
    features = [files.feature(code, r) for code, r in rings]
    features[0]["geometry"]["coordinates"] = [[ring[0], ring[2], ring[1], ring[3], ring[0]]]
    features[3]["properties"]["code"] = "99.01.01.2009"
    features[5]["geometry"]["coordinates"] = [[p[::-1] for p in rings[5][1][0]]]
    features[7]["geometry"] = None
    features[9]["properties"]["code"] = features[8]["properties"]["code"]

    faults = refused(files.write_geojson(tmp_path / "bad.geojson", features))

    assert [fault.split(":")[0] for fault in faults] == [
        f"feature {n}" for n in (1, 4, 6, 8, 9, 10)
    ]


def test_a_file_without_a_column_of_codes_says_what_it_has(kotak_data, tmp_path):
    features = [files.feature("x" * 14, ring, luas=1) for ring in files.tiles().values()]
    for feature in features:
        del feature["properties"]["code"]

    (fault,) = refused(files.write_geojson(tmp_path / "k.geojson", features))

    assert "no column with village codes" in fault
    assert "name, luas, geometry" in fault


def test_a_file_that_is_none_and_one_that_is_empty_are_refused(kotak_data, tmp_path):
    (tmp_path / "broken.gpkg").write_bytes(b"this is not a database")

    assert "cannot be read" in refused(tmp_path / "broken.gpkg")[0]
    assert refused(files.write_geojson(tmp_path / "empty.geojson", []))


def test_a_file_of_several_layers_is_refused_with_their_names(kotak_data, tmp_path):
    frame = geopandas.read_file(files.write_kotak(tmp_path / "kotak.geojson"))
    frame.to_file(tmp_path / "k.gpkg", layer="desa")
    frame.to_file(tmp_path / "k.gpkg", layer="kecamatan")

    (fault,) = refused(tmp_path / "k.gpkg")

    assert "several layers: desa, kecamatan" in fault


def test_a_shapefile_without_its_table_has_no_codes(kotak_data, tmp_path):
    frame = geopandas.read_file(files.write_kotak(tmp_path / "kotak.geojson"))
    frame.to_file(tmp_path / "bare.shp")
    (tmp_path / "bare.dbf").unlink()

    (fault,) = refused(tmp_path / "bare.shp")

    assert "no column with village codes" in fault


def test_the_villages_of_a_folder_are_found_or_asked_for(kotak_data, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    files.write_kotak(folder / "99.01_village.geojson")
    files.write_geojson(folder / "99.01_district.geojson", [])
    files.write_geojson(folder / "99.02_village.geojson", [])

    assert load(folder).edition.villages.name == "99.01_village.geojson"
    files.write_kotak(folder / "99.01_desa.geojson")
    with pytest.raises(SourceNotFound, match=r"99.01_district.geojson, 99.01_village.geojson"):
        load(folder)


def test_a_source_that_does_not_exist_is_refused_with_the_choices(kotak_data):
    with pytest.raises(SourceNotFound, match="auto, wilayah_boundaries, indicative"):
        load("nowhere")


def test_the_command_prints_the_refusal(kotak_data, tmp_path):
    path = files.write_kotak(tmp_path / "k.geojson", d1v1=None)
    with pytest.raises(CommandError, match=r"(?s)nothing was changed.*\n- feature 1"):
        call_command("load_boundaries", str(path), "--regency", "99.01")
