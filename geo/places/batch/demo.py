"""Demonstration places for every village, and the figures that agree with them."""

from __future__ import annotations

import datetime
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from geo.areas.models import Area, Kind, Level
from geo.areas.queries import regency
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Indicator, Observation, Source, Status
from geo.indicators.queries import find_indicator, latest_period, read_figures
from geo.indicators.services import NewValue, Published, publish_observations
from geo.lib.demo import Counts
from geo.lib.demo_places import Invented, Village, health_workers, invent_places, visits
from geo.lib.errors import GeoError
from geo.places.models import Place, PlaceKind
from geo.places.services import (
    NewPlace,
    PublishedPlaces,
    publish_places,
    remove_demo_places,
    total,
)

POINTS_A_VILLAGE = 30
REACH_M = 2500  # people live near the middle of a village, not in its swamps
TYPICAL_HOUSEHOLDS = 620.0
N_YEARS = 3
VISITS = ("domestic_visits", "foreign_visits")
WORKERS = ("doctors", "nurses", "midwives")


POINTS = """
    SELECT v.code, ST_X(d.geom), ST_Y(d.geom)
    FROM geo_area v,
         ST_Dump(ST_GeneratePoints(ST_Intersection(v.boundary,
             ST_Buffer(v.interior_point::geography, %(reach)s)::geometry), %(n)s, %(seed)s)) d
    WHERE v.id = ANY(%(ids)s) AND v.boundary IS NOT NULL
    ORDER BY v.code, d.path"""


@transaction.atomic
def load_demo(*, seed: int, progress: Callable[[Iterable[Any]], Iterable[Any]] = iter) -> Counts:
    """Invent places and what is counted from them.

    Kinds of which there are real places are left alone, and so are figures of a
    period that has real ones.
    """
    top = regency()
    rows = _rows(top)
    invented = invent_places(_villages(rows, top, seed), seed)
    source = _source(seed)
    by_kind: dict[str, list[Invented]] = defaultdict(list)
    for place in invented:
        by_kind[place.kind].append(place)
    done: Counter = Counter()
    figures = []
    for kind in progress(_invented_kinds()):
        written, before = _publish(kind, by_kind[kind.code], rows, top, source)
        done.update(new=written.new, changed=written.changed, same=written.unchanged)
        figures += [written.figures, before]
    shown = [place for kind in _invented_kinds() for place in by_kind[kind.code]]
    figures.append(_publish_visits(shown, rows, source, seed))
    figures.append(_publish_workers(shown, rows, source, seed))
    if any(one.new or one.changed for one in figures):
        _compute_breaks()
    return Counts(done["new"], done["changed"], done["same"])


@transaction.atomic
def remove_demo() -> int:
    """Delete demonstration places and the figures counted from them."""
    return remove_demo_places()


def _rows(top: Area) -> dict[str, Area]:
    villages = Area.objects.current().at_level(Level.VILLAGE).within(top).order_by("code")
    return {area.code: area for area in villages.select_related("parent").defer("boundary")}


