"""Running code over files from strangers: in a child that can do nothing but answer.

``run_sandboxed`` starts ``geo/lib/sandboxed.py`` as a process of its own. That child imports
the module it was told to, locks itself in (no network, no other user's rights, no files, no new
processes, little memory and time) and only then looks at the input, which it holds as an open
file and never as a path. Whatever happens to it, the caller gets an ``Outcome``: no exception
comes out of a bad file. ``docs/uploads-safety.md`` says what is locked and why.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

LAUNCHER = Path(__file__).resolve().with_name("sandboxed.py")
# GDAL is not used to read uploads; a module that imports it all the same finds it tamed.
DRIVERS_NEVER_WANTED = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,CSW,Carto,DGN,DXF,EDIGEO,EEDA,ESRIJSON,Elasticsearch,"
    "FlatGeobuf,GDALG,GML,GPSBabel,GTFS,GeoJSONSeq,GeoRSS,HTTP,Idrisi,JML,JSONFG,LIBKML,LVBAG,"
    "MBTiles,MVT,MapInfo File,MapML,MiraMonVector,NGW,OAPIF,ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,"
    "OSM,OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,PLSCENES,PMTiles,PostgreSQL,S57,SQLite,SXF,Selafin,"
    "TopoJSON,VDV,VFK,VICAR,VRT,WAsP,WFS,XLSX"
)
ENVIRONMENT = {
    "PATH": "/nonexistent",
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OGR_SKIP": DRIVERS_NEVER_WANTED,
    "GDAL_SKIP": DRIVERS_NEVER_WANTED,
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "PROJ_NETWORK": "OFF",
}
FRAME = struct.Struct(">cQ")
PROGRESS, ANSWER, BINARY, FAILURE = b"P", b"J", b"B", b"F"
MOST_LAST_WORDS = 4000
DONE = "done"
# What can become of a child. Only the first is good; the rest are codes with sentences
# in ``lib.uploads.contract``.
OUTCOMES = (
    DONE,
    "not_a_file",
    "too_slow",
    "too_much_memory",
    "crashed",
    "failed",
    "answer_too_long",
    "answer_garbled",
    "no_sandbox",
)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use; the kernel holds it to most of this, the parent to the rest."""

    cpu_s: int = 10
    wall_s: float = 60.0
    memory_mb: int = 2048
    answer_mb: int = 200
    # Above 0 the child gets an empty folder of its own for files up to this size.
    file_mb: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended: ``code`` is ``done`` and there is an ``answer``, or there is none."""

    code: str
    answer: Any = None
    cpu_s: float = 0.0
    wall_s: float = 0.0
    last_words: str = field(default="", repr=False)

    @property
    def ok(self) -> bool:
        """Whether there is an answer."""
        return self.code == DONE


def run_sandboxed(
    module: str,
    request: dict[str, Any],
    input_path: Path | None,
    *,
    limits: Limits | None = None,
    on_progress: Callable[[Any], None] | None = None,
) -> Outcome:
    """Let ``module`` answer ``request`` about one file, locked in.

    Parameters
    ----------
    module
        Full name. It has ``answer(request, file, progress)``, which returns a dict (it
        travels as JSON) or bytes, and may have ``prepare(request)``, called before the
        locks close and before the input can be read: all imports must have happened
        when it returns, since afterwards no file can be opened.
    request
        Anything JSON can say.
    input_path
        A regular file; symbolic links, folders and pipes are ``not_a_file``.
    on_progress
        Called with what the child tells on its way; must not raise.

    Returns
    -------
    Outcome
        Always. ``answer`` is what the module returned when ``code`` is ``done``. A
        child may have been taken over by the file: its answer is no better than the
        upload itself and has to be checked like one.
    """
    limits = limits or Limits()
    started = time.monotonic()
    with tempfile.TemporaryFile() as asked:
        try:
            given = None if input_path is None else open_regular(input_path)
        except (OSError, ValueError) as error:
            return Outcome("not_a_file", last_words=type(error).__name__)
        folder = _own_folder() if limits.file_mb else ""
        start = {"module": module, "limits": asdict(limits), "folder": folder, "request": request}
        asked.write(json.dumps(start | {"input": given}).encode())
        asked.seek(0)
        try:
            child = _start(asked, given)
            outcome = _Listener(child, limits, on_progress, started).listen()
        finally:
            if given is not None:
                os.close(given)
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
    if not outcome.ok:
        logger.warning("%s: %s after %.1f s", module, outcome.code, outcome.wall_s)
        logger.info("%s said: %r", module, outcome.last_words)
    return outcome


def open_regular(path: Path) -> int:
    """Open a file for reading that is neither a link, a folder, a pipe nor a device.

    Raises
    ------
    OSError, ValueError
        It is one of these, cannot be opened, or cannot be the name of a file.
    """
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError("not a regular file")
    return number


def _own_folder() -> str:
    folder = tempfile.mkdtemp(prefix="upload-")
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
    return folder


def _start(asked: IO[bytes], given: int | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 our own launcher; nobody's words are in the line
        [sys.executable, "-I", str(LAUNCHER)],
        stdin=asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        cwd="/",
        pass_fds=() if given is None else (given,),
        start_new_session=True,
        bufsize=0,
    )


class _Listener:
    """Hears one child out, for as long and as much as its limits allow."""

    def __init__(
        self,
        child: subprocess.Popen[bytes],
        limits: Limits,
        on_progress: Callable[[Any], None] | None,
        started: float,
    ) -> None:
        self.child, self.limits, self.on_progress = child, limits, on_progress
        self.started = started
        self.heard = bytearray()
        self.complaints = bytearray()
        self.said: tuple[bytes, bytes] | None = None
        self.verdict = ""

    def listen(self) -> Outcome:
        """Read to the end, kill if need be, and say what became of the child."""
        try:
            self._read_pipes()
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.child.pid, signal.SIGKILL)
            usage = self._reap()
        code, answer = self._judge(usage)
        return Outcome(
            code,
            answer,
            cpu_s=round(usage.ru_utime + usage.ru_stime, 3),
            wall_s=round(time.monotonic() - self.started, 3),
            last_words=self.complaints.decode(errors="replace"),
        )

    def _reap(self) -> Any:
        for pipe in (self.child.stdout, self.child.stderr):
            assert pipe is not None  # noqa: S101 for the type checker: we asked for pipes
            pipe.close()
        _pid, status, usage = os.wait4(self.child.pid, 0)
        self.child.returncode = os.waitstatus_to_exitcode(status)
        return usage

    def _read_pipes(self) -> None:
        ends = self.started + self.limits.wall_s
        with selectors.DefaultSelector() as selector:
            for pipe, hear in (
                (self.child.stdout, self._hear),
                (self.child.stderr, self._hear_complaint),
            ):
                assert pipe is not None  # noqa: S101 for the type checker: we asked for pipes
                selector.register(pipe, selectors.EVENT_READ, hear)
            while selector.get_map() and not self.verdict:
                left = ends - time.monotonic()
                if left <= 0:
                    self.verdict = "too_slow"
                    return
                for key, _events in selector.select(left):
                    piece = os.read(key.fd, 1 << 20)
                    if not piece:
                        selector.unregister(key.fileobj)
                    key.data(piece)

    def _hear_complaint(self, piece: bytes) -> None:
        self.complaints = (self.complaints + piece)[-MOST_LAST_WORDS:]

    def _hear(self, piece: bytes) -> None:
        self.heard += piece
        if len(self.heard) > self.limits.answer_mb << 20:
            self.verdict = "answer_too_long"
        while not self.verdict and len(self.heard) >= FRAME.size:
            kind, length = FRAME.unpack_from(self.heard)
            if self.said or kind not in {PROGRESS, ANSWER, BINARY, FAILURE}:
                self.verdict = "answer_garbled"
            elif length > self.limits.answer_mb << 20:
                self.verdict = "answer_too_long"
            elif len(self.heard) < FRAME.size + length:
                return
            else:
                words = bytes(self.heard[FRAME.size : FRAME.size + length])
                del self.heard[: FRAME.size + length]
                self._take(kind, words)

    def _take(self, kind: bytes, words: bytes) -> None:
        if kind != PROGRESS:
            self.said = kind, words
        elif self.on_progress is not None:
            try:
                self.on_progress(_loads(words[:1000]))
            except (ValueError, RecursionError):
                self.verdict = "answer_garbled"

    def _judge(self, usage: Any) -> tuple[str, Any]:
        if self.verdict:
            return self.verdict, None
        ended = self.child.returncode
        if ended == -signal.SIGXCPU or usage.ru_utime + usage.ru_stime > self.limits.cpu_s + 0.5:
            return "too_slow", None
        if ended == -signal.SIGKILL and self.said is None:
            # Not by us: the machine ran out of memory and chose this process.
            return "too_much_memory", None
        if self.said is None:
            return ("answer_garbled" if ended == 0 else "crashed"), None
        return self._open(*self.said)

    def _open(self, kind: bytes, words: bytes) -> tuple[str, Any]:
        if kind == BINARY:
            return DONE, words
        try:
            read = _loads(words)
        except (ValueError, RecursionError, MemoryError):
            return "answer_garbled", None
        if not isinstance(read, dict):
            return "answer_garbled", None
        if kind == FAILURE:
            code = read.get("code")
            return (code if code in OUTCOMES[1:] else "failed"), None
        return DONE, read


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _loads(words: bytes) -> Any:
    return json.loads(words, parse_constant=_no_constant)
