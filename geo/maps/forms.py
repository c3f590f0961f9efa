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
from geo.areas.queries import find_area, regency
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
    def scope(self) -> Area:
        """The area whose parts are drawn: the regency, or one district."""
        if self.level == Level.DISTRICT or self.area.level == Level.REGENCY:
            return regency()
        return self.area if self.area.level == Level.DISTRICT else self.area.parent

    def address(self, **changes) -> str:
        """The address of this state with some of it changed; defaults are left out."""
        return f"{reverse('map')}?{urlencode(self.query(**changes))}"

    def address_of(self, code: str) -> str:
        """The address where the area with ``code`` is chosen: a step down, or across."""
        kept = {k: v for k, v in self.query().items() if k not in {"a", "l"}}
        return f"{reverse('map')}?{urlencode(kept | {'a': code})}"

    def address_with_indicator(self, indicator: Indicator) -> str:
        """The address of another indicator for the same area, in its own latest period."""
        kept = {k: v for k, v in self.query().items() if k not in {"i", "t", "k"}}
        return f"{reverse('map')}?{urlencode({'i': indicator.code} | kept)}"

    def query(self, **changes) -> dict[str, str]:
        state = replace(self, **changes)
        query = {"i": state.indicator.code}
        if state.period and state.period != state.periods[-1]:
            query["t"] = state.period
        if state.area.level != Level.REGENCY:
            query["a"] = state.area.code
        if state.level != default_level(state.area):
            query["l"] = state.level
        if state.scheme != state.indicator.scheme:
            query["k"] = state.scheme
        if state.moment:
            query["per"] = state.moment.date().isoformat()
        return query


def default_level(area: Area) -> str:
    """The regency shows its districts, a district its villages."""
    return Level.DISTRICT if area.level == Level.REGENCY else Level.VILLAGE


def read_state(query: QueryDict) -> MapState:
    """The state that an address asks for.

    Raises UnknownArea, UnknownIndicator, UnknownPeriod or UnknownChoice.
    """
    moment = _moment(query.get("per", ""))
    indicator = find_indicator(query["i"]) if query.get("i") else default_indicator()
    periods = known_periods(indicator, moment)
    area = find_area(query["a"]) if query.get("a") else regency()
    allowed = [Level.DISTRICT, Level.VILLAGE] if area.level != Level.VILLAGE else [Level.VILLAGE]
    return MapState(
        indicator=indicator,
        period=_period(indicator, query.get("t", ""), periods),
        periods=periods,
        area=area,
        level=_choice("l", query.get("l", ""), allowed, default_level(area)),
        scheme=_choice("k", query.get("k", ""), schemes_of(indicator), indicator.scheme),
        moment=moment,
    )


def default_indicator() -> Indicator:
    """The first that is a rate: counts mislead where areas differ in size."""
    indicators = list(Indicator.objects.select_related("sector"))
    if not indicators:
        raise NoIndicators
    return next((i for i in indicators if i.roll_up != RollUp.SUM), indicators[0])


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
