"""Handing a submission over to those who review it, and taking it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.lib.errors import GeoError
from geo.lib.grids import Grid, content_hash, issues_as_json, issues_from_json
from geo.lib.tables import ERROR, WARNING, Issue
from geo.lib.uploads.personal import masked
from geo.submissions.models import Act, Submission, SubmissionVersion
from geo.submissions.queries.forms import Form
from geo.submissions.rules.countering import require_maker
from geo.submissions.rules.transitions import NotNow, require
from geo.submissions.services.events import record, state_after_check
from geo.submissions.services.mending import EditConflict, content_of, inspected
from geo.submissions.services.queueing import job_done
from geo.submissions.services.subjects import demand_right, form_of, lock_subject, locked

LONGEST_NOTE = 2000


class ProblemsLeft(GeoError):
    """There are errors to mend before it can be sent."""

    status = 409
    template = gettext_lazy(
        "%(number)s cannot be sent yet: %(n)s problems have to be mended first. They are marked "
        "on its page."
    )


class ReasonsMissing(GeoError):
    """There are warnings without a reason."""

    status = 409
    template = gettext_lazy(
        "%(number)s cannot be sent yet: %(n)s figures look unlikely and have no reason beside "
        "them. Correct them, or write why they are right."
    )


def send(*, submission: Submission, by: User, edit: int, note: str) -> SubmissionVersion:
    """Seal the version that was seen and hand it over.

    It is checked once more: what stands may have changed since, such as last month's
    closing. What is found then stays on the page.

    Parameters
    ----------
    edit
        Of the content that was on the screen.

    Raises
    ------
    EditConflict, ProblemsLeft, ReasonsMissing, NotNow, WorkGoesOn
    NotYourCounter
        Somebody else made the counter-entry.
    """
    demand_right(by, form_of(submission))
    if submission.counter_to_id:
        return _send_counter_again(submission, by, edit, note)
    with transaction.atomic():
        submission, version, form = _open(submission, Act.SENT)
        if version.edit != edit:
            raise EditConflict(version, [])
        grid = content_of(version)
        issues = inspected(form, version, grid, set())
        problem = _problem(submission, version, issues)
        version.issues, version.checked_at = issues_as_json(issues), timezone.now()
        if problem is None:
            _seal(submission, version, grid, by=by, note=note)
        else:
            _keep_problems(submission, version, issues)
    if problem is not None:
        # Only now, so that the page shows what was found.
        raise problem
    return version


def withdraw(*, submission: Submission, by: User, note: str) -> None:
    """Take a submission back that nobody has approved; a worker that checks it stops caring.

    Raises
    ------
    NotNow, WorkGoesOn
    NotYourCounter
        It is a counter-entry that somebody else made.
    """
    demand_right(by, form_of(submission))
    with transaction.atomic():
        lock_subject(form_of(submission))
        submission = locked(submission)
        if submission.counter_to_id:
            require_maker(submission, by, Act.WITHDRAWN)
        require(submission, Act.WITHDRAWN)
        job_done(submission)
        record(submission=submission, act=Act.WITHDRAWN, by=by, note=note[:LONGEST_NOTE])


@transaction.atomic
def _send_counter_again(
    submission: Submission, by: User, edit: int, note: str
) -> SubmissionVersion:
    """Hand a returned counter-entry over once more, as it is."""
    lock_subject(form_of(submission))
    submission = locked(submission)
    require_maker(submission, by, Act.SENT)
    version = submission.current
    assert version is not None  # noqa: S101 (it was made with one)
    if version.edit != edit:
        raise EditConflict(version, [])
    _hand_over(submission, by, note or submission.note)
    return version


def _open(submission: Submission, act: str) -> tuple[Submission, SubmissionVersion, Form]:
    form = form_of(submission)
    lock_subject(form)
    submission = locked(submission)
    require(submission, act)
    version = submission.current
    if version is None or version.content is None or submission.job:
        state, name = submission.get_state_display(), Act(act).label
        raise NotNow(number=submission.number, state=state, act=name)
    return submission, version, form


def _problem(
    submission: Submission, version: SubmissionVersion, issues: list[Issue]
) -> GeoError | None:
    n_errors = sum(one.severity == ERROR for one in issues)
    if n_errors:
        return ProblemsLeft(number=submission.number, n=n_errors)
    unexplained = {
        one.key for one in issues if one.severity == WARNING and not version.reasons.get(one.key)
    }
    if unexplained:
        return ReasonsMissing(number=submission.number, n=len(unexplained))
    return None


def _keep_problems(submission: Submission, version: SubmissionVersion, issues: list[Issue]) -> None:
    version.save(update_fields=["issues", "checked_at"])
    state = state_after_check(any(one.severity == ERROR for one in issues))
    if state != submission.state:
        record(submission=submission, act=Act.CHECKED, by=None, state=state)


def _seal(
    submission: Submission, version: SubmissionVersion, grid: Grid, *, by: User, note: str
) -> None:
    # Reasons of warnings that have gone since are no part of what is approved.
    warned = {one.key for one in issues_from_json(version.issues)}
    version.reasons = {key: why for key, why in version.reasons.items() if key in warned}
    version.content_hash = content_hash(grid, version.reasons)
    version.sealed_at = timezone.now()
    version.save()
    _hand_over(submission, by, note)


def _hand_over(submission: Submission, by: User, note: str) -> None:
    submission.note = masked(note.strip()[:LONGEST_NOTE])
    submission.save(update_fields=["note"])
    # Whoever sends it again says that what was commented on is mended.
    submission.comments.filter(resolved_at=None).update(resolved_at=timezone.now())
    record(submission=submission, act=Act.SENT, by=by, note=submission.note)
