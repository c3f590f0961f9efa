"""The queue of those who review: what waits, for how long, and what is to be verified."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.areas.models import Area, Level
from geo.indicators.models import Dataset, Observation
from geo.submissions.models import State, Submission
from geo.submissions.queries.numbers import NUMBER

DECIDE, VERIFY, RETURNED, DONE = "putuskan", "verifikasi", "kembali", "selesai"


@dataclass(frozen=True)
class Shelf:
    """One part of the queue: which states, by whom they are dealt with, and its name."""

    code: str
    label: Promise
    states: Sequence[str]
    right: Right
    is_oldest_first: bool = True


SHELVES = {
    shelf.code: shelf
    for shelf in (
        Shelf(DECIDE, _("To decide"), [State.SENT], Right.REVIEW),
        Shelf(VERIFY, _("Published, to be verified"), [State.PUBLISHED], Right.VERIFY),
        Shelf(RETURNED, _("With the senders"), [State.RETURNED], Right.REVIEW),
        Shelf(
            DONE, _("Done"), [State.PUBLISHED, State.VERIFIED, State.UNDONE], Right.REVIEW, False
        ),
    )
}


@dataclass(frozen=True)
class Waiting:
    """One submission in the queue, and for how many days it has been lying there."""

    submission: Submission
    today: datetime.date
    is_own: bool

    @property
    def days(self) -> int:
        return max((self.today - timezone.localdate(self.submission.state_since)).days, 0)


@dataclass(frozen=True)
class Queue:
    """What one person has to review, narrowed down by what was asked for."""

    user: User
    shelf: Shelf
    district: str = ""
    dataset: str = ""
    q: str = ""

    def _of(self, shelf: Shelf) -> QuerySet[Submission]:
        rows = Submission.objects.in_hand_of(self.user, shelf.right)
        found = rows.filter(state__in=list(shelf.states))
        if shelf.code == DECIDE:
            # About a counter-entry only those decide who verify.
            theirs = Submission.objects.in_hand_of(self.user, Right.VERIFY).order_by()
            found = found.filter(Q(counter_to=None) | Q(pk__in=theirs.values("pk")))
        return found.filter(_stands()) if shelf.code == VERIFY else found

    @cached_property
    def shelves(self) -> list[tuple[Shelf, int]]:
        """The parts of the queue that concern this person, each with its number; three queries."""
        counts: Counter[tuple[Right, str]] = Counter()
        for right in (Right.REVIEW, Right.VERIFY):
            rows = Submission.objects.in_hand_of(self.user, right).order_by()
            told = rows.annotate(is_plain=Q(counter_to=None)).values_list("state", "is_plain")
            grouped = told.annotate(n=Count("pk"))
            for state, is_plain, n in grouped:
                is_of_verifiers = state == State.SENT and not is_plain
                if is_of_verifiers and right == Right.VERIFY:
                    counts[Right.REVIEW, state] += n
                elif not is_of_verifiers:
                    counts[right, state] += n
        parts = [
            (shelf, sum(counts[shelf.right, state] for state in shelf.states))
            for shelf in SHELVES.values()
        ]
        parts = [(one, self._of(one).count() if one.code == VERIFY else n) for one, n in parts]
        verifies = any(right == Right.VERIFY for right, _state in counts)
        return [(shelf, n) for shelf, n in parts if verifies or shelf.code != VERIFY]

    @property
    def rows(self) -> QuerySet[Submission]:
        """The submissions, the longest waiting first; of what is done the latest first."""
        found = self._of(self.shelf)
        if self.district:
            code = self.district
            found = found.filter(Q(area__code=code) | Q(area__parent__code=code))
        if self.dataset:
            found = found.filter(dataset__code=self.dataset)
        if self.q:
            found = found.filter(_meant(self.q))
        order = ("state_since", "pk") if self.shelf.is_oldest_first else ("-state_since", "-pk")
        related = found.select_related("dataset__sector", "area__parent", "current__created_by")
        without = ("area__boundary", "area__parent__boundary", "current__content")
        return related.defer(*without, "current__issues", "current__reasons").order_by(*order)

    @cached_property
    def districts(self) -> list[Area]:
        """Districts from which something is on the shelf."""
        here = self._of(self.shelf).order_by()
        own, above = here.values("area"), here.values("area__parent")
        found = Area.objects.filter(Q(pk__in=own) | Q(pk__in=above), level=Level.DISTRICT)
        return list(found.only("code", "name", "kind").order_by("code"))

    @cached_property
    def datasets(self) -> list[Dataset]:
        """Data sets of which something is on the shelf."""
        return list(
            Dataset.objects.filter(pk__in=self._of(self.shelf).order_by().values("dataset"))
        )

    def as_waiting(self, submissions: Sequence[Submission]) -> list[Waiting]:
        today = timezone.localdate()
        return [
            Waiting(one, today, self.user.pk in (one.created_by_id, _author(one)))
            for one in submissions
        ]


def _stands() -> Q:
    """Of what a district published, that of which figures still stand, so that somebody verifies.

    Lists of places, roads and opportunities are always told: nothing says it in one query.
    """
    figures = Observation.objects.as_of().filter(source__publication__submission=OuterRef("pk"))
    counted = [Dataset.Kind.VALUES, Dataset.Kind.LEDGER]
    return ~Q(dataset__kind__in=counted) | Q(Exists(figures))


def _author(submission: Submission) -> int | None:
    return submission.current.created_by_id if submission.current else None


def _meant(q: str) -> Q:
    """A number, whole or its digits, or part of the name of an area."""
    q = q.strip().replace("\x00", "")
    matched = NUMBER.fullmatch(q.upper())
    if matched:
        return Q(pk=int(matched[2]))
    if q.isdecimal() and len(q) < 12:
        return Q(pk=int(q))
    return Q(area__name__icontains=q) | Q(area__code=q)


def read_queue(
    user: User, *, shelf: str = "", district: str = "", dataset: str = "", q: str = ""
) -> Queue:
    """The queue of ``user``; an unknown shelf is the first that has anything on it."""
    first = Queue(user, SHELVES[DECIDE])
    if shelf in SHELVES and any(one.code == shelf for one, _n in first.shelves):
        chosen = SHELVES[shelf]
    else:
        chosen = next((one for one, n in first.shelves if n), SHELVES[DECIDE])
    return Queue(user, chosen, district, dataset, q)
