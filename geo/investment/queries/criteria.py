"""Criteria: the indicators that sectors declare for investors, with their latest figures."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from geo.areas.models import Area, Level
from geo.areas.queries import regency
from geo.indicators.models import Indicator, Observation, Source, Status
from geo.indicators.queries import (
    DEPTH,
    Figure,
    data_version,
    read_catalogue,
    read_figures,
    read_periods_of,
)
from geo.investment.queries.coverage import Counted, counted


@dataclass(frozen=True, slots=True)
class Offered:
    """One criterion that can be asked for: an indicator, and its latest period at the level.

    ``period`` is blank where nothing is known of areas of that level.
    """

    indicator: Indicator
    period: str

    @property
    def code(self) -> str:
        """The code of the indicator."""
        return self.indicator.code

    @property
    def direction(self) -> str:
        """What an investor usually looks for."""
        return self.indicator.investor["direction"]

    @property
    def hint(self) -> str:
        """Why it matters, in the language of the page; often blank."""
        hint = self.indicator.investor.get("hint", {})
        return hint.get("en" if get_language() == "en" else "id", "")


@dataclass(frozen=True, slots=True)
class Column:
    """The figures of one criterion, in the order of the areas, and what of each counts."""

    indicator: Indicator
    period: str
    figures: list[Figure]
    counted: list[Counted]
    source_ids: frozenset[int]
    reported: int
    expected: int

    @property
    def values(self) -> list[float | None]:
        """The values that count; None where there is none, or where it covers too little."""
        return [one.value for one in self.counted]

    @property
    def known(self) -> list[float]:
        """The values that there are and that count."""
        return [value for value in self.values if value is not None]

    @property
    def is_empty(self) -> bool:
        """Whether not one area has a figure that counts."""
        return not self.known

    def count(self, *statuses: str) -> int:
        """How many areas have one of these statuses."""
        return sum(figure.status in statuses for figure in self.figures)

    @property
    def n_withheld(self) -> int:
        """Areas whose figure is withheld to protect persons."""
        return self.count(Status.SUPPRESSED)

    @property
    def n_unverified(self) -> int:
        """Areas whose figure nobody has verified."""
        return self.count(Status.UNVERIFIED, Status.ESTIMATED)


def offered_criteria(level: str, moment: datetime.datetime | None = None) -> list[Offered]:
    """All criteria in the order of the sectors, as of ``moment``; one query, pinned two."""
    now = read_catalogue()
    indicators = [one for one in now.indicators if one.investor]
    shown = now.periods.shown if moment is None else read_periods_of(indicators, moment).shown
    return [
        Offered(one, (shown[one.pk] or "") if _reaches(one, level) else "") for one in indicators
    ]


def _reaches(indicator: Indicator, level: str) -> bool:
    return DEPTH[level] <= DEPTH[indicator.level]


def read_places(level: str) -> list[Area]:
    """The areas of a level in order of their codes, without their boundaries; two queries."""
    areas = Area.objects.current().at_level(level).within(regency()).select_related("parent")
    columns = ("code", "name", "kind", "level", "boundary_status")
    return list(areas.only(*columns, *(f"parent__{name}" for name in columns)).order_by("code"))


def districts() -> list[Area]:
    """The districts in which places can be looked for; two queries."""
    return read_places(Level.DISTRICT)


def read_columns(
    chosen: Iterable[Offered],
    level: str,
    places: list[Area],
    moment: datetime.datetime | None = None,
) -> dict[str, Column]:
    """The figures of criteria by code; kept until anything is published.

    Parameters
    ----------
    chosen
        Those without a period are left out.
    places
        As ``read_places`` gives them: figures come in their order.
    moment
        Read what stood then, and keep nothing: hardly anybody asks for it twice.
    """
    version, parent = data_version(), regency()
    read = _read_column if moment is None else _read_column.__wrapped__
    codes = tuple(place.code for place in places)
    return {
        one.code: read(version, one.indicator, one.period, level, parent, codes, moment)
        for one in chosen
        if one.period
    }


# Some 40 kB each for a regency of 313 villages.
@lru_cache(maxsize=100)
def _read_column(
    version: str,
    indicator: Indicator,
    period: str,
    level: str,
    parent: Area,
    codes: tuple,
    moment: datetime.datetime | None,
) -> Column:
    figures = read_figures(
        indicator=indicator, period=period, level=level, parent=parent, moment=moment
    )
    by_code = figures.by_code()
    missing = Status.MISSING
    shown = [by_code.get(code) or Figure(code, None, missing, 0, 1) for code in codes]
    is_partial = any(one.is_partial and one.value is not None for one in shown)
    cut_off = _cut_off(indicator, period, moment) if is_partial else {}
    return Column(
        indicator=indicator,
        period=period,
        figures=shown,
        counted=[counted(one, indicator.roll_up, cut_off.get(one.code, 0)) for one in shown],
        source_ids=figures.source_ids,
        reported=figures.reported,
        expected=figures.expected,
    )


def _cut_off(indicator: Indicator, period: str, moment: datetime.datetime | None) -> Counter[str]:
    """How many villages of each district are known to have no way there, by its code."""
    stood = Observation.objects.as_of(moment).filter(
        indicator=indicator, period=period, status=Status.UNREACHABLE
    )
    inside = stood.filter(area__level=Level.VILLAGE)
    return Counter(inside.values_list("area__parent__code", flat=True))


def sources_of(columns: Iterable[Column]) -> dict[int, Source]:
    """The sources of all columns by id; one query."""
    wanted = {pk for column in columns for pk in column.source_ids}
    return Source.objects.in_bulk(wanted)
