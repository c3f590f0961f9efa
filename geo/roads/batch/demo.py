"""Demonstration roads: an invented network with surveys of several years, marked and removable."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from random import Random

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from geo.areas.models import Area, Level
from geo.indicators.models import Source
from geo.lib.coverage import reproject
from geo.lib.demo import Counts
from geo.lib.lines import LON_LAT_GRID, as_multiline, geodesic_length_m
from geo.lib.networks import split_whole
from geo.roads.batch.demo_network import DemoRoad, Network, numbered
from geo.roads.batch.publish import publish_roads
from geo.roads.models import Authority, Condition, Road, RoadSegment, RoadSurvey, Surface
from geo.roads.services import remove_demo_roads, save_roads, save_segments, save_surveys

# How good roads of a rank are at first (share good or fair), and what they are made of.
STEADY = {
    Authority.NATIONAL: 0.88,
    Authority.PROVINCE: 0.82,
    Authority.REGENCY: 0.56,
    Authority.VILLAGE: 0.42,
}
# How much roads of one rank differ.
SPREAD = {
    Authority.NATIONAL: 0.03,
    Authority.PROVINCE: 0.06,
    Authority.REGENCY: 0.14,
    Authority.VILLAGE: 0.16,
}
SURFACES = {
    Authority.NATIONAL: (1, 0, 0, 0),
    Authority.PROVINCE: (1, 0, 0, 0),
    Authority.REGENCY: (0.5, 0.2, 0.2, 0.1),
    Authority.VILLAGE: (0.1, 0.35, 0.3, 0.25),
}
NEVER_SURVEYED = {Authority.REGENCY: 0.08, Authority.VILLAGE: 0.4}
WIDTHS_M = {
    Authority.NATIONAL: (7, 8),
    Authority.PROVINCE: (6, 7),
    Authority.REGENCY: (3.5, 5.5),
    Authority.VILLAGE: (2, 3.5),
}
TRAFFIC = {
    Authority.NATIONAL: (6000, 14000),
    Authority.PROVINCE: (1800, 6000),
    Authority.REGENCY: (150, 1800),
}
IRI_RANGE = {
    Condition.GOOD: (2, 3.9),
    Condition.FAIR: (4, 7.9),
    Condition.LIGHT_DAMAGE: (8, 11.9),
    Condition.HEAVY_DAMAGE: (12, 18),
}
SEGMENT_M = 1000


@transaction.atomic
def load_demo(*, seed: int, progress: Callable[[Iterable], Iterable] = iter) -> Counts:
    """Invent roads for the regency of the settings, unless real ones are loaded."""
    if Road.objects.filter(source__is_demo=False).exists():
        return Counts()
    villages = list(
        Area.objects.current()
        .at_level(Level.VILLAGE)
        .with_boundary()
        .filter(code__startswith=f"{settings.REGENCY_CODE}.")
        .order_by("code")
    )
    if not villages:
        return Counts()
    chosen = tomllib.loads((settings.DATA_DIR / "demo" / "demo.toml").read_text(encoding="utf-8"))
    source = _source(chosen)
    network = Network(villages, seed)
    roads = [_road(number, each, network.srid) for number, each in numbered(network.roads())]
    done = save_roads(roads=roads, source=source)
    kept = {road.number: road for road in Road.objects.current().defer("line")}
    surveys, segments = [], []
    for road in progress(roads):
        _survey(kept[road.number], chosen["roads"]["survey_years"], seed, surveys, segments)
    surveyed = save_surveys(surveys=surveys, source=source)
    save_segments(segments=segments, source=source)
    if done.touched or surveyed.touched:
        publish_roads(settings.REGENCY_CODE)
    return Counts(
        done.new + surveyed.new,
        done.changed + surveyed.changed,
        done.unchanged + surveyed.unchanged,
    )


def remove_demo() -> int:
    """Delete what ``load_demo`` made; returns how many roads."""
    return remove_demo_roads()


def _source(chosen: dict) -> Source:
    source, _created = Source.objects.get_or_create(
        is_demo=True, entered_by="load_demo", defaults=chosen["source"]
    )
    return source


def _road(number: str, demo: DemoRoad, srid: int) -> Road:
    degrees = as_multiline(reproject(as_multiline(demo.line), srid, 4326))
    degrees = as_multiline(shapely.set_precision(degrees, LON_LAT_GRID, mode="pointwise"))
    length_m = round(geodesic_length_m(degrees), 2)
    return Road(
        number=number,
        name=demo.name,
        authority=demo.authority,
        start_name=demo.start_name,
        end_name=demo.end_name,
        length_m=float(round(length_m)),
        line=GEOSGeometry(memoryview(shapely.to_wkb(degrees)), srid=4326),
        line_length_m=length_m,
    )


# --- surveys --------------------------------------------------------------------


def _survey(road: Road, years: list[int], seed: int, surveys: list, segments: list) -> None:
    random = Random(f"{seed}-survey-{road.number}")  # noqa: S311 (nothing secret)
    if random.random() < NEVER_SURVEYED.get(road.authority, 0):
        return
    own = random.gauss(0, SPREAD[road.authority])
    surfaces = split_whole(round(road.length_m), _mixed(SURFACES[road.authority], random))
    facts = {
        "width_m": round(random.uniform(*WIDTHS_M[road.authority]), 1),
        "daily_traffic": _traffic(road.authority, random),
    }
    skipped = random.random() < 0.12
    for step, year in enumerate(years):
        if skipped and year == years[-1]:
            continue
        if road.authority == Authority.VILLAGE and step % 2:
            continue
        steady = STEADY[road.authority] + own + 0.018 * step + random.gauss(0, 0.02)
        lengths = _conditions(road, min(max(steady, 0.03), 0.995), random)
        surveys.append(
            RoadSurvey(
                road=road,
                year=year,
                length_m=road.length_m,
                **{f"{s}_m": float(m) for s, m in zip(Surface.values, surfaces, strict=True)},
                **{f"{c}_m": float(m) for c, m in zip(Condition.values, lengths, strict=True)},
                **facts,
            )
        )
        if year == years[-1] and road.authority in {Authority.NATIONAL, Authority.PROVINCE}:
            segments += _segments(road, year, lengths, facts["width_m"], random)


def _traffic(authority: str, random: Random) -> int | None:
    """Vehicles a day; village roads are not counted."""
    return round(random.uniform(*TRAFFIC[authority])) if authority in TRAFFIC else None


def _mixed(shares: tuple, random: Random) -> list[float]:
    """Most roads have one or two surfaces, not all four."""
    if shares[0] == 1:
        return list(shares)
    first = random.choices(range(4), shares)[0]
    second = random.choices(range(4), shares)[0]
    weights = [0.0] * 4
    part = random.uniform(0.55, 1)
    weights[first] += part
    weights[second] += 1 - part
    return weights


def _conditions(road: Road, steady: float, random: Random) -> list[int]:
    good = random.uniform(0.5, 0.85)
    light = random.uniform(0.45, 0.8)
    weights = [
        steady * good,
        steady * (1 - good),
        (1 - steady) * light,
        (1 - steady) * (1 - light),
    ]
    return split_whole(round(road.length_m), weights)


def _segments(
    road: Road, year: int, lengths: list[int], width_m: float, random: Random
) -> list[RoadSegment]:
    """Stretches of at most 1 km whose conditions add up to the survey's."""
    stretches = []
    for condition, length in zip(Condition.values, lengths, strict=True):
        while length > 0:
            stretches.append((condition, min(length, SEGMENT_M)))
            length -= SEGMENT_M
    random.shuffle(stretches)
    found, at = [], 0.0
    for condition, length in stretches:
        found.append(
            RoadSegment(
                road=road,
                year=year,
                from_m=at,
                to_m=at + length,
                width_m=width_m,
                surface=Surface.ASPHALT,
                condition=condition,
                iri=round(random.uniform(*IRI_RANGE[Condition(condition)]), 1),
            )
        )
        at += length
    return found
