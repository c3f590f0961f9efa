"""Limits, and the method, as people say them."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.areas.models import Level
from geo.indicators.models import Indicator
from geo.indicators.queries import Figure
from geo.investment.queries.coverage import Counted
from geo.investment.queries.wishes import MIN_MAX, PERCENTILE, Limit, Wish
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


def coverage_in_words(figure: Figure, counted: Counted) -> str:
    """How many villages stand behind a figure and what follows; blank where all of them do."""
    if figure.value is None or not figure.is_partial:
        return ""
    facts = {"reported": figure.reported, "expected": figure.expected}
    if counted.is_cut_off:
        text = _(
            "%(reported)s of %(expected)s villages, too many out of reach: it counts as the "
            "farthest"
        )
    elif counted.value is None:
        text = _("%(reported)s of %(expected)s villages: incomplete, so it does not count")
    else:
        text = _("%(reported)s of %(expected)s villages")
    return text % facts


def method_steps(wish: Wish, n_variations: int) -> list[tuple[str, str]]:
    """How places are ranked, step by step in plain words: a heading and a text each."""
    points = {
        MIN_MAX: _(
            "The worst figure of any place gets 0 points, the best 100, and the others lie "
            "between them as their figures do."
        ),
        PERCENTILE: _(
            "Each figure gets as many of 100 points as the place surpasses per cent of the "
            "others; equals count half."
        ),
    }[wish.method]
    among = _(
        "Points are given among all places, also those that are left out: a limit changes who "
        "is listed, never what anybody scores. A place that nobody can reach gets the points "
        "of the farthest."
    )
    return [
        (
            _("Limits."),
            _("A place beyond a limit is left out, and so is a place without that figure."),
        ),
        (_("Points."), f"{points} {among}"),
        (_("Score."), _("The mean of the points, each counted by its weight.")),
        (_("Missing figures."), _missing(wish)),
        *([(_("Incomplete figures."), _incomplete())] if wish.level == Level.DISTRICT else []),
        (_("How firm it is."), _firmness(wish, n_variations)),
    ]


def _missing(wish: Wish) -> str:
    if wish.is_strict:
        return _("Places that lack any figure are left out, as you asked.")
    return _(
        "Missing is never counted as nought: a place is scored on what is known of it, and "
        "marked. Where less than two thirds of the weight are known it is not ranked at all."
    )


def _incomplete() -> str:
    return _(
        "A district's total counts only where all of its villages have reported; an average, "
        "where two thirds of them are known. Villages that nobody can reach count with the "
        "points of the farthest, and where they are more than a third, so does the district. "
        "Whatever does not count is treated as missing, for limits too."
    )


def _firmness(wish: Wish, n_variations: int) -> str:
    text = _(
        "Nobody knows weights exactly. So the ranking is made %(all)s times more, each time with "
        "every weight drawn by itself, evenly, from %(spread)s%% smaller to %(spread)s%% larger. "
        "What is counted is how often a place is among the first five and ten. The draws begin "
        "from seed %(seed)s: the same link gives the same numbers."
    )
    every = format_number(n_variations, 0, get_language() or "id")
    return text % {"all": every, "spread": wish.spread_percent, "seed": wish.seed}


def method_sources() -> str:
    """Where the method comes from."""
    return _(
        "Method: OECD and Joint Research Centre, Handbook on Constructing Composite Indicators, "
        "2008 (normalisation, weighted mean, uncertainty analysis); Lahdelma and Salminen, "
        "SMAA-2, Operations Research 49 (3), 2001 (how often an alternative ranks first)."
    )


def no_advice() -> str:
    """What a ranking does not say."""
    return _(
        "A ranking is not a permit and not advice. It says nothing of land prices, ownership or "
        "zoning."
    )
