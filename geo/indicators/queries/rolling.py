"""From what was observed to figures: parts of areas, rolled up to a level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from geo.areas.models import Area
from geo.indicators.models import Indicator, RollUp, Status
from geo.indicators.queries.observed import NOTHING, Former, Month, Observed, Place, Seen
from geo.indicators.queries.shapes import DEPTH, NOT_YET, SPLIT, Figure
from geo.lib.periods import last_day
from geo.lib.rollup import Part, roll_up, status_of_part


@dataclass(slots=True)
class _Gathered:
    """What stands behind the figure of one area of the level asked for."""

    parts: list[Part] = field(default_factory=list)
    n_split: int = 0
    n_split_reporting: int = 0
    n_covered: int = 0
    note: str = ""


# At their own level these are what was observed, nothing to add or divide.
ITSELF = {RollUp.SUM, RollUp.MAX, RollUp.NONE, RollUp.WEIGHTED_MEAN}


def figures_of(
    indicator: Indicator, observed: Observed, period: str, level: str, top: Area
) -> list[Figure]:
    """Roll up one period to ``level``, in order of codes; nothing is withheld yet."""
    month = observed.month(period)
    if (
        level == indicator.level
        and indicator.roll_up in ITSELF
        and not observed.split
        and not observed.whole
    ):
        return list(_as_observed(indicator, observed, month, period))
    gathered = {
        place.code: _Gathered()
        for place in observed.places
        if place.level == level and DEPTH[place.level] <= DEPTH[indicator.level]
    }
    if top.level == level:
        gathered.setdefault(top.code, _Gathered())
    lowest = [place for place in observed.places if place.level == indicator.level]
    for place in lowest:
        target = gathered.get(place.at(level) or "")
        if target is not None:
            part = part_of(indicator, observed, month, place, level)
            target.parts.append(part)
            if part.upper is None and place.level == level:
                target.note = _note(observed, month, place, period)
    _add_split(indicator, observed, month, level, gathered)
    own = _own(indicator, observed, month, level)
    return [_figure(indicator, code, gathered[code], own.get(code)) for code in sorted(gathered)]


def _as_observed(
    indicator: Indicator, observed: Observed, month: Month, period: str
) -> Iterator[Figure]:
    """By far the most usual case: the map of villages shows what they reported."""
    cells = month.get(indicator.pk, {})
    for place in observed.places:
        if place.level != indicator.level:
            continue
        value, status, _source = cells.get(place.pk, NOTHING)
        is_known = value is not None
        note = NOT_YET if not is_known and place.valid_from > last_day(period) else ""
        expected = int(status != Status.NOT_ASSESSED)
        yield Figure(place.code, value, status, int(is_known), expected, note)


def _figure(indicator: Indicator, code: str, behind: _Gathered, own: Seen | None) -> Figure:
    if own is not None:
        return Figure(code, own[0], own[1], 1, 1)
    rolled = roll_up(indicator.roll_up, behind.parts, indicator.factor)
    return Figure(
        code,
        rolled.value,
        rolled.status,
        rolled.reported - behind.n_split_reporting + behind.n_covered,
        rolled.expected - behind.n_split,
        behind.note,
    )


def _own(indicator: Indicator, observed: Observed, month: Month, level: str) -> Mapping[str, Seen]:
    """Figures observed at the level itself, of what is not rolled up."""
    if indicator.roll_up != RollUp.NONE:
        return {}
    found = {
        place.code: observed.seen(indicator.pk, month, place, indicator.roll_up)
        for place in observed.places
        if place.level == level
    }
    return {code: seen for code, seen in found.items() if seen[0] is not None}


def part_of(
    indicator: Indicator, observed: Observed, month: Month, place: Place, level: str
) -> Part:
    """What one area of the lowest level contributes."""
    if indicator.roll_up == RollUp.RATIO:
        upper = observed.seen(indicator.numerator_id or 0, month, place, RollUp.SUM)
        if indicator.per_km2:
            surface = place.area_km2
            lower: Seen = (surface, Status.VERIFIED, None) if surface else NOTHING
        else:
            lower = observed.seen(indicator.denominator_id or 0, month, place, RollUp.SUM)
    else:
        upper = observed.seen(indicator.pk, month, place, indicator.roll_up)
        # At the level itself there is nothing to average.
        if indicator.roll_up != RollUp.WEIGHTED_MEAN or level == indicator.level:
            return Part(upper[0], 1, upper[1])
        lower = observed.seen(indicator.weight_id or 0, month, place, RollUp.SUM)
    return Part(upper[0], lower[0], status_of_part(upper[:2], lower[:2]))


# --- areas as they were ---------------------------------------------------------


def split_parts(
    indicator: Indicator, observed: Observed, month: Month, level: str
) -> Iterator[tuple[Former, Place, Part, int]]:
    """Areas that were split since, with what they contribute and how many areas that covers.

    Each comes once, with a present area in whose district it is counted.
    """
    into: dict[int, list[Place]] = defaultdict(list)
    formers: dict[int, Former] = {}
    for place in observed.places:
        for former in observed.split.get(place.pk, ()):
            if former.is_closed:
                formers[former.pk] = former
                into[former.pk].append(place)
    for pk, former in formers.items():
        places = into[pk]
        stand_in = places[0]._replace(pk=pk, code=former.code, area_km2=None)
        if former.home:
            stand_in = stand_in._replace(parent_code=former.home, above_code=former.above_home)
        part = part_of(indicator, observed, month, stand_in, level)
        lacking = [
            place
            for place in places
            if part_of(indicator, observed, month, place, level).upper is None
        ]
        # Where the successors have reported by themselves, the old figure is theirs.
        if part.upper is not None and len(lacking) == len(places):
            yield former, stand_in, part, len(places)


def _add_split(
    indicator: Indicator,
    observed: Observed,
    month: Month,
    level: str,
    gathered: dict[str, _Gathered],
) -> None:
    if not observed.split:
        return
    for former, stand_in, part, n_covered in split_parts(indicator, observed, month, level):
        if level == indicator.level:
            for place in observed.places:
                if former in observed.split.get(place.pk, ()) and place.code in gathered:
                    gathered[place.code].n_covered = 1
                    gathered[place.code].note = SPLIT
            continue
        target = gathered.get(stand_in.at(level) or "")
        if target is not None:
            target.parts.append(part)
            target.n_split += 1
            target.n_split_reporting += int(part.reports)
            target.n_covered += n_covered if part.reports else 0


def _note(observed: Observed, month: Month, place: Place, period: str) -> str:
    """Why an area has no figure of its own: it did not exist, or was part of another."""
    end = last_day(period)
    if any(end < former.date for former in observed.split.get(place.pk, ())):
        return SPLIT
    came_from = place.pk in observed.split or place.pk in observed.whole
    return NOT_YET if place.valid_from > end and not came_from else ""
