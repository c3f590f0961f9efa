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
class Shown:
    """How numbers are written: those of an indicator, or those of its change."""

    unit: str
    decimals: int
    is_change: bool = False


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
    # The earlier period since which the change is shown; blank for the figures themselves.
    since: str = ""
    has_own_classes: bool = False
    # The one class that is looked at, counted from 1; 0 for all.
    chosen_class: int = 0

    @property
    def earlier_periods(self) -> list[str]:
        """Periods since which a change can be shown, the latest first."""
        known = self.period in self.periods
        return self.periods[: self.period_index][::-1] if known else []

    @property
    def deepest_level(self) -> str:
        """The lowest level that can be drawn."""
        return Level.VILLAGE if self.indicator.level == Level.VILLAGE else Level.DISTRICT

    @property
    def is_compared(self) -> bool:
        """Whether there is an earlier period; one that is not earlier has nothing to say."""
        return self.since in self.earlier_periods

    @property
    def shown(self) -> Shown:
        """How the numbers of this view are written."""
        if not self.since:
            return Shown(self.indicator.unit, self.indicator.decimals)
        if self.indicator.is_count:
            return Shown("percent", 1, is_change=True)
        unit = "percent_point" if self.indicator.unit == "percent" else self.indicator.unit
        return Shown(unit, self.indicator.decimals, is_change=True)

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
        left = {"a", "l"} if self.level == self.deepest_level else {"a", "l", "f"}
        kept = {k: v for k, v in self.query().items() if k not in left}
        return _address(kept | {"a": code})

    @property
    def address_of_any(self) -> str:
        """The beginning of ``address_of``, to which a code is written."""
        return self.address_of("")

    def address_with_indicator(self, indicator: Indicator) -> str:
        """The address of another indicator for the same area, in its own latest period."""
        levels = levels_of(indicator, self.area)
        level = self.level if self.level in levels else default_level(self.area, indicator)
        return self.address(
            indicator=indicator, level=level, period="", scheme=indicator.scheme, since=""
        )

    @property
    def address_of_series(self) -> str:
        """The page of all its periods."""
        return _address(self.query(since="", has_own_classes=False), "map_series")

    @property
    def address_of_origin(self) -> str:
        """The page that says where the figure comes from."""
        return _address(self.query(since="", has_own_classes=False), "map_origin")

    @property
    def address_without_change(self) -> str:
        """The figures themselves, not how they have changed."""
        return self.address(since="")

    @property
    def address_of_all_classes(self) -> str:
        """The same, with the areas of all classes."""
        return self.address(chosen_class=0)

    @property
    def address_now(self) -> str:
        """The same, as it stands now instead of at a pinned moment."""
        return self.address(moment=None)

    def query(self, **changes) -> dict[str, str]:
        """What the address holds, by parameter."""
        state = replace(self, **changes)
        keeps_class = not changes.keys() & _other_classes(state)
        query = {
            "i": state.indicator.code,
            "t": state.period if state.period not in state.periods[-1:] else "",
            "dari": state.since if state.is_compared else "",
            "a": state.area.code if state.area.level != Level.REGENCY else "",
            "l": state.level if state.level != default_level(state.area, state.indicator) else "",
            "k": state.scheme if state.scheme != state.indicator.scheme else "",
            "c": "own" if state.has_own_classes else "",
            "f": str(state.chosen_class) if state.chosen_class and keeps_class else "",
            "per": state.moment.date().isoformat() if state.moment else "",
            "y": ",".join(state.layers),
        }
        return {name: value for name, value in query.items() if value}


def _address(query: dict[str, str], name: str = "map") -> str:
    return f"{reverse(name)}?{urlencode(query, safe=',')}"


def _other_classes(state: MapState) -> set[str]:
    """What one cannot change without changing what the classes are."""
    always = {"indicator", "level", "scheme", "since", "has_own_classes"}
    has_own = state.has_own_classes or state.since
    return always | {"period"} if has_own else always


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
