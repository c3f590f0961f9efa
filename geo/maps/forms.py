"""Reading the state of the map from its address."""

from __future__ import annotations

import datetime

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from geo.areas.queries import find_area, regency
from geo.indicators.models import Indicator, RollUp
from geo.indicators.queries import end_of_day, find_indicator, read_day, read_periods_of
from geo.lib.errors import GeoError, UnknownChoice, UnknownPeriod
from geo.maps.models import MapState, default_level, levels_of, schemes_of

MOST_CLASSES = 9


class NoIndicators(GeoError):
    """No sector has been loaded."""

    status = 503
    template = _("No indicators have been loaded yet. Run script/manage load_sectors.")


def read_state(query: QueryDict) -> MapState:
    """The state that an address asks for.

    Raises UnknownArea, UnknownIndicator, UnknownPeriod or UnknownChoice.
    """
    day = read_day(query.get("per", ""))
    moment = end_of_day(day) if day else None
    indicator, periods, usual = _measured(query.get("i", ""), moment)
    area = find_area(query["a"]) if query.get("a") else regency()
    levels = levels_of(indicator, area)
    period = _period(indicator, query.get("t", ""), periods) or usual
    return MapState(
        indicator=indicator,
        period=period,
        periods=periods,
        area=area,
        level=_choice("l", query.get("l", ""), levels, default_level(area, indicator)),
        scheme=_choice("k", query.get("k", ""), schemes_of(indicator), indicator.scheme),
        moment=moment,
        layers=_layers(query),
        since=_since(indicator, query.get("dari", ""), period, periods),
        has_own_classes=_choice("c", query.get("c", ""), ["own"], "") == "own",
        chosen_class=_class(query.get("f", "")),
    )


def require_period(state: MapState) -> MapState:
    """The same state; ``UnknownPeriod`` where its indicator has no figures at all."""
    if not state.period:
        raise UnknownPeriod(indicator=state.indicator.name, period="–", known="–")
    return state


def _since(indicator: Indicator, found: str, period: str, periods: list[str]) -> str:
    """The period since which the change is shown: known, and before the one shown."""
    if not found:
        return ""
    since = _period(indicator, found, periods)
    earlier = periods[: periods.index(period)]
    if since not in earlier:
        raise UnknownChoice(name="dari", found=found, allowed=", ".join(earlier) or "–")
    return since


def _class(found: str) -> int:
    """Which class is looked at; whether the map has so many is not known yet."""
    allowed = [str(number) for number in range(1, MOST_CLASSES + 1)]
    return int(_choice("f", found, allowed, "0"))


def _layers(query: QueryDict) -> tuple[str, ...]:
    """Codes of the layers asked for; which of them exist, the page sees."""
    asked = ",".join(query.getlist("y")).split(",")
    return tuple(dict.fromkeys(code for code in asked if code))


def _measured(code: str, moment: datetime.datetime | None) -> tuple[Indicator, list[str], str]:
    """The indicator that is asked for, with its periods and the one to show.

    Nobody asked: the first rate with figures, for counts mislead where areas
    differ in size; then the first count with figures; then the first of all.
    """
    if code:
        return _with_periods(find_indicator(code), moment)
    indicators = list(Indicator.objects.select_related("sector"))
    if not indicators:
        raise NoIndicators
    for indicator in sorted(indicators, key=lambda i: i.roll_up == RollUp.SUM):
        measured = _with_periods(indicator, moment)
        if measured[1]:
            return measured
    return indicators[0], [], ""


def _with_periods(
    indicator: Indicator, moment: datetime.datetime | None
) -> tuple[Indicator, list[str], str]:
    found = read_periods_of([indicator], moment)
    return indicator, found.known[indicator.pk], found.shown[indicator.pk] or ""


def _choice(name: str, found: str, allowed: list[str], default: str) -> str:
    if found and found not in allowed:
        raise UnknownChoice(name=name, found=found, allowed=", ".join(allowed))
    return found or default


def _period(indicator: Indicator, found: str, periods: list[str]) -> str:
    if found and found not in periods:
        known = ", ".join(periods) or "–"
        raise UnknownPeriod(indicator=indicator.name, period=found, known=known)
    return found
