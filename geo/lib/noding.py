"""From lines of roads to nodes and edges: where roads meet, and where points reach them.

Everything is in metres on a plane (UTM). Lines are joined where an end of one
lies on another or within the tolerance of it, and where two cross; a bridge
over a road is not told apart from a crossing. Imported by batch code only: it
needs Shapely and SciPy.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# Closer than this, two ends are the same point that was written down twice.
SAME_M = 0.01
# A point reaches so many roads, for the nearest may be closed or lead nowhere.
MOST_LINKS = 3
# An end that stops short of a road by up to so many tolerances was perhaps meant to meet it.
NEAR_MISS = 3
ENDS = (0, -1)


@dataclass(frozen=True, slots=True)
class Gap:
    """An end of a line and another line beside it: their places, and metres between them."""

    line: int
    other: int
    distance_m: float


@dataclass(frozen=True, slots=True)
class Links:
    """Ways from points to nodes, as parallel arrays: place of the point, node, metres."""

    point: np.ndarray
    node: np.ndarray
    distance_m: np.ndarray


@dataclass(frozen=True, slots=True)
class Noded:
    """A network: parallel arrays of edges, how points reach it, and what was noticed.

    ``line`` says of which line an edge is a piece, ``from_m`` and ``to_m`` where
    on it; ``tail`` and ``head`` are nodes. ``node_xy`` has shape (n_nodes, 2).
    """

    node_xy: np.ndarray
    line: np.ndarray
    from_m: np.ndarray
    to_m: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    links: Links
    snapped: list[Gap]
    near_misses: list[Gap]
    dangling: np.ndarray
    without_length: list[int] = field(default_factory=list)
    n_crossings: int = 0

    @property
    def n_nodes(self) -> int:
        """How many nodes there are."""
        return len(self.node_xy)

    @property
    def length_m(self) -> np.ndarray:
        """Length of each edge."""
        return self.to_m - self.from_m

    def components(self) -> np.ndarray:
        """Number of the piece of the network to which each node belongs."""
        return _joined(self.n_nodes, self.tail, self.head)


def _joined(n: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    ones = np.ones(len(a), dtype=np.int8)
    _n, labels = connected_components(coo_array((ones, (a, b)), shape=(n, n)), directed=False)
    return labels


# (tip, line, metres between them); (point, cut, metres between them)
Near = list[tuple[int, int, float]]
Reached = tuple[np.ndarray, np.ndarray, np.ndarray]


class _Cuts:
    """Where lines are cut: line, metres from its start; and which cuts are one node."""

    def __init__(self) -> None:
        self.line: list[np.ndarray] = []
        self.at_m: list[np.ndarray] = []
        self.n = 0
        self.same: list[tuple[np.ndarray, np.ndarray]] = []

    def add(self, line: np.ndarray, at_m: np.ndarray) -> np.ndarray:
        """Add cuts; returns their numbers."""
        self.line.append(np.asarray(line, dtype=np.int64))
        self.at_m.append(np.asarray(at_m, dtype=float))
        numbers = np.arange(self.n, self.n + len(line))
        self.n += len(line)
        return numbers

    def all(self) -> tuple[np.ndarray, np.ndarray]:
        """Line and metres of every cut, by number."""
        return np.concatenate(self.line), np.concatenate(self.at_m)

    def unite(self, a: np.ndarray, b: np.ndarray) -> None:
        """Say that cuts ``a`` are the same nodes as cuts ``b``, one by one."""
        self.same.append((a, b))


def node_lines(
    lines: np.ndarray,
    *,
    tolerance_m: float,
    points: np.ndarray | None = None,
    reach_m: np.ndarray | float = 0.0,
) -> Noded:
    """Cut lines where they meet, and attach points to them.

    Parameters
    ----------
    lines : array of shapely.LineString, shape (n,)
        In metres. Lines without length are left out and reported.
    tolerance_m : float
        An end of a line as near to another line is joined to it.
    points : array of float, shape (k, 2)
        Each is joined to the nearest point of at most ``MOST_LINKS`` lines.
    reach_m : array of float, shape (k,), or float
        How far from a line a point may lie.

    Returns
    -------
    Noded
    """
    lengths_m = shapely.length(lines) if len(lines) else np.zeros(0)
    usable = np.flatnonzero(lengths_m > SAME_M)
    kept = np.asarray(lines, dtype=object)[usable]
    cuts = _Cuts()
    tips = np.concatenate([shapely.get_point(kept, 0), shapely.get_point(kept, -1)])
    every = np.arange(len(kept))
    cuts.add(
        np.concatenate([every, every]), np.concatenate([np.zeros(len(kept)), lengths_m[usable]])
    )
    tree = shapely.STRtree(kept)
    near = _snap_tips(cuts, tree, kept, tips, tolerance_m)
    n_crossings = _cross(cuts, tree, kept)
    links = _attach(cuts, tree, kept, points, reach_m)
    found = _noded(cuts, kept, usable, links, near, tolerance_m)
    without_length = np.flatnonzero(lengths_m <= SAME_M).tolist()
    return replace(found, without_length=without_length, n_crossings=n_crossings)


def _noded(
    cuts: _Cuts,
    lines: np.ndarray,
    usable: np.ndarray,
    links: Reached,
    near: Near,
    tolerance_m: float,
) -> Noded:
    """The network between the cuts."""
    node, before, after = _join(cuts, links[1], tolerance_m)
    line, at_m = cuts.all()
    tip_nodes = node[: 2 * len(lines)]
    node_xy = _positions(lines, line, at_m, node)
    degree = np.bincount(node[np.concatenate([before, after])], minlength=len(node_xy))
    snapped, misses = _gaps(near, usable, tolerance_m, degree[tip_nodes])
    return Noded(
        node_xy=node_xy,
        line=usable[line[before]],
        from_m=at_m[before],
        to_m=at_m[after],
        tail=node[before],
        head=node[after],
        links=Links(links[0], node[links[1]], links[2]),
        snapped=snapped,
        near_misses=misses,
        dangling=np.unique(tip_nodes[degree[tip_nodes] == 1]),
    )


def _snap_tips(
    cuts: _Cuts, tree: shapely.STRtree, lines: np.ndarray, tips: np.ndarray, tolerance_m: float
) -> Near:
    """Join ends to lines within the tolerance; returns all that lie near a line.

    The cut of tip ``i`` has the number ``i``: first all starts, then all ends.
    """
    n = len(lines)
    if not n:
        return []
    tip, line = tree.query(tips, predicate="dwithin", distance=NEAR_MISS * tolerance_m)
    foreign = tip % n != line
    tip, line = tip[foreign], line[foreign]
    at_m = shapely.line_locate_point(lines[line], tips[tip])
    distance_m = shapely.distance(lines[line], tips[tip])
    close = distance_m <= tolerance_m
    cuts.unite(tip[close], cuts.add(line[close], at_m[close]))
    return list(zip(tip.tolist(), line.tolist(), distance_m.tolist(), strict=True))


def _cross(cuts: _Cuts, tree: shapely.STRtree, lines: np.ndarray) -> int:
    """Cut lines where they cross or touch; returns in how many points."""
    first, second = tree.query(lines, predicate="intersects")
    ahead = first < second
    first, second = first[ahead], second[ahead]
    shared = shapely.intersection(lines[first], lines[second])
    parts, pair = shapely.get_parts(shared, return_index=True)
    # Where two lines run along each other, the ends of the common stretch are what meets.
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    spots = np.concatenate([parts[~is_line], *(shapely.get_point(parts[is_line], n) for n in ENDS)])
    pair = np.concatenate([pair[~is_line], pair[is_line], pair[is_line]])
    a = cuts.add(first[pair], shapely.line_locate_point(lines[first[pair]], spots))
    b = cuts.add(second[pair], shapely.line_locate_point(lines[second[pair]], spots))
    cuts.unite(a, b)
    return len(parts)


def _attach(
    cuts: _Cuts,
    tree: shapely.STRtree,
    lines: np.ndarray,
    points: np.ndarray | None,
    reach_m: np.ndarray | float,
) -> Reached:
    """Cut the nearest lines of each point where it reaches them."""
    if points is None or not len(points) or not len(lines):
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0)
    spots = shapely.points(points)
    reach = np.broadcast_to(np.asarray(reach_m, dtype=float), len(points))
    point, line = tree.query(spots, predicate="dwithin", distance=reach)
    distance_m = shapely.distance(lines[line], spots[point])
    order = np.lexsort((line, distance_m, point))
    point, line, distance_m = point[order], line[order], distance_m[order]
    rank = np.arange(len(point)) - np.searchsorted(point, point, side="left")
    near = rank < MOST_LINKS
    point, line, distance_m = point[near], line[near], distance_m[near]
    cut = cuts.add(line, shapely.line_locate_point(lines[line], spots[point]))
    return point, cut, distance_m


def _join(
    cuts: _Cuts, of_points: np.ndarray, tolerance_m: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Say which node each cut is, and between which neighbours on a line there is an edge."""
    line, at_m = cuts.all()
    order = np.lexsort((at_m, line))
    # Cuts that coincide along a line are one: joints within the tolerance (at most a metre),
    # the cuts of points only at the very same spot.
    is_joint = np.ones(len(line), dtype=bool)
    is_joint[of_points] = False
    both_joints = is_joint[order][1:] & is_joint[order][:-1]
    limit_m = np.where(both_joints, min(tolerance_m, 1.0), SAME_M)
    on_one_line = np.diff(line[order]) == 0
    same = on_one_line & (np.diff(at_m[order]) <= limit_m)
    a = np.concatenate([order[:-1][same], *(pair[0] for pair in cuts.same)])
    b = np.concatenate([order[1:][same], *(pair[1] for pair in cuts.same)])
    node = _joined(len(line), a.astype(np.int64), b.astype(np.int64))
    is_edge = on_one_line & (np.diff(node[order]) != 0)
    return node, order[:-1][is_edge], order[1:][is_edge]


