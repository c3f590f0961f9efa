"""A child that writes GeoPackages: see ``lib.children`` for how it is started.

The first line it is given is an object: what is said of the file as a whole. After it, an
object opens a layer (``name``, ``description``, ``fields``: name and kind of each,
``has_geometry``) and a list is one row of the layer that was opened last, its geometry last
(WKB as hexadecimal text, EPSG:4326, or null). GDAL is loaded here and nowhere in the web process.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from geo.lib.limits import limit_myself, read_lines

if __name__ == "__main__":
    # pyogrio loads these where it finds them, which takes ten times as long as all the rest.
    sys.modules.update(dict.fromkeys(("geopandas", "pandas", "pyarrow", "shapely")))  # type: ignore[arg-type]

import pyogrio.raw

TYPES = {"text": object, "number": np.float64, "whole": np.int64}
EMPTY = {"text": "", "number": np.nan, "whole": 0}
ROWS_AT_ONCE = 20_000
CRS = "EPSG:4326"


class Layer:
    """One table that is being written, some rows at a time."""

    def __init__(self, path: Path, opened: dict[str, Any], about: dict[str, str]) -> None:
        self.path, self.opened, self.about = path, opened, about
        self.rows: list[list[Any]] = []

    def add(self, row: list[Any]) -> None:
        """Take one more row."""
        self.rows.append(row)
        if len(self.rows) == ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what was taken."""
        if not self.rows:
            return
        names = [name for name, _kind in self.opened["fields"]]
        columns = list(zip(*self.rows, strict=True))
        geometry, shape = None, {}
        if self.opened["has_geometry"]:
            geometry = np.array([w and bytes.fromhex(w) for w in columns.pop()], dtype=object)
            shape = {"geometry_type": "MultiPolygon", "crs": CRS}
        kinds = [kind for _name, kind in self.opened["fields"]]
        pyogrio.raw.write(
            self.path,
            geometry,
            [_array(column, kind) for column, kind in zip(columns, kinds, strict=True)],
            names,
            field_mask=[np.array([cell is None for cell in column]) for column in columns],
            layer=self.opened["name"],
            driver="GPKG",
            append=self.path.exists(),
            dataset_metadata=self.about,
            layer_metadata={"DESCRIPTION": self.opened["description"]},
            **shape,
        )
        self.rows = []


def _array(column: Iterable[Any], kind: str) -> np.ndarray:
    """One column; what is empty is masked, and holds something of its type."""
    cells = [EMPTY[kind] if cell is None else cell for cell in column]
    return np.array(cells, dtype=TYPES[kind])


def write_geopackage(lines: Iterable[Any], path: Path) -> None:
    """Write the GeoPackage that ``lines`` describe to ``path``."""
    lines = iter(lines)
    about = next(lines)
    layer = Layer(path, next(lines), about)
    for line in lines:
        if isinstance(line, list):
            layer.add(line)
        else:
            layer.flush()
            layer = Layer(path, line, about)
    layer.flush()


if __name__ == "__main__":
    limit_myself()
    with TemporaryDirectory() as folder:
        package = Path(folder) / "package.gpkg"
        write_geopackage(read_lines(), package)
        sys.stdout.buffer.write(package.read_bytes())
