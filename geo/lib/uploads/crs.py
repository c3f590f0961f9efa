"""In which coordinates a map is written, and how they become longitude and latitude.

Only what is used in Indonesia is known: degrees, UTM and TM-3 on WGS 84, DGN 95 or SRGI 2013
(which agree within a metre), and the grid of web maps. A definition from a file is never
handed to PROJ: its few numbers are read, checked and used in the formula below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

EQUATOR_M, FLATTENING = 6378137.0, 1 / 298.257223563
PIECE = 100_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Degrees, a transverse Mercator or the Mercator of web maps; metres but for degrees."""

    code: str
    kind: str = "tmerc"
    meridian: float = 0.0
    scale: float = 1.0
    east_m: float = 0.0
    north_m: float = 0.0

    def to_lon_lat(self, positions: list[list[float]]) -> Iterator[list[float]]:
        """Turn positions in metres into lon, lat in degrees, one by one."""
        for start in range(0, len(positions), PIECE):
            xy = np.array(positions[start : start + PIECE], dtype=float)
            lon, lat = self._inverse(xy[:, 0], xy[:, 1])
            # Beyond the poles there is nothing; kept finite so that a check can refuse it.
            turned = np.nan_to_num(np.column_stack((lon, lat)), nan=999.0, posinf=999, neginf=-999)
            yield from np.round(turned, 8).tolist()

    def _inverse(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self.kind == "webmerc":
            lat = 2 * np.arctan(np.exp(np.clip(y / EQUATOR_M, -10, 10))) - np.pi / 2
            return np.degrees(x / EQUATOR_M), np.degrees(lat)
        return inverse_transverse_mercator(x, y, self)


def inverse_transverse_mercator(
    x: np.ndarray, y: np.ndarray, grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """Turn eastings and northings into degrees.

    Parameters
    ----------
    x, y
        Metres, shape (n,); right to a micrometre within 3,000 km of the meridian.

    Returns
    -------
    tuple of arrays
        Longitude and latitude in degrees, shape (n,).

    Notes
    -----
    Krüger's series to the fourth order in the third flattening: C. F. F. Karney,
    *Transverse Mercator with an accuracy of a few nanometers*, J. Geodesy 85 (2011).
    """
    n = FLATTENING / (2 - FLATTENING)
    radius = EQUATOR_M / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (
        n / 2 - 2 / 3 * n**2 + 37 / 96 * n**3 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 / 1440 * n**4,
        17 / 480 * n**3 - 37 / 840 * n**4,
        4397 / 161280 * n**4,
    )
    xi = np.clip((y - grid.north_m) / (grid.scale * radius), -2, 2)
    eta = np.clip((x - grid.east_m) / (grid.scale * radius), -2, 2)
    xi_0, eta_0 = xi.copy(), eta.copy()
    for j, factor in enumerate(beta, start=1):
        xi_0 -= factor * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        eta_0 -= factor * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
    tau_0 = np.sin(xi_0) / np.hypot(np.sinh(eta_0), np.cos(xi_0))
    lon = np.degrees(np.arctan2(np.sinh(eta_0), np.cos(xi_0))) + grid.meridian
    return lon, np.degrees(np.arctan(_tangent_of_latitude(tau_0)))


def _tangent_of_latitude(conformal: np.ndarray) -> np.ndarray:
    """Solve for the tangent of the latitude by Newton's method (Karney 2011, eq. 19 to 21)."""
    e2 = FLATTENING * (2 - FLATTENING)
    e = np.sqrt(e2)
    tau = conformal.copy()
    for _round in range(5):
        root = np.sqrt(1 + tau**2)
        sigma = np.sinh(e * np.arctanh(e * tau / root))
        reached = tau * np.sqrt(1 + sigma**2) - sigma * root
        step = (conformal - reached) / np.sqrt(1 + reached**2)
        tau += step * (1 + (1 - e2) * tau**2) / ((1 - e2) * root)
    return tau


# --- what is known by code ----------------------------------------------------------

GEOGRAPHIC = Grid("EPSG:4326", "degrees")
DEGREE_CODES = {4326, 4755, 9470, 4979}


def _utm(code: int, zone: int, *, south: bool) -> Grid:
    north_m = 10_000_000.0 if south else 0.0
    return Grid(f"EPSG:{code}", "tmerc", 6 * zone - 183, 0.9996, 500_000.0, north_m)


def _known() -> dict[str, Grid]:
    grids = [Grid("EPSG:3857", "webmerc")]
    for zone in range(46, 55):
        grids += [_utm(32600 + zone, zone, south=False), _utm(32700 + zone, zone, south=True)]
        if zone <= 52:
            grids.append(_utm(23820 + zone, zone, south=False))
            grids.append(_utm(9430 + zone, zone, south=False))
        if zone >= 47:
            grids += [_utm(23830 + zone, zone, south=True), _utm(9440 + zone, zone, south=True)]
    for step in range(16):
        meridian = 94.5 + 3 * step
        grids.append(
            Grid(f"EPSG:{23830 + step}", "tmerc", meridian, 0.9999, 200_000.0, 1_500_000.0)
        )
    return {grid.code: grid for grid in grids}


KNOWN = _known()
# What people of this province usually mean, the likeliest first.
CANDIDATES = ["EPSG:32748", "EPSG:23833", "EPSG:23834", "EPSG:32747", "EPSG:32648", "EPSG:3857"]


def grid_of_code(code: str) -> Grid | None:
    """Return the grid of ``EPSG:32748`` or a urn that ends with its number; None when unknown."""
    found = re.fullmatch(r"(?:urn:ogc:def:crs:)?EPSG:(?:[0-9.]*:)?([0-9]{4,5})", code.strip())
    if code.strip() in {"CRS84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"}:
        return GEOGRAPHIC
    if found is None:
        return None
    return GEOGRAPHIC if int(found[1]) in DEGREE_CODES else KNOWN.get(f"EPSG:{found[1]}")


def guess_candidates(x: float, y: float) -> list[str]:
    """Codes under which a position lies in Indonesia, the likeliest first."""
    fitting: dict[tuple[float, ...], str] = {}
    for code in [*CANDIDATES, *KNOWN]:
        grid = KNOWN[code]
        lon, lat = next(iter(grid.to_lon_lat([[x, y]])))
        # A grid is used near its meridian only; one of several datums is enough.
        near = grid.kind != "tmerc" or abs(lon - grid.meridian) <= 3.5
        if near and 94 <= lon <= 142 and -12 <= lat <= 7:
            fitting.setdefault((grid.meridian, grid.scale, grid.north_m), code)
    return list(fitting.values())[:6] or CANDIDATES[:3]


# --- what a file defines ------------------------------------------------------------

_NUMBER = r"\s*,\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*[\],]"
MODERN = ("wgs_1984", "wgs 84", "wgs84", "world geodetic system 1984", "dgn_1995", "dgn95",
          "datum_geodesi_nasional_1995", "datum geodesi nasional 1995", "srgi",
          "sistem_referensi_geospasial_indonesia")  # fmt: skip


def find_grid(text: str) -> Grid | None:
    """Return the grid that a code or a definition (WKT) means; None when it is not known here."""
    code = grid_of_code(text) if len(text) < 60 else None
    if code is not None or "[" not in text:
        return code
    small = text.lower()
    if not any(name in small for name in MODERN) or "towgs84" in small.replace("[0,0,0", ""):
        return None
    if not re.match(r"\s*proj", small):
        return GEOGRAPHIC if re.match(r"\s*geog", small) else None
    if "auxiliary_sphere" in small or "popular visualisation" in small:
        return KNOWN["EPSG:3857"]
    return _transverse_mercator(small) if re.search(r"transverse[_ ]mercator", small) else None


def _transverse_mercator(small: str) -> Grid | None:
    def parameter(*names: str) -> float | None:
        for name in names:
            found = re.search(name.replace("_", "[_ ]") + '"' + _NUMBER, small)
            if found:
                return float(found[1])
        return None

    meridian = parameter("central_meridian", "longitude_of_natural_origin")
    scale = parameter("scale_factor", "scale_factor_at_natural_origin")
    east_m = parameter("false_easting")
    north_m = parameter("false_northing")
    origin = parameter("latitude_of_origin", "latitude_of_natural_origin")
    if meridian is None or scale is None or east_m is None or north_m is None or origin:
        return None
    wanted = (meridian, scale, east_m, north_m)
    for grid in KNOWN.values():
        if (grid.meridian, grid.scale, grid.east_m, grid.north_m) == wanted:
            return grid
    return None
