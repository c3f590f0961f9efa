"""The child's side of ``lib.sandbox``: prepare, lock every door, then look at the file.

Started as a script in isolated mode (``python -I``), so that neither the environment nor the
current folder choose what is imported. It starts with the rights of its parent, because the
interpreter may lie where ``nobody`` cannot read; everything is imported first, and the input is
not touched before ``lock_down`` has returned. From then on nothing can be imported any more.
"""

from __future__ import annotations

import importlib
import json
import os
import struct
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

ROOT = str(Path(__file__).resolve().parents[2])
if __name__ == "__main__":
    sys.path.insert(0, ROOT)

from geo.lib.locks import NoSandbox, lock_down  # noqa: E402 the path is ours only now

FRAME = struct.Struct(">cQ")  # as in lib.sandbox, which this side need not load
PROGRESS, ANSWER, BINARY, FAILURE = b"P", b"J", b"B", b"F"


def tell(out: IO[bytes], kind: bytes, words: bytes) -> None:
    """Send one frame to the parent."""
    out.write(FRAME.pack(kind, len(words)))
    out.write(words)
    out.flush()


def in_json(value: Any) -> bytes:
    """Write JSON that any reader takes: NaN and infinity are refused."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def progress_to(out: IO[bytes]) -> Callable[[Any], None]:
    """Make the function by which a module says how far it is."""
    return lambda value: tell(out, PROGRESS, in_json(value))


def main() -> None:
    """Do what standard input asks for and answer on standard output."""
    out = os.fdopen(os.dup(1), "wb")
    # What a library prints is a complaint, not an answer.
    os.dup2(2, 1)
    asked = json.load(sys.stdin)
    module = importlib.import_module(asked["module"])
    prepare = getattr(module, "prepare", None)
    if prepare is not None:
        prepare(asked["request"])
    try:
        lock_down(asked["limits"], asked["folder"])
    except NoSandbox as error:
        sys.stderr.write(f"{error}\n")
        tell(out, FAILURE, in_json({"code": "no_sandbox"}))
        return
    # Libraries that keep something in a file while they work find the only place for it.
    tempfile.tempdir = "."
    file = None if asked["input"] is None else os.fdopen(asked["input"], "rb")
    run(module, asked["request"], file, out)


def run(module: Any, request: dict[str, Any], file: IO[bytes] | None, out: IO[bytes]) -> None:
    """Let the module answer; whatever it raises becomes a frame, and a trace for the log."""
    try:
        answered = module.answer(request, file, progress_to(out))
        kind = BINARY if isinstance(answered, bytes | bytearray) else ANSWER
        words = answered if kind == BINARY else in_json(answered)
    except MemoryError:
        tell(out, FAILURE, b'{"code":"too_much_memory"}')
        return
    except Exception:  # noqa: BLE001 the file may provoke anything
        # Where, but not what: the words of an error may quote somebody's data.
        raised, _words, trace = sys.exc_info()
        name = getattr(raised, "__name__", "?")
        sys.stderr.write("".join(traceback.format_tb(trace, limit=-8)) + f"{name}\n")
        tell(out, FAILURE, b'{"code":"failed"}')
        return
    tell(out, kind, words)


if __name__ == "__main__":
    main()
    sys.stderr.flush()
    # Threads and exit handlers of libraries have nothing left to do.
    os._exit(0)
