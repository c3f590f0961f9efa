"""The files of deploy/ are used here, not only shown."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("peta-*.*"))


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read(DEPLOY / name)
    return parser


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_units_are_well_formed(file):
    parser = unit(file.name)
    assert parser["Unit"]["Description"].startswith("Peta")
    if file.suffix == ".service":
        assert parser["Service"]["User"] == "peta"
        assert parser["Service"]["NoNewPrivileges"] == "true"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_no_unknown_word(tmp_path):
    for file in UNITS:
        shutil.copy(file, tmp_path)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / f.name) for f in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [
        line
        for line in done.stderr.splitlines()
        if re.search(r"Unknown (key|lvalue|section)|Invalid|Failed to parse", line)
    ]
    assert not complaints


def test_units_start_what_exists():
    text = "".join(file.read_text() for file in UNITS)
    for command in re.findall(r"manage\.py (\w+)", text):
        ours = (ROOT / f"geo/management/commands/{command}.py").exists()
        assert ours or command == "qcluster", command
    for script in re.findall(r"/srv/peta/(deploy/\S+\.sh)", text):
        assert os.access(ROOT / script, os.X_OK)
    assert "unix:/run/peta/web.sock" in text
    assert "unix:/run/peta/web.sock" in (DEPLOY / "nginx.conf").read_text()


def test_nginx_accepts_its_file(tmp_path):
    site = (DEPLOY / "nginx.conf").read_text()
    assert site.count("{") == site.count("}")
    assert "X-Forwarded-Proto $scheme" in site, "HTTPS=true trusts this header"
    if not shutil.which("nginx") or not shutil.which("openssl"):
        pytest.skip("nginx is not installed; its file was only read.")
    certificate, key = tmp_path / "fullchain.pem", tmp_path / "privkey.pem"
    subject = ["-subj", "/CN=peta.example.go.id", "-keyout", str(key), "-out", str(certificate)]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject]
    subprocess.run(make, check=True, capture_output=True)
    (tmp_path / "site.conf").write_text(site.replace("/etc/ssl/peta", str(tmp_path)))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; include {tmp_path}/site.conf; }}\n"
    )
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# --- backup and restore ------------------------------------------------------


def address_of(name: str) -> str:
    """The tests' database server, and on it the database ``name``."""
    there = connection.settings_dict
    host = (there["HOST"] or "").replace("/", "%2F")
    password = f":{there['PASSWORD']}" if there["PASSWORD"] else ""
    port = f":{there['PORT']}" if there["PORT"] else ""
    return f"postgis://{there['USER']}{password}@{host}{port}/{name}"


def run(*command, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def counts(address: str) -> str:
    question = (
        "SELECT string_agg(t || n, ' ' ORDER BY t) FROM (VALUES "
        "('areas ', (SELECT count(*) || '/' || sum(ST_NPoints(boundary)) FROM geo_area)), "
        "('sources ', (SELECT count(*)::text FROM geo_boundarysource)), "
        "('migrations ', (SELECT count(*)::text FROM django_migrations))) AS c(t, n)"
    )
    done = run("psql", "-XAt", "-d", address.replace("postgis:", "postgresql:"), "-c", question)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def empty_database(django_db_blocker):
    name = f"{connection.settings_dict['NAME']}_restored"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield address_of(name)
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


@pytest.mark.django_db(transaction=True)
def test_backup_comes_back_whole(kotak, tmp_path, empty_database):
    here = address_of(connection.settings_dict["NAME"])
    media = tmp_path / "var/media"
    media.mkdir(parents=True)
    (media / "photo.jpg").write_text("x")
    done = run(DEPLOY / "backup.sh", tmp_path, DATABASE_URL=here, VAR_DIR=str(tmp_path / "var"))
    assert done.returncode == 0, done.stderr
    dump = Path(done.stdout.strip())
    assert dump.stat().st_mode & 0o077 == 0, "a backup holds personal data"
    assert dump.with_suffix(".media.tar.gz").exists()
    assert not list(tmp_path.glob("*.part"))

    restored = run(DEPLOY / "restore.sh", dump, empty_database)
    assert restored.returncode == 0, restored.stderr
    assert counts(empty_database) == counts(here)
    assert counts(here).startswith("areas 22/")

    again = run(DEPLOY / "restore.sh", dump, empty_database)
    assert again.returncode == 1
    assert "nothing was changed" in again.stderr


@pytest.mark.django_db(transaction=True)
def test_old_backups_make_room_and_a_failed_one_leaves_nothing(tmp_path):
    for day in range(1, 6):
        (tmp_path / f"peta-2026010{day}T000000Z.dump").write_text("old")
    settings = {"VAR_DIR": str(tmp_path / "var"), "KEEP_BACKUPS": "2"}
    failed = run(
        DEPLOY / "backup.sh", tmp_path, DATABASE_URL="postgis://x@127.0.0.1:1/x", **settings
    )
    assert failed.returncode != 0
    assert len(list(tmp_path.glob("peta-*"))) == 5, "a failed backup deletes no old one"
    here = address_of(connection.settings_dict["NAME"])
    assert run(DEPLOY / "backup.sh", tmp_path, DATABASE_URL=here, **settings).returncode == 0
    left = sorted(file.name for file in tmp_path.glob("peta-*.dump"))
    assert len(left) == 2
    assert left[0] == "peta-20260105T000000Z.dump"
