"""From a wish to ranked places: what is excluded, how each scores, and how firm that is."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from geo.areas.models import Area
from geo.indicators.models import Indicator, Source
from geo.indicators.queries import Figure
from geo.investment.queries.coverage import Counted
from geo.investment.queries.criteria import (
    Column,
    Offered,
    read_columns,
    read_places,
    sources_of,
)
from geo.investment.queries.wishes import Limit, Wish
from geo.investment.queries.wording import coverage_in_words, limit_in_words
from geo.lib.normalising import LOWER, normalise
from geo.lib.ranking import ranks
from geo.lib.weighing import Weighed, count_tops, draw_multipliers, weigh

# A place is ranked where at least so much of all weight rests on figures that there are.
LEAST_KNOWN = 2 / 3
TOPS = (5, 10)
N_VARIATIONS = 1000
FIRM_FROM = 900


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the wish: how it counts and what stands behind it."""

    offered: Offered
    column: Column
    weight: int
    share_percent: float
    direction: str
    limit: Limit | None
    sources: list[Source]
    number: int

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.offered.indicator

    @property
    def is_lower(self) -> bool:
        """Whether less is better."""
        return self.direction == LOWER


class Part(NamedTuple):
    """What one criterion adds to the score of one place; widths and scores are of 100."""

    criterion: Criterion
    figure: Figure
    counted: Counted
    points: float | None
    adds: float
    start: float

    @property
    def points_percent(self) -> float | None:
        """The points of this figure alone, of 100, before they are weighed."""
        return None if self.points is None else 100 * self.points

    @property
    def coverage(self) -> str:
        """How many villages stand behind the figure, in words; blank where all do."""
        return coverage_in_words(self.figure, self.counted)


@dataclass(frozen=True, slots=True)
class Entry:
    """One ranked place. ``tops`` are counts out of the variations, for the first 5 and 10."""

    area: Area
    rank: int
    score: float
    parts: list[Part]
    known_percent: float
    tops: list[int]

    @property
    def is_partly_known(self) -> bool:
        """Whether some criterion has no figure here."""
        return any(part.points is None for part in self.parts)

    @property
    def unknown(self) -> list[Indicator]:
        """What is not known here, the weightiest first."""
        return [part.criterion.indicator for part in self.parts if part.points is None]

    @property
    def lowest_score(self) -> float:
        """The score if everything unknown were the worst there is; its points are 0 then."""
        return self.score * self.known_percent / 100

    @property
    def highest_score(self) -> float:
        """The score if everything unknown were the best there is."""
        return self.lowest_score + 100 - self.known_percent


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What one limit does by itself: how many places lie beyond it, and how many lack the figure.

    ``n_unreachable`` further ones are known to have no way there.
    """

    criterion: Criterion
    limit: Limit
    n_beyond: int
    n_unknown: int
    n_unreachable: int
    n_left: int

    @property
    def said(self) -> str:
        """The limit in words."""
        return limit_in_words(self.criterion.indicator, self.limit)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer to a wish. ``apart`` are places of which too little is known to rank them."""

    wish: Wish
    places: list[Area]
    criteria: list[Criterion]
    entries: list[Entry]
    apart: list[tuple[Area, float]]
    excluded: frozenset[str]
    exclusions: list[Exclusion]
    n_elsewhere: int
    n_incomplete: int
    empty: list[Indicator]

    @property
    def weighted(self) -> list[Criterion]:
        """Criteria that count, the weightiest first."""
        return [one for one in self.criteria_in_order if one.weight]

    @property
    def criteria_in_order(self) -> list[Criterion]:
        """All criteria, the weightiest first and mere limits last."""
        return sorted(self.criteria, key=lambda c: c.number)

    @property
    def n_firm(self) -> int:
        """How many of the first five ranks stay there in nearly all variations."""
        return sum(one.tops[0] >= FIRM_FROM for one in self.entries if one.rank <= TOPS[0])

    @property
    def n_first(self) -> int:
        """How many places share the first rank."""
        return sum(one.rank == 1 for one in self.entries)

    @property
    def n_top(self) -> int:
        """How many places have one of the first five ranks; more than five where some share it."""
        return sum(one.rank <= TOPS[0] for one in self.entries)

    @property
    def has_no_order(self) -> bool:
        """Whether so many share the first rank that nothing can be said of the first five."""
        return self.n_first > TOPS[0]

    @property
    def n_variations(self) -> int:
        """How often the weights were varied."""
        return N_VARIATIONS

    @property
    def firm_from(self) -> int:
        """In how many variations a place has to stay to be called firm."""
        return FIRM_FROM

    @property
    def is_demo(self) -> bool:
        """Whether any figure behind it is invented."""
        return any(source.is_demo for one in self.criteria for source in one.sources)


def read_ranking(
    wish: Wish, offered: Sequence[Offered], moment: datetime.datetime | None = None
) -> Ranking:
    """Rank the places of the regency.

    Points are given among all areas of the level, also those that a limit excludes: a limit
    changes who is listed, never what anybody scores.

    Parameters
    ----------
    wish
        Checked by ``rules.problems_of``.
    offered
        As ``offered_criteria`` gives them for the wish's level, and the same moment.
    moment
        Rank by what stood then; without it, by what stands now.
    """
    places = read_places(wish.level)
    chosen = [one for one in offered if one.code in wish.codes]
    columns = read_columns(chosen, wish.level, places, moment)
    criteria = _criteria(wish, chosen, columns)
    excluded, exclusions = _exclude(places, criteria)
    elsewhere = {p.code for p in places if wish.districts and not _is_in(p, wish.districts)}
    weighted = [one for one in criteria if one.weight]
    rows = _rows(weighted, wish.method, len(places))
    out = excluded | elsewhere
    incomplete = _incomplete(places, rows) - out if wish.is_strict else set()
    left = [i for i, p in enumerate(places) if p.code not in out | incomplete]
    entries, apart = _ranked(wish, places, weighted, rows, left)
    return Ranking(
        wish=wish,
        places=places,
        criteria=criteria,
        entries=entries,
        apart=apart,
        excluded=frozenset(out | incomplete),
        exclusions=exclusions,
        n_elsewhere=len(elsewhere),
        n_incomplete=len(incomplete),
        empty=[
            one.indicator for one in chosen if one.code not in {c.offered.code for c in criteria}
        ],
    )


