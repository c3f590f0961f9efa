"""Making files of figures: made once for each state of the data, kept in a bounded folder."""

from __future__ import annotations

import io
import json
import math
import zipfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from geo.areas.models import Area
from geo.indicators.queries import Figures
from geo.lib.children import run_child
from geo.lib.kept_files import KeptFiles
from geo.opendata.queries import (
    TABLE_HEADER,
    drawn_areas,
    feature_text,
    named_areas,
    outlined_areas,
)
from geo.opendata.queries.descriptions import (
    KEEPING,
    describe,
    description_rows,
    description_text,
)
from geo.opendata.queries.sectors import Reading
from geo.opendata.rules import write_table

MOST_KEPT_BYTES = 300_000_000
SECONDS, MEMORY_MB = 120, 1500
WIDTHS = [15, 12, 26, 20, 28, 10, 14, 16, 13, 10, 10, 60]
KINDS = {"value": "number", "reported": "whole", "expected": "whole"}
FIELDS = [[name, KINDS.get(name, "text")] for name in TABLE_HEADER]


class Download:
    """One file to be made: which figures, of which areas, and what is said of them.

    Parameters
    ----------
    figures
        Read while the file is written, and only once.
    parent, level
        Of the areas that are drawn in GeoPackage and GeoJSON.
    title
        What the file holds, by language.
    asked
        The parameters of the question, for the description.
    """

    def __init__(
        self,
        figures: Iterable[Figures],
        *,
        parent: Area,
        level: str,
        title: dict[str, str],
        asked: dict[str, Any],
    ) -> None:
        self.reading = Reading(iter(figures))
        self.parent, self.level = parent, level
        self.title, self.asked = title, asked

    def described(self) -> dict[str, Any]:
        """The description; call it after the figures have been read."""
        return describe(self.reading, title=self.title, asked=self.asked)

    # --- one way of writing each kind ---------------------------------------

    def write_xlsx(self, path: Path) -> None:
        """Write a workbook: one long table, then what has to be known of it.

        One table and not a sheet for each indicator: every figure keeps its status,
        coverage and source beside it, and filters and pivot tables work over all of it.
        """
        run_child("geo.lib.sheets", self._sheets(), path, seconds=SECONDS, memory_mb=MEMORY_MB)

    def _sheets(self) -> Iterator[Any]:
        yield {"title": self.title["id"], "comments": self.title["en"]}
        yield {"name": "Angka", "header": TABLE_HEADER, "widths": WIDTHS}
        yield from self.reading.rows()
        widths = [30, 34, 70, 70]
        yield {"name": "Keterangan", "header": KEEPING, "widths": widths, "wraps": True}
        yield from description_rows(self.described())

    def write_zip(self, path: Path) -> None:
        """Write the table as CSV, with its description beside it."""
        name = f"{self.asked['sector']}_{self.level}.csv"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as folder:
            with (
                folder.open(name, "w", force_zip64=True) as page,
                io.TextIOWrapper(page, "utf-8", newline="") as text,
            ):
                write_table(text, TABLE_HEADER, self.reading.rows())
            # Not the present time: the same figures are the same bytes, as the table above is.
            about = zipfile.ZipInfo("README.txt")
            about.compress_type = zipfile.ZIP_DEFLATED
            folder.writestr(about, "\ufeff" + description_text(self.described()))

    def write_gpkg(self, path: Path) -> None:
        """Write a GeoPackage: areas with the latest figures, all figures, the description."""
        run_child("geo.lib.geopackage", self._layers(), path, seconds=SECONDS, memory_mb=MEMORY_MB)

    def _layers(self) -> Iterator[Any]:
        yield {"TITLE": self.title["id"], "DESCRIPTION": self.title["en"]}
        yield _layer("angka", self.title["en"], FIELDS)
        latest: dict[str, dict[str, list]] = defaultdict(dict)
        for row in self.reading.rows():
            yield row
            latest[row[4]][row[0]] = row
        yield from self._drawn(latest)
        names = [[name, "text"] for name in KEEPING]
        yield _layer("keterangan", "What has to be known of the figures.", names)
        yield from description_rows(self.described())

    def _drawn(self, latest: dict[str, dict[str, list]]) -> Iterator[Any]:
        """The layer to be drawn: of every area the newest row of each indicator."""
        areas = named_areas(self.parent, self.level)
        shown = {i: rows for i, rows in latest.items() if rows.keys() & areas.keys()}
        fields = [[name, "text"] for name in ("code", "bps_code", "name", "district")]
        for indicator in shown:
            fields += [[indicator, "number"], [f"{indicator}_status", "text"]]
        title = f"{self.title['en']}: latest figures"
        yield _layer("wilayah", title, fields, has_geometry=True)
        shapes = outlined_areas(self.parent, self.level)
        for code, facts in areas.items():
            cells = []
            for rows in shown.values():
                row = rows.get(code)
                cells += [row[6], row[8]] if row else [None, None]
            yield [code, *facts, *cells, shapes.get(code)]

    def write_geojson(self, path: Path) -> None:
        """Write a FeatureCollection: of every area all figures, ``<indicator>_<period>``."""
        columns = Columns(self.reading.rows())
        with path.open("w", encoding="utf-8") as page:
            page.write('{"type":"FeatureCollection","features":[')
            areas = drawn_areas(self.parent, self.level)
            for place, (code, properties, geometry) in enumerate(areas):
                more = ",".join([properties[:-1], *columns.of(code)]) + "}"
                page.write("," * bool(place) + feature_text(code, more, geometry))
            page.write("]}")

    def write_json(self, path: Path) -> None:
        """Write the description alone."""
        for _figures in self.reading:
            pass
        path.write_text(json.dumps(self.described(), ensure_ascii=False), "utf-8")


