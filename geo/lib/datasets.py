"""Data sets of a sector: what is delivered together, how often, by whom and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from geo.lib.declarations import (
    BOTH,
    BOTH_OR_NONE,
    Fault,
    Reading,
    Rule,
    is_code,
    is_list_of,
    is_whole,
    one_of,
    sides,
    written,
)
from geo.lib.periods import is_period

VALUES, LEDGER, PLACES, ROAD_INVENTORY, OPPORTUNITIES = (
    "values",
    "ledger",
    "places",
    "road_inventory",
    "opportunities",
)
KINDS = [VALUES, LEDGER, PLACES, ROAD_INVENTORY, OPPORTUNITIES]
# Who fills it in: each village for itself, each district, or the office for all.
REPORTERS = ["village", "district", "office"]
FREQUENCIES = ["year", "quarter", "month"]
# What a folder without a word about data sets gets: a month, or ten days for months.
USUAL_DUE_DAYS = {"year": 31, "quarter": 20, "month": 10}
FREQUENCY_WORDS = {
    "year": ("tahunan", "yearly"),
    "quarter": ("triwulanan", "quarterly"),
    "month": ("bulanan", "monthly"),
}

DATASET_KEYS = {
    "name": BOTH,
    "kind": one_of(KINDS),
    "indicators": Rule("indicators", is_list_of(is_code)),
    "places": Rule("place_kinds", is_list_of(is_code)),
    "frequency": one_of(FREQUENCIES, required=True),
    "reporter": one_of(REPORTERS, required=True),
    "office": BOTH,
    "due_days": Rule("due_days", is_whole(1, 730)),
    "since": Rule("period", lambda value: isinstance(value, str) and is_period(value)),
    "instructions": BOTH_OR_NONE,
}


@dataclass(slots=True)
class DatasetDeclaration:
    """One data set as declared; ``contents`` are codes of indicators, or of kinds of places."""

    code: str
    file: str
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def contents(self) -> list[str]:
        """Codes of what is delivered."""
        return self.fields.get("contents", [])


def read_dataset(reading: Reading, code: str, table: object, position: int) -> DatasetDeclaration:
    """Read one table ``[datasets.<code>]``; faults are noted in ``reading``."""
    where = f"datasets.{code}."
    declared = DatasetDeclaration(code, reading.name)
    if not is_code(code) or not isinstance(table, dict):
        reading.note(f"datasets.{code}", written(table), "dataset_table")
        return declared
    given = reading.check(table, DATASET_KEYS, where)
    kind = given.get("kind", VALUES)
    for key, wanted in (("indicators", VALUES), ("places", PLACES)):
        if kind == wanted and key not in given:
            reading.note(f"{where}{key}", "nothing", key if wanted == VALUES else "place_kinds")
        if kind != wanted and key in given:
            reading.note(f"{where}{key}", written(given[key]), "nothing_for_type")
    frequency = given.get("frequency", "year")
    declared.fields = {
        "position": position,
        **sides("name", given.get("name")),
        **sides("office", given.get("office")),
        **sides("instructions", given.get("instructions")),
        "kind": kind,
        "frequency": frequency,
        "reporter": given.get("reporter", ""),
        "due_days": given.get("due_days", USUAL_DUE_DAYS[frequency]),
        "since": given.get("since", ""),
        "contents": given.get("indicators") or given.get("places") or [],
    }
    return declared


def usual_datasets(
    sector: str, file: str, names: Mapping[str, str], indicators: Iterable[Any]
) -> list[DatasetDeclaration]:
    """Make a data set of each frequency for a sector that declares none.

    Parameters
    ----------
    names
        ``name_id`` and ``name_en`` of the sector.
    indicators
        Its declarations, after those counted from something else are marked.
    """
    typed: dict[str, list[str]] = {}
    for one in indicators:
        is_typed = one.fields["roll_up"] != "ratio" and one.fields["level"] == "village"
        if is_typed and not is_derived(one.fields["checks"]):
            typed.setdefault(one.fields["frequency"], []).append(one.code)
    return [
        DatasetDeclaration(
            f"{sector}_{frequency}",
            file,
            {
                "position": place * 10,
                "name_id": f"{names['name_id']} ({FREQUENCY_WORDS[frequency][0]})",
                "name_en": f"{names['name_en']} ({FREQUENCY_WORDS[frequency][1]})",
                "office_id": "",
                "office_en": "",
                "instructions_id": "",
                "instructions_en": "",
                "kind": VALUES,
                "frequency": frequency,
                "reporter": "village",
                "due_days": USUAL_DUE_DAYS[frequency],
                "since": "",
                "contents": codes,
            },
        )
        for place, (frequency, codes) in enumerate(typed.items(), start=1)
    ]


def is_derived(checks: Mapping[str, Any]) -> bool:
    """Whether an indicator is counted from something else, and so never typed in."""
    return any(key.startswith("from_") for key in checks) or "sum_of" in checks


def check_datasets_together(
    datasets: Sequence[DatasetDeclaration],
    indicators: Mapping[str, Mapping[str, Any]],
    place_kinds: Iterable[str],
) -> list[Fault]:
    """Return the faults that show only beside all data sets, indicators and kinds of places.

    Parameters
    ----------
    indicators
        The declared fields of every indicator, by code.
    """
    faults: list[Fault] = []
    files: dict[str, str] = {}
    kinds = set(place_kinds)
    for one in datasets:
        key = f"datasets.{one.code}"
        if one.code in files:
            faults.append(Fault(one.file, key, files[one.code], "code_once"))
        files[one.code] = one.file
        known = {VALUES: set(indicators), PLACES: kinds}.get(one.fields.get("kind", ""), set())
        for code in one.contents:
            if code not in known:
                close = get_close_matches(code, known, n=1)
                allowed = "declared_indicator" if known is not kinds else "declared_place_kind"
                faults.append(Fault(one.file, key, written(code), allowed, *close))
            elif one.fields["kind"] == VALUES:
                faults += _faults_of_indicator(one, code, indicators[code])
    return faults


def _faults_of_indicator(
    one: DatasetDeclaration, code: str, fields: Mapping[str, Any]
) -> list[Fault]:
    key = f"datasets.{one.code}.indicators"
    if fields.get("roll_up") == "ratio":
        return [Fault(one.file, key, written(code), "observed_indicator")]
    if is_derived(fields.get("checks", {})):
        return [Fault(one.file, key, written(code), "typed_indicator")]
    if fields.get("frequency") != one.fields["frequency"]:
        return [Fault(one.file, key, written(code), "same_frequency")]
    return []
