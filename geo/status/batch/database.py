"""Is the database there, new enough, allowed to us, and filled?"""

from collections.abc import Iterator

from django.conf import settings
from django.db import Error, connection
from django.utils.translation import gettext as _

from geo.areas.models import Area, Level, Outline
from geo.indicators.models import Observation, Sector
from geo.status.batch.findings import Finding
from geo.status.queries import pending_migrations

PART = "database"
OLDEST_POSTGRESQL = 14
OLDEST_POSTGIS = (3, 1)


def findings() -> Iterator[Finding]:
    try:
        yield from _server()
        pending = pending_migrations()
        if pending:
            yield Finding(
                PART,
                _("%(n)s migrations are not applied, the first is %(name)s.")
                % {"n": len(pending), "name": pending[0]},
                _("Apply them: script/manage migrate"),
            )
            return
        yield Finding(PART, _("All migrations are applied."))
        yield from _contents()
    except Error as error:
        yield Finding(
            PART,
            _("The database does not answer: %(error)s") % {"error": str(error).strip()},
            _(
                "Start it (script/database start), or correct DATABASE_URL, which now points at "
                "%(name)s on %(host)s."
            )
            % {
                "name": connection.settings_dict["NAME"],
                "host": connection.settings_dict["HOST"] or _("this machine"),
            },
        )


def ask(question: str):
    """Return the first column of the first row that the database answers; None without a row."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row[0] if row else None


def _server() -> Iterator[Finding]:
    version = int(ask("SHOW server_version_num")) // 10_000
    if version < OLDEST_POSTGRESQL:
        yield Finding(
            PART,
            _("PostgreSQL is version %(found)s; expected %(oldest)s or newer.")
            % {"found": version, "oldest": OLDEST_POSTGRESQL},
            _("Install a newer PostgreSQL and move the data with pg_dump and pg_restore."),
        )
    else:
        yield Finding(PART, _("PostgreSQL %(found)s answers.") % {"found": version})
    yield _postgis()
    yield _permission()
    yield _encoding()


def _postgis() -> Finding:
    found = ask("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
    if found is None:
        return Finding(
            PART,
            _("The database lacks the extension PostGIS."),
            _("As a superuser of the database, run once in it: CREATE EXTENSION postgis;"),
        )
    if tuple(int(part) for part in found.split(".")[:2]) < OLDEST_POSTGIS:
        return Finding(
            PART,
            _("PostGIS is version %(found)s; expected 3.1 or newer.") % {"found": found},
            _(
                "Install a newer PostGIS, then run in the database: "
                "SELECT postgis_extensions_upgrade();"
            ),
        )
    return Finding(PART, _("PostGIS %(found)s is there.") % {"found": found})


def _permission() -> Finding:
    user = ask("SELECT current_user")
    if not ask("SELECT has_schema_privilege(current_schema(), 'CREATE')"):
        return Finding(
            PART,
            _("The user %(user)s may not create tables in the database.") % {"user": user},
            _('As its owner, run in it: GRANT CREATE ON SCHEMA public TO "%(user)s";')
            % {"user": user},
        )
    return Finding(PART, _("The user %(user)s may create tables.") % {"user": user})


def _encoding() -> Finding:
    found = ask("SHOW server_encoding")
    if found != "UTF8":
        return Finding(
            PART,
            _("The database's encoding is %(found)s; expected UTF8.") % {"found": found},
            _("Create a database with ENCODING 'UTF8' and move the data into it."),
        )
    return Finding(PART, _("The database's encoding is UTF8."))


def _contents() -> Iterator[Finding]:
    code = settings.REGENCY_CODE
    regency = Area.objects.current().filter(code=code, level=Level.REGENCY).first()
    if regency is None:
        yield Finding(
            PART,
            _("The regency %(code)s is not loaded.") % {"code": code},
            _("Load it: script/manage load_boundaries. Or correct REGENCY_CODE."),
        )
        return
    villages = Area.objects.current().at_level(Level.VILLAGE).within(regency)
    facts = {
        "name": regency.name,
        "n": villages.count(),
        "drawn": villages.with_boundary().count(),
    }
    sentence = _("%(name)s has %(n)s villages, %(drawn)s of them with a boundary.") % facts
    advice = "" if facts["drawn"] else _("Load boundaries: script/manage load_boundaries")
    yield Finding(PART, sentence, advice)
    if facts["drawn"] and not Outline.objects.filter(parent=regency).exists():
        yield Finding(
            PART,
            _("The outlines that the map draws are missing."),
            _("Compute them by loading the boundaries again: script/manage load_boundaries"),
        )
    yield from _figures()


def _figures() -> Iterator[Finding]:
    n_sectors = Sector.objects.count()
    if not n_sectors:
        yield Finding(PART, _("No sectors are loaded."), _("Load them: script/manage load_sectors"))
        return
    yield Finding(PART, _("%(n)s sectors are loaded.") % {"n": n_sectors})
    if not Observation.objects.exists():
        yield Finding(
            PART,
            _("There is not one figure to show."),
            _(
                "Import a table (script/manage import_table) or load examples "
                "(script/manage load_demo)."
            ),
        )
