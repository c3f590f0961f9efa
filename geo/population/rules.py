"""What a book of population changes publishes, and its faults in sentences."""

from __future__ import annotations

import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from geo.lib.ledger import (
    CHAIN,
    FIGURES,
    FLOWS,
    GAP,
    HOUSEHOLDS,
    IDENTITY,
    NEGATIVE,
    OVERDRAWN,
    PART,
    SEXES,
    Fault,
    Month,
    Year,
    month_index,
    month_of,
    outside,
)
from geo.lib.numbers import format_number
from geo.lib.periods import format_period

SEX_WORDS = {"male": gettext_lazy("males"), "female": gettext_lazy("females")}
FIGURE_WORDS = {
    "opening": gettext_lazy("opening"),
    "births": gettext_lazy("births"),
    "deaths": gettext_lazy("deaths"),
    "arrivals": gettext_lazy("arrivals"),
    "arrivals_within": gettext_lazy("arrivals from within the regency"),
    "departures": gettext_lazy("departures"),
    "departures_within": gettext_lazy("departures to within the regency"),
    "missing": gettext_lazy("missing"),
    "closing": gettext_lazy("closing"),
    "opening_households": gettext_lazy("households at the opening"),
    "closing_households": gettext_lazy("households at the closing"),
}
SENTENCES = {
    NEGATIVE: gettext_lazy(
        "%(area)s, %(month)s: %(figure)s%(sex)s is %(found)s; a count is 0 or more."
    ),
    PART: gettext_lazy(
        "%(area)s, %(month)s: %(figure)s%(sex)s %(found)s, more than all of them, %(expected)s."
    ),
    IDENTITY: gettext_lazy(
        "%(area)s, %(month)s: closing%(sex)s %(found)s, but opening + births + arrivals − deaths "
        "− departures − missing gives %(expected)s: difference %(difference)s."
    ),
    CHAIN: gettext_lazy(
        "%(area)s: opening of %(month)s%(sex)s %(found)s, closing of %(other)s %(expected)s: "
        "difference %(difference)s. Put right whichever is wrong; one must be the other."
    ),
    OVERDRAWN: gettext_lazy(
        "%(area)s: after the correction of %(other)s, the closing of %(month)s%(sex)s would be "
        "%(found)s. Correct the later months too."
    ),
}


def month_words(period: str) -> str:
    """A month for people, in the language of the reader."""
    return format_period(period, get_language() or "id")


def figure_words(column: str) -> str:
    """What a column holds: ``births_male`` → “births (males)”."""
    name, _mark, sex = column.rpartition("_")
    if name in FIGURE_WORDS and sex in SEX_WORDS:
        return f"{FIGURE_WORDS[name]}{_of(sex)}"
    return str(FIGURE_WORDS[column])


def _of(sex: str) -> str:
    return f" ({SEX_WORDS[sex]})" if sex else ""


def say(fault: Fault, area: str) -> str:
    """Say a fault of the book of ``area``: what was found, what was expected, the difference."""
    if fault.kind == GAP:
        return _say_gap(fault, area)
    facts = {
        "area": area,
        "month": month_words(fault.period),
        "other": month_words(fault.other) if fault.other else "",
        "sex": _of(fault.sex),
        "figure": FIGURE_WORDS[fault.figure],
        "found": _number(fault.found),
        "expected": _number(fault.expected),
        "difference": _number(abs(fault.found - fault.expected)),
    }
    return str(SENTENCES[fault.kind]) % facts


def _say_gap(fault: Fault, area: str) -> str:
    first, last = month_index(fault.other) + 1, month_index(fault.period) - 1
    text = _(
        "%(area)s: the book goes from %(other)s to %(month)s; missing between them: %(gap)s. "
        "Enter what is missing first."
    )
    gap = month_words(month_of(first))
    if last > first:
        gap = f"{gap} – {month_words(month_of(last))}"
    facts = {"area": area, "other": month_words(fault.other), "month": month_words(fault.period)}
    return text % {**facts, "gap": gap}


