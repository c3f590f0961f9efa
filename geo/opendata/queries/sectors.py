"""Reading a whole sector, one indicator at a time, so that no more stands in memory."""

from __future__ import annotations

from collections.abc import Iterator

from geo.areas.models import Area
from geo.indicators.models import Indicator, Sector, Source
from geo.indicators.queries import DEPTH, Figures, periods_of, read_periods
from geo.lib.errors import UnknownSector
from geo.opendata.queries import named_areas, source_cell, table_rows

# Few enough that the figures of one reading weigh a few megabytes.
PERIODS_AT_ONCE = 12


def find_sector(code: str) -> Sector:
    """Return the sector with this code; ``UnknownSector`` names those that are known."""
    found = Sector.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Sector.objects.values_list("code", flat=True))
        raise UnknownSector(code=code, known=known or "–")
    return found


def level_of(indicator: Indicator, level: str) -> str:
    """``level``, or the lowest of the indicator where that lies above it."""
    return min(level, indicator.level, key=lambda one: DEPTH[one])


class Reading:
    """The figures of many indicators and periods, with what has to be said of them.

    Iterating gives ``Figures`` by indicator and period. Sources are gathered on the
    way: ``sources`` is complete when the last has been given.
    """

    def __init__(self, figures: Iterator[Figures]) -> None:
        self.figures = figures
        self.sources: dict[int, Source] = {}
        self.covered: dict[str, list[Figures]] = {}

    def __iter__(self) -> Iterator[Figures]:
        for figures in self.figures:
            unknown = figures.source_ids - self.sources.keys()
            if unknown:
                self.sources |= Source.objects.in_bulk(unknown)
            newest = self.covered.setdefault(figures.indicator.code, [figures, figures])
            newest[1] = figures
            yield figures

    def rows(self) -> Iterator[list]:
        """Rows under ``TABLE_HEADER``."""
        areas: dict[str, dict[str, list]] = {}
        for figures in self:
            level = figures.level
            if level not in areas:
                areas[level] = named_areas(figures.parent, level)
            sources = [self.sources[pk] for pk in sorted(figures.source_ids)]
            yield from table_rows(figures, areas[level], source_cell(sources))


def sector_figures(sector: Sector, *, level: str, parent: Area) -> Iterator[Figures]:
    """All figures of the sector: by indicator as declared, by period, oldest first.

    An indicator that is not reported so deep is given at its own lowest level.
    """
    indicators = list(sector.indicators.select_related("sector", "numerator", "denominator"))
    known = periods_of(indicators)
    for indicator in indicators:
        periods = known[indicator.pk]
        for first in range(0, len(periods), PERIODS_AT_ONCE):
            yield from read_periods(
                indicator=indicator,
                periods=periods[first : first + PERIODS_AT_ONCE],
                level=level_of(indicator, level),
                parent=parent,
            )
