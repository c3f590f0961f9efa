"""Places in a ranking."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence


def ranks(values: Mapping[str, float | None]) -> dict[str, int]:
    """Rank areas by value, 1 for the highest; equals share a place and the next is skipped.

    Areas without a value have no rank: they are absent from the answer.
    """
    known = {code: value for code, value in values.items() if value is not None}
    ascending = sorted(known.values())
    return {code: len(ascending) + 1 - bisect_right(ascending, v) for code, v in known.items()}


def place_among(value: float, ascending: Sequence[float]) -> int | None:
    """The place of a value among all of them, 1 for the highest; None where it is not one."""
    n_not_above = bisect_right(ascending, value)
    if not n_not_above or ascending[n_not_above - 1] != value:
        return None
    return len(ascending) - n_not_above + 1
