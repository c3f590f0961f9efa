"""The legend as a chart: classes, how many areas each holds, and where one area stands.

The axis of the chart is the ramp: every class is equally wide, whatever its
range, so that colour, bar and mark always agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.lib.classes import class_of

BINS_PER_CLASS = 6
TALLEST = 46


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class: from ``lower`` up to but not including ``upper`` (the last includes it).

    ``x`` and ``width`` place it on the ramp, in per cent.
    """

    lower: float
    upper: float
    colour: str
    n_areas: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the distribution: ``x`` and ``width`` in per cent of the ramp.

    ``top`` and ``height`` are in the units of the drawing, in which the tallest
    bar is ``TALLEST`` high and stands on the line ``TALLEST``.
    """

    x: float
    width: float
    top: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Legend:
    """What the legend of one map shows."""

    classes: list[LegendClass]
    bars: list[Bar]
    n_missing: int
    n_suppressed: int
    n_not_assessed: int
    n_unreachable: int
    n_without_boundary: int
    n_split: int = 0
    n_not_yet: int = 0

    @property
    def edges(self) -> list[float]:
        """The limits of the classes, one more than there are classes."""
        return [self.classes[0].lower, *(c.upper for c in self.classes)] if self.classes else []


def position(value: float, edges: Sequence[float]) -> float:
    """Where ``value`` stands on the ramp, from 0 (left end) to 1 (right end)."""
    n_classes = len(edges) - 1
    index = class_of(value, edges)
    lower, upper = edges[index], edges[index + 1]
    within = (value - lower) / (upper - lower) if upper > lower else 0.5
    return (index + min(max(within, 0), 1)) / n_classes


def distribution(
    values: Sequence[float], edges: Sequence[float], colours: Sequence[str]
) -> list[Bar]:
    """Bars over the ramp: how many values fall in each sixth of each class."""
    n_classes = len(edges) - 1
    n_bins = n_classes * BINS_PER_CLASS
    counts = [0] * n_bins
    for value in values:
        counts[min(int(position(value, edges) * n_bins), n_bins - 1)] += 1
    tallest = max(counts, default=0)
    return [
        Bar(
            x=100 * i / n_bins,
            width=100 / n_bins,
            top=TALLEST * (1 - count / tallest),
            height=TALLEST * count / tallest,
            colour=colours[i // BINS_PER_CLASS],
        )
        for i, count in enumerate(counts)
        if count
    ]


def make_legend(
    values: Sequence[float],
    edges: Sequence[float],
    colours: Sequence[str],
    *,
    n_missing: int = 0,
    n_suppressed: int = 0,
    n_not_assessed: int = 0,
    n_unreachable: int = 0,
    n_without_boundary: int = 0,
    n_split: int = 0,
    n_not_yet: int = 0,
) -> Legend:
    """A legend for ``values`` in the classes between ``edges``.

    Without edges (nothing has been observed) there are no classes, only the
    counts of what is missing.
    """
    n_classes = max(len(edges) - 1, 0)
    counts = [0] * n_classes
    if n_classes:
        for value in values:
            counts[class_of(value, edges)] += 1
    classes = [
        LegendClass(
            edges[i], edges[i + 1], colours[i], counts[i], 100 * i / n_classes, 100 / n_classes
        )
        for i in range(n_classes)
    ]
    return Legend(
        classes=classes,
        bars=distribution(values, edges, colours) if n_classes else [],
        n_missing=n_missing,
        n_suppressed=n_suppressed,
        n_not_assessed=n_not_assessed,
        n_unreachable=n_unreachable,
        n_without_boundary=n_without_boundary,
        n_split=n_split,
        n_not_yet=n_not_yet,
    )
