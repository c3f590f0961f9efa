"""Reading where an ambulance gets to, what bars it, and what the network is like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area, Level, Outline
from geo.areas.queries import outline_of, regency
from geo.indicators.models import Indicator
from geo.indicators.queries import Figure, read_figure
from geo.lib.destinations import NamedPoint, read_destinations
from geo.lib.errors import GeoError
from geo.lib.travel_speeds import SpeedTable, read_speeds
from geo.roads.models import Crossing, Road, Season
from geo.travel.models import AmbulanceAccess, Obstacle, Outcome, TravelRun

AMBULANCE_INDICATORS = {
    Season.DRY: "ambulance_access_dry",
    Season.WET: "ambulance_access_wet",
}


class UnknownLayer(GeoError):
    """No layer of barred roads has this address, or a newer one has replaced it."""

    status = 404
    template = _(
        "There is no layer of barred roads “%(hash)s” of “%(code)s”. Travel times may have been "
        "computed anew: open the map again."
    )


@dataclass(frozen=True, slots=True)
class Mending:
    """One road or boat link that bars ambulances, with the villages whose way it lies on."""

    obstacle: Obstacle
    villages: list[Area] = field(default_factory=list)

    @property
    def road(self) -> Road | None:
        """The road, where it is one."""
        return self.obstacle.road

    @property
    def crossing(self) -> Crossing | None:
        """The boat link, where it is one."""
        return self.obstacle.crossing


@dataclass(frozen=True)
class AccessPage:
    """What the page about ambulances shows of one season."""

    run: TravelRun | None
    season: str
    reached_codes: list[str]
    counts: dict[str, int]
    barred: list[AmbulanceAccess]
    mendings: list[Mending]
    people: Figure | None
    outline: Outline | None

    @property
    def n_reached(self) -> int:
        """How many villages an ambulance reaches."""
        return len(self.reached_codes)

    @property
    def n_villages(self) -> int:
        """How many villages have a boundary, and so a middle to start from."""
        return len(self.reached_codes) + len(self.barred)

    @property
    def n_unconnected(self) -> int:
        """How many villages no way is known to."""
        return self.counts[Outcome.UNCONNECTED] + self.counts[Outcome.TOO_FAR]

    @property
    def indicator(self) -> str:
        """The indicator that the map shows of this season."""
        return AMBULANCE_INDICATORS[Season(self.season)]


def find_run() -> TravelRun | None:
    """The newest computation for this installation's regency; None before the first."""
    runs = TravelRun.objects.filter(regency__code=settings.REGENCY_CODE, regency__valid_to=None)
    return runs.defer("topojson").first()


def read_access(season: str) -> AccessPage:
    """Read all about one season; nine queries, whatever the number of villages."""
    run, top = find_run(), regency()
    accesses = _accesses(
        AmbulanceAccess.objects.filter(season=season).exclude(outcome=Outcome.REACHED)
    )
    counts = dict.fromkeys(Outcome.values, 0)
    for access in accesses:
        counts[access.outcome] += 1
    reached = AmbulanceAccess.objects.filter(season=season, outcome=Outcome.REACHED)
    codes = list(reached.values_list("village__code", flat=True))
    return AccessPage(
        run=run,
        season=season,
        reached_codes=codes,
        counts=counts,
        barred=accesses,
        mendings=mendings_of(accesses),
        people=_people(run, season, top) if codes or accesses else None,
        outline=outline_of(top, Level.VILLAGE),
    )


def _people(run: TravelRun | None, season: str, top: Area) -> Figure | None:
    code = AMBULANCE_INDICATORS[Season(season)]
    indicator = Indicator.objects.filter(code=code).first()
    if run is None or indicator is None:
        return None
    figure = read_figure(indicator=indicator, period=run.period, area=top)
    return figure if figure.value is not None else None


