"""The whole site, served by the production server from a database of its own.

The database of the other tests is rolled back after each of them, and so holds
nothing that another process could see; the browser needs a world that stays.
"""

import contextlib
import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.utils import timezone
from psycopg2 import sql

from geo.lib.periods import shifted

COMMANDS = [
    ("migrate", "--verbosity=0"),
    ("collectstatic", "--no-input", "--verbosity=0"),
    ("load_boundaries", "indicative"),
    ("load_sectors",),
    ("load_demo",),
    ("create_demo_accounts",),
]

PATIENCE_S = 180  # a server that ends is seen at once; one that starts on a busy machine is awaited
# Which of several processes this is, where the whole suite runs: each has a site of its own.
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")


class Site(str):
    """The address of a site, with the environment that its processes share."""

    environment: dict[str, str]


@contextlib.contextmanager
def site_with_demo_data():
    """Yields the address of a site that shows the embedded boundaries and sample data."""
    with own_database() as database_url:
        environment = environment_with(database_url)
        for command in COMMANDS:
            run(environment, *command)
        with served(environment) as address:
            site = Site(address)
            site.environment = environment
            yield site


def environment_with(database_url: str) -> dict[str, str]:
    """What the site reads from the environment, whatever the operator has set."""
    var = settings.VAR_DIR / f"browser{PROCESS}"
    var.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "SECRET_KEY": secrets.token_hex(32),
        "DATABASE_URL": database_url,
        "REGENCY_CODE": "16.07",
        "VAR_DIR": str(var),
        "LOG_LEVEL": "ERROR",
    }


def run(environment: dict[str, str], *command: str) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, f"{command}: {answer.stdout}{answer.stderr}"


@contextlib.contextmanager
def own_database():
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"test_{parts.path.strip('/')}_browser{PROCESS}"

    def address(path: str, scheme: str) -> str:
        return urlunsplit(parts._replace(path=f"/{path}", scheme=scheme))

    def administer(statement: str) -> None:
        connection = psycopg2.connect(address("postgres", "postgresql"))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
        finally:
            connection.close()

    administer("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    administer("CREATE DATABASE {}")
    try:
        yield address(name, "postgis")
    finally:
        administer("DROP DATABASE IF EXISTS {} WITH (FORCE)")


@contextlib.contextmanager
def served(environment: dict[str, str]):
    # Bound here and handed on: a port that is only known to be free may be taken meanwhile.
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        port = door.getsockname()[1]
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "regency_map.wsgi:application"),
                *("--bind", f"fd://{door.fileno()}", "--worker-class", "gthread", "--threads", "4"),
                # An idle connection is not closed just when the next question sets out.
                *("--keep-alive", "75", "--timeout", "120"),
                *("--no-control-socket", "--log-level", "warning"),
            ],
            cwd=settings.BASE_DIR,
            env=environment,
            pass_fds=[door.fileno()],
        )
    try:
        wait_until_healthy(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextlib.contextmanager
def worker_of(site: Site):
    """A job worker beside the site."""
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        cwd=settings.BASE_DIR,
        env=site.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def month_ago(n: int) -> str:
    """The month that lies ``n`` before this one: what is asked for changes with the calendar."""
    return shifted(f"{timezone.localdate():%Y-%m}", -n)


def password_of(site: Site, username: str) -> str:
    """The password of a demonstration account, as it was written down when it was made."""
    kept = Path(site.environment["VAR_DIR"]) / "demo-accounts.txt"
    lines = [line.split() for line in kept.read_text().splitlines()]
    return next(words[1] for words in reversed(lines) if words and words[0] == username)


def wait_until_healthy(server: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert server.poll() is None, f"The server ended with {server.returncode}."
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
            connection.request("GET", "/health")
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            return
        time.sleep(0.1)
    raise AssertionError(f"The server did not answer within {PATIENCE_S} seconds.")
