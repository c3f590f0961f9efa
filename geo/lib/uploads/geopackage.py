"""GeoPackages from strangers: a database is a program too, so SQLite may only read tables.

The file is loaded into memory (nothing is opened, no journal looked for) and an authorizer
refuses everything but SELECT on tables: views, functions, triggers and virtual tables in it
never run.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from geo.lib.uploads.crs import GEOGRAPHIC
from geo.lib.uploads.faults import Faults, Refused
from geo.lib.uploads.raw_maps import MOST_FEATURES, RawMap
from geo.lib.uploads.wkb import BadWkb, read_package_blob

ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
READING_AND_WRITING_VERSION = 18
WITH_LOG = 2
# A view runs whatever its author wrote, a virtual table whatever its module does, and a column
# that is calculated (GENERATED ALWAYS AS …) runs functions too.
STORED_TABLE = re.compile(r"\s*create\s+table\b(?!.*\bas\s*\()", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    column: str
    srs_id: int


def read_geopackage(content: bytes, wanted: str | None, faults: Faults) -> RawMap:
    """Read the only layer of a GeoPackage, or the one that is wanted.

    Raises
    ------
    Refused
        ``not_a_package``, ``package_broken``, ``several_layers``, ``no_layer``,
        ``too_many_features``.
    """
    with _opened(content, faults) as base:
        layer = _choose(base, wanted, faults)
        raw = RawMap(crs=_crs(base, layer.srs_id), layers=[layer.name], encoding="utf-8")
        cursor = base.execute(f"SELECT * FROM {_quoted(layer.name)} LIMIT {MOST_FEATURES + 1}")  # noqa: S608 quoted, and one of the names in the file
        names = [column[0] for column in cursor.description]
        if layer.column not in names:
            raise Refused("package_broken", reason=layer.column[:60])
        for values in cursor:
            properties = dict(zip(names, values, strict=True))
            geometry = _geometry(properties.pop(layer.column))
            raw.add(properties, geometry, layer.name)
    return raw


@contextmanager
def _opened(content: bytes, faults: Faults) -> Iterator[sqlite3.Connection]:
    log_marks = content[READING_AND_WRITING_VERSION : READING_AND_WRITING_VERSION + 2]
    if WITH_LOG in log_marks:
        # Written with a log beside it, which did not come along. Without the mark it opens.
        faults.add("package_open")
        content = content[:18] + b"\x01\x01" + content[20:]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        try:
            base.deserialize(content)
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute("PRAGMA cell_size_check = ON")
            base.execute("PRAGMA query_only = ON")
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 60_000_000)
            base.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000)
            base.set_authorizer(_authorize)
            yield base
        except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
            # The last: SQLite quotes names of the file, in bytes that are no text.
            raise Refused("package_broken", reason=_short(str(error))) from error


def _authorize(action: int, *_about: Any) -> int:
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


def _choose(base: sqlite3.Connection, wanted: str | None, faults: Faults) -> _Layer:
    tables = {
        name: sql or ""
        for name, sql in base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    }
    if "gpkg_contents" not in tables or "gpkg_geometry_columns" not in tables:
        raise Refused("not_a_package")
    layers = _layers(base, tables, faults)
    known = ", ".join(_short(layer.name) for layer in layers) or "–"
    if wanted is not None:
        layers = [layer for layer in layers if layer.name == wanted]
        if not layers:
            raise Refused("no_layer", found=wanted[:80], known=known[:300])
    if not layers:
        raise Refused("no_features", found="GeoPackage")
    if len(layers) > 1:
        raise Refused("several_layers", n=len(layers), known=known[:300])
    return layers[0]


def _layers(base: sqlite3.Connection, tables: dict[str, str], faults: Faults) -> list[_Layer]:
    layers = []
    for name, column, srs_id in base.execute(
        "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns"
    ):
        if not (isinstance(name, str) and isinstance(column, str)):
            raise Refused("package_broken", reason="gpkg_geometry_columns")
        if STORED_TABLE.match(tables.get(name, "")):
            layers.append(_Layer(name, column, srs_id if isinstance(srs_id, int) else 0))
        else:
            faults.add("layer_is_view", found=_short(name))
    return layers


def _crs(base: sqlite3.Connection, srs_id: int) -> str:
    if srs_id in {0, -1}:
        return ""
    rows = base.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys "
        "WHERE srs_id = ? LIMIT 1",
        (srs_id,),
    ).fetchall()
    if not rows:
        return ""
    organization, number, definition = rows[0]
    if str(organization).upper() == "EPSG" and isinstance(number, int):
        return GEOGRAPHIC.code if number == 4326 else f"EPSG:{number}"
    return str(definition)[:5000]


def _geometry(blob: Any) -> Any:
    if blob is None:
        return None
    if not isinstance(blob, bytes):
        return {"type": type(blob).__name__}
    try:
        return read_package_blob(blob)
    except BadWkb as error:
        return {"type": str(error)}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _short(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:80]
