"""What is late in the whole regency, where it lies, and for how long."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from geo.accounts.models import User
from geo.accounts.queries import Act, access_of, as_reporter_of_all
from geo.attachments.models import Attachment
from geo.attachments.models import State as AttachmentState
from geo.inquiries.models import Inquiry, sees_all
from geo.submissions.kinds.registry import KINDS
from geo.submissions.models import State, Submission
from geo.submissions.queries.desk import OVERDUE, Round, Task, read_desk
from geo.submissions.queries.timeline import DESKS, OFFICE, REVIEWER, SENDER

OLDEST_SHOWN = 5
# Whose turn it is in each state; what has ended is nobody's.
LIES_WITH: dict[str, Sequence[str]] = {
    REVIEWER: [State.SENT],
    SENDER: [State.RETURNED, State.FAULTY, State.READY, State.QUARANTINED, State.RECEIVED],
    OFFICE: [State.PUBLISHED],
}


@dataclass(frozen=True)
class LateRound:
    """One data set and period that some villages or districts have not delivered."""

    round: Round
    districts: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Lying:
    """A submission, and for how many days it has been where it is."""

    submission: Submission
    days: int


@dataclass(frozen=True)
class Pile:
    """What lies at one kind of desk, the oldest first."""

    desk: str
    label: Promise
    n: int
    oldest: Sequence[Lying]


@dataclass(frozen=True)
class Waiting:
    """How many of one thing wait, and the longest of them for how many days."""

    n: int
    days: int


@dataclass(frozen=True)
class Overview:
    """The state of the regency's reporting today."""

    late: Sequence[LateRound]
    late_tasks: Sequence[Task]
    n_on_time: int
    piles: Sequence[Pile]
    questions: Waiting | None
    attachments: Waiting

    @property
    def n_late(self) -> int:
        """Data sets and periods of which something is overdue."""
        return len(self.late) + len(self.late_tasks)


def read_overview(user: User, today: datetime.date | None = None) -> Overview:
    """Read the whole regency for somebody who may see all of it."""
    today = today or timezone.localdate()
    desk = read_desk(as_reporter_of_all(user), KINDS, today)
    late = [one for one in desk.rounds if one.days_late]
    return Overview(
        late=[LateRound(one, _by_district(one)) for one in late],
        late_tasks=[task for task in desk.todo if task.phase == OVERDUE],
        n_on_time=len(desk.rounds) - len(late),
        piles=[_pile(name, states, today) for name, states in LIES_WITH.items()],
        questions=_questions(user, today),
        attachments=_attachments(today),
    )


def _by_district(late: Round) -> list[tuple[str, int]]:
    """How many are missing in each district, the most first."""
    names = [task.area.parent.name for task in late.missing if task.area.parent]
    return sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))


def _pile(desk: str, states: Sequence[str], today: datetime.date) -> Pile:
    rows = Submission.objects.filter(state__in=states)
    related = rows.select_related("dataset", "area__parent")
    oldest = related.defer("area__boundary", "area__parent__boundary").order_by("state_since", "pk")
    lying = [Lying(one, _days(one.state_since, today)) for one in oldest[:OLDEST_SHOWN]]
    return Pile(desk, DESKS[desk], rows.count(), lying)


def _questions(user: User, today: datetime.date) -> Waiting | None:
    """None for those who may not read questions."""
    if not (sees_all(user) or access_of(user).holds(Act.VERIFY)):
        return None
    return _waiting(Inquiry.objects.visible_to(user).waiting(), "waiting_since", today)


def _attachments(today: datetime.date) -> Waiting:
    waiting = Attachment.objects.filter(state=AttachmentState.WAITING)
    return _waiting(waiting, "received_at", today)


def _waiting(rows: QuerySet, since: str, today: datetime.date) -> Waiting:
    found = rows.order_by().aggregate(n=Count("pk"), since=Min(since))
    return Waiting(found["n"], _days(found["since"], today) if found["since"] else 0)


def _days(since: datetime.datetime, today: datetime.date) -> int:
    return max((today - timezone.localdate(since)).days, 0)
