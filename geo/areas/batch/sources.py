"""Where boundaries come from: a file, a folder, a declared source, or whatever is at hand."""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.areas.batch.download import DownloadRefused, fetch
from geo.areas.models import Area, BoundaryStatus
from geo.lib.errors import GeoError
from geo.lib.upstream_sql import sql_paths

UPSTREAM = "wilayah_boundaries"
INDICATIVE = "indicative"
VECTOR_SUFFIXES = {".geojson", ".json", ".gpkg", ".shp", ".zip"}


class SourceNotFound(GeoError):
    status = 404
    template = gettext_lazy("No boundaries can be loaded from “%(source)s”. %(reason)s")


class BetterBoundariesStand(GeoError):
    status = 409
    template = gettext_lazy(
        "Nothing was loaded: the boundaries that are loaded already (“%(title)s”) are better "
        "than the embedded estimate, and stay. Better sources were not at hand: %(reasons)s"
    )


@dataclass(frozen=True)
class Declaration:
    """What a source says of itself, as it is kept in ``BoundarySource``."""

    code: str
    title: str
    publisher: str
    licence: str
    address: str = ""
    version: str = ""
    published_on: datetime.date | None = None
    method: str = ""
    status: str = BoundaryStatus.INDICATIVE
    is_estimate: bool = False
    download: str = ""
    sha256: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """Files that hold the boundaries of one regency, and who declares them."""

    declaration: Declaration
    villages: Path
    upper: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_sql(self) -> bool:
        return self.villages.suffix == ".sql"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.villages.read_bytes()).hexdigest()


def find_edition(source: str, regency_code: str) -> Edition:
    """The edition that SOURCE means for a regency; its notes say why it was not another."""
    if source == "auto":
        return _whatever_is_at_hand(regency_code)
    if source == UPSTREAM:
        return _upstream(regency_code)
    if source == INDICATIVE:
        return _embedded(regency_code)
    path = Path(source)
    if path.is_dir():
        return _from_folder(path, regency_code)
    if path.is_file():
        return _from_file(path)
    raise SourceNotFound(
        source=source,
        reason=_(
            "It is neither a file nor a folder here, nor one of the declared sources: "
            "auto, %(declared)s."
        )
        % {"declared": f"{UPSTREAM}, {INDICATIVE}"},
    )


def _whatever_is_at_hand(regency_code: str) -> Edition:
    notes: list[str] = []
    for attempt in (_mirror, _downloaded):
        try:
            edition = attempt(regency_code)
            return replace(edition, notes=(*notes, *edition.notes))
        except (SourceNotFound, DownloadRefused) as refusal:
            notes.append(str(refusal))
    # Without a network, “auto” must not put estimates where published boundaries stand already.
    present = Area.objects.current().filter(code=regency_code, boundary_source__is_estimate=False)
    standing = present.select_related("boundary_source").first()
    if standing is not None:
        title = standing.boundary_source.title
        raise BetterBoundariesStand(title=title, reasons=" ".join(notes))
    try:
        edition = _embedded(regency_code)
    except SourceNotFound as refusal:
        raise SourceNotFound(source="auto", reason=" ".join([*notes, str(refusal)])) from refusal
    return replace(edition, notes=(*notes, *edition.notes))


def _upstream(regency_code: str) -> Edition:
    if settings.BOUNDARY_MIRROR:
        return _mirror(regency_code)
    return _downloaded(regency_code)


def _mirror(regency_code: str) -> Edition:
    if not settings.BOUNDARY_MIRROR:
        raise SourceNotFound(
            source="BOUNDARY_MIRROR", reason=_("The setting BOUNDARY_MIRROR names no folder.")
        )
    return _from_folder(Path(settings.BOUNDARY_MIRROR), regency_code)


def _downloaded(regency_code: str) -> Edition:
    upstream = declared(UPSTREAM)
    paths = sql_paths(regency_code)
    register = settings.DATA_DIR / "boundaries" / "register" / f"{regency_code}.csv"
    wanted = [paths["village"]]
    if not register.is_file():
        wanted += [paths["district"], paths["regency"]]
    for path in wanted:
        if path not in upstream.sha256:
            raise SourceNotFound(
                source=UPSTREAM,
                reason=_(
                    "No checksum is pinned for “%(path)s”, so it is not downloaded. Put the "
                    "file into a folder of the same layout and set BOUNDARY_MIRROR to it."
                )
                % {"path": path},
            )
    folder = settings.VAR_DIR / "boundaries" / upstream.version
    files = [
        fetch(
            upstream.download.format(version=upstream.version, path=path),
            folder / path,
            upstream.sha256[path],
        )
        for path in wanted
    ]
    return Edition(upstream, files[0], tuple(files[1:]))


