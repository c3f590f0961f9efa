"""The figures of a dossier, each as it stood at one moment."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Min, Q
from django.utils import timezone

from geo.areas.models import Area
from geo.areas.queries import regency
from geo.indicators.models import Indicator, Observation, RollUp, Source, Status
from geo.indicators.queries import (
    DEPTH,
    NOWHERE,
    Figure,
    Figures,
    Peers,
    Standing,
    comparable_value,
    read_figures,
    read_periods_of,
)

Told = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Cell:
    """The figure of one area; ``comparable`` is its value where it may be compared."""

    figure: Figure
    standing: Standing = NOWHERE
    comparable: float | None = None

    @property
    def coverage(self) -> str:
        """How many of how many areas stand behind the figure; blank where all of them do."""
        figure = self.figure
        if figure.value is None or not figure.is_partial:
            return ""
        return f"{figure.reported}/{figure.expected}"


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in one period, with a cell for each area."""

    indicator: Indicator
    period: str
    cells: list[Cell]
    source_ids: frozenset[int]


def first_published_on() -> datetime.date | None:
    """The day of the first figure that was ever published here; None before it."""
    first = Observation.objects.aggregate(first=Min("recorded_at"))["first"]
    return timezone.localtime(first).date() if first else None


def read_lines(
    areas: Sequence[Area],
    codes: Sequence[str],
    moment: datetime.datetime,
    progress: Told = lambda _share: None,
) -> list[Line]:
    """Read what investors ask for, and the indicators ``codes``, as of ``moment``.

    Indicators of which none of the areas has anything are left out.

    Parameters
    ----------
    progress
        Is told which share of the indicators has been read.
    """
    asked = Indicator.objects.exclude(investor={}) | Indicator.objects.filter(code__in=codes)
    indicators = list(asked.select_related("sector"))
    shown = read_periods_of(indicators, moment).shown
    lines = []
    for number, indicator in enumerate(indicators, start=1):
        period = shown[indicator.pk]
        line = _line(indicator, period, areas, moment) if period else None
        if line is not None:
            lines.append(line)
        progress(number / len(indicators))
    return _with_own_sources(lines, areas, moment)


def _line(
    indicator: Indicator, period: str, areas: Sequence[Area], moment: datetime.datetime
) -> Line | None:
    by_level: dict[str, Figures] = {}
    for level in {area.level for area in areas if DEPTH[area.level] <= DEPTH[indicator.level]}:
        by_level[level] = read_figures(
            indicator=indicator, period=period, level=level, parent=regency(), moment=moment
        )
    cells = [_cell(area, by_level.get(area.level)) for area in areas]
    if all(cell.figure.status in (Status.MISSING, Status.NOT_ASSESSED) for cell in cells):
        return None
    sources = frozenset(pk for found in by_level.values() for pk in found.source_ids)
    return Line(indicator, period, cells, sources)


def _cell(area: Area, figures: Figures | None) -> Cell:
    if figures is None:
        return Cell(Figure(area.code, None, Status.NOT_ASSESSED, 0, 0))
    by_code, roll_up = figures.by_code(), figures.indicator.roll_up
    figure = by_code.get(area.code) or Figure(area.code, None, Status.MISSING, 0, 1)
    standing = Peers.of(figures.items, roll_up).standing(figure)
    return Cell(figure, standing, comparable_value(figure, roll_up))


def _with_own_sources(
    lines: list[Line], areas: Sequence[Area], moment: datetime.datetime
) -> list[Line]:
    """The same with the sources of the areas' own figures, where they have been observed."""
    asked = Q(pk__in=[])
    for line in lines:
        asked |= Q(indicator_id__in=_parts(line.indicator), period=line.period)
    # Of areas of several levels the first is what the dossier is about.
    meant = areas if len({area.level for area in areas}) == 1 else areas[:1]
    stood = Observation.objects.as_of(moment).filter(asked, area__in=[area.pk for area in meant])
    own: dict[tuple[int, str], set[int]] = defaultdict(set)
    for indicator_id, period, source_id in stood.values_list("indicator_id", "period", "source_id"):
        own[indicator_id, period].add(source_id)
    return [_sourced(line, own) for line in lines]


def _sourced(line: Line, own: dict[tuple[int, str], set[int]]) -> Line:
    keys = [(pk, line.period) for pk in _parts(line.indicator)]
    found = frozenset(pk for key in keys for pk in own.get(key, ()) if pk is not None)
    return Line(line.indicator, line.period, line.cells, found) if found else line


def _parts(indicator: Indicator) -> list[int]:
    if indicator.roll_up != RollUp.RATIO:
        return [indicator.pk]
    return [pk for pk in (indicator.numerator_id, indicator.denominator_id) if pk is not None]


def sources_of(lines: Sequence[Line]) -> dict[int, Source]:
    """The sources behind all lines by id, in the order in which they are first needed."""
    order = list(dict.fromkeys(pk for line in lines for pk in sorted(line.source_ids)))
    found = Source.objects.in_bulk(order)
    return {pk: found[pk] for pk in order if pk in found}
