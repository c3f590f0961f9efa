"""Reading declarations in TOML: what may stand under a key, and every fault that was found.

Faults are values, so that all of them can be shown at once, in any language.
``allowed`` is one of the words explained in ``indicators.rules.ALLOWED``, or
a list of the values that may stand there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import TypeGuard

CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in one file: where, what was found, what is allowed."""

    file: str
    key: str
    found: str
    allowed: str | list[str]
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What may stand under a key."""

    allowed: str | list[str]
    fits: Callable[[object], bool]
    required: bool = False


def is_number(value: object) -> TypeGuard[float]:
    """Whether a finite number stands there; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_both(value: object) -> bool:
    """Whether a text in both languages stands there."""
    return (
        isinstance(value, dict)
        and set(value) == {"id", "en"}
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )


def is_range(value: object) -> bool:
    """Whether two rising numbers stand there."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(map(is_number, value))
        and value[0] < value[1]
    )


def is_rising(value: object) -> bool:
    """Whether at least two rising numbers stand there."""
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(map(is_number, value))
        and all(a < b for a, b in pairwise(value))
    )


def is_whole(low: int, high: int) -> Callable[[object], bool]:
    """Make a check for whole numbers from ``low`` to ``high``."""
    return lambda value: type(value) is int and low <= value <= high


def is_code(value: object) -> bool:
    """Whether a code of small letters, digits and underscores stands there."""
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def is_list_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    """Make a check for lists of which every part, and at least one, ``fits``."""
    return lambda value: isinstance(value, list) and bool(value) and all(map(fits, value))


def is_text(value: object) -> bool:
    """Whether a text stands there that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def is_table(value: object) -> bool:
    """Whether a table stands there."""
    return isinstance(value, dict)


def one_of(choices: Iterable[str], *, required: bool = False) -> Rule:
    """Make the rule that one of ``choices`` stands there."""
    listed = list(choices)
    return Rule(listed, lambda value: isinstance(value, str) and value in listed, required)


BOTH = Rule("both_languages", is_both, required=True)
BOTH_OR_NONE = Rule("both_languages", is_both)
TRUE_OR_FALSE = Rule("true_or_false", lambda value: isinstance(value, bool))
NUMBER = Rule("number", is_number)
RANGE = Rule("range", is_range)
INDICATOR = Rule("indicator", is_code)
TEXT = Rule("text", is_text, required=True)
TABLE = Rule("table", is_table, required=True)
TABLE_OR_NONE = Rule("table", is_table)


class Reading:
    """One file being read, and the faults found in it so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []

    def check(self, table: Mapping, rules: Mapping[str, Rule], where: str) -> dict:
        """Return the entries that fit their rules; note every one that does not."""
        for key in table.keys() - rules.keys():
            close = get_close_matches(key, rules, n=1)
            self.note(f"{where}{key}", "unknown_key", sorted(rules), *close)
        fitting = {}
        for key, rule in rules.items():
            if key in table and rule.fits(table[key]):
                fitting[key] = table[key]
            elif key in table:
                close = _close(table[key], rule)
                self.note(f"{where}{key}", written(table[key]), rule.allowed, *close)
            elif rule.required:
                self.note(f"{where}{key}", "nothing", rule.allowed)
        return fitting

    def note(self, key: str, found: str, allowed: str | list[str], meant: str = "") -> None:
        """Add one fault."""
        self.faults.append(Fault(self.name, key, found, allowed, meant))


def _close(value: object, rule: Rule) -> list[str]:
    if not isinstance(rule.allowed, list):
        return []
    return get_close_matches(str(value), rule.allowed, n=1)


def written(value: object) -> str:
    """Write a value as it may have stood in the file, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def sides(name: str, both: Mapping | None, ending: str = "") -> dict[str, str]:
    """Spread a text in both languages over the columns ``name_id`` and ``name_en``."""
    both = both or {}
    return {f"{name}_{side}{ending}": both.get(side, "") for side in ("id", "en")}
