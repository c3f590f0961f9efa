"""Maps: nested, unbounded, misplaced, crossed and cut."""

import json
import math
import struct

from tests.uploads import makers
from tests.uploads.corpus import ACCEPTED, Case
from tests.uploads.makers import Package, geojson, geometry, kml, package_blob, placemark, shapefile

LON, LAT = makers.POINT


def star(n: int) -> list[list[float]]:
    """A ring of ``n`` points in which every side crosses nearly every other."""
    turns = [2 * math.pi * (number * (n // 2) % n) / n for number in range(n)]
    ring = [[105 + 0.1 * math.cos(turn), -2.5 + 0.1 * math.sin(turn)] for turn in turns]
    return [*ring, ring[0]]


def circle(n: int, radius: float = 0.1) -> list[list[float]]:
    turns = [2 * math.pi * number / n for number in range(n)]
    ring = [[105 + radius * math.cos(turn), -2.5 + radius * math.sin(turn)] for turn in turns]
    return [*ring, ring[0]]


def raw(text: str) -> bytes:
    """A GeoJSON whose coordinates are this text."""
    return geojson(geometry("Point", "@")).replace(b'"@"', text.encode())


# --- GeoJSON ------------------------------------------------------------------------


def crs():
    links = {
        "link": lambda c: {"type": "link", "properties": {"href": f"{c.url}/crs", "type": "proj4"}},
        "url": lambda c: {"type": "url", "properties": {"url": f"{c.url}/crs"}},
        "file": lambda c: {"type": "link", "properties": {"href": f"file://{c.secret}"}},
        "name-url": lambda c: {"type": "name", "properties": {"name": f"{c.url}/crs"}},
        "name-path": lambda c: {"type": "name", "properties": {"name": str(c.secret)}},
        "name-vsi": lambda c: {"type": "name", "properties": {"name": f"/vsicurl/{c.url}"}},
        "name-proj": lambda c: {"type": "name", "properties": {
            "name": f"+proj=longlat +nadgrids=@{c.secret}"}},
        "utm": lambda c: {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32748"}},
        "text": lambda c: "EPSG:4326",
        "list": lambda c: [1],
        "number": lambda c: {"type": "EPSG", "properties": {"code": 4326}},
    }  # fmt: skip
    for name, make in links.items():
        yield Case(f"crs-{name}", lambda c, make=make: geojson(crs=make(c)), "crs_unsupported")
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        said = {"type": "name", "properties": {"name": name}}
        yield Case(f"crs-{name[-9:]}", geojson(crs=said), ACCEPTED, is_read=True)


def nesting():
    deep = 30_000
    yield Case("json-deep-arrays", raw("[" * deep + "]" * deep), "json_too_deep")
    yield Case("json-deep-open", raw("[" * deep), "json_too_deep")
    yield Case("json-deep-objects", b'{"a":' * deep + b"1" + b"}" * deep, "json_too_deep")
    collection = '{"type":"GeometryCollection","geometries":['
    nested = collection * deep + json.dumps(geometry()) + "]}" * deep
    yield Case("json-deep-collections",
               b'{"type":"Feature","properties":{},"geometry":' + nested.encode() + b"}",
               "json_too_deep")  # fmt: skip
    yield Case("json-deep-13", raw("[" * 10 + "1" + "]" * 10), "json_too_deep")
    inner = {"type": "GeometryCollection", "geometries": [geometry()]}
    yield Case("json-collection", geojson(inner), ACCEPTED, is_read=True)
    twice = {"type": "GeometryCollection", "geometries": [inner, geometry()]}
    yield Case("json-collection-in-collection", geojson(twice), ACCEPTED, is_read=True)
    mixed = {"type": "GeometryCollection",
             "geometries": [geometry(), geometry("LineString", makers.SQUARE)]}  # fmt: skip
    yield Case("json-mixed-collection", geojson(mixed), "geometry_kind")
    in_text = geojson(name="[" * 200 + '\\"' + "{" * 200)
    yield Case("json-brackets-in-text", in_text, ACCEPTED, is_read=True)


def numbers():
    for name, text in (("nan", "[NaN, -2.9]"), ("infinity", "[Infinity, 1]"),
                       ("minus-infinity", "[104, -Infinity]")):  # fmt: skip
        yield Case(f"json-{name}", raw(text), "json_number")
    for name, text in (("1e999", "[1e999, 1]"), ("1e308", "[1e308, 1]"),
                       ("text", '["104.7", -2.9]'), ("null", "[null, -2.9]"),
                       ("true", "[true, -2.9]")):  # fmt: skip
        yield Case(f"json-{name}", raw(text), "not_finite")
    for name, text in (("one-number", "[104.7]"), ("five-numbers", "[1,2,3,4,5]"),
                       ("object", '{"lon":104}'), ("words", '"104.7,-2.9"')):  # fmt: skip
        yield Case(f"json-{name}", raw(text), "geometry_broken")
    yield Case("json-digits", raw(f"[{'9' * 5000}, 1]"), "json_broken")
    yield Case("json-nan-property", b'{"type":"Feature","properties":{"a":NaN},"geometry":null}',
               "json_number")  # fmt: skip
    huge = b'{"type":"Feature","properties":{"a":1e999},"geometry":' + json.dumps(
        geometry()).encode() + b"}"  # fmt: skip
    yield Case("json-infinite-property", huge, "values_left_out", is_read=True)
    yield Case("json-nul", geojson(name="x").replace(b"Objek 1", b"Ob\\u0000jek"),
               "controls_removed", is_read=True)  # fmt: skip
    yield Case("json-surrogate", geojson().replace(b"Objek 1", b"\\ud800"), ACCEPTED, is_read=True)


def json_shapes():
    whole = geojson()
    for cut in (1, 2, 3):
        yield Case(f"json-cut-{cut}", whole[: len(whole) * cut // 4], "json_broken")
    for name, text in (("esri", b'{"geometryType":"esriGeometryPoint","features":[]}'),
                       ("topo", b'{"type":"Topology","objects":{},"arcs":[]}'),
                       ("list", b"[[1,2],[3,4]]"), ("empty-object", b"{}"),
                       ("features-text", b'{"type":"FeatureCollection","features":"/etc/passwd"}'),
                       ("feature-number", b'{"type":"FeatureCollection","features":[1]}'),
                       ("features-absent", b'{"type":"FeatureCollection"}'),
                       ("stac", b'{"type":"Catalog","links":[]}')):  # fmt: skip
        yield Case(f"json-{name}", text, "json_not_features")
    yield Case("json-lines", whole + b"\n" + whole, "json_broken")
    yield Case("json-single-quotes", b"{'type': 'FeatureCollection'}", "json_broken")
    yield Case("json-no-features", b'{"type":"FeatureCollection","features":[]}', "no_features")
    many = b",".join([b'{"type":"Feature","properties":{},"geometry":null}'] * 50_001)
    yield Case("json-50001", b'{"type":"FeatureCollection","features":[' + many + b"]}",
               "too_many_features")  # fmt: skip
    yield Case("json-utf16", whole.decode().encode("utf-16"), ACCEPTED, is_read=True)
    yield Case("json-mark", b"\xef\xbb\xbf" + whole, ACCEPTED, is_read=True)
    yield Case("json-cp1252", whole.replace(b"Objek", b"D\xe9sa"), ACCEPTED, is_read=True)
    yield Case("json-properties-list", whole.replace(b'{"nama": "Objek 1", "n": 1}', b"[1]"),
               ACCEPTED, is_read=True)  # fmt: skip
    yield Case("json-nested-property", whole.replace(b'"Objek 1"', b'{"a":[1]}'),
               "values_left_out", is_read=True)  # fmt: skip
    nik = whole.replace(b"Objek 1", b"1607010505850003")
    yield Case("json-person", nik, "personal_number")


# --- geometries ---------------------------------------------------------------------


def geometries():
    bow = [[104.7, -2.9], [104.8, -2.8], [104.8, -2.9], [104.7, -2.8], [104.7, -2.9]]
    hole_outside = [makers.SQUARE, [[105, -2], [105.1, -2], [105.1, -2.1], [105, -2]]]
    square = makers.SQUARE
    named = {
        "null": (None, "geometry_missing"),
        "empty": (geometry("Point", []), "geometry_missing"),
        "empty-ring": (geometry("Polygon", [[]]), "geometry_broken"),
        "empty-collection": ({"type": "GeometryCollection", "geometries": []}, "geometry_missing"),
        "curve": ({"type": "CircularString", "coordinates": square}, "geometry_kind"),
        "no-type": ({"coordinates": [1, 2]}, "geometry_kind"),
        "list-type": ({"type": ["Point"], "coordinates": [1, 2]}, "geometry_kind"),
        "bow": (geometry("Polygon", [bow]), "geometry_repairable"),
        "hole-outside": (geometry("Polygon", hole_outside), "geometry_repairable"),
        "twice": (geometry("MultiPolygon", [[square], [square]]), "geometry_repairable"),
        "hole-is-whole": (geometry("Polygon", [square, square]), "geometry_invalid"),
        "open": (geometry("Polygon", [square[:-1]]), "ring_open"),
        "three-points": (geometry("Polygon", [[*square[:2], square[0]]]), "too_few_points"),
        "no-surface": (geometry("Polygon", [[square[0]] * 5]), "too_few_points"),
        "line-of-one": (geometry("LineString", [square[0]]), "too_few_points"),
        "line-of-same": (geometry("LineString", [square[0]] * 3), "too_few_points"),
        "swapped": (geometry("Point", [LAT, LON]), "axes_swapped"),
        "swapped-polygon": (geometry("Polygon", [[p[::-1] for p in square]]), "axes_swapped"),
        "paris": (geometry("Point", [2.35, 48.85]), "outside_indonesia"),
        "nowhere": (geometry("Point", [0, 0]), "outside_indonesia"),
        "far-corner": (geometry("LineString", [square[0], [0, 0]]), "outside_indonesia"),
        "vertices": (geometry("LineString", circle(200_001)), "too_many_vertices"),
    }  # fmt: skip
    for name, (one, code) in named.items():
        yield Case(f"geometry-{name}", geojson(one), code)
        if name in {"null", "bow", "paris"}:  # one bad row among good ones is found, and only it
            yield Case(f"geometry-{name}-among-good", geojson(geometry(), one, geometry()), code)
    for n in (101, 201, 401, 801, 2001):
        yield Case(f"star-{n}", geojson(geometry("Polygon", [star(n)])), "geometry_invalid")
    yield Case("star-of-20000", lambda _c: geojson(geometry("Polygon", [star(20_001)])),
               "geometry_invalid")  # fmt: skip
    stars = [geometry("Polygon", [star(101)])] * 300
    yield Case("300-stars", geojson(*stars), "geometry_invalid")
    yield Case("2-million-points", lambda _c: many_points(), "too_many_points")
    yield Case("geometry-height", geojson(geometry("Point", [LON, LAT, 12])), "heights_dropped",
               is_read=True)  # fmt: skip
    yield Case("geometry-utm", geojson(geometry("Point", makers.UTM_POINT)), "crs_unknown")
    yield Case("geometry-utm-stated", geojson(geometry("Point", makers.UTM_POINT)), ACCEPTED,
               is_read=True, more={"crs_stated": "EPSG:32748"})  # fmt: skip
    yield Case("geometry-utm-stated-wrongly", geojson(geometry("Point", makers.UTM_POINT)),
               "crs_unknown", more={"crs_stated": "/etc/passwd"})  # fmt: skip


def many_points() -> bytes:
    one = geojson(geometry("LineString", [[104.0, -2.0], [104.1, -2.1]] * 3))
    line = b"[104.0, -2.0], [104.1, -2.1]"
    long = one.replace(b", ".join([line] * 3), b",".join([b"[104,-2],[104.1,-2]"] * 99_000))
    start, end = long.index(b'{"type": "Feature",'), long.rindex(b"]}")
    return long[:start] + b",".join([long[start:end]] * 11) + long[end:]


# --- KML and GPX --------------------------------------------------------------------


def markup():
    link = "<NetworkLink><Link><href>{}/l.kml</href></Link></NetworkLink>"
    yield Case("kml-network-link", lambda c: kml(link.format(c.url)), "no_features")
    overlay = "<GroundOverlay><Icon><href>{}/i.png</href></Icon></GroundOverlay>"
    point = placemark("<Point><coordinates>104.7,-2.9</coordinates></Point>")
    yield Case("kml-overlay", lambda c: kml(overlay.format(c.url) + point), "links_left_out",
               is_read=True)  # fmt: skip
    style = "<styleUrl>{}</styleUrl><Point>"
    yield Case("kml-style-url", lambda c: kml(point.replace("<Point>", style.format(c.url))),
               ACCEPTED, is_read=True)  # fmt: skip
    for number, script in enumerate((
        "<![CDATA[<script>alert(1)</script>Pasar]]>", "&lt;img src=x onerror=alert(1)&gt;Pasar",
        "<![CDATA[<svg/onload=alert(1)>]]>", "<![CDATA[<a href='javascript:alert(1)'>x</a>]]>",
        "<![CDATA[<scr<script>ipt>alert(1)</script>]]>")):  # fmt: skip
        described = point.replace("<Point>", f"<description>{script}</description><Point>")
        yield Case(f"kml-html-{number}", kml(described), "html_removed", is_read=True)
    yield Case(
        "kml-deep-folders", kml("<Folder>" * 200 + point + "</Folder>" * 200), "xml_too_deep"
    )
    yield Case("kml-deep-open", b"<kml>" + b"<Folder>" * 100_000, "xml_too_deep")
    yield Case("kml-multi-deep", kml(placemark("<MultiGeometry>" * 200 + "</MultiGeometry>" * 200)),
               "xml_too_deep")  # fmt: skip
    for number, text in enumerate(("abc,def", "104.7", "", "nan,nan", "inf,1", ",,", "104,7;-2,9")):
        code = "geometry_missing" if text == "" else None
        expected = code or {"nan,nan": "not_finite", "inf,1": "not_finite",
                            "abc,def": "not_finite"}.get(text, "geometry_broken")  # fmt: skip
        expected = "not_finite" if text in {",,", "104,7;-2,9"} else expected
        inside = placemark(f"<Point><coordinates>{text}</coordinates></Point>")
        yield Case(f"kml-coordinates-{number}", kml(inside), expected)
    yield Case("kml-no-drawing", kml(placemark("")), "geometry_missing")
    yield Case("kml-empty", kml("<Folder/>"), "no_features")
    yield Case("kml-cut", kml()[:150], "xml_broken")
    yield Case("kml-tail", kml(after="<kml/>"), "xml_broken")
    yield Case("kml-encoding", kml(head='<?xml version="1.0" encoding="x-none"?>'), "xml_broken")
    yield Case("kml-nul", kml().replace(b"Pasar", b"Pa\0sar"), "xml_broken")
    yield Case("kml-bad-utf8", kml().replace(b"Pasar", b"Pa\xffsar"), "xml_broken")
    yield Case("kml-entity", kml().replace(b"Pasar", b"&nbsp;"), "xml_broken")
    yield Case("kmz", makers.zipped({"doc.kml": kml()}), ACCEPTED, is_read=True)
    yield Case("kmz-two", makers.zipped({"a.kml": kml(), "b.kml": kml()}), "zip_several")
    yield Case("kml-swapped", kml(point.replace("104.7,-2.9", "-2.9,104.7")), "axes_swapped")
    for name, inside, code in (
        ("word", '<wpt lat="x" lon="104.7"/>', "not_finite"),
        ("absent", '<wpt lon="104.7"/>', "not_finite"),
        ("infinite", '<wpt lat="Infinity" lon="104.7"/>', "not_finite"),
        ("swapped", '<wpt lat="104.7" lon="-2.9"/>', "axes_swapped"),
        ("track-of-one", '<trk><trkseg><trkpt lat="-2.9" lon="104.7"/></trkseg></trk>',
         "too_few_points"),
        ("track-empty", "<trk><trkseg/></trk>", "geometry_missing"),
        ("nothing", "<metadata/>", "no_features"),
        ("html", '<wpt lat="-2.9" lon="104.7"><desc>&lt;b&gt;x</desc></wpt>', "html_removed"),
    ):  # fmt: skip
        yield Case(f"gpx-{name}", makers.gpx(inside), code, is_read=name == "html")
    yield Case("gpx-cut", makers.gpx()[:-20], "xml_broken")
    yield Case("gpx-of-routes", makers.gpx('<rte><rtept lat="-2.9" lon="104.7"/></rte>'),
               "too_few_points")  # fmt: skip


# --- shapefiles and GeoPackages -----------------------------------------------------


def shapefiles():
    good = makers.shp(makers.shp_point())
    polygon = makers.shp_polygon(makers.SQUARE)
    yield Case("shp-alone", good, "attributes_missing")
    yield Case("shp-without-dbf", shapefile(dbf=None), "attributes_missing")
    yield Case("shp-without-prj", shapefile(prj=None), "crs_unknown")
    yield Case("shp-utm-without-prj", shapefile(prj=None, shp=makers.shp(
        makers.shp_point(*makers.UTM_POINT))), "crs_unknown")  # fmt: skip
    yield Case("shp-utm-stated", shapefile(prj=None, shp=makers.shp(
        makers.shp_point(*makers.UTM_POINT))), ACCEPTED, is_read=True,
        more={"crs_stated": "EPSG:32748"})  # fmt: skip
    yield Case("shp-utm", shapefile(prj=makers.UTM_PRJ, shp=makers.shp(
        makers.shp_point(*makers.UTM_POINT))), ACCEPTED, is_read=True)  # fmt: skip
    yield Case("shp-prj-lies", shapefile(shp=makers.shp(makers.shp_point(*makers.UTM_POINT))),
               "crs_unknown")  # fmt: skip
    yield Case("shp-without-shx", shapefile(shx=None), ACCEPTED, is_read=True)
    for name, text in (("batavia", makers.PRJ.replace("WGS_1984", "Batavia")),
                       ("path", "/etc/passwd"),
                       ("grids", 'PROJCS["x",EXTENSION["PROJ4","+nadgrids=/etc/passwd"]]'),
                       ("url", "http://127.0.0.1/x.prj"), ("noise", "[" * 5000)):  # fmt: skip
        yield Case(f"shp-prj-{name}", shapefile(prj=text), "crs_unsupported")
    two = makers.zipped({f"{n}.{end}": b"" for n in "ab" for end in ("shp", "dbf")})
    yield Case("shp-two", two, "zip_several")
    cases = {
        "empty": b"", "head": good[:50], "cut": good[:-5], "short": good[:104],
        "length": good[:104] + b"\x7f\xff\xff\xff" + good[108:],
        "zero-length": good[:104] + b"\0\0\0\0" + good[108:],
        "negative": good[:104] + b"\xff\xff\xff\xff" + good[108:],
        "parts": makers.shp(polygon[:36] + struct.pack("<2i", 1 << 30, 5) + polygon[44:]),
        "points": makers.shp(polygon[:40] + struct.pack("<i", 1 << 30) + polygon[44:]),
        "negative-parts": makers.shp(polygon[:36] + struct.pack("<2i", -1, 5) + polygon[44:]),
        "negative-start": makers.shp(polygon[:44] + struct.pack("<i", -4) + polygon[48:]),
        "late-start": makers.shp(polygon[:44] + struct.pack("<i", 99) + polygon[48:]),
    }  # fmt: skip
    for name, content in cases.items():
        yield Case(f"shp-{name}", shapefile(shp=content), "shapefile_broken")
    for name, content in (("dbf-empty", b""), ("dbf-cut", makers.dbf()[:-30]),
                          ("dbf-rows", makers.dbf(n_rows=40_000)),
                          ("dbf-noise", b"\xff" * 200)):  # fmt: skip
        code = "too_many_features" if name == "dbf-noise" else "shapefile_broken"
        yield Case(f"shp-{name}", shapefile(dbf=content), code)
    yield Case("shp-multipatch", shapefile(shp=makers.shp(struct.pack("<i", 31) + polygon[4:])),
               "geometry_kind")  # fmt: skip
    yield Case("shp-type-99", shapefile(shp=makers.shp(struct.pack("<i", 99))), "geometry_kind")
    yield Case("shp-null", shapefile(shp=makers.shp(struct.pack("<i", 0))), "geometry_missing")
    yield Case("shp-nan", shapefile(shp=makers.shp(makers.shp_point(math.nan))), "not_finite")
    yield Case("shp-infinite", shapefile(shp=makers.shp(makers.shp_point(math.inf))), "not_finite")
    yield Case("shp-nothing", shapefile(shp=makers.shp(), dbf=makers.dbf(())), "no_features")
    yield Case("shp-nul-in-dbf", shapefile(dbf=makers.dbf(((b"Pa\0sar", "1"),))), ACCEPTED,
               is_read=True)  # fmt: skip
    yield Case("shp-cpg-noise", shapefile(cpg=b"/etc/passwd\0\xff"), ACCEPTED, is_read=True)
    heights = struct.pack("<i4d", 11, LON, LAT, 5.0, 0.0)
    yield Case("shp-heights", shapefile(shp=makers.shp(heights)), "heights_dropped", is_read=True)


def nested_wkb(levels: int) -> bytes:
    return struct.pack("<BII", 1, 7, 1) * levels + makers.wkb_point()


def packages():
    def package(name, code, *, is_read=False, cut=None, patch=None, more=None, **parts):
        def make(canary):
            content = Package(**parts).make(canary.folder)
            if patch:
                content = content[: patch[0]] + patch[1] + content[patch[0] + len(patch[1]) :]
            return content[:cut] if cut else content

        return Case(f"gpkg-{name}", make, code, is_read=is_read, more=more or {})

    listed = "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POINT', 4326, 0, 0)"
    only = "DELETE FROM gpkg_geometry_columns WHERE table_name = 'pasar'"
    yield package("good", ACCEPTED, is_read=True)
    yield package("cut-page", "package_broken", cut=5000)
    yield package("cut-head", "package_broken", cut=60)
    yield package("noise", "package_broken", patch=(100, b"\xff" * 900))
    yield package("log", "package_open", is_read=True, patch=(18, b"\x02\x02"))
    yield package("two-layers", "several_layers", layers=("a", "b"))
    yield package("one-of-two", ACCEPTED, is_read=True, layers=("a", "b"), more={"layer": "b"})
    yield package("other-layer", "no_layer", more={"layer": "nowhere"})
    yield package("no-layers", "no_features", layers=())
    yield package("quoted-layer", "no_layer", more={"layer": 'a"; DROP TABLE x; --'})
    yield package("undefined", "crs_unknown", srs=0)
    yield package("cartesian", "crs_unknown", srs=-1)
    yield package("unknown-crs", "crs_unsupported", srs=27700)
    yield package("view", "layer_is_view", sql=(
        "CREATE VIEW v AS SELECT fid, geom, load_extension('/tmp/x.so') FROM pasar", listed),
        is_read=True)  # fmt: skip
    yield package(
        "only-view", "no_features", sql=("CREATE VIEW v AS SELECT * FROM pasar", listed, only)
    )
    yield package("virtual", "layer_is_view", is_read=True, sql=(
        "CREATE VIRTUAL TABLE v USING fts4(geom)", listed))  # fmt: skip
    trigger = "CREATE TRIGGER t BEFORE INSERT ON pasar BEGIN SELECT load_extension('x.so'); END"
    yield package("trigger", ACCEPTED, is_read=True, sql=(trigger,))
    calculated = "CREATE TABLE v (fid INTEGER, geom BLOB, x TEXT AS (hex(zeroblob(10000000))))"
    yield package("generated", "layer_is_view", is_read=True, sql=(calculated, listed))
    yield package("missing-table", "layer_is_view", is_read=True, sql=(listed,))
    yield package("recursive-view", "no_features", sql=(
        "CREATE VIEW v AS WITH RECURSIVE c(geom) AS (SELECT 1 UNION ALL SELECT geom FROM c)"
        " SELECT * FROM c", listed, only))  # fmt: skip
    for name, blob, code in (
        ("null", None, "geometry_missing"), ("text", "POINT(1 2)", "geometry_kind"),
        ("number", 12, "geometry_kind"), ("noise", b"\xff" * 50, "geometry_kind"),
        ("short", b"GP", "geometry_kind"), ("empty", package_blob(b"", 0x11), "geometry_missing"),
        ("extended", package_blob(b"", 0x21), "geometry_kind"),
        ("cut", package_blob(makers.wkb_point())[:-4], "geometry_kind"),
        ("curve", package_blob(struct.pack("<BII", 1, 8, 0)), "geometry_kind"),
        ("nested", package_blob(nested_wkb(30_000)), "geometry_kind"),
        ("count", package_blob(struct.pack("<BII", 1, 2, 0xFFFFFFFF)), "geometry_kind"),
        ("nan", package_blob(makers.wkb_point(math.nan, math.nan)), "not_finite"),
        ("wrong-member", package_blob(struct.pack("<BII", 1, 6, 1) + makers.wkb_point()),
         "geometry_kind"),
    ):  # fmt: skip
        yield package(f"blob-{name}", code, blobs=[blob])
    yield Case("sqlite-of-others", lambda c: others(c), "not_a_package")


def others(canary) -> bytes:
    import sqlite3

    path = canary.folder / "other.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE passwords (word TEXT)")
    base.close()
    return path.read_bytes()


def cases():
    for part in (crs, nesting, numbers, json_shapes, geometries, markup, shapefiles, packages):
        yield from part()
