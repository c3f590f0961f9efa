"""Checking what was received: read, recognised, inspected; all problems at once."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from geo.lib.grids import Grid, content_hash, issues_as_json, issues_from_json
from geo.lib.tables import ERROR, Issue
from geo.submissions.batch.reading import Found, read_version
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.inspecting import in_order, inspect_grid, kept_grid
from geo.submissions.models import Act, Job, Submission, SubmissionVersion
from geo.submissions.rules.file_sentences import OF_FILE, PERSONAL, holds_personal
from geo.submissions.services.events import record, state_after_check
from geo.submissions.services.mending import content_of
from geo.submissions.services.queueing import job_done
from geo.submissions.services.subjects import form_of, locked

PERSONAL_NUMBER = f"{PERSONAL}number"


def check(submission: Submission) -> bool:
    """Check the version that waits for it; whether what was found still mattered.

    Somebody may upload another file meanwhile, or withdraw: then nothing is written.
    """
    language = submission.job_details.get("language", settings.LANGUAGE_CODE)
    version = submission.job_version
    if version is None:
        return False
    with translation.override(language):
        found, issues = _examine(submission, version)
        return _settle(submission, version, found, issues)


def _examine(submission: Submission, version: SubmissionVersion) -> tuple[Found, list[Issue]]:
    form = form_of(submission)
    if version.content is None:
        tell = _teller(submission, _("reading the file"))
        tell()
        found = read_version(form, version, tell=tell)
    else:
        known = issues_from_json(version.issues)
        of_file = [issue for issue in known if issue.rule.startswith(OF_FILE)]
        found = Found(content_of(version), of_file, version.template)
    _teller(submission, _("checking the figures"))()
    columns = kind_of(form.dataset).columns(form)
    if found.grid:
        found.grid = kept_grid(found.grid, columns)
    inspected = inspect_grid(form, found.grid) if found.grid else []
    if found.is_personal:
        inspected = _without_persons(found, inspected)
    return found, in_order(found.issues + inspected, columns)


def _without_persons(found: Found, inspected: list[Issue]) -> list[Issue]:
    """What else is wrong with a file with data of persons, quoting none of them.

    Where names stand in whole columns, any cell may hold one: then nothing more is said.
    """
    if any(holds_personal([one.rule]) and one.rule != PERSONAL_NUMBER for one in found.issues):
        found.issues = [one for one in found.issues if holds_personal([one.rule]) or not one.found]
        return []
    told = {(one.row, one.column) for one in found.issues}
    return [one for one in inspected if one.row is None or (one.row, one.column) not in told]


def _teller(submission: Submission, progress: str) -> Callable[[], None]:
    """What says where the worker is, and that it lives."""
    rows = Submission.objects.filter(pk=submission.pk, job=Job.CHECK)

    def tell() -> None:
        rows.update(progress=progress, heartbeat_at=timezone.now())

    return tell


@transaction.atomic
def _settle(
    submission: Submission, version: SubmissionVersion, found: Found, issues: list[Issue]
) -> bool:
    now = locked(submission)
    is_ours = now.job == Job.CHECK and now.job_version_id == version.pk
    current = now.current
    # Another worker may have begun anew after this one was taken for dead.
    if not is_ours or current is None or now.attempts != submission.attempts:
        return False
    if current.edit != version.edit:
        return False
    grid = found.grid or Grid([])
    keeps = found.grid is not None and not found.is_personal
    current.content = grid.as_json() if keeps else None
    current.template = found.template[:100]
    current.issues = issues_as_json(issues)
    current.reasons = current.reasons or _reasons_before(now, current, issues)
    current.content_hash = content_hash(grid, current.reasons)
    current.checked_at = timezone.now()
    current.save()
    state = state_after_check(any(one.severity == ERROR for one in issues) or not keeps)
    record(submission=now, act=Act.CHECKED, by=None, state=state)
    job_done(now)
    return True


def _reasons_before(
    submission: Submission, version: SubmissionVersion, issues: list[Issue]
) -> dict[str, str]:
    """Reasons given for the version before, of warnings that say the same of the same cell."""
    before = submission.versions.filter(number=version.number - 1).first()
    if before is None or not before.reasons:
        return {}
    said = {one.key: one.found for one in issues_from_json(before.issues)}
    now = {one.key: one.found for one in issues}
    return {
        key: reason
        for key, reason in before.reasons.items()
        if key in now and now[key] == said.get(key)
    }
