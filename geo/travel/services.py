"""Writing what was computed of ways: figures, the reach of ambulances, and the run itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from geo.areas.models import Area
from geo.indicators.models import Indicator, Observation, Source
from geo.indicators.services import NewValue, Published, note_change, publish_observations
from geo.travel.models import AmbulanceAccess, Obstacle, TravelRun


@dataclass(slots=True)
class NewAccess:
    """How an ambulance fares on its way to one village, with what bars it."""

    access: AmbulanceAccess
    obstacles: list[Obstacle] = field(default_factory=list)


@transaction.atomic
def publish_travel(
    *,
    run: TravelRun,
    values: Iterable[NewValue],
    reaches: Sequence[NewAccess],
    source: Source,
) -> Published:
    """Record one computation: its figures, who is reached, and what the network is like.

    Parameters
    ----------
    run
        Unsaved; replaces that of its regency.
    values
        Figures; those as before make no revision.
    reaches
        Replace all of the regency, of every season that they name.
    """
    published = publish_observations(values=list(values), source=source)
    seasons = {one.access.season for one in reaches}
    AmbulanceAccess.objects.filter(
        village__code__startswith=f"{run.regency.code}.", season__in=seasons
    ).delete()
    AmbulanceAccess.objects.bulk_create([one.access for one in reaches])
    obstacles = []
    for one in reaches:
        for position, obstacle in enumerate(one.obstacles, start=1):
            obstacle.access, obstacle.position = one.access, position
            obstacles.append(obstacle)
    Obstacle.objects.bulk_create(obstacles)
    run.computed_at = timezone.now()
    TravelRun.objects.filter(regency=run.regency).delete()
    run.save()
    return published


@transaction.atomic
def forget_travel(regency: Area) -> int:
    """Delete the run of a regency and its figures of invented roads; returns how many figures."""
    TravelRun.objects.filter(regency=regency).delete()
    AmbulanceAccess.objects.filter(village__code__startswith=f"{regency.code}.").delete()
    sources = list(Source.objects.filter(is_demo=True).values_list("pk", flat=True))
    indicators = list(
        Indicator.objects.filter(checks__from_travel=True).values_list("pk", flat=True)
    )
    figures = Observation.objects.filter(indicator__in=indicators, source__in=sources)
    changed = list(figures.values_list("indicator_id", "period").order_by().distinct())
    n_removed, _by_table = figures.delete()
    if changed:
        note_change(changed)
    return n_removed
