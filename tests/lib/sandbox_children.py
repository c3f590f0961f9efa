"""What test_sandbox.py runs in the sandbox: well-behaved, unlucky and hostile modules in one."""

import ctypes
import os
import signal
import socket
import sys
import time
from pathlib import Path


def prepare(request):
    # Proves that this runs before the locks, with the parent's rights.
    request["prepared_as"] = os.geteuid()


def answer(request, file, progress):
    return globals()[request["do"]](request, file, progress)


def echo(request, file, progress):
    progress({"done": 0.5})
    return {"request": request, "read": file.read().decode() if file else None}


def imported(request, file, progress):
    return {"modules": sorted(sys.modules)}


def uppercase(request, file, progress):
    return file.read().upper()


def attempt(action):
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "allowed"


def whoami(request, file, progress):
    tries = {
        "passwd": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "secret": lambda: os.open(request["secret"], os.O_RDONLY),
        "write": lambda: os.open("new", os.O_CREAT | os.O_WRONLY, 0o600),
        "network": lambda: socket.socket().connect(("127.0.0.1", request["port"])),
        "unix": lambda: socket.socket(socket.AF_UNIX),
        "fork": os.fork,
        "run": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
        "kill": lambda: os.kill(request["parent"], 0),
        "root": lambda: os.setuid(0),
    }
    return {
        "uid": os.geteuid(),
        "gid": os.getegid(),
        "groups": os.getgroups(),
        "environment": sorted(os.environ),
        "prepared_as": request["prepared_as"],
        "tries": {name: attempt(action) for name, action in tries.items()},
    }


def use_folder(request, file, progress):
    Path("kept.txt").write_bytes(b"x" * request["size"])
    return {"here": sorted(p.name for p in Path().iterdir()), "passwd": seen("/etc/passwd")}


def seen(path):
    return Path(path).exists()


def spin(request, file, progress):
    while True:
        pass


def sleep(request, file, progress):
    progress({"pid": os.getpid()})
    time.sleep(60)


def eat(request, file, progress):
    return {"size": len(b"x" * (4 << 30))}


def segfault(request, file, progress):
    ctypes.string_at(8)


def abort(request, file, progress):
    os.abort()


def stop(request, file, progress):
    os._exit(0)


def complain(request, file, progress):
    raise RuntimeError("the secret is in the trace")


def noise(request, file, progress):
    # Prints go to the complaints, not into the answer.
    os.write(1, b"noise " * 100)
    return {"fine": True}


def garble(request, file, progress):
    _raw(request, b"J" + (5).to_bytes(8, "big") + b"{nope")


def not_a_dict(request, file, progress):
    return [1, 2]


def twice(request, file, progress):
    frame = b"J" + (2).to_bytes(8, "big") + b"{}"
    _raw(request, frame + frame)


def liar(request, file, progress):
    _raw(request, b"J" + (1 << 60).to_bytes(8, "big"))


def deep(request, file, progress):
    nested = b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    _raw(request, b"J" + len(nested).to_bytes(8, "big") + nested)


def infinite(request, file, progress):
    words = b'{"a":Infinity}'
    _raw(request, b"J" + len(words).to_bytes(8, "big") + words)


def flood(request, file, progress):
    return b"x" * (3 << 20)


def complain_much(request, file, progress):
    for _time in range(200):
        os.write(2, b"y" * 10_000)
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def _raw(request, words):
    """Write on every pipe that may lead to the parent, as a child that was taken over would."""
    for number in range(3, 20):
        try:
            os.write(number, words)
        except OSError:
            continue
    os._exit(0)
