"""Demonstration boat links for villages that no invented road reaches, and all travel times."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from geo.areas.models import Area
from geo.areas.queries import regency
from geo.indicators.models import Source
from geo.lib.coverage import reproject
from geo.lib.demo import Counts
from geo.lib.lines import LON_LAT_GRID
from geo.lib.networks import near_pairs
from geo.roads.models import Crossing, Road, Season, Vehicle
from geo.roads.services import remove_demo_crossings, save_crossings
from geo.travel.batch.declared import Declared, read_declared
from geo.travel.batch.jobs import refresh_if_stale
from geo.travel.batch.network import Network, build_network
from geo.travel.batch.points import Groups, read_points
from geo.travel.services import forget_travel

# A ferry for cars goes where both sides have roads worth driving to; elsewhere boats do.
FERRY_FROM_VILLAGES = 10
LONGEST_LINK_M = 30_000
FERRY = {"speed_kmh": 12.0, "waiting_minutes": 20.0}
BOAT = {"speed_kmh": None, "waiting_minutes": 15.0}
ON_FERRY = [Vehicle.CAR, Vehicle.TRUCK, Vehicle.MOTORCYCLE, Vehicle.AMBULANCE, Vehicle.BOAT]
ON_BOAT = [Vehicle.MOTORCYCLE, Vehicle.BOAT]


@transaction.atomic
def load_demo(*, seed: int, progress: Callable[[Iterable], Iterable] = iter) -> Counts:
    """Join what the invented roads leave apart by boat, then compute all travel times."""
    if not Road.objects.current().filter(source__is_demo=True).exists():
        return Counts()
    done = None
    invented = Source.objects.filter(is_demo=True).order_by("pk")[0]
    if not Crossing.objects.filter(source__is_demo=False).exists():
        done = save_crossings(crossings=_links(), source=invented)
    report = refresh_if_stale()
    new, changed = (done.new, done.changed) if done else (0, 0)
    if report is not None:
        new, changed = new + report.published.new, changed + report.published.changed
    return Counts(new, changed, done.unchanged if done else 0)


@transaction.atomic
def remove_demo() -> int:
    """Delete invented boat links and what was computed of invented roads."""
    remove_demo_crossings()
    return forget_travel(regency())


def _links() -> list[Crossing]:
    """The shortest links that join separate networks: a spanning tree of their villages."""
    declared = read_declared()
    groups = read_points(settings.REGENCY_CODE, declared)
    villages = groups.villages
    network = build_network(groups, declared.speeds, with_crossings=False)
    piece = _pieces(network)
    sizes = {number: int(np.sum(piece == number)) for number in set(piece.tolist())}
    joined = {number: number for number in sizes}
    goals = _villages_with_goals(groups, declared)

    def find(number: int) -> int:
        while joined[number] != number:
            number = joined[number]
        return number

    links = []
    for a, b in near_pairs(groups.xy[: len(villages)]):
        here, there = find(int(piece[a])), find(int(piece[b]))
        far = float(np.hypot(*(groups.xy[a] - groups.xy[b]))) > LONGEST_LINK_M
        if far or here == there:
            continue
        is_ferry = min(sizes[here], sizes[there]) >= FERRY_FROM_VILLAGES or a in goals or b in goals
        joined[here] = there
        sizes[there] += sizes[here]
        ends = groups.xy[[a, b]]
        links.append(_link(len(links) + 1, villages[a], villages[b], ends, groups, is_ferry))
    return links


def _villages_with_goals(groups: Groups, declared: Declared) -> set[int]:
    """Villages where one enters a port or a city: lorries go there, too."""
    named = declared.destinations.points.get(settings.REGENCY_CODE, {}).values()
    codes = {spot.village for point in named for spot in point.at if not spot.district}
    return {number for number, village in enumerate(groups.villages) if village.code in codes}


def _pieces(network: Network) -> np.ndarray:
    """To which separate network each village belongs; one that reaches no road is its own."""
    labels = network.noded.components()
    n_villages = len(network.groups.villages)
    piece = np.arange(n_villages) + int(labels.max(initial=0)) + 1
    # Links come with the nearest road of a point first, so that it is written last.
    links = network.noded.links
    of_village = np.flatnonzero(links.point < n_villages)[::-1]
    piece[links.point[of_village]] = labels[links.node[of_village]]
    return piece


def _link(
    number: int, first: Area, second: Area, ends: np.ndarray, groups: Groups, is_ferry: bool
) -> Crossing:
    line = np.array([shapely.LineString(ends)], dtype=object)
    degrees = shapely.set_precision(reproject(line, groups.srid, 4326), LON_LAT_GRID)[0]
    return Crossing(
        code=f"{'F' if is_ferry else 'B'}{number:02d}",
        name=f"{first.name} – {second.name}",
        line=GEOSGeometry(memoryview(shapely.to_wkb(degrees)), srid=4326),
        vehicles=[str(one) for one in (ON_FERRY if is_ferry else ON_BOAT)],
        seasons=list(Season.values),
        **(FERRY if is_ferry else BOAT),
    )
