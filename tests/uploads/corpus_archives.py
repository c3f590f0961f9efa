"""Disguises, entities, archives: files that attack whoever opens them."""

import base64
import io
import json
import stat
import struct
import zipfile
import zlib

from tests.uploads import makers
from tests.uploads.corpus import ACCEPTED, Case

SUFFIXES = (".geojson", ".kml", ".gpx", ".csv", ".json", ".xlsx", ".shp", ".xml", ".zip")


def vrt(source: str, layer: str = "secret") -> bytes:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="{layer}"><SrcDataSource>{source}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def gdalg(source: str) -> bytes:
    command = f"gdal vector pipeline ! read {source} ! write --format=MEM out"
    return json.dumps({"type": "gdal_streamed_alg", "command_line": command}).encode()


def disguises():
    for suffix in SUFFIXES:
        kind = "table" if suffix in {".csv", ".xlsx"} else "map"
        for name, make in (
            ("vrt-file", lambda c: vrt(f"CSV:{c.secret}")),
            ("vrt-http", lambda c: vrt(f"/vsicurl/{c.url}/a.geojson")),
            ("gdalg-file", lambda c: gdalg(str(c.secret))),
        ):
            yield (
                Case(f"{name}{suffix}", make, "linked_file", kind, suffix)
                if (name != "gdalg-file" or kind == "map")
                else Case(f"{name}{suffix}", make, "not_a_table", kind, suffix)
            )
    yield Case("gdalg-http", lambda c: gdalg(f"/vsicurl/{c.url}/x"), "linked_file")
    yield Case("vrt-comment", lambda c: b"<!-- <kml> -->" + vrt(str(c.secret)), "linked_file")
    yield Case("vrt-xml-head", lambda c: makers.HEAD.encode() + vrt(c.url), "linked_file")
    yield Case("vrt-bom", lambda c: b"\xef\xbb\xbf" + vrt(c.url), "linked_file")
    yield Case("vrt-utf16", lambda c: vrt(c.url).decode().encode("utf-16"), "linked_file")
    yield Case("vrt-utf16-unmarked", lambda c: vrt(c.url).decode().encode("utf-16-le"),
               "linked_file")  # fmt: skip
    yield Case("vrt-raster", b"<VRTDataset></VRTDataset>", "linked_file")
    yield Case("wms", lambda c: f"<GDAL_WMS><Service>{c.url}</Service></GDAL_WMS>".encode(),
               "linked_file")  # fmt: skip
    yield Case("vrt-in-zip", lambda c: makers.zipped({"a.vrt": vrt(c.url)}), "zip_no_map")
    yield Case("gml", b"<gml:FeatureCollection xmlns:gml='g'/>", "unknown_format")
    yield Case("vrt-in-kml-attribute", lambda c: makers.kml(makers.placemark(
        f"<Link><href>/vsicurl/{c.url}</href></Link>")), "geometry_missing")  # fmt: skip


# --- entities -----------------------------------------------------------------------


def doctypes(canary):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "xxe-file": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{canary.secret}">]>',
        "xxe-http": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{canary.url}/e">]>',
        "laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY e "&l9;">]>',
        "quadratic": f'<!DOCTYPE x [<!ENTITY e "{"a" * 50_000}">]>',
        "parameter": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{canary.url}/p"> %p; <!ENTITY e "">]>',
        "external-dtd": f'<!DOCTYPE x SYSTEM "{canary.url}/x.dtd" [<!ENTITY e "">]>',
    }


def with_entities(form: str, name: str):
    def make(canary):
        head = makers.HEAD + doctypes(canary)[name]
        repeated = "&e;" * (2000 if name == "quadratic" else 1)
        if form == "kml":
            return makers.kml(makers.placemark("", repeated), head=head)
        if form == "gpx":
            return makers.gpx(f'<wpt lat="1" lon="2"><name>{repeated}</name></wpt>', head=head)
        parts = makers.xlsx_parts(shared=makers.shared_xml(repeated))
        part = {"xlsx-book": "xl/workbook.xml", "xlsx-sheet": "xl/worksheets/sheet1.xml",
                "xlsx-texts": "xl/sharedStrings.xml"}[form]  # fmt: skip
        if form != "xlsx-texts":
            parts.pop("xl/sharedStrings.xml")
        parts[part] = parts[part].replace(makers.HEAD, head)
        return makers.zipped(parts)

    return make


