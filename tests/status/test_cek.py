"""Break one thing of an installation, and expect its sentence."""

import json
import shutil
import sys
from collections import namedtuple
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone, translation
from django_q.conf import Conf
from django_q.signing import SignedPackage

from geo.areas.models import Outline
from geo.status.batch import database, files, libraries, safety, worker

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def var(tmp_path, settings):
    """A VAR_DIR in order: static files with Leaflet, a closed secret."""
    settings.VAR_DIR = tmp_path / "var"
    settings.STATIC_ROOT = settings.VAR_DIR / "static"
    leaflet = settings.STATIC_ROOT / "leaflet"
    leaflet.mkdir(parents=True)
    (leaflet / "leaflet.abc.js").write_text("/* Leaflet 1.9.4, a JS library */")
    manifest = {"paths": {"leaflet/leaflet.js": "leaflet/leaflet.abc.js"}}
    (settings.STATIC_ROOT / "staticfiles.json").write_text(json.dumps(manifest))
    (settings.VAR_DIR / "secret_key").touch(mode=0o600)
    settings.LOCALE_PATHS = []
    return settings.VAR_DIR


def wrong(findings) -> list[str]:
    return [finding.sentence for finding in findings if not finding.is_well]


# --- libraries ---------------------------------------------------------------


def test_libraries_of_this_environment_are_well():
    assert wrong(libraries.findings()) == []
    assert libraries.transform_error_m() < 0.05


def test_swapped_axes_are_noticed(monkeypatch):
    monkeypatch.setattr(libraries, "KNOWN_LON_LAT", (104.75, -2.8))
    (sentence,) = wrong(libraries.findings())
    assert "PROJ puts a known place 110" in sentence


def test_second_driver_is_noticed(tmp_path, monkeypatch):
    (tmp_path / "psycopg").mkdir()
    (tmp_path / "psycopg/__init__.py").touch()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    assert wrong(libraries.findings()) == [
        "psycopg 3 is installed beside psycopg2, and Django would take it."
    ]


# --- safety ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "dev", "SECRET_KEY is easy to guess: it has 3 characters"),
        ("SECRET_KEY", "ab" * 30, "SECRET_KEY is easy to guess: it has 60 characters, 2 of them"),
        ("DEBUG", True, "DEBUG is on"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS holds *"),
        ("ALLOWED_HOSTS", ["peta.go.id"], "The site answers under peta.go.id, but HTTPS is off"),
    ],
)
def test_unsafe_settings_are_noticed(settings, name, value, sentence):
    settings.SECRET_KEY = "0123456789-abcdefghijklmnopqrstuvwxyz"
    settings.ALLOWED_HOSTS = ["localhost"]
    assert wrong(safety.findings()) == []
    setattr(settings, name, value)
    assert any(found.startswith(sentence) for found in wrong(safety.findings()))


# --- files -------------------------------------------------------------------


def test_files_in_order_are_well(var):
    assert wrong(files.findings()) == []


def test_files_that_were_not_collected(var):
    shutil.rmtree(var / "static")
    sentences = wrong(files.findings())
    assert sentences[0].startswith("The static files are not collected in")
    assert "Leaflet 1.9.4 is not among the static files" in sentences[1]


def test_collected_file_that_was_deleted(var):
    (var / "static/leaflet/leaflet.abc.js").unlink()
    assert wrong(files.findings())[0] == (
        "1 of 1 static files are missing, among them leaflet/leaflet.abc.js."
    )


def test_leaflet_that_django_leaflet_brings(var):
    (var / "static/leaflet/leaflet.abc.js").write_text("/* Leaflet 1.9.3 */")
    assert wrong(files.findings()) == [
        "The map library Leaflet 1.9.4 is not among the static files."
    ]


def test_secret_that_others_can_read(var):
    (var / "secret_key").chmod(0o644)
    assert wrong(files.findings()) == [
        f"Others on this machine can read the secret in {var}/secret_key."
    ]


