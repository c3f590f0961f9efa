"""What the figure of a district is worth where not all of its villages stand behind it."""

from __future__ import annotations

from typing import NamedTuple

from geo.indicators.models import Status
from geo.indicators.queries import AVERAGES, LEAST_COVERED, Figure, comparable_value


class Counted(NamedTuple):
    """What of one figure counts.

    ``value`` is None where nothing does. ``cut_off_share`` is the share, 0–1, of the known
    villages that nobody can reach: where it is 1, the place itself counts as one of them.
    """

    value: float | None
    cut_off_share: float

    @property
    def is_cut_off(self) -> bool:
        """Whether the place counts as one that nobody can reach."""
        return self.cut_off_share == 1


NOT_KNOWN, OUT_OF_REACH = Counted(None, 0), Counted(None, 1)


def counted(figure: Figure, roll_up: str, n_cut_off: int) -> Counted:
    """What of a figure counts for ranking and for limits.

    What may be compared counts (see ``comparable_value``). Of an average, villages out of reach
    are known, too: it counts where two thirds are known either way; and where more than a third
    of those is out of reach, so is the place.

    Parameters
    ----------
    n_cut_off
        Villages of the place that are known to have no way there.
    """
    if figure.value is None:
        return OUT_OF_REACH if figure.status == Status.UNREACHABLE else NOT_KNOWN
    if not n_cut_off or not figure.is_partial or roll_up not in AVERAGES:
        return Counted(comparable_value(figure, roll_up), 0)
    n_known = min(figure.reported + n_cut_off, figure.expected)
    if n_known / figure.expected < LEAST_COVERED:
        return NOT_KNOWN
    reached_share = figure.reported / n_known
    if reached_share < LEAST_COVERED:
        return OUT_OF_REACH
    return Counted(figure.value, 1 - reached_share)
