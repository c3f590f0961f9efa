"""All that is known of one area."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from geo.areas.models import Area, Level, Outline
from geo.areas.queries import ancestors, outline_of
from geo.indicators.models import Indicator, RollUp, Sector
from geo.indicators.queries import (
    NOWHERE,
    AreaFact,
    Catalogue,
    Figure,
    Standing,
    Step,
    comparable_value,
    read_area_facts,
    read_catalogue,
)
from geo.places.queries import Near, nearest_places

# A card opens with so many indicators; the others are a click away.
N_FIRST = 4
N_CHARTS = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same figure of an area above, on the scale of the longest bar.

    ``bar`` is None where the figure covers too little to be compared.
    """

    area: Area
    figure: Figure
    bar: int | None
    is_own: bool


@dataclass(slots=True)
class Fact:
    """One indicator of one area in its latest period."""

    indicator: Indicator
    period: str
    figure: Figure | None
    standing: Standing
    comparisons: list[Comparison]
    share_percent: float | None
    trend: list[Step]
    with_chart: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything can be said, if only that it is withheld or not assessed."""
        return self.figure is not None

    @property
    def is_incomparable(self) -> bool:
        """Whether there is a figure, but of too few villages to compare it with others."""
        is_there = self.figure is not None and self.figure.value is not None
        return is_there and comparable_value(self.figure, self.indicator.roll_up) is None


@dataclass(frozen=True, slots=True)
class Card:
    """One sector of the profile."""

    sector: Sector
    facts: list[Fact]

    @property
    def first(self) -> list[Fact]:
        """What the card opens with."""
        return self.facts[:N_FIRST]

    @property
    def others(self) -> list[Fact]:
        """What is a click away."""
        return self.facts[N_FIRST:]


@dataclass(frozen=True, slots=True)
class Profile:
    """One area: its place, its parts, and its figures by sector."""

    area: Area
    above: list[Area]
    parts: list[Area]
    cards: list[Card]
    outline: Outline | None
    nearest: list[Near]
    is_demo: bool


def read_profile(area: Area) -> Profile:
    """Read the profile of ``area`` with the latest figures of every sector."""
    above, now = ancestors(area), read_catalogue()
    scope, level = _drawn(area, above)
    return Profile(
        area=area,
        above=above,
        parts=[] if area.level == Level.VILLAGE else _parts(area),
        cards=_cards(area, above, now),
        outline=outline_of(scope, level),
        nearest=nearest_places(area) if area.level == Level.VILLAGE else [],
        is_demo=now.has_demo,
    )


def _cards(area: Area, above: list[Area], now: Catalogue) -> list[Card]:
    """Sectors with their facts: what is known first, what nobody has reported last."""
    by_sector: dict[Sector, list[Fact]] = defaultdict(list)
    for found in read_area_facts(area, now=now):
        by_sector[found.indicator.sector].append(_fact(area, above, found))
    cards = []
    for sector, facts in by_sector.items():
        ordered = sorted(facts, key=lambda fact: not fact.is_known)
        for fact in ordered[:N_CHARTS]:
            fact.with_chart = True
        cards.append(Card(sector, ordered))
    return cards


def _drawn(area: Area, above: list[Area]) -> tuple[Area, str]:
    """Whose parts the little map shows: the area's neighbours, or the regency's districts."""
    if area.level == Level.VILLAGE:
        return above[-1], Level.VILLAGE
    return [*above, area][0], Level.DISTRICT


def _parts(area: Area) -> list[Area]:
    parts = Area.objects.current().filter(parent=area).order_by("name")
    return list(parts.defer("boundary", "interior_point"))


def _fact(area: Area, above: list[Area], found: AreaFact) -> Fact:
    if found.figure is None or not found.period:
        return Fact(found.indicator, "", None, NOWHERE, [], None, [])
    upper = {figure.code: figure for figure in found.above}
    figures = [(area, found.figure)]
    figures += [(a, upper[a.code]) for a in reversed(above) if a.code in upper]
    return Fact(
        indicator=found.indicator,
        period=found.period,
        figure=found.figure,
        standing=found.standing,
        comparisons=_comparisons(found.indicator, figures),
        share_percent=_share(found.indicator, figures),
        trend=found.trend,
    )


def _comparisons(indicator: Indicator, figures: list[tuple[Area, Figure]]) -> list[Comparison]:
    """Bars of the area and those above; totals are not compared, they contain each other."""
    if indicator.roll_up == RollUp.SUM:
        return []
    values = [(a, f, comparable_value(f, indicator.roll_up)) for a, f in figures]
    known = [(a, f, value) for a, f, value in values if f.value is not None]
    longest = max((abs(value) for _, _, value in known if value is not None), default=0)
    if values[0][2] is None or len(known) < 2 or not longest:
        return []
    return [
        Comparison(
            area=area,
            figure=figure,
            bar=None if value is None else round(100 * abs(value) / longest),
            is_own=area is figures[0][0],
        )
        for area, figure, value in known
    ]


def _share(indicator: Indicator, figures: list[tuple[Area, Figure]]) -> float | None:
    """How much of the regency's total the area holds, in per cent; none where it holds nothing."""
    if indicator.roll_up != RollUp.SUM or len(figures) < 2:
        return None
    own, whole = (comparable_value(figures[n][1], indicator.roll_up) for n in (0, -1))
    return 100 * own / whole if own and whole else None