def entities():
    forms = {"kml": "map", "gpx": "map", "xlsx-book": "table", "xlsx-sheet": "table",
             "xlsx-texts": "table"}  # fmt: skip
    names = ("xxe-file", "xxe-http", "laughs", "quadratic", "parameter", "external-dtd")
    for form, kind in forms.items():
        for name in names:
            yield Case(f"{form}-{name}", with_entities(form, name), "xml_doctype", kind)
    hidden = ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE k [<!ENTITY e "x">]>'
              '<kml xmlns="k"/>').encode("utf-16")  # fmt: skip
    yield Case("kml-doctype-utf16", hidden, "xml_doctype")
    yield Case("doctype-without-root", b"<!DOCTYPE kml [<!ENTITY a 'b'>]>", "xml_doctype")


# --- archives -----------------------------------------------------------------------


def with_member(name: str, *, link: bool = False, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO(makers.shapefile())
    with zipfile.ZipFile(out, "a") as archive:
        member = zipfile.ZipInfo(name)
        member.compress_type = method
        if link:
            member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, b"/etc/passwd" * 10)
    return out.getvalue()


def zeros(n_mb: int) -> bytes:
    """A shapefile that unpacks to zeros; made without holding them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.shp", "w", force_zip64=True) as member,
    ):
        for _mb in range(n_mb):
            member.write(b"\0" * (1 << 20))
    return out.getvalue()


def overlapping(n: int, declared: int = 0) -> bytes:
    """Many entries of the directory that all mean the same bytes."""
    packed = zlib.compress(b"\0" * 100_000)[2:-4]
    local = struct.pack("<4s5HLLLHH", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), 100_000, 5, 0)
    body = local + b"a.shp" + packed
    entries = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(packed),
                    declared or 100_000, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in (f"{i}.shp".encode() for i in range(n))
    )  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, n, n, len(entries), len(body), 0)
    return body + entries + end


def patched(content: bytes, mark: bytes, offset: int, new: bytes, nth: int = 0) -> bytes:
    at = -1
    for _time in range(nth + 1):
        at = content.index(mark, at + 1)
    return content[: at + offset] + new + content[at + offset + len(new) :]


def archives():
    good = makers.shapefile()
    names = ("../secret.shp", "a/../../secret.shp", "/etc/cron.d/x", "C:\\x.shp", "..\\x.shp",
             "\\\\host\\x.shp", "/vsicurl/http://x/y", "a\x01b.shp")  # fmt: skip
    for number, name in enumerate(names):
        yield Case(f"zip-slip-{number}", with_member(name), "zip_name")
    yield Case("zip-symlink", with_member("pasar.cpg", link=True), "zip_link")
    yield Case("zip-bzip2", with_member("b.txt", method=zipfile.ZIP_BZIP2), "zip_method")
    yield Case("zip-lzma", with_member("b.txt", method=zipfile.ZIP_LZMA), "zip_method")
    yield Case("zip-twice", lambda _c: duplicate("pasar.dbf"), "zip_twice")
    yield Case("zip-twice-by-case", lambda _c: duplicate("PASAR.DBF"), "zip_twice")
    yield Case("zip-300-mb-of-zeros", lambda _c: zeros(300), "zip_too_large")
    yield Case("zip-ratio", lambda _c: zeros(90), "zip_ratio")
    yield Case("zip-overlap", overlapping(150), "zip_overlap")
    yield Case("zip-400-gb-declared", overlapping(150, 0x7FFFFFFF), "zip_too_large")
    yield Case("zip-2000-on-one-stream", overlapping(2000), "zip_too_many")
    yield Case("zip-60000-empty", lambda _c: many(60_000), "zip_too_many")
    yield Case("zip-201", lambda _c: many(201), "zip_too_many")
    yield Case("zip-encrypted", patched(good, b"PK\x01\x02", 8, b"\x01\x00"), "zip_encrypted")
    yield Case("zip-crc", patched(good, b"PK\x01\x02", 16, b"\x00\x00\x00\x01"), "zip_broken")
    yield Case("zip-longer-than-said", patched(good, b"PK\x01\x02", 24, b"\x10\x00\x00\x00"),
               "zip_broken")  # fmt: skip
    yield Case("zip-shorter-than-said", patched(good, b"PK\x01\x02", 24, b"\xff\xff\x00\x00"),
               "zip_broken")  # fmt: skip
    yield Case("zip-offset-lies", patched(good, b"PK\x01\x02", 42, b"\xff\xff\xff\x00"),
               "zip_broken")  # fmt: skip
    yield Case("zip-not-deflated", patched(good, b"PK\x01\x02", 10, b"\x00\x00"), "zip_broken")
    yield Case("zip-prefix", b"\x00junk" + good, "not_a_map")
    yield Case("zip-in-zip", makers.zipped({"inner.zip": good}), "zip_no_map")
    yield Case("zip-empty", makers.zipped({}), "zip_no_map")
    yield Case("zip-of-folders", makers.zipped({"a/": b"", "a/b/": b""}), "zip_no_map")
    yield Case("zip-of-php", makers.zipped({"a.php": b"<?php system($_GET[0]);"}), "zip_no_map")
    for part in (1, 2, 3):
        yield Case(f"zip-cut-{part}", good[: len(good) * part // 4], "zip_broken")
    yield Case("zip-end-only", b"PK\x05\x06" + b"\0" * 10, "zip_broken")
    yield Case("zip-comment", good[:-2] + b"\x05\x00hello", ACCEPTED, is_read=True)


def duplicate(name: str) -> bytes:
    out = io.BytesIO(makers.shapefile())
    with zipfile.ZipFile(out, "a") as archive:
        # The library warns of a name that it writes twice; written under another, then renamed.
        archive.writestr("x" * len(name), makers.dbf())
    return out.getvalue().replace(b"x" * len(name), name.encode())


def many(n: int) -> bytes:
    return makers.zipped({f"{i}.shp": b"" for i in range(n)}, zipfile.ZIP_STORED)


# --- strangers ----------------------------------------------------------------------


def strangers():
    eicar = base64.b64decode(
        "WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo="
    )
    for name, start in (("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"), ("png", b"\x89PNG\r\n\x1a\n\0"),
                        ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF"), ("gif", b"GIF89a\1\0\1\0\x80"),
                        ("exe", b"MZ\x90\0\3\0\0\0"), ("elf", b"\x7fELF\2\1\1\0"),
                        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0"), ("7z", b"7z\xbc\xaf\x27\x1c\0\4"),
                        ("rar", b"Rar!\x1a\7\1\0"), ("tiff", b"II*\0\x08\0\0\0"),
                        ("swf", b"FWS\x05\0\0\0")):  # fmt: skip
        for kind in ("map", "table"):
            yield Case(f"{name}-as-{kind}", start + b"\0\xff" * 500, "unknown_format", kind)
    yield Case("eicar-as-map", eicar, "not_a_map")
    yield Case("eicar-as-table", eicar, ACCEPTED, "table", is_read=True)
    yield Case("shell-script", b"#!/bin/sh\nrm -rf /\n", "not_a_map")
    yield Case("svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "unknown_format")
    for number in range(6):
        noise = bytes((byte * 7919 + number * 104729) >> 3 & 255 for byte in range(3000))
        yield Case(f"noise-{number}", b"\x00\x01" + noise, "not_text", "table")


def cases():
    yield from disguises()
    yield from entities()
    yield from archives()
    yield from strangers()
