"""Files and the rows about them, compared; uploads that were never finished, dropped."""

from __future__ import annotations

import datetime
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from geo.submissions.models import PartialUpload, StoredFile, SubmissionVersion
from geo.submissions.rules.file_sentences import holds_personal
from geo.submissions.services import chunking, storing

# A file may be on the disk for a moment before its row is written; never for so long.
KEPT_WITHOUT_ROW = datetime.timedelta(days=2)
# Long enough to have the marked workbook returned once, and not a day longer.
PERSONAL_KEPT = datetime.timedelta(days=2)


@dataclass(slots=True)
class Reconciled:
    """What comparing found and did."""

    missing: list[StoredFile] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    emptied: list[StoredFile] = field(default_factory=list)


def reconcile() -> Reconciled:
    """Name rows without a file, remove files without a row, and files that held personal data."""
    done = Reconciled(missing=missing_files())
    too_old = (timezone.now() - KEPT_WITHOUT_ROW).timestamp()
    for path in _on_disk():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < too_old and not _has_row(path):
                path.unlink()
                done.removed.append(path)
    for file in _personal_files(timezone.now() - PERSONAL_KEPT):
        if storing.path_of(file.uuid).exists():
            storing.forget(file.uuid)
            done.emptied.append(file)
    return done


def missing_files() -> list[StoredFile]:
    """Rows whose file is gone, but for those that were removed on purpose."""
    there = {path.name for path in _on_disk()}
    on_purpose = {file.pk for file in _personal_files(timezone.now())}
    rows = StoredFile.objects.order_by("pk").iterator()
    return [row for row in rows if str(row.uuid) not in there and row.pk not in on_purpose]


def drop_expired_parts() -> int:
    """Remove uploads that nobody went on with in time; count them."""
    expired = list(PartialUpload.objects.filter(expires_at__lt=timezone.now()))
    for part in expired:
        chunking.drop(part)
    return len(expired)


def _on_disk() -> list[Path]:
    folder = storing.folder()
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _has_row(path: Path) -> bool:
    try:
        identifier = uuid.UUID(path.name)
    except ValueError:
        return False
    return StoredFile.objects.filter(uuid=identifier).exists()


def _personal_files(received_before: datetime.datetime) -> list[StoredFile]:
    """Files that were refused because they held data of persons."""
    versions = SubmissionVersion.objects.filter(
        file__received_at__lt=received_before, content__isnull=True
    ).select_related("file")
    return [
        version.file
        for version in versions.iterator()
        if version.file and holds_personal(issue["rule"] for issue in version.issues)
    ]