def _villages(rows: dict[str, Area], top: Area, seed: int) -> list[Village]:
    households = _households(top)
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    asked = {
        "reach": REACH_M,
        "n": POINTS_A_VILLAGE,
        "seed": seed % 2_000_000 + 1,
        "ids": [area.pk for area in rows.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(POINTS, asked)
        for code, lon, lat in cursor.fetchall():
            points[code].append((lon, lat))
    return [
        Village(
            code=code,
            name=area.name,
            district=area.parent.code if area.parent else "",
            households=households.get(code) or TYPICAL_HOUSEHOLDS,
            is_town=area.kind == Kind.KELURAHAN,
            points=tuple(points[code]),
            middle=area.interior_point.coords if area.interior_point is not None else None,
        )
        for code, area in rows.items()
    ]


def _households(top: Area) -> dict[str, float | None]:
    """Households as they are published, so that schools go with people; nothing where none are."""
    try:
        indicator = find_indicator("households")
    except GeoError:
        return {}
    period = latest_period(indicator)
    if period is None:
        return {}
    figures = read_figures(indicator=indicator, period=period, level=Level.VILLAGE, parent=top)
    return {figure.code: figure.value for figure in figures.items}


def _chosen() -> dict[str, Any]:
    return tomllib.loads((settings.DATA_DIR / "demo" / "demo.toml").read_text(encoding="utf-8"))


def _source(seed: int) -> Source:
    found = Source.objects.filter(is_demo=True, entered_by="load_demo").order_by("pk").first()
    return found or Source.objects.create(
        is_demo=True, entered_by="load_demo", **_chosen()["source"]
    )


def _last_year() -> int:
    return _chosen()["last_year"]


def _invented_kinds() -> list[PlaceKind]:
    """Kinds of which nothing real is known."""
    real = Place.objects.filter(source__is_demo=False).values("kind")
    return list(PlaceKind.objects.exclude(pk__in=real))


def _publish(
    kind: PlaceKind, invented: Sequence[Invented], rows: dict[str, Area], top: Area, source: Source
) -> tuple[PublishedPlaces, Published]:
    places = [
        NewPlace(
            name=place.name,
            village_id=rows[place.village].pk,
            lon=place.point[0] if place.point else None,
            lat=place.point[1] if place.point else None,
            precision=place.precision,
            identifier=place.identifier,
            attributes=place.attributes,
            opened_on=datetime.date(place.opened, 7, 1),
        )
        for place in _once(invented)
    ]
    last = _last_year()
    before = _publish_history(kind, invented, rows, source, last)
    done = publish_places(kind=kind, places=places, source=source, period=str(last), covers=top)
    return done, before


def _once(invented: Iterable[Invented]) -> Iterable[Invented]:
    """Each name once in a village: the next private school of a name is numbered."""
    seen: Counter = Counter()
    for place in invented:
        seen[place.village, place.name] += 1
        n_before = seen[place.village, place.name]
        if n_before > 1:
            place.name = f"{place.name} {n_before}"
        yield place


def _publish_history(
    kind: PlaceKind,
    invented: Sequence[Invented],
    rows: dict[str, Area],
    source: Source,
    last: int,
) -> Published:
    """Figures of the years before: fewer places, and a little less in each."""
    indicators = {one.code: one for one in Indicator.objects.filter(code__in=kind.feeds.values())}
    values = []
    for year in range(last - N_YEARS + 1, last):
        shrink = 1 - 0.02 * (last - year)
        found: dict[str, list[dict]] = defaultdict(list)
        for place in invented:
            if place.opened <= year:
                found[place.village].append(place.attributes)
        for attribute, code in kind.feeds.items():
            for village, area in rows.items():
                value = total(found[village], attribute)
                if attribute and value is not None:
                    value = float(round(value * shrink))
                status = Status.MISSING if value is None else Status.UNVERIFIED
                values.append(NewValue(area.pk, indicators[code], str(year), value, status))
    return publish_observations(values=_not_real(values), source=source)


def _not_real(values: Sequence[NewValue]) -> list[NewValue]:
    """Leave out every indicator and period of which something real is known."""
    real = set(
        Observation.objects.as_of()
        .filter(source__is_demo=False, indicator__in={value.indicator.pk for value in values})
        .values_list("indicator_id", "period")
        .distinct()
    )
    return [value for value in values if (value.indicator.pk, value.period) not in real]


def _publish_visits(
    invented: Sequence[Invented], rows: dict[str, Area], source: Source, seed: int
) -> Published:
    indicators = [one for code in VISITS for one in Indicator.objects.filter(code=code)]
    attractions = Counter(p.village for p in invented if p.kind == "daya_tarik_wisata")
    last = _last_year()
    values = []
    for year in range(last - N_YEARS + 1, last + 1):
        for month in range(1, 13):
            for code, area in rows.items():
                counts = visits(code, attractions[code], month, year - last + N_YEARS, seed)
                for indicator, count in zip(indicators, counts, strict=False):
                    period = f"{year}-{month:02d}"
                    new = NewValue(area.pk, indicator, period, float(count), Status.UNVERIFIED)
                    values.append(new)
    return publish_observations(values=_not_real(values), source=source)


def _publish_workers(
    invented: Sequence[Invented], rows: dict[str, Area], source: Source, seed: int
) -> Published:
    indicators = Indicator.objects.filter(code__in=WORKERS)
    kinds: dict[str, list[str]] = defaultdict(list)
    for place in invented:
        kinds[place.village].append(place.kind)
    last = _last_year()
    values = []
    for code, area in rows.items():
        workers = health_workers(sorted(kinds[code]), code, seed)
        for year in range(last - N_YEARS + 1, last + 1):
            for indicator in indicators:
                count = float(round(workers[indicator.code] * (1 - 0.04 * (last - year))))
                new = NewValue(area.pk, indicator, str(year), count, Status.UNVERIFIED)
                values.append(new)
    return publish_observations(values=_not_real(values), source=source)


def _compute_breaks() -> None:
    codes = {code for kind in PlaceKind.objects.all() for code in kind.feeds.values()}
    compute_breaks(list(Indicator.objects.filter(code__in={*codes, *VISITS, *WORKERS})))
