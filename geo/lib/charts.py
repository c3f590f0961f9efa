"""Line charts as SVG, for pages and documents alike.

Written here rather than taken from a charting library: a profile shows some
twenty of them, which must cost milliseconds and no second engine in memory.
Beside every chart stands a table with the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

LEFT, RIGHT, TOP, BOTTOM = 44, 10, 8, 18
DIGIT_WIDTH = 6.5  # of text that is 11 high
# What the style sheet says, for a chart that leaves the site alone.
PAINT = {
    "chart__grid": 'stroke="#d8dfdf"',
    "chart__own": 'fill="none" stroke="#c8791a" stroke-width="2.5" stroke-linecap="round"',
    "chart__above": 'fill="none" stroke="#3b8f96" stroke-width="2" stroke-linecap="round"',
    "chart__whole": 'fill="none" stroke="#8fa3a9" stroke-width="2" stroke-dasharray="5 4"',
}
LETTERS = 'font-family="Source Sans Pro" font-size="11" fill="#46606a"'


@dataclass(frozen=True, slots=True)
class Line:
    """One series: a name, a value or None for each period, and the CSS class it is drawn with."""

    name: str
    values: Sequence[float | None]
    css: str


def nice_step(span: float, n_steps: int = 3) -> float:
    """A step of 1, 2, 2.5 or 5 times a power of ten that cuts ``span`` into about ``n_steps``."""
    if span <= 0:
        return 1.0
    rough = span / n_steps
    power = 10 ** math.floor(math.log10(rough))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * (1 - 1e-9))


def nice_ticks(low: float, high: float, least_step: float = 0) -> list[float]:
    """Round numbers that enclose ``low`` and ``high``, at least ``least_step`` apart."""
    step = max(nice_step(high - low or abs(high) or 1), least_step)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, max(last, first + 1) + 1)]


def decimals_of(ticks: Sequence[float]) -> int:
    """The fewest decimals with which every tick is written as what it is."""
    return next((d for d in range(10) if all(round(t, d) == t for t in ticks)), 10)


def _stretches(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Points that follow each other without a gap; what is missing is never bridged."""
    stretches: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    return [stretch for stretch in stretches if stretch]


def _drawn(points: Sequence[tuple[float, float] | None], css: str) -> str:
    marks = []
    for stretch in _stretches(points):
        if len(stretch) == 1:
            x, y = stretch[0]
            marks.append(f'<path class="{css}" d="M{x:.1f} {y:.1f}h0"/>')
        else:
            steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in stretch)
            marks.append(f'<path class="{css}" d="M{steps}"/>')
    return "".join(marks)


def line_chart(
    periods: Sequence[str],
    lines: Sequence[Line],
    write: Callable[[float, int], str],
    *,
    least_step: float = 0,
    width: int = 320,
    height: int = 130,
) -> str:
    """A line chart as an ``<svg>`` element, or "" where nothing is known.

    Parameters
    ----------
    periods
        Labels of the horizontal axis, evenly spaced; the first and last are written.
    lines
        Series of ``len(periods)`` values each; the first is drawn on top.
    write
        Writes a number for people, with so many decimals.
    least_step
        Between two ticks: 1 where there are only whole numbers, and no half of a school.
    width, height
        Of the drawing, in units in which text is 11 high.
    """
    known = [v for line in lines for v in line.values if v is not None]
    if not known:
        return ""
    ticks = nice_ticks(min(known), max(known), least_step)
    decimals = decimals_of(ticks)
    labels = [write(tick, decimals) for tick in ticks]
    left = max(LEFT, 8 + DIGIT_WIDTH * max(len(label) for label in labels))
    low, high = ticks[0], ticks[-1]
    across, up = width - left - RIGHT, height - TOP - BOTTOM

    def x(index: int) -> float:
        return left + (across * index / (len(periods) - 1) if len(periods) > 1 else across / 2)

    def y(value: float) -> float:
        return TOP + up * (high - value) / (high - low)

    grid = "".join(
        f'<path class="chart__grid" d="M{left:g} {y(t):.1f}H{width - RIGHT}"/>'
        f'<text x="{left - 6:g}" y="{y(t) + 4:.1f}" text-anchor="end">{escape(label)}</text>'
        for t, label in zip(ticks, labels, strict=True)
    )
    ends = f'<text x="{left:g}" y="{height - 3}">{escape(periods[0])}</text>'
    if len(periods) > 1:
        last = escape(periods[-1])
        ends += f'<text x="{width - RIGHT}" y="{height - 3}" text-anchor="end">{last}</text>'
    series = "".join(
        _drawn([None if v is None else (x(i), y(v)) for i, v in enumerate(line.values)], line.css)
        for line in reversed(lines)
    )
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" aria-hidden="true"'
        f' xmlns="http://www.w3.org/2000/svg">{grid}{ends}{series}</svg>'
    )


def painted(chart: str) -> str:
    """The same chart with its colours written into it: for files, which have no style sheet.

    Texts in a chart are escaped, so that none can be taken for an attribute.
    """
    for css, paint in PAINT.items():
        chart = chart.replace(f'class="{css}"', f'class="{css}" {paint}')
    return chart.replace('<svg class="chart"', f'<svg class="chart" {LETTERS}', 1)
