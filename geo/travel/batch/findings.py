"""What was noticed about the network: plain lists that a row can keep, in no language."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely

from geo.lib.noding import Gap
from geo.roads.models import Road
from geo.travel.batch.network import Network

# Of a piece of the network so many roads are named.
MOST_NAMED = 5


def examine(network: Network) -> dict:
    """Describe the network; ``travel.rules.remarks`` says it in sentences."""
    noded, numbers = network.noded, [road.number for road in network.roads]
    road_of_line = _roads_of_lines(network)
    return {
        "n_roads": len(network.roads),
        "n_without_line": Road.objects.current().filter(line=None).count(),
        "length_km": round(float(noded.length_m.sum()) / 1000, 3),
        "n_nodes": noded.n_nodes,
        "n_edges": len(noded.line),
        "n_dangling": len(noded.dangling),
        "n_links": len(network.crossings),
        "snap_m": network.speeds.network["snap_m"],
        "village_reach_m": network.speeds.network["village_reach_m"],
        "pieces": _pieces(network, numbers),
        "snapped": _gaps(noded.snapped, road_of_line),
        "near_misses": _gaps(noded.near_misses, road_of_line),
        "without_length": sorted({road_of_line[line] for line in noded.without_length}),
        "unsurveyed": [
            [road.number, round(times.line_m / 1000, 3), one.surface, one.condition]
            for road, times in zip(network.roads, network.times, strict=True)
            for one in times.stretches
            if one.is_assumed
        ],
        "unplaced": [list(one) for one in network.groups.unplaced],
    }


def _roads_of_lines(network: Network) -> list[str]:
    return [network.roads[number].number for number in network.road_of_line]


def _gaps(gaps: list[Gap], road_of_line: list[str]) -> list[list]:
    """Gaps between roads; the ends of one road are told apart from nothing."""
    return [
        [road_of_line[gap.line], road_of_line[gap.other], round(gap.distance_m, 2)]
        for gap in gaps
        if road_of_line[gap.line] != road_of_line[gap.other]
    ]


def _pieces(network: Network, numbers: list[str]) -> list[dict]:
    """The separate networks of roads, boats left out, the longest first."""
    noded = network.noded
    if not len(noded.line):
        return []
    piece_of_edge = noded.components()[noded.tail]
    lengths_km = np.bincount(piece_of_edge, weights=noded.length_m) / 1000
    roads: dict[int, set[int]] = defaultdict(set)
    for piece, road in zip(piece_of_edge.tolist(), network.road_of_edge.tolist(), strict=True):
        roads[piece].add(road)
    ordered = sorted(roads, key=lambda piece: (-lengths_km[piece], piece))
    return [
        {
            "length_km": round(float(lengths_km[piece]), 3),
            "n_roads": len(roads[piece]),
            "roads": [numbers[road] for road in sorted(roads[piece])[:MOST_NAMED]],
        }
        for piece in ordered
    ]


def off_road_m(network: Network) -> np.ndarray:
    """How far the middle of each village lies from the nearest road or landing place."""
    groups = network.groups
    n_villages = len(groups.villages)
    near = np.full(n_villages, np.inf)
    if not n_villages:
        return near
    spots = shapely.points(groups.xy[:n_villages])
    goals = [shapes for shapes in (network.lines, shapely.points(network.jetty_xy)) if len(shapes)]
    for shapes in goals:
        pairs, distance_m = shapely.STRtree(shapes).query_nearest(
            spots, return_distance=True, all_matches=False
        )
        near[pairs[0]] = np.minimum(near[pairs[0]], distance_m)
    return near
