"""Taking up again what was there before a file that could not be read: a slip costs nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.lib.errors import GeoError
from geo.submissions.models import Act, Submission, SubmissionVersion
from geo.submissions.services.mending import open_to_mend, settle
from geo.submissions.services.subjects import new_version_like


class NothingBefore(GeoError):
    """The file that stands was read, or none before it was."""

    status = 409
    template = gettext_lazy(
        "There is nothing to go back to in %(number)s: its file was read, or nothing was brought "
        "in before it."
    )


def readable_before(submission: Submission) -> SubmissionVersion | None:
    """The latest version that was read, where the one that stands could not be."""
    current = submission.current
    if current is None or current.content is not None:
        return None
    read = submission.versions.filter(number__lt=current.number, content__isnull=False)
    return read.select_related("file").order_by("-number").first()


def go_back(*, submission: Submission, by: User) -> SubmissionVersion:
    """Make a new version with the content of the latest that was read, checked anew.

    Raises
    ------
    NothingBefore, NotNow, WorkGoesOn
    """
    with transaction.atomic():
        submission, _current, form = open_to_mend(submission, by)
        before = readable_before(submission)
        if before is None:
            raise NothingBefore(number=submission.number)
        version = new_version_like(submission, before, by=by, origin=before.origin)
        settle(form, submission, version, by=by, act=Act.MENDED)
        return version
