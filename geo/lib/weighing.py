"""Weighted sums of points, and how firmly they rank places when the weights are not sure.

Nobody knows weights exactly. So they are varied many times, and it is counted how often a
place stays among the first: its *rank acceptability* (Lahdelma and Salminen, SMAA-2,
*Operations Research* 49, 2001), by the Monte Carlo of the *Handbook on Constructing Composite
Indicators* (OECD and JRC, 2008, step 7).

A place is scored on what is known of it: the mean of its points weighted over the criteria
that have a value. Missing is never counted as nought.

Plain Python, for the web process: ``lib.weighing_arrays`` does the same for a whole country.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import mul
from random import Random

# Points of one place, one for each criterion, 0–1; None where nothing is known.
Row = Sequence[float | None]
# A place on the very edge must not fall to rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Weighed:
    """The score of one place, 0–1, what each criterion adds to it, and what share is known.

    ``parts`` add up to ``score``; ``known_share`` is the part of all weight (0–1) that rests
    on criteria with a value. Without any, ``score`` is None.
    """

    score: float | None
    parts: list[float | None]
    known_share: float


def weigh(row: Row, weights: Sequence[float]) -> Weighed:
    """Score one place.

    >>> weigh([1.0, None, 0.5], [1, 2, 1])
    Weighed(score=0.75, parts=[0.5, None, 0.25], known_share=0.5)
    """
    known = sum(w for point, w in zip(row, weights, strict=True) if point is not None)
    if not known:
        return Weighed(None, [None] * len(weights), 0.0)
    parts = [
        None if point is None else w * point / known for point, w in zip(row, weights, strict=True)
    ]
    score = sum(part for part in parts if part is not None)
    return Weighed(score, parts, known / sum(weights))


def draw_multipliers(
    n_criteria: int, *, spread: float, seed: int, n_variations: int = 1000
) -> list[list[float]]:
    """What each weight is multiplied by in each variation.

    Every one is drawn by itself and uniformly from 1 − ``spread`` to 1 + ``spread``. The same
    seed gives the same numbers on every machine.
    """
    random = Random(seed).random  # noqa: S311 reproducible on purpose
    return [
        [1 + spread * (2 * random() - 1) for _ in range(n_criteria)] for _ in range(n_variations)
    ]


def count_tops(
    rows: Sequence[Row],
    weights: Sequence[float],
    multipliers: Sequence[Sequence[float]],
    tops: Sequence[int] = (5, 10),
) -> list[list[int]]:
    """Count for each place in how many variations it is among the first 5, the first 10, ….

    Places with equal scores share a rank, as in ``lib.ranking``: so more than five can be
    among the first five.

    Parameters
    ----------
    rows
        Points by place; each has at least one.
    weights
        Positive, one for each criterion.
    multipliers
        One list for each variation, as ``draw_multipliers`` gives them.

    Returns
    -------
    list of list of int
        By place, one count for each of ``tops``.
    """
    counts = [[0] * len(tops) for _ in rows]
    # Exact, and worth it: most places can't reach the first ten with any of these weights.
    hopeful = _hopeful(rows, weights, multipliers, max(tops))
    groups = _by_what_is_known(rows, hopeful)
    if not groups:
        return counts
    for factors in multipliers:
        varied = list(map(mul, weights, factors))
        scores: list[tuple[float, int]] = []
        for known, members in groups:
            total = sum(varied[j] for j in known)
            scores += [(sum(map(mul, points, varied)) / total, i) for i, points in members]
        _count_first(counts, scores, tops)
    return counts


def _count_first(
    counts: list[list[int]], scores: Sequence[tuple[float, int]], tops: Sequence[int]
) -> None:
    """Add one variation to the counts: scores with the number of their place."""
    best = nlargest(max(tops), scores)
    for place, top in enumerate(tops):
        edge = best[min(top, len(best)) - 1][0] - ROUNDING
        # Where the last of the best lies below the edge, nobody else can reach it.
        for score, i in best if best[-1][0] < edge else scores:
            if score >= edge:
                counts[i][place] += 1


def _by_what_is_known(
    rows: Sequence[Row], chosen: Sequence[int]
) -> list[tuple[tuple[int, ...], list[tuple[int, list[float]]]]]:
    """Places by the criteria that they have a value for, so that these are summed up once."""
    groups: dict[tuple[int, ...], list[tuple[int, list[float]]]] = defaultdict(list)
    for i in chosen:
        known = tuple(j for j, point in enumerate(rows[i]) if point is not None)
        groups[known].append((i, [point or 0.0 for point in rows[i]]))
    return list(groups.items())


def _hopeful(
    rows: Sequence[Row],
    weights: Sequence[float],
    multipliers: Sequence[Sequence[float]],
    top: int,
) -> list[int]:
    """Places whose best possible score reaches the worst possible one of ``top`` others."""
    columns = list(zip(*multipliers, strict=True))
    lows = [w * min(column) for w, column in zip(weights, columns, strict=True)]
    highs = [w * max(column) for w, column in zip(weights, columns, strict=True)]
    worst = [_extreme(row, highs, lows) for row in rows]
    floor = nlargest(top, worst)[-1] - ROUNDING if rows else 0.0
    # The highest mean gives the most weight to the best points: the lowest, turned over.
    upside = [[None if point is None else -point for point in row] for row in rows]
    return [i for i, row in enumerate(upside) if -_extreme(row, highs, lows) >= floor]


def _extreme(row: Row, highs: Sequence[float], lows: Sequence[float]) -> float:
    """The lowest weighted mean of a row when each weight may lie between two limits.

    There is a threshold below which every point has its highest weight and above which its
    lowest: so it is enough to try each.
    """
    known = sorted((point, highs[j], lows[j]) for j, point in enumerate(row) if point is not None)
    total = sum(low for _, _, low in known)
    weighted = sum(point * low for point, _, low in known)
    lowest = weighted / total
    for point, high, low in known:
        total += high - low
        weighted += point * (high - low)
        lowest = min(lowest, weighted / total)
    return lowest