def _number(value: int) -> str:
    return format_number(value, 0, get_language() or "id")


def period_fault(period: str, area: str, valid_from: datetime.date, today: datetime.date) -> str:
    """Why a month cannot be in a village's book: not come yet, or before the village; else ""."""
    facts = {"area": area, "month": month_words(period), "day": valid_from.isoformat()}
    if period > f"{today:%Y-%m}":
        return _("%(area)s: %(month)s has not come yet.") % facts
    if period < f"{valid_from:%Y-%m}":
        return _("%(area)s: %(month)s is before the village existed (from %(day)s).") % facts
    return ""


def household_warning(before: Month | None, month: Month, area: str) -> str:
    """A sentence where the households at the opening are not those of the last closing.

    Families also part and join, so this warns and does not refuse.
    """
    if before is None or None in (before.closing_households, month.opening_households):
        return ""
    if before.closing_households == month.opening_households:
        return ""
    text = _(
        "%(area)s: %(found)s households at the opening of %(month)s, %(expected)s at the closing "
        "before it."
    )
    return text % {
        "area": area,
        "month": month_words(month.period),
        "found": _number(month.opening_households or 0),
        "expected": _number(before.closing_households or 0),
    }


def household_warning_after(month: Month, after: Month | None, area: str) -> str:
    """A sentence where a month that is put before another closes with other households."""
    if after is None or None in (month.closing_households, after.opening_households):
        return ""
    if month.closing_households == after.opening_households:
        return ""
    text = _(
        "%(area)s: %(found)s households at the closing of %(month)s, but %(other)s, which stands "
        "already, opened with %(expected)s."
    )
    return text % {
        "area": area,
        "month": month_words(month.period),
        "other": month_words(after.period),
        "found": _number(month.closing_households or 0),
        "expected": _number(after.opening_households or 0),
    }


# --- what is published -----------------------------------------------------------

MONTHLY_FLOWS = {"missing": "missing_persons_monthly"} | {
    flow: f"{flow}_monthly" for flow in FLOWS if flow != "missing"
}


def monthly_figures(month: Month) -> dict[str, int | None]:
    """Values of one month by indicator code; None where the village does not know."""
    figures = {code: month.total(flow) for flow, code in MONTHLY_FLOWS.items()}
    return figures | {
        "register_population": month.total("closing"),
        "register_males": month.male.closing,
        "register_females": month.female.closing,
        "register_households": month.closing_households,
        "arrivals_outside_monthly": outside(month, "arrivals"),
        "departures_outside_monthly": outside(month, "departures"),
    }


def yearly_figures(year: Year) -> dict[str, int | None]:
    """Values of one whole year by indicator code; None where the village does not know."""
    return {
        "births_yearly": year.births,
        "deaths_yearly": year.deaths,
        "arrivals_yearly": year.arrivals,
        "departures_yearly": year.departures,
        "missing_persons_yearly": year.missing,
        "arrivals_outside_yearly": year.arrivals_outside,
        "departures_outside_yearly": year.departures_outside,
        "mid_year_population": year.mid_year,
        "opening_population": year.opening,
        "population_change": year.closing - year.opening,
        "natural_increase": year.births - year.deaths,
        "net_migration": year.arrivals - year.departures,
    }


MONTHLY_CODES = (
    *MONTHLY_FLOWS.values(),
    "register_population",
    "register_males",
    "register_females",
    "register_households",
    "arrivals_outside_monthly",
    "departures_outside_monthly",
)
# What every month that is written makes known, whatever else its village could not say.
SURE_CODES = (*MONTHLY_FLOWS.values(), "register_population")
YEARLY_CODES = tuple(yearly_figures(Year(*[0] * 10)))
PUBLISHED_CODES = (*MONTHLY_CODES, *YEARLY_CODES)
COLUMNS = (*(f"{name}_{sex}" for name in FIGURES for sex in SEXES), *HOUSEHOLDS)
