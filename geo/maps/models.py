"""What one view of the map is. It has no table: its address holds it whole."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from geo.areas.models import Area, Level
from geo.areas.queries import ancestors
from geo.indicators.models import Indicator, Scheme


@dataclass(frozen=True, slots=True)
class MapState:
    """What a person looks at: one indicator, period and level, around one area."""

    indicator: Indicator
    period: str
    periods: list[str]
    area: Area
    level: str
    scheme: str
    moment: datetime.datetime | None
    layers: tuple[str, ...] = ()

    @property
    def period_index(self) -> int:
        """Which of the periods is shown, counted from 0."""
        return self.periods.index(self.period)

    @property
    def last_period_index(self) -> int:
        """The last of the periods, counted from 0."""
        return len(self.periods) - 1

    @property
    def lineage(self) -> list[Area]:
        """The chosen area and those above it, the regency first."""
        return [*ancestors(self.area), self.area]

    @property
    def regency(self) -> Area:
        """The regency of the chosen area."""
        return self.lineage[0]

    @property
    def scope(self) -> Area:
        """The area whose parts are drawn: the regency, or one district."""
        lineage = self.lineage
        return lineage[0] if self.level == Level.DISTRICT else lineage[:2][-1]

    def address(self, **changes) -> str:
        """The address of this state with some of it changed; defaults are left out."""
        return _address(self.query(**changes))

    def address_of(self, code: str) -> str:
        """The address where the area with ``code`` is chosen: a step down, or across."""
        kept = {k: v for k, v in self.query().items() if k not in {"a", "l"}}
        return _address(kept | {"a": code})

    def address_with_indicator(self, indicator: Indicator) -> str:
        """The address of another indicator for the same area, in its own latest period."""
        levels = levels_of(indicator, self.area)
        level = self.level if self.level in levels else default_level(self.area, indicator)
        return self.address(indicator=indicator, level=level, period="", scheme=indicator.scheme)

    @property
    def address_now(self) -> str:
        """The same, as it stands now instead of at a pinned moment."""
        return self.address(moment=None)

    def query(self, **changes) -> dict[str, str]:
        """What the address holds, by parameter."""
        state = replace(self, **changes)
        query = {"i": state.indicator.code}
        if state.period and state.period != state.periods[-1]:
            query["t"] = state.period
        if state.area.level != Level.REGENCY:
            query["a"] = state.area.code
        if state.level != default_level(state.area, state.indicator):
            query["l"] = state.level
        if state.scheme != state.indicator.scheme:
            query["k"] = state.scheme
        if state.moment:
            query["per"] = state.moment.date().isoformat()
        if state.layers:
            query["y"] = ",".join(state.layers)
        return query


def _address(query: dict[str, str]) -> str:
    return f"{reverse('map')}?{urlencode(query, safe=',')}"


def levels_of(indicator: Indicator, area: Area) -> list[str]:
    """The levels that can be drawn around ``area``: none below what is reported."""
    if indicator.level != Level.VILLAGE:
        return [Level.DISTRICT]
    return [Level.VILLAGE] if area.level == Level.VILLAGE else [Level.DISTRICT, Level.VILLAGE]


def default_level(area: Area, indicator: Indicator) -> str:
    """The regency shows its districts, a district its villages."""
    levels = levels_of(indicator, area)
    return levels[0] if area.level == Level.REGENCY else levels[-1]


def schemes_of(indicator: Indicator) -> list[str]:
    """The classifications that can be chosen; manual only where the owner set one."""
    return [s for s in Scheme.values if s != Scheme.MANUAL or indicator.manual_breaks]
