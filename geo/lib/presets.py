"""Reading ``data/investment/presets.toml``: typical needs of investors, and every fault in it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from geo.lib.declarations import (
    BOTH,
    NUMBER,
    TABLE,
    TABLE_OR_NONE,
    Fault,
    Reading,
    Rule,
    is_code,
    is_whole,
    one_of,
    written,
)
from geo.lib.normalising import HIGHER, LOWER

MOST_WEIGHT = 5
PRESET_KEYS = {
    "name": BOTH,
    "why": BOTH,
    "weights": TABLE,
    "directions": TABLE_OR_NONE,
    "limits": TABLE_OR_NONE,
}
WEIGHT = Rule([str(n) for n in range(1, MOST_WEIGHT + 1)], is_whole(1, MOST_WEIGHT))
DIRECTION = one_of([HIGHER, LOWER])
LIMIT_KEYS = {"at_least": NUMBER, "at_most": NUMBER}


@dataclass(frozen=True, slots=True)
class Preset:
    """One typical need: what it is called and why it weighs as it does, by language.

    ``limits`` hold the least and the most by code of the criterion, None for no limit.
    """

    code: str
    name: dict[str, str]
    why: dict[str, str]
    weights: dict[str, int]
    directions: dict[str, str]
    limits: dict[str, tuple[float | None, float | None]]

    @property
    def codes(self) -> list[str]:
        """Codes of all criteria that it speaks of, each once."""
        return list(dict.fromkeys([*self.weights, *self.directions, *self.limits]))


def read_presets(text: str, file: str) -> tuple[list[Preset], list[Fault]]:
    """Read the presets in the order of the file.

    Returns
    -------
    tuple
        The presets, incomplete where there are faults, and the faults.
    """
    reading = Reading(file)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reading.note("", str(error), "toml")
        return [], reading.faults
    presets = [_read_preset(reading, code, table) for code, table in tables.items()]
    return [preset for preset in presets if preset], reading.faults


def _read_preset(reading: Reading, code: str, table: object) -> Preset | None:
    if not is_code(code) or not isinstance(table, dict):
        reading.note(code, written(table), "indicator_table")
        return None
    given = reading.check(table, PRESET_KEYS, f"{code}.")
    parts = {key: given.get(key, {}) for key in ("weights", "directions", "limits")}
    weights = _check_each(reading, parts["weights"], WEIGHT, f"{code}.weights.")
    directions = _check_each(reading, parts["directions"], DIRECTION, f"{code}.directions.")
    tables = _check_each(reading, parts["limits"], TABLE, f"{code}.limits.")
    limits = {
        name: reading.check(limit, LIMIT_KEYS, f"{code}.limits.{name}.")
        for name, limit in tables.items()
    }
    return Preset(
        code=code,
        name=given.get("name", {}),
        why=given.get("why", {}),
        weights=weights,
        directions=directions,
        limits={name: (one.get("at_least"), one.get("at_most")) for name, one in limits.items()},
    )


def _check_each(reading: Reading, table: dict, rule: Rule, where: str) -> dict:
    """What stands under each code; every name has to be one."""
    for name in table:
        if not is_code(name):
            reading.note(f"{where}{name}", written(name), "indicator")
    return reading.check(table, dict.fromkeys(table, rule), where)
