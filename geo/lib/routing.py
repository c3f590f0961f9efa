"""Shortest ways on a network by time: one search from all destinations of a kind together.

Dijkstra (1959) on the reversed graph, with SciPy's compiled search. Minutes
are infinite where there is no way. Imported by batch code only: it needs
NumPy and SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

# A sparse matrix does not tell a way of no time from no way at all.
LEAST_MINUTES = 1e-9
NOBODY = -9999  # what SciPy writes where no node comes before


@dataclass(frozen=True, slots=True)
class Found:
    """Minutes from every node to the nearest destination, and the next node on the way there."""

    minutes: np.ndarray
    onward: np.ndarray

    def way(self, node: int) -> list[int]:
        """Nodes from ``node`` to its destination; empty where none can be reached."""
        if not np.isfinite(self.minutes[node]):
            return []
        path = [int(node)]
        while self.onward[path[-1]] != NOBODY:
            path.append(int(self.onward[path[-1]]))
        return path


class Graph:
    """Directed edges with minutes; of parallel ones only the quickest is kept.

    Parameters
    ----------
    n_nodes : int
    tail, head : array of int, shape (m,)
        An edge leads from tail to head.
    minutes : array of float, shape (m,)
        Not negative; infinite for an edge that is closed.

    Raises
    ------
    ValueError
        For negative minutes or NaN.
    """

    def __init__(
        self, n_nodes: int, tail: np.ndarray, head: np.ndarray, minutes: np.ndarray
    ) -> None:
        minutes = np.asarray(minutes, dtype=float)
        if np.isnan(minutes).any() or (minutes < 0).any():
            raise ValueError("minutes of an edge must be 0 or more")
        is_open = np.isfinite(minutes)
        tail, head, minutes = tail[is_open], head[is_open], minutes[is_open]
        # Towards the destinations is against the edges: rows are heads.
        order = np.lexsort((minutes, tail, head))
        tail, head, minutes = tail[order], head[order], minutes[order]
        first = np.ones(len(tail), dtype=bool)
        first[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
        self.n_nodes = n_nodes
        starts = np.searchsorted(head[first], np.arange(n_nodes + 1))
        self._reversed = csr_array(
            (np.maximum(minutes[first], LEAST_MINUTES), tail[first], starts),
            shape=(n_nodes, n_nodes),
        )

    def minutes_to(self, destinations: Sequence[int] | np.ndarray) -> np.ndarray:
        """Minutes from every node to the nearest of ``destinations``, shape (n_nodes,)."""
        if not len(destinations):
            return np.full(self.n_nodes, np.inf)
        found = dijkstra(self._reversed, indices=np.asarray(destinations), min_only=True)
        return _without_traces(found)

    def ways_to(self, destinations: Sequence[int] | np.ndarray) -> Found:
        """The same, with the way that is taken."""
        if not len(destinations):
            return Found(np.full(self.n_nodes, np.inf), np.full(self.n_nodes, NOBODY))
        minutes, onward, _source = dijkstra(
            self._reversed,
            indices=np.asarray(destinations),
            min_only=True,
            return_predecessors=True,
        )
        return Found(_without_traces(minutes), onward)

    def components(self) -> np.ndarray:
        """Number of the piece to which each node belongs, edges taken both ways."""
        _n, labels = connected_components(self._reversed, directed=True, connection="weak")
        return labels


def _without_traces(minutes: np.ndarray) -> np.ndarray:
    """Take back what edges of no time were given, far below what anybody reads."""
    return np.where(np.isfinite(minutes), np.round(minutes, 6), np.inf)


def both_ways(
    tail: np.ndarray, head: np.ndarray, minutes: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every edge in both directions."""
    return (
        np.concatenate([tail, head]),
        np.concatenate([head, tail]),
        np.concatenate([minutes, minutes]),
    )
