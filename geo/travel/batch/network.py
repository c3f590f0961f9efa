"""The network of one regency as arrays: roads that meet, boat links, and how points reach them.

Nodes are numbered: first those where roads meet, then landing places, then points.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.ops import substring

from geo.lib.coverage import reproject
from geo.lib.noding import Noded, node_lines
from geo.lib.road_times import RoadTimes
from geo.lib.routing import Graph, both_ways
from geo.lib.travel_speeds import SpeedTable, Stretch, minutes, pair_stretches
from geo.roads.models import (
    CONDITION_FIELDS,
    SURFACE_FIELDS,
    Crossing,
    Road,
    RoadSegment,
    RoadSurvey,
)
from geo.travel.batch.points import Groups


@dataclass(frozen=True)
class Legs:
    """Ways on foot from points to nodes of the network, or straight to other points."""

    point: np.ndarray
    node: np.ndarray
    distance_m: np.ndarray


@dataclass(frozen=True)
class Network:
    """All that ways are sought on, before any vehicle or season is chosen."""

    speeds: SpeedTable
    roads: list[Road]
    times: list[RoadTimes]
    noded: Noded
    road_of_line: np.ndarray
    road_of_edge: np.ndarray
    from_m: np.ndarray
    to_m: np.ndarray
    lines: np.ndarray
    crossings: list[Crossing]
    crossing_m: np.ndarray
    crossing_nodes: np.ndarray
    jetty_links: tuple[np.ndarray, np.ndarray]
    jetty_xy: np.ndarray
    legs: Legs
    direct: Legs
    groups: Groups

    @property
    def first_point(self) -> int:
        """The node of the first point."""
        return self.noded.n_nodes + len(self.jetty_xy)

    @property
    def n_nodes(self) -> int:
        """How many nodes there are, of all sorts."""
        return self.first_point + len(self.groups.xy)

    @cached_property
    def walking(self) -> float:
        """Minutes on foot for a metre."""
        return 60 / 1000 / self.speeds.network["walking_kmh"]

    @cached_property
    def _met(self) -> np.ndarray:
        """Which legs a vehicle counts on that has to be met at the road."""
        order = np.lexsort((self.legs.distance_m, self.legs.point))
        nearest = np.zeros(len(order), dtype=bool)
        nearest[order] = np.r_[True, np.diff(self.legs.point[order]) != 0][: len(order)]
        return nearest | (self.legs.distance_m <= self.speeds.network["carried_m"])

    def road_minutes(self, vehicles: Sequence[str], season: str) -> np.ndarray:
        """Minutes over each edge of the roads with the quickest vehicle that may use it."""
        found = np.full(len(self.road_of_edge), np.inf)
        for number, times in enumerate(self.times):
            mine = np.flatnonzero(self.road_of_edge == number)
            for vehicle in vehicles:
                if vehicle in self.speeds.least_width_m and len(mine):
                    spent = times.minutes(
                        self.speeds, vehicle, season, self.from_m[mine], self.to_m[mine]
                    )
                    found[mine] = np.minimum(found[mine], spent)
        return found

    def crossing_minutes(self, vehicles: Sequence[str] | None, season: str) -> np.ndarray:
        """Minutes over each boat link, waiting included; None stands for every vehicle."""
        found = np.full(len(self.crossings), np.inf)
        for place, crossing in enumerate(self.crossings):
            carries = vehicles is None or set(vehicles) & set(crossing.vehicles)
            if carries and season in crossing.seasons:
                speed_kmh = crossing.speed_kmh or self.speeds.water_kmh
                spent = crossing.minutes or minutes(self.crossing_m[place], speed_kmh)
                found[place] = spent + crossing.waiting_minutes
        return found

    def graph(
        self, road_minutes: np.ndarray, crossing_minutes: np.ndarray, *, may_walk: bool = True
    ) -> Graph:
        """The graph for minutes of the edges; on foot one only begins or ends a way.

        Without ``may_walk`` nobody goes all the way on foot, and a point is met at
        the road nearest to it or at others within ``carried_m``.
        """
        groups, first = self.groups, self.first_point
        n_villages = len(groups.villages)
        jetty, at = self.jetty_links
        used = np.ones(len(self.legs.point), dtype=bool) if may_walk else self._met
        leaves = used & (self.legs.point < n_villages)
        arrives = used & (self.legs.point >= n_villages)
        on_foot = self.legs.distance_m * self.walking
        parts = [
            both_ways(self.noded.tail, self.noded.head, road_minutes),
            both_ways(self.crossing_nodes[:, 0], self.crossing_nodes[:, 1], crossing_minutes),
            both_ways(jetty, at, np.zeros(len(jetty))),
            (first + self.legs.point[leaves], self.legs.node[leaves], on_foot[leaves]),
            (
                self.legs.node[arrives],
                first + self.legs.point[arrives],
                on_foot[arrives] + groups.extra[self.legs.point[arrives]],
            ),
            (
                first + self.direct.point,
                first + self.direct.node,
                self.direct.distance_m * self.walking + groups.extra[self.direct.node],
            ),
        ][: None if may_walk else -1]
        tail, head, spent = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Graph(self.n_nodes, tail, head, spent)

    def graph_for(self, vehicles: Sequence[str], season: str) -> Graph:
        """The graph of some vehicles in a season."""
        return self.graph(
            self.road_minutes(vehicles, season), self.crossing_minutes(vehicles, season)
        )

    def edge_line(self, edge: int) -> shapely.Geometry:
        """The piece of line of one edge, in metres."""
        noded = self.noded
        line = self.lines[noded.line[edge]]
        return substring(line, noded.from_m[edge], noded.to_m[edge])


# --- reading -------------------------------------------------------------------------------


def build_network(groups: Groups, speeds: SpeedTable, *, with_crossings: bool = True) -> Network:
    """Read roads and boat links, and join them with each other and with the points."""
    roads = list(Road.objects.current().with_line().order_by("number"))
    shapes = _projected([road.line for road in roads], groups.srid)
    lines, road_of_line = shapely.get_parts(shapes, return_index=True)
    offsets_m = _offsets(lines, road_of_line)
    whole_m = shapely.length(shapes) if len(roads) else np.zeros(0)
    crossings = list(Crossing.objects.current().order_by("code")) if with_crossings else []
    boats = _projected([crossing.line for crossing in crossings], groups.srid)
    jetty_of, jetty_xy = _jetties(boats, speeds.network["snap_m"])
    n_points = len(groups.xy)
    noded = node_lines(
        lines,
        tolerance_m=speeds.network["snap_m"],
        points=np.concatenate([groups.xy, jetty_xy]),
        reach_m=np.concatenate(
            [groups.reach_m, np.full(len(jetty_xy), speeds.network["jetty_snap_m"])]
        ),
    )
    of_jetty = noded.links.point >= n_points
    landed = _landed(noded, of_jetty)
    return Network(
        speeds=speeds,
        roads=roads,
        times=_times(roads, whole_m, speeds),
        noded=noded,
        road_of_line=road_of_line,
        road_of_edge=road_of_line[noded.line],
        from_m=noded.from_m + offsets_m[noded.line],
        to_m=noded.to_m + offsets_m[noded.line],
        lines=lines,
        crossings=crossings,
        crossing_m=shapely.length(boats) if len(crossings) else np.zeros(0),
        crossing_nodes=jetty_of.reshape(-1, 2) + noded.n_nodes,
        jetty_links=(landed[0] + noded.n_nodes - n_points, landed[1]),
        jetty_xy=jetty_xy,
        legs=_legs(noded, of_jetty, groups, jetty_xy),
        direct=_direct(groups, speeds),
        groups=groups,
    )


def _landed(noded: Noded, of_jetty: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The node of the nearest road of each landing place; links come the nearest first."""
    links = noded.links
    first = np.r_[True, np.diff(links.point) != 0][: len(of_jetty)]
    return links.point[of_jetty & first], links.node[of_jetty & first]


