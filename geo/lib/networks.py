"""Inventing a road network for demonstration: who is joined to whom, and by which line.

Everything is in metres on a plane and follows from a seed. Nothing here is a
measurement. Imported by batch code only: it needs Shapely.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random

import numpy as np
import shapely

Edge = tuple[int, int]
LONGEST_EDGE_M = 25_000
# A village whose next neighbour is farther than this many typical distances, or that is so
# much larger than the typical one, lies in the delta: it is reached by boat.
FAR, LARGE = 1.9, 3.2
BENDS = (0.07, -0.07, 0.03, -0.03, 0.0)
STEP_M = 600


def edge(a: int, b: int) -> Edge:
    """The same edge in whichever direction it is named."""
    return (a, b) if a < b else (b, a)


def reached_by_river(points: np.ndarray, areas_km2: Sequence[float]) -> np.ndarray:
    """Say which villages have no road to the next: far from all others, or vast.

    Parameters
    ----------
    points : array of float, shape (n, 2)
        Metres.
    areas_km2 : sequence of float, length n

    Returns
    -------
    array of bool, shape (n,)
    """
    if len(points) < 3:
        return np.zeros(len(points), dtype=bool)
    distances = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(distances, np.inf)
    nearest = distances.min(axis=1)
    areas = np.asarray(areas_km2, dtype=float)
    is_far = nearest > FAR * np.median(nearest)
    is_vast = (areas > LARGE * np.median(areas)) & (nearest > np.median(nearest))
    return is_far | is_vast


def near_pairs(points: np.ndarray) -> list[Edge]:
    """Pairs of neighbours: the edges of the Delaunay triangulation, the shortest first."""
    if len(points) < 2:
        return []
    if len(points) < 4:
        pairs = {edge(a, b) for a in range(len(points)) for b in range(a)}
    else:
        triangles = shapely.get_parts(shapely.delaunay_triangles(shapely.multipoints(points)))
        place = {tuple(point): number for number, point in enumerate(points.tolist())}
        pairs = set()
        for triangle in triangles:
            corners = [place[tuple(c)] for c in shapely.get_coordinates(triangle)[:3].tolist()]
            pairs |= {edge(a, b) for a in corners for b in corners if a != b}
    return sorted(pairs, key=lambda pair: (length_of(pair, points), pair))


def length_of(pair: Edge, points: np.ndarray) -> float:
    """Straight distance between two points in metres."""
    return float(np.hypot(*(points[pair[0]] - points[pair[1]])))


def spanning_edges(pairs: Iterable[Edge], n_points: int) -> set[Edge]:
    """Minimum spanning forest (Kruskal) of pairs that come the shortest first."""
    group = list(range(n_points))

    def find(point: int) -> int:
        while group[point] != point:
            group[point] = group[group[point]]
            point = group[point]
        return point

    chosen = set()
    for a, b in pairs:
        root_a, root_b = find(a), find(b)
        if root_a != root_b:
            group[root_a] = root_b
            chosen.add((a, b))
    return chosen


def tree_distances(lengths: Mapping[Edge, float]) -> dict[Edge, float]:
    """Way along a forest between every two points that it joins, in metres."""
    ways: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (a, b), length in lengths.items():
        ways[a].append((b, length))
        ways[b].append((a, length))
    found: dict[Edge, float] = {}
    for start in sorted(ways):
        waiting, gone = [start], {start: 0.0}
        while waiting:
            point = waiting.pop()
            for other, length in ways[point]:
                if other not in gone:
                    gone[other] = gone[point] + length
                    waiting.append(other)
        found |= {(start, other): way for other, way in gone.items() if start < other}
    return found


def shortest_path(
    start: int, goals: set[int], lengths: Mapping[Edge, float]
) -> tuple[float, list[int]]:
    """Shortest way (Dijkstra) from a point to the nearest goal: its length and its points.

    Infinite length and no points where no goal can be reached.
    """
    ways: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (a, b), length in lengths.items():
        ways[a].append((b, length))
        ways[b].append((a, length))
    queue: list[tuple[float, int, tuple[int, ...]]] = [(0.0, start, (start,))]
    seen = set()
    while queue:
        gone, point, path = heapq.heappop(queue)
        if point in goals:
            return gone, list(path)
        if point in seen:
            continue
        seen.add(point)
        for other, length in ways[point]:
            if other not in seen:
                heapq.heappush(queue, (gone + length, other, (*path, other)))
    return math.inf, []


def bent_line(
    start: np.ndarray, end: np.ndarray, land: shapely.Geometry, random: Random
) -> shapely.LineString | None:
    """A gently curved line between two points that stays on land; None where none does."""
    along = end - start
    length_m = float(np.hypot(*along))
    if length_m == 0:
        return None
    across = np.array([-along[1], along[0]])
    n = max(4, round(length_m / STEP_M)) + 1
    t = np.linspace(0, 1, n)
    waves = random.choice([1, 1, 2])
    wobble = np.array([0.0, *(random.uniform(-0.012, 0.012) for _ in range(n - 2)), 0.0])
    flip = random.choice([1, -1])
    for bend in BENDS:
        side = flip * bend * np.sin(math.pi * waves * t) + (wobble if bend else 0)
        line = shapely.LineString(start + np.outer(t, along) + np.outer(side, across))
        if shapely.covers(land, line):
            return line
    return None


def split_whole(total: int, weights: Sequence[float]) -> list[int]:
    """Split a whole number by weights so that the parts add up to it exactly."""
    whole = sum(weights)
    parts = [math.floor(total * weight / whole) for weight in weights]
    largest = max(range(len(weights)), key=lambda place: weights[place])
    parts[largest] += total - sum(parts)
    return parts
