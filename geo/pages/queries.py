"""What the front page and the page about the data show."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from geo.areas.models import Area, BoundarySource, Kind, Level
from geo.areas.queries import outline_of
from geo.indicators.models import Indicator, Observation, RollUp, Sector, Source, Status
from geo.indicators.queries import Figure, latest_period, read_figure, read_figures
from geo.lib.classes import class_of
from geo.lib.palettes import ramp
from geo.lib.pictures import SUPPRESSED_FILL, draw_areas

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


def count_areas(above: Area) -> Counts:
    """Count the current areas of the regency ``above``; one query."""
    below = Area.objects.current().within(above)
    return Counts(
        **below.aggregate(
            n_districts=Count("pk", filter=Q(level=Level.DISTRICT)),
            n_desa=Count("pk", filter=Q(kind=Kind.DESA)),
            n_kelurahan=Count("pk", filter=Q(kind=Kind.KELURAHAN)),
            n_with_boundary=Count("pk", filter=Q(level=Level.VILLAGE, boundary__isnull=False)),
        )
    )


def headlines(above: Area) -> list[Headline]:
    """The first totals of the regency ``above``, one a sector, in the order of the sectors."""
    found: list[Headline] = []
    for sector in Sector.objects.prefetch_related("indicators"):
        for indicator in sector.indicators.all():
            period = latest_period(indicator) if indicator.is_count else None
            if not period:
                continue
            figure = read_figure(indicator=indicator, period=period, area=above)
            if figure.value is not None:
                found.append(Headline(indicator, period, figure))
                break
        if len(found) == N_HEADLINES:
            break
    return found


def front_picture(above: Area) -> tuple[str, Indicator | None, str]:
    """The villages of ``above`` coloured by the first rate that is known, with what it shows."""
    outline = outline_of(above, Level.VILLAGE)
    if outline is None:
        return "", None, ""
    for indicator in Indicator.objects.filter(level=Level.VILLAGE).exclude(roll_up=RollUp.SUM):
        period = latest_period(indicator)
        if period:
            fills = _fills(indicator, period, above)
            return draw_areas(outline.picture, fills), indicator, period
    return draw_areas(outline.picture, {}), None, ""


def _fills(indicator: Indicator, period: str, above: Area) -> dict[str, str]:
    figures = read_figures(indicator=indicator, period=period, level=Level.VILLAGE, parent=above)
    colours = ramp(indicator.palette, max(len(figures.edges) - 1, 1))
    known = {
        f.code: colours[class_of(f.value, figures.edges)]
        for f in figures.items
        if f.value is not None
    }
    withheld = [f.code for f in figures.items if f.status == Status.SUPPRESSED]
    return known | dict.fromkeys(withheld, SUPPRESSED_FILL)


def sources_in_use() -> list[Source]:
    """Sources of the figures that stand now, the newest first."""
    stand = Observation.objects.as_of().filter(source=OuterRef("pk"))
    return list(Source.objects.filter(Exists(stand)).order_by("-recorded_at", "title"))


def boundary_sources_in_use() -> list[BoundarySource]:
    """Editions from which the present boundaries come."""
    drawn = Area.objects.current().filter(boundary_source=OuterRef("pk"))
    return list(BoundarySource.objects.filter(Exists(drawn)).order_by("title"))


def sectors_with_indicators() -> list[Sector]:
    """Sectors that declare at least one indicator."""
    sectors = Sector.objects.prefetch_related("indicators")
    return [sector for sector in sectors if sector.indicators.all()]
