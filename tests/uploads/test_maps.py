"""Maps that are read: compared with what GDAL, PROJ and GEOS make of the same files."""

import json
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import shape

from geo.lib.uploads.crs import (
    CANDIDATES,
    GEOGRAPHIC,
    KNOWN,
    find_grid,
    grid_of_code,
    guess_candidates,
)
from geo.lib.uploads.kml import strip_html
from geo.lib.uploads.reading import read_upload
from tests.uploads import makers

SHARED = Path(__file__).resolve().parents[3] / "shared/data/boundaries/16.07_village.geojson"


@pytest.fixture
def read(tmp_path):
    def read(content, **more):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return read_upload(path, kind="map", **more)

    return read


@pytest.fixture(scope="module")
def shapes():
    """Points, lines, areas with holes and of several parts, near Banyuasin."""
    square = shapely.box(104.7, -2.9, 104.9, -2.7)
    hole = shapely.box(104.75, -2.85, 104.8, -2.8)
    island = shapely.box(104.76, -2.84, 104.77, -2.83)
    areas = [square, square - hole, shapely.MultiPolygon([square - hole, island])]
    lines = [shapely.LineString([(104.7, -2.9), (104.8, -2.8)]),
             shapely.MultiLineString(
                 [[(104, -2), (104.1, -2.1)], [(104.3, -2), (104.4, -2.1)]])]  # fmt: skip
    points = [shapely.Point(104.7, -2.9), shapely.Point(105.1, -2.4)]
    return {"areas": areas, "lines": lines, "points": points}


def frame_of(parts, crs="EPSG:4326"):
    columns = {"nama": [f"Désa {n}" for n in range(len(parts))], "jumlah": range(len(parts)),
               "luas": [n + 0.5 for n in range(len(parts))]}  # fmt: skip
    return geopandas.GeoDataFrame(columns, geometry=parts, crs="EPSG:4326").to_crs(crs)


