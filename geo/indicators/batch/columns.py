"""The columns map of an import: which column of a file holds what."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.indicators.models import Indicator
from geo.lib.errors import GeoError
from geo.lib.periods import is_period
from geo.lib.tables import ERROR, NOTICE, Issue, Table

AREA_COLUMNS = {
    "code": ("code", "kode", "kode_desa", "kode_wilayah", "kode_kemendagri"),
    "bps": ("bps", "bps_code", "kode_bps", "iddesa"),
    "name": ("name", "nama", "desa", "nama_desa", "desa_kelurahan", "nmdesa"),
    "district": ("district", "kecamatan", "nama_kecamatan", "nmkec"),
    "period": ("period", "periode", "tahun"),
}
MAP_KEYS = {"areas", "columns", "periods", "reading", "source"}
# In one table a dash means "none", in another "not known": nobody may guess.
DASHES = frozenset({"-", "–", "—"})
MOST_HEADER_ROWS = 4
DEFAULT_MISSING = ("", "-", "–", "NA", "N/A", "NULL", "n.a.", "...", "…", "tad")


class BadColumnsMap(GeoError):
    """A columns map that cannot be used; all faults are listed."""

    template = gettext_lazy("The columns map %(file)s cannot be used.\n%(faults)s")


@dataclass(slots=True)
class ColumnsMap:
    """Where in a file the areas and the figures stand, and how its numbers are written."""

    areas: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    periods: dict[str, str] = field(default_factory=dict)
    decimal: str | None = None
    missing: frozenset[str] = frozenset(DEFAULT_MISSING) - DASHES
    dash: str | None = None
    header_row: int | None = None
    header_rows: int = 1
    sheet: str | None = None
    source: dict[str, str] = field(default_factory=dict)


def read_columns_map(path: Path) -> ColumnsMap:
    """Read a columns map from TOML.

    Raises
    ------
    BadColumnsMap
        With every fault.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadColumnsMap(file=path.name, faults=str(error)) from error
    faults = _faults_of_map(tables)
    if faults:
        raise BadColumnsMap(file=path.name, faults="\n".join(faults))
    reading = tables.get("reading", {})
    return ColumnsMap(
        areas=tables.get("areas", {}),
        columns=tables.get("columns", {}),
        periods=tables.get("periods", {}),
        decimal=reading.get("decimal"),
        missing=frozenset(reading.get("missing", ())) | (frozenset(DEFAULT_MISSING) - DASHES),
        dash=reading.get("dash"),
        header_row=reading.get("header_row"),
        header_rows=reading.get("header_rows", 1),
        sheet=reading.get("sheet"),
        source=tables.get("source", {}),
    )


def _faults_of_map(tables: dict) -> list[str]:
    allowed = {
        "areas": set(AREA_COLUMNS),
        "reading": {"decimal", "missing", "dash", "header_row", "header_rows", "sheet"},
        "source": {"title", "publisher", "licence", "address"},
    }
    unknown = [key for key in tables if key not in MAP_KEYS]
    for table, keys in allowed.items():
        unknown += [f"{table}.{key}" for key in tables.get(table, {}) if key not in keys]
    text = _("The key “%(key)s” is not known; allowed are %(allowed)s.")
    everything = sorted(MAP_KEYS | {f"{t}.{k}" for t, keys in allowed.items() for k in keys})
    faults = [text % {"key": key, "allowed": ", ".join(everything)} for key in unknown]
    if tables.get("reading", {}).get("decimal", ".") not in {".", ","}:
        faults.append(_("reading.decimal must be “.” or “,”."))
    faults += _faults_of_reading(tables.get("reading", {}))
    text = _("periods.%(key)s is “%(found)s”; a period looks like 2024, 2024-Q1 or 2024-03.")
    faults += [
        text % {"key": key, "found": period}
        for key, period in tables.get("periods", {}).items()
        if not is_period(str(period))
    ]
    return faults


def _faults_of_reading(reading: dict) -> list[str]:
    faults = []
    if reading.get("dash", "zero") not in {"zero", "missing"}:
        faults.append(_("reading.dash must be “zero” or “missing”."))
    rows = reading.get("header_rows", 1)
    if type(rows) is not int or not 1 <= rows <= MOST_HEADER_ROWS:
        faults.append(_("reading.header_rows must be a whole number from 1 to 4."))
    first = reading.get("header_row", 1)
    if type(first) is not int or first < 1:
        faults.append(_("reading.header_row must be the number of a row, from 1 on."))
    return faults


def guess_columns(table: Table, indicators: dict[str, Indicator]) -> ColumnsMap:
    """Without a map: columns named like an indicator, and the usual names of area columns."""
    lower = {column.lower().replace(" ", "_"): column for column in table.columns}
    areas = {}
    for role, names in AREA_COLUMNS.items():
        found = next((lower[name] for name in names if name in lower), None)
        if found:
            areas[role] = found
    columns = {}
    for code, indicator in indicators.items():
        for name in (code, indicator.name_id, indicator.name_en):
            column = lower.get(name.lower().replace(" ", "_"))
            if column:
                columns[column] = code
    return ColumnsMap(areas=areas, columns=columns)


def check_columns(
    table: Table, chosen: ColumnsMap, by: str, known: set[str], wanted: set[str]
) -> list[Issue]:
    """List the columns that the file lacks, and indicators that nobody declares."""
    issues = []
    if by not in chosen.areas:
        text = _(
            "No column says which area a row means by “%(by)s”. Name it in the columns map "
            "under [areas], or choose another --by."
        )
        issues.append(Issue(None, "", by, text % {"by": by}, ERROR))
    for column in [*chosen.areas.values(), *chosen.columns]:
        if column not in table.columns:
            close = get_close_matches(column, table.columns, n=3)
            text = _("The file has no column “%(column)s”. Alike are: %(close)s.")
            facts = {"column": column, "close": ", ".join(close) or "–"}
            issues.append(Issue(1, column, column, text % facts, ERROR))
    for column, code in chosen.columns.items():
        if code not in known:
            close = get_close_matches(code, known, n=3)
            text = _("No sector declares the indicator “%(code)s”. Alike are: %(close)s.")
            facts = {"code": code, "close": ", ".join(close) or "–"}
            issues.append(Issue(1, column, code, text % facts, ERROR))
        elif code not in wanted:
            text = _("The column “%(column)s” is not asked for and is left out.")
            issues.append(Issue(1, column, code, text % {"column": column}, NOTICE))
    if not wanted & set(chosen.columns.values()):
        text = _("No column holds an indicator that is asked for: %(wanted)s.")
        facts = {"wanted": ", ".join(sorted(wanted)) or "–"}
        issues.append(Issue(1, "", "", text % facts, ERROR))
    return issues


def refuse_derived(chosen: ColumnsMap, indicators: dict[str, Indicator]) -> list[Issue]:
    """List the columns of indicators that are counted from something else."""
    text = _(
        "“%(code)s” is counted from places or from another figure and never typed in: import "
        "the places (import_places) or that figure, and leave this column out."
    )
    return [
        Issue(1, column, code, text % {"code": code}, ERROR)
        for column, code in chosen.columns.items()
        if code in indicators and indicators[code].is_derived
    ]
