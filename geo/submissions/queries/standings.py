"""Where submissions stand, light enough to be read for all villages at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    Count,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.accounts.queries import access_of
from geo.areas.models import Area, Level
from geo.indicators.models import Dataset, Observation
from geo.population.rules import SURE_CODES
from geo.submissions.models import (
    OPEN_STATES,
    Act,
    CellComment,
    Publication,
    State,
    Submission,
    SubmissionEvent,
)

Subject = tuple[int, str, int]  # data set, period, area
DELIVERED = (State.SENT, State.PUBLISHED, State.VERIFIED)
# Rows of a grid in which anything is typed; openings are filled in beforehand.
FILLED_ROWS = (
    "$.rows[*] ? (exists (@.cells.keyvalue()"
    ' ? (@.value != null && !(@.key starts with "opening_")))).key'
)


@dataclass(frozen=True, slots=True)
class Waits:
    """A counter-entry on its way, and since when."""

    number: str
    since: datetime.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A submission as a desk shows it; ``rows`` are the villages that it fills in."""

    pk: int
    year: int
    dataset_id: int
    period: str
    area_id: int
    state: str
    since: datetime.datetime
    job: str
    note: str
    by_name: str
    n_comments: int
    rows: frozenset[str]
    # A counter-entry that waits to take it back.
    counter: Waits | None = None

    @property
    def number(self) -> str:
        return f"PB-{self.year}-{self.pk:06d}"

    @property
    def subject(self) -> Subject:
        return self.dataset_id, self.period, self.area_id


@dataclass(frozen=True, slots=True)
class Standings:
    """All that stands: the submission of each form, and figures that came without one."""

    by_subject: Mapping[Subject, Standing] = field(default_factory=dict)
    # Submissions for many villages at once, by data set and period.
    together: Mapping[tuple[int, str], list[Standing]] = field(default_factory=dict)
    # Villages whose figures are published already, whoever brought them, by data set and period.
    known: Mapping[tuple[int, str], frozenset[int]] = field(default_factory=dict)

    def is_known(self, subject: Subject) -> bool:
        dataset_id, period, area_id = subject
        return area_id in self.known.get((dataset_id, period), ())

    def covering(self, dataset_id: int, period: str, code: str) -> Standing | None:
        """The submission for many villages that fills in this one too."""
        found = self.together.get((dataset_id, period), ())
        return next((one for one in found if code in one.rows), None)


def read_standings(user: User, periods: Mapping[Dataset, Iterable[str]]) -> Standings:
    """Read all submissions that ``user`` answers for: two queries, however many villages.

    Parameters
    ----------
    periods
        By data set, the periods that are asked for; what is on its way
        is read for other periods too.
    """
    asked = Q(state__in=OPEN_STATES)
    for dataset, wanted in periods.items():
        asked |= Q(dataset=dataset, period__in=list(wanted))
    # A counter-entry is nothing that was reported: the form stands as the first submission does.
    rows = Submission.objects.filter(_reach(user), asked, counter_to=None)
    rows = rows.exclude(state=State.WITHDRAWN).annotate(**_told())
    by_subject: dict[Subject, Standing] = {}
    together: dict[tuple[int, str], list[Standing]] = {}
    # The one on its way comes last, and stands; else the latest.
    for one in sorted(map(_standing, rows.values(*FIELDS)), key=_weight):
        by_subject[one.subject] = one
        if one.rows and one.state in DELIVERED:
            together.setdefault((one.dataset_id, one.period), []).append(one)
    return Standings(by_subject, together, _known(user, periods))


FIELDS = (
    "pk", "created_at__year", "dataset_id", "period", "area_id", "state", "state_since", "job",
    "told_note", "told_by", "n_comments", "filled_rows", "counter_pk", "counter_since",
    "left_out",
)  # fmt: skip


def _reach(user: User) -> Q:
    """What ``user`` reports, and what others reported for the same villages together."""
    access = access_of(user)
    own = access.scope(Right.REPORT)
    villages = [grant.area_id for grant in access.grants if grant.area_level == Level.VILLAGE]
    if not villages:
        return own
    below = Q(children__in=villages) | Q(children__children__in=villages)
    return own | Q(area__in=Area.objects.filter(below).values("pk"))


