"""All that is known of one area."""

from __future__ import annotations

from dataclasses import dataclass

from geo.areas.models import Area, Level, Outline
from geo.areas.queries import ancestors, outline_of
from geo.indicators.models import Indicator, RollUp, Sector, Source
from geo.indicators.queries import (
    DEPTH,
    Figure,
    Figures,
    periods_of,
    read_figure,
    read_figures,
)
from geo.lib.ranking import ranks
from geo.places.queries import Near, nearest_places


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same figure of an area above, on the scale of the longest bar."""

    area: Area
    figure: Figure
    bar: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One indicator of one area in its latest period."""

    indicator: Indicator
    period: str
    figure: Figure | None
    rank: int | None
    n_ranked: int
    comparisons: list[Comparison]
    share_percent: float | None
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One sector of the profile."""

    sector: Sector
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Profile:
    """One area: its place, its parts, and its figures by sector."""

    area: Area
    above: list[Area]
    parts: list[Area]
    cards: list[Card]
    outline: Outline | None
    nearest: list[Near]

    @property
    def is_demo(self) -> bool:
        """Whether any figure shown is demonstration data."""
        return any(fact.is_demo for card in self.cards for fact in card.facts)


def read_profile(area: Area) -> Profile:
    """Read the profile of ``area`` with the latest figures of every sector."""
    above = ancestors(area)
    sectors = list(Sector.objects.prefetch_related("indicators"))
    known = periods_of(i for sector in sectors for i in sector.indicators.all())
    invented = set(Source.objects.filter(is_demo=True).values_list("pk", flat=True))
    cards = [
        Card(
            sector, [_fact(area, above, i, known[i.pk], invented) for i in sector.indicators.all()]
        )
        for sector in sectors
    ]
    scope, level = _drawn(area, above)
    return Profile(
        area=area,
        above=above,
        parts=_parts(area),
        cards=[card for card in cards if card.facts],
        outline=outline_of(scope, level),
        nearest=nearest_places(area) if area.level == Level.VILLAGE else [],
    )


def _drawn(area: Area, above: list[Area]) -> tuple[Area, str]:
    """Whose parts the little map shows: the area's neighbours, or the regency's districts."""
    if area.level == Level.VILLAGE:
        return above[-1], Level.VILLAGE
    return [*above, area][0], Level.DISTRICT


def _parts(area: Area) -> list[Area]:
    parts = Area.objects.current().filter(parent=area).order_by("name")
    return list(parts.defer("boundary", "interior_point"))


def _fact(
    area: Area, above: list[Area], indicator: Indicator, periods: list[str], invented: set[int]
) -> Fact:
    if not periods:
        return Fact(indicator, "", None, None, 0, [], None, is_demo=False)
    period = periods[-1]
    peers = _peers(indicator, period, area, [*above, area][0])
    values = {f.code: f.value for f in peers.items} if peers else {}
    order = ranks(values)
    figures = [
        (a, read_figure(indicator=indicator, period=period, area=a)) for a in reversed(above)
    ]
    own = peers.by_code().get(area.code) if peers else None
    figures.insert(0, (area, own or read_figure(indicator=indicator, period=period, area=area)))
    return Fact(
        indicator=indicator,
        period=period,
        figure=figures[0][1],
        rank=order.get(area.code) if above else None,
        n_ranked=len(order),
        comparisons=_comparisons(indicator, figures),
        share_percent=_share(indicator, figures),
        is_demo=peers is not None and not invented.isdisjoint(peers.source_ids),
    )


def _peers(indicator: Indicator, period: str, area: Area, regency: Area) -> Figures | None:
    """Figures of all areas of this level; None where the indicator does not reach so deep."""
    if DEPTH[area.level] > DEPTH[indicator.level]:
        return None
    return read_figures(indicator=indicator, period=period, level=area.level, parent=regency)


def _comparisons(indicator: Indicator, figures: list[tuple[Area, Figure]]) -> list[Comparison]:
    """Bars of the area and those above; totals are not compared, they contain each other."""
    known = [(a, f, abs(f.value)) for a, f in figures if f.value is not None]
    longest = max((size for _, _, size in known), default=0)
    if indicator.roll_up == RollUp.SUM or len(known) < 2 or not longest:
        return []
    return [
        Comparison(a, f, round(100 * size / longest), is_own=a is figures[0][0])
        for a, f, size in known
    ]


def _share(indicator: Indicator, figures: list[tuple[Area, Figure]]) -> float | None:
    """How much of the regency's total the area holds, in per cent."""
    own, whole = figures[0][1], figures[-1][1]
    if indicator.roll_up != RollUp.SUM or len(figures) < 2:
        return None
    if own.value is None or not whole.value:
        return None
    return 100 * own.value / whole.value