def _layer(
    name: str, description: str, fields: list[list[str]], has_geometry: bool = False
) -> dict[str, Any]:
    shape = {"name": name, "description": description, "fields": fields}
    return shape | {"has_geometry": has_geometry}


class Columns:
    """Figures by area, packed: as Python objects, a sector would fill the web process."""

    def __init__(self, rows: Iterable[list]) -> None:
        self.keys: list[str] = []
        self.statuses: list[str] = []
        self.cells: dict[str, tuple[array, array, array]] = {}
        for row in rows:
            key = f"{row[4]}_{row[5]}"
            if not self.keys or self.keys[-1] != key:
                self.keys.append(key)
            if row[8] not in self.statuses:
                self.statuses.append(row[8])
            empty = (array("i"), array("d"), array("b"))
            places, values, statuses = self.cells.setdefault(row[0], empty)
            places.append(len(self.keys) - 1)
            values.append(math.nan if row[6] is None else row[6])
            statuses.append(self.statuses.index(row[8]))

    def of(self, code: str) -> Iterator[str]:
        """What is known of one area, as the members of a JSON object."""
        for place, value, status in zip(*self.cells.get(code, ()), strict=True):
            key = self.keys[place]
            written = "null" if math.isnan(value) else json.dumps(value)
            yield f'"{key}":{written},"{key}_status":"{self.statuses[status]}"'


WRITERS: dict[str, Callable[[Download, Path], None]] = {
    "xlsx": Download.write_xlsx,
    "csv": Download.write_zip,
    "gpkg": Download.write_gpkg,
    "geojson": Download.write_geojson,
    "meta.json": Download.write_json,
}


def open_file(*, kind: str, key: str, download: Download) -> IO[bytes]:
    """Open the file for reading; made only where none is kept under ``key``.

    Parameters
    ----------
    kind
        One of ``WRITERS``.
    key
        Everything that the file depends on, the version of the data too.

    Raises
    ------
    FileNotMade, TooBusy
    """
    kept = KeptFiles(settings.VAR_DIR / "cache" / "opendata", MOST_KEPT_BYTES)
    return kept.open(f"{kind} {key}", lambda path: WRITERS[kind](download, path))
