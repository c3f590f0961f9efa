"""Limits as people say them."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.indicators.models import Indicator
from geo.investment.queries.wishes import Limit
from geo.lib.numbers import format_number
from geo.lib.units import UNITS


def limit_in_words(indicator: Indicator, limit: Limit) -> str:
    """A limit in full: “Population: at least 1,000 persons”."""
    low, high = end_in_words(indicator, limit.at_least), end_in_words(indicator, limit.at_most)
    facts = {"name": indicator.name, "low": low, "high": high}
    if limit.at_most is None:
        return _("%(name)s: at least %(low)s") % facts
    if limit.at_least is None:
        return _("%(name)s: at most %(high)s") % facts
    return _("%(name)s: from %(low)s to %(high)s") % facts


def end_in_words(indicator: Indicator, value: float | None) -> str:
    """One end of a limit, with as many decimals as it needs; nothing where there is none."""
    if value is None:
        return ""
    language = get_language() or "id"
    decimals = next(d for d in range(7) if round(value, d) == value or d == 6)
    symbol = UNITS[indicator.unit].symbol(language)
    return f"{format_number(value, decimals, language)} {symbol}".strip()
