"""Whether areas are proper areas, where they are not, and what a repair would look like."""

from __future__ import annotations

import re
import time
from typing import Any

import numpy as np
import shapely

from geo.lib.uploads.contract import Feature
from geo.lib.uploads.faults import Faults
from geo.lib.uploads.shapes import positions_of

REASON = re.compile(r"(.+?)\s*\[([-+0-9.e]+) ([-+0-9.e]+)\]")
# A repair takes time with the square of the crossings, and GEOS cannot be interrupted: it is
# offered only where few segments come near each other, and for two seconds a file in all.
MOST_POINTS_REPAIRED = 20_000
MOST_NEIGHBOURS = 8.0
SAMPLE = 200
SECONDS_OF_REPAIR = 2.0


class Validity:
    """Checks areas one by one; lines and points need no more than what ``shapes`` made sure."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.spent_s = 0.0

    def check(self, feature: Feature) -> None:
        """Note an area that is not valid, and offer a repair where one can be had."""
        geometry = feature.geometry
        if geometry is None or not geometry["type"].endswith("Polygon"):
            return
        shape = _as_shape(geometry)
        if shapely.is_valid(shape):
            return
        found = REASON.fullmatch(shapely.is_valid_reason(shape))
        reason = found[1] if found else "invalid"
        lon, lat = (round(float(v), 6) for v in found.groups()[1:]) if found else (0.0, 0.0)
        feature.repaired = self._repair(shape, positions_of(geometry))
        code = "geometry_repairable" if feature.repaired else "geometry_invalid"
        self.faults.add(code, row=feature.row, reason=reason, lon=lon, lat=lat)
        feature.geometry = None

    def _repair(self, shape: Any, positions: list[list[float]]) -> dict[str, Any] | None:
        if self.spent_s > SECONDS_OF_REPAIR or len(positions) > MOST_POINTS_REPAIRED:
            return None
        if _neighbours(np.array(positions)) > MOST_NEIGHBOURS:
            return None
        started = time.process_time()
        repaired = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        self.spent_s += time.process_time() - started
        if repaired.geom_type not in {"Polygon", "MultiPolygon"} or repaired.is_empty:
            return None
        return _as_geojson(repaired)


def warm_up() -> None:
    """Do everything once, so that whatever the libraries load late is loaded now."""
    bow = [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    Validity(Faults()).check(Feature(1, {}, {"type": "Polygon", "coordinates": [bow]}))


def _neighbours(positions: np.ndarray) -> float:
    """How many other segments the box of a segment touches, on average over a sample."""
    lower = np.minimum(positions[:-1], positions[1:])
    upper = np.maximum(positions[:-1], positions[1:])
    chosen = range(0, len(lower), max(len(lower) // SAMPLE, 1))
    touching = 0
    for one in chosen:
        near = (lower <= upper[one]).all(axis=1) & (upper >= lower[one]).all(axis=1)
        touching += int(near.sum()) - 1
    return touching / len(chosen)


def _as_shape(geometry: dict[str, Any]) -> Any:
    if geometry["type"] == "Polygon":
        return _polygon(geometry["coordinates"])
    return shapely.MultiPolygon([_polygon(rings) for rings in geometry["coordinates"]])


def _polygon(rings: list[list[list[float]]]) -> Any:
    return shapely.Polygon(rings[0], rings[1:])


def _as_geojson(shape: Any) -> dict[str, Any]:
    parts = [
        [shapely.get_coordinates(ring).tolist() for ring in (one.exterior, *one.interiors)]
        for one in shapely.get_parts(shape)
    ]
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}
