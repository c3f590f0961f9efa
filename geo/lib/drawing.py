"""Writing pictures of areas: see ``lib.pictures`` for what a picture holds.

Imported by batch code only: it needs Shapely.
"""

import math
from itertools import pairwise

import numpy as np
import pyproj
import shapely

from geo.lib.topology import Arc, Point, Topology, borders, build_topology, snap_to_grid

WIDTH = 1000
TO_MERCATOR = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)


class Frame:
    """The sheet on which a picture is drawn, and where on the globe it lies.

    Parameters
    ----------
    bbox : tuple of float
        West, south, east, north that must fit on it; degrees, EPSG:4326.
    """

    def __init__(self, bbox: tuple[float, float, float, float]):
        self.west_m, south_m = TO_MERCATOR.transform(bbox[0], bbox[1])
        east_m, self.north_m = TO_MERCATOR.transform(bbox[2], bbox[3])
        # A narrow strip is padded to the east, so that its height stays bounded.
        self.unit_m = max(east_m - self.west_m, (self.north_m - south_m) / 3) / WIDTH
        self.height = math.ceil((self.north_m - south_m) / self.unit_m)

    @property
    def bounds(self) -> list[float]:
        """West, south, east, north of the whole sheet; degrees, EPSG:4326."""
        west, south = TO_MERCATOR.transform(
            self.west_m, self.north_m - self.height * self.unit_m, direction="INVERSE"
        )
        east, north = TO_MERCATOR.transform(
            self.west_m + WIDTH * self.unit_m, self.north_m, direction="INVERSE"
        )
        return [west, south, east, north]

    def place(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Geometry in EPSG:4326 → units of the sheet, y downwards."""

        def onto_sheet(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            x_m, y_m = TO_MERCATOR.transform(lon, lat)
            return (x_m - self.west_m) / self.unit_m, (self.north_m - y_m) / self.unit_m

        return shapely.transform(geometry, onto_sheet, interleaved=False)


def draw_areas(
    polygons: dict[str, shapely.Geometry],
    points: dict[str, shapely.Point],
    frame: Frame,
    group: dict[str, str] | None = None,
) -> dict:
    """Draw a coverage as the paths of a picture.

    Parameters
    ----------
    polygons : dict of str to shapely.Geometry
        A simplified coverage by code, EPSG:4326.
    points : dict of str to shapely.Point
        A point inside each area, EPSG:4326.
    frame : Frame
    group : dict of str to str, optional
        The area above each, where borders between those above are to be drawn, and the
        outermost.

    Returns
    -------
    dict
        As ``lib.pictures`` describes it.
    """
    on_sheet = frame.place(np.array(list(polygons.values())))
    topology = build_topology(snap_to_grid(dict(zip(polygons, on_sheet, strict=True))))
    places = shapely.get_coordinates(frame.place(np.array(list(points.values()))))
    spots = zip(points, np.rint(places).astype(int).tolist(), strict=True)
    return {
        "bounds": [round(degree, 7) for degree in frame.bounds],
        "width": WIDTH,
        "height": frame.height,
        "paths": {code: _area_path(topology, code) for code in polygons},
        "points": dict(spots),
        "lines": _border_path(borders(topology, group)) if group else "",
    }


def _area_path(topology: Topology, code: str) -> str:
    rings = (ring for polygon in topology.polygons[code] for ring in polygon)
    return "".join(f"{path_text(topology.line(ring)[:-1])}z" for ring in rings)


def _border_path(arcs: list[Arc]) -> str:
    return "".join(path_text(list(arc)) for arc in arcs)


def path_text(points: list[Point]) -> str:
    """SVG path data: one absolute ``M``, then relative ``l`` steps, as short as it goes."""
    x, y = points[0]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    written = " ".join(f"{dx}{dy}" if dy < 0 else f"{dx} {dy}" for dx, dy in steps)
    # A minus sign parts two numbers as well as a blank does.
    return f"M{x} {y}l{written}".replace(" -", "-")