def _incomplete(places: Sequence[Area], rows: Sequence[tuple]) -> set[str]:
    """Codes of places that lack a figure of some weighted criterion."""
    return {place.code for place, row in zip(places, rows, strict=True) if None in row}


def _is_in(place: Area, districts: Sequence[str]) -> bool:
    return place.code in districts or (place.parent is not None and place.parent.code in districts)


def _criteria(
    wish: Wish, chosen: Sequence[Offered], columns: Mapping[str, Column]
) -> list[Criterion]:
    """The criteria that have figures; weights of the others count for nothing."""
    known = [one for one in chosen if one.code in columns and not columns[one.code].is_empty]
    total = sum(wish.weights.get(one.code, 0) for one in known)
    sources = sources_of(columns.values())
    weightiest = sorted(known, key=lambda one: -wish.weights.get(one.code, 0))
    numbers = {one.code: n for n, one in enumerate(weightiest, start=1)}
    return [
        Criterion(
            offered=one,
            column=columns[one.code],
            weight=wish.weights.get(one.code, 0),
            share_percent=100 * wish.weights.get(one.code, 0) / total if total else 0,
            direction=wish.directions.get(one.code, one.direction),
            limit=wish.limits.get(one.code),
            sources=[sources[pk] for pk in sorted(columns[one.code].source_ids) if pk in sources],
            number=numbers[one.code],
        )
        for one in known
    ]


def _exclude(
    places: Sequence[Area], criteria: Sequence[Criterion]
) -> tuple[set[str], list[Exclusion]]:
    """Codes of places that break a limit, and what each limit does by itself.

    Of a place without a figure that counts nobody can say that it keeps the limit: it is out,
    and told apart.
    """
    out: set[str] = set()
    exclusions = []
    for one in criteria:
        if one.limit is None or not one.limit.is_set:
            continue
        values = one.column.values
        unknown = {p.code for p, value in zip(places, values, strict=True) if value is None}
        beyond = {
            p.code
            for p, value in zip(places, values, strict=True)
            if value is not None and not one.limit.allows(value)
        }
        out |= unknown | beyond
        n_left = len(places) - len(unknown) - len(beyond)
        n_unreachable = sum(counted.is_cut_off for counted in one.column.counted)
        n_unknown = len(unknown) - n_unreachable
        exclusions.append(Exclusion(one, one.limit, len(beyond), n_unknown, n_unreachable, n_left))
    return out, exclusions


def _rows(weighted: Sequence[Criterion], method: str, n_places: int) -> list[tuple]:
    """Points by place, one for each criterion."""
    columns = [_points(one, method) for one in weighted]
    return list(zip(*columns, strict=True)) if columns else [()] * n_places


def _points(one: Criterion, method: str) -> list[float | None]:
    points = normalise(one.column.values, method=method, direction=one.direction)
    farthest = 0.0 if one.is_lower else 1.0
    return [
        _with_cut_off(point, counted.cut_off_share, farthest)
        for point, counted in zip(points, one.column.counted, strict=True)
    ]


def _with_cut_off(point: float | None, share: float, farthest: float) -> float | None:
    """The points of a place of which nobody gets to a share: the farthest of all, and no gap."""
    if share == 1:
        return farthest
    return None if point is None else point * (1 - share) + farthest * share


def _ranked(
    wish: Wish,
    places: Sequence[Area],
    weighted: Sequence[Criterion],
    rows: Sequence[tuple],
    left: Sequence[int],
) -> tuple[list[Entry], list[tuple[Area, float]]]:
    weights = [one.weight for one in weighted]
    if not weights:
        return [], []
    weighed = {i: weigh(rows[i], weights) for i in left}
    known = [i for i in left if weighed[i].known_share >= LEAST_KNOWN]
    apart = [(places[i], 100 * weighed[i].known_share) for i in sorted(set(left) - set(known))]
    multipliers = draw_multipliers(
        len(weights), spread=wish.spread_percent / 100, seed=wish.seed, n_variations=N_VARIATIONS
    )
    tops = count_tops([rows[i] for i in known], weights, multipliers, TOPS)
    # Rounded, so that places that are equal on paper share their rank.
    order = ranks({places[i].code: round(weighed[i].score or 0, 9) for i in known})
    entries = [
        Entry(
            area=places[i],
            rank=order[places[i].code],
            score=100 * (weighed[i].score or 0),
            parts=_parts(weighted, i, rows[i], weighed[i]),
            known_percent=100 * weighed[i].known_share,
            tops=tops[position],
        )
        for position, i in enumerate(known)
    ]
    return sorted(entries, key=lambda one: (one.rank, one.area.code)), apart


def _parts(weighted: Sequence[Criterion], i: int, row: tuple, weighed: Weighed) -> list[Part]:
    """The parts of one score, the weightiest criterion first, one after another on a bar."""
    ordered = sorted(range(len(weighted)), key=lambda j: weighted[j].number)
    parts, start = [], 0.0
    for j in ordered:
        adds = 100 * (weighed.parts[j] or 0)
        column = weighted[j].column
        parts.append(Part(weighted[j], column.figures[i], column.counted[i], row[j], adds, start))
        start += adds
    return parts
