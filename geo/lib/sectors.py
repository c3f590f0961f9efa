"""Reading ``data/sectors/<sector>/sector.toml``: what is declared, and every fault in it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from geo.lib.datasets import (
    DatasetDeclaration,
    check_datasets_together,
    read_dataset,
    usual_datasets,
)
from geo.lib.declarations import (
    BOTH,
    BOTH_OR_NONE,
    INDICATOR,
    NUMBER,
    RANGE,
    TABLE,
    TABLE_OR_NONE,
    TEXT,
    TRUE_OR_FALSE,
    Fault,
    Reading,
    Rule,
    is_code,
    is_list_of,
    is_number,
    is_rising,
    is_table,
    is_whole,
    one_of,
    sides,
    written,
)
from geo.lib.palettes import PALETTES
from geo.lib.periods import is_period
from geo.lib.place_kinds import PlaceKindDeclaration, check_kinds_together, read_place_kind
from geo.lib.units import UNITS

LEVELS = ["village", "district", "regency"]
FREQUENCIES = ["year", "quarter", "month"]
ROLL_UPS = ["sum", "ratio", "weighted_mean", "max", "none"]
DIRECTIONS = ["higher_is_better", "lower_is_better", "neutral"]
WISHED = ["higher", "lower"]
SCHEMES = ["quantile", "natural", "equal", "manual"]
AREA_KINDS = ["desa", "kelurahan"]


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
    places: list[PlaceKindDeclaration] = field(default_factory=list)
    datasets: list[DatasetDeclaration] = field(default_factory=list)


# --- what may stand under which key --------------------------------------------


FILE_KEYS = {
    "sector": TABLE,
    "indicators": TABLE,
    "places": TABLE_OR_NONE,
    "datasets": TABLE_OR_NONE,
}
SECTOR_KEYS = {"name": BOTH, "position": Rule("position", is_whole(0, 32000))}
INDICATOR_KEYS = {
    "name": BOTH,
    "definition": BOTH,
    "caveat": BOTH_OR_NONE,
    "source": BOTH_OR_NONE,
    "unit": one_of(UNITS, required=True),
    "decimals": Rule("decimals", is_whole(0, 6)),
    "frequency": one_of(FREQUENCIES, required=True),
    "level": one_of(LEVELS, required=True),
    "roll_up": one_of(ROLL_UPS, required=True),
    "numerator": INDICATOR,
    "denominator": INDICATOR,
    "weight": INDICATOR,
    "per_km2": TRUE_OR_FALSE,
    "factor": Rule("number_not_zero", lambda value: is_number(value) and value != 0),
    "range": RANGE,
    "direction": one_of(DIRECTIONS, required=True),
    "classes": TABLE,
    "midpoint": NUMBER,
    "sensitive": TRUE_OR_FALSE,
    "checks": TABLE_OR_NONE,
    "reference": TABLE_OR_NONE,
    "grades": Rule("grades", is_list_of(is_table)),
    "investor": TABLE_OR_NONE,
}
INVESTOR_KEYS = {"direction": one_of(WISHED, required=True), "hint": BOTH_OR_NONE}
CHOICES = ("unit", "frequency", "level", "roll_up", "direction")
CLASSES_KEYS = {
    "scheme": one_of(SCHEMES, required=True),
    "k": Rule("classes", is_whole(2, 7)),
    "palette": one_of(PALETTES, required=True),
    "manual": Rule("rising", is_rising),
}
CHECKS_KEYS = {
    "zero_needs_zero": INDICATOR,
    "namesakes_differ": TRUE_OR_FALSE,
    "at_most": INDICATOR,
    "sum_of": Rule("indicators", is_list_of(is_code)),
    "only": one_of(AREA_KINDS),
    # Computed by geo.travel, never typed in.
    "from_travel": TRUE_OR_FALSE,
    # Counted by geo.opportunities, never typed in.
    "from_opportunities": TRUE_OR_FALSE,
}
GRADES_KEYS = {
    "valid_from": Rule("period", lambda value: isinstance(value, str) and is_period(value), True),
    "source": TEXT,
    "steps": Rule("grades", is_list_of(is_table), required=True),
}
STEP_KEYS = {"over": NUMBER, "name": BOTH, "counts": INDICATOR}
REFERENCE_KEYS = {
    "value": Rule("number_not_zero", NUMBER.fits, required=True),
    "period": Rule("period", lambda value: isinstance(value, str) and is_period(value), True),
    "source": TEXT,
    "tolerance_percent": Rule("number", is_number, required=True),
}


# --- reading -------------------------------------------------------------------


def read_sector(code: str, text: str, file: str) -> tuple[SectorDeclaration, list[Fault]]:
    """Read one sector.toml.

    Returns
    -------
    tuple
        The declaration, incomplete where there are faults, and the faults.
    """
    reading = Reading(file)
    declared = SectorDeclaration(code, file, {}, [])
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reading.note("", str(error), "toml")
        return declared, reading.faults
    if not is_code(code):
        reading.note("", written(code), "folder_name")
    whole = reading.check(tables, FILE_KEYS, "")
    sector = reading.check(whole["sector"], SECTOR_KEYS, "sector.") if "sector" in whole else {}
    declared.fields = sides("name", sector.get("name")) | {"position": sector.get("position", 100)}
    for place, (name, table) in enumerate(whole.get("indicators", {}).items(), start=1):
        declared.indicators.append(_read_indicator(reading, name, table, place * 10))
    for place, (name, table) in enumerate(whole.get("places", {}).items(), start=1):
        declared.places.append(read_place_kind(reading, name, table, place * 10))
    for place, (name, table) in enumerate(whole.get("datasets", {}).items(), start=1):
        declared.datasets.append(read_dataset(reading, name, table, place * 10))
    return declared, reading.faults


def _read_indicator(reading: Reading, code: str, table: object, place: int) -> IndicatorDeclaration:
    where = f"indicators.{code}."
    declared = IndicatorDeclaration(code, reading.name, {})
    if not is_code(code) or not isinstance(table, dict):
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
        **_texts(given),
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
        "grades": _read_grades(reading, given.get("grades", []), where),
        "investor": _read_investor(reading, given, where),
    }
    parts = ("numerator", "denominator", "weight")
    declared.parts = {part: given[part] for part in parts if part in given}
    return declared


def _texts(given: dict) -> dict[str, str]:
    """What is said of an indicator, in both languages."""
    said: dict[str, str] = {}
    for key in ("name", "definition", "caveat"):
        said |= sides(key, given.get(key))
    return said | sides("source", given.get("source"), "_text")


def _read_investor(reading: Reading, given: dict, where: str) -> dict:
    """Read what an investor looks for; nothing where the indicator is no criterion."""
    if "investor" not in given:
        return {}
    return reading.check(given["investor"], INVESTOR_KEYS, f"{where}investor.")


def _read_grades(reading: Reading, editions: Sequence[dict], where: str) -> list[dict]:
    """Read the tables of thresholds, each in force from a period on, lowest step first."""
    read = []
    for place, edition in enumerate(editions, start=1):
        here = f"{where}grades[{place}]."
        given = reading.check(edition, GRADES_KEYS, here)
        steps = [
            reading.check(step, STEP_KEYS, f"{here}steps[{n}].")
            for n, step in enumerate(given.get("steps", []), start=1)
        ]
        limits = [step.get("over") for step in steps]
        # The lowest step has no limit; every other begins above the one before.
        rises = is_rising(limits[1:]) or len(limits) == 2
        if steps and (limits[0] is not None or None in limits[1:] or not rises):
            reading.note(f"{here}steps", written(limits), "rising_steps")
        read.append({**given, "steps": steps})
    return read


def _check_method(reading: Reading, given: dict, classes: dict, where: str) -> None:
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
        for part, code in [*declared.parts.items(), *_checked_codes(declared)]:
            faults += _faults_of_part(declared, part, code, known)
    kinds = [kind for sector in sectors for kind in sector.places]
    faults += check_kinds_together(kinds, {code: one.fields for code, one in known.items()})
    if not faults:
        _mark_derived(kinds, known)
        _add_usual_datasets(sectors)
        datasets = [one for sector in sectors for one in sector.datasets]
        fields = {code: one.fields for code, one in known.items()}
        faults += check_datasets_together(datasets, fields, [kind.code for kind in kinds])
    return faults


def _add_usual_datasets(sectors: Sequence[SectorDeclaration]) -> None:
    for sector in sectors:
        sector.datasets = sector.datasets or usual_datasets(
            sector.code, sector.file, sector.fields, sector.indicators
        )


def _mark_derived(
    kinds: Sequence[PlaceKindDeclaration], known: dict[str, IndicatorDeclaration]
) -> None:
    """Say of each indicator that is counted from others that nobody types it in."""
    for kind in kinds:
        for code in kind.feeds.values():
            known[code].fields["checks"]["from_places"] = kind.code
    for declared in known.values():
        for code in _graded_codes(declared):
            known[code].fields["checks"]["from_grades"] = declared.code


def _checked_codes(declared: IndicatorDeclaration) -> list[tuple[str, str]]:
    """Other indicators that the checks and grades of one name, with the key that does."""
    checks = declared.fields.get("checks", {})
    named = [
        (f"checks.{key}", checks[key]) for key in ("zero_needs_zero", "at_most") if key in checks
    ]
    named += [("checks.sum_of", code) for code in checks.get("sum_of", [])]
    return named + [("grades.counts", code) for code in _graded_codes(declared)]


def _graded_codes(declared: IndicatorDeclaration) -> list[str]:
    editions = declared.fields.get("grades", [])
    return [step["counts"] for edition in editions for step in edition["steps"] if "counts" in step]


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
    if part == "checks.zero_needs_zero":
        return []
    faults = []
    # A share may be compared with a share of the same whole; added up are counts only.
    is_alike = part == "checks.at_most" and other.fields.get("unit") == declared.fields.get("unit")
    if other.fields.get("roll_up") != "sum" and not is_alike:
        faults.append(Fault(declared.file, key, written(code), "summed_indicator"))
    for same in ("level", "frequency"):
        if other.fields.get(same) != declared.fields.get(same):
            faults.append(Fault(declared.file, key, written(code), f"same_{same}"))
    if part not in NOT_SHOWN and other.fields.get("sensitive") and not _is_sensitive(declared):
        faults.append(
            Fault(declared.file, f"indicators.{declared.code}.sensitive", "false", "sensitive_too")
        )
    return faults


# Only compared with, never a part of the figure.
NOT_SHOWN = {"checks.at_most", "grades.counts"}


def _is_sensitive(declared: IndicatorDeclaration) -> bool:
    return bool(declared.fields.get("sensitive"))
