"""Facts about the installation: is the database there, is the worker, which versions."""

import logging
import os
import tomllib
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.gis import gdal
from django.contrib.gis.geos.libgeos import geos_version
from django.db import Error, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.status import Stat

from geo.areas.models import Area
from geo.indicators.models import Observation

log = logging.getLogger(__name__)

# A database that needs longer to let us in, or for these questions, is not well.
PATIENCE_TO_CONNECT_S = 2
PATIENCE_MS = 1500


def condition() -> dict[str, Any]:
    """Return how the installation is; ``status`` is "ok" while pages can be served.

    The worker's absence does not stop pages from being served: it is told in
    ``notes``, as is an installation without areas.
    """
    try:
        _knock()
        with transaction.atomic():
            _limit_patience()
            pending = pending_migrations()
            n_areas = Area.objects.current().count() if not pending else 0
            has_figures = Observation.objects.exists() if not pending else False
    except Error as error:
        log.warning("health: the database does not answer: %s", str(error).strip())
        return {"status": "database away", "detail": _("The database does not answer.")}
    if pending:
        detail = _("The database lacks %(n)s migrations. Run: script/manage migrate")
        return {"status": "not migrated", "detail": detail % {"n": len(pending)}}
    age_s = worker_heartbeat_age_s()
    return {
        "status": "ok",
        "database": "ok",
        "migrations": "applied",
        "areas": n_areas,
        "figures": has_figures,
        "worker": {"status": "ok" if age_s is not None else "absent", "heartbeat_age_s": age_s},
        "notes": _notes(n_areas=n_areas, age_s=age_s),
    }


def _notes(*, n_areas: int, age_s: float | None) -> list[str]:
    notes = []
    if not n_areas:
        notes.append(_("No areas are loaded. Run: script/manage set_up"))
    if age_s is None:
        notes.append(_("No job worker is running. Uploads will wait until one is."))
    return notes


def _knock() -> None:
    """Raise ``OperationalError`` unless the database lets a newcomer in soon.

    A connection of its own: a page that connects meanwhile keeps its longer patience.
    """
    newcomer = connection.copy()
    newcomer.settings_dict["OPTIONS"]["connect_timeout"] = PATIENCE_TO_CONNECT_S
    with closing(newcomer):
        newcomer.ensure_connection()


def _limit_patience() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE_MS])


@cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(key for key in loader.graph.nodes)


def pending_migrations() -> list[str]:
    """Return the names of migrations that the database has not seen, sorted."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(".".join(key) for key in _migrations_on_disk() - set(applied))


def worker_heartbeat_age_s() -> float | None:
    """Return how many seconds ago a job worker last gave a sign of life; None without one."""
    ages = [(timezone.now() - stat.timestamp).total_seconds() for stat in Stat.get_all()]
    return round(min(ages), 1) if ages else None


def versions() -> dict[str, Any]:
    """Return the software's version and commit, and those of the libraries below it."""
    return {
        "version": software_version(),
        "commit": commit(settings.BASE_DIR),
        "regency": settings.REGENCY_CODE,
        "libraries": {
            "django": django.get_version(),
            "gdal": gdal.gdal_version().decode(),
            "geos": geos_version().decode().split("-")[0],
            "proj": proj_version(),
            **_database_versions(),
        },
    }


def software_version() -> str:
    """Return the version that pyproject.toml declares."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def proj_version() -> str | None:
    """Return the PROJ version for which the coordinate system register in use was made."""
    # Only this page reads SQLite: a web worker that never shows it goes without.
    import sqlite3

    register = Path(os.environ["PROJ_DATA"]) / "proj.db"
    try:
        with sqlite3.connect(f"file:{register}?mode=ro&immutable=1", uri=True) as database:
            row = database.execute("SELECT value FROM metadata WHERE key = 'PROJ.VERSION'")
            return str(row.fetchone()[0])
    except sqlite3.Error:
        return None


def commit(folder: Path) -> str | None:
    """Return the commit checked out in ``folder``, read without git; None outside a clone."""
    git = folder / ".git"
    try:
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        if (git / name).is_file():
            return (git / name).read_text().strip()
        packed = (git / "packed-refs").read_text().splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
    except OSError:
        return None


def _database_versions() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), postgis_lib_version()")
            postgresql, postgis = cursor.fetchone()
    except Error:
        return {}
    return {"postgresql": postgresql.split()[0], "postgis": postgis}
