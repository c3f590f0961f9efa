"""What must hold of a road and its survey before anything is written: pure checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from geo.lib.numbers import format_number
from geo.roads.models import CONDITION_FIELDS, FLOAT_SLACK_M, SUM_TOLERANCE_M, SURFACE_FIELDS

# Stated and drawn length may differ by as much before somebody should look.
LENGTH_TOLERANCE_PERCENT = 5
# Longer than any numbered road of a regency: a comma was read as a point.
LONGEST_ROAD_M = 500_000


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One stretch of a road as a table gives it; ``row`` is its line in the file."""

    row: int
    number: str
    from_m: float
    to_m: float


def check_survey(lengths: Mapping[str, float]) -> list[tuple[str, str]]:
    """Return what is wrong with one survey, as (field, sentence).

    Parameters
    ----------
    lengths
        Metres under ``length_m`` and every field of surfaces and conditions.
    """
    length_m = lengths["length_m"]
    if length_m <= 0:
        return [("length_m", _("A road of 0 m cannot be: state its length."))]
    faults = [
        (name, _("A length cannot be negative: found %(found)s km.") % {"found": in_km(value)})
        for name, value in lengths.items()
        if value < 0
    ]
    if length_m > LONGEST_ROAD_M:
        text = _(
            "%(found)s km is longer than any road here: check the decimal mark and the unit "
            "(--decimal, --unit)."
        )
        faults.append(("length_m", text % {"found": in_km(length_m)}))
    faults += _sum_fault(lengths, SURFACE_FIELDS.values(), _("surfaces"), "asphalt_m")
    faults += _sum_fault(lengths, CONDITION_FIELDS.values(), _("conditions"), "good_m")
    return faults


def _sum_fault(
    lengths: Mapping[str, float], names: Iterable[str], what: str, column: str
) -> list[tuple[str, str]]:
    total_m = sum(lengths[name] for name in names)
    off_m = total_m - lengths["length_m"]
    if abs(off_m) <= SUM_TOLERANCE_M + FLOAT_SLACK_M:
        return []
    text = _(
        "The %(what)s add up to %(total)s km, the length is %(length)s km: %(off)s km too "
        "%(way)s. At most 0.01 km may be lost to rounding."
    )
    facts = {
        "what": what,
        "total": in_km(total_m),
        "length": in_km(lengths["length_m"]),
        "off": in_km(abs(off_m)),
        "way": _("much") if off_m > 0 else _("little"),
    }
    return [(column, text % facts)]


def in_km(length_m: float) -> str:
    """Write metres as km with three decimals, for sentences."""
    return format_number(length_m / 1000, 3)


def length_differs(stated_m: float | None, drawn_m: float | None) -> float | None:
    """Return by how many per cent the drawn length differs, where that is worth a warning."""
    if not stated_m or drawn_m is None:
        return None
    percent = 100 * (drawn_m - stated_m) / stated_m
    return percent if abs(percent) > LENGTH_TOLERANCE_PERCENT else None


def find_overlaps(segments: Sequence[SegmentRow]) -> list[tuple[SegmentRow, SegmentRow]]:
    """Return pairs of segments of one road that overlap; to end where the next begins is right."""
    ordered = sorted(segments, key=lambda segment: (segment.number, segment.from_m, segment.to_m))
    pairs = []
    furthest: SegmentRow | None = None
    for segment in ordered:
        same_road = furthest is not None and furthest.number == segment.number
        if same_road and furthest is not None and segment.from_m < furthest.to_m:
            pairs.append((furthest, segment))
        if not same_road or furthest is None or segment.to_m > furthest.to_m:
            furthest = segment
    return pairs
