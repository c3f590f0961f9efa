"""Giving people their own workbook back with its problems marked: the parent's side.

The workbook is a stranger's, so it is opened in a locked child (``marking``), never here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from geo.lib.errors import FileNotMade
from geo.lib.grids import Cell
from geo.lib.sandbox import Limits, run_sandboxed
from geo.lib.uploads.contract import RawSheet
from geo.lib.workbooks.places import Place

CHILD = "geo.lib.workbooks.marking"
LIMITS = Limits(cpu_s=30, wall_s=60, memory_mb=1536, answer_mb=60, file_mb=200)
# Above this a workbook is not taken apart and put together again: its values are written anew.
LARGEST_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said at one cell; ``value`` is written into it where ``is_changed``."""

    place: Place
    severity: str
    text: str
    is_changed: bool = False
    value: Cell = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the summary: where, found, how grave, what to do."""

    where: str
    found: str
    severity: str
    severity_words: str
    message: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """A column of a sheet, from 0, in which persons are named: from ``line`` on it is emptied.

    ``heading`` stays, so that the column is found and deleted.
    """

    sheet: str
    column: int
    line: int
    heading: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The sheet that lists all problems; ``note`` says that it is not read back."""

    sheet: str
    title: str
    note: str
    header: Sequence[str]
    problems: Sequence[Problem] = field(default_factory=list)


def returned_workbook(
    source: Path | Sequence[RawSheet],
    marks: Sequence[Mark],
    summary: Summary,
    hidden: Sequence[Hidden] = (),
) -> bytes:
    """Write a workbook with marked cells, notes at them, and a summary.

    Parameters
    ----------
    source
        The workbook itself, or what was read of it where it is none (CSV). A workbook that
        cannot be taken apart is written anew from what was read: see ``rebuilt_workbook``.
    hidden
        Columns that name persons; numbers of persons are masked wherever they stand.

    Raises
    ------
    FileNotMade
        The workbook cannot be taken apart.
    """
    request: dict[str, Any] = {"marks": [asdict(mark) for mark in marks]}
    request["summary"] = asdict(summary)
    request["hidden"] = [asdict(one) for one in hidden]
    path = None
    if isinstance(source, Path):
        path = source
    else:
        shown = [sheet for sheet in source if not sheet.hidden]
        request["sheets"] = [{"name": sheet.name, "lines": sheet.lines} for sheet in shown]
    outcome = run_sandboxed(CHILD, request, path, limits=LIMITS)
    if not outcome.ok or not isinstance(outcome.answer, bytes):
        raise FileNotMade
    return outcome.answer


def rebuilt_workbook(
    path: Path,
    sheets: Sequence[RawSheet],
    marks: Sequence[Mark],
    summary: Summary,
    hidden: Sequence[Hidden] = (),
) -> bytes:
    """The workbook of ``path`` with its marks; from its values alone where it will not open."""
    if path.stat().st_size <= LARGEST_BYTES:
        try:
            return returned_workbook(path, marks, summary, hidden)
        except FileNotMade:
            pass
    return returned_workbook(sheets, marks, summary, hidden)
