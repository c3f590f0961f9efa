"""Zipped shapefiles from strangers: the parts are read by name, every length is checked.

The format is ESRI's white paper of July 1998; an index (.shx) is not needed to read on.
"""

from __future__ import annotations

import posixpath
import struct
from itertools import pairwise
from typing import Any

from geo.lib.uploads.archives import Archive
from geo.lib.uploads.dbase import read_dbase
from geo.lib.uploads.faults import Refused
from geo.lib.uploads.raw_maps import MOST_FEATURES, RawMap
from geo.lib.uploads.shapes import MOST_VERTICES

POINTS, LINES, POLYGONS, MULTIPOINTS = {1, 11, 21}, {3, 13, 23}, {5, 15, 25}, {8, 18, 28}
WITH_Z = {11, 13, 15, 18}
HEADER = 100
# Holes are looked for in every part of an area; more than these are taken as parts.
MOST_COMPARISONS = 1_000_000
Position = list[float]
Box = tuple[float, float, float, float]


def read_shapefile(archive: Archive, wanted: str | None) -> RawMap:
    """Read one shapefile of an archive, with its attributes and what its .prj says.

    Raises
    ------
    Refused
        ``zip_several``, ``attributes_missing``, ``shapefile_broken``, ``no_layer``.
    """
    parts = _parts(archive, wanted)
    name = posixpath.basename(parts[".shp"])
    if ".dbf" not in parts:
        raise Refused("attributes_missing", found=name[:80])
    geometries = _geometries(archive.read(parts[".shp"]), name)
    code_page = b""
    for ending in (".cpg", ".cst"):
        if ending in parts:
            code_page = archive.read(parts[ending])[:40]
            break
    table = read_dbase(archive.read(parts[".dbf"]), code_page)
    raw = RawMap(layers=[name[:-4]], encoding=table.encoding)
    if ".prj" in parts:
        raw.crs = archive.read(parts[".prj"])[:5000].decode("utf-8", errors="replace").strip()
    for number, geometry in enumerate(geometries):
        properties = table.rows[number] if number < len(table.rows) else {}
        if properties is not None:  # deleted, but not yet packed
            raw.add(properties, geometry)
    return raw


def _parts(archive: Archive, wanted: str | None) -> dict[str, str]:
    """Members of one shapefile by their ending; what a Mac adds is no part of it."""
    names = [n for n in archive.names() if not n.startswith("__MACOSX/")]
    shapes = [n for n in names if n.lower().endswith(".shp")]
    if wanted is not None:
        known = [posixpath.basename(name)[:-4] for name in shapes]
        if wanted not in known:
            raise Refused("no_layer", found=wanted[:80], known=", ".join(known)[:200])
        shapes = [shapes[known.index(wanted)]]
    if len(shapes) != 1:
        found = ", ".join(posixpath.basename(name)[:-4] for name in shapes)
        raise Refused("zip_several", found=len(shapes), names=found[:200])
    stem = shapes[0][:-4].lower()
    return {name[-4:].lower(): name for name in names if name[:-4].lower() == stem}


def _geometries(content: bytes, name: str) -> list[dict[str, Any] | None]:
    broken = Refused("shapefile_broken", part=name[:80])
    if len(content) < HEADER or content[:4] != b"\x00\x00\x27\x0a":
        raise broken
    geometries: list[dict[str, Any] | None] = []
    at = HEADER
    while at < len(content):
        if at + 12 > len(content) or len(geometries) > MOST_FEATURES:
            raise broken
        (words,) = struct.unpack_from(">i", content, at + 4)
        record = content[at + 8 : at + 8 + 2 * words]
        if words < 2 or len(record) != 2 * words:
            raise broken
        try:
            geometries.append(_geometry(record))
        except struct.error:
            raise broken from None
        at += 8 + 2 * words
    return geometries


