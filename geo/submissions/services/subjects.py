"""Who may write about a data set, period and area, and one at a time."""

from __future__ import annotations

from django.db import connection

from geo.accounts.models import User
from geo.submissions.models import Submission, SubmissionVersion
from geo.submissions.queries.forms import Form, UnknownForm, may_report


def demand_right(by: User, form: Form) -> None:
    """Refuse whoever does not report for this data set and area.

    Raises
    ------
    UnknownForm
    """
    if not may_report(by, form.dataset, form.area):
        raise UnknownForm(dataset=form.dataset.code, area=form.area.code, period=form.period)


def form_of(submission: Submission) -> Form:
    """The form that a submission fills in."""
    return Form(submission.dataset, submission.period, submission.area, submission.is_demo)


def lock_subject(form: Form) -> None:
    """Wait until nobody else writes about the same form, up to the end of the transaction."""
    key = f"submission {form.dataset.pk} {form.period} {form.area.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def open_submission(form: Form) -> Submission | None:
    """The submission of a form that is on its way, locked; at most one is."""
    about = Submission.objects.open().about(form.dataset, form.period, form.area)
    return about.select_for_update(no_key=True).first()


def locked(submission: Submission) -> Submission:
    """The submission as it stands now, locked up to the end of the transaction."""
    rows = Submission.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("dataset__sector", "area__parent__parent").get(pk=submission.pk)
    if found.current_id:
        versions = SubmissionVersion.objects.select_related("file", "created_by")
        found.current = versions.get(pk=found.current_id)
    return found


def new_version(
    submission: Submission, *, by: User, origin: str, **content: object
) -> SubmissionVersion:
    """Add a version and make it the current one.

    ``edit`` goes on rising over all versions, so that it names one content of the
    submission and two persons never mean different ones by the same number.
    """
    before = submission.current
    version = SubmissionVersion.objects.create(
        submission=submission,
        number=before.number + 1 if before else 1,
        edit=before.edit + 1 if before else 0,
        origin=origin,
        created_by=by,
        **content,
    )
    submission.current = version
    submission.save(update_fields=["current"])
    return version


def new_version_like(
    submission: Submission, before: SubmissionVersion, *, by: User, origin: str
) -> SubmissionVersion:
    """Add a version with all that an earlier one holds."""
    return new_version(
        submission,
        by=by,
        origin=origin,
        file=before.file,
        template=before.template,
        content=before.content,
        issues=before.issues,
        reasons=before.reasons,
        answers=before.answers,
    )


def begin(form: Form, by: User) -> Submission:
    """Begin the submission of a form of which none is on its way."""
    return Submission.objects.create(
        dataset=form.dataset,
        period=form.period,
        area=form.area,
        created_by=by,
        is_demo=by.is_demo,
    )
