"""``weighing.count_tops`` for a whole country, with NumPy: for jobs, never in the web process."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.lib.weighing import ROUNDING, Row

# Scores of so many variations are held at once: 83,246 places take 32 MB.
AT_ONCE = 50


def count_tops_of_many(
    rows: Sequence[Row] | np.ndarray,
    weights: Sequence[float],
    multipliers: Sequence[Sequence[float]],
    tops: Sequence[int] = (5, 10),
) -> np.ndarray:
    """Count for each place in how many variations it is among the first 5, the first 10, ….

    Parameters
    ----------
    rows
        Points, shape (places, criteria), 0–1; None or NaN where nothing is known. Each
        place has at least one.
    weights
        Positive, shape (criteria,).
    multipliers
        Shape (variations, criteria), as ``draw_multipliers`` gives them.

    Returns
    -------
    ndarray of int, shape (places, tops)
    """
    points = np.array(rows, dtype=float)
    known = ~np.isnan(points)
    points = np.where(known, points, 0.0)
    varied = np.asarray(multipliers) * np.asarray(weights, dtype=float)
    counts = np.zeros((len(points), len(tops)), dtype=int)
    hopeful = np.flatnonzero(_may_be_first(points, known, varied, max(tops)))
    points, known = points[hopeful], known[hopeful]
    for start in range(0, len(varied), AT_ONCE):
        some = varied[start : start + AT_ONCE].T
        scores = (points @ some) / (known @ some)
        for place, top in enumerate(tops):
            nth = len(scores) - min(top, len(scores))
            edges = np.partition(scores, nth, axis=0)[nth]
            counts[hopeful, place] += (scores >= edges - ROUNDING).sum(axis=1)
    return counts


def _may_be_first(
    points: np.ndarray, known: np.ndarray, varied: np.ndarray, top: int
) -> np.ndarray:
    """Places whose best possible score reaches the worst possible one of ``top`` others."""
    lows, highs = varied.min(axis=0), varied.max(axis=0)
    worst = _lowest_means(points, known, lows, highs)
    best = -_lowest_means(-points, known, lows, highs)
    nth = len(worst) - min(top, len(worst))
    return best >= np.partition(worst, nth)[nth] - ROUNDING


def _lowest_means(
    points: np.ndarray, known: np.ndarray, lows: np.ndarray, highs: np.ndarray
) -> np.ndarray:
    """The lowest weighted mean of each row when each weight lies between two limits.

    As ``weighing._extreme``: the lowest points have their highest weights, up to a threshold.
    """
    order = np.argsort(points, axis=1)
    rising = np.take_along_axis(points, order, axis=1)
    there = np.take_along_axis(known, order, axis=1)
    low, more = lows[order] * there, (highs - lows)[order] * there
    total = low.sum(axis=1, keepdims=True) + np.cumsum(more, axis=1)
    weighted = (rising * low).sum(axis=1, keepdims=True) + np.cumsum(rising * more, axis=1)
    lowest = (weighted / total).min(axis=1)
    return np.minimum(lowest, (rising * low).sum(axis=1) / low.sum(axis=1))
