"""dBASE tables (.dbf), the attributes of shapefiles: fixed widths, checked before use."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geo.lib.uploads.faults import MOST_COLUMNS, Refused
from geo.lib.uploads.raw_maps import MOST_FEATURES

# What a .cpg may say, in plain letters; anything else counts as not said.
CODE_PAGES = {
    "utf8": "utf-8",
    "65001": "utf-8",
    "1252": "cp1252",
    "ansi1252": "cp1252",
    "cp1252": "cp1252",
    "windows1252": "cp1252",
    "88591": "latin-1",
    "iso88591": "latin-1",
    "latin1": "latin-1",
    "437": "cp437",
    "850": "cp850",
}
LANGUAGE_DRIVERS = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252"}


@dataclass(slots=True)
class Dbase:
    """Rows by name of the field; None for a row that was deleted."""

    rows: list[dict[str, Any] | None]
    encoding: str


@dataclass(slots=True)
class _Field:
    name: str
    kind: str
    at: int
    width: int


def read_dbase(content: bytes, code_page: bytes) -> Dbase:
    """Read a table; ``code_page`` is what the .cpg beside it says, or nothing.

    Raises
    ------
    Refused
        ``shapefile_broken``, ``too_many_features``, ``too_many_columns``.
    """
    broken = Refused("shapefile_broken", part=".dbf")
    if len(content) < 33:
        raise broken
    n_rows, header, width = struct.unpack_from("<IHH", content, 4)
    if n_rows > MOST_FEATURES:
        raise Refused("too_many_features", most=MOST_FEATURES)
    # Some programs leave out the mark of the end, none a row.
    if width < 1 or header < 33 or header + n_rows * width > len(content):
        raise broken
    encoding = _encoding(content, code_page)
    fields = _fields(content[32:header], encoding, width)
    rows: list[dict[str, Any] | None] = []
    for number in range(n_rows):
        record = content[header + number * width :][:width]
        is_deleted = record[:1] == b"*"
        rows.append(None if is_deleted else {f.name: _value(record, f, encoding) for f in fields})
    return Dbase(rows, encoding)


def _encoding(content: bytes, code_page: bytes) -> str:
    said = "".join(chr(byte) for byte in code_page.lower() if chr(byte).isalnum() and byte < 128)
    found = CODE_PAGES.get(said) or LANGUAGE_DRIVERS.get(content[29])
    if found:
        return found
    try:
        content[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _fields(described: bytes, encoding: str, width: int) -> list[_Field]:
    fields: list[_Field] = []
    at = 1
    for start in range(0, len(described) - 31, 32):
        one = described[start : start + 32]
        if one[0] == 0x0D:
            break
        name = one[:11].split(b"\0")[0].decode(encoding, errors="replace").strip()
        fields.append(_Field(name or f"#{len(fields) + 1}", chr(one[11]), at, one[16]))
        at += one[16]
    if at > width:
        raise Refused("shapefile_broken", part=".dbf")
    if len(fields) > MOST_COLUMNS:
        raise Refused("too_many_columns", row=1, found=len(fields), most=MOST_COLUMNS)
    return fields


def _value(record: bytes, one: _Field, encoding: str) -> Any:
    raw = record[one.at : one.at + one.width]
    read = READERS.get(one.kind)
    if read is not None:
        return read(raw)
    text, _length = codecs.lookup(encoding).decode(raw, "replace")
    return text.replace("\0", "").strip() or None


def _number(raw: bytes) -> Any:
    text = raw.replace(b"\0", b"").decode("ascii", errors="replace").strip()
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        # Asterisks: the number did not fit. Nothing else is a number either.
        return None
    if not abs(number) < 1e300:
        return None
    return int(number) if number.is_integer() and "." not in text else number


def _day(raw: bytes) -> str | None:
    text = raw.decode("ascii", errors="replace").strip()
    if len(text) != 8 or not text.isdecimal() or text == "0" * 8:
        return None
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _truth(raw: bytes) -> bool | None:
    return {b"T": True, b"Y": True, b"F": False, b"N": False}.get(raw.strip().upper())


READERS: dict[str, Callable[[bytes], Any]] = {
    "N": _number,
    "F": _number,
    "D": _day,
    "L": _truth,
    "I": lambda raw: struct.unpack("<i", raw)[0] if len(raw) == 4 else None,
    "M": lambda _raw: None,
    "B": lambda _raw: None,
    "G": lambda _raw: None,
}
