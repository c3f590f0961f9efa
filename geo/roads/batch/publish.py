"""From roads and surveys to figures of villages, and to what the map draws."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone

from geo.areas.models import Area, Level
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Indicator, Source, Status
from geo.indicators.services import NewValue, publish_observations
from geo.lib.lines import as_multiline, lines_to_topojson, shares_in_polygons, simplify_m
from geo.roads.models import Authority, Road, RoadLayer, RoadPart, RoadSurvey
from geo.roads.services import PUBLISHED

LAYER_TOLERANCE_M = 12
DECIMALS_KM = 6


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What publishing changed."""

    new: int
    changed: int
    unchanged: int
    years: list[int]


@transaction.atomic
def publish_roads(regency_code: str, road_ids: Iterable[int] | None = None) -> PublishReport:
    """Bring parts, figures and layer to what the tables of roads say.

    Parameters
    ----------
    regency_code
        Whose villages are measured.
    road_ids
        Roads whose lines are new; by default every road, which is also right
        after boundaries have been loaded anew.
    """
    villages = _villages(regency_code)
    refresh_parts(villages, road_ids)
    report = _publish_figures(villages)
    refresh_layer(regency_code)
    return report


# --- which villages a road runs through ----------------------------------------


def _villages(regency_code: str) -> list[Area]:
    return list(
        Area.objects.current()
        .at_level(Level.VILLAGE)
        .with_boundary()
        .filter(code__startswith=f"{regency_code}.")
        .order_by("code")
    )


def refresh_parts(villages: list[Area], road_ids: Iterable[int] | None = None) -> int:
    """Write anew how roads are shared out among villages; returns the number of parts."""
    roads = Road.objects.current().with_line()
    parts = RoadPart.objects.all()
    if road_ids is not None:
        wanted = list(road_ids)
        roads, parts = roads.filter(pk__in=wanted), parts.filter(road_id__in=wanted)
    polygons = np.array([shapely.from_wkb(bytes(area.boundary.wkb)) for area in villages])
    tree = shapely.STRtree(polygons)
    shapely.prepare(polygons)
    fresh = [
        RoadPart(road_id=pk, area=villages[place], share=share)
        for pk, line in roads.values_list("pk", "line")
        for place, share in shares_in_polygons(_shape(line), tree, polygons).items()
    ]
    parts.delete()
    RoadPart.objects.bulk_create(fresh, batch_size=2000)
    return len(fresh)


def _shape(line) -> shapely.Geometry:
    return shapely.from_wkb(bytes(line.wkb))


# --- figures ------------------------------------------------------------------


def _publish_figures(villages: list[Area]) -> PublishReport:
    indicators = {i.code: i for i in Indicator.objects.filter(code__in=PUBLISHED)}
    done = {"new": 0, "changed": 0, "unchanged": 0}
    parts: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for road_id, area_id, share in RoadPart.objects.values_list("road_id", "area_id", "share"):
        parts[road_id].append((area_id, share))
    years = _years()
    for year in years if parts else []:
        surveys = {
            survey.road_id: survey
            for survey in RoadSurvey.objects.filter(year=year).select_related("source")
        }
        lengths = _lengths(year, surveys, parts)
        source = _source_of(surveys)
        published = publish_observations(
            values=_values(year, villages, indicators, lengths, _status(surveys)), source=source
        )
        for name in done:
            done[name] += getattr(published, name)
    if done["new"] or done["changed"]:
        compute_breaks(indicators.values())
    return PublishReport(**done, years=years if parts else [])


def _years() -> list[int]:
    """Years that were surveyed; before the first survey the present one, for the lengths alone."""
    surveyed = RoadSurvey.objects.values_list("year", flat=True).order_by("year").distinct()
    return list(surveyed) or [timezone.localdate().year]


def _lengths(
    year: int, surveys: dict[int, RoadSurvey], parts: dict[int, list[tuple[int, float]]]
) -> dict[tuple[str, int], float]:
    """Metres by (indicator code, area id)."""
    lengths: dict[tuple[str, int], float] = defaultdict(float)
    for road in Road.objects.in_year(year).defer("line"):
        survey = surveys.get(road.pk)
        facts = _facts(road, survey)
        if road.authority == Authority.REGENCY:
            facts |= {
                f"regency_{code}": value
                for code, value in facts.items()
                if code != "road_unsurveyed_km"
            }
        for area_id, share in parts.get(road.pk, []):
            for code, metres in facts.items():
                lengths[code, area_id] += metres * share
    return lengths


def _facts(road: Road, survey: RoadSurvey | None) -> dict[str, float]:
    length_m = survey.length_m if survey else road.official_length_m or 0
    return {
        "road_length_km": length_m,
        "road_surveyed_km": length_m if survey else 0,
        "road_unsurveyed_km": 0 if survey else length_m,
        # Parts may exceed the whole by the form's rounding; a share of it may not.
        "road_good_fair_km": min(survey.steady_m, length_m) if survey else 0,
    }


def _values(year, villages, indicators, lengths, status) -> list[NewValue]:
    """One value for each village with a boundary: without any road it is 0, not missing."""
    return [
        NewValue(
            area.pk,
            indicator,
            str(year),
            round(lengths.get((code, area.pk), 0) / 1000, DECIMALS_KM),
            status,
        )
        for code, indicator in indicators.items()
        for area in villages
    ]


def _status(surveys: dict[int, RoadSurvey]) -> str:
    verified = bool(surveys) and all(s.source.verified_by for s in surveys.values())
    return Status.VERIFIED if verified else Status.UNVERIFIED


def _source_of(surveys: dict[int, RoadSurvey]) -> Source:
    """The newest source of the year's surveys; of the roads where nothing was surveyed."""
    sources = [survey.source for survey in surveys.values()]
    if not sources:
        return Source.objects.filter(roads__isnull=False).order_by("-pk")[0]
    return max(sources, key=lambda source: source.pk)


# --- the map's layer ------------------------------------------------------------


def refresh_layer(regency_code: str) -> RoadLayer | None:
    """Write anew what the map draws; the address changes only where the content does."""
    regency = Area.objects.current().get(code=regency_code)
    newest = RoadSurvey.objects.order_by("road_id", "-year").distinct("road_id")
    surveys = {survey.road_id: survey for survey in newest}
    roads = list(Road.objects.current().with_line())
    if not roads:
        RoadLayer.objects.filter(regency=regency).delete()
        return None
    shapes = simplify_m(np.array([_shape(road.line) for road in roads]), LAYER_TOLERANCE_M)
    topojson = lines_to_topojson(
        [
            (road.number, as_multiline(shape), _properties(road, surveys.get(road.pk)))
            for road, shape in zip(roads, shapes, strict=True)
        ]
    )
    content_hash = hashlib.sha256(topojson.encode()).hexdigest()[:16]
    wanted = {"content_hash": content_hash, "topojson": topojson, "n_roads": len(roads)}
    stored = RoadLayer.objects.filter(regency=regency).first()
    if stored is not None and stored.content_hash == content_hash:
        return stored
    layer, _created = RoadLayer.objects.update_or_create(regency=regency, defaults=wanted)
    return layer


def _properties(road: Road, survey: RoadSurvey | None) -> dict:
    return {
        "name": road.name,
        "authority": road.authority,
        "condition": survey.dominant if survey else None,
        "year": survey.year if survey else None,
    }