def _told() -> dict[str, Subquery | Coalesce | Case]:
    """What was said when it was returned, how many cells were commented on, its rows, a counter."""
    counters = Submission.objects.open().filter(counter_to__submission=OuterRef("pk"))
    said = SubmissionEvent.objects.filter(
        submission=OuterRef("pk"), act__in=[Act.RETURNED, Act.UNDONE, Act.QUARANTINED]
    ).order_by("-pk")
    comments: QuerySet = CellComment.objects.filter(submission=OuterRef("pk"), resolved_at=None)
    is_many = ~Q(area__level=Level.VILLAGE)
    published = Publication.objects.filter(submission=OuterRef("pk"))
    counted = comments.order_by().values("submission").annotate(n=Count("pk")).values("n")
    return {
        "told_note": Subquery(said.values("note")[:1]),
        "told_by": Subquery(said.values("by_name")[:1]),
        "n_comments": Coalesce(Subquery(counted), 0),
        "counter_pk": Subquery(counters.values("pk")[:1]),
        "counter_since": Subquery(counters.values("created_at")[:1]),
        "left_out": Subquery(published.values("left_out")[:1]),
        "filled_rows": Case(When(is_many, then=_FilledRows("current__content"))),
    }


class _FilledRows(Func):
    """Keys of the rows of a grid in which anything is typed."""

    function = "jsonb_path_query_array"
    template = f"%(function)s(%(expressions)s, '{FILLED_ROWS}')"
    output_field = JSONField()


def _standing(row: Mapping) -> Standing:
    return Standing(
        pk=row["pk"],
        year=row["created_at__year"],
        dataset_id=row["dataset_id"],
        period=row["period"],
        area_id=row["area_id"],
        state=row["state"],
        since=row["state_since"],
        job=row["job"],
        note=row["told_note"] or "",
        by_name=row["told_by"] or "",
        n_comments=row["n_comments"],
        # What a partial approval left out was not delivered with it.
        rows=frozenset(row["filled_rows"] or ()) - frozenset(row["left_out"] or ()),
        counter=_waits(row["counter_pk"], row["counter_since"]),
    )


def _waits(pk: int | None, since: datetime.datetime | None) -> Waits | None:
    if pk is None or since is None:
        return None
    return Waits(Submission(pk=pk, created_at=since).number, since)


def _weight(one: Standing) -> tuple[bool, bool, int]:
    return one.state in OPEN_STATES, one.state != State.UNDONE, one.pk


def contents_of(dataset: Dataset) -> list[str]:
    """Codes of the indicators that a data set makes known in its own periods."""
    if dataset.kind == Dataset.Kind.LEDGER:
        return list(SURE_CODES)
    return dataset.contents if dataset.kind == Dataset.Kind.VALUES else []


def _known(
    user: User, periods: Mapping[Dataset, Iterable[str]]
) -> dict[tuple[int, str], frozenset[int]]:
    """Areas with all published figures; made-up ones count in a demonstration only; one query."""
    wanted = Q(pk__in=[])
    for dataset, asked in periods.items():
        wanted |= Q(indicator__code__in=contents_of(dataset), period__in=list(asked))
    rows = Observation.objects.as_of().filter(wanted)
    if not user.is_demo:
        rows = rows.filter(source__is_demo=False)
    grouped = rows.values("indicator__code", "period").annotate(areas=ArrayAgg("area_id"))
    by_code = {
        (code, period): frozenset(areas)
        for code, period, areas in grouped.values_list("indicator__code", "period", "areas")
    }
    found = {}
    for dataset, asked in periods.items():
        for period in asked:
            sets = [by_code.get((code, period), frozenset()) for code in contents_of(dataset)]
            found[dataset.pk, period] = frozenset.intersection(*sets) if sets else frozenset()
    return found


def submissions_of(dataset: Dataset, period: str, area: Area) -> QuerySet[Submission]:
    """All that was ever brought in for one form, the latest first."""
    rows = Submission.objects.about(dataset, period, area).select_related("created_by")
    return rows.select_related("current__file").order_by("-pk")
