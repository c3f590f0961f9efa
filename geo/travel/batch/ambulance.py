"""Which villages an ambulance reaches, what bars the way to others, and what opening it gains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely

from geo.lib.lines import as_multiline
from geo.lib.routing import Found
from geo.lib.travel_speeds import Stretch
from geo.travel.batch.network import Network

VEHICLE = ("ambulance",)
# What bars a way: a road or a boat link, by its place in the network.
ROAD, CROSSING = "road", "crossing"


@dataclass(slots=True)
class Barrier:
    """One stretch on the way of one village that lets no ambulance through."""

    kind: str
    number: int
    length_m: float
    edges: list[int] = field(default_factory=list)
    reason: Stretch | None = None
    is_narrow: bool = False
    n_freed: int = 0


@dataclass(slots=True)
class Reach:
    """How an ambulance fares in one season: minutes by village, and what bars the others.

    ``minutes`` is infinite where it does not arrive; ``barriers`` is empty for
    a village that not even a way in need of mending leads to.
    """

    season: str
    minutes: np.ndarray
    barriers: dict[int, list[Barrier]]


def find_reach(network: Network, season: str, closed_kmh: float) -> Reach:
    """Seek the ways of an ambulance in one season.

    Parameters
    ----------
    closed_kmh
        How fast one gets over what is closed when the way in need of the least
        mending is sought.
    """
    goals = network.first_point + np.array(network.groups.with_ambulance, dtype=np.int64)
    on_roads = network.road_minutes(VEHICLE, season)
    on_water = network.crossing_minutes(VEHICLE, season)
    villages = np.arange(len(network.groups.villages))
    found = network.graph(on_roads, on_water, may_walk=False).minutes_to(goals)
    reached = found[network.first_point + villages]
    repaired = np.where(
        np.isfinite(on_roads), on_roads, network.noded.length_m / 1000 / closed_kmh * 60
    )
    any_boat = network.crossing_minutes(None, season)
    ferried = np.where(np.isfinite(on_water), on_water, any_boat)
    ways = network.graph(repaired, ferried, may_walk=False).ways_to(goals)
    search = _Search(network, season, on_roads, on_water, repaired, ferried)
    lost = villages[~np.isfinite(reached)].tolist()
    barriers = {village: search.barriers(ways, network.first_point + village) for village in lost}
    _count_freed(search, goals, reached, barriers)
    return Reach(season, reached, barriers)


@dataclass
class _Search:
    """What is needed to say which edges of a way fail, and why."""

    network: Network
    season: str
    on_roads: np.ndarray
    on_water: np.ndarray
    repaired: np.ndarray
    ferried: np.ndarray

    def __post_init__(self) -> None:
        noded, nodes = self.network.noded, self.network.crossing_nodes
        self.edges: dict[tuple[int, int], tuple[str, int]] = {}
        # Of parallel edges the quickest, which is the one that was taken.
        spent = [(float(m), ROAD, n) for n, m in enumerate(self.repaired)]
        spent += [(float(m), CROSSING, n) for n, m in enumerate(self.ferried)]
        for _minutes, kind, number in sorted(spent, key=lambda one: one[0]):
            if kind == ROAD:
                a, b = int(noded.tail[number]), int(noded.head[number])
            else:
                a, b = int(nodes[number, 0]), int(nodes[number, 1])
            self.edges.setdefault((a, b), (kind, number))
            self.edges.setdefault((b, a), (kind, number))

    def barriers(self, ways: Found, node: int) -> list[Barrier]:
        """What fails on the way from a node, joined by road, in its order from the village."""
        joined: dict[tuple[str, int], Barrier] = {}
        for kind, number in self._failing(ways.way(node)):
            if kind == CROSSING:
                length_m = float(self.network.crossing_m[number])
                joined.setdefault((kind, number), Barrier(kind, number, length_m))
                continue
            road = int(self.network.road_of_edge[number])
            barrier = joined.setdefault((kind, road), Barrier(kind, road, 0.0))
            barrier.length_m += float(self.network.noded.length_m[number])
            barrier.edges.append(number)
        found = list(joined.values())
        for barrier in found:
            if barrier.kind == ROAD:
                self._explain(barrier)
        return found

    def _failing(self, way: list[int]) -> Iterator[tuple[str, int]]:
        for pair in pairwise(way):
            edge = self.edges.get(pair)
            if edge is None:  # on foot, or from a jetty to the road beside it
                continue
            kind, number = edge
            open_minutes = self.on_roads if kind == ROAD else self.on_water
            if not np.isfinite(open_minutes[number]):
                yield edge

    def _explain(self, barrier: Barrier) -> None:
        """The longest stretch that closes the road, and how much of it lies on the way."""
        network = self.network
        times = network.times[barrier.number]
        found: list[Stretch] = []
        for edge in barrier.edges:
            found += times.closing_on(
                network.speeds,
                VEHICLE[0],
                self.season,
                float(network.from_m[edge]),
                float(network.to_m[edge]),
            )
        barrier.reason = max(found, key=lambda stretch: stretch.length_m)
        width_m = barrier.reason.width_m
        least_m = network.speeds.least_width_m[VEHICLE[0]]
        barrier.is_narrow = width_m is not None and width_m < least_m
        if not barrier.is_narrow:
            barrier.length_m = _closed_m(found, times.is_located)


def _closed_m(found: list[Stretch], is_located: bool) -> float:
    """Metres that are closed: those on the way, or of the whole road where nobody knows where."""
    if is_located:
        return sum(stretch.length_m for stretch in found)
    return sum({(s.surface, s.condition): s.length_m for s in found}.values())


def _count_freed(
    search: _Search, goals: np.ndarray, reached: np.ndarray, barriers: dict[int, list[Barrier]]
) -> None:
    """For every road and link that bars a way: how many villages it alone keeps out."""
    network = search.network
    every = {(b.kind, b.number) for found in barriers.values() for b in found}
    freed = {}
    for kind, number in sorted(every):
        roads, water = search.on_roads, search.on_water
        if kind == ROAD:
            roads = np.where(network.road_of_edge == number, search.repaired, roads)
        else:
            water = water.copy()
            water[number] = search.ferried[number]
        found = network.graph(roads, water, may_walk=False).minutes_to(goals)
        found = found[network.first_point :]
        freed[kind, number] = int(
            np.sum(np.isfinite(found[: len(reached)]) & ~np.isfinite(reached))
        )
    for one in barriers.values():
        for barrier in one:
            barrier.n_freed = freed[barrier.kind, barrier.number]


def barred_lines(network: Network, reaches: list[Reach]) -> dict[int, shapely.Geometry]:
    """By road, the pieces of its line that bar a way in any season, in metres."""
    edges: dict[int, set[int]] = {}
    for reach in reaches:
        for found in reach.barriers.values():
            for barrier in found:
                if barrier.kind == ROAD:
                    edges.setdefault(barrier.number, set()).update(barrier.edges)
    return {
        road: as_multiline(
            shapely.line_merge(
                shapely.MultiLineString([network.edge_line(edge) for edge in sorted(mine)])
            )
        )
        for road, mine in sorted(edges.items())
    }
