"""Which figures may be compared with each other, and the place of each among them.

Every page and file that ranks areas, says how many times one is another, or lays their bars
beside each other asks here, so that the same figure has the same place everywhere.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from geo.indicators.models import RollUp
from geo.indicators.queries.shapes import Figure
from geo.lib.ranking import place_among

# As for the weights of a wish: what is known to less than two thirds is not judged.
LEAST_COVERED = 2 / 3
# Of these, the part that is known says something of the whole; a part of a total does not.
AVERAGES = {RollUp.RATIO, RollUp.WEIGHTED_MEAN}


def comparable_value(figure: Figure | None, roll_up: str) -> float | None:
    """The value that may be compared with those of other areas; None where none may.

    A total, or a highest value, is compared where all villages stand behind it: else it is too
    small by nobody knows how much. A ratio or a weighted mean always divides what the same
    villages reported, so it estimates that of the whole area; it is compared where two thirds
    of the villages stand behind it.
    """
    if figure is None or figure.value is None:
        return None
    if not figure.is_partial:
        return figure.value
    is_estimate = roll_up in AVERAGES and figure.reported / figure.expected >= LEAST_COVERED
    return figure.value if is_estimate else None


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of an area, 1 for the highest, among ``n_ranked`` that can be compared.

    ``n_areas`` are all areas of the level. ``rank`` is None where the figure cannot be
    compared, where no other can or all have the same, and for a count of nought, which only
    shares the last place with all the others that have none.
    """

    rank: int | None
    n_ranked: int
    n_areas: int

    @property
    def is_among_all(self) -> bool:
        """Whether every area of the level can be compared."""
        return self.n_ranked == self.n_areas


NOWHERE = Standing(None, 0, 0)


@dataclass(frozen=True, slots=True)
class Peers:
    """What all areas of one level have of one indicator: ``ascending`` what can be compared."""

    roll_up: str
    ascending: array[float]
    n_areas: int

    @classmethod
    def of(cls, figures: Collection[Figure], roll_up: str) -> Peers:
        """Those of ``figures``, one for each area."""
        values = (comparable_value(figure, roll_up) for figure in figures)
        known = sorted(value for value in values if value is not None)
        return cls(roll_up, array("d", known), len(figures))

    def standing(self, figure: Figure | None) -> Standing:
        """The place of an area's figure among these."""
        n_ranked = len(self.ascending)
        value = comparable_value(figure, self.roll_up)
        rank = None
        if value is not None and self._is_order() and not self._is_none_of_it(value):
            rank = place_among(value, self.ascending)
        return Standing(rank, n_ranked, self.n_areas)

    def _is_order(self) -> bool:
        """Whether there is a first and a last: one alone, or all alike, have no places."""
        return len(self.ascending) > 1 and self.ascending[0] != self.ascending[-1]

    def _is_none_of_it(self, value: float) -> bool:
        return self.roll_up == RollUp.SUM and value == 0 and self.ascending[0] == 0


def ranks_of(figures: Iterable[Figure], roll_up: str) -> dict[str, int]:
    """The places of all areas that have one, by code."""
    items = list(figures)
    peers = Peers.of(items, roll_up)
    places = {one.code: peers.standing(one).rank for one in items}
    return {code: rank for code, rank in places.items() if rank is not None}
