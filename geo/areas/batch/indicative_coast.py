"""Land and sea around a regency, for indicative boundaries: GSHHG by way of GMT, or a file."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.lib.errors import GeoError

MARGIN_DEGREES = 0.5
ASIDE_DEGREES = 1e-6  # a step of 0.1 m from the shore, to learn which side is land


class UnusableCoast(GeoError):
    """The coast cannot be had or read."""

    template = gettext_lazy("%(problem)s")


@dataclass(frozen=True)
class Region:
    """A rectangle in whole degrees, EPSG:4326."""

    west: int
    south: int
    east: int
    north: int

    @classmethod
    def around(cls, lon: np.ndarray, lat: np.ndarray) -> Region:
        """Take in the points and a margin, rounded outwards as the coast's tiles are cut."""
        west, south = lon.min() - MARGIN_DEGREES, lat.min() - MARGIN_DEGREES
        east, north = lon.max() + MARGIN_DEGREES, lat.max() + MARGIN_DEGREES
        return cls(math.floor(west), math.floor(south), math.ceil(east), math.ceil(north))

    @property
    def box(self) -> shapely.Polygon:
        return shapely.box(self.west, self.south, self.east, self.north)


def read_land(region: Region, path: Path | None = None) -> tuple[shapely.Geometry, str]:
    """Return the land inside ``region`` (EPSG:4326) and the name of its source.

    ``path`` is a GeoJSON of land polygons or a dump of ``gmt coast -M -W1``;
    without it GMT is called. Lakes count as land, as they lie inside villages.
    """
    if path is None:
        return _land_from_shores(_dump_of_gmt(region), region), _gmt_source()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableCoast(
            problem=_("The coast in %(path)s cannot be read: %(reason)s")
            % {"path": path, "reason": error}
        ) from error
    if text.lstrip().startswith("{"):
        return _land_from_geojson(text, region, path), path.name
    return _land_from_shores(text, region), path.name


def _dump_of_gmt(region: Region) -> str:
    frame = f"-R{region.west}/{region.east}/{region.south}/{region.north}"
    command = ["gmt", "coast", frame, "-Df", "-M", "-W1/0.25p"]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", None) or error
        raise UnusableCoast(
            problem=_(
                "GMT or its full-resolution coast is missing. Install the Debian packages gmt "
                "and gmt-gshhg-full (apt-get install gmt gmt-gshhg-full), or give a coast with "
                "--coast. The attempt ended with: %(reason)s"
            )
            % {"reason": str(reason).strip()[-300:]}
        ) from error
    return finished.stdout


def _gmt_source() -> str:
    """Name the edition of the coast, as the installed packages state it."""
    asked = ["dpkg-query", "-W", "-f", "${Version}", "gmt-gshhg-full"]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "GSHHG, full resolution"
    return f"GSHHG {found.stdout.split('-')[0]}, full resolution"


def _land_from_geojson(text: str, region: Region, path: Path) -> shapely.Geometry:
    try:
        document = json.loads(text)
        land = shapely.union_all(shapely.get_parts(shapely.from_geojson(json.dumps(document))))
    except (ValueError, shapely.errors.GEOSException) as error:
        raise UnusableCoast(
            problem=_("%(path)s is not a GeoJSON of valid land polygons: %(reason)s")
            % {"path": path, "reason": error}
        ) from error
    land = shapely.intersection(land, region.box)
    if land.is_empty or not land.area:
        raise UnusableCoast(
            problem=_(
                "%(path)s has no land between %(west)s and %(east)s degrees east, %(south)s and "
                "%(north)s degrees north. Expected are polygons of land in EPSG:4326, lon before "
                "lat."
            )
            % {"path": path, **vars(region)}
        )
    return land


def _land_from_shores(text: str, region: Region) -> shapely.Geometry:
    """Close shore lines with the edge of the region; land lies to the left of every shore."""
    shores = _shores(text)
    if not shores:
        return region.box
    lines = [shapely.intersection(shapely.LineString(shore), region.box) for shore in shores]
    faces = shapely.get_parts(
        shapely.polygonize([shapely.union_all([*lines, region.box.exterior])])
    )
    is_land, is_sea = (_touched(faces, points) for points in _beside(shores))
    if (is_land & is_sea).any() or not (is_land | is_sea).all():
        raise UnusableCoast(
            problem=_(
                "The shore lines do not part land from sea: %(both)d areas are both, %(none)d are "
                "neither. Expected is the output of gmt coast -M -W1 for a region in whole "
                "degrees that covers %(west)s/%(east)s/%(south)s/%(north)s."
            )
            % {
                "both": (is_land & is_sea).sum(),
                "none": (~(is_land | is_sea)).sum(),
                **vars(region),
            }
        )
    return shapely.union_all(faces[is_land])


def _touched(faces: np.ndarray, points: np.ndarray) -> np.ndarray:
    touched = np.zeros(len(faces), dtype=bool)
    touched[shapely.STRtree(faces).query(shapely.points(points), predicate="within")[1]] = True
    return touched


def _shores(text: str) -> list[np.ndarray]:
    """Read the level 1 lines of a dump: headers begin with ">", then lon and lat."""
    shores: list[list[list[str]]] = []
    wanted = True
    for line in text.splitlines():
        if line.startswith(">"):
            wanted = "Level" not in line or "Level 1" in line
            shores.append([])
        elif wanted and line.strip() and not line.startswith("#"):
            shores = shores or [[]]
            shores[-1].append(line.split()[:2])
    try:
        return [np.array(shore, dtype=float) for shore in shores if len(shore) > 1]
    except ValueError as error:
        raise UnusableCoast(
            problem=_("The coast is neither GeoJSON nor a dump of GMT: %(reason)s")
            % {"reason": error}
        ) from error


def _beside(shores: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return points just left and just right of the longest stretch of each shore."""
    left, right = [], []
    for shore in shores:
        steps = np.diff(shore, axis=0)
        length = np.hypot(*steps.T)
        i = length.argmax()
        across = np.array([-steps[i, 1], steps[i, 0]]) / length[i] * ASIDE_DEGREES
        middle = (shore[i] + shore[i + 1]) / 2
        left.append(middle + across)
        right.append(middle - across)
    return np.array(left), np.array(right)
