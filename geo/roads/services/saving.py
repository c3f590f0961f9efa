"""Writing roads and surveys: compared with what stands, so that the same again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from geo.indicators.models import Indicator, Observation, Source
from geo.indicators.services import note_change
from geo.roads.models import Crossing, Road, RoadLayer, RoadSegment, RoadSurvey

SECTOR = "roads"


@dataclass(slots=True)
class Written:
    """How many rows were new, changed or as before; ``keys`` are those new or changed."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    keys: list[int] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Whether anything is different from before."""
        return bool(self.new or self.changed)


@transaction.atomic
def save_roads(*, roads: Sequence[Road], source: Source) -> Written:
    """Write roads by number; empty facts do not overwrite what is known.

    Parameters
    ----------
    roads
        Unsaved rows. A line of None leaves the stored line.
    source
        Goes with every road that is new or changed.
    """
    numbers = [road.number for road in roads]
    stored = {road.number: road for road in Road.objects.current().filter(number__in=numbers)}
    done = Written()
    for road in roads:
        before = stored.get(road.number)
        if before is None:
            road.source = source
            road.save()
            done.new += 1
            done.keys.append(road.pk)
        elif _take_over(before, road):
            before.source = source
            before.save()
            done.changed += 1
            done.keys.append(before.pk)
        else:
            done.unchanged += 1
    return done


ROAD_FACTS = ("name", "authority", "decree", "start_name", "end_name", "length_m", "valid_from")


def _take_over(before: Road, road: Road) -> bool:
    changed = False
    for name in ROAD_FACTS:
        value = getattr(road, name)
        if value not in (None, "") and value != getattr(before, name):
            setattr(before, name, value)
            changed = True
    same_line = before.line is not None and before.line.wkb == getattr(road.line, "wkb", None)
    if road.line is not None and not same_line:
        before.line, before.line_length_m = road.line, road.line_length_m
        changed = True
    return changed


SURVEY_FACTS = [f.name for f in RoadSurvey._meta.concrete_fields if f.name not in {"id", "source"}]


@transaction.atomic
def save_surveys(*, surveys: Sequence[RoadSurvey], source: Source) -> Written:
    """Write surveys by road and year."""
    years = {survey.year for survey in surveys}
    found = RoadSurvey.objects.filter(year__in=years)
    stored = {(survey.road_id, survey.year): survey for survey in found}
    done, fresh = Written(), []
    for survey in surveys:
        before = stored.get((survey.road_id, survey.year))
        if before is not None and _facts(before) == _facts(survey):
            done.unchanged += 1
            continue
        survey.source = source
        done.keys.append(survey.road_id)
        if before is None:
            fresh.append(survey)
            done.new += 1
        else:
            survey.pk = before.pk
            survey.save(force_update=True)
            done.changed += 1
    RoadSurvey.objects.bulk_create(fresh, batch_size=1000)
    return done


def _facts(survey: RoadSurvey) -> list[Any]:
    return [survey.serializable_value(name) for name in SURVEY_FACTS]


@transaction.atomic
def save_segments(*, segments: Sequence[RoadSegment], source: Source) -> Written:
    """Write all segments of the roads and years given, in place of those before."""
    keys = {(segment.road_id, segment.year) for segment in segments}
    done = Written()
    for road_id, year in sorted(keys):
        mine = [s for s in segments if (s.road_id, s.year) == (road_id, year)]
        stored = list(RoadSegment.objects.filter(road_id=road_id, year=year))
        if [_stretch(s) for s in stored] == sorted(_stretch(s) for s in mine):
            done.unchanged += len(mine)
            continue
        RoadSegment.objects.filter(road_id=road_id, year=year).delete()
        for segment in mine:
            segment.source = source
        RoadSegment.objects.bulk_create(mine)
        done.changed += len(mine) if stored else 0
        done.new += 0 if stored else len(mine)
        done.keys.append(road_id)
    return done


def _stretch(segment: RoadSegment) -> tuple:
    # Two segments of a road never begin at one point, so that None is never compared.
    return (
        segment.from_m,
        segment.to_m,
        segment.width_m,
        segment.surface,
        segment.condition,
        segment.iri,
        segment.sdi,
    )


# --- boat links ------------------------------------------------------------------


@transaction.atomic
def save_crossings(*, crossings: Sequence[Crossing], source: Source) -> Written:
    """Write boat links by code; one that is as before stays as it is."""
    codes = [crossing.code for crossing in crossings]
    stored = {one.code: one for one in Crossing.objects.current().filter(code__in=codes)}
    done = Written()
    for crossing in crossings:
        before = stored.get(crossing.code)
        if before is not None and _link_facts(before) == _link_facts(crossing):
            done.unchanged += 1
            continue
        crossing.source = source
        if before is None:
            done.new += 1
        else:
            crossing.pk = before.pk
            done.changed += 1
        crossing.save()
        done.keys.append(crossing.pk)
    return done


LINK_FACTS = (
    "name",
    "minutes",
    "speed_kmh",
    "waiting_minutes",
    "vehicles",
    "seasons",
    "valid_from",
)


def _link_facts(crossing: Crossing) -> list[Any]:
    return [*(getattr(crossing, name) for name in LINK_FACTS), bytes(crossing.line.wkb)]


@transaction.atomic
def remove_demo_crossings() -> int:
    """Delete invented boat links, as real ones or real roads take their place."""
    n_removed, _by_table = Crossing.objects.filter(source__is_demo=True).delete()
    return n_removed


# --- invented roads ----------------------------------------------------------------


@transaction.atomic
def remove_demo_roads() -> int:
    """Delete invented roads and boat links with all that hangs on them, and their figures."""
    remove_demo_crossings()
    roads = Road.objects.filter(source__is_demo=True)
    n_roads = roads.count()
    if not n_roads:
        return 0
    roads.delete()
    # By ids, so that the database need not plan a join over all that was ever observed.
    published = Indicator.objects.filter(sector__code=SECTOR, code__in=PUBLISHED)
    indicators = list(published.values_list("pk", flat=True))
    sources = list(Source.objects.filter(is_demo=True).values_list("pk", flat=True))
    figures = Observation.objects.filter(indicator__in=indicators, source__in=sources)
    changed = list(figures.values_list("indicator_id", "period").order_by().distinct())
    figures.delete()
    note_change(changed)
    if not Road.objects.exists():
        RoadLayer.objects.all().delete()
    return n_roads


# What the roads publish, as data/sectors/roads/sector.toml declares it.
PUBLISHED = (
    "road_length_km",
    "road_surveyed_km",
    "road_unsurveyed_km",
    "road_good_fair_km",
    "regency_road_length_km",
    "regency_road_surveyed_km",
    "regency_road_good_fair_km",
)
