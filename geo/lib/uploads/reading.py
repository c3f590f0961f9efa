"""The parent's side of reading an upload: start the child, take its answer, never fail."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from geo.lib.sandbox import Limits, Outcome, open_regular, run_sandboxed
from geo.lib.uploads.contract import GarbledAnswer, ReadFault, Reading, from_answer

LARGEST_MB = 50
CHILD = "geo.lib.uploads.child"


def read_upload(
    path: Path,
    *,
    kind: Literal["table", "map", "any"] = "table",
    sheet: str | None = None,
    layer: str | None = None,
    crs_stated: str | None = None,
    limits: Limits | None = None,
    on_progress: Callable[[Any], None] | None = None,
) -> Reading:
    """Read a file from a stranger in a child process that is locked in.

    Parameters
    ----------
    path
        As the server stored it; the name says nothing about the format.
    kind
        What is expected. A map where a table is expected is a fault, and the reverse;
        ``any`` takes both.
    sheet, layer
        Of a workbook, a GeoPackage or an archive; all sheets without it, the only layer.
    crs_stated
        The answer to ``crs_unknown``, such as ``EPSG:32748``. What the file itself says
        goes before it.

    Returns
    -------
    Reading
        Always: whatever is wrong stands in ``faults``, all at once.
    """
    limits = limits or Limits()
    reading = Reading()
    try:
        reading.sha256, reading.size_bytes = _fingerprint(path)
    except (OSError, ValueError):
        return _refused(reading, "not_a_file")
    if not reading.size_bytes:
        return _refused(reading, "empty_file")
    if reading.size_bytes > LARGEST_MB << 20:
        found_mb = -(-reading.size_bytes >> 20)
        return _refused(reading, "too_large", found_mb=found_mb, most_mb=LARGEST_MB)
    request = {"kind": kind, "sheet": sheet, "layer": layer, "crs_stated": crs_stated}
    outcome = run_sandboxed(CHILD, request, path, limits=limits, on_progress=on_progress)
    return _judge(outcome, reading, limits)


def _judge(outcome: Outcome, reading: Reading, limits: Limits) -> Reading:
    reading.cpu_s = outcome.cpu_s
    if not outcome.ok:
        facts = {
            "too_slow": {"most_s": limits.cpu_s},
            "too_much_memory": {"most_mb": limits.memory_mb},
        }
        return _refused(reading, outcome.code, **facts.get(outcome.code, {}))
    try:
        read = from_answer(outcome.answer)
    except GarbledAnswer:
        return _refused(reading, "answer_garbled")
    read.sha256, read.size_bytes = reading.sha256, reading.size_bytes
    read.cpu_s = reading.cpu_s
    return read


def _refused(reading: Reading, code: str, **facts: int) -> Reading:
    reading.faults.append(ReadFault(code, facts=dict(facts)))
    return reading


def _fingerprint(path: Path) -> tuple[str, int]:
    """SHA-256 and size; counted here, since a child may say what it likes."""
    with os.fdopen(open_regular(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size