def _accesses(found: QuerySet[AmbulanceAccess]) -> list[AmbulanceAccess]:
    obstacles = Obstacle.objects.select_related("road", "crossing").defer(
        "road__line", "crossing__line"
    )
    rows = (
        found.select_related("village__parent")
        .defer(
            "village__boundary",
            "village__interior_point",
            "village__parent__boundary",
            "village__parent__interior_point",
        )
        .prefetch_related(Prefetch("obstacles", queryset=obstacles))
        .order_by("village__code")
    )
    return list(rows)


def mendings_of(accesses: Iterable[AmbulanceAccess]) -> list[Mending]:
    """What bars ambulances, that first which opened alone gains the most villages."""
    found: dict[tuple[int | None, int | None], Mending] = {}
    for access in accesses:
        for obstacle in access.obstacles.all():
            key = (obstacle.road_id, obstacle.crossing_id)
            mending = found.setdefault(key, Mending(obstacle))
            mending.villages.append(access.village)
    return sorted(
        found.values(),
        key=lambda one: (-one.obstacle.n_freed, -len(one.villages), one.obstacle.length_m),
    )


def read_village(village: Area) -> list[AmbulanceAccess]:
    """How an ambulance fares on its way to one village, the rainy season last; three queries."""
    return sorted(
        _accesses(AmbulanceAccess.objects.filter(village=village)), key=lambda one: one.season
    )


def read_road(road: Road) -> list[tuple[str, list[Area]]]:
    """By season, the villages from which a road keeps ambulances; one query."""
    obstacles = (
        Obstacle.objects.filter(road=road)
        .select_related("access__village")
        .defer("access__village__boundary", "access__village__interior_point")
        .order_by("access__season", "access__village__code")
    )
    by_season: dict[str, list[Area]] = {}
    for obstacle in obstacles:
        by_season.setdefault(obstacle.access.season, []).append(obstacle.access.village)
    return [(str(Season(season).label), villages) for season, villages in by_season.items()]


# --- what was assumed --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The speeds and named points that every minute rests on."""

    speeds: SpeedTable
    points: list[NamedPoint]


def read_assumptions() -> Assumptions | None:
    """Read what the two tables declare; None where one of them cannot be read."""
    folder = settings.DATA_DIR
    paths = (folder / "roads" / "speeds.toml", folder / "travel" / "destinations.toml")
    if not all(path.is_file() for path in paths):
        return None
    return _assumptions(*((str(path), path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=4)
def _assumptions(speeds_at: tuple[str, int], points_at: tuple[str, int]) -> Assumptions | None:
    """The tables as they stand on disk; read again when a file has changed."""
    texts = [Path(name).read_text(encoding="utf-8") for name, _changed in (speeds_at, points_at)]
    speeds, _faults = read_speeds(texts[0], speeds_at[0])
    destinations, _faults = read_destinations(texts[1], points_at[0])
    if speeds is None or destinations is None:
        return None
    return Assumptions(speeds, list(destinations.points.get(settings.REGENCY_CODE, {}).values()))


def point_name(point: NamedPoint) -> str:
    """The name of a named point in the language of the page."""
    return point.name_en if get_language() == "en" else point.name_id


# --- the map's layer ------------------------------------------------------------------------------


def layer_address() -> str | None:
    """Address of the stretches that bar ambulances; None where nothing does."""
    found = (
        TravelRun.objects.filter(regency__code=settings.REGENCY_CODE, regency__valid_to=None)
        .exclude(content_hash="")
        .values_list("regency__code", "content_hash")
        .first()
    )
    return reverse("barred_layer", args=found) if found else None


def find_layer(regency_code: str, content_hash: str) -> str:
    """Return the TopoJSON that stands under one immutable address.

    Raises
    ------
    UnknownLayer
        There is none, or it has another hash now.
    """
    runs = TravelRun.objects.filter(regency__code=regency_code, content_hash=content_hash)
    found = runs.exclude(content_hash="").values_list("topojson", flat=True).first()
    if found is None:
        raise UnknownLayer(code=regency_code, hash=content_hash)
    return found
