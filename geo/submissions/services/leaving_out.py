"""Rows that a partial approval left out: they go back to the sender's desk."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from geo.accounts.models import User
from geo.lib.grids import Grid, grid_from_json
from geo.submissions.models import Act, CellComment, State, Submission, SubmissionVersion
from geo.submissions.services.events import record


@transaction.atomic
def return_rows(
    *,
    submission: Submission,
    version: SubmissionVersion,
    keys: Sequence[str],
    by: User,
    note: str,
) -> Submission:
    """Put the rows that were not published into a submission of their own, returned."""
    made = Submission.objects.create(
        dataset=submission.dataset,
        period=submission.period,
        area=submission.area,
        state=State.SENT,
        created_by=submission.created_by,
        note=submission.note,
        is_demo=submission.is_demo,
    )
    made.current = _rows_of(version, set(keys), made)
    made.save(update_fields=["current"])
    for said in version.comments.filter(row_key__in=keys):
        CellComment.objects.create(
            submission=made,
            version=made.current,
            row_key=said.row_key,
            column=said.column,
            text=said.text,
            by=said.by,
            at=said.at,
        )
    where = _("Left out when %(number)s was approved.") % {"number": submission.number}
    record(submission=made, act=Act.RETURNED, by=by, note=f"{where} {note}".strip())
    return made


def _rows_of(version: SubmissionVersion, keys: set[str], made: Submission) -> SubmissionVersion:
    grid = grid_from_json(version.content or {})
    rows = [row for row in grid.rows if row.key in keys]
    lines = {row.row for row in rows}
    return SubmissionVersion.objects.create(
        submission=made,
        number=1,
        origin=version.origin,
        file=version.file,
        template=version.template,
        content=Grid(grid.columns, rows).as_json(),
        issues=[issue for issue in version.issues if issue.get("row") in lines],
        reasons=version.reasons,
        answers=version.answers,
        created_by=version.created_by,
        checked_at=version.checked_at,
    )
