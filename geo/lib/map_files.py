"""Whether a map file says in which coordinates it is written. For batch only: pyproj."""

from __future__ import annotations

import json
from pathlib import Path

import pyproj
import pyproj.exceptions


def declares_crs(path: Path, crs: pyproj.CRS | None) -> bool:
    """True where the file names a coordinate reference system that lies on the earth.

    Parameters
    ----------
    path
        The file, for a GeoJSON may name what GDAL does not know.
    crs
        What GDAL read from it.
    """
    return _is_on_earth(crs) and _names_known_crs(path)


def _is_on_earth(crs: pyproj.CRS | None) -> bool:
    # GeoPackage writes “undefined” as a CRS of its own; engineering CRSs lie nowhere.
    if crs is None or crs.name.lower().startswith("undefined"):
        return False
    flat = crs.sub_crs_list[0] if crs.is_compound else crs
    return flat.is_geographic or flat.is_projected


def _names_known_crs(path: Path) -> bool:
    # GDAL reads a GeoJSON whose “crs” it does not know as if it were EPSG:4326.
    if path.suffix.lower() not in (".geojson", ".json"):
        return True
    collection = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(collection, dict) or "crs" not in collection:
        return True
    try:
        pyproj.CRS.from_user_input(collection["crs"]["properties"]["name"])
    except (TypeError, KeyError, pyproj.exceptions.CRSError):
        return False
    return True
