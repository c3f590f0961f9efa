"""From the network to figures: minutes from every village, and where an ambulance gets to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Indicator, Observation, Source, Status
from geo.indicators.services import NewValue, Published
from geo.lib.coverage import reproject
from geo.lib.destinations import Target
from geo.lib.errors import GeoError
from geo.lib.lines import lines_to_topojson
from geo.lib.routing import Graph
from geo.lib.travel_speeds import SEASONS
from geo.places.models import Place
from geo.roads.models import Crossing, Road
from geo.travel.batch.ambulance import Barrier, Reach, barred_lines, find_reach
from geo.travel.batch.declared import Declared, read_declared
from geo.travel.batch.findings import examine, off_road_m
from geo.travel.batch.network import Network, build_network
from geo.travel.batch.points import Groups, read_points
from geo.travel.models import AmbulanceAccess, Obstacle, Outcome, TravelRun
from geo.travel.services import NewAccess, publish_travel

DECIMALS = 1
# The map draws a road of this “condition” in a colour of its own.
BARRED = "barred"
COORDINATE_GRID = 1e-6  # of a degree, a tenth of a metre


class NoRoads(GeoError):
    """There is nothing to travel on."""

    template = _(
        "Travel times cannot be computed: no road of %(code)s has a line. Load lines with "
        "import_roads first."
    )


@dataclass(frozen=True, slots=True)
class TravelReport:
    """What was computed: the run with its findings, and what publishing changed."""

    run: TravelRun
    published: Published
    n_villages: int
    outcomes: dict[str, dict[str, int]]


def compute_travel_times(
    regency_code: str,
    *,
    seasons: Sequence[str] = SEASONS,
    progress: Callable[[Iterable], Iterable] = iter,
) -> TravelReport:
    """Compute and publish all minutes and the reach of ambulances.

    Raises
    ------
    NoRoads
        No road has a line.
    BadTable
        A declared table has faults; nothing is written.
    """
    declared = read_declared()
    if not Road.objects.current().with_line().exists():
        raise NoRoads(code=regency_code)
    regency = Area.objects.current().get(code=regency_code)
    groups = read_points(regency_code, declared)
    network = build_network(groups, declared.speeds)
    minutes = _Minutes(network, declared, seasons)
    values = list(minutes.values(progress))
    closed_kmh = declared.destinations.closed_kmh
    reaches = [find_reach(network, season, closed_kmh) for season in seasons]
    accesses = [one for reach in reaches for one in _accesses(network, minutes, reach)]
    values += _reach_values(groups, minutes, reaches)
    run = _run(regency, declared, network, minutes, reaches)
    published = publish_travel(
        run=run, values=values, reaches=accesses, source=_source(run, declared)
    )
    if published.new or published.changed:
        compute_breaks(minutes.indicators.values())
    return TravelReport(run, published, len(groups.villages), _outcomes(accesses))


# --- minutes -----------------------------------------------------------------------------------


class _Minutes:
    """Minutes of every target, and what is needed to make values of them."""

    def __init__(self, network: Network, declared: Declared, seasons: Sequence[str]) -> None:
        self.network, self.groups = network, network.groups
        self.destinations = declared.destinations
        self.seasons = seasons
        codes = self.destinations.indicators
        self.indicators = {one.code: one for one in Indicator.objects.filter(code__in=codes)}
        self.period = str(timezone.localdate().year)
        self.off_road_m = off_road_m(network)
        self.skipped: list[str] = []
        self.seatless: set[str] = set()
        self._graphs: dict[tuple, Graph] = {}
        self.reaches_anything = np.zeros(len(self.groups.villages), dtype=bool)

    def values(self, progress: Callable[[Iterable], Iterable]) -> Iterator[NewValue]:
        """Figures of all targets of the seasons, and the weights."""
        for target in progress(self.destinations.targets):
            if target.season not in self.seasons:
                continue
            found = self.minutes_of(target)
            if found is None:
                self.skipped.append(target.indicator)
                continue
            self.reaches_anything |= np.isfinite(found)
            yield from self._values_of(self.indicators[target.indicator], found)
        yield from self._weights()

    def minutes_of(self, target: Target) -> np.ndarray | None:
        """Minutes by village: infinite without a way, NaN without a goal; None without any goal."""
        if target.within == "district":
            return self._within_districts(target)
        goals = [place for kind in target.kinds for place in self.groups.of_kind.get(kind, [])]
        for places in self.groups.of_point.get(target.points, {}).values():
            goals += places
        return self._to(target, goals) if goals else None

    def _to(self, target: Target, goals: list[int]) -> np.ndarray:
        first = self.network.first_point
        found = self._graph(target).minutes_to(first + np.array(goals))
        return found[first : first + len(self.groups.villages)]

    def _within_districts(self, target: Target) -> np.ndarray | None:
        """Each village to the goal of its own district, and to no other."""
        seats = self.groups.of_point.get(target.points, {})
        if not seats:
            return None
        districts = np.array([village.parent.code for village in self.groups.villages])
        found = np.full(len(districts), np.nan)
        for code in sorted(set(districts.tolist())):
            if code in seats:
                mine = districts == code
                found[mine] = self._to(target, seats[code])[mine]
            else:
                self.seatless.add(code)
        return found

    def _graph(self, target: Target) -> Graph:
        key = (target.vehicles, target.season)
        if key not in self._graphs:
            self._graphs[key] = self.network.graph_for(*key)
        return self._graphs[key]

    def _values_of(self, indicator: Indicator, found: np.ndarray) -> Iterator[NewValue]:
        for village, spent in zip(self.groups.villages, found.tolist(), strict=True):
            if np.isnan(spent):
                yield self._without(indicator, village, Status.MISSING)
            elif np.isinf(spent):
                yield self._without(indicator, village, Status.UNREACHABLE)
            else:
                yield self.value(indicator, village, round(spent, DECIMALS))
        for village in self.groups.without_point:
            yield self._without(indicator, village, Status.MISSING)

    def value(self, indicator: Indicator, village: Area, value: float) -> NewValue:
        """One figure; all are estimates."""
        return NewValue(village.pk, indicator, self.period, value, Status.ESTIMATED)

    def _without(self, indicator: Indicator, village: Area, status: str) -> NewValue:
        return NewValue(village.pk, indicator, self.period, None, status)

    def _weights(self) -> Iterator[NewValue]:
        """The newest number of inhabitants of each village, whatever its year."""
        newest = (
            Observation.objects.as_of()
            .filter(
                indicator__code=self.destinations.weight_of,
                value__isnull=False,
                period__lte=f"{self.period}-99",
            )
            .order_by("area_id", "-period")
            .distinct("area_id")
        )
        known = dict(newest.values_list("area_id", "value"))
        indicator = self.indicators[self.destinations.weight]
        for village in [*self.groups.villages, *self.groups.without_point]:
            if village.pk in known:
                yield self.value(indicator, village, known[village.pk])
            else:
                yield self._without(indicator, village, Status.MISSING)


# --- ambulances ------------------------------------------------------------------------------


def _reach_values(groups: Groups, minutes: _Minutes, reaches: list[Reach]) -> Iterator[NewValue]:
    for reach in reaches if groups.with_ambulance else []:
        indicator = minutes.indicators[minutes.destinations.ambulance_indicators[reach.season]]
        for village, spent in zip(groups.villages, reach.minutes.tolist(), strict=True):
            yield minutes.value(indicator, village, 100.0 if np.isfinite(spent) else 0.0)
        for village in groups.without_point:
            yield NewValue(village.pk, indicator, minutes.period, None, Status.MISSING)


def _accesses(network: Network, minutes: _Minutes, reach: Reach) -> Iterator[NewAccess]:
    if not network.groups.with_ambulance:
        return
    reach_m = network.speeds.network["village_reach_m"]
    for number, village in enumerate(network.groups.villages):
        spent, off_m = float(reach.minutes[number]), float(minutes.off_road_m[number])
        barriers = reach.barriers.get(number, [])
        if np.isfinite(spent):
            outcome = Outcome.REACHED
        elif barriers:
            outcome = Outcome.BLOCKED
        else:
            outcome = Outcome.TOO_FAR if off_m > reach_m else Outcome.UNCONNECTED
        access = AmbulanceAccess(
            village=village,
            season=reach.season,
            outcome=outcome,
            minutes=round(spent, DECIMALS) if np.isfinite(spent) else None,
            off_road_m=round(off_m, 1) if np.isfinite(off_m) else None,
        )
        yield NewAccess(access, [_obstacle(network, barrier) for barrier in barriers])


def _obstacle(network: Network, barrier: Barrier) -> Obstacle:
    facts = {"length_m": round(barrier.length_m, 1), "n_freed": barrier.n_freed}
    if barrier.reason is None:
        return Obstacle(crossing=network.crossings[barrier.number], **facts)
    return Obstacle(
        road=network.roads[barrier.number],
        surface=barrier.reason.surface,
        condition=barrier.reason.condition,
        width_m=barrier.reason.width_m,
        is_narrow=barrier.is_narrow,
        is_assumed=barrier.reason.is_assumed,
        **facts,
    )


def _outcomes(accesses: list[NewAccess]) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for one in accesses:
        season = counted.setdefault(str(one.access.season), dict.fromkeys(Outcome.values, 0))
        season[str(one.access.outcome)] += 1
    return counted


# --- the run -----------------------------------------------------------------------------------


def _run(
    regency: Area,
    declared: Declared,
    network: Network,
    minutes: _Minutes,
    reaches: list[Reach],
) -> TravelRun:
    topojson = _topojson(network, reaches)
    reach_m = network.speeds.network["village_reach_m"]
    lost = [
        (village, float(metres))
        for village, metres, is_reached in zip(
            network.groups.villages,
            minutes.off_road_m.tolist(),
            minutes.reaches_anything.tolist(),
            strict=True,
        )
        if not is_reached
    ]
    findings = examine(network) | {
        "too_far": [[v.code, v.name, round(m)] for v, m in lost if reach_m < m < np.inf],
        "unconnected": [[v.code, v.name] for v, m in lost if m <= reach_m],
        "skipped": minutes.skipped,
        "seatless": sorted(minutes.seatless),
    }
    return TravelRun(
        regency=regency,
        period=minutes.period,
        inputs=digest_of_inputs(regency.code, declared),
        speeds_title=declared.speeds.titles["id"][:200],
        speeds_valid_from=declared.speeds.valid_from,
        is_demo=_is_demo(),
        findings=findings,
        topojson=topojson,
        content_hash=hashlib.sha256(topojson.encode()).hexdigest()[:16] if topojson else "",
    )


def _topojson(network: Network, reaches: list[Reach]) -> str:
    """The stretches that bar an ambulance in any season, as the map draws them."""
    barred = barred_lines(network, reaches)
    if not barred:
        return ""
    degrees = reproject(np.array(list(barred.values())), network.groups.srid, 4326)
    degrees = shapely.set_precision(degrees, COORDINATE_GRID, mode="pointwise")
    roads = [network.roads[number] for number in barred]
    return lines_to_topojson(
        [
            (road.number, line, {"name": road.name, "condition": BARRED})
            for road, line in zip(roads, degrees, strict=True)
        ]
    )


def _is_demo() -> bool:
    """Whether anything that the figures follow from is invented."""
    invented = {"source__is_demo": True}
    return (
        Road.objects.current().filter(**invented).exists()
        or Crossing.objects.current().filter(**invented).exists()
        or Place.objects.open().filter(**invented).exists()
    )


def _source(run: TravelRun, declared: Declared) -> Source:
    """Of real figures a row for each day that something changes; all invented ones share one."""
    if run.is_demo:
        return Source.objects.filter(is_demo=True).order_by("pk")[0]
    title = (
        f"Waktu tempuh: Dijkstra pada jaringan ruas jalan dan lintasan perahu; {run.speeds_title} "
        f"({run.speeds_valid_from:%Y-%m-%d}); dihitung {timezone.localdate():%Y-%m-%d}"
    )
    source, _created = Source.objects.get_or_create(
        title=title[:300],
        entered_by="compute_travel_times",
        is_demo=False,
        defaults={"publisher": "Peta"},
    )
    return source


STATE = """
    SELECT concat_ws(' ',
      (SELECT count(*) || '-' || sum(hashtext(concat(xmin, ctid, id))) FROM geo_road),
      (SELECT count(*) || '-' || sum(hashtext(concat(xmin, ctid, id))) FROM geo_roadsurvey),
      (SELECT count(*) || '-' || sum(hashtext(concat(xmin, ctid, id))) FROM geo_roadsegment),
      (SELECT count(*) || '-' || sum(hashtext(concat(xmin, ctid, id))) FROM geo_crossing),
      (SELECT count(*) || '-' || sum(hashtext(concat(p.xmin, p.ctid, p.id)))
       FROM geo_place p JOIN geo_placekind k ON k.id = p.kind_id WHERE k.code = ANY(%(kinds)s)),
      (SELECT count(*) || '-' || sum(hashtext(concat(xmin, ctid, id))) FROM geo_area),
      (SELECT count(*) || '-' || max(o.id) FROM geo_observation o
       JOIN geo_indicator i ON i.id = o.indicator_id
       WHERE i.code = %(weight)s AND o.superseded_at IS NULL))"""


def digest_of_inputs(regency_code: str, declared: Declared | None = None) -> str:
    """A text that changes whenever anything does that travel times follow from."""
    declared = declared or read_declared()
    asked = {
        "kinds": sorted(declared.destinations.kinds),
        "weight": declared.destinations.weight_of,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATE, asked)
        (state,) = cursor.fetchone()
    year = str(timezone.localdate().year)
    parts = [regency_code, year, state, *declared.texts]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
