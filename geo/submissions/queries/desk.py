"""My desk: what is due, returned, waiting and done, for whoever reports."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import User
from geo.accounts.queries import ANY_SECTOR, Act, Grant, access_of
from geo.areas.models import Area, Level
from geo.indicators.models import Dataset
from geo.submissions.models import Notice, State
from geo.submissions.queries.calendar import Opening, due_on, expected_periods, next_opening
from geo.submissions.queries.notices import notices_of
from geo.submissions.queries.standings import DELIVERED, Standing, Standings, read_standings

MOST_NEWS = 5
TODO, WAITING, DONE = "todo", "waiting", "done"
OVERDUE, DUE, MEND, SEND, BROKEN, CHECKING, KNOWN, TOGETHER = (
    "overdue", "due", "mend", "send", "broken", "checking", "known", "together",
)  # fmt: skip
PHASES: dict[str, str] = {
    State.RETURNED: State.RETURNED,
    State.FAULTY: MEND,
    State.READY: SEND,
    State.QUARANTINED: BROKEN,
    State.RECEIVED: CHECKING,
    State.SENT: State.SENT,
    State.PUBLISHED: State.PUBLISHED,
    State.VERIFIED: State.VERIFIED,
}
GROUPS = {
    TODO: (State.RETURNED, MEND, BROKEN, SEND, OVERDUE, DUE),
    WAITING: (CHECKING, State.SENT),
    DONE: (State.PUBLISHED, State.VERIFIED, KNOWN, TOGETHER),
}
LABELS = {
    State.RETURNED: _("returned to you"),
    MEND: _("problems to mend"),
    BROKEN: _("could not be checked"),
    SEND: _("not sent yet"),
    OVERDUE: _("overdue"),
    DUE: _("due"),
    CHECKING: _("being checked"),
    State.SENT: _("waiting for review"),
    State.PUBLISHED: _("published, not yet verified"),
    State.VERIFIED: _("verified"),
    KNOWN: _("published"),
    TOGETHER: _("sent together with other villages"),
}
REPORTERS: dict[str, str] = {
    Level.VILLAGE: Dataset.Reporter.VILLAGE,
    Level.DISTRICT: Dataset.Reporter.DISTRICT,
    Level.REGENCY: Dataset.Reporter.OFFICE,
}


@dataclass(frozen=True)
class Task:
    """One form that somebody fills in, and where it stands on ``today``."""

    dataset: Dataset
    period: str
    area: Area
    today: datetime.date
    standing: Standing | None = None
    is_known: bool = False
    is_together: bool = False

    @cached_property
    def phase(self) -> str:
        if self.standing and self.standing.state in PHASES:
            return PHASES[self.standing.state]
        if self.is_together:
            return TOGETHER
        if self.is_known:
            return KNOWN
        return OVERDUE if self.today > self.due_on else DUE

    @property
    def group(self) -> str:
        return next(group for group, phases in GROUPS.items() if self.phase in phases)

    @property
    def label(self):
        return LABELS[self.phase]

    @property
    def due_on(self) -> datetime.date:
        return due_on(self.dataset, self.period)

    @property
    def days_late(self) -> int:
        return max((self.today - self.due_on).days, 0)

    @property
    def days_left(self) -> int:
        return max((self.due_on - self.today).days, 0)

    @property
    def days_there(self) -> int:
        """For how many days it has been lying where it lies."""
        if self.standing is None:
            return 0
        return (self.today - timezone.localdate(self.standing.since)).days

    @property
    def is_begun(self) -> bool:
        """Whether there is a submission of it to be opened."""
        return self.standing is not None and self.phase not in (OVERDUE, DUE, TOGETHER)

    @property
    def is_returned(self) -> bool:
        return self.phase == State.RETURNED

    @property
    def order(self) -> tuple[int, datetime.date, str]:
        return GROUPS[self.group].index(self.phase), self.due_on, self.dataset.code


@dataclass(frozen=True)
class Round:
    """One data set and period over all the areas of which each delivers its own."""

    dataset: Dataset
    period: str
    area: Area
    tasks: Sequence[Task]

    @property
    def key(self) -> str:
        return f"{self.dataset.code}:{self.period}"

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(task.phase for task in self.tasks)

    @property
    def n_expected(self) -> int:
        return len(self.tasks)

    @cached_property
    def n_delivered(self) -> int:
        delivered = (*GROUPS[DONE], *DELIVERED)
        return sum(n for phase, n in self.counts.items() if phase in delivered)

    @property
    def n_returned(self) -> int:
        return self.counts[State.RETURNED]

    @property
    def n_begun(self) -> int:
        """Delivered to the site, but neither sent nor returned yet."""
        return sum(self.counts[phase] for phase in (MEND, SEND, BROKEN, CHECKING))

    @cached_property
    def missing(self) -> list[Task]:
        """Those that have not delivered, in the order of their codes."""
        return [one for one in self.tasks if one.group == TODO or one.phase == CHECKING]

    @property
    def is_whole(self) -> bool:
        return self.n_delivered == self.n_expected

    @property
    def days_late(self) -> int:
        return self.tasks[0].days_late if not self.is_whole else 0

    @property
    def due_on(self) -> datetime.date:
        return due_on(self.dataset, self.period)


@dataclass(frozen=True)
class Desk:
    """All that one person has on the desk today."""

    tasks: Sequence[Task]
    rounds: Sequence[Round]
    notices: Sequence[Notice]
    opening: Opening | None = None
    areas: Sequence[Area] = field(default_factory=list)

    @cached_property
    def todo(self) -> list[Task]:
        return self._of(TODO)

    @cached_property
    def waiting(self) -> list[Task]:
        return self._of(WAITING)

    @cached_property
    def done(self) -> list[Task]:
        return sorted(self._of(DONE), key=lambda one: one.due_on, reverse=True)

    def _of(self, group: str) -> list[Task]:
        return sorted((one for one in self.tasks if one.group == group), key=lambda one: one.order)


def read_desk(user: User, kinds: Iterable[str], today: datetime.date | None = None) -> Desk:
    """Read the desk of ``user``: six queries, for one village as for all of them.

    Parameters
    ----------
    kinds
        Kinds of data sets that can be delivered.
    """
    today = today or timezone.localdate()
    grants = [grant for grant in access_of(user).grants if grant.allows(Act.REPORT)]
    datasets = [
        one
        for one in Dataset.objects.filter(kind__in=list(kinds)).select_related("sector")
        if any(grant.covers_sector(one.sector_id) for grant in grants)
    ]
    areas = _areas(user)
    asked = {dataset: expected_periods(dataset, today) for dataset in datasets}
    desk = _Reader(today, asked, areas, read_standings(user, asked))
    tasks, rounds = desk.tasks(grants), desk.rounds(grants)
    own = [one for one in datasets if any(task.dataset == one for task in tasks)]
    opening = next_opening(own or datasets, today)
    return Desk(tasks, rounds, _notices(user), opening, [areas[n] for n in _own(grants, areas)])


def _areas(user: User) -> dict[int, Area]:
    mine = access_of(user).scope(Act.REPORT, area="", sector=ANY_SECTOR)
    code = settings.REGENCY_CODE
    here = Q(code=code) | Q(code__startswith=f"{code}.")
    rows = Area.objects.current().filter(mine, here).select_related("parent").order_by("code")
    names = ("code", "name", "kind", "level")
    return {area.pk: area for area in rows.only(*names, "parent", *(f"parent__{n}" for n in names))}


def _own(grants: Sequence[Grant], areas: dict[int, Area]) -> list[int]:
    """Areas for which somebody answers themselves, the regency where no area is named."""
    whole = [area.pk for area in areas.values() if area.level == Level.REGENCY]
    found = [pk for one in grants for pk in ([one.area_id] if one.area_id else whole)]
    return [pk for pk in dict.fromkeys(found) if pk in areas]


def _notices(user: User) -> list[Notice]:
    """The latest news of each submission: that it was returned is old once it is published.

    That a counter-entry waits is old once the submission has been taken back by it.
    """
    unread = notices_of(user).filter(read_at=None)
    about = Coalesce("event__submission__counter_to__submission", "event__submission")
    by_subject = unread.order_by().annotate(about=about).values("about")
    latest = by_subject.annotate(newest=Max("pk"))
    return list(unread.filter(pk__in=latest.values("newest"))[:MOST_NEWS])


@dataclass(frozen=True)
class _Reader:
    """Puts together what is asked for and what stands."""

    today: datetime.date
    asked: dict[Dataset, list[str]]
    areas: dict[int, Area]
    standings: Standings

    def tasks(self, grants: Sequence[Grant]) -> list[Task]:
        """What the person fills in: their own areas' forms, and whatever was begun there."""
        found: dict[tuple[int, str, int], Task] = {}
        for grant in grants:
            for area in map(self.areas.__getitem__, _own([grant], self.areas)):
                for dataset in self._datasets(grant, area):
                    for period in self.asked[dataset]:
                        found[dataset.pk, period, area.pk] = self._task(dataset, period, area)
        own, by_id = set(_own(grants, self.areas)), {one.pk: one for one in self.asked}
        for subject, one in self.standings.by_subject.items():
            if one.dataset_id in by_id and subject not in found and one.area_id in own:
                area = self.areas[one.area_id]
                found[subject] = self._task(by_id[one.dataset_id], one.period, area)
        return list(found.values())

    def rounds(self, grants: Sequence[Grant]) -> list[Round]:
        """What areas below fill in, for whoever answers for them together."""
        found: dict[tuple[int, str, int], Round] = {}
        for grant in grants:
            for top in map(self.areas.__getitem__, _own([grant], self.areas)):
                if top.level != Level.VILLAGE:
                    for one in self._rounds(grant, top):
                        found[one.dataset.pk, one.period, top.pk] = one
        return sorted(found.values(), key=lambda one: (one.is_whole, -one.days_late, one.key))

    def _rounds(self, grant: Grant, top: Area) -> Iterable[Round]:
        below = {
            reporter: [
                area
                for area in self.areas.values()
                if area.level == level and top.pk in (area.parent_id, self._above(area))
            ]
            for level, reporter in REPORTERS.items()
        }
        for dataset, periods in self.asked.items():
            if grant.covers_sector(dataset.sector_id) and below.get(dataset.reporter):
                members = below[dataset.reporter]
                for period in periods:
                    tasks = [self._task(dataset, period, area) for area in members]
                    yield Round(dataset, period, top, tasks)

    def _above(self, area: Area) -> int | None:
        upper = self.areas.get(area.parent_id or 0)
        return upper.parent_id if upper else None

    def _datasets(self, grant: Grant, area: Area) -> list[Dataset]:
        return [
            one
            for one in self.asked
            if one.reporter == REPORTERS[area.level] and grant.covers_sector(one.sector_id)
        ]

    def _task(self, dataset: Dataset, period: str, area: Area) -> Task:
        subject = dataset.pk, period, area.pk
        together = None
        if area.level == Level.VILLAGE:
            together = self.standings.covering(dataset.pk, period, area.code)
        return Task(
            dataset,
            period,
            area,
            self.today,
            standing=self.standings.by_subject.get(subject),
            is_known=self.standings.is_known(subject),
            is_together=together is not None,
        )
