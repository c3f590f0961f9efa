"""Files of lines: GeoJSON, GeoPackage, shapefile, also zipped, with a declared CRS."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pyogrio
import pyogrio.errors
import pyproj.exceptions
from django.utils.translation import gettext as _

from geo.lib.map_files import declares_crs
from geo.lib.tables import ERROR, Issue

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp")
LARGEST_UNPACKED_BYTES = 500_000_000
MOST_MEMBERS = 1000


def read_lines_file(path: Path, layer: str | None = None):
    """Read a file of lines as a GeoDataFrame in EPSG:4326 without heights.

    Returns
    -------
    (frame, issues)
        ``frame`` is None where something forbids going on.
    """
    address, issues = _address(path)
    if address is None:
        return None, issues
    try:
        layers = [name for name, kind in pyogrio.list_layers(address) if kind]
        if layer is None and len(layers) > 1:
            text = _("The file holds several layers: %(found)s. Name one with --layer.")
            return None, [_fault(path, text % {"found": ", ".join(layers)})]
        frame = pyogrio.read_dataframe(address, layer=layer or None, on_invalid="ignore")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        return None, [_fault(path, _("The file cannot be read: %(why)s") % {"why": error})]
    except (pyproj.exceptions.CRSError, ValueError) as error:
        return None, [_fault(path, _("The file cannot be read: %(why)s") % {"why": error})]
    issues = list(_faults_of_frame(frame, path))
    return (None, issues) if issues else (_in_degrees(frame), [])


def _fault(path: Path, text: str) -> Issue:
    return Issue(None, "", path.name, text, ERROR)


def _address(path: Path) -> tuple[str | None, list[Issue]]:
    """What GDAL opens: the file itself, or the one file of lines inside an archive."""
    if path.suffix.lower() != ".zip":
        return str(path), []
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        return None, [_fault(path, _("The archive is damaged."))]
    size = sum(member.file_size for member in members)
    if size > LARGEST_UNPACKED_BYTES or len(members) > MOST_MEMBERS:
        text = _("The archive unpacks to %(size)d MB; at most %(most)d MB are taken.")
        facts = {"size": size // 1_000_000, "most": LARGEST_UNPACKED_BYTES // 1_000_000}
        return None, [_fault(path, text % facts)]
    names = [
        member.filename
        for member in members
        if member.filename.lower().endswith(SUFFIXES)
        and "__MACOSX" not in member.filename
        and ".." not in PurePosixPath(member.filename).parts
    ]
    if len(names) != 1:
        text = _(
            "The archive must hold one file of lines (.shp, .gpkg or .geojson); found: %(found)s."
        )
        return None, [_fault(path, text % {"found": ", ".join(names) or "–"})]
    return f"/vsizip/{{{path}}}/{names[0]}", []


def _faults_of_frame(frame, path: Path) -> Iterator[Issue]:
    if not hasattr(frame, "geometry") or not len(frame):
        yield _fault(path, _("The file holds no lines."))
        return
    if not len(frame.columns) > 1:
        yield _fault(
            path,
            _(
                "The file holds lines without any attributes. Of a shapefile, the .dbf belongs "
                "beside the .shp."
            ),
        )
    if not declares_crs(path, frame.crs):
        yield _fault(
            path,
            _(
                "The file does not declare a known coordinate reference system. Add a .prj file "
                "or save it again with its CRS; guessing could move every road."
            ),
        )


def _in_degrees(frame):
    # Heights are dropped first, so that a compound CRS does not ask for a vertical grid.
    flat = frame.set_crs(frame.crs.to_2d(), allow_override=True)
    flat = flat.set_geometry(flat.geometry.force_2d())
    return flat if flat.crs.to_epsg() == 4326 else flat.to_crs(4326)
