"""Reading ``data/sectors/<sector>/sector.toml``: what is declared, and every fault in it.

Faults are values, so that all of them can be shown at once, in any language.
``allowed`` is one of the words explained in ``indicators.services.ALLOWED``, or
a list of the values that may stand there.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from geo.lib.palettes import PALETTES
from geo.lib.periods import is_period
from geo.lib.units import UNITS

LEVELS = ["village", "district", "regency"]
FREQUENCIES = ["year", "quarter", "month"]
ROLL_UPS = ["sum", "ratio", "weighted_mean", "max", "none"]
DIRECTIONS = ["higher_is_better", "lower_is_better", "neutral"]
SCHEMES = ["quantile", "natural", "equal", "manual"]
CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in one file: where, what was found, what is allowed."""

    file: str
    key: str
    found: str
    allowed: str | list[str]
    meant: str = ""


@dataclass(slots=True)
class IndicatorDeclaration:
    """One indicator as declared; ``fields`` fit the columns of its table."""

    code: str
    file: str
    fields: dict[str, Any]
    parts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SectorDeclaration:
    """One sector as declared, with its indicators in the order of the file."""

    code: str
    file: str
    fields: dict[str, Any]
    indicators: list[IndicatorDeclaration]


# --- what may stand under which key --------------------------------------------


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_both(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"id", "en"}
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )


def _is_range(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(map(_is_number, value))
        and value[0] < value[1]
    )


def _is_rising(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(map(_is_number, value))
        and all(a < b for a, b in pairwise(value))
    )


