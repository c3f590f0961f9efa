"""Areas side by side: their figures on common scales, and the differences in words."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.db.models.functions import Distance
from django.utils import timezone

from geo.areas.models import Area, Level
from geo.areas.queries import outline_of, regency
from geo.indicators.models import Direction, Indicator, Sector, Status
from geo.indicators.queries import (
    AreaFact,
    Figure,
    Standing,
    Step,
    comparable_value,
    read_facts_beside,
)
from geo.lib.periods import last_day
from geo.lib.pictures import Circle, draw_shapes, draw_small, mercator_y

MOST_COMPARED = 4
N_NEARBY = 6
LEAST_TOLD = 1.05  # ratios below are "about the same"
N_DIFFERENCES = 3
# The colours of the areas, in their order: of bars, lines and small maps alike.
COLOURS = ["#c8791a", "#15596f", "#7b4fa3", "#5f8f3e"]
GROUND = "#e3e9e5"
DOT_RADIUS = 46.0


@dataclass(frozen=True, slots=True)
class Cell:
    """The figure of one of the areas that are compared.

    ``comparable`` is its value where it may be compared, ``bar`` its length on the common scale
    then. ``number`` is the place of the area in their order, from 1.
    """

    area: Area
    figure: Figure
    comparable: float | None
    bar: int | None
    standing: Standing
    number: int = 1

    @property
    def is_verified(self) -> bool:
        """Whether somebody has verified the figure."""
        return self.figure.status == Status.VERIFIED


@dataclass(frozen=True, slots=True)
class Contrast:
    """The highest and lowest of the compared, and how many times the one is the other."""

    highest: Area
    lowest: Area
    times: float | None

    @property
    def is_told(self) -> bool:
        """Whether the difference is worth a sentence."""
        return self.times is None or self.times >= LEAST_TOLD


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of all compared areas in its latest period."""

    indicator: Indicator
    period: str
    cells: list[Cell]
    contrast: Contrast | None
    trends: list[tuple[Area, list[Step]]]

    @property
    def age_years(self) -> int:
        """Full years since the period ended; below 0 while it is running."""
        return _years_between(last_day(self.period), timezone.localdate())

    @property
    def is_fair(self) -> bool:
        """Whether the figures can be compared: a district's total contains its villages'."""
        return not self.indicator.is_count or len({cell.area.level for cell in self.cells}) == 1

    @property
    def best(self) -> list[Area]:
        """Areas with the best figure, where one end is better and they differ."""
        known = [(c.area, c.comparable) for c in self.cells if c.comparable is not None]
        direction = self.indicator.direction
        if len(known) < 2 or direction == Direction.NEUTRAL or not self.is_fair:
            return []
        values = [value for _, value in known]
        if min(values) == max(values):
            return []
        best = max(values) if direction == Direction.HIGHER else min(values)
        return [area for area, value in known if value == best]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything about some areas beside each other.

    ``asked`` are the indicators that the address asks for. ``wins`` say how often each area
    has the best figure out of ``n_judged`` indicators of which one end is better;
    ``differences`` are the greatest ones in figures that investors ask for. Where indicators
    are asked for, both speak of those alone.
    """

    areas: list[Area]
    asked: list[Line]
    sectors: list[tuple[Sector, list[Line]]]
    wins: list[tuple[Area, int]]
    n_judged: int
    differences: list[Line]


def read_comparison(areas: list[Area], codes: Sequence[str] = ()) -> Comparison:
    """Read every indicator of which at least one of ``areas`` has a figure, by sector.

    Parameters
    ----------
    codes
        Indicators that are asked for, in the order in which they shall come.
    """
    by_sector: dict[Sector, list[Line]] = defaultdict(list)
    for found in zip(*read_facts_beside(areas), strict=True):
        if any(f.figure and f.figure.value is not None for f in found):
            by_sector[found[0].indicator.sector].append(_line(areas, found))
    lines = [line for group in by_sector.values() for line in group]
    by_code = {line.indicator.code: line for line in lines}
    asked = [by_code[code] for code in codes if code in by_code]
    judged = [line.best for line in asked or lines if line.best]
    told = [
        line for line in asked or lines if line.indicator.investor and _times(line) >= LEAST_TOLD
    ]
    return Comparison(
        areas=areas,
        asked=asked,
        sectors=list(by_sector.items()),
        wins=[(area, sum(area in best for best in judged)) for area in areas],
        n_judged=len(judged),
        differences=sorted(told, key=_times, reverse=True)[:N_DIFFERENCES],
    )


def _times(line: Line) -> float:
    return (line.contrast.times or 0) if line.contrast and line.is_fair else 0


def _line(areas: list[Area], found: tuple[AreaFact, ...]) -> Line:
    roll_up = found[0].indicator.roll_up
    values = [comparable_value(f.figure, roll_up) for f in found]
    longest = max((abs(value) for value in values if value is not None), default=0)
    cells = [
        Cell(
            area=area,
            figure=f.figure,
            comparable=value,
            bar=None if value is None else _bar(value, longest),
            standing=f.standing,
            number=number,
        )
        for number, (area, f, value) in enumerate(zip(areas, found, values, strict=True), start=1)
        if f.figure is not None
    ]
    return Line(
        indicator=found[0].indicator,
        period=found[0].period or "",
        cells=cells,
        contrast=_contrast([(c.area, c.comparable) for c in cells if c.comparable is not None]),
        trends=[(area, f.trend) for area, f in zip(areas, found, strict=True)],
    )


def _bar(value: float, longest: float) -> int:
    return round(100 * abs(value) / longest) if longest else 0


def _contrast(known: list[tuple[Area, float]]) -> Contrast | None:
    if len(known) < 2:
        return None
    highest, lowest = max(known, key=lambda k: k[1]), min(known, key=lambda k: k[1])
    # Nought is no times of nought, and yet the same.
    is_same = highest[1] == lowest[1]
    times = 1 if is_same else highest[1] / lowest[1] if lowest[1] > 0 else None
    return Contrast(highest[0], lowest[0], times)


def _years_between(earlier: datetime.date, later: datetime.date) -> int:
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


# --- where they are ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SmallMap:
    """The regency with one of the compared areas marked, in the colour of its bars."""

    area: Area
    svg: str


def nearby_areas(area: Area) -> list[Area]:
    """Return the areas of the same level that lie nearest, nearest first; none for a regency."""
    if area.level == Level.REGENCY or area.interior_point is None:
        return []
    others = Area.objects.current().at_level(area.level).exclude(pk=area.pk)
    ordered = others.filter(interior_point__isnull=False).order_by(
        Distance("interior_point", area.interior_point), "code"
    )
    return list(ordered.select_related("parent").defer("boundary", "parent__boundary")[:N_NEARBY])


def small_maps(areas: Sequence[Area]) -> tuple[str, list[SmallMap]]:
    """The shapes that all maps of a page use, and a map for each area.

    Without outlines of the regency's districts there are none. A village is a dot in its
    district; one without a boundary has only its district marked.
    """
    outline = outline_of(regency(), Level.DISTRICT)
    if outline is None or not areas:
        return "", []
    picture = outline.picture
    maps = []
    for area, colour in zip(areas, COLOURS, strict=False):
        is_village = area.level == Level.VILLAGE
        district = area.parent.code if is_village and area.parent else area.code
        fills = dict.fromkeys(picture["paths"], GROUND) | {district: colour}
        if area.level == Level.REGENCY:
            fills = dict.fromkeys(picture["paths"], colour)
        dots = {area.code: _dot(area, picture, colour)} if is_village else {}
        marks = {code: dot for code, dot in dots.items() if dot}
        if marks:
            fills[district] = "#f4f2ec"
        maps.append(SmallMap(area, draw_small(picture, fills, marks)))
    return draw_shapes(picture), maps


def _dot(area: Area, picture: dict, colour: str) -> Circle | None:
    """A point inside a village, in the units of the drawing (see ``lib.pictures``)."""
    if area.interior_point is None:
        return None
    west, _, east, north = picture["bounds"]
    units_per_degree = picture["width"] / (east - west)
    lon, lat = area.interior_point.coords
    x = (lon - west) * units_per_degree
    y = (mercator_y(north) - mercator_y(lat)) * units_per_degree
    return Circle(round(x, 1), round(y, 1), DOT_RADIUS, colour)
