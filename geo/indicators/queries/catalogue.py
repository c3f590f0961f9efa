"""Which indicators there are and of which periods: looked up once for each state of the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from geo.indicators.models import Indicator
from geo.indicators.queries.periods import Periods, figures_state, has_demo, read_periods_of

MOST_STATES = 4


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All indicators with their sectors and periods; ``state`` tells one state from another."""

    state: str
    indicators: tuple[Indicator, ...]
    periods: Periods
    has_demo: bool


def read_catalogue() -> Catalogue:
    """Read what figures there are now; one query, and three more after a publication.

    Stepping through the periods of all indicators takes longer than reading the figures of a
    village, and changes with nothing but ``state``.
    """
    return _catalogue(figures_state())


@lru_cache(maxsize=MOST_STATES)
def _catalogue(state: str) -> Catalogue:
    indicators = tuple(Indicator.objects.select_related("sector"))
    return Catalogue(state, indicators, read_periods_of(indicators), has_demo())
