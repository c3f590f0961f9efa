"""Computing anew when roads, boat links or places have changed: what the job worker runs."""

from __future__ import annotations

import logging

from django.conf import settings
from django_q.models import Schedule

from geo.roads.models import Road
from geo.travel.batch.compute import TravelReport, compute_travel_times, digest_of_inputs
from geo.travel.models import TravelRun

logger = logging.getLogger(__name__)

NAME = "travel times"
EVERY_MINUTES = 5


def refresh_if_stale(regency_code: str = "") -> TravelReport | None:
    """Compute unless nothing has changed since; returns None where nothing had to be done."""
    code = regency_code or settings.REGENCY_CODE
    if not Road.objects.current().with_line().exists():
        return None
    stored = TravelRun.objects.filter(regency__code=code, regency__valid_to=None)
    if stored.filter(inputs=digest_of_inputs(code)).exists():
        return None
    return compute_travel_times(code)


def refresh_travel_times() -> str:
    """What the schedule calls; the text is kept with the job."""
    report = refresh_if_stale()
    if report is None:
        return "unchanged"
    published = report.published
    logger.info("travel times: %d new, %d changed", published.new, published.changed)
    return f"{published.new} new, {published.changed} changed"


def schedule_refreshing() -> None:
    """Ask the job worker to look every few minutes; asking again changes nothing."""
    Schedule.objects.update_or_create(
        name=NAME,
        defaults={
            "func": f"{__name__}.{refresh_travel_times.__name__}",
            "schedule_type": Schedule.MINUTES,
            "minutes": EVERY_MINUTES,
            "repeats": -1,
        },
    )
