"""The state of the map, as its address holds it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area, Level
from geo.areas.queries import ancestors, find_area, regency
from geo.indicators.models import Indicator, RollUp, Scheme
from geo.indicators.queries import find_indicator, known_periods
from geo.lib.errors import GeoError, UnknownChoice, UnknownPeriod


class NoIndicators(GeoError):
    """No sector has been loaded."""

    status = 503
    template = _("No indicators have been loaded yet. Run script/manage load_sectors.")


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
        return f"{reverse('map')}?{urlencode(self.query(**changes))}"

    def address_of(self, code: str) -> str:
        """The address where the area with ``code`` is chosen: a step down, or across."""
        kept = {k: v for k, v in self.query().items() if k not in {"a", "l"}}
        return f"{reverse('map')}?{urlencode(kept | {'a': code})}"

    def address_with_indicator(self, indicator: Indicator) -> str:
        """The address of another indicator for the same area, in its own latest period."""
        levels = levels_of(indicator, self.area)
        level = self.level if self.level in levels else default_level(self.area, indicator)
        return self.address(indicator=indicator, level=level, period="", scheme=indicator.scheme)

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
        return query


def levels_of(indicator: Indicator, area: Area) -> list[str]:
    """The levels that can be drawn around ``area``: none below what is reported."""
    if indicator.level != Level.VILLAGE:
        return [Level.DISTRICT]
    return [Level.VILLAGE] if area.level == Level.VILLAGE else [Level.DISTRICT, Level.VILLAGE]


def default_level(area: Area, indicator: Indicator | None = None) -> str:
    """The regency shows its districts, a district its villages."""
    if indicator is None:
        return Level.DISTRICT if area.level == Level.REGENCY else Level.VILLAGE
    levels = levels_of(indicator, area)
    return levels[0] if area.level == Level.REGENCY else levels[-1]


def read_state(query: QueryDict) -> MapState:
    """The state that an address asks for.

    Raises UnknownArea, UnknownIndicator, UnknownPeriod or UnknownChoice.
    """
    moment = _moment(query.get("per", ""))
    indicator, periods = _measured(query.get("i", ""), moment)
    area = find_area(query["a"]) if query.get("a") else regency()
    levels = levels_of(indicator, area)
    return MapState(
        indicator=indicator,
        period=_period(indicator, query.get("t", ""), periods),
        periods=periods,
        area=area,
        level=_choice("l", query.get("l", ""), levels, default_level(area, indicator)),
        scheme=_choice("k", query.get("k", ""), schemes_of(indicator), indicator.scheme),
        moment=moment,
    )


def _measured(code: str, moment: datetime.datetime | None) -> tuple[Indicator, list[str]]:
    """The indicator that is asked for, with its periods.

    Nobody asked: the first rate with figures, for counts mislead where areas
    differ in size; then the first count with figures; then the first of all.
    """
    if code:
        indicator = find_indicator(code)
        return indicator, known_periods(indicator, moment)
    indicators = list(Indicator.objects.select_related("sector"))
    if not indicators:
        raise NoIndicators
    for indicator in sorted(indicators, key=lambda i: i.roll_up == RollUp.SUM):
        periods = known_periods(indicator, moment)
        if periods:
            return indicator, periods
    return indicators[0], []


def schemes_of(indicator: Indicator) -> list[str]:
    """The classifications that can be chosen; manual only where the owner set one."""
    return [s for s in Scheme.values if s != Scheme.MANUAL or indicator.manual_breaks]


def _choice(name: str, found: str, allowed: list[str], default: str) -> str:
    if found and found not in allowed:
        raise UnknownChoice(name=name, found=found, allowed=", ".join(allowed))
    return found or default


def _period(indicator: Indicator, found: str, periods: list[str]) -> str:
    if found and found not in periods:
        known = ", ".join(periods) or "–"
        raise UnknownPeriod(indicator=indicator.name, period=found, known=known)
    return found or (periods[-1] if periods else "")


def _moment(found: str) -> datetime.datetime | None:
    """The end of the day that ``found`` names, in the regency's time."""
    if not found:
        return None
    try:
        day = datetime.date.fromisoformat(found)
    except ValueError:
        raise UnknownChoice(name="per", found=found, allowed="2026-11-22") from None
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.max))
