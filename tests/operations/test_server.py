"""The one command, from an empty folder to a site and back to nothing."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 900  # whatever ends or fails is seen at once
OURS = {"DATABASE_URL", "SECRET_KEY", "VAR_DIR", "BOUNDARY_MIRROR", "PORT"}


def free_port() -> int:
    """A port below those that the machine gives to whoever calls somebody meanwhile."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as door, suppress(OSError):
            door.bind(("127.0.0.1", port))
            return port
    raise AssertionError("none of a hundred ports is free")


def processes_of(folder: Path) -> list[str]:
    """Command lines of processes whose environment or arguments name ``folder`` or its socket."""
    socket_dir = subprocess.run(
        ["bash", "-c", f'source "{ROOT}/script/_common.sh"; source "{ROOT}/script/_postgres.sh"; '
         "socket_dir"],
        env={**os.environ, "VAR_DIR": str(folder), "READ_ENV_FILE": "no"},
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            surroundings = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"VAR_DIR={folder}\0" in surroundings or socket_dir in command:
            found.append(command)
    return found


class Server:
    """script/server as an operator's terminal runs it, with a VAR_DIR of its own."""

    def __init__(self, var_dir: Path, log: Path):
        self.var_dir, self.log, self.port = var_dir, log, free_port()
        environment = {k: v for k, v in os.environ.items() if k not in OURS}
        self.process = subprocess.Popen(
            [str(ROOT / "script/server"), "--port", str(self.port)],
            env=environment | {"VAR_DIR": str(var_dir), "READ_ENV_FILE": "no"},
            stdin=subprocess.DEVNULL,
            stdout=log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # As a terminal does, also where these tests run under nohup.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )

    def wait_until(self, holds) -> None:
        ends = time.monotonic() + PATIENCE_S
        while not holds():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < ends, self.log.read_text()
            time.sleep(0.05)

    def wait_until_open(self) -> None:
        self.wait_until(lambda: "Stop with Ctrl-C" in self.log.read_text())

    def steps(self) -> list[str]:
        """What it did until it was open, of which it tells how long each took."""
        return re.findall(r"^(.+) … [\d.]+ s$", self.log.read_text(), re.MULTILINE)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE_S)


@pytest.fixture
def start(tmp_path):
    var_dir, servers = tmp_path / "var", []

    def begin() -> Server:
        servers.append(Server(var_dir, tmp_path / f"log{len(servers)}"))
        return servers[-1]

    yield begin
    for server in servers:
        if server.process.poll() is None:
            server.end(signal.SIGTERM)
    subprocess.run(
        [str(ROOT / "script/database"), "remove", "--yes"],
        env={k: v for k, v in os.environ.items() if k not in OURS}
        | {"VAR_DIR": str(var_dir), "READ_ENV_FILE": "no"},
        check=True,
        capture_output=True,
    )


def await_worker(server: Server) -> dict:
    def health():
        status, body = server.get("/health")
        assert status == 200, body
        return json.loads(body)

    server.wait_until(lambda: health()["worker"]["status"] == "ok")
    return health()


def test_from_nothing_to_a_site_and_back(start, tmp_path):
    first = start()
    first.wait_until_open()
    health = await_worker(first)
    assert health["status"] == "ok"
    assert health["areas"] == 335
    assert health["figures"] is True
    assert first.get("/peta/")[0] == 200
    accounts = tmp_path / "var/demo-accounts.txt"
    assert accounts.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var/secret_key").stat().st_mode & 0o777 == 0o600
    assert accounts.read_text().splitlines()[-1].split()[1] in first.log.read_text()
    second = subprocess.run(
        [str(ROOT / "script/server"), "--port", str(free_port())],
        env={k: v for k, v in os.environ.items() if k not in OURS}
        | {"VAR_DIR": str(tmp_path / "var"), "READ_ENV_FILE": "no"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "already running in this checkout" in second.stderr
    assert processes_of(tmp_path / "var"), "or the next assertion says nothing"
    first.end(signal.SIGINT)
    assert processes_of(tmp_path / "var") == []

    again = start()
    again.wait_until_open()
    # To migrate, to collect static files, to load boundaries and figures: none of it again.
    assert len(first.steps()) - len(again.steps()) >= 4, again.log.read_text()
    again.end(signal.SIGHUP)
    assert processes_of(tmp_path / "var") == []


def test_stops_in_the_middle_of_the_work_too(start, tmp_path):
    server = start()
    server.wait_until(lambda: re.search(r"database … \d+ s\n.+ …\n", server.log.read_text()))
    server.end(signal.SIGTERM)
    assert processes_of(tmp_path / "var") == []