def _positions(
    lines: np.ndarray, line: np.ndarray, at_m: np.ndarray, node: np.ndarray
) -> np.ndarray:
    """Where each node stands: at the first of its cuts, for joints were cut before points."""
    if not len(node):
        return np.zeros((0, 2))
    spots = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], at_m))
    node_xy = np.zeros((int(node.max()) + 1, 2))
    node_xy[node[::-1]] = spots[::-1]
    return node_xy


def _gaps(
    near: Near, usable: np.ndarray, tolerance_m: float, tip_degree: np.ndarray
) -> tuple[list[Gap], list[Gap]]:
    """Which ends were drawn to another line, and which hang free though one is near."""
    n_lines = len(usable)
    snapped = [
        Gap(int(usable[tip % n_lines]), int(usable[line]), distance_m)
        for tip, line, distance_m in near
        if SAME_M < distance_m <= tolerance_m
    ]
    nearest: dict[int, tuple[float, int]] = {}
    for tip, line, distance_m in near:
        if distance_m > tolerance_m and tip_degree[tip] == 1:
            nearest[tip] = min(nearest.get(tip, (np.inf, -1)), (distance_m, line))
    misses = [
        Gap(int(usable[tip % n_lines]), int(usable[line]), distance_m)
        for tip, (distance_m, line) in sorted(nearest.items())
    ]
    return snapped, misses
