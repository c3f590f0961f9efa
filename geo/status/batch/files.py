"""Are the files there that the site serves and writes?"""

import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from geo.status.batch.findings import Finding

PART = "files"
LEAST_FREE_MB = 1024
SECRETS = ("secret_key", "demo-accounts.txt")


def findings() -> Iterator[Finding]:
    yield _writable()
    yield from _secrets()
    yield _disk_space()
    yield _static_files()
    yield _leaflet()
    yield _catalogues()


def _writable() -> Finding:
    folder = Path(settings.VAR_DIR)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return Finding(
            PART,
            _("The folder %(folder)s cannot be written.") % {"folder": folder},
            _("Create it and give it to the site's user: chown USER %(folder)s")
            % {"folder": folder},
        )
    if folder.stat().st_mode & stat.S_IWOTH:
        return Finding(
            PART,
            _("Everybody on this machine can write in %(folder)s.") % {"folder": folder},
            _("Close it: chmod o-w %(folder)s") % {"folder": folder},
        )
    return Finding(PART, _("The folder %(folder)s can be written.") % {"folder": folder})


def _secrets() -> Iterator[Finding]:
    for name in SECRETS:
        file = Path(settings.VAR_DIR) / name
        if file.is_file() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                PART,
                _("Others on this machine can read the secret in %(file)s.") % {"file": file},
                _("Close it: chmod 600 %(file)s") % {"file": file},
            )


def _disk_space() -> Finding:
    folder = Path(settings.VAR_DIR)
    free_mb = shutil.disk_usage(folder if folder.is_dir() else settings.BASE_DIR).free // 2**20
    facts = {"free": free_mb, "least": LEAST_FREE_MB, "folder": folder}
    if free_mb < LEAST_FREE_MB:
        return Finding(
            PART,
            _("Only %(free)s MB are free where %(folder)s lies; expected at least %(least)s.")
            % facts,
            _("Free some space, or move the folder with VAR_DIR to a larger disk."),
        )
    return Finding(PART, _("%(free)s MB are free where %(folder)s lies.") % facts)


def manifest() -> dict[str, str]:
    """Return plain names and hashed names of the collected static files; empty without any."""
    try:
        return json.loads((Path(settings.STATIC_ROOT) / "staticfiles.json").read_text())["paths"]
    except (OSError, ValueError, KeyError):
        return {}


def _static_files() -> Finding:
    advice = _("Collect them: script/manage collectstatic --no-input")
    hashed = manifest()
    if not hashed:
        sentence = _("The static files are not collected in %(folder)s.")
        return Finding(PART, sentence % {"folder": settings.STATIC_ROOT}, advice)
    missing = [name for name in hashed.values() if not (Path(settings.STATIC_ROOT) / name).exists()]
    if missing:
        sentence = _("%(n)s of %(all)s static files are missing, among them %(name)s.")
        facts = {"n": len(missing), "all": len(hashed), "name": missing[0]}
        return Finding(PART, sentence % facts, advice)
    return Finding(PART, _("%(n)s static files are collected.") % {"n": len(hashed)})


def wanted_leaflet_version() -> str:
    """Return the Leaflet version that package.json pins."""
    return json.loads((settings.BASE_DIR / "package.json").read_text())["dependencies"]["leaflet"]


def _leaflet() -> Finding:
    wanted = wanted_leaflet_version()
    file = Path(settings.STATIC_ROOT) / manifest().get("leaflet/leaflet.js", "leaflet/leaflet.js")
    head = file.read_text(errors="replace")[:400] if file.is_file() else ""
    if f"Leaflet {wanted}" not in head:
        return Finding(
            PART,
            _("The map library Leaflet %(wanted)s is not among the static files.")
            % {"wanted": wanted},
            _("Run script/bootstrap, then script/manage collectstatic --no-input"),
        )
    return Finding(PART, _("The map library is Leaflet %(wanted)s.") % {"wanted": wanted})


def stale_catalogues() -> list[Path]:
    """Return the catalogues of words that were changed after they were compiled, or never were."""
    sources = [po for folder in settings.LOCALE_PATHS for po in Path(folder).rglob("*.po")]
    compiled = {po: po.with_suffix(".mo") for po in sources}
    return [
        po
        for po, mo in sorted(compiled.items())
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime
    ]


def _catalogues() -> Finding:
    stale = stale_catalogues()
    if stale:
        return Finding(
            PART,
            _("The translations in %(file)s are not compiled.") % {"file": stale[0]},
            _("Compile them: script/manage compilemessages --ignore .venv"),
        )
    return Finding(PART, _("The translations are compiled."))