def _is_whole(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _is_code(value: object) -> bool:
    return isinstance(value, str) and CODE.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Rule:
    """What may stand under a key."""

    allowed: str | list[str]
    fits: Callable[[object], bool]
    required: bool = False


def _one_of(choices: Iterable[str], *, required: bool = False) -> Rule:
    listed = list(choices)
    return Rule(listed, lambda value: isinstance(value, str) and value in listed, required)


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


BOTH = Rule("both_languages", _is_both, required=True)
BOTH_OR_NONE = Rule("both_languages", _is_both)
TRUE_OR_FALSE = Rule("true_or_false", lambda value: isinstance(value, bool))
NUMBER = Rule("number", _is_number)
INDICATOR = Rule("indicator", _is_code)
TEXT = Rule("text", lambda value: isinstance(value, str) and bool(value.strip()), required=True)

FILE_KEYS = {
    "sector": Rule("table", _is_table, required=True),
    "indicators": Rule("table", _is_table, required=True),
}
SECTOR_KEYS = {"name": BOTH, "position": Rule("position", _is_whole(0, 32000))}
INDICATOR_KEYS = {
    "name": BOTH,
    "definition": BOTH,
    "caveat": BOTH_OR_NONE,
    "source": BOTH_OR_NONE,
    "unit": _one_of(UNITS, required=True),
    "decimals": Rule("decimals", _is_whole(0, 6)),
    "frequency": _one_of(FREQUENCIES, required=True),
    "level": _one_of(LEVELS, required=True),
    "roll_up": _one_of(ROLL_UPS, required=True),
    "numerator": INDICATOR,
    "denominator": INDICATOR,
    "weight": INDICATOR,
    "per_km2": TRUE_OR_FALSE,
    "factor": Rule("number_not_zero", lambda value: _is_number(value) and value != 0),
    "range": Rule("range", _is_range),
    "direction": _one_of(DIRECTIONS, required=True),
    "classes": Rule("table", _is_table, required=True),
    "midpoint": NUMBER,
    "sensitive": TRUE_OR_FALSE,
    "checks": Rule("table", _is_table),
    "reference": Rule("table", _is_table),
}
CHOICES = ("unit", "frequency", "level", "roll_up", "direction")
CLASSES_KEYS = {
    "scheme": _one_of(SCHEMES, required=True),
    "k": Rule("classes", _is_whole(2, 7)),
    "palette": _one_of(PALETTES, required=True),
    "manual": Rule("rising", _is_rising),
}
CHECKS_KEYS = {"zero_needs_zero": INDICATOR, "namesakes_differ": TRUE_OR_FALSE}
REFERENCE_KEYS = {
    "value": Rule("number_not_zero", NUMBER.fits, required=True),
    "period": Rule("period", lambda value: isinstance(value, str) and is_period(value), True),
    "source": TEXT,
    "tolerance_percent": Rule("number", _is_number, required=True),
}


class _File:
    """One file being read, and the faults found in it so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []

    def check(self, table: dict, rules: dict[str, Rule], where: str) -> dict:
        """Return the entries that fit their rules; note every one that does not."""
        for key in table.keys() - rules.keys():
            close = get_close_matches(key, rules, n=1)
            self.note(f"{where}{key}", "unknown_key", sorted(rules), *close)
        fitting = {}
        for key, rule in rules.items():
            if key in table and rule.fits(table[key]):
                fitting[key] = table[key]
            elif key in table:
                self.note(f"{where}{key}", written(table[key]), rule.allowed, *_close(table, key))
            elif rule.required:
                self.note(f"{where}{key}", "nothing", rule.allowed)
        return fitting

    def note(self, key: str, found: str, allowed: str | list[str], meant: str = "") -> None:
        self.faults.append(Fault(self.name, key, found, allowed, meant))


def _close(table: dict, key: str) -> list[str]:
    rule = INDICATOR_KEYS.get(key) or CLASSES_KEYS.get(key)
    if rule is None or not isinstance(rule.allowed, list):
        return []
    return get_close_matches(str(table[key]), rule.allowed, n=1)


def written(value: object) -> str:
    """Write a value as it may have stood in the file, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


# --- reading -------------------------------------------------------------------


def read_sector(code: str, text: str, file: str) -> tuple[SectorDeclaration, list[Fault]]:
    """Read one sector.toml.

    Returns
    -------
    tuple
        The declaration, incomplete where there are faults, and the faults.
    """
    reading = _File(file)
    declared = SectorDeclaration(code, file, {}, [])
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reading.note("", str(error), "toml")
        return declared, reading.faults
    if not _is_code(code):
        reading.note("", written(code), "folder_name")
    whole = reading.check(tables, FILE_KEYS, "")
    sector = reading.check(whole["sector"], SECTOR_KEYS, "sector.") if "sector" in whole else {}
    declared.fields = _sides("name", sector.get("name")) | {"position": sector.get("position", 100)}
    for place, (name, table) in enumerate(whole.get("indicators", {}).items(), start=1):
        declared.indicators.append(_read_indicator(reading, name, table, place * 10))
    return declared, reading.faults


def _read_indicator(reading: _File, code: str, table: object, place: int) -> IndicatorDeclaration:
    where = f"indicators.{code}."
    declared = IndicatorDeclaration(code, reading.name, {})
    if not _is_code(code) or not isinstance(table, dict):
        reading.note(f"indicators.{code}", written(table), "indicator_table")
        return declared
    given = reading.check(table, INDICATOR_KEYS, where)
    classes = given.get("classes", {})
    if classes:
        classes = reading.check(classes, CLASSES_KEYS, f"{where}classes.")
    checks = reading.check(given.get("checks", {}), CHECKS_KEYS, f"{where}checks.")
    references = {
        regency: reading.check(entry, REFERENCE_KEYS, f'{where}reference."{regency}".')
        for regency, entry in given.get("reference", {}).items()
        if isinstance(entry, dict)
    }
    _check_method(reading, given, classes, where)
    low, high = given.get("range", [None, None])
    declared.fields = {
        "position": place,
        **_sides("name", given.get("name")),
        **_sides("definition", given.get("definition")),
        **_sides("caveat", given.get("caveat")),
        **_sides("source", given.get("source"), "_text"),
        **{key: given.get(key, "") for key in CHOICES},
        "decimals": given.get("decimals", 0),
        "per_km2": given.get("per_km2", False),
        "factor": float(given.get("factor", 1)),
        "valid_min": low,
        "valid_max": high,
        "scheme": classes.get("scheme", ""),
        "n_classes": classes.get("k", 5),
        "manual_breaks": classes.get("manual", []),
        "palette": classes.get("palette", ""),
        "midpoint": given.get("midpoint"),
        "sensitive": given.get("sensitive", False),
        "checks": checks | ({"reference": references} if references else {}),
    }
    parts = ("numerator", "denominator", "weight")
    declared.parts = {part: given[part] for part in parts if part in given}
    return declared


def _check_method(reading: _File, given: dict, classes: dict, where: str) -> None:
    """Note parts that the roll-up needs or must not have."""
    method = given.get("roll_up")
    per_km2 = given.get("per_km2", False)
    needed = {
        "ratio": ["numerator"] if per_km2 else ["numerator", "denominator"],
        "weighted_mean": ["weight"],
    }.get(str(method), [])
    for part in ("numerator", "denominator", "weight"):
        if part in needed and part not in given:
            reading.note(f"{where}{part}", "nothing", "indicator")
        if part in given and part not in needed:
            reading.note(f"{where}{part}", written(given[part]), "nothing_for_roll_up")
    if per_km2 and method != "ratio":
        reading.note(f"{where}per_km2", "true", "nothing_for_roll_up")
    if classes.get("scheme") == "manual" and "manual" not in classes:
        reading.note(f"{where}classes.manual", "nothing", "rising")


def _sides(name: str, both: dict | None, ending: str = "") -> dict[str, str]:
    both = both or {}
    return {f"{name}_{side}{ending}": both.get(side, "") for side in ("id", "en")}


def check_together(sectors: Sequence[SectorDeclaration]) -> list[Fault]:
    """Return the faults that show only when all sectors are seen: codes and references."""
    faults: list[Fault] = []
    known: dict[str, IndicatorDeclaration] = {}
    for declared in (item for sector in sectors for item in sector.indicators):
        if declared.code in known:
            where = known[declared.code].file
            faults.append(Fault(declared.file, f"indicators.{declared.code}", where, "code_once"))
        known[declared.code] = declared
    for declared in known.values():
        for part, code in [*declared.parts.items(), *_check_codes(declared)]:
            faults += _faults_of_part(declared, part, code, known)
    return faults


def _check_codes(declared: IndicatorDeclaration) -> list[tuple[str, str]]:
    code = declared.fields.get("checks", {}).get("zero_needs_zero")
    return [("checks.zero_needs_zero", code)] if code else []


def _faults_of_part(
    declared: IndicatorDeclaration, part: str, code: str, known: dict[str, IndicatorDeclaration]
) -> list[Fault]:
    key = f"indicators.{declared.code}.{part}"
    other = known.get(code)
    if other is None or code == declared.code:
        close = get_close_matches(code, known, n=1)
        return [Fault(declared.file, key, written(code), "declared_indicator", *close)]
    if other.fields.get("roll_up") == "ratio":
        return [Fault(declared.file, key, written(code), "observed_indicator")]
    if part.startswith("checks"):
        return []
    faults = []
    if other.fields.get("roll_up") != "sum":
        faults.append(Fault(declared.file, key, written(code), "summed_indicator"))
    for same in ("level", "frequency"):
        if other.fields.get(same) != declared.fields.get(same):
            faults.append(Fault(declared.file, key, written(code), f"same_{same}"))
    if other.fields.get("sensitive") and not declared.fields.get("sensitive"):
        faults.append(
            Fault(declared.file, f"indicators.{declared.code}.sensitive", "false", "sensitive_too")
        )
    return faults
