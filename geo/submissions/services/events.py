"""What happened to a submission, written once and told to those whom it concerns."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.accounts.queries import people_who_may
from geo.submissions.models import (
    Act,
    Notice,
    State,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
)
from geo.submissions.rules.transitions import TRANSITIONS

# Whom an event concerns, by the right that they hold; its own author is not told.
TOLD = {
    Act.SENT: Right.REVIEW,
    Act.WITHDRAWN: Right.REVIEW,
    Act.COMMENTED: Right.REPORT,
    Act.RETURNED: Right.REPORT,
    Act.APPROVED: Right.REPORT,
    Act.VERIFIED: Right.REPORT,
    Act.UNDONE: Right.REPORT,
    Act.COUNTERED: Right.REPORT,
    Act.QUARANTINED: Right.REPORT,
}


@transaction.atomic
def record(
    *,
    submission: Submission,
    act: str,
    by: User | None,
    note: str = "",
    version: SubmissionVersion | None = None,
    state: str = "",
) -> SubmissionEvent:
    """Write that something happened, move the submission, and leave notices.

    Parameters
    ----------
    by
        None for what a worker did by itself.
    version
        The current one unless told.
    state
        Where it leads, for acts that leave it open (checked, mended).
    """
    event = SubmissionEvent.objects.create(
        submission=submission,
        version=version or submission.current,
        act=act,
        by=by,
        by_name=_name(by),
        note=note,
    )
    to = state or TRANSITIONS[act][1]
    if to and to != submission.state:
        submission.state, submission.state_since = to, timezone.now()
        submission.save(update_fields=["state", "state_since"])
    people = _told(event)
    Notice.objects.bulk_create([Notice(user=person, event=event) for person in people])
    return event


def _name(by: User | None) -> str:
    if by is None:
        return ""
    return f"{by}, {by.office_title}" if by.office_title else str(by)


def _told(event: SubmissionEvent) -> QuerySet[User]:
    right = TOLD.get(Act(event.act))
    if right is None:
        return User.objects.none()
    submission = event.submission
    people = people_who_may(right, area=submission.area, sector_id=submission.dataset.sector_id)
    if right == Right.REPORT:
        # Of all who might report, those who did, and those who answer for the very area.
        own = people.filter(assignments__area=submission.area)
        people = own.union(User.objects.filter(pk=submission.created_by_id, is_active=True))
        people = User.objects.filter(pk__in=[person.pk for person in people])
    return people.exclude(pk=event.by_id) if event.by_id else people


def state_after_check(has_errors: bool) -> str:
    """Where a checked submission stands."""
    return State.FAULTY if has_errors else State.READY
