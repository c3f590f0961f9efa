"""Putting criteria of different units on one scale: 0 for the worst place, 1 for the best.

Both ways are in the *Handbook on Constructing Composite Indicators* (OECD and JRC, 2008,
step 5): min–max keeps the distances between places, percentile rank keeps only their order
and so gives an outlier no more room than any other place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate

Column = Sequence[float | None]

HIGHER, LOWER = "higher", "lower"
# Of a criterion in which all places are equal: it tells none from another.
MIDDLE = 0.5


def min_max(values: Column) -> list[float | None]:
    """Place each value between the lowest (0) and the highest (1); None stays None.

    >>> min_max([10, None, 30, 15])
    [0.0, None, 1.0, 0.25]
    """
    known = [value for value in values if value is not None]
    if not known:
        return [None] * len(values)
    low, span = min(known), max(known) - min(known)
    if not span:
        return [None if value is None else MIDDLE for value in values]
    return [None if value is None else (value - low) / span for value in values]


def percentile_rank(values: Column) -> list[float | None]:
    """The share of the other places that a place surpasses; equals count half. None stays None.

    >>> percentile_rank([10, None, 30, 15])
    [0.0, None, 1.0, 0.5]
    >>> percentile_rank([1, 1, 2])
    [0.25, 0.25, 1.0]
    """
    counts = Counter(value for value in values if value is not None)
    n_others = sum(counts.values()) - 1
    if n_others < 1:
        return [None if value is None else MIDDLE for value in values]
    rising = sorted(counts)
    below = dict(zip(rising, accumulate((counts[v] for v in rising), initial=0), strict=False))
    share = {v: (below[v] + (counts[v] - 1) / 2) / n_others for v in rising}
    return [None if value is None else share[value] for value in values]


METHODS: dict[str, Callable[[Column], list[float | None]]] = {
    "minmax": min_max,
    "percentile": percentile_rank,
}


def normalise(values: Column, *, method: str, direction: str) -> list[float | None]:
    """Points from 0 (worst) to 1 (best); None where there is no value.

    Parameters
    ----------
    values
        One of each place, in the criterion's own unit.
    method
        One of ``METHODS``.
    direction
        ``HIGHER`` where more is better, ``LOWER`` where less is.
    """
    points = METHODS[method](values)
    if direction == HIGHER:
        return points
    return [None if point is None else 1 - point for point in points]
