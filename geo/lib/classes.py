"""Classes of a choropleth: which class a value is in, readable edges, counts."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence


def class_of(value: float, edges: Sequence[float]) -> int:
    """Return the class (0 …) of ``value``; classes are half-open, the last one closed.

    A value beyond the outermost edges belongs to the outermost class: edges
    are computed over all periods, but a newer value may have come since.
    """
    return max(0, min(bisect_right(edges, value) - 1, len(edges) - 2))


def class_counts(values: Iterable[float | None], edges: Sequence[float]) -> list[int]:
    """Count the values in each class; what has no value is in no class."""
    counts = [0] * max(len(edges) - 1, 0)
    for value in values:
        if value is not None and counts:
            counts[class_of(value, edges)] += 1
    return counts


def histogram(values: Iterable[float | None], bins: int = 20) -> list[tuple[float, float, int]]:
    """Count values in ``bins`` equal steps: (lower edge, upper edge, count) each."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    if low == high:
        return [(low, high, len(known))]
    step = (high - low) / bins
    edges = [low + step * n for n in range(bins)] + [high]
    counts = class_counts(known, edges)
    return [(edges[n], edges[n + 1], counts[n]) for n in range(bins)]


def readable_edges(
    edges: Sequence[float], values: Sequence[float], decimals: int = 0
) -> list[float]:
    """Round edges to numbers that one can say, keeping every value inside.

    Parameters
    ----------
    edges
        Rising, k + 1 of them, as a classifier gave them; equal ones are merged.
    values
        What is classified. With no more distinct values than classes, each
        value gets its own class.
    decimals
        With which the indicator is written; edges never have more.

    Returns
    -------
    list of float
        Strictly rising; at least two, or empty where there is no value.
    """
    distinct = sorted(set(values))
    if not distinct:
        return []
    step = 10.0**-decimals
    if len(distinct) < len(edges):
        top = _floor(distinct[-1], step) + step
        return _rising([*(_floor(value, step) for value in distinct), top])
    low, high = _floor(distinct[0], step), _ceil(distinct[-1], step)
    inner = [edge for edge in sorted(set(edges)) if low < edge < high]
    for digits in (2, 3, 4, 5):
        rounded = [_round(edge, digits, high - low, decimals) for edge in inner]
        if len(set(rounded)) == len(inner) and _keeps_counts(inner, rounded, distinct):
            break
    return _rising([low, *(edge for edge in rounded if low < edge < high), high])


def _keeps_counts(inner: Sequence[float], rounded: Sequence[float], distinct: list[float]) -> bool:
    """Whether rounding moved no edge past more than a fiftieth of the values."""
    allowed = len(distinct) / 50
    return all(
        abs(bisect_right(distinct, a) - bisect_right(distinct, b)) <= allowed
        for a, b in zip(inner, rounded, strict=True)
    )


def _round(edge: float, digits: int, spread: float, decimals: int) -> float:
    """Round to ``digits`` significant digits of the edge (or of the spread near zero)."""
    size = max(abs(edge), spread / 1000)
    places = digits - 1 - math.floor(math.log10(size)) if size > 0 else decimals
    return round(edge, min(places, decimals))


def _floor(value: float, step: float) -> float:
    return _tidy(math.floor(value / step + 1e-9) * step)


def _ceil(value: float, step: float) -> float:
    return _tidy(math.ceil(value / step - 1e-9) * step)


def _tidy(value: float) -> float:
    return round(value, 9) + 0.0


def _rising(edges: Iterable[float]) -> list[float]:
    kept = sorted({_tidy(edge) for edge in edges})
    return kept if len(kept) > 1 else [kept[0], kept[0] + 1]
