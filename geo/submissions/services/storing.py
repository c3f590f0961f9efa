"""Where uploaded files lie: outside of everything that is served, under names of our own."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy

from geo.lib.errors import GeoError
from geo.lib.file_store import NoRoom, Stored, TooLarge, store
from geo.lib.uploads.personal import masked

# Controls, and marks that turn or hide letters: a name is shown as it is, not as it pretends.
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f]")
LONGEST_NAME = 200
NAMELESS = "–"


class UploadTooLarge(GeoError):
    """The file is larger than the site takes."""

    status = 413
    template = gettext_lazy(
        "The file is larger than %(most_mb)s MB, which is the most that is taken. Delete pictures "
        "and unused sheets, or send it in parts."
    )


class DiskFull(GeoError):
    """There is no room for the file; nothing was kept of it."""

    status = 507
    template = gettext_lazy(
        "The server has no room left for files, so yours was not taken. Keep it, and try again "
        "later; those who run this site see the same warning."
    )


class EmptyUpload(GeoError):
    """No byte came, or no file at all."""

    status = 400
    template = gettext_lazy(
        "No file came, or it was empty (0 bytes). Choose the file again; if it opens on your "
        "computer, close it there first."
    )


def folder() -> Path:
    """Where files of submissions lie."""
    return Path(settings.MEDIA_ROOT) / "submissions"


def path_of(identifier: uuid.UUID) -> Path:
    """Where the file lies that a row of ``StoredFile`` names by its uuid."""
    return folder() / str(identifier)


def most_bytes() -> int:
    """The largest file that is taken."""
    return settings.UPLOAD_LARGEST_MB << 20


def keep(identifier: uuid.UUID, chunks: Iterable[bytes]) -> Stored:
    """Write a file to the disk for good, before anything is written about it.

    Raises
    ------
    UploadTooLarge, DiskFull, EmptyUpload
        Nothing is left of the file then.
    """
    try:
        stored = store(path_of(identifier), chunks, most_bytes=most_bytes())
    except TooLarge as error:
        raise UploadTooLarge(most_mb=settings.UPLOAD_LARGEST_MB) from error
    except NoRoom as error:
        raise DiskFull from error
    if not stored.size_bytes:
        forget(identifier)
        raise EmptyUpload
    return stored


def forget(identifier: uuid.UUID) -> None:
    """Remove a file that no row names."""
    path_of(identifier).unlink(missing_ok=True)


def shown_name(name: str) -> str:
    """A file's name as text to be shown: without folders, controls and numbers of persons."""
    last = re.split(r"[/\\]", name)[-1]
    seen = INVISIBLE.sub("", unicodedata.normalize("NFC", last)).strip()
    return masked(seen)[:LONGEST_NAME] or NAMELESS
