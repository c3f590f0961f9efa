"""Classes of a choropleth: which class a value is in, readable edges, counts."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence


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
    edges: Sequence[float], values: Sequence[float], k: int, decimals: int = 0
) -> list[float]:
    """Round edges to numbers that one can say, keeping every value inside.

    Parameters
    ----------
    edges
        Rising, as a classifier gave them; equal ones are merged.
    values
        What is classified.
    k
        Classes asked for. With no more distinct values than that, each value
        gets its own class.
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
    if len(distinct) <= k:
        top = _floor(distinct[-1], step) + step
        return _rising([*(_floor(value, step) for value in distinct), top])
    low, high = _outer(distinct[0], step, math.floor), _outer(distinct[-1], step, math.ceil)
    inner = sorted(set(edges[1:-1]))
    for digits in (2, 3, 4, 5):
        rounded = [_round(edge, digits, high - low, decimals) for edge in inner]
        if len(set(rounded)) == len(inner) and _keeps_counts(inner, rounded, distinct):
            break
    return _rising([low, *(edge for edge in rounded if low < edge < high), high])


def change_edges(values: Iterable[float], decimals: int = 0) -> list[float]:
    """Edges of five classes of changes, symmetric around zero, with one class around it.

    Parameters
    ----------
    values
        Changes, rising and falling together.
    decimals
        With which changes are written; edges never have more.

    Returns
    -------
    list of float
        ``[-c, -b, -a, a, b, c]``: a fifth of the changes is smaller than a, three
        fifths than b; fewer classes where they do not differ; empty without values.
    """
    sizes = sorted(abs(value) for value in values)
    if not sizes:
        return []
    step = 10.0**-decimals
    ends = []
    for share in (0.2, 0.6):
        size = sizes[int(share * (len(sizes) - 1))]
        ends.append(max(_round(size, 2, sizes[-1], decimals), step))
    ends.append(_outer(max(sizes[-1], step), step, math.ceil))
    upper = sorted({_tidy(end) for end in ends})
    return [-end for end in reversed(upper)] + upper


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


def _outer(value: float, step: float, outward: Callable[[float], int]) -> float:
    """Round away from the values, to two significant digits or to ``step``."""
    if value == 0:
        return 0.0
    step = max(step, 10.0 ** (math.floor(math.log10(abs(value))) - 1))
    # The least error of a division must not add a whole step.
    near = round(value / step)
    exact = math.isclose(near * step, value, rel_tol=1e-12)
    return _tidy((near if exact else outward(value / step)) * step)


def _tidy(value: float) -> float:
    return round(value, 9) + 0.0


def _rising(edges: Iterable[float]) -> list[float]:
    kept = sorted({_tidy(edge) for edge in edges})
    return kept if len(kept) > 1 else [kept[0], kept[0] + 1]
