"""Indicative boundaries: Thiessen polygons of the villages' points, clipped to the coast.

The embedded default for a machine without a network. They are an estimate and
are published as one: nobody may read a village's border from them.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pyproj
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.areas.batch.indicative_coast import Region, read_land
from geo.areas.batch.indicative_points import (
    PACKAGE,
    VillagePoints,
    add_sure_points,
    check_points,
    keep_provinces_within,
    read_points,
)
from geo.lib.errors import GeoError
from geo.lib.thiessen import join_cells, settle_crumbs, thiessen_cells

COAST_LICENCE = "LGPL-3.0-or-later"
CRUMB_M2 = 50_000  # detached parts below 5 ha are crumbs of the method, not land of a village
SIMPLIFY_M = 60  # square root of the area (m²) of the smallest bend of the coast that is kept
DECIMALS = 5  # about 1 m
LICENCES = {"GSHHG": COAST_LICENCE, PACKAGE: "MIT", "points/": "see points/source.toml"}
WGS84 = pyproj.Geod(ellps="WGS84")
METHOD = (
    "Thiessen polygons of the known points of every village (one or two each), in {crs}, clipped "
    "to the coast; detached parts below {crumb} ha joined to the neighbour, islets below that "
    "left out; coast simplified as a coverage (Visvalingam-Whyatt, {simplify} m); coordinates to "
    "{decimals} decimals. The borders are estimates: half-way between points."
)


class UnusableRegency(GeoError):
    """The regency's cells cannot be built."""

    template = gettext_lazy("%(problem)s")


@dataclass(frozen=True)
class IndicativeBoundaries:
    """One regency's cells as they will be stored, and how they came about."""

    regency: str
    codes: list[str]
    names: list[str]
    cells: np.ndarray  # EPSG:4326, lon, lat, a valid coverage
    without_polygon: list[str]
    area_km2: float
    crs: str
    coast: str
    points: VillagePoints
    notes: list[str]

    def geojson(self) -> bytes:
        """Return the file's bytes: one feature a line, sorted by code, always the same."""
        lines = []
        for code, name, cell in zip(self.codes, self.names, self.cells, strict=True):
            feature = {
                "type": "Feature",
                "properties": {"code": code, "name": name},
                "geometry": json.loads(shapely.to_geojson(cell)),
            }
            lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
        text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
        return text.encode()


