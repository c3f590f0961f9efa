"""Makes a database and its files ready to serve: what script/server runs at every start."""

import hashlib
import time
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.indicators.models import Observation
from geo.status.batch.database import ask
from geo.status.batch.files import manifest, stale_catalogues
from geo.status.queries import pending_migrations
from geo.travel.batch.jobs import schedule_refreshing


class Command(BaseCommand):
    help = _(
        "Migrate, compile translations, collect static files, and load boundaries, sectors and "
        "demonstration data into an empty database. Does nothing that is already done."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--no-demo", action="store_true", help=_("load no demonstration data"))
        parser.add_argument(
            "--demo-accounts", action="store_true", help=_("create the demonstration accounts too")
        )
        parser.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))

    def handle(self, *, no_demo: bool, demo_accounts: bool, dry_run: bool, **options):
        self.dry_run = dry_run
        self._reach_database()
        if ask("SELECT 1 FROM pg_extension WHERE extname = 'postgis'") is None:
            self._step(_("Adding PostGIS to the database"), add_postgis)
        migrated = not pending_migrations()
        if not migrated:
            self._step(_("Migrating the database"), migrate)
        if stale_catalogues():
            self._step(_("Compiling translations"), compile_catalogues)
        if not static_files_are_current():
            self._step(_("Collecting static files"), collect_static_files)
        self._load(no_demo=no_demo, is_ready=migrated or not dry_run)
        if demo_accounts:
            self._command("create_demo_accounts", dry_run=dry_run)

    def _load(self, *, no_demo: bool, is_ready: bool):
        """Load what an empty database lacks; ``is_ready`` is false before any table exists."""
        if not is_ready or not regency_is_loaded():
            self._step(_("Loading boundaries"), self._command, "load_boundaries")
        self._step(_("Loading sectors"), self._command, "load_sectors")
        if not no_demo and (not is_ready or not Observation.objects.exists()):
            self._step(_("Loading demonstration data"), self._command, "load_demo")
        self._step(_("Asking the job worker to keep travel times current"), schedule_refreshing)

    def _command(self, name, **options):
        call_command(name, stdout=self.stdout, stderr=self.stderr, **options)

    def _step(self, label, do, *arguments):
        if self.dry_run:
            self.stdout.write(_("Would do: %(label)s") % {"label": label})
            return
        self.stdout.write(f"{label} …")
        self.stdout.flush()
        began = time.monotonic()
        do(*arguments)
        self.stdout.write(f"{label} … {time.monotonic() - began:.1f} s")

    def _reach_database(self):
        try:
            connection.ensure_connection()
        except Error as error:
            raise CommandError(
                _(
                    "The database does not answer: %(error)s\nStart it, or correct DATABASE_URL; "
                    "without DATABASE_URL, script/server starts a private one."
                )
                % {"error": str(error).strip()}
            ) from error


def add_postgis():
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    except Error as error:
        raise CommandError(
            _(
                "The database lacks PostGIS, and the user of DATABASE_URL may not add it "
                "(%(error)s). As a superuser of the database, run once in the database "
                "%(name)s:\n    CREATE EXTENSION postgis;"
            )
            % {"error": str(error).strip(), "name": connection.settings_dict["NAME"]}
        ) from error


def migrate():
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except Error as error:
        raise CommandError(
            _(
                "The database could not be migrated: %(error)s\nIf it speaks of permission, the "
                "user of DATABASE_URL must own the database, and a superuser must create the "
                "extension that it names."
            )
            % {"error": str(error).strip()}
        ) from error


def compile_catalogues():
    ignored = [".venv", "node_modules", "var"]
    call_command("compilemessages", verbosity=0, ignore_patterns=ignored)


def static_fingerprint() -> str:
    """Return a digest of every static file's path, size and time of change."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            prefix = getattr(storage, "prefix", None) or ""
            digest.update(f"{prefix}/{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _fingerprint_file() -> Path:
    return Path(settings.VAR_DIR) / "static.fingerprint"


def static_files_are_current() -> bool:
    file = _fingerprint_file()
    return bool(manifest()) and file.is_file() and file.read_text() == static_fingerprint()


def collect_static_files():
    call_command("collectstatic", interactive=False, verbosity=0)
    _fingerprint_file().write_text(static_fingerprint())


def regency_is_loaded() -> bool:
    regencies = Area.objects.current().filter(level=Level.REGENCY, code=settings.REGENCY_CODE)
    return regencies.exists()
