"""Reading boundary files into rows of code, name and polygon (EPSG:4326, lon, lat)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyogrio
import pyogrio.errors
import pyproj.exceptions
import shapely
from django.utils.translation import gettext as _

from geo.areas.batch.sources import Edition
from geo.lib.map_files import declares_crs
from geo.lib.names import without_title
from geo.lib.upstream_sql import SqlRow, polygon_of, read_rows

CODE_COLUMNS = ["code", "kode", "kdepum", "kode_desa", "kode_kel", "kd_desa", "kode_kemendagri"]
NAME_COLUMNS = ["name", "nama", "namobj", "wadmkd", "nama_desa", "nama_kel", "desa"]


@dataclass(frozen=True)
class BoundaryIssue:
    """One fault of a boundary file: ``place`` is the line or feature it stands in."""

    place: str
    code: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.code, self.message) if part)


@dataclass(frozen=True)
class BoundaryRow:
    place: str
    code: str
    name: str
    geometry: shapely.Geometry | None


@dataclass(frozen=True)
class BoundaryFile:
    """Everything read from an edition; geometries are unchecked, in EPSG:4326 if declared."""

    rows: list[BoundaryRow]
    upper_names: dict[str, str]
    issues: list[BoundaryIssue]

    @property
    def names(self) -> dict[str, str]:
        return {**self.upper_names, **{row.code: row.name for row in self.rows}}


def read_edition(edition: Edition, code_column: str | None = None) -> BoundaryFile:
    """Read the villages of an edition, and the names of the levels above where it has them."""
    if edition.is_sql:
        upper_names = {row.code: row.name for path in edition.upper for row in read_rows(path)}
        rows, issues = [], []
        for row in read_rows(edition.villages):
            _read_sql_row(row, rows, issues)
        return BoundaryFile(rows, upper_names, issues)
    return _read_vector(edition.villages, code_column)


def _read_sql_row(row: SqlRow, rows: list[BoundaryRow], issues: list[BoundaryIssue]) -> None:
    place = _("line %(number)s") % {"number": row.line}
    if not row.is_readable:
        issues.append(BoundaryIssue(place, row.code, _("The row cannot be read.")))
        return
    if row.path is None:  # the publisher says that there is no boundary yet
        return
    try:
        geometry = polygon_of(row.path) if row.path else None
    except ValueError as error:
        message = _("The path is not a polygon: %(reason)s.") % {"reason": error}
        issues.append(BoundaryIssue(place, row.code, message))
        return
    rows.append(BoundaryRow(place, row.code, without_title(row.name), geometry))


def _read_vector(path: Path, code_column: str | None) -> BoundaryFile:
    try:
        layers = [name for name, kind in pyogrio.list_layers(path) if kind]
        if len(layers) > 1:
            message = _(
                "The file holds several layers: %(found)s. Save the villages by themselves."
            )
            issue = BoundaryIssue(path.name, "", message % {"found": ", ".join(layers)})
            return BoundaryFile([], {}, [issue])
        frame = pyogrio.read_dataframe(path, on_invalid="ignore")
    except (pyogrio.errors.DataSourceError, pyproj.exceptions.CRSError, ValueError) as error:
        message = _("The file cannot be read: %(reason)s") % {"reason": error}
        return BoundaryFile([], {}, [BoundaryIssue(path.name, "", message)])
    issues = list(_issues_of_frame(frame, path, code_column))
    if issues and not hasattr(frame, "crs"):
        return BoundaryFile([], {}, issues)
    codes = _column(frame, [code_column] if code_column else CODE_COLUMNS)
    names = _column(frame, NAME_COLUMNS)
    # What does not say where it lies is refused already; only its other faults are looked for.
    shapes = shapely.force_2d(frame.geometry.to_numpy() if issues else _in_degrees(frame))
    rows = [
        BoundaryRow(
            _("feature %(number)s") % {"number": number},
            _dotted(codes.iloc[number - 1]) if codes is not None else "",
            str(names.iloc[number - 1]) if names is not None else "",
            shape,
        )
        for number, shape in enumerate(shapes, start=1)
    ]
    if codes is None:  # one issue says so; without codes nothing else can be checked
        return BoundaryFile([], {}, issues)
    return BoundaryFile(rows, {}, issues)


def _issues_of_frame(frame, path: Path, code_column: str | None) -> Iterator[BoundaryIssue]:
    if not hasattr(frame, "crs"):
        yield BoundaryIssue(path.name, "", _("The file holds no geometries."))
        return
    if not declares_crs(path, frame.crs):
        yield BoundaryIssue(
            path.name,
            "",
            _(
                "The file does not declare a known coordinate reference system. Add a .prj file "
                "or save it again with its CRS; guessing could move every boundary."
            ),
        )
    columns = [code_column] if code_column else CODE_COLUMNS
    if _column(frame, columns) is None:
        message = _(
            "There is no column with village codes. Looked for: %(wanted)s; the file has: "
            "%(found)s. Name the column with --code-column."
        )
        found = ", ".join(map(str, frame.columns))
        yield BoundaryIssue(path.name, "", message % {"wanted": ", ".join(columns), "found": found})


def _column(frame, wanted: list[str]):
    by_lower = {str(column).lower(): column for column in frame.columns}
    name = next((by_lower[w.lower()] for w in wanted if w.lower() in by_lower), None)
    return None if name is None else frame[name].astype("string").fillna("")


def _in_degrees(frame):
    geometries = frame.geometry
    if frame.crs.to_epsg() == 4326:
        return geometries.to_numpy()
    # Heights are dropped first, so that a compound CRS does not ask for a vertical grid.
    flat = geometries.set_crs(frame.crs.to_2d(), allow_override=True).force_2d()
    return flat.to_crs(4326).to_numpy()


def _dotted(code: str) -> str:
    code = code.strip()
    if len(code) == 10 and code.isdigit():
        return f"{code[:2]}.{code[2:4]}.{code[4:6]}.{code[6:]}"
    return code
