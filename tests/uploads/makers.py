"""Good files of every format, made by hand, so that bad ones differ from them in one thing."""

import io
import json
import sqlite3
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
ROWS = [["kode", "nama", "jumlah"], ["16.07.01.2001", "Desa A", 12], ["16.07.01.2002", "Desa B", 7]]
# A square of about a kilometre in Banyuasin, and the same in UTM 48S.
SQUARE = [[104.7, -2.9], [104.71, -2.9], [104.71, -2.89], [104.7, -2.89], [104.7, -2.9]]
POINT = [104.75, -2.95]
UTM_POINT = [472203.0, 9673900.0]


def zipped(
    members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED, **kwargs: Any
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression, **kwargs) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name) if name.endswith("/") else name, content)
    return out.getvalue()


# --- workbooks ----------------------------------------------------------------------


def cell(value: Any, place: str = "") -> str:
    where = f' r="{place}"' if place else ""
    if value is None:
        return f"<c{where}/>"
    if isinstance(value, bool):
        return f'<c{where} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c{where}><v>{value!r}</v></c>"
    if value.startswith("<"):  # ready-made
        return value
    return f'<c{where} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet_xml(rows: Any = ROWS, *, before: str = "", after: str = "", dimension: str = "") -> str:
    lines = "".join(
        f'<row r="{number}">{"".join(cell(value) for value in row)}</row>'
        for number, row in enumerate(rows, start=1)
    )
    said = f'<dimension ref="{dimension}"/>' if dimension else ""
    inside = f"{said}{before}<sheetData>{lines}</sheetData>{after}"
    return f'{HEAD}<worksheet xmlns="{MAIN}">{inside}</worksheet>'


def workbook_xml(sheets: Any = (("Data", ""),), properties: str = "") -> str:
    entries = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"{more}/>'
        for n, (name, more) in enumerate(sheets, start=1)
    )
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        f"<sheets>{entries}</sheets></workbook>"
    )


def relations(targets: dict[str, tuple[str, str]], more: str = "") -> str:
    inside = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"{more}/>'
        for key, (kind, target) in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'


def xlsx_parts(*sheets: str, shared: str = "", styles: str = "") -> dict[str, bytes | str]:
    sheets = sheets or (sheet_xml(),)
    targets = {
        f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)
    }
    if shared:
        targets["rId98"] = ("sharedStrings", "sharedStrings.xml")
    if styles:
        targets["rId99"] = ("styles", "styles.xml")
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="x"/>',
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": workbook_xml([(f"Data {n}", "") for n in range(1, len(sheets) + 1)]),
        "xl/_rels/workbook.xml.rels": relations(targets),
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets, start=1)}
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    if styles:
        parts["xl/styles.xml"] = styles
    return parts


def xlsx(*sheets: str, more: dict[str, bytes | str] | None = None, **parts: str) -> bytes:
    return zipped(xlsx_parts(*sheets, **parts) | (more or {}))


def shared_xml(*texts: str) -> str:
    inside = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'{HEAD}<sst xmlns="{MAIN}">{inside}</sst>'


# --- text maps ----------------------------------------------------------------------


def geometry(kind: str = "Point", coordinates: Any = None) -> dict[str, Any]:
    return {"type": kind, "coordinates": POINT if coordinates is None else coordinates}


def geojson(*geometries: Any, **more: Any) -> bytes:
    features = [
        {"type": "Feature", "properties": {"nama": f"Objek {n}", "n": n}, "geometry": one}
        for n, one in enumerate(geometries or (geometry(),), start=1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features} | more).encode()


def placemark(inside: str, name: str = "Pasar") -> str:
    return f"<Placemark><name>{name}</name>{inside}</Placemark>"


def kml(inside: str = "", head: str = HEAD, after: str = "") -> bytes:
    inside = inside or placemark("<Point><coordinates>104.75,-2.95,0</coordinates></Point>")
    text = f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'
    return (text + after).encode()


def gpx(inside: str = "", head: str = HEAD) -> bytes:
    inside = inside or '<wpt lat="-2.95" lon="104.75"><name>Pasar</name></wpt>'
    space = "http://www.topografix.com/GPX/1/1"
    return f'{head}<gpx version="1.1" creator="t" xmlns="{space}">{inside}</gpx>'.encode()


# --- shapefiles ---------------------------------------------------------------------

