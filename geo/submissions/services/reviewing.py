"""Reviewing: comments, returning, approving, verifying, undoing and counter-entries.

A decision locks the submission first, so that of two decisions, or of a
decision and a new upload, one comes before the other and the second is told.
What changes published figures is only asked for here; a worker does it
(``batch.publishing``) in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.indicators.models import Observation
from geo.lib.uploads.personal import masked
from geo.submissions.kinds import kind_of
from geo.submissions.models import (
    Act,
    CellComment,
    Job,
    Publication,
    Submission,
    SubmissionEvent,
)
from geo.submissions.rules.reviewing import (
    NothingStands,
    NotInPart,
    SayWhy,
    is_reviewer,
    require_other_hand,
    require_reviewer,
    require_seen,
    right_to_decide,
    rows_left_out,
    says_something,
)
from geo.submissions.rules.transitions import require
from geo.submissions.services.events import record
from geo.submissions.services.queueing import ask_for

LONGEST_NOTE = 4000


def locked(submission_id: int) -> Submission:
    """The submission as it stands, held until the open transaction ends."""
    rows = Submission.objects.select_for_update(of=("self",), no_key=True).select_related(
        "dataset__sector", "area__parent__parent", "current__file", "created_by", "job_version"
    )
    without = ("area__boundary", "area__parent__boundary", "area__parent__parent__boundary")
    return rows.defer(*without).get(pk=submission_id)


@transaction.atomic
def comment(
    *, submission: Submission, by: User, text: str, row_key: str = "", column: str = ""
) -> CellComment:
    """Say something about one cell, or, without a column, about a row, or about all of it.

    Raises
    ------
    NotYours, SayWhy, NotNow
    """
    submission = locked(submission.pk)
    require_reviewer(submission, by)
    require(submission, Act.COMMENTED)
    text = masked(text.strip()[:LONGEST_NOTE])
    if not text:
        raise SayWhy
    version = submission.current
    assert version is not None  # noqa: S101 (what can be commented on has one)
    said = CellComment.objects.create(
        submission=submission, version=version, row_key=row_key, column=column, text=text, by=by
    )
    # A notice each would bury the sender: the cells are told together when it is returned.
    if not submission.is_open:
        record(submission=submission, act=Act.COMMENTED, by=by, note=text)
    return said


@transaction.atomic
def return_to_sender(
    *, submission: Submission, by: User, content_hash: str, note: str = ""
) -> SubmissionEvent:
    """Give it back to be mended: with at least one comment or a note.

    Raises
    ------
    NotYours, NotNow, WorkGoesOn, StaleApproval, SayWhy
    """
    submission = locked(submission.pk)
    require_reviewer(submission, by, right_to_decide(submission))
    require(submission, Act.RETURNED)
    version = require_seen(submission, content_hash)
    note = note.strip()[:LONGEST_NOTE]
    if not note and not version.comments.filter(resolved_at=None).exists():
        raise SayWhy
    return record(submission=submission, act=Act.RETURNED, by=by, note=note)


@transaction.atomic
def approve(
    *,
    submission: Submission,
    by: User,
    content_hash: str,
    note: str = "",
    left_out: Iterable[str] = (),
) -> Submission:
    """Ask a worker to publish exactly the version that was seen.

    Whoever may verify also verifies by approving. Rows ``left_out`` are
    returned to the sender in a submission of their own.

    Raises
    ------
    NotYours, NotNow, WorkGoesOn, StaleApproval, OwnSubmission, NotInPart, SayWhy
    """
    submission = locked(submission.pk)
    require_reviewer(submission, by, right_to_decide(submission))
    require(submission, Act.APPROVED)
    version = require_seen(submission, content_hash)
    require_other_hand(submission, by)
    note = note.strip()[:LONGEST_NOTE]
    kept_out = _left_out(submission, left_out, note)
    verifies = is_reviewer(submission, by, Right.VERIFY)
    details = {"note": note, "left_out": kept_out, "verifies": verifies}
    ask_for(submission=submission, job=Job.PUBLISH, by=by, version=version, details=details)
    return submission


def _left_out(submission: Submission, keys: Iterable[str], note: str) -> list[str]:
    version = submission.current
    assert version is not None  # noqa: S101 (a sent submission has one)
    rows = (version.content or {}).get("rows", [])
    # An empty row publishes nothing: it is neither left out nor left over.
    known = [row["key"] for row in rows if row.get("geometry") or says_something(row["cells"])]
    wanted = rows_left_out(keys, known)
    if not wanted:
        return []
    number = submission.number
    if submission.counter_to_id or not kind_of(submission.dataset).rows_are_independent:
        raise NotInPart(number=number, why=_("its rows belong together."))
    if len(wanted) == len(set(known)):
        raise NotInPart(number=number, why=_("no row would be left. Return it instead."))
    said = set(version.comments.values_list("row_key", flat=True))
    if not note and not set(wanted) <= said:
        raise SayWhy
    return wanted


@transaction.atomic
def verify(*, submission: Submission, by: User, note: str = "") -> Submission:
    """Ask a worker to mark as verified what a district has published.

    Raises
    ------
    NotYours, NotNow, WorkGoesOn, OwnSubmission, NothingStands
    """
    asked = _ask(submission, by, Act.VERIFIED, Job.VERIFY, Right.VERIFY, note)
    require_standing(asked)
    return asked


def require_standing(submission: Submission) -> None:
    """Refuse to call verified what stands nowhere any more.

    Raises
    ------
    NothingStands
    """
    published = submission.publications.latest("published_at")
    if not kind_of(submission.dataset).stands(published.source):
        raise NothingStands(submission, replacing(published))


def replacing(published: Publication) -> list[str]:
    """Numbers of the submissions whose figures stand where those of a publication stood."""
    ended = Observation.objects.filter(source=published.source).order_by()
    cells = set(ended.values_list("area", "indicator", "period"))
    standing = Observation.objects.as_of().filter(
        area__in={area for area, _indicator, _period in cells},
        indicator__in={indicator for _area, indicator, _period in cells},
        period__in={period for _area, _indicator, period in cells},
    )
    found = standing.values_list("area", "indicator", "period", "source")
    sources = {source for *cell, source in found if tuple(cell) in cells}
    later = Publication.objects.filter(Q(source__in=sources) | Q(verified_source__in=sources))
    numbers = [one.submission.number for one in later.select_related("submission")]
    return list(dict.fromkeys(numbers))


@transaction.atomic
def undo(*, submission: Submission, by: User, note: str) -> Submission:
    """Ask a worker to make stand again what stood before, while nothing is verified yet.

    Raises
    ------
    NotYours, NotNow, WorkGoesOn, OwnSubmission, SayWhy
    """
    if not note.strip():
        raise SayWhy
    return _ask(submission, by, Act.UNDONE, Job.UNDO, Right.REVIEW, note)


def _ask(
    submission: Submission, by: User, act: Act, job: Job, right: Right, note: str
) -> Submission:
    submission = locked(submission.pk)
    require_reviewer(submission, by, right)
    require(submission, act)
    require_other_hand(submission, by)
    published = submission.publications.first()
    assert published is not None  # noqa: S101 (the state says so)
    details = {"note": note.strip()[:LONGEST_NOTE]}
    ask_for(submission=submission, job=job, by=by, version=published.version, details=details)
    return submission
