"""Writing what was observed: revisions, what follows from them, and the count of changes."""

from __future__ import annotations

import csv
import datetime
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from geo.areas.models import Area, Level
from geo.indicators.models import (
    ClassBreaks,
    DataVersion,
    Indicator,
    KeptFigure,
    Observation,
    ShownValues,
    Source,
    Status,
)
from geo.lib.periods import shifted
from geo.lib.rollup import weakest


@dataclass(frozen=True, slots=True)
class NewValue:
    """One value to publish; ``value`` is None where ``status`` is missing or not assessed."""

    area_id: int
    indicator: Indicator
    period: str
    value: float | None
    status: str
    source_row: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """How many values were new, changed or as before."""

    new: int
    changed: int
    unchanged: int


@transaction.atomic
def publish_observations(
    *, values: Iterable[NewValue], source: Source, moment: datetime.datetime | None = None
) -> Published:
    """Record values; a changed one supersedes the revision before, which is kept.

    A value that is as before makes no revision, unless it now comes from real
    data where it was a demonstration. Demonstration values of an indicator and
    period give way altogether to the first real ones, so that no total mixes them.
    What follows from the values is published with them: see ``with_derived``.
    """
    moment = moment or timezone.now()
    values = with_derived(list(values))
    if not source.is_demo:
        remove_demo_beside(values)
    standing = _standing(values)
    ended = _ended(values)
    fresh, superseded, counts = [], [], {"new": 0, "changed": 0, "unchanged": 0}
    for value in values:
        before = standing.get(_key(value))
        if before and (before.value, before.status) == (value.value, value.status):
            counts["unchanged"] += 1
            continue
        counts["changed" if before else "new"] += 1
        if before:
            superseded.append(before.pk)
        revision = before.revision + 1 if before else ended.get(_key(value), 0) + 1
        fresh.append((value, revision))
    Observation.objects.filter(pk__in=superseded).update(superseded_at=moment)
    _copy_observations(fresh, source, moment)
    if fresh:
        note_change({(value.indicator.pk, value.period) for value, _revision in fresh})
    return Published(**counts)


@transaction.atomic
def note_change(changed: Iterable[tuple[int, str]]) -> None:
    """Count a publication, and drop what was kept of figures that it has changed.

    Call it in the transaction that changes observations. The row that counts
    stays locked until that ends, so that a version never stands for two states.

    Parameters
    ----------
    changed
        (indicator's id, period) of what was written or removed.
    """
    DataVersion.objects.get_or_create(pk=1)
    DataVersion.objects.filter(pk=1).update(number=F("number") + 1)
    reached: dict[str, set[int]] = defaultdict(set)
    ties = tied_indicators()
    protected = set(Indicator.objects.filter(sensitive=True).values_list("pk", flat=True))
    for indicator_id, period in changed:
        tied = ties.get(indicator_id, {indicator_id})
        # What is withheld in a period depends a little on those beside it.
        near = [shifted(period, -1), shifted(period, 1)] if tied & protected else []
        for one in (period, *near):
            reached[one] |= tied
    for period, ids in reached.items():
        for kept in (KeptFigure, ShownValues, ClassBreaks):
            kept.objects.filter(indicator_id__in=ids, period=period).delete()  # type: ignore[attr-defined]


def tied_indicators() -> dict[int, set[int]]:
    """By id of an indicator, the ids of all whose figures change with it, itself among them."""
    indicators = list(Indicator.objects.all())
    by_code = {one.code: one.pk for one in indicators}
    ties: dict[int, set[int]] = {one.pk: {one.pk} for one in indicators}
    for one in indicators:
        # Counts tied by a sum are withheld together.
        if one.sensitive and "sum_of" in one.checks:
            group = {one.pk, *(by_code[code] for code in one.checks["sum_of"] if code in by_code)}
            merged = group.union(*(ties[pk] for pk in group))
            for pk in merged:
                ties[pk] = merged
    for one in indicators:
        for part in (one.numerator_id, one.denominator_id, one.weight_id):
            if part is not None:
                for pk in list(ties[part]):
                    ties[pk] = ties[pk] | {one.pk}
    return ties


def with_derived(values: list[NewValue]) -> list[NewValue]:
    """Add what follows from ``values``.

    Declared sums of parts (``sum_of``), "not assessed" for areas of a kind
    that an indicator leaves out (``only``), and the count of areas in each
    grade (``grades``). What is given is never replaced.
    """
    values = values + _not_assessed(values)
    values = values + _sums(values)
    return values + _grades(values)


def _not_assessed(values: Sequence[NewValue]) -> list[NewValue]:
    limited = {v.indicator.pk: v.indicator for v in values if v.indicator.checks.get("only")}
    if not limited:
        return []
    given = {(value.area_id, value.indicator.pk, value.period) for value in values}
    regencies = Area.objects.filter(level=Level.REGENCY, children__children__in=_areas_of(values))
    villages = Area.objects.current().filter(parent__parent__in=regencies).defer("boundary")
    return [
        NewValue(village.pk, indicator, period, None, Status.NOT_ASSESSED)
        for pk, period in {(pk, period) for _area, pk, period in given if pk in limited}
        for indicator in [limited[pk]]
        for village in villages
        if village.kind != indicator.checks["only"] and (village.pk, pk, period) not in given
    ]


