"""Which cells of a table of counts are withheld, so that nobody can work out a small one.

The table holds, for one period, counts of several *parts* (short children, very
short children, stunted children) in the villages of one regency. Published are
the villages, the sums of districts, the sum of the regency, and declared sums
(stunted = short + very short). Counts of 1–4 in a village are withheld; zero is
not, for "no case" betrays nobody. Then more is withheld until every withheld
cell is *safe*.

A cell is safe when there is another table that agrees with everything that is
published, has whole numbers of at least 1 wherever something is withheld, and
differs in that cell. Such a table is always shown by construction, by a *move*:
one person more here and one less there, so that all published sums stay. So
neither linear algebra nor bounds can pin a withheld cell to one value.

Not promised: that the range left is wide, or that somebody who knows one of two
withheld villages cannot compute the other. See L. Willenborg, T. de Waal,
*Elements of Statistical Disclosure Control* (2001), chapter 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

SMALLEST_SAFE_COUNT = 5
REGENCY = ""  # stands for the whole table where the code of an area is asked

# A cell is (part, code of an area).
Cell = tuple[str, str]
Changes = Mapping[Cell, int]


def is_small(value: float | None) -> bool:
    """Whether a neighbour would know which persons a count means."""
    return value is not None and 0 < value < SMALLEST_SAFE_COUNT


@dataclass(frozen=True)
class Counts:
    """The counts of one period.

    Attributes
    ----------
    values
        Count by (part, village); a village that did not report is absent.
    district_of
        District by village.
    parts_of
        Parts by total, where one is declared as the sum of others.
    ceilings
        What a count cannot exceed because something published says so. Those
        below ``SMALLEST_SAFE_COUNT`` are left out of account: where four
        children were measured, nothing else that is withheld could help.
    near
        Cells that are small in the period before or after: withheld first, so
        that the same cells stay withheld.
    """

    values: Mapping[Cell, float]
    district_of: Mapping[str, str]
    parts_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ceilings: Mapping[Cell, float] = field(default_factory=dict)
    near: frozenset[Cell] = frozenset()


def withheld_cells(counts: Counts) -> frozenset[Cell]:
    """Return the cells to withhold: of villages, of districts, and (part, ``REGENCY``)."""
    return frozenset(_Table(counts).protect())


class _Table:
    """A table while it is being protected; ``hidden`` only ever grows."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.value = {cell: value for cell, value in counts.values.items() if value}
        self.hidden: set[Cell] = {cell for cell, value in self.value.items() if is_small(value)}
        self.above = {
            part: [total for total, parts in counts.parts_of.items() if part in parts]
            for part in {part for part, _village in self.value}
        }
        self.villages: dict[tuple[str, str], list[str]] = defaultdict(list)
        for part, village in sorted(self.value):
            self.villages[part, counts.district_of[village]].append(village)
        self.adding_up = {
            (total, village) for total, village in counts.values if self._adds_up(total, village)
        }

    def protect(self) -> set[Cell]:
        """Withhold until all that is withheld is safe; every round withholds one more."""
        unsure = self._in_order(self.hidden)
        while unsure:
            for cell in unsure:
                while not self.is_safe(cell) and self._extend(cell):
                    pass
            unsure = [cell for cell in self._in_order(self.hidden) if not self.is_safe(cell)]
            if unsure and not self._extend(unsure[0]):
                # Never seen; but rather nothing at all than a person.
                return self._everything()
        return self.hidden

    def _everything(self) -> set[Cell]:
        places = {*self.counts.district_of.values(), REGENCY}
        parts = {part for part, _village in self.counts.values}
        return {*self.counts.values, *((part, place) for part in parts for place in places)}

    def _in_order(self, cells: Iterable[Cell]) -> list[Cell]:
        return sorted(cells, key=lambda cell: (not self._is_village(cell), cell[1], cell[0]))

    def _is_village(self, cell: Cell) -> bool:
        return cell in self.value

    # --- what is safe ---------------------------------------------------------

    def is_safe(self, cell: Cell) -> bool:
        """Whether some move that nothing published forbids changes this cell."""
        if self._is_village(cell):
            starts = [(leaf, cell[1]) for leaf in self._leaves(*cell)]
        else:
            starts = [
                (leaf, other[1])
                for other in self._in_order(self.hidden)
                if other[0] == cell[0] and self._is_village(other) and self._lies_in(other, cell)
                for leaf in self._leaves(*other)
            ]
        return any(
            self._allows(changes) and cell in self._reach(changes)
            for start in starts
            for changes in self._moves(start)
        )

    def _lies_in(self, village: Cell, above: Cell) -> bool:
        return above[1] in {REGENCY, self.counts.district_of[village[1]]}

    def _adds_up(self, total: str, village: str) -> bool:
        """Whether the declared sum holds in this village, all parts having reported."""
        parts = self.counts.parts_of.get(total)
        values = self.counts.values
        if parts is None or any((part, village) not in values for part in (total, *parts)):
            return False
        return values[total, village] == sum(values[part, village] for part in parts)

    def _leaves(self, part: str, village: str) -> Iterator[str]:
        """The withheld cells at the bottom of a total; a cell that is no total is its own."""
        if (part, village) not in self.adding_up:
            yield part
            return
        for below in self.counts.parts_of[part]:
            if (below, village) in self.hidden:
                yield from self._leaves(below, village)

    def _moves(self, start: Cell) -> Iterator[Changes]:
        part, village = start
        for step in (1, -1):
            yield {start: step}
            for partner in self._partners(part, village):
                yield {start: step, (part, partner): -step}
            for other in self._siblings(part, village):
                yield {start: step, (other, village): -step}
                for partner in self._partners(part, village):
                    if (other, partner) in self.hidden:
                        yield {
                            start: step,
                            (other, village): -step,
                            (part, partner): -step,
                            (other, partner): step,
                        }

    def _partners(self, part: str, village: str) -> Iterator[str]:
        """Other villages where the part is withheld, those of the same district first."""
        home = self.counts.district_of[village]
        for place in self.villages[part, home]:
            if place != village and (part, place) in self.hidden:
                yield place
        if (part, home) not in self.hidden:
            return
        for name, district in list(self.villages):
            if name == part and district != home and (part, district) in self.hidden:
                yield from (v for v in self.villages[part, district] if (part, v) in self.hidden)

    def _siblings(self, part: str, village: str) -> Iterator[str]:
        for total in self.above.get(part, ()):
            for other in self.counts.parts_of[total]:
                if other != part and (other, village) in self.hidden:
                    yield other

    def _reach(self, changes: Changes) -> dict[Cell, int]:
        """All cells that a move changes: totals, districts, the regency."""
        reached = {cell: step for cell, step in changes.items() if step}
        for (part, village), step in changes.items():
            for total in self._totals(part, village):
                reached[total, village] = reached.get((total, village), 0) + step
        sums: dict[Cell, int] = defaultdict(int)
        for (part, village), step in reached.items():
            sums[part, self.counts.district_of[village]] += step
            sums[part, REGENCY] += step
        return {cell: step for cell, step in chain(reached.items(), sums.items()) if step}

    def _totals(self, part: str, village: str) -> Iterator[str]:
        for total in self.above.get(part, ()):
            if (total, village) in self.adding_up:
                yield total
                yield from self._totals(total, village)

    def _allows(self, changes: Changes) -> bool:
        """Whether only withheld cells change, none falls below 1 or rises above its ceiling."""
        for cell, step in self._reach(changes).items():
            if cell not in self.hidden:
                return False
            if self._is_village(cell):
                new = self.value[cell] + step
                if new < 1 or SMALLEST_SAFE_COUNT <= self.counts.ceilings.get(cell, new) < new:
                    return False
        return True

    # --- what is withheld next --------------------------------------------------

    def _extend(self, cell: Cell) -> bool:
        """Withhold the least that may make ``cell`` safe; False where nothing is left."""
        if not self._is_village(cell):
            # A sum is withheld only for the sake of a village below it.
            below = [c for c in self.hidden if c[0] == cell[0] and self._is_village(c)]
            return self._extend(min(c for c in below if self._lies_in(c, cell)))
        part, village = cell
        district = self.counts.district_of[village]
        leaf = min(self._leaves(part, village), default=part)
        return (
            self._hide_linked(part, village)
            or self._hide_linked(leaf, village)
            or self._hide_partner(leaf, district)
            or self._hide_totals(leaf, district)
            or self._hide_sums(leaf, district)
            or self._hide_regency(leaf, district)
        )

    def _hide(self, cells: Iterable[Cell]) -> bool:
        new = set(cells) - self.hidden
        self.hidden |= new
        return bool(new)

    def _hide_partner(self, part: str, district: str) -> bool:
        choices = self._choices(part, district)[:1]
        self._hide(choices)
        for cell in choices:
            self._hide_linked(*cell)
        return bool(choices)

    def _choices(self, part: str, district: str) -> list[Cell]:
        """Cells of a part that are still shown, the one to withhold first in front."""
        open_cells = [
            (part, village)
            for village in self.villages[part, district]
            if (part, village) not in self.hidden
        ]
        return sorted(
            open_cells, key=lambda cell: (cell not in self.counts.near, self.value[cell], cell)
        )

    def _hide_linked(self, part: str, village: str) -> bool:
        """Keep a declared sum within one village from giving the cell away."""
        sums = [t for t in self.above.get(part, ()) if (t, village) in self.adding_up]
        if (part, village) in self.adding_up:
            sums.append(part)
        for total in sums:
            parts = [p for p in self.counts.parts_of[total] if (p, village) in self.value]
            terms = [(p, village) for p in (*parts, total)]
            if sum(term in self.hidden for term in terms) < 2:
                shown = [term for term in terms if term not in self.hidden]
                return self._hide([min(shown, key=lambda term: (self.value[term], term))])
        return False

    def _hide_totals(self, part: str, district: str) -> bool:
        """Withhold the totals, and all their parts, wherever the part is withheld in a district."""
        return self._hide(
            (name, village)
            for village in self.villages[part, district]
            if (part, village) in self.hidden
            for name in self._family(part)
            if (name, village) in self.value
        )

    def _family(self, part: str) -> set[str]:
        """The part, all totals above it and all their parts."""
        found = {part}
        for total in self.above.get(part, ()):
            found |= self._family(total) | set(self.counts.parts_of[total])
        return found | set(self.counts.parts_of.get(part, ()))

    def _hide_sums(self, part: str, district: str) -> bool:
        """Withhold the district's sum, and that of the district that costs least beside it."""
        if self._hide(self._sums(part, district, district)):
            return True
        others = sorted(
            (sum(self.value[part, v] for v in villages), place)
            for (name, place), villages in self.villages.items()
            if name == part and (part, place) not in self.hidden
        )
        for _sum, place in others[:1]:
            self._hide(self._first(part, place))
            self._hide_totals(part, place)
            return self._hide(self._sums(part, place, place))
        return False

    def _sums(self, part: str, district: str, area: str) -> list[Cell]:
        """The part and the totals above it that have anything withheld in the district."""
        places = self.villages[part, district]
        return [
            (name, area)
            for name in self._upwards(part)
            if any((name, village) in self.hidden for village in places)
        ]

    def _upwards(self, part: str) -> set[str]:
        return {part}.union(*(self._upwards(total) for total in self.above.get(part, ())))

    def _first(self, part: str, district: str) -> list[Cell]:
        """A cell to withhold in a district whose sum is withheld, where none is yet."""
        if any((part, village) in self.hidden for village in self.villages[part, district]):
            return []
        return self._choices(part, district)[:1]

    def _hide_regency(self, part: str, district: str) -> bool:
        return self._hide(self._sums(part, district, REGENCY))
