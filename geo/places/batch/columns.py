"""Which column of a list of places holds what: guessed from headings, or named in a map."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.indicators.batch.columns import DEFAULT_MISSING
from geo.lib.errors import GeoError
from geo.lib.place_kinds import HEADINGS
from geo.lib.tables import ERROR, NOTICE, Issue, Table
from geo.places.models import PlaceKind

MAP_KEYS = {"columns", "reading", "source"}
READING_KEYS = {"decimal", "missing", "sheet"}
SOURCE_KEYS = {"title", "publisher", "licence", "address"}


class BadPlaceMap(GeoError):
    """A columns map that cannot be used; all faults are listed."""

    template = gettext_lazy("The columns map %(file)s cannot be used.\n%(faults)s")


@dataclass(slots=True)
class PlaceColumns:
    """Columns by what they hold: ``columns`` maps a role or attribute to a heading."""

    columns: dict[str, str] = field(default_factory=dict)
    decimal: str | None = None
    missing: frozenset[str] = frozenset(DEFAULT_MISSING)
    sheet: str | None = None
    source: dict[str, str] = field(default_factory=dict)


def heading_key(heading: str) -> str:
    """A heading in small letters with underscores: ``"Nama  Sekolah*"`` → ``nama_sekolah``."""
    return "_".join(re.findall(r"[a-z0-9]+", heading.lower()))


def known_headings(kind: PlaceKind) -> dict[str, tuple[str, ...]]:
    """Headings by role; those of the kind's own attributes come before the general ones."""
    own = {
        one["code"]: (one["code"], one["name_id"], one["name_en"], *one["aliases"])
        for one in kind.attributes
    }
    if kind.register:
        declared = kind.identifier
        own["identifier"] = (declared["code"], declared["name_id"], *declared["aliases"])
    every = own | HEADINGS
    return {role: tuple(map(heading_key, names)) for role, names in every.items()}


def guess_columns(table: Table, kind: PlaceKind) -> PlaceColumns:
    """Without a map: columns are known by their headings."""
    by_key = {heading_key(column): column for column in table.columns}
    chosen = PlaceColumns()
    taken: set[str] = set()
    for role, names in known_headings(kind).items():
        found = next((by_key[name] for name in names if name in by_key), None)
        if found is not None and found not in taken:
            chosen.columns[role] = found
            taken.add(found)
    return chosen


def read_place_map(path: Path, kind: PlaceKind) -> PlaceColumns:
    """Read a columns map from TOML: ``[columns] "Nama Sekolah" = "name"`` and so on.

    Raises
    ------
    BadPlaceMap
        With every fault.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadPlaceMap(file=path.name, faults=str(error)) from error
    faults = _faults(tables, kind)
    if faults:
        raise BadPlaceMap(file=path.name, faults="\n".join(faults))
    reading = tables.get("reading", {})
    return PlaceColumns(
        columns={role: column for column, role in tables.get("columns", {}).items()},
        decimal=reading.get("decimal"),
        missing=frozenset(reading.get("missing", ())) | frozenset(DEFAULT_MISSING),
        sheet=reading.get("sheet"),
        source=tables.get("source", {}),
    )


def _faults(tables: dict, kind: PlaceKind) -> list[str]:
    roles = set(known_headings(kind))
    faults = []
    text = _("The key “%(key)s” is not known; allowed are %(allowed)s.")
    for where, allowed in (("", MAP_KEYS), ("reading", READING_KEYS), ("source", SOURCE_KEYS)):
        table = tables.get(where, {}) if where else tables
        for key in sorted(table.keys() - allowed):
            facts = {"key": f"{where}.{key}".strip("."), "allowed": ", ".join(sorted(allowed))}
            faults.append(text % facts)
    text = _("The column “%(column)s” cannot hold “%(role)s”; allowed are %(allowed)s.")
    for column, role in tables.get("columns", {}).items():
        if role not in roles:
            facts = {"column": column, "role": role, "allowed": ", ".join(sorted(roles))}
            faults.append(text % facts)
    if tables.get("reading", {}).get("decimal", ".") not in {".", ","}:
        faults.append(_("reading.decimal must be “.” or “,”."))
    return faults


def check_columns(table: Table, chosen: PlaceColumns, kind: PlaceKind) -> list[Issue]:
    """List the columns that the file lacks, and those that nobody reads."""
    issues = []
    for role, column in chosen.columns.items():
        if column not in table.columns:
            near = ", ".join(get_close_matches(column, table.columns, n=3)) or "–"
            text = _("The file has no column “%(column)s” for “%(role)s”. Alike are: %(near)s.")
            facts = {"column": column, "role": role, "near": near}
            issues.append(Issue(1, column, "", text % facts, ERROR))
    issues += _missing_roles(chosen, kind)
    unread = [column for column in table.columns if column not in chosen.columns.values()]
    if unread:
        text = _("These columns are not read: %(columns)s.")
        listed = ", ".join(unread)
        issues.append(Issue(1, "", "", text % {"columns": listed}, NOTICE))
    return issues


def _missing_roles(chosen: PlaceColumns, kind: PlaceKind) -> list[Issue]:
    needed = ["name"]
    if kind.identifier.get("required"):
        needed.append("identifier")
    needed += [one["code"] for one in kind.attributes if one["required"]]
    headings = known_headings(kind)
    text = _(
        "No column holds “%(role)s”. Head one with %(names)s, or name it in the columns map under "
        "[columns]."
    )
    issues = []
    for role in needed:
        if role not in chosen.columns:
            facts = {"role": role, "names": ", ".join(headings[role][:4])}
            issues.append(Issue(1, "", role, text % facts, ERROR))
    roles = chosen.columns.keys()
    is_located = {"lon", "lat"} <= roles or "coordinates" in roles
    if not is_located and not {"code", "bps", "village"} & roles:
        text = _(
            "No column says where the places are: lintang and bujur, or kode_desa, or desa with "
            "kecamatan."
        )
        issues.append(Issue(1, "", "", text, ERROR))
    return issues
