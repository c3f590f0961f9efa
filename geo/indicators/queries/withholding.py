"""Withholding in figures of sensitive indicators; the rule itself is in ``lib.suppression``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from geo.areas.models import Area, Level
from geo.indicators.models import Indicator, RollUp, Status
from geo.indicators.queries.observed import Observed, required_ids
from geo.indicators.queries.rolling import part_of, split_parts
from geo.indicators.queries.shapes import Figure
from geo.lib.periods import shifted
from geo.lib.suppression import REGENCY, Cell, Counts, is_small, withheld_cells


@dataclass(frozen=True, slots=True)
class Family:
    """Sensitive counts that declared sums tie together, with what limits them.

    By code of the indicator; ``ids`` holds the ids of all that has to be read.
    """

    members: dict[str, Indicator]
    parts_of: dict[str, tuple[str, ...]]
    ceilings: dict[str, Indicator]

    @property
    def ids(self) -> set[int]:
        """Ids of the members and of what limits them."""
        return {one.pk for one in (*self.members.values(), *self.ceilings.values())}


def is_protected(indicator: Indicator) -> bool:
    """Whether anything of the indicator can be withheld: counts of persons in villages."""
    return indicator.sensitive and indicator.level == Level.VILLAGE


def is_kept(indicator: Indicator, level: str) -> bool:
    """Whether figures of this level are kept: what is rolled up or may be withheld."""
    return level != indicator.level or is_protected(indicator)


def regency_of(area: Area) -> Area:
    """The regency in which an area lies: what is withheld is decided there at once."""
    while area.parent is not None:
        area = area.parent
    return area


def family_of(indicator: Indicator) -> Family:
    """Find all sensitive counts that declared sums tie to the indicator; one query."""
    found = Indicator.objects.filter(level=Level.VILLAGE).exclude(roll_up=RollUp.RATIO)
    by_code = {one.code: one for one in found}
    counts = {code: one for code, one in by_code.items() if one.sensitive}
    sums = {code: tuple(one.checks.get("sum_of", ())) for code, one in counts.items()}
    reached = {one.code for one in counts.values() if one.pk in required_ids(indicator)}
    while True:
        tied = [{code, *parts} for code, parts in sums.items() if reached & {code, *parts}]
        wider = reached.union(*tied) & counts.keys()
        if wider == reached:
            break
        reached = wider
    limits = {code: counts[code].checks.get("at_most") for code in reached}
    return Family(
        members={code: counts[code] for code in sorted(reached)},
        parts_of={code: sums[code] for code in sorted(reached) if sums[code]},
        ceilings={c: by_code[limit] for c, limit in sorted(limits.items()) if limit in by_code},
    )


def neighbours(period: str) -> list[str]:
    """The period itself, the one before and the one after."""
    return [period, shifted(period, -1), shifted(period, 1)]


def withheld_in(family: Family, observed: Observed, period: str) -> frozenset[Cell]:
    """Decide for a whole regency what is withheld in one period.

    Parameters
    ----------
    observed
        Of the regency, with the periods beside ``period``.

    Returns
    -------
    frozenset
        Of (indicator's code, area's code); the regency's code is ``REGENCY``.
    """
    values, district_of = _cells(family.members, observed, period)
    limits, _districts = _cells(family.ceilings, observed, period)
    near = {
        cell
        for other in neighbours(period)[1:]
        for cell, value in _cells(family.members, observed, other)[0].items()
        if is_small(value)
    }
    return _withheld(
        tuple(sorted(values.items())),
        tuple(sorted(district_of.items())),
        tuple(sorted(family.parts_of.items())),
        tuple(sorted(limits.items())),
        frozenset(near & values.keys()),
    )


@lru_cache(maxsize=512)
def _withheld(values, district_of, parts_of, limits, near) -> frozenset[Cell]:  # type: ignore[no-untyped-def]
    """Remember by the whole table: a figure that changes asks anew."""
    return withheld_cells(
        Counts(dict(values), dict(district_of), dict(parts_of), dict(limits), near)
    )


def _cells(
    members: Mapping[str, Indicator], observed: Observed, period: str
) -> tuple[dict[Cell, float], dict[str, str]]:
    """Counts by indicator and village, with those of areas that were split since."""
    month = observed.month(period)
    values: dict[Cell, float] = {}
    villages = [place for place in observed.places if place.level == Level.VILLAGE]
    district_of = {place.code: place.parent_code or "" for place in villages}
    for code, indicator in members.items():
        for place in villages:
            value = observed.seen(indicator.pk, month, place, RollUp.SUM)[0]
            if value is not None:
                values[code, place.code] = value
        for former, home, part, _n in split_parts(indicator, observed, month, Level.VILLAGE):
            district_of[former.code] = home.parent_code or ""
            if part.upper is not None:
                values[code, former.code] = part.upper
    return values, district_of


def withhold(
    figures: Iterable[Figure],
    *,
    indicator: Indicator,
    family: Family,
    hidden: frozenset[Cell],
    observed: Observed,
    period: str,
    top: Area,
) -> list[Figure]:
    """Replace the figures that may not be shown.

    A ratio is withheld wherever one of its parts is, and in an upper area also
    where a withheld village reports one part but not the other: the ratio then
    tells a sum without that village.
    """
    parts = [code for code, one in family.members.items() if one.pk in required_ids(indicator)]
    shut = set()
    for part, area in hidden:
        if part in parts:
            shut.add(top.code if area == REGENCY else area)
    if indicator.roll_up == RollUp.RATIO:
        shut |= _lopsided(indicator, parts, hidden, observed, period)
    return [
        _without_value(figure)
        if figure.code in shut and figure.reported and figure.status != Status.SUPPRESSED
        else figure
        for figure in figures
    ]


def _lopsided(
    indicator: Indicator,
    parts: list[str],
    hidden: frozenset[Cell],
    observed: Observed,
    period: str,
) -> set[str]:
    """Upper areas in which a withheld village does not enter the ratio."""
    month = observed.month(period)
    shut = set()
    for place in observed.places:
        is_hidden = place.level == Level.VILLAGE and any((p, place.code) in hidden for p in parts)
        if is_hidden and not part_of(indicator, observed, month, place, Level.VILLAGE).reports:
            shut |= {place.parent_code or "", place.above_code or ""}
    for former, home, part, _n in split_parts(indicator, observed, month, Level.VILLAGE):
        if not part.reports and any((name, former.code) in hidden for name in parts):
            shut |= {home.parent_code or "", home.above_code or ""}
    return shut


def withhold_everything(figures: Iterable[Figure]) -> list[Figure]:
    """What a pinned moment shows of a sensitive table that has changed since: nothing.

    The difference of two states of a table tells what was added to it.
    """
    return [_without_value(figure) if figure.reported else figure for figure in figures]


def withhold_small(figures: Iterable[Figure]) -> list[Figure]:
    """Withhold small figures of what is not rolled up: no sum can give them away."""
    return [_without_value(figure) if is_small(figure.value) else figure for figure in figures]


def _without_value(figure: Figure) -> Figure:
    return replace(figure, value=None, status=str(Status.SUPPRESSED))
