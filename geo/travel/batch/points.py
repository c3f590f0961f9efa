"""Where ways begin and end: the middles of villages, places, and named points."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.areas.models import Area, Level
from geo.lib.coverage import reproject, utm_srid
from geo.lib.destinations import NamedPoint, Spot
from geo.places.models import Place
from geo.travel.batch.declared import Declared

# Of a list of places: "no" says that a hospital or health centre has no ambulance.
AMBULANCE = "ambulance"


@dataclass(slots=True)
class Groups:
    """Points in one array, in metres, and which of them belong together.

    ``xy`` has shape (n, 2); the first are the villages in the order of
    ``villages``. ``extra`` are minutes that go by beyond a point. ``of_kind``
    and ``of_point`` hold places in the array; those of named points also by
    district ("" where one holds for all).
    """

    srid: int
    villages: list[Area]
    without_point: list[Area]
    xy: np.ndarray
    reach_m: np.ndarray
    extra: np.ndarray
    of_kind: dict[str, list[int]] = field(default_factory=dict)
    of_point: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    with_ambulance: list[int] = field(default_factory=list)
    unplaced: list[tuple[str, str]] = field(default_factory=list)


def read_points(regency_code: str, declared: Declared) -> Groups:
    """Read all points of a regency and project them to its UTM zone."""
    villages = list(
        Area.objects.current()
        .at_level(Level.VILLAGE)
        .filter(code__startswith=f"{regency_code}.")
        .select_related("parent")
        .defer("boundary", "parent__boundary")
        .order_by("code")
    )
    placed = [village for village in villages if village.interior_point is not None]
    where = {village.pk: village.interior_point.coords for village in placed}
    gathered = _Gathered([where[village.pk] for village in placed], declared)
    _add_places(gathered, where, declared)
    by_code = {village.code: village for village in placed}
    for point in declared.destinations.points.get(regency_code, {}).values():
        _add_named(gathered, point, by_code, declared)
    lon_lat = np.array(gathered.lon_lat, dtype=float).reshape(-1, 2)
    srid = utm_srid(*_extent(lon_lat))
    return Groups(
        srid=srid,
        villages=placed,
        without_point=[village for village in villages if village.interior_point is None],
        xy=shapely.get_coordinates(reproject(shapely.points(lon_lat), 4326, srid)),
        reach_m=np.array(gathered.reach_m),
        extra=np.array(gathered.extra),
        of_kind=dict(gathered.of_kind),
        of_point={code: dict(by) for code, by in gathered.of_point.items()},
        with_ambulance=gathered.with_ambulance,
        unplaced=gathered.unplaced,
    )


def _extent(lon_lat: np.ndarray) -> tuple[float, float, float, float]:
    if not len(lon_lat):
        return (105.0, -1.0, 105.0, -1.0)
    west, south = lon_lat.min(axis=0).tolist()
    east, north = lon_lat.max(axis=0).tolist()
    return west, south, east, north


class _Gathered:
    """Lists that grow together, before they become arrays."""

    def __init__(self, villages: list[tuple[float, float]], declared: Declared) -> None:
        reach_m = declared.speeds.network["village_reach_m"]
        self.lon_lat = list(villages)
        self.reach_m = [reach_m] * len(villages)
        self.extra = [0.0] * len(villages)
        self.of_kind: dict[str, list[int]] = defaultdict(list)
        self.of_point: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.with_ambulance: list[int] = []
        self.unplaced: list[tuple[str, str]] = []

    def add(self, lon_lat: tuple[float, float], reach_m: float, extra: float = 0) -> int:
        self.lon_lat.append(lon_lat)
        self.reach_m.append(reach_m)
        self.extra.append(extra)
        return len(self.lon_lat) - 1


def _add_places(gathered: _Gathered, where: dict, declared: Declared) -> None:
    """Places with a point stand there, others in the middle of their village."""
    near_m = declared.speeds.network["place_reach_m"]
    far_m = declared.speeds.network["village_reach_m"]
    ambulance_kinds = set(declared.destinations.ambulance_kinds)
    rows = (
        Place.objects.open()
        .filter(kind__code__in=declared.destinations.kinds)
        .order_by("pk")
        .values_list("kind__code", "point", "village_id", "attributes")
    )
    for kind, point, village_id, attributes in rows:
        spot = point.coords if point is not None else where.get(village_id)
        if spot is None:
            continue
        number = gathered.add(spot, near_m if point is not None else far_m)
        gathered.of_kind[kind].append(number)
        if kind in ambulance_kinds and attributes.get(AMBULANCE) is not False:
            gathered.with_ambulance.append(number)


def _add_named(gathered: _Gathered, point: NamedPoint, by_code: dict, declared: Declared) -> None:
    far_m = declared.speeds.network["village_reach_m"]
    for spot in point.at:
        lon_lat = _lon_lat(spot, by_code)
        if lon_lat is None:
            gathered.unplaced.append((point.code, spot.village))
            continue
        number = gathered.add(lon_lat, point.within_m or far_m, spot.minutes)
        gathered.of_point[point.code][spot.district].append(number)


def _lon_lat(spot: Spot, by_code: dict) -> tuple[float, float] | None:
    if spot.lon is not None and spot.lat is not None:
        return spot.lon, spot.lat
    village = by_code.get(spot.village)
    return village.interior_point.coords if village is not None else None