def build_boundaries(
    regency: str,
    *,
    points_file: Path,
    sure_folder: Path,
    coast_file: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> IndicativeBoundaries:
    """Build the cells of ``regency`` from points and a coast; nothing is written."""
    progress(_("Reading the points"))
    points = VillagePoints(read_points(points_file), points_file.name)
    listed = add_sure_points(points, sure_folder).of_regency(regency).index.unique()
    points = check_points(points, regency)
    own = points.of_regency(regency)
    progress(_("Reading the coast"))
    region = Region.around(own["lon"].to_numpy(), own["lat"].to_numpy())
    land, coast = read_land(region, coast_file)
    points = keep_provinces_within(points, region.box.bounds)
    progress(_("Dividing the land among %(count)d points") % {"count": len(points.table)})
    crs = geopandas.GeoSeries([shapely.box(*_bounds(own))], crs=4326).estimate_utm_crs()
    names = own["name"][~own.index.duplicated()]
    cells, notes = _cells_of(points, names.index, land, region, crs)
    has_cell = ~shapely.is_empty(cells)
    codes = names.index[has_cell].tolist()
    return IndicativeBoundaries(
        regency=regency,
        codes=codes,
        names=names[has_cell].tolist(),
        cells=cells[has_cell],
        without_polygon=sorted(set(listed) - set(codes)),
        area_km2=geodesic_area_km2(cells[has_cell]),
        crs=crs.to_string(),
        coast=coast,
        points=points,
        notes=points.notes + notes,
    )


def _cells_of(points, own_codes, land, region, crs) -> tuple[np.ndarray, list[str]]:
    """Return the regency's cells in EPSG:4326 and notes about them.

    Crumbs are settled and the coast is simplified together with the cells next
    door, so that the inland border is the same when the neighbour is built.
    """
    table = points.table
    if len(table) < 3:
        raise UnusableRegency(
            problem=_("Only %(count)d villages have a point; Thiessen polygons need three.")
            % {"count": len(table)}
        )
    places = geopandas.GeoSeries.from_xy(table["lon"], table["lat"], crs=4326).to_crs(crs)
    land_m = geopandas.GeoSeries([land], crs=4326).to_crs(crs).iloc[0]
    owners, codes = table.index.factorize()
    cells = join_cells(thiessen_cells(np.c_[places.x, places.y], land_m), owners, len(codes))
    is_own = codes.isin(own_codes)
    area = shapely.union_all(cells[is_own])
    if area.is_empty:
        raise UnusableRegency(
            problem=_(
                "No village of the regency has land: the coast lies elsewhere than the points."
            )
        )
    local = np.flatnonzero(is_own | shapely.intersects(cells, area))
    kept = shapely.coverage_simplify(settle_crumbs(cells[local], CRUMB_M2), SIMPLIFY_M)
    cells = geopandas.GeoSeries(kept[is_own[local]], crs=crs).to_crs(4326).to_numpy()
    cells = rounded(cells)
    notes = []
    if shapely.intersects(region.box.exterior, shapely.union_all(cells)):
        notes.append(_("cells reach the edge of the coast that was read: few points out there"))
    return cells, notes


def rounded(cells: np.ndarray) -> np.ndarray:
    """Round to ``DECIMALS`` and put into one form; clean where rounding folds a corner."""
    for _attempt in range(3):
        cells = shapely.transform(cells, lambda lonlat: np.round(lonlat, DECIMALS))
        if shapely.is_valid(cells).all() and shapely.coverage_is_valid(cells):
            return shapely.orient_polygons(shapely.normalize(cells))
        cells = shapely.coverage_clean(_polygons_only(shapely.make_valid(cells)))
    raise UnusableRegency(
        problem=_("The cells overlap or leave gaps after rounding. Please report this regency.")
    )


def _polygons_only(shapes: np.ndarray) -> np.ndarray:
    """Leave out the points and lines to which rounding has shrunk a part."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)
    flat = shapely.area(parts) == 0
    return join_cells(parts[~flat], owners[inner][~flat], len(shapes))


def _bounds(table) -> tuple[float, float, float, float]:
    return table["lon"].min(), table["lat"].min(), table["lon"].max(), table["lat"].max()


def geodesic_area_km2(cells: np.ndarray) -> float:
    """Return the area of all ``cells`` (EPSG:4326) on the ellipsoid of WGS 84."""
    return sum(abs(WGS84.geometry_area_perimeter(cell)[0]) for cell in cells) / 1e6


def write_boundaries(boundaries: IndicativeBoundaries, folder: Path) -> list[Path]:
    """Write the GeoJSON and its source; return the files that changed.

    The date of building stands in the source only, and is kept while nothing
    else changes, so that building twice writes nothing.
    """
    shapes = folder / f"{boundaries.regency}.geojson"
    source = folder / f"{boundaries.regency}.source.toml"
    geojson = boundaries.geojson()
    today = datetime.datetime.now(tz=datetime.UTC).date()
    if source.exists() and shapes.exists() and shapes.read_bytes() == geojson:
        before = tomllib.loads(source.read_text(encoding="utf-8")).get("built_on", today)
        if source.read_text(encoding="utf-8") == source_toml(boundaries, geojson, before):
            return []
    folder.mkdir(parents=True, exist_ok=True)
    shapes.write_bytes(geojson)
    source.write_text(source_toml(boundaries, geojson, today), encoding="utf-8")
    return [shapes, source]


def source_toml(boundaries: IndicativeBoundaries, geojson: bytes, built_on: datetime.date) -> str:
    """Return the text of the source file: what this is, from what, how, when."""
    method = METHOD.format(
        crs=boundaries.crs, crumb=CRUMB_M2 // 10_000, simplify=SIMPLIFY_M, decimals=DECIMALS
    )
    without = "".join(f"\n    {_quoted(code)}," for code in boundaries.without_polygon)
    lines = [
        "# Written by build_indicative_boundaries; do not edit by hand.",
        f"title = {_quoted(f'Indicative village boundaries of {boundaries.regency} (estimate)')}",
        'publisher = "Peta Banyuasin (perkiraan)"',
        f"licence = {_quoted(COAST_LICENCE)}",
        'status = "indicative"',
        "is_estimate = true",
        f"regency = {_quoted(boundaries.regency)}",
        'crs = "EPSG:4326"',
        f"built_on = {built_on.isoformat()}",
        f"cells = {len(boundaries.codes)}",
        f"area_km2 = {boundaries.area_km2:.1f}",
        f"without_polygon = [{without}{chr(10) if without else ''}]",
        f"sha256 = {_quoted(hashlib.sha256(geojson).hexdigest())}",
        f"method = {_quoted(method)}",
    ]
    return "\n".join(lines + _sources(boundaries)) + "\n"


def _sources(boundaries: IndicativeBoundaries) -> list[str]:
    points, coast = boundaries.points.origin, boundaries.coast
    if points.endswith(".whl"):
        points = " ".join(points.split("-")[:2]).replace("_", "-")
    sources = [("points surely inside", f"points/{name}") for name in boundaries.points.sure_files]
    lines = []
    for use, title in [*sources, ("points of villages", points), ("coast", coast)]:
        licence = next((v for k, v in LICENCES.items() if title.startswith(k)), "see the file")
        lines += ["", "[[source]]", f"of = {_quoted(use)}", f"title = {_quoted(title)}"]
        lines.append(f"licence = {_quoted(licence)}")
    return lines


def _quoted(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)