def _projected(geometries: list, srid: int) -> np.ndarray:
    shapes = np.array([shapely.from_wkb(bytes(each.wkb)) for each in geometries], dtype=object)
    return reproject(shapes, 4326, srid) if len(shapes) else shapes


def _offsets(lines: np.ndarray, road_of_line: np.ndarray) -> np.ndarray:
    """Where on its road each piece of a line begins, in metres."""
    before_m = np.concatenate([[0.0], np.cumsum(shapely.length(lines))[:-1]])[: len(lines)]
    first = np.searchsorted(road_of_line, road_of_line, side="left")
    return before_m - before_m[first]


def _jetties(boats: np.ndarray, snap_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Landing places: which one each end of each link is, and where they lie."""
    ends = np.empty((len(boats), 2), dtype=object)
    if not len(boats):
        return np.zeros(0, dtype=np.int64), np.zeros((0, 2))
    ends[:, 0], ends[:, 1] = shapely.get_point(boats, 0), shapely.get_point(boats, -1)
    flat = ends.ravel()
    a, b = shapely.STRtree(flat).query(flat, predicate="dwithin", distance=snap_m)
    near = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(len(flat), len(flat)))
    _n, label = connected_components(near, directed=False)
    _labels, first = np.unique(label, return_index=True)
    return label.astype(np.int64), shapely.get_coordinates(flat[first])


def _legs(noded: Noded, of_jetty: np.ndarray, groups: Groups, jetty_xy: np.ndarray) -> Legs:
    """How points get to the network: over land to a road, or to a landing place."""
    links = noded.links
    point, node, distance_m = [links.point[~of_jetty]], [links.node[~of_jetty]], []
    distance_m.append(links.distance_m[~of_jetty])
    if len(jetty_xy) and len(groups.xy):
        spots, landings = shapely.points(groups.xy), shapely.points(jetty_xy)
        near, jetty = shapely.STRtree(landings).query(
            spots, predicate="dwithin", distance=groups.reach_m
        )
        point.append(near)
        node.append(noded.n_nodes + jetty)
        distance_m.append(shapely.distance(spots[near], landings[jetty]))
    return Legs(np.concatenate(point), np.concatenate(node), np.concatenate(distance_m))


def _direct(groups: Groups, speeds: SpeedTable) -> Legs:
    """Straight on foot from the middle of a village to what stands near it."""
    n_villages = len(groups.villages)
    spots = shapely.points(groups.xy) if len(groups.xy) else np.zeros(0, dtype=object)
    village, other = shapely.STRtree(spots[n_villages:]).query(
        spots[:n_villages], predicate="dwithin", distance=speeds.network["place_reach_m"]
    )
    goal = other + n_villages
    return Legs(village, goal, shapely.distance(spots[village], spots[goal]))


# --- what roads are like ---------------------------------------------------------------------


def _times(roads: list[Road], whole_m: np.ndarray, speeds: SpeedTable) -> list[RoadTimes]:
    surveys = {
        survey.road_id: survey
        for survey in RoadSurvey.objects.order_by("road_id", "-year").distinct("road_id")
    }
    segments: dict[int, list[RoadSegment]] = defaultdict(list)
    for segment in RoadSegment.objects.order_by("road_id", "-year", "from_m"):
        mine = segments[segment.road_id]
        if not mine or mine[0].year == segment.year:
            mine.append(segment)
    return [
        _times_of(road, float(length_m), surveys.get(road.pk), segments[road.pk], speeds)
        for road, length_m in zip(roads, whole_m, strict=True)
    ]


def _times_of(
    road: Road,
    line_m: float,
    survey: RoadSurvey | None,
    segments: list[RoadSegment],
    speeds: SpeedTable,
) -> RoadTimes:
    if segments and (survey is None or segments[0].year >= survey.year):
        return RoadTimes(road.authority, _located(segments), True, line_m)
    if survey is None:
        return RoadTimes(road.authority, [speeds.assumed(road.authority, line_m)], False, line_m)
    stretches = pair_stretches(
        {name: getattr(survey, column) for name, column in SURFACE_FIELDS.items()},
        {name: getattr(survey, column) for name, column in CONDITION_FIELDS.items()},
        survey.width_m,
    )
    return RoadTimes(road.authority, stretches, False, line_m)


def _located(segments: list[RoadSegment]) -> list[Stretch]:
    """Stretches in their order; a gap between two is taken to be like the one before it."""
    ends_m = [segment.from_m for segment in segments[1:]] + [segments[-1].to_m]
    starts_m = [0.0, *(segment.from_m for segment in segments[1:])]
    return [
        Stretch(segment.surface, segment.condition, end_m - start_m, segment.width_m)
        for segment, start_m, end_m in zip(segments, starts_m, ends_m, strict=True)
    ]
