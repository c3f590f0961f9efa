"""Publishing a submission, verifying and undoing it: one transaction each, in a worker.

Figures, roll-ups, class edges, what is withheld, the count of versions, the
publication and the state are written together, so that a reader sees all of
the old or all of the new. A worker that dies leaves nothing behind, and the
job stays noted on the submission. What cannot be done leaves the state as it
is and its sentence in ``failure``, and nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from geo.accounts.models import User
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Dataset, Indicator, Observation, Source
from geo.lib.errors import GeoError
from geo.lib.grids import Change, Grid, grid_from_json
from geo.roads.batch.publish import publish_roads
from geo.submissions.kinds import kind_of
from geo.submissions.models import Act, Job, Publication, State, Submission, SubmissionVersion
from geo.submissions.queries.forms import Form
from geo.submissions.queries.roles import role_words
from geo.submissions.rules.countering import require_untouched
from geo.submissions.services.countering import take_back
from geo.submissions.services.events import record
from geo.submissions.services.leaving_out import return_rows
from geo.submissions.services.queueing import job_done
from geo.submissions.services.replacing import tell_replaced, tell_restored
from geo.submissions.services.reviewing import locked, require_standing
from geo.submissions.services.subjects import form_of, lock_subject

# As long as the columns of a source.
LONGEST_NAME, LONGEST_TITLE, LONGEST_PUBLISHER = 150, 300, 200


def publish(submission: Submission) -> bool:
    """Publish what was approved; say whether it was done."""
    return _do(submission.pk, Job.PUBLISH, _publish)


def verify(submission: Submission) -> bool:
    """Mark as verified what a district has published; say whether it was done."""
    return _do(submission.pk, Job.VERIFY, _verify)


def undo(submission: Submission) -> bool:
    """Make stand again what stood before; say whether it was done."""
    return _do(submission.pk, Job.UNDO, _undo)


def _do(submission_id: int, job: Job, act: Callable[[Submission], None]) -> bool:
    """Do one job of a submission once: in one transaction, or not at all."""
    try:
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            # In the order in which those who bring in take them, so that nobody waits in a ring.
            lock_subject(form_of(Submission.objects.get(pk=submission_id)))
            submission = locked(submission_id)
            if submission.job != job:
                return False
            act(submission)
            job_done(submission)
    except GeoError as error:
        _note_failure(submission_id, job, error)
        return False
    return True


@transaction.atomic
def _note_failure(submission_id: int, job: Job, error: GeoError) -> None:
    submission = locked(submission_id)
    if submission.job == job:
        with translation.override(settings.LANGUAGE_CODE):
            submission.failure = str(error)
        submission.save(update_fields=["failure"])
        job_done(submission)


# --- publishing ------------------------------------------------------------------


def _publish(submission: Submission) -> None:
    if submission.counter_to_id:
        _publish_counter(submission)
        return
    version, by, details = _asked(submission)
    form = form_of(submission)
    kind, moment = kind_of(submission.dataset), timezone.now()
    left_out: Sequence[str] = details.get("left_out", [])
    verifies = bool(details.get("verifies"))
    source = _source(submission, version, form, verified_by=by if verifies else None)
    grid = _without(grid_from_json(version.content), left_out)
    changes = kind.changes(form, grid)
    effect = kind.effect(form, grid, changes)
    kind.publish(form, grid, source=source, moment=moment, note=submission.note)
    _follow(form, source)
    publication = Publication.objects.create(
        submission=submission,
        version=version,
        source=source,
        left_out=list(left_out),
        changes=_noted(changes),
        n_new=effect.new,
        n_changed=effect.changed,
        n_unchanged=effect.unchanged,
        published_by=by,
        published_at=moment,
        verified_by=by if verifies else None,
        verified_at=moment if verifies else None,
    )
    state = State.VERIFIED if verifies else State.PUBLISHED
    note = details.get("note", "")
    record(submission=submission, act=Act.APPROVED, by=by, note=note, version=version, state=state)
    tell_replaced(publication=publication, form=form, changes=changes, by=by)
    if left_out:
        return_rows(submission=submission, version=version, keys=left_out, by=by, note=note)


def _publish_counter(submission: Submission) -> None:
    """Take back what the counter-entry names, and note it on both submissions."""
    version, by, details = _asked(submission)
    require_untouched(submission, version)
    form, moment = form_of(submission), timezone.now()
    countered = submission.counter_to
    assert countered is not None  # noqa: S101 (the caller asked)
    kind = kind_of(submission.dataset)
    source = _source(submission, version, form, verified_by=by)
    changes = _noted(kind.changes(form, grid_from_json(version.content)))
    take_back(form, countered)
    _follow(form, countered.source, countered.verified_source)
    Publication.objects.create(
        submission=submission,
        version=version,
        source=source,
        changes=changes,
        n_changed=len(changes),
        published_by=by,
        published_at=moment,
        verified_by=by,
        verified_at=moment,
    )
    note = details.get("note", "")
    record(
        submission=submission,
        act=Act.APPROVED,
        by=by,
        note=note,
        version=version,
        state=State.VERIFIED,
    )
    first = locked(countered.submission_id)
    asked = f"{submission.number} ({submission.created_by}): {submission.note}"
    why = "\n".join(part for part in (asked, note) if part)
    record(submission=first, act=Act.COUNTERED, by=by, note=why)
    tell_restored(publication=countered, form=form, by=by, note=why)


# --- verifying and undoing ---------------------------------------------------------


def _verify(submission: Submission) -> None:
    version, by, details = _asked(submission)
    form, moment = form_of(submission), timezone.now()
    kind = kind_of(submission.dataset)
    require_standing(submission)
    published = submission.publications.latest("published_at")
    verified = _source(submission, version, form, verified_by=by)
    kind.verify(form, source=published.source, by=verified, moment=moment)
    _follow(form, verified)
    published.verified_source = verified
    published.verified_by, published.verified_at = by, moment
    published.save(update_fields=["verified_source", "verified_by", "verified_at"])
    record(submission=submission, act=Act.VERIFIED, by=by, note=details.get("note", ""))


def _undo(submission: Submission) -> None:
    _version, by, details = _asked(submission)
    form = form_of(submission)
    published = submission.publications.latest("published_at")
    take_back(form, published)
    _follow(form, published.source, published.verified_source)
    published.undone_by, published.undone_at = by, timezone.now()
    published.save(update_fields=["undone_by", "undone_at"])
    note = details.get("note", "")
    record(submission=submission, act=Act.UNDONE, by=by, note=note)
    tell_restored(publication=published, form=form, by=by, note=note)


# --- parts -------------------------------------------------------------------------


def _asked(submission: Submission) -> tuple[SubmissionVersion, User, dict]:
    version, by = submission.job_version, submission.job_by
    assert version is not None and by is not None  # noqa: S101 (a job has both)
    return version, by, submission.job_details


def _without(grid: Grid, keys: Sequence[str]) -> Grid:
    left_out = set(keys)
    return Grid(grid.columns, [row for row in grid.rows if row.key not in left_out])


def _source(
    submission: Submission, version: SubmissionVersion, form: Form, *, verified_by: User | None
) -> Source:
    """Where the figures come from, as everybody may read it: roles, not names of persons."""
    file = version.file
    sender = version.created_by
    scope = {"area": submission.area, "sector_id": submission.dataset.sector_id}
    return Source.objects.create(
        title=form.title[:LONGEST_TITLE],
        publisher=submission.dataset.office[:LONGEST_PUBLISHER],
        file_name=file.name if file else "",
        sha256=file.sha256 if file else version.content_hash,
        is_demo=submission.is_demo,
        entered_by=role_words(sender, **scope)[:LONGEST_NAME],
        verified_by=role_words(verified_by, **scope)[:LONGEST_NAME] if verified_by else "",
        verified_on=timezone.localdate() if verified_by else None,
    )


def _noted(changes: Sequence[Change]) -> list[list[Any]]:
    """Changes as plain lists, for those who verify or look later, when the new figures stand."""
    return [[one.key, one.label, one.column, one.old, one.new] for one in changes]


def _follow(form: Form, *sources: Source | None) -> None:
    """Renew class edges and kept figures of what was written or ended under ``sources``.

    Of roads the figures of villages come first: lines are measured here, against boundaries.
    """
    kind = kind_of(form.dataset)
    if form.dataset.kind == Dataset.Kind.ROAD_INVENTORY:
        publish_roads(settings.REGENCY_CODE)
    wanted = kind.indicators(form)
    if not kind.has_geometry:
        ids = [one.pk for one in sources if one is not None]
        written = Observation.objects.filter(source__in=ids).order_by()
        touched = set(written.values_list("indicator", flat=True).distinct())
        wanted = list(Indicator.objects.filter(pk__in=touched))
    compute_breaks(wanted)
