"""The SQL files of wilayah_boundaries: names and polygons of areas inside INSERT statements.

One row is ``('16.07.01.1016','Mariana',lat,lng,'[[[lat,lng],…]]')`` on a line of
its own. The path is a polygon (list of rings) or a multipolygon (list of
polygons), its points latitude first. The files are read as text, never executed.

Source: https://github.com/cahyadsn/wilayah_boundaries
Imported by batch code only: it needs Shapely.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

ROW = re.compile(
    r"\('(?P<code>[0-9.]+)','(?P<name>(?:[^'\\]|''|\\.)*)',"
    r"[^,']*,[^,']*,(?:'(?P<path>[^']*)'|NULL)[^']*\)[,;]?"
)


@dataclass(frozen=True)
class SqlRow:
    """One area: ``path`` is None where the file says NULL or the row cannot be read."""

    line: int
    code: str
    name: str
    path: str | None
    is_readable: bool = True


def sql_paths(regency_code: str) -> dict[str, str]:
    """Where upstream keeps the files that hold one regency, below its root.

    Parameters
    ----------
    regency_code : str

    Returns
    -------
    dict of str to str
        ``village``, ``district`` and ``regency``; the last two cover the province.
    """
    province = regency_code[:2]
    return {
        "village": f"db/kel/{province}/wilayah_boundaries_kel_{regency_code}.sql",
        "district": f"db/kec/wilayah_boundaries_kec_{province}.sql",
        "regency": f"db/kab/wilayah_boundaries_kab_{province}.sql",
    }


def read_rows(path: Path) -> Iterator[SqlRow]:
    """Read the rows of one file, in its order.

    Parameters
    ----------
    path : Path
        UTF-8 text.

    Yields
    ------
    SqlRow
        A line that begins like a row and does not go on like one comes with
        ``is_readable`` false, so that it can be reported instead of being lost.
    """
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            text = line.strip()
            if not text.startswith("('"):
                continue
            row = ROW.fullmatch(text)
            if row is None:
                yield SqlRow(number, text[2:15].partition("'")[0], "", None, is_readable=False)
            else:
                name = row["name"].replace("''", "'").replace("\\'", "'")
                yield SqlRow(number, row["code"], name, row["path"])


def polygon_of(path: str) -> shapely.MultiPolygon:
    """Turn a path into a geometry.

    Parameters
    ----------
    path : str
        JSON; points latitude first, in degrees, EPSG:4326.

    Returns
    -------
    shapely.MultiPolygon
        Longitude first; it may be invalid or empty.

    Raises
    ------
    ValueError
        The text is not such a path, or a ring has fewer than four points.
    """
    try:
        nested = json.loads(path)
        depth = _depth(nested)
        polygons = nested if depth == 4 else [nested]
        if depth not in (3, 4):
            raise ValueError(f"nested {depth} deep instead of 3 or 4")
        return shapely.MultiPolygon([_polygon(rings) for rings in polygons])
    except (TypeError, IndexError, shapely.errors.GEOSException) as error:
        raise ValueError(str(error)) from error


def _depth(nested: object) -> int:
    depth = 0
    while isinstance(nested, list) and nested:
        nested, depth = nested[0], depth + 1
    return depth


def _polygon(rings: list) -> shapely.Polygon:
    flipped = [np.array(ring, dtype=float)[:, 1::-1] for ring in rings]
    return shapely.Polygon(flipped[0], flipped[1:])
