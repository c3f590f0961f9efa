"""A map from a stranger, whatever its format: parts, coordinates, places, validity."""

from __future__ import annotations

from typing import Any

from geo.lib.coordinates import LAT_RANGE, LON_RANGE
from geo.lib.uploads import geojson, geopackage, gpx, kml, shapefile
from geo.lib.uploads.archives import Archive
from geo.lib.uploads.contract import Cell, Feature, Reading
from geo.lib.uploads.crs import (
    GEOGRAPHIC,
    Grid,
    find_grid,
    grid_of_code,
    guess_candidates,
)
from geo.lib.uploads.faults import Faults, Refused, TextCleaner
from geo.lib.uploads.raw_maps import RawMap
from geo.lib.uploads.shapes import ShapeReader, positions_of, replace_positions
from geo.lib.uploads.validity import Validity


def read_map(
    request: dict[str, Any],
    content: bytes,
    archive: Archive | None,
    reading: Reading,
    faults: Faults,
) -> None:
    """Read a map into ``reading``: every object in lon, lat, or with the fault that hinders.

    Raises
    ------
    Refused
        The file as a whole cannot be read, or it has to be asked in what it is written.
    """
    raw = _parse(request, content, archive, reading.format, faults)
    if not raw.features:
        raise Refused("no_features", found=reading.format)
    reading.encoding = raw.encoding
    shapes = ShapeReader(faults)
    cleaner = AttributeCleaner(faults)
    for one in raw.features:
        geometry = shapes.read(one.row, one.geometry)
        properties = cleaner.clean(one.row, one.properties)
        layer = cleaner.cleaner.clean(one.layer)
        reading.features.append(Feature(one.row, properties, geometry, layer))
    reading.layers = [cleaner.cleaner.clean(layer) for layer in raw.layers]
    shapes.finish()
    cleaner.finish()
    grid = _find_crs(request.get("crs_stated"), raw.crs, reading.features, faults)
    reading.crs = grid.code
    _place(reading.features, grid, faults)
    validity = Validity(faults)
    for feature in reading.features:
        validity.check(feature)


def _parse(
    request: dict[str, Any], content: bytes, archive: Archive | None, form: str, faults: Faults
) -> RawMap:
    wanted = request.get("layer")
    if form == "geojson":
        return geojson.read_geojson(content)
    if form == "gpx":
        return gpx.read_gpx(content, faults)
    if form == "kml":
        return kml.read_kml(content, archive, wanted, faults)
    if form == "gpkg":
        return geopackage.read_geopackage(content, wanted, faults)
    assert archive is not None  # noqa: S101 for the type checker: a shapefile comes in one
    return shapefile.read_shapefile(archive, wanted)


# --- attributes ---------------------------------------------------------------------


class AttributeCleaner:
    """Makes attributes cells: text, number, yes or no, nothing; the rest is left out."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.cleaner = TextCleaner()
        self.left_out: dict[str, list[int]] = {}

    def clean(self, row: int, properties: dict[str, Any]) -> dict[str, Cell]:
        """Clean names and values of one object."""
        cleaned: dict[str, Cell] = {}
        for name, value in list(properties.items())[:300]:
            column = self.cleaner.clean(str(name))[:200]
            if isinstance(value, str):
                cleaned[column] = self.cleaner.clean_cell(value[:32_767], column, row) or None
            elif (
                value is None
                or isinstance(value, bool)
                or (isinstance(value, int | float) and abs(value) <= 1e300)
            ):
                cleaned[column] = value
            else:
                self.left_out.setdefault(column, []).append(row)
                cleaned[column] = None
        return cleaned

    def finish(self) -> None:
        """Tell once what happened."""
        for column, rows in self.left_out.items():
            self.faults.add("values_left_out", row=rows[0], column=column, n=len(rows))
        if self.cleaner.n_changed:
            column, row = self.cleaner.first
            n = self.cleaner.n_changed
            self.faults.add("controls_removed", row=row, column=column, n=n)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) <= 1e300


# --- coordinates --------------------------------------------------------------------


def _find_crs(stated: str | None, found: str, features: list[Feature], faults: Faults) -> Grid:
    """What the file says, else what was stated; a question where neither can be."""
    xs, ys = _extremes(features)
    are_degrees = all(-180 <= value <= 180 for value in xs + ys)
    chosen = grid_of_code(stated) if stated else None
    if found:
        grid = find_grid(found)
        if grid is None:
            raise Refused("crs_unsupported", found=found[:100])
        if grid is not GEOGRAPHIC or are_degrees:
            if chosen is not None and chosen is not grid:
                faults.add("crs_ignored", found=grid.code, stated=chosen.code)
            return grid
    if not xs:
        return GEOGRAPHIC
    if chosen is not None and (chosen is not GEOGRAPHIC or are_degrees):
        return chosen
    candidates = [GEOGRAPHIC.code] if are_degrees else guess_candidates(xs[0], ys[0])
    x, y = round(xs[0], 5), round(ys[0], 5)
    raise Refused("crs_unknown", found=found or "–", candidates=", ".join(candidates), x=x, y=y)


def _extremes(features: list[Feature]) -> tuple[list[float], list[float]]:
    """First, least and greatest of x and of y; empty where nothing is drawn."""
    positions = [p for one in features if one.geometry for p in positions_of(one.geometry)]
    if not positions:
        return [], []
    xs, ys = [x for x, _y in positions], [y for _x, y in positions]
    return [xs[0], min(xs), max(xs)], [ys[0], min(ys), max(ys)]


def _place(features: list[Feature], grid: Grid, faults: Faults) -> None:
    """Turn everything into lon, lat and tell what lies nowhere near Indonesia."""
    drawn = [one for one in features if one.geometry]
    if grid is not GEOGRAPHIC:
        positions = [p for one in drawn for p in positions_of(one.geometry)]
        turned = iter(grid.to_lon_lat(positions))
        for one in drawn:
            one.geometry = replace_positions(one.geometry, turned)
    for one in drawn:
        _check_place(one, faults)


def _check_place(feature: Feature, faults: Faults) -> None:
    positions = positions_of(feature.geometry)
    odd = next(((x, y) for x, y in positions if not _is_near(x, y)), None)
    if odd is None:
        return
    lon, lat = (round(value, 5) for value in odd)
    if all(_is_near(y, x) for x, y in positions):
        faults.add("axes_swapped", row=feature.row, lon=lon, lat=lat)
        turned = iter([[y, x] for x, y in positions])
        feature.repaired = replace_positions(feature.geometry, turned)
    else:
        faults.add("outside_indonesia", row=feature.row, lon=lon, lat=lat)
    feature.geometry = None


def _is_near(lon: float, lat: float) -> bool:
    return LON_RANGE[0] <= lon <= LON_RANGE[1] and LAT_RANGE[0] <= lat <= LAT_RANGE[1]
