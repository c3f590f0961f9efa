"""What a worker does when it is reminded of a submission, and what a minute's sweep finds.

The submission's row is the truth. A lock that the database holds for the worker's
connection says that somebody is at it: when a worker dies, or the database restarts,
the lock is gone at that moment, and the next reminder or sweep begins anew.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from geo.lib.errors import GeoError
from geo.submissions.batch import checking, publishing, storage
from geo.submissions.models import Act, Job, Submission
from geo.submissions.services.events import record
from geo.submissions.services.notices import mail_notices
from geo.submissions.services.queueing import job_done, wake

MOST_ATTEMPTS = 3
# A reminder that has had no effect for so long is given again.
QUIET = datetime.timedelta(seconds=90)
logger = logging.getLogger(__name__)

WORK: dict[str, Callable[[Submission], object]] = {
    Job.CHECK: checking.check,
    Job.PUBLISH: publishing.publish,
    Job.VERIFY: publishing.verify,
    Job.UNDO: publishing.undo,
}


def run(submission_id: int) -> None:
    """Do what there is to do with one submission; nothing where another worker is at it.

    Raises nothing: what goes wrong is logged, tried again, and after the third time said
    on the submission's page.
    """
    try:
        with alone(submission_id) as is_alone:
            submission = _claim(submission_id) if is_alone else None
            if submission is not None:
                _work(submission)
    except Error:
        # The database went away: the row still says what is to be done, and the sweep looks.
        logger.exception("Submission %s: the database did not answer", submission_id)
        if not connection.in_atomic_block:
            connection.close()


def sweep() -> None:
    """Remind of jobs that nobody is at, mail notices, drop what expired; once a minute."""
    for submission_id in _forgotten():
        wake(submission_id)
    mail_notices()
    storage.drop_expired_parts()


def tidy() -> str:
    """Compare the files with the rows about them, once a day; the text is kept with the job."""
    done = storage.reconcile()
    for file in done.missing:
        logger.error("The file of %s (%s) is missing on the disk", file.uuid, file.name)
    return (
        f"{len(done.removed)} without a row removed, {len(done.emptied)} with personal data "
        f"removed, {len(done.missing)} missing"
    )


@contextmanager
def alone(submission_id: int) -> Iterator[bool]:
    """Hold a submission for this worker's connection; whether nobody else does."""
    key = f"submission job {submission_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        is_alone = cursor.fetchone()[0]
    try:
        yield is_alone
    finally:
        if is_alone and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


@transaction.atomic
def _claim(submission_id: int) -> Submission | None:
    """Count the attempt before it begins, so that one that kills the worker is counted too."""
    rows = Submission.objects.select_for_update(of=("self",), no_key=True).exclude(job="")
    submission = rows.filter(pk=submission_id).first()
    if submission is None:
        return None
    if submission.attempts >= MOST_ATTEMPTS:
        _give_up(submission)
        return None
    submission.attempts += 1
    submission.heartbeat_at = timezone.now()
    submission.save(update_fields=["attempts", "heartbeat_at"])
    return submission


def _work(submission: Submission) -> None:
    try:
        WORK[submission.job](submission)
    except GeoError as error:
        logger.warning("Submission %s: %s", submission.pk, error)
        _fail(submission.pk, str(error))
    except Exception:
        logger.exception("Submission %s: attempt %s", submission.pk, submission.attempts)
        if not connection.in_atomic_block and not connection.is_usable():
            connection.close()
        _after_crash(submission.pk)


@transaction.atomic
def _fail(submission_id: int, sentence: str) -> None:
    """Note why it cannot be done; trying again would change nothing."""
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    if submission.job:
        _give_up(submission, sentence)


@transaction.atomic
def _after_crash(submission_id: int) -> None:
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    if not submission.job:
        return
    if submission.attempts >= MOST_ATTEMPTS:
        _give_up(submission)
    elif submission.attempts == 1:
        # Once more at once; later attempts wait for the sweep, until what was away is back.
        transaction.on_commit(lambda: wake(submission_id))


def _give_up(submission: Submission, sentence: str = "") -> None:
    """Set the job aside with a reason that its sender can read."""
    language = submission.job_details.get("language", settings.LANGUAGE_CODE)
    with translation.override(language):
        sentence = sentence or _given_up(submission.job)
    was_check = submission.job == Job.CHECK
    submission.failure = sentence
    submission.save(update_fields=["failure"])
    job_done(submission)
    if was_check:
        record(submission=submission, act=Act.QUARANTINED, by=None, note=sentence)


def _given_up(job: str) -> str:
    if job == Job.CHECK:
        return _(
            "The file could not be checked: the program stopped %(n)s times at it. Your file is "
            "kept. Open it on your computer, save it under a new name and upload that; or ask "
            "those who run this site."
        ) % {"n": MOST_ATTEMPTS}
    return _(
        "It was tried %(n)s times without success, and nothing was changed. Try again; if it fails "
        "again, tell those who run this site."
    ) % {"n": MOST_ATTEMPTS}


def _forgotten() -> list[int]:
    """Jobs that nobody is at: those begun by a worker that died, and those never begun."""
    long_ago = timezone.now() - QUIET
    waiting = Submission.objects.exclude(job="")
    begun = waiting.filter(attempts__gt=0).values_list("pk", flat=True)
    dead = []
    for submission_id in begun:
        with alone(submission_id) as is_alone:
            if is_alone:
                dead.append(submission_id)
    quiet = waiting.filter(attempts=0).filter(Q(heartbeat_at=None) | Q(heartbeat_at__lt=long_ago))
    never_begun = list(quiet.values_list("pk", flat=True))
    # When it was reminded of: a long queue is not made longer every minute.
    Submission.objects.filter(pk__in=never_begun).update(heartbeat_at=timezone.now())
    return [*dead, *never_begun]
