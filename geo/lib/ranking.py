"""Places in a ranking."""

from __future__ import annotations

from collections.abc import Mapping


def ranks(values: Mapping[str, float | None]) -> dict[str, int]:
    """Rank areas by value, 1 for the highest; equals share a place and the next is skipped.

    Areas without a value have no rank: they are absent from the answer.
    """
    known = {code: value for code, value in values.items() if value is not None}
    place: dict[float, int] = {}
    for position, value in enumerate(sorted(known.values(), reverse=True), start=1):
        place.setdefault(value, position)
    return {code: place[value] for code, value in known.items()}
