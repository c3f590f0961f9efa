"""GeoJSON as a table: one feature a row, its point in the columns ``lon`` and ``lat``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from geo.lib.tables import LARGEST_FILE_BYTES, Table, UnreadableTable, decode

LON, LAT = "lon", "lat"


def is_geojson(path: Path) -> bool:
    """Whether the file begins like JSON, whatever its name."""
    with path.open("rb") as file:
        return file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_geojson(path: Path) -> Table:
    """Read a FeatureCollection of points; rows are numbered from 1.

    Raises
    ------
    UnreadableTable
        ``too_large``, ``not_geojson``, ``other_crs``, ``not_points``, ``empty``.
    """
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise UnreadableTable("too_large", str(path.stat().st_size))
    try:
        read = json.loads(decode(path.read_bytes()))
    except (ValueError, RecursionError) as error:
        raise UnreadableTable("not_geojson", str(error)) from error
    features = read.get("features")
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise UnreadableTable("not_geojson", str(read.get("type")))
    crs = json.dumps(read.get("crs", ""))
    if read.get("crs") and not any(name in crs for name in ("CRS84", "4326")):
        raise UnreadableTable("other_crs", crs)
    rows = [_cells(number, one) for number, one in enumerate(features, start=1)]
    if not rows:
        raise UnreadableTable("empty")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    padded = ({column: row.get(column, "") for column in columns} for row in rows)
    return Table(columns, list(enumerate(padded, start=1)))


def _cells(number: int, feature: dict[str, Any]) -> dict[str, Any]:
    geometry = feature.get("geometry") or {}
    cells = {key: _cell(value) for key, value in (feature.get("properties") or {}).items()}
    if not geometry:
        return cells
    position = geometry.get("coordinates")
    if geometry.get("type") != "Point" or not isinstance(position, list) or len(position) < 2:
        raise UnreadableTable("not_points", f"{number}: {geometry.get('type')}")
    # The geometry is the position; a third number, the height, is not kept.
    return cells | {LON: _cell(position[0]), LAT: _cell(position[1])}


def _cell(value: Any) -> str | float:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return float(value)
    return str(value).strip()
