"""Files that must not be lost: written whole, on the disk, and only then named.

A file is streamed under a temporary name, flushed to the disk, renamed, and its folder
flushed too; what has a final name is complete, even after a power cut. Who stores a row
about it does so afterwards, so that there may be a file without a row, never the reverse.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

READ_AT_ONCE = 1 << 20
PART = ".part"
# A disk fuller than this takes no more uploads: the database and the log need room too.
LEAST_FREE_SHARE = 0.10
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class TooLarge(Exception):
    """More came than is taken."""


class NoRoom(Exception):
    """The disk is full, or so nearly that nothing more is taken."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: its size, and the SHA-256 of its bytes in hexadecimal digits."""

    size_bytes: int
    sha256: str


def store(path: Path, chunks: Iterable[bytes], *, most_bytes: int) -> Stored:
    """Write a file under ``path``, whole and for good, or not at all.

    Raises
    ------
    TooLarge
        After more than ``most_bytes``.
    NoRoom
        At once where less than ``LEAST_FREE_SHARE`` of the disk is free, or when it is
        full in between.
    """
    folder = path.parent
    part = path.with_name(path.name + PART)
    try:
        make_folder(folder)
        require_room(folder)
        stored = _write(part, chunks, most_bytes)
        part.rename(path)
        flush_folder(folder)
    except OSError as error:
        _remove(part, path)
        if error.errno in NO_ROOM:
            raise NoRoom(str(folder)) from error
        raise
    except BaseException:
        _remove(part, path)
        raise
    return stored


def _remove(*paths: Path) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _write(part: Path, chunks: Iterable[bytes], most_bytes: int) -> Stored:
    digest, size_bytes = hashlib.sha256(), 0
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(number, "wb") as file:
        for chunk in chunks:
            size_bytes += len(chunk)
            if size_bytes > most_bytes:
                raise TooLarge(str(most_bytes))
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Stored(size_bytes, digest.hexdigest())


def write_at(path: Path, offset: int, piece: bytes) -> None:
    """Write one piece of a file that comes in pieces; what stood from there on is cut off.

    Raises
    ------
    NoRoom
    """
    try:
        make_folder(path.parent)
        require_room(path.parent)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with os.fdopen(number, "wb") as file:
            file.truncate(offset)
            file.seek(offset)
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in NO_ROOM:
            raise NoRoom(str(path.parent)) from error
        raise


def read_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time."""
    with path.open("rb") as file:
        while chunk := file.read(READ_AT_ONCE):
            yield chunk


def make_folder(folder: Path) -> None:
    """Make a folder that nobody else on this machine may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def require_room(folder: Path) -> None:
    """Refuse to write where too little of the disk is free.

    Raises
    ------
    NoRoom
    """
    usage = shutil.disk_usage(folder)
    if usage.free < LEAST_FREE_SHARE * usage.total:
        raise NoRoom(str(folder))


def flush_folder(folder: Path) -> None:
    """Have the disk remember the names in a folder."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