def test_folder_that_everybody_can_write(var):
    var.chmod(0o777)
    assert wrong(files.findings()) == [f"Everybody on this machine can write in {var}."]


def test_full_disk(var, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100, 90, 10 * 2**20))
    assert wrong(files.findings()) == [
        f"Only 10 MB are free where {var} lies; expected at least 1024."
    ]


def test_translations_that_were_not_compiled(var, tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "locale/id").mkdir(parents=True)
    source = tmp_path / "locale/id/django.po"
    source.touch()
    assert wrong(files.findings()) == [f"The translations in {source} are not compiled."]


# --- database ----------------------------------------------------------------


@pytest.mark.django_db
def test_database_without_the_regency():
    assert wrong(database.findings()) == ["The regency 16.07 is not loaded."]


@pytest.mark.django_db
def test_database_with_areas_only(kotak, settings):
    settings.REGENCY_CODE = "99.01"
    found = list(database.findings())
    assert "Kotak has 17 villages, 16 of them with a boundary." in [f.sentence for f in found]
    assert wrong(found) == [
        "The outlines that the map draws are missing.",
        "No sectors are loaded.",
    ]
    Outline.objects.create(
        parent=kotak.regency, level="village", content_hash="x", topojson="{}", picture={},
        tolerance_m=1, n_areas=16,
    )  # fmt: skip
    assert wrong(database.findings()) == ["No sectors are loaded."]


@pytest.mark.django_db
def test_database_that_was_not_migrated():
    MigrationRecorder.Migration.objects.filter(app="geo", name="0001_first_tables").delete()
    assert wrong(database.findings()) == [
        "1 migrations are not applied, the first is geo.0001_first_tables."
    ]


@pytest.mark.django_db
def test_user_who_may_not_create_tables():
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE peta_test_powerless")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO peta_test_powerless")
        cursor.execute("SET LOCAL ROLE peta_test_powerless")
    sentences = wrong(database.findings())
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert sentences[0] == ("The user peta_test_powerless may not create tables in the database.")


def test_database_that_is_away(monkeypatch):
    def away(question):
        raise database.Error("connection refused")

    monkeypatch.setattr(database, "ask", away)
    (finding,) = database.findings()
    assert finding.sentence == "The database does not answer: connection refused"
    assert "script/database start" in finding.advice


# --- worker ------------------------------------------------------------------


@pytest.fixture
def signs_of_life(settings, tmp_path):
    cache = caches["worker"]
    cache.clear()
    yield cache
    cache.clear()


@pytest.mark.django_db
def test_worker_that_is_absent(signs_of_life):
    (sentence,) = wrong(worker.findings())
    assert sentence.startswith("No job worker is running")


@pytest.mark.django_db
def test_worker_that_lives(signs_of_life):
    alive = SignedPackage.dumps(SimpleNamespace(timestamp=timezone.now()), True)
    signs_of_life.set(Conf.Q_STAT, [f"{Conf.Q_STAT}:1"])
    signs_of_life.set(f"{Conf.Q_STAT}:1", alive, 3)
    (finding,) = worker.findings()
    assert finding.is_well
    assert finding.sentence.startswith("The job worker gave a sign of life")


# --- the command -------------------------------------------------------------


@pytest.mark.django_db
def test_command_says_what_to_do_and_fails(capsys):
    with pytest.raises(SystemExit) as end:
        call_command("cek")
    assert end.value.code == 1
    told = capsys.readouterr().out
    assert (
        "✗    The regency 16.07 is not loaded.\n     → Load it: script/manage load_boundaries"
        in told
    )


@pytest.mark.django_db
def test_command_for_machines(capsys):
    with pytest.raises(SystemExit):
        call_command("cek", "--json")
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {row["part"] for row in found} == {
        "libraries",
        "safety",
        "files",
        "database",
        "people",
        "uploads",
        "worker",
    }
    assert all(row["ok"] == (row["advice"] == "") for row in found)
