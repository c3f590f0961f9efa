"""Files that were dear to make, kept in a folder of bounded size."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

ABANDONED_S = 3600


class KeptFiles:
    """Made files by key; the longest unused go first.

    A key has to hold everything that the file depends on, the version of the data too:
    what is kept is then never stale, only forgotten.

    Parameters
    ----------
    folder
        Made when the first file is; nothing else may lie in it.
    most_bytes
        What all kept files may weigh together.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self.most_bytes = most_bytes

    def open(self, key: str, make: Callable[[Path], None]) -> IO[bytes]:
        """Open the file under ``key`` for reading; ``make`` writes it where there is none.

        An open file stays readable when another process forgets it at this moment.
        """
        path = self.folder / hashlib.sha256(key.encode()).hexdigest()
        with suppress(FileNotFoundError):
            kept = path.open("rb")
            os.utime(path)
            return kept
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
        os.close(handle)
        part = Path(name)
        try:
            make(part)
            made = part.open("rb")
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        self._forget()
        return made

    def forget_all(self) -> None:
        """Delete everything; what is asked for again is made again."""
        if self.folder.is_dir():
            for _used_at, _size, path in self._contents():
                path.unlink(missing_ok=True)

    def _forget(self) -> None:
        """Delete from the longest unused on until the rest is light enough."""
        n_bytes = 0
        for used_at, size, path in sorted(self._contents(), reverse=True):
            n_bytes += size
            is_abandoned = path.suffix == ".part" and used_at < time.time() - ABANDONED_S
            if is_abandoned or (n_bytes > self.most_bytes and path.suffix != ".part"):
                path.unlink(missing_ok=True)

    def _contents(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                facts = path.stat()
                found.append((facts.st_mtime, facts.st_size, path))
        return found
