"""Rules of a form as plain values, checked alike by the server and by the browser.

A rule is a dictionary, so that it travels to the browser as JSON; the module
``lib/rules.js`` evaluates the same dictionaries, and one table of cases tests
both. Figures are in the unit of their column.

=================  ==================================================================
kind               what holds
=================  ==================================================================
``range``          ``lowest`` ≤ column ≤ ``highest`` (either may be null)
``whole``          the column is a whole number
``required``       the column is filled in, or says that there is no figure
``sum``            column = Σ ``plus`` − Σ ``minus``, where all are filled in
``at_most``        column ≤ Σ ``limits``, where all are filled in
``as_before``      column = what stands under ``before``, where something stands
``goes_on``        column = what stands under ``before``, or a reason is given
``near_before``    |column − what stands under ``before``| ≤ max(``least``, ``percent`` %);
                   with 0 ``percent``, figures of a share are compared by points
=================  ==================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.lib.grids import NO_DATA, Cell
from geo.lib.tables import ERROR, WARNING

RANGE, WHOLE, REQUIRED, SUM, AT_MOST, AS_BEFORE, GOES_ON, NEAR_BEFORE = (
    "range",
    "whole",
    "required",
    "sum",
    "at_most",
    "as_before",
    "goes_on",
    "near_before",
)
Rule = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule that a row breaks; ``facts`` hold what a sentence about it needs."""

    kind: str
    column: str
    severity: str
    facts: dict[str, Any] = field(default_factory=dict)


def check_row(
    rules: Sequence[Rule], cells: Mapping[str, Cell], before: Mapping[str, Cell]
) -> list[Broken]:
    """Return every rule that one row breaks.

    Parameters
    ----------
    cells
        What is typed in, by column; None and absent are empty.
    before
        What stands, by column.
    """
    found = (_CHECKS[rule["kind"]](rule, cells, before) for rule in rules)
    return [broken for broken in found if broken]


def continued(rules: Sequence[Rule]) -> dict[str, str]:
    """By column, the other column of the period before that it goes on from."""
    return {r["column"]: r["before"] for r in rules if r["kind"] in (AS_BEFORE, GOES_ON)}


def number(cell: Cell) -> float | None:
    """The number in a cell; None where there is none."""
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None


def _range(rule: Rule, cells: Mapping, _before: Mapping) -> Broken | None:
    value, low, high = number(cells.get(rule["column"])), rule["lowest"], rule["highest"]
    if value is None or ((low is None or value >= low) and (high is None or value <= high)):
        return None
    return Broken(RANGE, rule["column"], ERROR, {"found": value, "lowest": low, "highest": high})


def _whole(rule: Rule, cells: Mapping, _before: Mapping) -> Broken | None:
    value = number(cells.get(rule["column"]))
    if value is None or value == int(value):
        return None
    return Broken(WHOLE, rule["column"], ERROR, {"found": value})


def _required(rule: Rule, cells: Mapping, _before: Mapping) -> Broken | None:
    cell = cells.get(rule["column"])
    return Broken(REQUIRED, rule["column"], ERROR) if cell in (None, "") else None


def _sum(rule: Rule, cells: Mapping, _before: Mapping) -> Broken | None:
    found = number(cells.get(rule["column"]))
    plus = [number(cells.get(code)) for code in rule["plus"]]
    minus = [number(cells.get(code)) for code in rule["minus"]]
    if found is None or None in plus or None in minus:
        return None
    expected = sum(plus) - sum(minus)  # type: ignore[arg-type]
    if found == expected:
        return None
    facts = {"found": found, "expected": expected, "plus": rule["plus"], "minus": rule["minus"]}
    return Broken(SUM, rule["column"], ERROR, facts)


def _at_most(rule: Rule, cells: Mapping, _before: Mapping) -> Broken | None:
    found = number(cells.get(rule["column"]))
    limits = [number(cells.get(code)) for code in rule["limits"]]
    if found is None or None in limits or found <= sum(limits):  # type: ignore[arg-type]
        return None
    facts = {"found": found, "limit": sum(limits), "limits": rule["limits"]}  # type: ignore[arg-type]
    return Broken(AT_MOST, rule["column"], ERROR, facts)


def _as_before(rule: Rule, cells: Mapping, before: Mapping) -> Broken | None:
    found, stood = number(cells.get(rule["column"])), number(before.get(rule["before"]))
    if found is None or stood is None or found == stood:
        return None
    return Broken(AS_BEFORE, rule["column"], ERROR, {"found": found, "expected": stood})


def _goes_on(rule: Rule, cells: Mapping, before: Mapping) -> Broken | None:
    found, stood = number(cells.get(rule["column"])), number(before.get(rule["before"]))
    if found is None or stood is None or found == stood:
        return None
    return Broken(GOES_ON, rule["column"], WARNING, {"found": found, "before": stood})


def _near_before(rule: Rule, cells: Mapping, before: Mapping) -> Broken | None:
    found, stood = number(cells.get(rule["column"])), number(before.get(rule["before"]))
    if found is None or stood is None:
        return None
    allowed = max(rule["least"], abs(stood) * rule["percent"] / 100)
    if abs(found - stood) <= allowed:
        return None
    return Broken(NEAR_BEFORE, rule["column"], WARNING, {"found": found, "before": stood})


_CHECKS = {
    RANGE: _range,
    WHOLE: _whole,
    REQUIRED: _required,
    SUM: _sum,
    AT_MOST: _at_most,
    AS_BEFORE: _as_before,
    GOES_ON: _goes_on,
    NEAR_BEFORE: _near_before,
}

__all__ = ["NO_DATA", "Broken", "Rule", "check_row", "number"]
