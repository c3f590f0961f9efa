import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from geo.status import queries

ROOT = Path(__file__).resolve().parents[2]
PAGES_WAIT_S = settings.DATABASES["default"]["OPTIONS"]["connect_timeout"]
ASK = """
import json, django, psycopg2
django.setup()
from django.test import Client
patience, connect = [], psycopg2.connect
def noted(*given, **more):
    patience.append(more["connect_timeout"])
    return connect(*given, **more)
psycopg2.connect = noted
answer = Client(raise_request_exception=False).get("/health", headers={"host": "localhost"})
print(json.dumps([answer.status_code, answer.content.decode(), max(patience)]))
"""


@pytest.mark.django_db
def test_health_of_a_filled_installation(client, kotak):
    answer = client.get("/health")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["database"], told["migrations"]) == ("ok", "ok", "applied")
    assert told["areas"] == 22
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_health_notes_what_is_amiss_but_serves(client, settings):
    told = client.get("/health").json()
    assert told["status"] == "ok"
    assert told["worker"] == {"status": "absent", "heartbeat_age_s": None}
    assert len(told["notes"]) == 2


@pytest.mark.django_db
def test_health_is_503_while_a_migration_is_missing(client):
    MigrationRecorder.Migration.objects.filter(app="geo").order_by("-id")[0].delete()
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "not migrated"


@pytest.mark.django_db
def test_the_database_does_not_compile_the_questions_of_pages():
    """Compiling took 65 ms of a page's question that is answered in 5."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def health_with(address: str) -> tuple[int, str, int]:
    """Ask a fresh process whose database is elsewhere; and how long it was ready to wait, in s."""
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "regency_map.settings",
    }
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def test_health_is_503_when_the_database_refuses():
    status, body, patience_s = health_with("postgis://x:hush@127.0.0.1:1/x")
    assert status == 503
    assert json.loads(body)["status"] == "database away"
    assert "Traceback" not in body
    assert "hush" not in body
    assert patience_s < PAGES_WAIT_S


def test_health_does_not_wait_as_long_as_a_page_when_the_database_is_silent():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        status, _, patience_s = health_with(f"postgis://x@127.0.0.1:{silent.getsockname()[1]}/x")
        assert time.monotonic() - began > 1, "the socket must have been waited for"
    assert status == 503
    assert patience_s < PAGES_WAIT_S


@pytest.mark.django_db
def test_version_names_the_software_and_what_it_stands_on(client):
    told = client.get("/version").json()
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["version"])
    assert told["regency"] == "16.07"
    assert told["libraries"]["gdal"].startswith("3.12")
    assert told["libraries"]["geos"].startswith("3.14")
    assert told["libraries"]["proj"].startswith("9.")
    assert told["libraries"]["postgis"][0] == "3"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"HEAD": "abc123\n"}, "abc123"),
        ({"HEAD": "ref: refs/heads/main\n", "refs/heads/main": "def456\n"}, "def456"),
        ({"HEAD": "ref: refs/heads/main\n", "packed-refs": "# x\n777 refs/heads/main\n"}, "777"),
        ({"HEAD": "ref: refs/heads/main\n"}, None),
        ({}, None),
    ],
)
def test_commit_is_read_without_git(tmp_path, files, expected):
    for name, text in files.items():
        file = tmp_path / ".git" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert queries.commit(tmp_path) == expected