def zipped_shapefile(frame, folder):
    frame.to_file(folder / "desa.shp", encoding="utf-8")
    with zipfile.ZipFile(folder / "desa.zip", "w") as archive:
        for part in folder.glob("desa.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    return folder / "desa.zip"


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32748", "EPSG:23834", "EPSG:9488", "EPSG:3857"])
@pytest.mark.parametrize("kind", ["areas", "lines", "points"])
@pytest.mark.parametrize("form", ["shp", "gpkg"])
def test_a_file_by_gdal_is_read_as_gdal_means_it(form, kind, crs, shapes, tmp_path):
    frame = frame_of(shapes[kind], crs)
    path = tmp_path / "desa.gpkg"
    if form == "shp":
        path = zipped_shapefile(frame, tmp_path)
    else:
        frame.to_file(path, driver="GPKG")
    reading = read_upload(path, kind="map")
    assert not reading.faults, [fault.sentence() for fault in reading.faults]
    assert reading.format == form
    # A .prj has no code: the first of the grids that are the same is named.
    found, expected = grid_of_code(reading.crs), grid_of_code(crs)
    assert (found.kind, found.meridian, found.scale) == (
        expected.kind, expected.meridian, expected.scale)  # fmt: skip
    tolerance = 5e-6 if crs == "EPSG:9488" else 2e-8  # a quarter of a metre between datums
    assert [one.properties["nama"] for one in reading.features] == list(frame.nama)
    assert [one.properties["jumlah"] for one in reading.features] == list(frame.jumlah)
    assert [one.properties["luas"] for one in reading.features] == list(frame.luas)
    for one, expected in zip(reading.features, shapes[kind], strict=True):
        assert shapely.hausdorff_distance(shape(one.geometry), expected) < tolerance
        assert shape(one.geometry).area == pytest.approx(expected.area, abs=tolerance)


@pytest.mark.parametrize("driver", ["GeoJSON", "KML"])
@pytest.mark.parametrize("kind", ["areas", "lines", "points"])
def test_text_maps_by_gdal(driver, kind, shapes, tmp_path):
    path = tmp_path / "map"
    frame_of(shapes[kind]).to_file(path, driver=driver)
    reading = read_upload(path, kind="map")
    assert not reading.faults
    for one, expected in zip(reading.features, shapes[kind], strict=True):
        assert shapely.hausdorff_distance(shape(one.geometry), expected) < 1e-12
        assert shape(one.geometry).is_valid


@pytest.mark.acceptance
@pytest.mark.skipif(not SHARED.exists(), reason="no real boundaries beside the project")
def test_the_real_villages_are_read_whole():
    reading = read_upload(SHARED, kind="map")
    expected = json.loads(SHARED.read_text())["features"]
    assert not reading.refused
    assert [one.geometry for one in reading.features] == [f["geometry"] for f in expected]


# --- CRS ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(KNOWN))
def test_every_grid_agrees_with_proj(code):
    grid = KNOWN[code]
    lon = grid.meridian + np.array([-2.9, -1, 0, 0.5, 2.9]) if grid.kind == "tmerc" else np.array(
        [95, 100, 104.75, 120, 141.0])  # fmt: skip
    lat = np.array([-10.5, -2.9, -0.001, 1.2, 5.9])
    # From degrees on its own datum: SRGI 2013 is a quarter of a metre off, and taken as equal.
    own = pyproj.CRS(code).geodetic_crs
    x, y = pyproj.Transformer.from_crs(own, code, always_xy=True).transform(lon, lat)
    found = np.array(list(grid.to_lon_lat(np.column_stack((x, y)).tolist())))
    # Our answers are rounded to 1e-8 of a degree: a millimetre.
    assert np.abs(found - np.column_stack((lon, lat))).max() < 1.1e-8


@pytest.mark.parametrize("code", [c for c in KNOWN if c != "EPSG:3857"])
@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_a_definition_by_proj_is_recognised(code, version):
    found = find_grid(pyproj.CRS(code).to_wkt(version))
    assert found is not None
    a, b = found, KNOWN[code]
    assert (a.meridian, a.scale, a.east_m, a.north_m) == (b.meridian, b.scale, b.east_m, b.north_m)


def test_degrees_and_strangers():
    assert find_grid(pyproj.CRS(4326).to_wkt("WKT1_ESRI")) is GEOGRAPHIC
    assert find_grid(pyproj.CRS(4755).to_wkt("WKT1_ESRI")) is GEOGRAPHIC
    assert find_grid(pyproj.CRS(4211).to_wkt("WKT1_ESRI")) is None  # Batavia
    assert find_grid(pyproj.CRS(3395).to_wkt("WKT1_ESRI")) is None
    assert grid_of_code("urn:ogc:def:crs:EPSG::32748") is KNOWN["EPSG:32748"]
    assert grid_of_code("EPSG:27700") is None


def test_a_question_offers_what_can_be(read):
    utm = makers.shapefile(prj=None, shp=makers.shp(makers.shp_point(*makers.UTM_POINT)))
    (fault,) = read(utm).faults
    assert fault.severity == "question"
    candidates = fault.facts["candidates"].split(", ")
    assert candidates[0] == "EPSG:32748"
    answered = read(utm, crs_stated=candidates[0])
    assert not answered.faults
    assert answered.features[0].geometry["coordinates"] == pytest.approx([104.75, -2.95], abs=0.01)
    (degrees,) = read(makers.shapefile(prj=None)).faults
    assert degrees.facts["candidates"] == "EPSG:4326"
    assert not read(makers.shapefile(prj=None), crs_stated="EPSG:4326").faults


def test_what_the_file_says_goes_before_what_was_stated(read):
    reading = read(makers.shapefile(), crs_stated="EPSG:32748")
    assert reading.codes() == {"crs_ignored"}
    assert reading.features[0].geometry["coordinates"] == makers.POINT


def test_what_is_proposed_can_be_read():
    assert set(CANDIDATES) <= set(KNOWN)
    assert "EPSG:32748" in guess_candidates(*makers.UTM_POINT)


# --- geometries ---------------------------------------------------------------------


def test_one_bad_object_does_not_spoil_the_others(read):
    bow = [[104.7, -2.9], [104.8, -2.8], [104.8, -2.9], [104.7, -2.8], [104.7, -2.9]]
    nowhere = makers.geometry("Point", [0, 0])
    reading = read(
        makers.geojson(makers.geometry(), makers.geometry("Polygon", [bow]), None, nowhere)
    )
    found = {fault.row: fault for fault in reading.faults}
    assert {row: fault.code for row, fault in found.items()} == {
        2: "geometry_repairable", 3: "geometry_missing", 4: "outside_indonesia"}  # fmt: skip
    assert [one.geometry is None for one in reading.features] == [False, True, True, True]
    assert (found[2].facts["lon"], found[2].facts["lat"]) == (104.75, -2.85)
    repaired = shape(reading.features[1].repaired)
    assert repaired.is_valid
    assert repaired.area == pytest.approx(0.005)


def test_a_reason_is_said_in_plain_words(read):
    bow = [[104.7, -2.9], [104.8, -2.8], [104.8, -2.9], [104.7, -2.8], [104.7, -2.9]]
    (fault,) = read(makers.geojson(makers.geometry("Polygon", [bow]))).faults
    assert "it crosses itself near 104.75, -2.85" in fault.sentence()
    said = fault.sentence(lambda text: text.replace("it crosses itself", "garisnya berpotongan"))
    assert "garisnya berpotongan" in said


def test_swapped_axes_are_offered_turned_round(read):
    square = [[lat, lon] for lon, lat in makers.SQUARE]
    reading = read(makers.geojson(makers.geometry("Polygon", [square])))
    assert reading.features[0].geometry is None
    assert reading.features[0].repaired == makers.geometry("Polygon", [makers.SQUARE])


def test_heights_are_dropped_and_told_once(read):
    with_height = makers.geometry("Point", [104.7, -2.9, 12.5])
    reading = read(makers.geojson(with_height, with_height, makers.geometry()))
    assert reading.features[0].geometry["coordinates"] == [104.7, -2.9]
    (fault,) = reading.faults
    assert (fault.code, fault.facts["n"], fault.severity) == ("heights_dropped", 2, "notice")


def test_attributes_of_a_placemark(read):
    inside = (
        "<ExtendedData><Data name='kelas'><value>SD</value></Data><SchemaData>"
        "<SimpleData name='murid'>120</SimpleData></SchemaData></ExtendedData>"
        "<description><![CDATA[<b>Sekolah</b><br>negeri<script>alert(1)</script>]]></description>"
        "<Point><coordinates> 104.7, -2.9 ,3 </coordinates></Point>"
    )
    reading = read(makers.kml(f"<Folder><name>Sekolah</name>{makers.placemark(inside)}</Folder>"))
    (one,) = reading.features
    assert one.properties == {"name": "Pasar", "kelas": "SD", "murid": "120",
                              "description": "Sekolah negeri"}  # fmt: skip
    assert one.layer == "Sekolah"
    assert one.geometry["coordinates"] == [104.7, -2.9]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>a</b>b", "a b"),
        ("a &lt; b", "a ‹ b"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("<scr<script>ipt>alert(1)</script>x", "ipt›alert(1) x"),
        ("</script><script>alert(1)</script>x", "x"),
        ("x<!-- hidden -->y", "xy"),
    ],
)
def test_html_becomes_text(html, text):
    assert strip_html(html) == text
    assert "<" not in strip_html(html)


def test_tracks_and_waypoints(read):
    segment = '<trkpt lat="-2.9" lon="104.7"><ele>3</ele></trkpt><trkpt lat="-2.8" lon="104.8"/>'
    waypoint = '<wpt lat="-2.95" lon="104.75"><name>Dermaga</name><ele>1</ele></wpt>'
    segments = f"<trkseg>{segment}</trkseg>" * 2
    reading = read(makers.gpx(f"{waypoint}<trk><name>Jalan</name>{segments}</trk>"))
    point, line = reading.features
    assert (point.layer, point.properties, point.geometry) == (
        "wpt", {"name": "Dermaga"}, makers.geometry())  # fmt: skip
    assert (line.layer, line.properties["name"]) == ("trk", "Jalan")
    assert line.geometry["type"] == "MultiLineString"
    assert len(line.geometry["coordinates"]) == 2
