"""Work that the web process leaves to a child: short-lived, limited, and knowing nothing.

A child is a module of this package, started as ``python -m geo.lib.<module>``. It reads
lines of JSON from its standard input and writes one file to its standard output. It knows
none of our settings (its environment holds no key, no database, no proxy), and the heavy
libraries that it imports never enter the web process. ``lib.limits`` is its own side.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from geo.lib.errors import FileNotMade, TooBusy

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    # One core each: several children may be at work beside the site.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "PROJ_NETWORK": "OFF",
}
MOST_AT_ONCE = 2
WAIT_FOR_TURN_S = 20
logger = logging.getLogger(__name__)
turns = threading.BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Wait until fewer children than ``MOST_AT_ONCE`` are at work, and count as one of them.

    Raises
    ------
    TooBusy
        They took all turns for ``WAIT_FOR_TURN_S``.
    """
    if not turns.acquire(timeout=WAIT_FOR_TURN_S):
        raise TooBusy
    try:
        yield
    finally:
        turns.release()


def run_child(
    module: str,
    given: Iterable[Any],
    output: Path,
    *,
    seconds: int = 30,
    memory_mb: int = 1024,
) -> None:
    """Let a child write ``output`` from what is given to it.

    Parameters
    ----------
    module
        Full name of the module, such as ``geo.lib.sheets``.
    given
        Each becomes one line of JSON; read while the child works, so that a long table
        never stands in memory as a whole.
    seconds, memory_mb
        After so long the child is killed; it may not ask for more address space than this.

    Raises
    ------
    FileNotMade
        The child failed or was killed. ``output`` is then not complete.
    TooBusy
        Other children took all turns for ``WAIT_FOR_TURN_S``.
    """
    limits = [str(seconds), str(memory_mb)]
    with turn(), output.open("wb") as page, tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(  # noqa: S603 our own module; nobody's words are in the line
            [sys.executable, "-E", "-s", "-m", module, *limits],
            stdin=subprocess.PIPE,
            stdout=page,
            stderr=complaints,
            cwd=ROOT,
            env=ENVIRONMENT,
        )
        clock = threading.Timer(seconds, child.kill)
        clock.start()
        try:
            _feed(child, given)
            child.wait()
        finally:
            clock.cancel()
            child.kill()
            child.wait()
        if child.returncode != 0:
            _complain(module, child.returncode, complaints)
            raise FileNotMade


def _feed(child: subprocess.Popen[bytes], given: Iterable[Any]) -> None:
    pipe = child.stdin
    assert pipe is not None  # noqa: S101 for the type checker: we asked for a pipe
    # A child that has died reads no more: its return code tells, not the pipe.
    with suppress(BrokenPipeError):
        for one in given:
            pipe.write(json.dumps(one, separators=(",", ":")).encode() + b"\n")
    with suppress(BrokenPipeError):
        pipe.close()


def _complain(module: str, code: int, complaints: IO[bytes]) -> None:
    complaints.seek(0, os.SEEK_END)
    complaints.seek(max(complaints.tell() - 2000, 0))
    last_words = complaints.read().decode(errors="replace")
    logger.error("%s ended with %s: %s", module, code, last_words)
