"""Files of photos and documents and the rows about them, compared."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.utils import timezone

from geo.attachments.models import KEPT_STATES, Attachment
from geo.attachments.services import storing

# A file may be on the disk for a moment before its row is written; never for so long.
KEPT_WITHOUT_ROW = datetime.timedelta(days=2)


def missing_files() -> list[str]:
    """Names of files that should be there and are not."""
    there = {path.name for path in _on_disk()}
    return sorted(_wanted() - there)


def tidy() -> str:
    """Remove files that no row wants any more; the text is kept with the job."""
    wanted = _wanted()
    too_old = (timezone.now() - KEPT_WITHOUT_ROW).timestamp()
    n_removed = 0
    for path in _on_disk():
        with suppress(FileNotFoundError):
            if path.name not in wanted and path.stat().st_mtime < too_old:
                path.unlink()
                n_removed += 1
    return f"{n_removed} files removed"


def _wanted() -> set[str]:
    rows = Attachment.objects.filter(state__in=KEPT_STATES).only("uuid", "kind")
    return {name for row in rows.iterator() for name in storing.names_of(row)}


def _on_disk() -> Iterator[Path]:
    for folder in (storing.folder(), storing.folder() / storing.INCOMING):
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if path.is_file())