def _areas_of(values: Sequence[NewValue]) -> set[int]:
    return {value.area_id for value in values}


def _sums(values: Sequence[NewValue]) -> list[NewValue]:
    given = {(v.area_id, v.indicator.code, v.period): (v.value, v.status) for v in values}
    codes = {code for _area, code, _period in given}
    made = []
    for total in Indicator.objects.filter(checks__has_key="sum_of"):
        parts = total.checks["sum_of"]
        if not codes & set(parts):
            continue
        known = _standing_parts(values, parts) | given
        touched = {(area, period) for area, code, period in given if code in parts}
        for area, period in sorted(touched):
            found = [known.get((area, code, period)) for code in parts]
            if (area, total.code, period) in given or None in found:
                continue
            made.append(_sum(total, area, period, [one for one in found if one]))
    return made


def _standing_parts(
    values: Sequence[NewValue], parts: Sequence[str]
) -> dict[tuple[int, str, str], tuple[float | None, str]]:
    rows = Observation.objects.as_of().filter(
        indicator__code__in=parts,
        period__in={value.period for value in values},
        area__in=_areas_of(values),
    )
    found = rows.values_list("area_id", "indicator__code", "period", "value", "status")
    return {(area, code, period): (value, status) for area, code, period, value, status in found}


def _sum(
    total: Indicator, area_id: int, period: str, parts: Sequence[tuple[float | None, str]]
) -> NewValue:
    absent = [status for value, status in parts if value is None]
    if absent:
        return NewValue(area_id, total, period, None, absent[0])
    status = weakest(status for _value, status in parts)
    return NewValue(area_id, total, period, sum(value or 0 for value, _status in parts), status)


def _grades(values: Sequence[NewValue]) -> list[NewValue]:
    graded = [value for value in values if value.indicator.grades]
    if not graded:
        return []
    counts = {one.code: one for one in Indicator.objects.filter(checks__has_key="from_grades")}
    made = []
    for one in graded:
        steps = one.indicator.grades_in(one.period)
        reached = one.indicator.grade_of(one.value, one.period)
        for step in (step for step in steps if step.get("counts") in counts):
            value = None if one.value is None else float(step is reached)
            indicator = counts[step["counts"]]
            made.append(NewValue(one.area_id, indicator, one.period, value, one.status))
    return made


def remove_demo_beside(values: Iterable[NewValue]) -> None:
    """Delete demonstration values of the indicators and periods of real ``values``."""
    sources = list(Source.objects.filter(is_demo=True).values_list("pk", flat=True))
    for indicator_id, period in {(value.indicator.pk, value.period) for value in values}:
        removed, _by_table = Observation.objects.filter(
            indicator_id=indicator_id, period=period, source__in=sources
        ).delete()
        if removed:
            note_change([(indicator_id, period)])


class _Standing(NamedTuple):
    """What stands of one area, indicator and period."""

    pk: int
    value: float | None
    status: str
    revision: int


def _standing(values: Sequence[NewValue]) -> dict[tuple[int, int, str], _Standing]:
    found = Observation.objects.as_of().filter(
        area_id__in=_areas_of(values),
        indicator_id__in={value.indicator.pk for value in values},
        period__in={value.period for value in values},
    )
    columns = ("area_id", "indicator_id", "period", *_Standing._fields)
    rows = found.values_list(*columns)
    return {(area, pk, period): _Standing(*rest) for area, pk, period, *rest in rows}


def _key(value: NewValue) -> tuple[int, int, str]:
    return value.area_id, value.indicator.pk, value.period


def _ended(values: Sequence[NewValue]) -> dict[tuple[int, int, str], int]:
    """Last revisions of what ended, perhaps without a successor, for the numbers to go on."""
    found = (
        Observation.objects.filter(
            superseded_at__isnull=False,
            area_id__in=_areas_of(values),
            indicator_id__in={value.indicator.pk for value in values},
            period__in={value.period for value in values},
        )
        .order_by()
        .values_list("area_id", "indicator_id", "period")
        .annotate(last=Max("revision"))
    )
    return {(area, pk, period): last for area, pk, period, last in found}


def _copy_observations(
    fresh: Sequence[tuple[NewValue, int]], source: Source, moment: datetime.datetime
) -> None:
    """Write new rows with COPY: three years of a regency are 130,000, and a model each is dear."""
    page = io.StringIO()
    csv.writer(page).writerows(
        (
            value.area_id,
            value.indicator.pk,
            value.period,
            value.value,
            str(value.status),
            source.pk,
            value.source_row,
            revision,
            moment.isoformat(),
        )
        for value, revision in fresh
    )
    page.seek(0)
    columns = "area_id, indicator_id, period, value, status, source_id, source_row, revision"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {Observation._meta.db_table} ({columns}, recorded_at) FROM STDIN (FORMAT csv)",
            page,
        )
