"""What happened to a submission, written once and told to those whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.accounts.queries import people_who_may
from geo.lib.uploads.personal import masked
from geo.submissions.models import (
    Act,
    Notice,
    State,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
)
from geo.submissions.rules.reviewing import authors_of, right_to_decide
from geo.submissions.rules.transitions import TRANSITIONS

# Whom an event concerns: whoever had a hand in what was sent (always), those who answer for the
# very area, and those who decide about it. Its own author is not told.
SENDERS, REVIEWERS = "senders", "reviewers"
TOLD: dict[str, tuple[str, ...]] = {
    Act.SENT: (SENDERS, REVIEWERS),
    Act.WITHDRAWN: (SENDERS, REVIEWERS),
    Act.COMMENTED: (SENDERS,),
    Act.RETURNED: (SENDERS,),
    Act.APPROVED: (SENDERS,),
    Act.VERIFIED: (SENDERS,),
    Act.UNDONE: (SENDERS,),
    Act.COUNTERED: (SENDERS,),
    # Told for many submissions at once, by ``record_each``.
    Act.REPLACED: (SENDERS,),
    Act.RESTORED: (SENDERS,),
    Act.QUARANTINED: (SENDERS,),
}
# Nobody of the area sent a counter-entry: they hear that it waits, and, on the first submission,
# that it took something back.
OF_COUNTER: dict[str, tuple[str, ...]] = {
    Act.SENT: (SENDERS, REVIEWERS),
    Act.WITHDRAWN: (SENDERS, REVIEWERS),
    Act.COMMENTED: (),
    Act.RETURNED: (),
    Act.APPROVED: (),
}

# Whoever does one of these has read the news that led to it.
DECISIONS = (Act.RETURNED, Act.APPROVED, Act.VERIFIED, Act.UNDONE, Act.COUNTERED)


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
        note=masked(note),
    )
    to = state or TRANSITIONS[act][1]
    if to and to != submission.state:
        submission.state, submission.state_since = to, timezone.now()
        submission.save(update_fields=["state", "state_since"])
    if act in DECISIONS:
        told = Notice.objects.filter(user=by, event__submission=submission, read_at=None)
        told.update(read_at=timezone.now())
    people = _told(event)
    Notice.objects.bulk_create([Notice(user=person, event=event) for person in people])
    return event


@transaction.atomic
def record_each(
    *, told: Mapping[Submission, Iterable[int]], act: str, by: User, note: str
) -> list[SubmissionEvent]:
    """Write that the same happened to many submissions, with two queries for all of them.

    Parameters
    ----------
    told
        By submission, ids of those who get a notice; the submissions stay in their states.

    Returns
    -------
    list of SubmissionEvent
        In the order of ``told``.
    """
    facts = {"act": act, "by": by, "by_name": _name(by), "note": masked(note)}
    events = SubmissionEvent.objects.bulk_create(
        SubmissionEvent(submission=one, version_id=one.current_id, **facts) for one in told
    )
    Notice.objects.bulk_create(
        Notice(user_id=person, event=event)
        for event, people in zip(events, told.values(), strict=True)
        for person in people
    )
    return events


def _name(by: User | None) -> str:
    if by is None:
        return ""
    return f"{by}, {by.office_title}" if by.office_title else str(by)


def _told(event: SubmissionEvent) -> QuerySet[User]:
    submission = event.submission
    circles = (OF_COUNTER if submission.counter_to_id else TOLD).get(event.act)
    if circles is None:
        return User.objects.none()
    people = set(authors_of(submission))
    if SENDERS in circles:
        # Of all who might report, those who answer for the very area.
        own = _who_may(Right.REPORT, submission).filter(assignments__area=submission.area)
        people |= set(own.values_list("pk", flat=True))
    if REVIEWERS in circles and _came_to_reviewers(event):
        deciding = _who_may(right_to_decide(submission), submission)
        people |= set(deciding.values_list("pk", flat=True))
    return User.objects.filter(pk__in=people - {event.by_id}, is_active=True)


def _who_may(right: Right, submission: Submission) -> QuerySet[User]:
    sector_id = submission.dataset.sector_id
    return people_who_may(right, area=submission.area, sector_id=sector_id)


def _came_to_reviewers(event: SubmissionEvent) -> bool:
    """Whether they have heard of it: what was never sent is withdrawn without a word to them."""
    return event.submission.events.filter(act=Act.SENT).exists()


def state_after_check(has_errors: bool) -> str:
    """Where a checked submission stands."""
    return State.FAULTY if has_errors else State.READY
