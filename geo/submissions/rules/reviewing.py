"""Who may review what, and what a review may not do; pure checks and their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.accounts.queries import access_of
from geo.lib.errors import GeoError
from geo.lib.grids import Cell
from geo.submissions.models import Act, Submission, SubmissionEvent, SubmissionVersion

# Whoever did one of these to a version is its author.
AUTHORSHIP = (Act.RECEIVED, Act.MENDED, Act.SENT)


class NotYours(GeoError):
    """The person does not review this area and sector: for them it does not exist."""

    status = 404
    template = gettext_lazy("There is no submission %(number)s that you may review.")


class OwnSubmission(GeoError):
    """Nobody approves or verifies what they sent themselves."""

    status = 409
    template = gettext_lazy(
        "%(number)s is your own: you brought it in, mended it or sent it. Somebody else must "
        "decide about it."
    )


class StaleApproval(GeoError):
    """What was seen is not what is waiting now; ``current`` is."""

    status = 409
    template = gettext_lazy(
        "%(number)s has changed since you opened it: you saw version %(seen)s, now version "
        "%(current)s is waiting. Nothing was decided. Look at what changed, then decide again."
    )

    def __init__(self, submission: Submission, seen: SubmissionVersion | None) -> None:
        self.seen, self.current = seen, submission.current
        super().__init__(
            number=submission.number,
            seen=seen.number if seen else "–",
            current=self.current.number if self.current else "–",
        )


class NotInPart(GeoError):
    """Rows may not be left out."""

    status = 400
    template = gettext_lazy("%(number)s cannot be approved in part: %(why)s")


class NothingStands(GeoError):
    """There is nothing to verify: figures of others stand in all places."""

    status = 409
    template = gettext_lazy("%(number)s cannot be verified: none of its figures stands. %(why)s")

    def __init__(self, submission: Submission, replacing: Sequence[str]) -> None:
        if replacing:
            why = _("They have been replaced by %(numbers)s.") % {"numbers": ", ".join(replacing)}
        else:
            why = _("They stood already, as somebody else had brought them in.")
        super().__init__(number=submission.number, why=why)


class SayWhy(GeoError):
    """Something is returned, undone or said without a word about why."""

    status = 400
    template = gettext_lazy(
        "Write why: at least one comment on a cell, or a note. Otherwise the sender does not know "
        "what to mend."
    )


def right_to_decide(submission: Submission) -> Right:
    """What it takes: what was verified is taken back by those who verify, not by a district."""
    return Right.VERIFY if submission.counter_to_id else Right.REVIEW


def require_reviewer(submission: Submission, by: User, right: Right = Right.REVIEW) -> None:
    """Refuse whoever does not review this area and sector.

    Raises
    ------
    NotYours
    """
    if not is_reviewer(submission, by, right):
        raise NotYours(number=submission.number)


def require_other_hand(submission: Submission, by: User) -> None:
    """Refuse whoever brought in, mended or sent what is to be decided about.

    Raises
    ------
    OwnSubmission
    """
    if by.pk in authors_of(submission):
        raise OwnSubmission(number=submission.number)


def authors_of(submission: Submission) -> set[int]:
    """Ids of everybody who had a hand in the current version."""
    version = submission.current
    own = {submission.created_by_id, version.created_by_id if version else None}
    events = SubmissionEvent.objects.filter(submission=submission, act__in=AUTHORSHIP)
    if version is not None:
        events = events.filter(version=version)
    return {pk for pk in own | set(events.values_list("by_id", flat=True)) if pk is not None}


def is_reviewer(submission: Submission, by: User, right: Right = Right.REVIEW) -> bool:
    """Whether the person reviews this area and sector, or, by right VERIFY, verifies there."""
    sector_id = submission.dataset.sector_id
    return access_of(by).may(right, area=submission.area, sector_id=sector_id)


def may_open(submission: Submission, by: User) -> bool:
    """Whether the page of a submission exists for somebody (``visible_to``, for one of them)."""
    sector_id = submission.dataset.sector_id
    return access_of(by).may(Right.SEE, area=submission.area, sector_id=sector_id)


def require_seen(submission: Submission, content_hash: str) -> SubmissionVersion:
    """Return the waiting version if it is the one that was seen.

    Raises
    ------
    StaleApproval
    """
    current = submission.current
    if current is None or not content_hash or current.content_hash != content_hash:
        versions = SubmissionVersion.objects.filter(submission=submission)
        seen = versions.filter(content_hash=content_hash).exclude(content_hash="")
        raise StaleApproval(submission, seen.order_by("-number").first())
    return current


def rows_left_out(keys: Iterable[str], known: Sequence[str]) -> list[str]:
    """The keys that are rows of the version, each once, in its order."""
    wanted = set(keys)
    return [key for key in known if key in wanted]


def says_something(cells: Mapping[str, Cell]) -> bool:
    """Whether anything is typed in a row; openings are filled in beforehand."""
    typed = (cell for code, cell in cells.items() if not code.startswith("opening_"))
    return any(cell not in (None, "") for cell in typed)