def _embedded(regency_code: str) -> Edition:
    path = settings.DATA_DIR / "boundaries" / "indicative" / f"{regency_code}.geojson"
    if not path.is_file():
        raise SourceNotFound(
            source=INDICATIVE,
            reason=_(
                "The project holds no indicative boundaries for %(code)s: “%(path)s” is missing. "
                "Build them with script/manage build_indicative_boundaries --regency %(code)s."
            )
            % {"code": regency_code, "path": path},
        )
    edition = _from_file(path)
    estimate = {"code": INDICATIVE, "is_estimate": True}
    return replace(edition, declaration=replace(edition.declaration, **estimate))


def _from_folder(folder: Path, regency_code: str) -> Edition:
    paths = {level: folder / path for level, path in sql_paths(regency_code).items()}
    if paths["village"].is_file():
        upper = tuple(paths[level] for level in ("district", "regency") if paths[level].is_file())
        return _pinned_or_not(Edition(declared(UPSTREAM), paths["village"], upper), regency_code)
    files = sorted(p for p in folder.glob("*") if p.suffix.lower() in VECTOR_SUFFIXES)
    mine = [p for p in files if p.name.startswith(regency_code)] or files
    villages = [p for p in mine if any(w in p.stem.lower() for w in ("village", "desa", "kel"))]
    choice = villages if len(mine) > 1 else mine
    if len(choice) == 1:
        return _from_file(choice[0])
    raise SourceNotFound(
        source=folder,
        reason=_(
            "The folder should hold “%(path)s” or exactly one GeoJSON, GeoPackage or shapefile "
            "of villages; it holds: %(found)s. Name the file itself."
        )
        % {
            "path": sql_paths(regency_code)["village"],
            "found": ", ".join(p.name for p in files) or _("nothing of the kind"),
        },
    )


def _pinned_or_not(edition: Edition, regency_code: str) -> Edition:
    pinned = edition.declaration.sha256.get(sql_paths(regency_code)["village"])
    if pinned == edition.sha256:
        return edition
    return replace(
        edition,
        declaration=replace(edition.declaration, version="", published_on=None),
        notes=(
            _("“%(path)s” is not the edition whose checksum is pinned in sources.toml.")
            % {"path": edition.villages},
        ),
    )


def _from_file(path: Path) -> Edition:
    if path.suffix == ".sql":
        return Edition(declared(UPSTREAM), path)
    if path.suffix.lower() not in VECTOR_SUFFIXES:
        raise SourceNotFound(
            source=path,
            reason=_("A file must end in one of: %(suffixes)s.")
            % {"suffixes": ", ".join(sorted([*VECTOR_SUFFIXES, ".sql"]))},
        )
    beside = path.with_name(f"{path.stem}.source.toml")
    if beside.is_file():
        return Edition(_declaration(slugify(path.stem), _toml(beside)), path)
    unknown = _("not stated")
    return Edition(
        Declaration(f"file-{slugify(path.stem)}"[:40], path.name, unknown, unknown),
        path,
        notes=(
            _(
                "Nobody has stated who published “%(name)s” and under which licence. Write it "
                "into “%(beside)s” (title, publisher, licence, method, date, status)."
            )
            % {"name": path.name, "beside": beside.name},
        ),
    )


def declared(code: str) -> Declaration:
    """A source that data/boundaries/sources.toml declares."""
    return _declaration(code, _toml(settings.DATA_DIR / "boundaries" / "sources.toml")[code])


def _toml(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _declaration(code: str, table: dict) -> Declaration:
    known = {key: table[key] for key in Declaration.__dataclass_fields__ if key in table}
    if not isinstance(known.get("sha256"), dict):  # of one file: told by Edition itself
        known.pop("sha256", None)
    for synonym in ("date", "built_on"):
        if synonym in table:
            known.setdefault("published_on", table[synonym])
    return Declaration(**{"code": code, **known})
