"""What the form offers: criteria with what is set of them, and typical needs to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from geo.indicators.models import Sector
from geo.investment.queries.criteria import Offered
from geo.investment.queries.presets import presets
from geo.investment.queries.rankings import Criterion, Ranking
from geo.investment.queries.wishes import Limit, Wish
from geo.lib.presets import Preset


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion in the form. ``criterion`` holds its figures where it is asked for."""

    offered: Offered
    weight: int
    direction: str
    limit: Limit
    criterion: Criterion | None

    @property
    def is_asked(self) -> bool:
        """Whether it is weighted or limited."""
        return bool(self.weight) or self.limit.is_set

    @property
    def lowest(self) -> float | None:
        """The lowest figure of any place, where figures have been read."""
        return min(self.criterion.column.known) if self.criterion else None

    @property
    def highest(self) -> float | None:
        """The highest figure of any place."""
        return max(self.criterion.column.known) if self.criterion else None


@dataclass(frozen=True, slots=True)
class Choice:
    """One typical need, with the address where it is asked for."""

    name: str
    why: str
    address: str
    is_current: bool
    n_absent: int


def form_rows(
    wish: Wish, offered: Sequence[Offered], ranking: Ranking | None
) -> tuple[list[Row], list[tuple[Sector, list[Row]]]]:
    """Criteria that are asked for, the weightiest first, and the others by sector."""
    known = {one.offered.code: one for one in ranking.criteria} if ranking else {}
    rows = [
        Row(
            offered=one,
            weight=wish.weights.get(one.code, 0),
            direction=wish.directions.get(one.code, one.direction),
            limit=wish.limits.get(one.code, Limit()),
            criterion=known.get(one.code),
        )
        for one in offered
    ]
    asked = sorted((row for row in rows if row.is_asked), key=lambda row: -row.weight)
    others: dict[Sector, list[Row]] = {}
    for row in rows:
        if not row.is_asked:
            others.setdefault(row.offered.indicator.sector, []).append(row)
    return asked, list(others.items())


def preset_choices(wish: Wish, offered: Sequence[Offered]) -> list[Choice]:
    """Typical needs in the language of the page; the one that is asked for is marked."""
    side = "en" if get_language() == "en" else "id"
    codes = {one.code for one in offered}
    level = {"l": wish.level} if wish.level != Wish().level else {}
    return [
        Choice(
            name=one.name[side],
            why=one.why[side],
            address=f"{reverse('find_place')}?{urlencode({'p': one.code, **level})}",
            is_current=_is_asked(one, wish, offered),
            n_absent=len([code for code in one.codes if code not in codes]),
        )
        for one in presets()
    ]


def _is_asked(preset: Preset, wish: Wish, offered: Sequence[Offered]) -> bool:
    """Whether a wish weighs just as a preset does, as far as its criteria exist."""
    usual = {one.code: one.direction for one in offered}
    weights = {code: weight for code, weight in preset.weights.items() if code in usual}
    directions = {c: to for c, to in preset.directions.items() if usual.get(c, to) != to}
    return (weights, directions) == (wish.weights, wish.directions)
