"""Kinds of places as a sector declares them under ``[places.<kind>]``.

A kind names its attributes with type, unit and range, the identifier that
others know its places by, and the indicators that are counted from its places
and therefore never typed in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from geo.lib.declarations import (
    BOTH,
    INDICATOR,
    RANGE,
    TABLE_OR_NONE,
    TRUE_OR_FALSE,
    Fault,
    Reading,
    Rule,
    is_both,
    is_code,
    is_list_of,
    is_text,
    one_of,
    sides,
    written,
)
from geo.lib.units import UNITS

WHOLE, NUMBER, TEXT, CHOICE, YES_NO = "whole", "number", "text", "choice", "yes_no"
TYPES = [WHOLE, NUMBER, TEXT, CHOICE, YES_NO]
NUMERIC = {WHOLE, NUMBER}
# The names of our own drawings; a test compares them with templatetags.geo.ICONS.
ICONS = [
    "hospital",
    "health_centre",
    "health_branch",
    "health_post",
    "birth_post",
    "child_post",
    "clinic",
    "kindergarten",
    "school",
    "school_middle",
    "school_upper",
    "school_trade",
    "attraction",
    "tourism_village",
    "place",
]
# How lists of places head what every kind has; the same wherever a list comes in.
HEADINGS = {
    "name": (
        "name",
        "nama",
        "namobj",
        "nama_tempat",
        "nama_sekolah",
        "nama_satuan_pendidikan",
        "sekolah",
        "nama_fasilitas",
        "nama_puskesmas",
        "nama_posyandu",
        "nama_objek",
        "objek_wisata",
    ),
    "lon": ("lon", "lng", "long", "longitude", "bujur", "x", "bujur_timur"),
    "lat": ("lat", "latitude", "lintang", "y", "lintang_selatan"),
    "coordinates": ("koordinat", "coordinates", "coordinate", "titik_koordinat", "lat_long"),
    "precision": ("precision", "presisi", "ketelitian", "ketepatan"),
    "code": ("code", "kode_desa", "kode_kelurahan", "kode_wilayah", "kode_kemendagri", "kdepum"),
    "bps": ("bps", "bps_code", "kode_bps", "iddesa", "kdebps"),
    "village": (
        "village",
        "desa",
        "kelurahan",
        "nama_desa",
        "desa_kelurahan",
        "kelurahan_desa",
        "nmdesa",
        "wadmkd",
    ),
    "district": ("district", "kecamatan", "nama_kecamatan", "nmkec", "wadmkc"),
}
ALIASES = Rule("texts", is_list_of(is_text))


@dataclass(slots=True)
class PlaceKindDeclaration:
    """One kind of places as declared; ``feeds`` names indicators by what is summed.

    The key ``""`` of ``feeds`` counts places; any other is the code of an
    attribute whose values are summed.
    """

    code: str
    file: str
    fields: dict[str, Any]
    feeds: dict[str, str] = field(default_factory=dict)


def _is_pattern(value: object) -> bool:
    try:
        return is_text(value) and re.compile(str(value)) is not None
    except re.error:
        return False


def _is_choices(value: object) -> bool:
    return (
        isinstance(value, dict)
        and len(value) >= 2
        and all(map(is_code, value))
        and all(map(is_both, value.values()))
    )


KIND_KEYS = {
    "name": BOTH,
    "plural": BOTH,
    "icon": one_of(ICONS, required=True),
    "counts": INDICATOR,
    "identifier": TABLE_OR_NONE,
    "attributes": TABLE_OR_NONE,
}
IDENTIFIER_KEYS = {
    "code": Rule("code", is_code, required=True),
    "name": BOTH,
    "pattern": Rule("pattern", _is_pattern, required=True),
    "required": TRUE_OR_FALSE,
    "aliases": ALIASES,
}
ATTRIBUTE_KEYS = {
    "name": BOTH,
    "type": one_of(TYPES, required=True),
    "unit": one_of(UNITS),
    "range": RANGE,
    "required": TRUE_OR_FALSE,
    "choices": Rule("choices", _is_choices),
    "sums_into": INDICATOR,
    "aliases": ALIASES,
}


def read_place_kind(
    reading: Reading, code: str, table: object, position: int
) -> PlaceKindDeclaration:
    """Read one table ``[places.<code>]``; faults are noted in ``reading``."""
    where = f"places.{code}."
    declared = PlaceKindDeclaration(code, reading.name, {})
    if not is_code(code) or not isinstance(table, dict):
        reading.note(f"places.{code}", written(table), "place_table")
        return declared
    given = reading.check(table, KIND_KEYS, where)
    attributes = [
        _read_attribute(reading, name, attribute, where)
        for name, attribute in given.get("attributes", {}).items()
    ]
    if "counts" in given:
        declared.feeds[""] = given["counts"]
    declared.feeds |= {one["code"]: one["sums_into"] for one in attributes if "sums_into" in one}
    declared.fields = {
        "position": position,
        **sides("name", given.get("name")),
        **sides("plural", given.get("plural")),
        "icon": given.get("icon", ""),
        "identifier": _read_identifier(reading, given.get("identifier"), where),
        "attributes": attributes,
    }
    return declared


def _read_identifier(reading: Reading, table: Mapping | None, where: str) -> dict[str, Any]:
    if table is None:
        return {}
    given = reading.check(table, IDENTIFIER_KEYS, f"{where}identifier.")
    return {
        "code": given.get("code", ""),
        **sides("name", given.get("name")),
        "pattern": given.get("pattern", ""),
        "required": given.get("required", False),
        "aliases": given.get("aliases", []),
    }


def _read_attribute(reading: Reading, code: str, table: object, where: str) -> dict[str, Any]:
    where = f"{where}attributes.{code}"
    if not is_code(code) or not isinstance(table, dict):
        reading.note(where, written(table), "attribute_table")
        return {"code": code}
    given = reading.check(table, ATTRIBUTE_KEYS, f"{where}.")
    _check_attribute(reading, given, where)
    read = {
        "code": code,
        **sides("name", given.get("name")),
        "type": given.get("type", ""),
        "unit": given.get("unit", ""),
        "range": given.get("range"),
        "required": given.get("required", False),
        "choices": given.get("choices", {}),
        "aliases": given.get("aliases", []),
    }
    return read | ({"sums_into": given["sums_into"]} if "sums_into" in given else {})


def _check_attribute(reading: Reading, given: Mapping, where: str) -> None:
    """Note what the type needs or cannot have."""
    kind = given.get("type")
    if kind == CHOICE and "choices" not in given:
        reading.note(f"{where}.choices", "nothing", "choices")
    if kind != CHOICE and "choices" in given:
        reading.note(f"{where}.choices", written(given["choices"]), "nothing_for_type")
    for key in ("unit", "range", "sums_into"):
        if key in given and kind not in NUMERIC:
            reading.note(f"{where}.{key}", written(given[key]), "nothing_for_type")


def check_kinds_together(
    kinds: Sequence[PlaceKindDeclaration], indicators: Mapping[str, Mapping[str, Any]]
) -> list[Fault]:
    """Return the faults that show only beside all kinds and indicators.

    Parameters
    ----------
    indicators
        The declared fields of every indicator, by code.
    """
    faults: list[Fault] = []
    files: dict[str, str] = {}
    fed: dict[str, str] = {}
    for kind in kinds:
        if kind.code in files:
            faults.append(Fault(kind.file, f"places.{kind.code}", files[kind.code], "code_once"))
        files[kind.code] = kind.file
        for part, code in kind.feeds.items():
            key = f"places.{kind.code}." + (f"attributes.{part}.sums_into" if part else "counts")
            faults += _faults_of_feed(kind, key, code, indicators)
            if code in fed:
                faults.append(Fault(kind.file, key, f"{written(code)} ({fed[code]})", "fed_once"))
            fed[code] = key
    return faults


def _faults_of_feed(
    kind: PlaceKindDeclaration, key: str, code: str, indicators: Mapping[str, Mapping[str, Any]]
) -> list[Fault]:
    declared = indicators.get(code)
    if declared is None:
        close = get_close_matches(code, indicators, n=1)
        return [Fault(kind.file, key, written(code), "declared_indicator", *close)]
    faults = []
    if declared.get("roll_up") != "sum":
        faults.append(Fault(kind.file, key, written(code), "summed_indicator"))
    if declared.get("level") != "village" or declared.get("frequency") != "year":
        faults.append(Fault(kind.file, key, written(code), "yearly_of_villages"))
    return faults
