"""Well-known binary from strangers, read without a library and without recursion of its own.

Shapely's reader crashes on deep nesting; this one counts levels and never reads past the end.
"""

from __future__ import annotations

import struct
from typing import Any

KINDS = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString",
         6: "MultiPolygon", 7: "GeometryCollection"}  # fmt: skip
DEEPEST = 8
ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
EXTENDED, EMPTY = 0x20, 0x10


class BadWkb(ValueError):
    """The bytes are no geometry that is read here; the message is its kind."""


def read_package_blob(blob: bytes) -> dict[str, Any] | None:
    """Read a geometry as a GeoPackage keeps it; None when it is empty.

    Raises
    ------
    BadWkb
        Cut off, nested too deep, or of another kind (curves, surfaces).
    """
    if len(blob) < 8 or blob[:2] != b"GP":
        raise BadWkb("blob")
    flags = blob[3]
    if flags & EXTENDED:
        raise BadWkb("ExtendedGeoPackageBinary")
    envelope = ENVELOPES.get(flags >> 1 & 7)
    if envelope is None:
        raise BadWkb("blob")
    if flags & EMPTY:
        return None
    return _Cursor(blob, 8 + envelope).geometry(0)


class _Cursor:
    """Reads on from a place in some bytes."""

    def __init__(self, content: bytes, at: int) -> None:
        self.content, self.at = content, at

    def geometry(self, depth: int) -> dict[str, Any]:
        if depth > DEEPEST:
            raise BadWkb("nested")
        order = {0: ">", 1: "<"}.get(self._take("<B")[0])
        if order is None:
            raise BadWkb("WKB")
        (code,) = self._take(f"{order}I")
        # ISO counts dimensions in thousands, PostGIS in the highest bits.
        plain = (code & 0x0FFFFFFF) % 1000
        kind = KINDS.get(plain)
        if kind is None:
            raise BadWkb(f"WKB {code}")
        if code & 0x20000000:
            self._take("<I")
        return self._body(kind, order, _dimensions(code), depth)

    def _body(self, kind: str, order: str, n_values: int, depth: int) -> dict[str, Any]:
        if kind == "Point":
            return {"type": kind, "coordinates": self._positions(order, n_values, 1)[0]}
        (n,) = self._take(f"{order}I")
        if kind == "LineString":
            return {"type": kind, "coordinates": self._positions(order, n_values, n)}
        # Every member takes at least four bytes: no more than these can follow.
        if n > (len(self.content) - self.at) // 4:
            raise BadWkb("WKB")
        if kind == "Polygon":
            rings = [
                self._positions(order, n_values, self._take(f"{order}I")[0]) for _ring in range(n)
            ]
            return {"type": kind, "coordinates": rings}
        members = [self.geometry(depth + 1) for _member in range(n)]
        if kind == "GeometryCollection":
            return {"type": kind, "geometries": members}
        if any(member["type"] != kind.removeprefix("Multi") for member in members):
            raise BadWkb("WKB")
        return {"type": kind, "coordinates": [member["coordinates"] for member in members]}

    def _positions(self, order: str, n_values: int, n: int) -> list[list[float]]:
        if n > (len(self.content) - self.at) // (8 * n_values):
            raise BadWkb("WKB")
        flat = self._take(f"{order}{n * n_values}d")
        return [list(flat[i : i + n_values]) for i in range(0, len(flat), n_values)]

    def _take(self, form: str) -> tuple[Any, ...]:
        try:
            values = struct.unpack_from(form, self.content, self.at)
        except struct.error as error:
            raise BadWkb("WKB") from error
        self.at += struct.calcsize(form)
        return values


def _dimensions(code: int) -> int:
    by_thousand = {0: 2, 1: 3, 2: 3, 3: 4}.get((code & 0x0FFFFFFF) // 1000)
    if by_thousand is None:
        raise BadWkb(f"WKB {code}")
    return by_thousand + bool(code & 0x80000000) + bool(code & 0x40000000)
