"""Notices: what a person is told on the site, and what is still to be mailed."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.utils import timezone

from geo.accounts.models import User
from geo.submissions.models import Notice, Submission

# A mail that could not be sent for so long is not sent any more: the page has told it.
PATIENCE = datetime.timedelta(hours=24)
# What replaced figures of the submission that a notice is about.
REPLACING = "event__replacement__publication__submission"


def _with_event(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    related = rows.select_related(
        "event__submission__dataset__sector",
        "event__submission__area__parent__parent",
        "event__submission__created_by",
        "event__submission__counter_to__submission",
        f"{REPLACING}__created_by",
        f"{REPLACING}__dataset",
        f"{REPLACING}__area__parent__parent",
    )
    areas = ("event__submission__area", f"{REPLACING}__area")
    boundaries = ("boundary", "parent__boundary", "parent__parent__boundary")
    without = (f"{area}__{one}" for area in areas for one in boundaries)
    # All cells of a publication over a whole regency, of which a notice tells a few.
    cells = "event__replacement__publication__changes"
    return related.defer(*without, cells).order_by("-pk")


def notices_of(user: User) -> QuerySet[Notice]:
    """What a person was told, the latest first; about what they may still see."""
    seen = Submission.objects.visible_to(user).order_by().values("pk")
    return _with_event(Notice.objects.filter(user=user, event__submission__in=seen))


def to_be_mailed(now: datetime.datetime | None = None) -> QuerySet[Notice]:
    """Notices of people with an address that were not mailed yet and are not too old."""
    since = (now or timezone.now()) - PATIENCE
    waiting = Notice.objects.filter(
        emailed_at=None, read_at=None, event__at__gte=since, user__is_active=True
    )
    return _with_event(waiting.exclude(user__email="").select_related("user")).order_by("pk")
