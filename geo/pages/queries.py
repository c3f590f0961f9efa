"""What the front page and the page about the data show."""

from __future__ import annotations

from dataclasses import dataclass

from geo.areas.models import Area, BoundarySource, Level
from geo.areas.queries import outline_of, regency
from geo.indicators.models import Indicator, RollUp, Sector, Source
from geo.indicators.queries import Figure, latest_period, read_figure, read_figures
from geo.lib.classes import class_of
from geo.lib.palettes import ramp
from geo.lib.pictures import MISSING_FILL, draw_areas

N_HEADLINES = 4


@dataclass(frozen=True, slots=True)
class Headline:
    """One number of the front page."""

    indicator: Indicator
    period: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Counts:
    """How many areas of each kind there are, and how many have a boundary."""

    n_districts: int
    n_desa: int
    n_kelurahan: int
    n_with_boundary: int

    @property
    def n_villages(self) -> int:
        """Villages of both kinds."""
        return self.n_desa + self.n_kelurahan


def count_areas() -> Counts:
    """Count the current areas of the regency."""
    villages = Area.objects.current().within(regency()).at_level(Level.VILLAGE)
    return Counts(
        n_districts=Area.objects.current().within(regency()).at_level(Level.DISTRICT).count(),
        n_desa=villages.filter(kind="desa").count(),
        n_kelurahan=villages.filter(kind="kelurahan").count(),
        n_with_boundary=villages.with_boundary().count(),
    )


def headlines() -> list[Headline]:
    """The first totals of the regency, one a sector, in the order of the sectors."""
    found = []
    for sector in Sector.objects.prefetch_related("indicators"):
        for indicator in sector.indicators.all():
            period = latest_period(indicator) if indicator.is_count else None
            if not period:
                continue
            figure = read_figure(indicator=indicator, period=period, area=regency())
            if figure.value is not None:
                found.append(Headline(indicator, period, figure))
                break
    return found[:N_HEADLINES]


def has_demo() -> bool:
    """Whether any figure now shown is demonstration data."""
    return Source.objects.filter(is_demo=True, observations__superseded_at=None).exists()


def front_picture() -> tuple[str, Indicator | None, str]:
    """The regency's villages coloured by the first rate that is known, with what it shows."""
    outline = outline_of(regency(), Level.VILLAGE)
    if outline is None:
        return "", None, ""
    for indicator in Indicator.objects.exclude(roll_up=RollUp.SUM):
        period = latest_period(indicator)
        if period:
            fills = _fills(indicator, period)
            return draw_areas(outline.picture, fills), indicator, period
    return draw_areas(outline.picture, {}), None, ""


def _fills(indicator: Indicator, period: str) -> dict[str, str]:
    figures = read_figures(
        indicator=indicator, period=period, level=Level.VILLAGE, parent=regency()
    )
    colours = ramp(indicator.palette, max(len(figures.edges) - 1, 1))
    return {
        f.code: colours[class_of(f.value, figures.edges)] if f.value is not None else MISSING_FILL
        for f in figures.items
    }


def sources_in_use() -> list[Source]:
    """Sources of the figures that stand now, the newest first."""
    in_use = Source.objects.filter(observations__superseded_at=None).distinct()
    return list(in_use.order_by("-recorded_at", "title"))


def boundary_sources_in_use() -> list[BoundarySource]:
    """Editions from which the present boundaries come."""
    return list(BoundarySource.objects.filter(areas__valid_to=None).distinct())


def sectors_with_indicators() -> list[Sector]:
    """Sectors that declare at least one indicator."""
    return [s for s in Sector.objects.prefetch_related("indicators") if s.indicators.all()]
