"""Asking a worker to do something with a submission.

The submission's row says what is to be done; the queue only wakes a worker.
Should it be lost, the sweep (``batch.jobs``) finds the row.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django_q.tasks import async_task

from geo.accounts.models import User
from geo.submissions.models import Job, Submission, SubmissionVersion

RUN = "geo.submissions.batch.jobs.run"


def ask_for(
    *,
    submission: Submission,
    job: Job,
    by: User,
    version: SubmissionVersion,
    details: dict[str, Any] | None = None,
) -> None:
    """Note what is to be done, in the open transaction, and wake a worker when it commits."""
    submission.job, submission.job_by, submission.job_version = job, by, version
    submission.job_details = details or {}
    submission.attempts, submission.heartbeat_at = 0, None
    submission.progress = submission.failure = ""
    submission.save(
        update_fields=[
            "job",
            "job_by",
            "job_version",
            "job_details",
            "attempts",
            "heartbeat_at",
            "progress",
            "failure",
        ]
    )
    transaction.on_commit(lambda: wake(submission.pk))


def wake(submission_id: int) -> None:
    """Put a reminder into the queue; it carries the id and nothing else."""
    async_task(RUN, submission_id)


def job_done(submission: Submission) -> None:
    """Note that there is nothing left to do."""
    submission.job, submission.job_details, submission.progress = "", {}, ""
    submission.heartbeat_at = None
    submission.save(update_fields=["job", "job_details", "progress", "heartbeat_at"])
