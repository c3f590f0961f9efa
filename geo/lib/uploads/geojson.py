"""GeoJSON from strangers: measured before it is parsed, and followed nowhere."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

from geo.lib.uploads.crs import GEOGRAPHIC, grid_of_code
from geo.lib.uploads.faults import Refused
from geo.lib.uploads.raw_maps import MOST_FEATURES, RawMap

DEEPEST = 12
STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
ONE_KIND = bytes.maketrans(b"{}", b"[]")
# A file that breaks off is told from one that is too deep by as many brackets.
ENOUGH_BRACKETS = 1 << 22
GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
              "GeometryCollection"}  # fmt: skip


def read_geojson(content: bytes) -> RawMap:
    """Read a FeatureCollection, a Feature or a geometry.

    Raises
    ------
    Refused
        ``json_…``, ``linked_file``, ``crs_unsupported`` or ``too_many_features``.
    """
    content, encoding = _as_utf8(content)
    check_depth(content)
    read = _parse(content)
    if not isinstance(read, dict):
        raise Refused("json_not_features", found=type(read).__name__)
    _refuse_strangers(read)
    found = _features(read)
    if len(found) > MOST_FEATURES:
        raise Refused("too_many_features", most=MOST_FEATURES)
    _check_crs(read.get("crs"))
    raw = RawMap(crs=GEOGRAPHIC.code, encoding=encoding)
    for row, one in enumerate(found, start=1):
        if not isinstance(one, dict):
            raise Refused("json_not_features", found=f"features[{row}]: {type(one).__name__}")
        properties = one.get("properties")
        raw.add(properties if isinstance(properties, dict) else {}, one.get("geometry"))
    return raw


def _as_utf8(content: bytes) -> tuple[bytes, str]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            text = content.decode(encoding, errors="replace").removeprefix("\ufeff")
            return text.encode("utf-8", errors="replace"), encoding
    if b"\0" in content[:4]:
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        return content.decode(encoding, errors="replace").encode("utf-8", "replace"), encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode(), "cp1252"
    return content, "utf-8"


def check_depth(content: bytes) -> None:
    """Refuse nesting that would make a parser crash, without parsing.

    Every pass takes out the innermost brackets; what is left after as many passes as levels
    are allowed is nested too deep, or not closed.
    """
    brackets = STRING.sub(b"", content).translate(ONE_KIND, NOT_BRACKETS)
    left = brackets
    for _level in range(DEEPEST):
        left = left.replace(b"[]", b"")
    if left:
        found = max(_depth(left[:ENOUGH_BRACKETS]), _depth(brackets[:ENOUGH_BRACKETS]))
        if found > DEEPEST:
            raise Refused("json_too_deep", found=found, most=DEEPEST)


def _depth(brackets: bytes) -> int:
    deepest = level = 0
    for byte in brackets:
        level += 1 if byte == 0x5B else -1
        deepest = max(deepest, level)
    return deepest


def _parse(content: bytes) -> Any:
    def refuse(name: str) -> None:
        raise Refused("json_number", found=name)

    try:
        return json.loads(content, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise Refused("json_broken", line=error.lineno, at=error.colno) from error
    except (ValueError, RecursionError) as error:
        raise Refused("json_broken", line=1, at=1) from error


def _refuse_strangers(read: dict[str, Any]) -> None:
    kind = read.get("type")
    if kind == "gdal_streamed_alg":
        raise Refused("linked_file", found="GDALG")
    if kind != "Feature" and kind not in {"FeatureCollection", *GEOMETRIES}:
        found = str(kind) if kind is not None else ", ".join(map(str, list(read)[:3]))
        raise Refused("json_not_features", found=found[:60] or "–")


def _features(read: dict[str, Any]) -> list[Any]:
    if read["type"] == "Feature":
        return [read]
    if read["type"] in GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": read}]
    found = read.get("features")
    if not isinstance(found, list):
        raise Refused("json_not_features", found=f"features: {type(found).__name__}")
    return found


def _check_crs(crs: Any) -> None:
    """Refuse every CRS but lon, lat: a link in it would be followed by other readers."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or crs.get("type") != "name":
        raise Refused("crs_unsupported", found=json.dumps(crs)[:100])
    if grid_of_code(name) is not GEOGRAPHIC:
        raise Refused("crs_unsupported", found=name[:100])
