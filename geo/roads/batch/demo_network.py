"""An invented network for the areas of any regency: on land, by rank, with names and numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import numpy as np
import shapely

from geo.areas.models import Area, Kind
from geo.lib.coverage import reproject, utm_srid
from geo.lib.networks import (
    LONGEST_EDGE_M,
    Edge,
    bent_line,
    edge,
    length_of,
    near_pairs,
    reached_by_river,
    shortest_path,
    spanning_edges,
    tree_distances,
)
from geo.roads.models import Authority

# Beside the tree, so many other pairs are joined, to spare ways round.
EXTRA_SHARE = 0.22
VILLAGE_ROAD_SHARE = 0.7
LONGEST_VILLAGE_ROAD_M = 1900
SHORE_M = 30
PREFIX = {
    Authority.NATIONAL: "N",
    Authority.PROVINCE: "P",
    Authority.REGENCY: "K",
    Authority.VILLAGE: "D",
}


@dataclass(frozen=True, slots=True)
class DemoRoad:
    """One invented road; the line is in metres until the network is done."""

    authority: str
    start_name: str
    end_name: str
    line: shapely.Geometry

    @property
    def name(self) -> str:
        names = dict.fromkeys([self.start_name, self.end_name])
        return " – ".join(names)


class Network:
    """Villages as points on a plane, the land they stand on, and the roads laid between them."""

    def __init__(self, villages: list[Area], seed: int) -> None:
        self.villages = villages
        self.seed = seed
        wgs84 = np.array([shapely.from_wkb(bytes(v.boundary.wkb)) for v in villages])
        self.srid = utm_srid(*shapely.total_bounds(wgs84).tolist())
        self.polygons = reproject(shapely.simplify(wgs84, 0.0002), 4326, self.srid)
        inside = np.array([shapely.from_wkb(bytes(v.interior_point.wkb)) for v in villages])
        self.points = shapely.get_coordinates(reproject(inside, 4326, self.srid))
        land = shapely.union_all(shapely.make_valid(self.polygons))
        # Kept off the border, and slits between simplified neighbours closed first.
        self.land = shapely.buffer(shapely.buffer(land, 2 * SHORE_M), -3 * SHORE_M)
        shapely.prepare(self.land)
        self.by_river = reached_by_river(self.points, [v.area_km2 for v in villages])
        self.lines: dict[Edge, shapely.LineString] = {}

    def random(self, *key: object) -> Random:
        return Random(f"{self.seed}-road-{'-'.join(map(str, key))}")  # noqa: S311 (nothing secret)

    def roads(self) -> list[DemoRoad]:
        """Every road, the highest rank first; none of the upper ranks where boats go."""
        edges = self._edges()
        lengths = {pair: self.lines[pair].length for pair in sorted(edges)}
        upper = self._upper(lengths)
        taken = {edge(a, b) for _rank, path in upper for a, b in pairwise(path)}
        found = [self._along(rank, path) for rank, path in upper]
        found += [self._along(Authority.REGENCY, list(p)) for p in sorted(edges - taken)]
        return [*found, *self._village_roads()]

    def _edges(self) -> set[Edge]:
        """The tree between dry villages and some more, as far as a line stays on land."""
        pairs = []
        for a, b in near_pairs(self.points):
            pair = (a, b)
            dry = not (self.by_river[a] or self.by_river[b])
            if not dry or length_of(pair, self.points) > LONGEST_EDGE_M:
                continue
            start, end = self.points[a], self.points[b]
            names = self.villages[a].code, self.villages[b].code
            line = bent_line(start, end, self.land, self.random(*names))
            if line is not None:
                self.lines[pair] = line
                pairs.append(pair)
        tree = spanning_edges(pairs, len(self.points))
        return tree | self._loops(pairs, tree)

    def _loops(self, pairs: list[Edge], tree: set[Edge]) -> set[Edge]:
        """Joins that spare the longest ways round, the best first."""
        ways = tree_distances({pair: self.lines[pair].length for pair in tree})
        spared = {
            pair: ways[pair] / self.lines[pair].length
            for pair in pairs
            if pair not in tree and pair in ways
        }
        best = sorted(spared, key=lambda pair: (-spared[pair], pair))
        return set(best[: round(EXTRA_SHARE * len(tree))])

    def _seats(self, points: Iterable[int]) -> list[int]:
        """The seat of each district: its kelurahan, else the village in its middle."""
        by_district: dict[int, list[int]] = {}
        for place in points:
            by_district.setdefault(self.villages[place].parent_id, []).append(place)
        seats = []
        for places in by_district.values():
            middle = self.points[places].mean(axis=0)
            seats.append(
                min(
                    places,
                    key=lambda p: (
                        self.villages[p].kind != Kind.KELURAHAN,
                        float(np.hypot(*(self.points[p] - middle))),
                    ),
                )
            )
        return sorted(seats)

    def _upper(self, lengths: dict[Edge, float]) -> list[tuple[str, list[int]]]:
        """National roads along the longest way between seats, provincial ones to the others."""
        joined = {point for pair in lengths for point in pair}
        seats = self._seats(sorted(joined))
        ways = [(*shortest_path(a, {b}, lengths), a, b) for a in seats for b in seats if a < b]
        ways = [way for way in ways if way[1]]
        if not ways:
            return []
        # The two seats farthest apart, by the bird's way: the longest road would only wind.
        _gone, trunk, _a, _b = max(ways, key=lambda way: length_of((way[2], way[3]), self.points))
        found = [(Authority.NATIONAL, part) for part in _cut(trunk, set(seats))]
        network = set(trunk)
        for seat in seats:
            if seat in network:
                continue
            _gone, path = shortest_path(seat, network, lengths)
            if len(path) > 1:
                found.append((Authority.PROVINCE, path))
                network |= set(path)
        return found

    def _along(self, authority: str, path: list[int]) -> DemoRoad:
        pieces = []
        for a, b in pairwise(path):
            line = self.lines[edge(a, b)]
            pieces.append(line if a < b else shapely.reverse(line))
        line = shapely.line_merge(shapely.MultiLineString(pieces), directed=True)
        first, last = self.villages[path[0]], self.villages[path[-1]]
        return DemoRoad(authority, first.name, last.name, line)

    def _village_roads(self) -> list[DemoRoad]:
        """A short road or two around the middle of most villages, also where boats go."""
        found = []
        for place, village in enumerate(self.villages):
            random = self.random("village", village.code)
            n_roads = 1 + (random.random() < 0.3) if random.random() < VILLAGE_ROAD_SHARE else 0
            for number in range(n_roads):
                angle = random.uniform(0, 2 * np.pi)
                half_m = 500 * math.sqrt(village.area_km2)  # of a square as large
                reach = min(random.uniform(0.3, 0.9) * half_m, LONGEST_VILLAGE_ROAD_M)
                toward = np.array([np.cos(angle), np.sin(angle)]) * reach
                middle = self.points[place]
                ground = shapely.intersection(self.polygons[place], self.land)
                line = bent_line(middle, middle + toward, ground, random)
                if line is not None:
                    name = f"Lingkar {village.name}" if number else f"Poros {village.name}"
                    found.append(DemoRoad(Authority.VILLAGE, name, name, line))
        return found


def _cut(path: list[int], at: set[int]) -> list[list[int]]:
    """Cut a way into pieces that end at the points of ``at``."""
    pieces, piece = [], [path[0]]
    for point in path[1:]:
        piece.append(point)
        if point in at:
            pieces.append(piece)
            piece = [point]
    return [*pieces, piece] if len(piece) > 1 else pieces


def numbered(roads: list[DemoRoad]) -> list[tuple[str, DemoRoad]]:
    """Numbers by rank, in order: N01, P01, K001, D001."""
    counts: dict[str, int] = {}
    found = []
    for road in roads:
        counts[road.authority] = counts.get(road.authority, 0) + 1
        width = 2 if road.authority in {Authority.NATIONAL, Authority.PROVINCE} else 3
        found.append((f"{PREFIX[road.authority]}{counts[road.authority]:0{width}d}", road))
    return found
