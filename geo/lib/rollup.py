"""How a district or the regency gets its figure from the areas below it.

A *part* is what one area of the indicator's lowest level reported. ``upper``
is the value (or numerator), ``lower`` the denominator or weight; both are None
where the area has not reported, and then ``status`` says why. A mean of
percentages is never taken: percentages are weighted, ratios are re-divided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

VERIFIED, UNVERIFIED, ESTIMATED = "verified", "unverified", "estimated"
SUPPRESSED, MISSING, NOT_ASSESSED = "suppressed", "missing", "not_assessed"
UNREACHABLE = "unreachable"

# Methods that divide, so that even one area needs both its numbers.
NEEDS_TWO = {"ratio"}
# From strong to weak: a figure is no better than the weakest of its parts.
STRENGTH = (VERIFIED, UNVERIFIED, ESTIMATED)


@dataclass(frozen=True, slots=True)
class Part:
    """What one area reported: value or numerator, denominator or weight, status."""

    upper: float | None
    lower: float | None
    status: str

    @property
    def reports(self) -> bool:
        """Whether it can enter a figure: nothing that the method needs is absent."""
        return self.upper is not None and self.lower is not None


@dataclass(frozen=True, slots=True)
class Rolled:
    """A figure made of parts, with the count of those that reported and should have."""

    value: float | None
    status: str
    reported: int
    expected: int


def roll_up(method: str, parts: Sequence[Part], factor: float = 1) -> Rolled:
    """Combine the parts of one area by ``method``.

    Parameters
    ----------
    method
        ``sum``, ``ratio``, ``weighted_mean``, ``max`` or ``none``. For ``sum``,
        ``max`` and ``none`` the ``lower`` of each part is 1.
    parts
        Of the indicator's lowest level; at that level itself exactly one.
    factor
        What a ratio is multiplied by (10 000 for "per 10 000 inhabitants").

    Returns
    -------
    Rolled
        ``expected`` leaves out parts that are not assessed by their nature;
        ``status`` is verified only when all that reported is verified.
    """
    if len(parts) == 1 and method not in NEEDS_TWO and parts[0].lower is not None:
        # By far the most usual case: the map of villages shows what they reported.
        (part,) = parts
        known = part.upper is not None
        return Rolled(part.upper, part.status, int(known), int(part.status != NOT_ASSESSED))
    reporting = [part for part in parts if part.reports]
    expected = sum(1 for part in parts if part.status != NOT_ASSESSED)
    if not reporting:
        return Rolled(None, status_without_value(parts), 0, expected)
    if method == "none" and len(parts) > 1:
        return Rolled(None, NOT_ASSESSED, len(reporting), expected)
    value = _combine(method, reporting, factor)
    # Zero households have no persons per household: the question does not arise.
    status = NOT_ASSESSED if value is None else weakest(part.status for part in reporting)
    return Rolled(value, status, len(reporting), expected)


def _combine(method: str, parts: Sequence[Part], factor: float) -> float | None:
    # Only parts that report come here, so nothing is None.
    pairs = [(part.upper or 0.0, part.lower or 0.0) for part in parts]
    if method == "max":
        return max(upper for upper, _lower in pairs)
    if method in {"sum", "none"}:
        return sum(upper for upper, _lower in pairs)
    below = sum(lower for _upper, lower in pairs)
    if below == 0:
        return None
    if method == "weighted_mean":
        return sum(upper * lower for upper, lower in pairs) / below
    if method == "ratio":
        return factor * sum(upper for upper, _lower in pairs) / below
    raise ValueError(f"{method!r} is not a roll-up")


def weakest(statuses: Iterable[str]) -> str:
    """Return the weakest of statuses that carry a value."""
    found = set(statuses)
    return next((status for status in reversed(STRENGTH) if status in found), MISSING)


def status_without_value(parts: Sequence[Part]) -> str:
    """Why there is no figure at all: withheld, not assessed, out of reach, or simply missing."""
    found = {part.status for part in parts}
    if SUPPRESSED in found:
        return SUPPRESSED
    if found and found == {NOT_ASSESSED}:
        return NOT_ASSESSED
    if UNREACHABLE in found and found <= {UNREACHABLE, NOT_ASSESSED}:
        return UNREACHABLE
    return MISSING


def status_of_part(upper: tuple[float | None, str], lower: tuple[float | None, str]) -> str:
    """The status of a part of two (value, status): of what is absent, else the weaker."""
    if lower[1] == upper[1]:
        return upper[1]
    absent = [status for value, status in (upper, lower) if value is None]
    return absent[0] if absent else weakest((upper[1], lower[1]))
