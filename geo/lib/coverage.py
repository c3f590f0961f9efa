"""Polygons side by side: cleaning, dissolving, simplifying, measuring.

A *coverage* is a set of polygons that do not overlap and whose shared borders
have the same vertices on both sides. Only then do neighbours stay neighbours
when they are simplified. Imported by batch code only: it needs Shapely.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
import shapely

WGS84 = pyproj.Geod(ellps="WGS84")


class LostArea(Exception):
    """Cleaning left nothing of an area; ``index`` says which."""

    def __init__(self, index: int):
        self.index = index
        super().__init__(f"nothing is left of polygon {index}: another covers it")


@dataclass(frozen=True)
class Cleaning:
    """A clean coverage (EPSG:4326) and what it took; areas are planar, in UTM."""

    polygons: np.ndarray
    km2_before: np.ndarray
    km2_after: np.ndarray
    n_gaps_closed: int
    gaps_closed_ha: float
    overlaps_ha: float
    holes_left_ha: list[float]

    @property
    def max_change_ha(self) -> float:
        """By how much the area changed that changed most."""
        return float(np.abs(self.km2_after - self.km2_before).max() * 100)


def utm_srid(west: float, south: float, east: float, north: float) -> int:
    """EPSG code of the UTM zone (WGS 84) in the middle of an extent.

    Parameters
    ----------
    west, south, east, north : float
        Degrees, EPSG:4326.

    Returns
    -------
    int
        326zz on the northern half of the globe, 327zz on the southern.
    """
    zone = int(((west + east) / 2 + 180) // 6) + 1
    return (32600 if south + north > 0 else 32700) + zone


def reproject(geometries: np.ndarray, from_srid: int, to_srid: int) -> np.ndarray:
    """Transform every vertex; equal vertices stay equal.

    Parameters
    ----------
    geometries : array of shapely.Geometry, shape (n,)
    from_srid, to_srid : int
        EPSG codes; x is always the easting or longitude.

    Returns
    -------
    array of shapely.Geometry, shape (n,)
    """
    transform = _transformer(from_srid, to_srid).transform
    return shapely.transform(geometries, transform, interleaved=False)


@lru_cache
def _transformer(from_srid: int, to_srid: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(from_srid, to_srid, always_xy=True)


def geodesic_area_km2(geometry: shapely.Geometry) -> float:
    """Area on the ellipsoid WGS 84 in km² of a geometry in EPSG:4326."""
    # Rings must run the right way round, or the area is that of the rest of the globe.
    oriented = shapely.orient_polygons(geometry, exterior_cw=False)
    area_m2, _ = WGS84.geometry_area_perimeter(oriented)
    return area_m2 / 1e6


def as_multipolygon(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of a geometry in a form that does not depend on their order."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return shapely.normalize(shapely.MultiPolygon(parts))


def clean_coverage(polygons: np.ndarray, gap_width_m: float) -> Cleaning:
    """Make a valid coverage of polygons that nearly are one.

    Parameters
    ----------
    polygons : array of shapely.Polygon or MultiPolygon, shape (n,)
        EPSG:4326, each valid.
    gap_width_m : float
        Gaps between polygons narrower than this are given to the neighbour
        with the longest border; wider ones stay as holes.

    Returns
    -------
    Cleaning
        ``polygons`` in the same order, MultiPolygons in EPSG:4326.

    Raises
    ------
    LostArea
        A polygon lies wholly under others.

    Notes
    -----
    ``shapely.coverage_clean`` (GEOS 3.14), in the UTM zone of the extent.
    """
    srid = utm_srid(*shapely.total_bounds(polygons))
    raw = reproject(polygons, 4326, srid)
    clean = shapely.coverage_clean(raw, gap_width=gap_width_m)
    for index in np.flatnonzero(shapely.is_empty(clean) | (shapely.area(clean) == 0)):
        raise LostArea(int(index))
    surface = shapely.union_all(raw)
    union = shapely.coverage_union_all(clean)
    closed = _crumbs(union - surface)
    return Cleaning(
        polygons=np.array([as_multipolygon(g) for g in reproject(clean, srid, 4326)]),
        km2_before=shapely.area(raw) / 1e6,
        km2_after=shapely.area(clean) / 1e6,
        n_gaps_closed=len(closed),
        gaps_closed_ha=float(shapely.area(closed).sum() / 1e4),
        overlaps_ha=max(0.0, float((shapely.area(raw).sum() - surface.area) / 1e4)),
        holes_left_ha=_holes_ha(union),
    )


def _crumbs(difference: shapely.Geometry) -> np.ndarray:
    # What is smaller than a square metre comes from rounding, not from the source.
    parts = shapely.get_parts(difference)
    return parts[shapely.area(parts) > 1]


def _holes_ha(surface: shapely.Geometry) -> list[float]:
    rings = [ring for part in shapely.get_parts(surface) for ring in part.interiors]
    return sorted(shapely.Polygon(ring).area / 1e4 for ring in rings)


def dissolve(polygons: np.ndarray) -> shapely.MultiPolygon:
    """The union of polygons of one coverage, with exactly their vertices."""
    return as_multipolygon(shapely.coverage_union_all(polygons))


def simplify(polygons: np.ndarray, tolerance_m: float) -> np.ndarray:
    """Simplify a coverage so that it stays one.

    Parameters
    ----------
    polygons : array of shapely.MultiPolygon, shape (n,)
        EPSG:4326, a valid coverage.
    tolerance_m : float
        Triangles smaller than its square are cut off (Visvalingam–Whyatt).

    Returns
    -------
    array of shapely.Geometry, shape (n,)
        EPSG:4326.
    """
    srid = utm_srid(*shapely.total_bounds(polygons))
    projected = reproject(polygons, 4326, srid)
    return reproject(shapely.coverage_simplify(projected, tolerance_m), srid, 4326)


def extent_m(polygons: np.ndarray) -> float:
    """The longer side, in metres, of the extent of polygons in EPSG:4326."""
    west, south, east, north = shapely.total_bounds(polygons)
    height_m = 111_200 * (north - south)
    return max(height_m, 111_200 * math.cos(math.radians((south + north) / 2)) * (east - west))
