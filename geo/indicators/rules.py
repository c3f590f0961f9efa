"""What is plausible: pure checks of values about to be published, and faults in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from geo.indicators.models import Indicator
from geo.lib.declarations import Fault
from geo.lib.errors import GeoError
from geo.lib.numbers import format_number
from geo.lib.tables import ERROR, WARNING, Issue

# What a population may grow or shrink a year without anybody having erred.
DRIFT_PERCENT_A_YEAR = 3.0
# A total is compared only where nearly all areas are in the file.
NEARLY_ALL = 0.9
EMPTY: Mapping = {}


@dataclass(frozen=True, slots=True)
class ReadValue:
    """One value of a table, with the row it stood in and the name the row gave its area."""

    row: int
    column: str
    code: str
    name_key: str
    value: float


def check_values(
    indicator: Indicator,
    period: str,
    values: Sequence[ReadValue],
    *,
    others: Mapping[str, float],
    regency_code: str,
    n_expected: int,
    all_of: Mapping[str, float] = EMPTY,
    sums: Mapping[str, float] = EMPTY,
    kinds: Mapping[str, str] = EMPTY,
    with_rows: bool = True,
) -> list[Issue]:
    """Apply the range and the declared checks of one indicator to its new values.

    Parameters
    ----------
    others
        By area code, values of the indicator that ``zero_needs_zero`` names,
        same period.
    n_expected
        Areas that should report.
    all_of, sums
        By area code, what ``at_most`` and ``sum_of`` compare with, same period.
    kinds
        By area code, the kind of the area (desa, kelurahan).
    with_rows
        False where what holds within a row has been checked already.

    Returns
    -------
    list of Issue
        Errors for values out of range, warnings for what is merely unlikely.
    """
    issues = [issue for one in values for issue in _out_of_range(indicator, one) if with_rows]
    checks = indicator.checks
    if "zero_needs_zero" in checks:
        issues += _false_zeros(indicator, values, others)
    if checks.get("namesakes_differ"):
        issues += _namesakes(indicator, values)
    if "at_most" in checks and with_rows:
        issues += _more_than_all(indicator, values, all_of)
    if "sum_of" in checks:
        issues += _wrong_sums(indicator, values, sums)
    if "only" in checks:
        issues += _of_another_kind(indicator, values, kinds)
    reference = checks.get("reference", {}).get(regency_code)
    if reference and len({one.code for one in values}) >= NEARLY_ALL * n_expected:
        issues += _total(indicator, period, values, reference)
    return issues


def _out_of_range(indicator: Indicator, one: ReadValue) -> list[Issue]:
    low, high = indicator.valid_min, indicator.valid_max
    if (low is None or one.value >= low) and (high is None or one.value <= high):
        return []
    text = _("%(indicator)s must lie between %(low)s and %(high)s.")
    facts = {"indicator": indicator.name, "low": _written(low), "high": _written(high)}
    return [Issue(one.row, one.column, _written(one.value), text % facts, ERROR)]


def _false_zeros(
    indicator: Indicator, values: Sequence[ReadValue], others: Mapping[str, float]
) -> list[Issue]:
    text = _("%(indicator)s is 0, but %(other)s is %(count)s there: probably a gap, not a zero.")
    other = indicator.checks["zero_needs_zero"]
    return [
        Issue(
            one.row,
            one.column,
            "0",
            text
            % {"indicator": indicator.name, "other": other, "count": _written(others[one.code])},
            WARNING,
        )
        for one in values
        if one.value == 0 and others.get(one.code, 0) > 0
    ]


def _more_than_all(
    indicator: Indicator, values: Sequence[ReadValue], all_of: Mapping[str, float]
) -> list[Issue]:
    """A part cannot be greater than the whole: more stunted children than were measured."""
    text = _("%(indicator)s is %(found)s, but “%(other)s” is only %(most)s there.")
    facts = {"indicator": indicator.name, "other": indicator.checks["at_most"]}
    return [
        Issue(
            one.row,
            one.column,
            _written(one.value),
            text % {**facts, "found": _written(one.value), "most": _written(all_of[one.code])},
            ERROR,
        )
        for one in values
        if one.value > all_of.get(one.code, one.value)
    ]


def _wrong_sums(
    indicator: Indicator, values: Sequence[ReadValue], sums: Mapping[str, float]
) -> list[Issue]:
    text = _("%(indicator)s is %(found)s, but its parts (%(parts)s) make %(sum)s.")
    facts = {"indicator": indicator.name, "parts": " + ".join(indicator.checks["sum_of"])}
    return [
        Issue(
            one.row,
            one.column,
            _written(one.value),
            text % {**facts, "found": _written(one.value), "sum": _written(sums[one.code])},
            ERROR,
        )
        for one in values
        if sums.get(one.code, one.value) != one.value
    ]


def _of_another_kind(
    indicator: Indicator, values: Sequence[ReadValue], kinds: Mapping[str, str]
) -> list[Issue]:
    text = _("%(indicator)s is known of a %(only)s only, but this is a %(kind)s: leave it empty.")
    only = indicator.checks["only"]
    return [
        Issue(
            one.row,
            one.column,
            _written(one.value),
            text % {"indicator": indicator.name, "only": only, "kind": kinds[one.code]},
            ERROR,
        )
        for one in values
        if kinds.get(one.code, only) != only
    ]


def _namesakes(indicator: Indicator, values: Sequence[ReadValue]) -> list[Issue]:
    groups: dict[tuple[str, float], list[ReadValue]] = defaultdict(list)
    for one in values:
        if one.value != 0:
            groups[one.name_key, one.value].append(one)
    text = _(
        "%(count)d areas of the same name have the same value (rows %(rows)s): "
        "probably joined by name."
    )
    return [
        Issue(
            one.row,
            one.column,
            _written(one.value),
            text % {"count": len(group), "rows": ", ".join(str(other.row) for other in group)},
            WARNING,
        )
        for group in groups.values()
        if len({member.code for member in group}) > 1
        for one in group
    ]


def _total(
    indicator: Indicator, period: str, values: Sequence[ReadValue], reference: Mapping
) -> list[Issue]:
    total = sum(one.value for one in values)
    off_percent = 100 * (total - reference["value"]) / reference["value"]
    years = abs(int(period[:4]) - int(reference["period"][:4]))
    if abs(off_percent) <= reference["tolerance_percent"] + DRIFT_PERCENT_A_YEAR * years:
        return []
    text = _(
        "The sum of %(indicator)s is %(total)s for %(period)s, but %(source)s says %(reference)s "
        "for %(reference_period)s: %(off)s %% off."
    )
    facts = {
        "indicator": indicator.name,
        "total": _written(total),
        "period": period,
        "source": reference["source"],
        "reference": _written(reference["value"]),
        "reference_period": reference["period"],
        "off": format_number(off_percent, 1, get_language() or "id"),
    }
    return [Issue(None, values[0].column, _written(total), text % facts, WARNING)]


def _written(value: float | None) -> str:
    if value is None:
        return "–"
    return format_number(value, 0 if value == int(value) else 2, get_language() or "id")


# --- what may stand in a sector file ------------------------------------------------


ALLOWED: dict[str, Promise] = {
    "both_languages": gettext_lazy('{ id = "…", en = "…" } with a text in both languages'),
    "true_or_false": gettext_lazy("true or false"),
    "number": gettext_lazy("a number"),
    "number_not_zero": gettext_lazy("a number other than 0"),
    "indicator": gettext_lazy("the code of an indicator"),
    "text": gettext_lazy("a text"),
    "table": gettext_lazy("a table"),
    "position": gettext_lazy("a whole number from 0 to 32000"),
    "decimals": gettext_lazy("a whole number from 0 to 6"),
    "classes": gettext_lazy("a whole number from 2 to 7"),
    "range": gettext_lazy("[lowest, highest], two rising numbers"),
    "rising": gettext_lazy("a list of at least two rising numbers"),
    "period": gettext_lazy("a period such as 2024, 2024-Q1 or 2024-03"),
    "toml": gettext_lazy("a TOML file in UTF-8"),
    "folder_name": gettext_lazy("a folder name of small letters, digits and underscores"),
    "indicator_table": gettext_lazy("a table under a code of small letters, digits, underscores"),
    "nothing_for_roll_up": gettext_lazy("nothing: this roll-up does not use it"),
    "code_once": gettext_lazy("one declaration of each code in all sectors"),
    "declared_indicator": gettext_lazy("another indicator that some sector declares"),
    "observed_indicator": gettext_lazy("an indicator that is observed, not itself a ratio"),
    "summed_indicator": gettext_lazy('an indicator with roll_up = "sum"'),
    "same_level": gettext_lazy("an indicator of the same level"),
    "same_frequency": gettext_lazy("an indicator of the same frequency"),
    "sensitive_too": gettext_lazy("true, because a part of it is sensitive"),
    "protected_roll_up": gettext_lazy(
        "false, because only sums and ratios of sums can be protected: a mean or a highest "
        "value of the district would give a withheld village away"
    ),
    "sensitive_part": gettext_lazy(
        "false, because neither numerator nor denominator is sensitive: anybody could divide them"
    ),
    "sensitive_parts_of_sum": gettext_lazy(
        "a sensitive indicator, because the total is sensitive and its parts would give it away"
    ),
    "indicators": gettext_lazy("a list of codes of indicators"),
    "grades": gettext_lazy("a list of tables"),
    "rising_steps": gettext_lazy("steps of which the first has no “over” and the others rise"),
    "texts": gettext_lazy("a list of texts"),
    "code": gettext_lazy("a code of small letters, digits and underscores"),
    "pattern": gettext_lazy("a regular expression"),
    "choices": gettext_lazy('at least two codes, each = { id = "…", en = "…" }'),
    "place_table": gettext_lazy("a table under a code of small letters, digits, underscores"),
    "attribute_table": gettext_lazy("a table under a code of small letters, digits, underscores"),
    "nothing_for_type": gettext_lazy("nothing: this type does not use it"),
    "fed_once": gettext_lazy("one kind of places or attribute that an indicator is counted from"),
    "dataset_table": gettext_lazy("a table under a code of small letters, digits, underscores"),
    "place_kinds": gettext_lazy("a list of codes of kinds of places"),
    "due_days": gettext_lazy("a whole number of days from 1 to 730"),
    "declared_place_kind": gettext_lazy("a kind of places that some sector declares"),
    "typed_indicator": gettext_lazy("an indicator that is not counted from something else"),
    "zero_or_more": gettext_lazy("a number of 0 or more"),
    "above_zero": gettext_lazy("a number above 0"),
    "speed": gettext_lazy("a speed from 0 to 130 km/h"),
    "falling_speeds": gettext_lazy("speeds that do not rise from good to heavily damaged"),
    "day": gettext_lazy("a day such as 2026-11-22, without quotation marks"),
    "longitude": gettext_lazy("a longitude in degrees, from 90 to 145"),
    "latitude": gettext_lazy("a latitude in degrees, from -15 to 10"),
    "kinds_or_points": gettext_lazy("either “kinds” or “points”, not both"),
    "vehicles": gettext_lazy("a list of vehicles: car, truck, motorcycle, ambulance, boat"),
    "spot": gettext_lazy("either “village” or both “lon” and “lat”"),
    "area_code": gettext_lazy("the code of an area, such as 16.07.03.1012"),
    "travel_indicator": gettext_lazy("an indicator that is declared with from_travel = true"),
    "yearly_of_villages": gettext_lazy("an indicator of the level village and the frequency year"),
}


class BadDeclaration(GeoError):
    """Sector files that cannot be loaded; ``faults`` holds every fault."""

    template = gettext_lazy("The sectors were not loaded; nothing was changed.\n%(faults)s")

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(faults="\n".join(sentence(fault) for fault in faults))


def sentence(fault: Fault) -> str:
    """Say a fault: file, key, what was found, what is allowed, what was perhaps meant."""
    listed = isinstance(fault.allowed, list)
    allowed = ", ".join(fault.allowed) if listed else ALLOWED[str(fault.allowed)]
    found = {"nothing": _("nothing"), "unknown_key": _("a key that is not known")}
    words = {
        "file": fault.file,
        "key": fault.key or "–",
        "found": found.get(fault.found, fault.found),
        "allowed": allowed,
    }
    said = _("%(file)s, %(key)s: found %(found)s; allowed is %(allowed)s.") % words
    return f"{said} " + _("Did you mean “%s”?") % fault.meant if fault.meant else said
