"""Roads and a year's surveys as an office states them: written, verified, taken back.

Every change leaves a revision that names the source which made it. Figures of villages
follow in the worker (``roads.batch.publish``), in the same transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext_lazy

from geo.indicators.models import Source
from geo.indicators.services import BuiltUpon
from geo.lib.errors import GeoError
from geo.roads.models import Road, RoadRevision, RoadSegment, RoadSurvey
from geo.roads.services.saving import Written, remove_demo_roads

ROAD_FIELDS = (
    "name",
    "authority",
    "decree",
    "start_name",
    "end_name",
    "length_m",
    "line_length_m",
)
SURVEY_FIELDS = tuple(
    field.name
    for field in RoadSurvey._meta.concrete_fields
    if field.name not in {"id", "road", "year", "source"}
)


class RoadOfOthers(GeoError):
    """A demonstration account would change a real road."""

    status = 409
    template = gettext_lazy(
        "Road %(number)s is a real one, which a demonstration account cannot change."
    )


@dataclass(frozen=True, slots=True)
class GivenRoad:
    """One road as it shall stand, checked.

    ``facts`` and ``survey`` are fields of ``Road`` and ``RoadSurvey``; without a survey
    that of the year stays as it is. ``line`` is GeoJSON in EPSG:4326, of None the
    stored line stays.
    """

    number: str
    facts: Mapping[str, Any]
    survey: Mapping[str, Any] | None = None
    line: GEOSGeometry | None = None


@transaction.atomic
def revise_roads(
    *, roads: Sequence[GivenRoad], year: int, source: Source, moment: datetime.datetime
) -> Written:
    """Write roads by number and their surveys of one year; invented roads give way.

    Raises
    ------
    RoadOfOthers
    """
    if not source.is_demo:
        remove_demo_roads()
    stored = _roads([one.number for one in roads])
    done = Written()
    for one in roads:
        before = stored.get(one.number)
        if before and source.is_demo and not before.source.is_demo:
            raise RoadOfOthers(number=one.number)
        road, is_touched = _write_road(one, before, source, moment)
        is_touched |= _write_survey(one, road, year, source, moment)
        if not is_touched:
            done.unchanged += 1
            continue
        done.keys.append(road.pk)
        if before is None:
            done.new += 1
        else:
            done.changed += 1
    return done


@transaction.atomic
def verify_roads(*, source: Source, by: Source, moment: datetime.datetime) -> int:
    """Let what ``source`` wrote, and still stands, stand under ``by``; return how many rows."""
    rows: list[Road | RoadSurvey] = list(Road.objects.select_for_update().filter(source=source))
    surveys = RoadSurvey.objects.select_for_update(of=("self",)).filter(source=source)
    rows += surveys.select_related("road")
    for row in rows:
        _keep(row, by, moment)
        row.source = by
        row.save(update_fields=["source"])
    return len(rows)


@transaction.atomic
def withdraw_roads(*, source: Source, moment: datetime.datetime) -> int:
    """Make stand again what stood before ``source``; what it had added goes.

    Returns
    -------
    int
        How many roads and surveys were put back or removed.

    Raises
    ------
    BuiltUpon
        If any of them has been changed by another source since.
    """
    first: dict[tuple[str, int | None], RoadRevision] = {}
    made = RoadRevision.objects.filter(replaced_by=source).select_related("source")
    for revision in made.order_by("replaced_at", "pk"):
        # The first of them is what stood before the source wrote anything.
        first.setdefault((revision.number, revision.year), revision)
    roads = _roads({number for number, _year in first})
    _refuse_if_built_upon(first, roads, source)
    # Surveys first: a road that goes takes its surveys along.
    for (number, year), revision in sorted(first.items(), key=lambda one: one[0][1] is None):
        road = roads[number]
        row = road if year is None else RoadSurvey.objects.get(road=road, year=year)
        _keep(row, None, moment)
        if revision.before is None:
            row.delete()
        else:
            _put_back(row, revision)
    return len(first)


# --- parts -------------------------------------------------------------------------


def _roads(numbers: Iterable[str]) -> dict[str, Road]:
    rows = Road.objects.current().select_for_update(of=("self",)).filter(number__in=list(numbers))
    return {road.number: road for road in rows.select_related("source")}


def _write_road(
    one: GivenRoad, before: Road | None, source: Source, moment: datetime.datetime
) -> tuple[Road, bool]:
    road = before or Road(number=one.number)
    wanted = dict(one.facts)
    same = before is not None and all(getattr(road, name) == wanted[name] for name in wanted)
    same_line = one.line is None or (road.line is not None and road.line.wkb == one.line.wkb)
    if same and same_line:
        return road, False
    if before is not None:
        _keep(before, source, moment)
    else:
        RoadRevision.objects.create(number=one.number, replaced_by=source, replaced_at=moment)
    if not same_line:
        wanted["line"] = one.line
    for name, value in wanted.items():
        setattr(road, name, value)
    road.source = source
    road.save()
    return road, True


def _write_survey(
    one: GivenRoad, road: Road, year: int, source: Source, moment: datetime.datetime
) -> bool:
    if one.survey is None:
        return False
    before = RoadSurvey.objects.filter(road=road, year=year).select_related("source").first()
    wanted = dict(one.survey)
    if before is not None and all(getattr(before, name) == wanted[name] for name in wanted):
        return False
    if before is not None:
        _keep(before, source, moment)
    else:
        RoadRevision.objects.create(
            number=road.number, year=year, replaced_by=source, replaced_at=moment
        )
    survey = before or RoadSurvey(road=road, year=year)
    for name, value in wanted.items():
        setattr(survey, name, value)
    survey.source = source
    survey.save()
    return True


def _keep(row: Road | RoadSurvey, by: Source | None, moment: datetime.datetime) -> None:
    """Write down how a road or survey stands, before ``by`` (None: an undoing) changes it."""
    if isinstance(row, Road):
        number, year = row.number, None
        before = {name: getattr(row, name) for name in ROAD_FIELDS}
        # To the last digit, which GeoJSON would not keep.
        before["line"] = row.line.hexewkb.decode() if row.line else None
    else:
        number, year = row.road.number, row.year
        before = {name: getattr(row, name) for name in SURVEY_FIELDS}
    RoadRevision.objects.create(
        number=number,
        year=year,
        before=before,
        source=row.source,
        replaced_by=by,
        replaced_at=moment,
    )


def _put_back(row: Road | RoadSurvey, revision: RoadRevision) -> None:
    before = dict(revision.before or {})
    if isinstance(row, Road):
        before["line"] = GEOSGeometry(before["line"]) if before["line"] else None
    for name, value in before.items():
        setattr(row, name, value)
    if revision.source is not None:
        row.source = revision.source
    row.save()


def _refuse_if_built_upon(
    first: Mapping[tuple[str, int | None], RoadRevision],
    roads: Mapping[str, Road],
    source: Source,
) -> None:
    others: list[str] = []
    for (number, year), revision in first.items():
        road = roads.get(number)
        if road is None:
            others.append(number)
        elif year is None:
            segments = RoadSegment.objects.filter(road=road) if revision.before is None else []
            later = [road.source, *(one.source for one in segments)]
            others += [one.title for one in later if one.pk != source.pk]
        else:
            survey = RoadSurvey.objects.filter(road=road, year=year).select_related("source")
            others += [one.source.title for one in survey if one.source_id != source.pk]
    if others:
        raise BuiltUpon(n=len(others), titles="”, “".join(sorted(set(others))))
