"""Reads files in locked forks of one process, so that starting up does not cost more than reading.

    python tests/uploads/fork_server.py

Takes lines ``{"path": …, "request": …}`` and answers each with a line: the last frame that the
fork told, and how it ended. The locks are those of the sandbox.
"""

import io
import json
import os
import select
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.lib.locks import lock_down
from geo.lib.sandbox import Limits
from geo.lib.sandboxed import run
from geo.lib.uploads import child

SECONDS = 120  # of the clock, on a machine that may be busy; the kernel counts those of the CPU


def read_locked(content: bytes, request: dict) -> dict:
    """Read in a fork with all the locks; what it answered and how it ended."""
    reads, writes = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        code = 77
        try:
            os.close(reads)
            lock_down(asdict(Limits()), "")
            with os.fdopen(writes, "wb") as out:
                run(child, request, io.BytesIO(content), out)
            code = 0
        finally:
            os._exit(code)
    os.close(writes)
    heard = bytearray()
    while True:
        ready, _, _ = select.select([reads], [], [], max(0, began + SECONDS - time.monotonic()))
        piece = os.read(reads, 1 << 20) if ready else b""
        if not piece:
            break
        heard += piece
    if not ready:
        os.kill(pid, signal.SIGKILL)
    os.close(reads)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return {"heard": bytes(heard), "status": status}


def last_frame(heard: bytes) -> list:
    """Kind and words of the last frame; progress comes before it."""
    frame: list = [None, None]
    while len(heard) >= 9:
        length = int.from_bytes(heard[1:9])
        frame, heard = [heard[:1].decode(), heard[9 : 9 + length].decode()], heard[9 + length :]
    return frame


def serve() -> None:
    child.prepare({"kind": "any"})
    for line in sys.stdin:
        asked = json.loads(line)
        ended = read_locked(Path(asked["path"]).read_bytes(), asked["request"])
        ended["frame"] = last_frame(ended.pop("heard"))
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