def _geometry(record: bytes) -> dict[str, Any] | None:
    (kind,) = struct.unpack_from("<i", record)
    if kind == 0:
        return None
    if kind in POINTS:
        position = list(struct.unpack_from("<2d", record, 4))
        return {"type": "Point", "coordinates": _raised(position, kind)}
    if kind in MULTIPOINTS:
        (n,) = struct.unpack_from("<i", record, 36)
        return {"type": "MultiPoint", "coordinates": _positions(record, 40, n, kind)}
    if kind not in LINES | POLYGONS:
        return {"type": {31: "MultiPatch"}.get(kind, f"shape type {kind}"), "coordinates": [0]}
    lines = _lines(record, kind)
    if kind in POLYGONS:
        return {"type": "MultiPolygon", "coordinates": _areas(lines)}
    return {"type": "MultiLineString", "coordinates": lines}


def _raised(position: Position, kind: int) -> Position:
    # The height itself is not kept; that there was one is told.
    return [*position, 0.0] if kind in WITH_Z else position


def _positions(record: bytes, at: int, n: int, kind: int) -> list[Position]:
    if not 0 <= n <= len(record) // 16:
        raise struct.error
    flat = struct.unpack_from(f"<{2 * n}d", record, at)
    if n > MOST_VERTICES:  # enough to be refused
        flat = flat[: 2 * MOST_VERTICES + 4]
    return [_raised([x, y], kind) for x, y in zip(flat[::2], flat[1::2], strict=True)]


def _lines(record: bytes, kind: int) -> list[list[Position]]:
    n_parts, n_points = struct.unpack_from("<2i", record, 36)
    if not 0 <= n_parts <= len(record) // 4:
        raise struct.error
    starts = list(struct.unpack_from(f"<{n_parts}i", record, 44))
    positions = _positions(record, 44 + 4 * n_parts, n_points, kind)
    if not starts:
        return []
    if sorted(starts) != starts or not 0 <= starts[0] <= starts[-1] <= n_points:
        raise struct.error
    return [positions[a:b] for a, b in zip(starts, [*starts[1:], n_points], strict=True)]


# --- areas --------------------------------------------------------------------------


def _areas(rings: list[list[Position]]) -> list[list[list[Position]]]:
    """Sort rings into parts and their holes: parts turn clockwise, holes the other way."""
    rings = [ring for ring in rings if ring]
    outer = [ring for ring in rings if _turns_clockwise(ring)]
    holes = [ring for ring in rings if not _turns_clockwise(ring)]
    if not outer or len(outer) * len(holes) > MOST_COMPARISONS:
        return [[ring] for ring in rings]
    areas = [[ring] for ring in outer]
    boxes = [_box(ring) for ring in outer]
    for hole in holes:
        home = _home_of(hole, outer, boxes)
        if home is None:  # a part drawn the wrong way round
            areas.append([hole])
        else:
            areas[home].append(hole)
    return areas


def _turns_clockwise(ring: list[Position]) -> bool:
    x0, y0 = ring[0][:2]
    pairs = pairwise(ring)
    return sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in pairs) <= 0


def _box(ring: list[Position]) -> Box:
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _home_of(
    hole: list[Position],
    outer: list[list[Position]],
    boxes: list[Box],
) -> int | None:
    """Number of the smallest part around a hole."""
    x, y = hole[0][:2]
    around = [
        number
        for number, (west, south, east, north) in enumerate(boxes)
        if west <= x <= east and south <= y <= north
    ]
    if len(around) > 1:
        around = [number for number in around if _contains(outer[number], x, y)] or around
    sizes = {n: (boxes[n][2] - boxes[n][0]) * (boxes[n][3] - boxes[n][1]) for n in around}
    return min(around, key=lambda number: sizes[number], default=None)


def _contains(ring: list[Position], x: float, y: float) -> bool:
    inside = False
    for a, b in pairwise(ring):
        if (a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]:
            inside = not inside
    return inside
