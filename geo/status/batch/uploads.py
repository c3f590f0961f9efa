"""Are the files there that officials sent, and those of photos and documents?"""

from collections.abc import Iterator

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext as _

from geo.attachments.batch.storage import missing_files as missing_attachments
from geo.attachments.models import KEPT_STATES, Attachment
from geo.status.batch.findings import Finding
from geo.submissions.batch.storage import missing_files
from geo.submissions.models import StoredFile, Submission

PART = "uploads"


def findings() -> Iterator[Finding]:
    try:
        yield _files()
        yield _attachments()
        yield from _waiting()
    except Error:
        return  # said by database.findings


def _files() -> Finding:
    missing = missing_files()
    if missing:
        sentence = _("%(n)s uploaded files are missing in %(folder)s, among them %(name)s.")
        facts = {"n": len(missing), "folder": settings.MEDIA_ROOT, "name": missing[0].uuid}
        advice = _("Bring them back from the backup: see “Backups” in docs/operations.md.")
        return Finding(PART, sentence % facts, advice)
    sentence = _("%(n)s uploaded files are where they belong.")
    return Finding(PART, sentence % {"n": StoredFile.objects.count()})


def _attachments() -> Finding:
    missing = missing_attachments()
    if missing:
        sentence = _(
            "%(n)s files of photos and documents are missing in %(folder)s, among them %(name)s."
        )
        facts = {"n": len(missing), "folder": settings.MEDIA_ROOT, "name": missing[0]}
        advice = _("Bring them back from the backup: see “Backups” in docs/operations.md.")
        return Finding(PART, sentence % facts, advice)
    sentence = _("%(n)s photos and documents are where they belong.")
    n_kept = Attachment.objects.filter(state__in=KEPT_STATES).count()
    return Finding(PART, sentence % {"n": n_kept})


def _waiting() -> Iterator[Finding]:
    """Submissions that a worker has tried and not finished."""
    stuck = Submission.objects.exclude(job="").filter(attempts__gt=1).count()
    if stuck:
        sentence = _("%(n)s submissions could not be worked on at the first attempt.")
        yield Finding(PART, sentence % {"n": stuck}, _("Look into the log of the job worker."))
