"""Taking files in: stored first, known again when they come twice, then left to a worker."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language

from geo.accounts.models import User
from geo.lib.errors import GeoError
from geo.lib.file_store import Stored
from geo.submissions.models import (
    Act,
    Job,
    Origin,
    State,
    StoredFile,
    Submission,
    SubmissionVersion,
)
from geo.submissions.queries.forms import Form
from geo.submissions.rules.countering import require_no_counter
from geo.submissions.rules.transitions import require
from geo.submissions.services import storing
from geo.submissions.services.events import record
from geo.submissions.services.queueing import ask_for
from geo.submissions.services.subjects import (
    begin,
    demand_right,
    lock_subject,
    new_version,
    open_submission,
)

# A file that was refused may be right by now: the month before was corrected, a slip of ours
# was mended. Sent again, it is checked again.
CHECKED_AGAIN = {State.FAULTY, State.QUARANTINED}


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a file; ``is_repeat`` where the same one was there already."""

    submission: Submission
    version: SubmissionVersion
    is_repeat: bool


def receive_file(*, form: Form, by: User, name: str, chunks: Iterable[bytes]) -> Received:
    """Store a file and have it checked.

    The file is on the disk before a row says so. The same bytes once more, however
    often and at the same time, give the submission and version that stand already.

    Raises
    ------
    UnknownForm
        ``by`` does not report here.
    UploadTooLarge, DiskFull, EmptyUpload
        Nothing was kept.
    WorkGoesOn
        It is being published just now.
    CounterWaits
        What is published is to be taken back.
    """
    demand_right(by, form)
    identifier = uuid.uuid4()
    stored = storing.keep(identifier, chunks)
    try:
        received = _note(form, by, storing.shown_name(name), identifier, stored)
    except GeoError:
        storing.forget(identifier)
        raise
    # After any other failure the row may have been written: reconciling decides, days later.
    if received.is_repeat:
        storing.forget(identifier)
    return received


@transaction.atomic
def _note(form: Form, by: User, name: str, identifier: uuid.UUID, stored: Stored) -> Received:
    lock_subject(form)
    submission = open_submission(form)
    if submission:
        require_no_counter(submission)
    if submission and submission.current and _is_of(submission.current, stored.sha256):
        _check_again(submission, submission.current, by)
        return Received(submission, submission.current, is_repeat=True)
    if submission is None:
        submission = begin(form, by)
    require(submission, Act.RECEIVED)
    file = StoredFile.objects.create(
        uuid=identifier,
        name=name,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        received_by=by,
    )
    version = new_version(submission, by=by, origin=Origin.FILE, file=file)
    record(submission=submission, act=Act.RECEIVED, by=by)
    have_checked(submission, version, by)
    return Received(submission, version, is_repeat=False)


def _is_of(version: SubmissionVersion, sha256: str) -> bool:
    return version.file is not None and version.file.sha256 == sha256


def _check_again(submission: Submission, version: SubmissionVersion, by: User) -> None:
    if submission.state in CHECKED_AGAIN and not submission.job and not version.sealed_at:
        record(submission=submission, act=Act.RECEIVED, by=by)
        have_checked(submission, version, by)


def have_checked(submission: Submission, version: SubmissionVersion, by: User) -> None:
    """Have a worker check the current version, in the language that ``by`` reads."""
    details = {"language": get_language() or "id"}
    ask_for(submission=submission, job=Job.CHECK, by=by, version=version, details=details)
