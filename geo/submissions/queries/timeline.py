"""What happened to a submission, and at whose desk it lay for how long."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from geo.submissions.models import Act, State, Submission, SubmissionEvent

SENDER, REVIEWER, OFFICE = "sender", "reviewer", "office"
DESKS: dict[str, Promise] = {
    SENDER: _("with the sender"),
    REVIEWER: _("with those who review it"),
    OFFICE: _("with the office, to be verified"),
}
# At whose desk it lies after something happened; what is not named leaves it there.
AFTER = {
    Act.RECEIVED: SENDER,
    Act.CHECKED: SENDER,
    Act.MENDED: SENDER,
    Act.SENT: REVIEWER,
    Act.RETURNED: SENDER,
    Act.APPROVED: OFFICE,
    Act.QUARANTINED: SENDER,
}
# After these it lies nowhere any more.
ENDS = (Act.VERIFIED, Act.UNDONE, Act.COUNTERED, Act.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, and for how many days it then lay at a desk."""

    event: SubmissionEvent
    desk: str
    days: int
    is_last: bool

    @property
    def desk_words(self) -> Promise | str:
        return DESKS.get(self.desk, "")


def read_timeline(submission: Submission) -> list[Step]:
    """The events of a submission in order, those of one stay at a desk told apart by days."""
    events = list(submission.events.select_related("version"))
    now = timezone.now()
    steps, desk = [], SENDER
    for place, event in enumerate(events):
        desk = "" if event.act in ENDS else AFTER.get(Act(event.act), desk)
        is_last = place == len(events) - 1
        if is_last and submission.state == State.VERIFIED:
            desk = ""
        until = now if is_last else events[place + 1].at
        steps.append(Step(event, desk, _days(event.at, until), is_last))
    return steps


def days_by_desk(steps: list[Step]) -> list[tuple[Promise | str, int]]:
    """How many days it lay at each desk so far, in the order in which it came there."""
    total: dict[str, int] = {}
    for step in steps:
        if step.desk:
            total[step.desk] = total.get(step.desk, 0) + step.days
    return [(DESKS[desk], days) for desk, days in total.items() if days]


def _days(start: datetime.datetime, end: datetime.datetime) -> int:
    return (timezone.localdate(end) - timezone.localdate(start)).days
