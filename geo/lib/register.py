"""The register of areas: which regency, districts and villages there are, from when.

A register is a few CSV files in one folder, all UTF-8 with a header line:
``<code>.csv`` (villages), ``districts_<code>.csv`` (the regency and its
districts), ``changes_<code>.csv`` (areas that passed into others) and
``aliases_<code>.csv`` (other names). The last two may be absent.
"""

import csv
import datetime
from dataclasses import dataclass, field
from pathlib import Path

from geo.lib.names import name_key, without_title

LEVELS = {1: "regency", 2: "district", 3: "village"}
# Fourth segment of a village code: 1xxx kelurahan, 2xxx desa, 3xxx desa adat,
# which the law treats as a desa (Permendagri 58/2021).
VILLAGE_KINDS = {"1": "kelurahan", "2": "desa", "3": "desa"}


@dataclass(frozen=True)
class AreaRow:
    """An area as the register has it."""

    code: str
    level: str
    kind: str
    name: str
    parent_code: str | None
    bps_code: str | None
    valid_from: datetime.date


@dataclass(frozen=True)
class ChangeRow:
    """An area that passed, whole or in part, into another."""

    predecessor: AreaRow
    successor_code: str
    date: datetime.date
    nature: str
    share: float | None
    legal_basis: str


@dataclass(frozen=True)
class AliasRow:
    """Another name of an area."""

    code: str
    name: str
    origin: str


@dataclass(frozen=True)
class Register:
    """All that is known of the areas of one regency, upper levels first."""

    areas: list[AreaRow]
    changes: list[ChangeRow] = field(default_factory=list)
    aliases: list[AliasRow] = field(default_factory=list)
    is_derived: bool = False

    @property
    def codes(self) -> set[str]:
        """Codes of all areas, of every level."""
        return {area.code for area in self.areas}


def level_of(code: str) -> str | None:
    """Level of an area by its code, counted from the province: two parts are a regency.

    Parameters
    ----------
    code : str
        A code of the Ministry of Home Affairs, with dots.

    Returns
    -------
    str or None
        ``"regency"``, ``"district"``, ``"village"``; None for anything else.
    """
    parts = code.split(".")
    return LEVELS.get(len(parts) - 1) if all(part.isdigit() for part in parts) else None


def parent_code(code: str) -> str | None:
    """Code of the area above; None for a regency."""
    return code.rpartition(".")[0] if code.count(".") > 1 else None


def read_register(folder: Path, regency_code: str) -> Register | None:
    """Read the register of one regency.

    Parameters
    ----------
    folder : Path
        Where the CSV files lie.
    regency_code : str

    Returns
    -------
    Register or None
        Upper levels first; None where this regency has no register.
    """
    villages = folder / f"{regency_code}.csv"
    if not villages.is_file():
        return None
    upper = [_upper_row(row) for row in _rows(folder / f"districts_{regency_code}.csv")]
    lower = _rows(villages)
    return Register(
        areas=[*upper, *(_village_row(row) for row in lower)],
        changes=[_change_row(row) for row in _rows(folder / f"changes_{regency_code}.csv")],
        aliases=[
            *(AliasRow(**row) for row in _rows(folder / f"aliases_{regency_code}.csv")),
            *_bps_aliases(lower),
        ],
    )


def derive_register(
    names: dict[str, str], regency_code: str, valid_from: datetime.date
) -> Register:
    """Make a register out of the codes and names that a boundary source carries.

    Parameters
    ----------
    names : dict of str to str
        Name by code, of all levels; districts and the regency may be absent
        and are then called by their code.
    regency_code : str
    valid_from : datetime.date
        First day of every area, since the source does not say.

    Returns
    -------
    Register
        Upper levels first.
    """
    villages = [c for c in names if level_of(c) == "village" and c.startswith(f"{regency_code}.")]
    codes = {regency_code, *(str(parent_code(code)) for code in villages), *villages}
    rows = []
    for code in sorted(codes, key=lambda code: (code.count("."), code)):
        name = names.get(code, code)
        kind = _kind_of(code, name)
        if kind == "kota" and name.lower().startswith("kota "):
            name = name[5:]
        level = str(level_of(code))
        rows.append(
            AreaRow(code, level, kind, without_title(name), parent_code(code), None, valid_from)
        )
    return Register(rows, is_derived=True)


def _kind_of(code: str, name: str) -> str:
    level = level_of(code)
    if level == "regency":
        # Cities are numbered from 71 upwards within their province.
        return "kota" if name.lower().startswith("kota ") or code[3:] >= "71" else "kabupaten"
    if level == "district":
        return "kecamatan"
    return VILLAGE_KINDS.get(code.rpartition(".")[2][0], "desa")


def _bps_aliases(villages: list[dict[str, str]]) -> list[AliasRow]:
    # A BPS name that is merely similar stays out until a person has confirmed it.
    return [
        AliasRow(row["code"], row["bps_name"], "bps")
        for row in villages
        if row["bps_match"] in ("same", "spacing")
        and name_key(row["bps_name"]) != name_key(row["name"])
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _upper_row(row: dict[str, str]) -> AreaRow:
    code = row["code"]
    return AreaRow(
        code,
        str(level_of(code)),
        row["kind"],
        row["name"],
        parent_code(code),
        row["bps_code"] or None,
        datetime.date.fromisoformat(row["valid_from"]),
    )


def _village_row(row: dict[str, str]) -> AreaRow:
    return AreaRow(
        row["code"],
        "village",
        row["kind"],
        row["name"],
        row["district_code"],
        row["bps_code"] or None,
        datetime.date.fromisoformat(row["valid_from"]),
    )


def _change_row(row: dict[str, str]) -> ChangeRow:
    predecessor = AreaRow(
        row["old_code"],
        str(level_of(row["old_code"])),
        row["old_kind"],
        row["old_name"],
        row["old_district_code"],
        None,
        datetime.date.fromisoformat(row["old_valid_from"]),
    )
    return ChangeRow(
        predecessor,
        row["new_code"],
        datetime.date.fromisoformat(row["date"]),
        row["nature"],
        float(row["share"]) if row["share"] else None,
        row["legal_basis"],
    )