PRJ = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]]'
UTM_PRJ = (
    f'PROJCS["WGS_1984_UTM_Zone_48S",{PRJ},PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",10000000.0],'
    'PARAMETER["Central_Meridian",105.0],PARAMETER["Scale_Factor",0.9996],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def shp(*records: bytes) -> bytes:
    body = b"".join(
        struct.pack(">2i", n, len(one) // 2) + one for n, one in enumerate(records, start=1)
    )
    length = (100 + len(body)) // 2
    header = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, length) + struct.pack(
        "<2i8d", 1000, 1, *[0] * 8
    )
    return header + body


def shp_point(x: float = POINT[0], y: float = POINT[1]) -> bytes:
    return struct.pack("<i2d", 1, x, y)


def shp_polygon(*rings: Any, kind: int = 5) -> bytes:
    points = [p for ring in rings for p in ring]
    starts = [sum(len(r) for r in rings[:n]) for n in range(len(rings))]
    flat = [v for p in points for v in p]
    return struct.pack(
        f"<i4d2i{len(rings)}i{len(flat)}d",
        kind,
        0,
        0,
        0,
        0,
        len(rings),
        len(points),
        *starts,
        *flat,
    )


def dbf(rows: Any = (("Pasar", "12"),), *, n_rows: int | None = None, language: int = 0) -> bytes:
    fields = [(b"NAMA", b"C", 20), (b"JUMLAH", b"N", 8)]
    width = 1 + sum(size for _name, _kind, size in fields)
    described = b"".join(
        struct.pack("<11sc4xBB14x", name, kind, size, 0) for name, kind, size in fields
    )
    header = struct.pack(
        "<B3BIHH16xBBxx", 3, 126, 11, 22, len(rows) if n_rows is None else n_rows,
        32 + len(described) + 1, width, 0, language,
    )  # fmt: skip
    body = b"".join(
        b" "
        + b"".join(
            as_bytes(v).ljust(size)[:size] for v, (_n, _k, size) in zip(row, fields, strict=True)
        )
        for row in rows
    )
    return header + described + b"\r" + body + b"\x1a"


def as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def shapefile(**parts: Any) -> bytes:
    """Zip of the usual parts; ``prj=None`` leaves one out."""
    members = {"shp": shp(shp_point()), "shx": b"\0" * 108, "dbf": dbf(), "prj": PRJ} | parts
    return zipped({f"pasar.{end}": one for end, one in members.items() if one is not None})


# --- GeoPackages --------------------------------------------------------------------


def wkb_point(x: float = POINT[0], y: float = POINT[1]) -> bytes:
    return struct.pack("<BI2d", 1, 1, x, y)


def package_blob(wkb: bytes, flags: int = 1, srs: int = 4326) -> bytes:
    return b"GP" + struct.pack("<BBi", 0, flags, srs) + wkb


@dataclass
class Package:
    """What goes into a GeoPackage."""

    blobs: list[Any] = field(default_factory=lambda: [package_blob(wkb_point())])
    srs: int = 4326
    layers: tuple[str, ...] = ("pasar",)
    sql: tuple[str, ...] = ()
    definition: str = "GEOGCS[]"

    def make(self, folder: Path) -> bytes:
        path = folder / "made.gpkg"
        path.unlink(missing_ok=True)
        base = sqlite3.connect(path)
        base.executescript(
            "PRAGMA application_id = 1196444487;"
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, srs_id INTEGER);"
            "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT,"
            " geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);"
            "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER,"
            " organization TEXT, organization_coordsys_id INTEGER, definition TEXT);"
        )
        reference = ("s", self.srs, "EPSG" if self.srs > 0 else "NONE", self.srs, self.definition)
        base.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?)", reference)
        for layer in self.layers:
            base.execute(f"CREATE TABLE {layer} (fid INTEGER PRIMARY KEY, geom BLOB, nama TEXT)")
            contents = (layer, "features", self.srs)
            base.execute("INSERT INTO gpkg_contents VALUES (?, ?, ?)", contents)
            column = (layer, "geom", "POINT", self.srs, 0, 0)
            base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)", column)
            rows = [(blob, f"Pasar {n}") for n, blob in enumerate(self.blobs, start=1)]
            base.executemany(f"INSERT INTO {layer} (geom, nama) VALUES (?, ?)", rows)  # noqa: S608
        for statement in self.sql:
            base.execute(statement)
        base.commit()
        base.close()
        return path.read_bytes()
