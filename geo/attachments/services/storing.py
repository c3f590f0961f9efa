"""Where photos and documents lie: beside the files of submissions, under names of our own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from geo.attachments.models import Attachment, Kind
from geo.attachments.rules import FileNotTaken, NoRoomLeft, fault_sentence
from geo.lib.attachments.checking import Checked, check
from geo.lib.children import turn
from geo.lib.file_store import NoRoom, TooLarge, store
from geo.lib.kept_files import KeptFiles

LARGE, THUMBNAIL, DOCUMENT = "besar.jpg", "kecil.webp", "dokumen.pdf"
FILES = {Kind.PHOTO: (LARGE, THUMBNAIL), Kind.DOCUMENT: (DOCUMENT,)}
INCOMING = "incoming"
MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that has come in and was looked at; it is gone when nobody has kept it."""

    path: Path
    sha256: str
    checked: Checked


def folder() -> Path:
    """Where they lie; covered by backups like all of MEDIA_ROOT."""
    return Path(settings.MEDIA_ROOT) / "attachments"


def path_of(identifier: uuid.UUID, file: str) -> Path:
    """Where one file of an attachment lies; ``file`` is one of FILES."""
    return folder() / f"{identifier}-{file}"


def names_of(attachment: Attachment) -> list[str]:
    """The names under which its files lie."""
    return [path_of(attachment.uuid, file).name for file in FILES[Kind(attachment.kind)]]


@contextmanager
def taken_in(chunks: Iterable[bytes]) -> Iterator[Incoming]:
    """Write a file to the disk, have it looked at, and remove it in the end.

    Raises
    ------
    FileNotTaken
        It is larger than anything that is taken.
    NoRoomLeft
    TooBusy
        Other files are being looked at.
    """
    path = folder() / INCOMING / str(uuid.uuid4())
    most_mb = settings.UPLOAD_LARGEST_MB
    try:
        stored = store(path, chunks, most_bytes=most_mb * MB)
        with turn():
            checked = check(path)
        yield Incoming(path, stored.sha256, checked)
    except TooLarge as error:
        raise too_large() from error
    except NoRoom as error:
        raise NoRoomLeft from error
    finally:
        path.unlink(missing_ok=True)


def too_large() -> FileNotTaken:
    """The refusal of what did not even come in as a whole."""
    facts = {"found_mb": f"> {settings.UPLOAD_LARGEST_MB}"}
    return FileNotTaken(why=fault_sentence(Checked(fault="too_large", facts=facts)))


def keep(identifier: uuid.UUID, incoming: Incoming) -> int:
    """Write what will be shown of a file to the disk for good; its size in bytes."""
    large, thumbnail = incoming.checked.large, incoming.checked.thumbnail
    if large is None or thumbnail is None:
        content = incoming.path.read_bytes()
        store(path_of(identifier, DOCUMENT), [content], most_bytes=len(content))
        return len(content)
    for picture, file in ((large, LARGE), (thumbnail, THUMBNAIL)):
        store(path_of(identifier, file), [picture.content], most_bytes=len(picture.content))
    return len(large.content)


def forget(attachment: Attachment) -> None:
    """Remove its files, and with them every typeset document, which may hold a copy."""
    for name in names_of(attachment):
        (folder() / name).unlink(missing_ok=True)
    # As documents.services.typesetting keeps them, a room above this one.
    KeptFiles(settings.VAR_DIR / "cache" / "documents", most_bytes=0).forget_all()
