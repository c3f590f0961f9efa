"""The reader in the sandbox: from an open file to a ``Reading``, whatever the file is."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from importlib import import_module
from typing import IO, Any

from geo.lib.uploads.contract import Reading, as_answer
from geo.lib.uploads.faults import Faults, Refused
from geo.lib.uploads.sniff import MAPS, sniff

# Codecs are loaded when they are first used, and nothing can be loaded behind the locks.
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le",
             "utf-32-be", "cp1252",
             "cp437", "cp850", "latin-1", "ascii")  # fmt: skip
TABLE_READERS = ("workbook", "text_table", "personal")
MAP_READERS = ("layers", "validity", "personal")
READERS: dict[str, Any] = {}


def prepare(request: dict[str, Any]) -> None:
    """Load what reading this kind of file takes, and no more: a table needs no NumPy."""
    for encoding in ENCODINGS:
        codecs.lookup(encoding)
    kind = request["kind"]
    wanted = (TABLE_READERS if kind != "map" else ()) + (MAP_READERS if kind != "table" else ())
    for name in wanted:
        READERS[name] = import_module(f"geo.lib.uploads.{name}")
    if "validity" in READERS:
        READERS["validity"].warm_up()


def answer(request: dict[str, Any], file: IO[bytes], progress: Callable[[Any], None]) -> Any:
    """Read the file; what cannot be read becomes a fault of it."""
    return as_answer(read(request, file.read(), progress))


def read(
    request: dict[str, Any], content: bytes, progress: Callable[[Any], None] = lambda _value: None
) -> Reading:
    """Read bytes of unknown kind."""
    reading, faults = Reading(), Faults()
    try:
        reading.format, archive = sniff(content)
        is_map = reading.format in MAPS
        if is_map and request["kind"] == "table":
            raise Refused("not_a_table", found=reading.format)
        if not is_map and request["kind"] == "map":
            raise Refused("not_a_map", found=reading.format)
        if is_map:
            READERS["layers"].read_map(request, content, archive, reading, faults)
        else:
            _read_table(request, archive or content, reading, faults, progress)
        progress({"step": "read"})
        is_statistic = request["kind"] == "table"
        READERS["personal"].check_personal(reading, faults, is_statistic=is_statistic)
    except Refused as refused:
        reading.sheets, reading.features = [], []
        # The reason why nothing was read goes before what was seen on the way.
        faults.found.insert(0, refused.fault)
    reading.faults = faults.listed()
    return reading


def _read_table(
    request: dict[str, Any],
    source: Any,
    reading: Reading,
    faults: Faults,
    progress: Callable[[Any], None],
) -> None:
    if reading.format == "xlsx":
        book = READERS["workbook"].Workbook(source, faults)
        reading.sheets = book.read(request["sheet"], progress)
    else:
        READERS["text_table"].read_text_table(source, reading, faults)
    if not any(sheet.lines for sheet in reading.sheets):
        raise Refused("no_rows")
