"""Grids: what a workbook, a form on the page and a stored submission have in common.

A grid is rows of cells under columns. It is read from a file, mended on a
page, checked, compared and published, always in this one shape.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from geo.lib.tables import Issue

WHOLE, NUMBER, TEXT, CHOICE, YES_NO, DATE, LON, LAT = (
    "whole",
    "number",
    "text",
    "choice",
    "yes_no",
    "date",
    "lon",
    "lat",
)
NUMERIC = (WHOLE, NUMBER, LON, LAT)
# Stands in a cell of which somebody says that there is no figure: not the same as left empty.
NO_DATA = "missing"

Cell = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form; ``code`` names it everywhere, ``label`` is for people.

    ``locked`` columns are filled in beforehand, and another value is refused.
    ``group`` is the heading above several columns. ``lowest`` and ``highest``
    are in the column's own unit.
    """

    code: str
    label: str
    type: str = WHOLE
    group: str = ""
    unit: str = ""
    decimals: int = 0
    lowest: float | None = None
    highest: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    locked: bool = False
    hint: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(slots=True)
class GridRow:
    """One row; ``row`` is its line in the file, ``key`` what it is about.

    The key is the code of an area, the number of a place or road, or empty
    where the row is new. ``geometry`` is GeoJSON in lon, lat (EPSG:4326).
    """

    row: int
    key: str
    label: str = ""
    cells: dict[str, Cell] = field(default_factory=dict)
    geometry: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The row as plain dictionaries and lists."""
        return {
            "row": self.row,
            "key": self.key,
            "label": self.label,
            "cells": dict(self.cells),
            "geometry": self.geometry,
        }


@dataclass(slots=True)
class Grid:
    """Rows under columns; ``columns`` are those that the sender's file had."""

    columns: list[str]
    rows: list[GridRow] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The grid as plain dictionaries and lists; ten times as quick as ``asdict``."""
        return {"columns": list(self.columns), "rows": [row.as_json() for row in self.rows]}

    def row_of(self, key: str) -> GridRow | None:
        """The first row about ``key``."""
        return next((row for row in self.rows if row.key == key), None)


def grid_from_json(stored: Mapping[str, Any]) -> Grid:
    """Build a grid from what ``Grid.as_json`` made."""
    return Grid(list(stored["columns"]), [GridRow(**row) for row in stored["rows"]])


def content_hash(grid: Grid, reasons: Mapping[str, str]) -> str:
    """SHA-256 of what would be published: who approves approves this and nothing else."""
    written = json.dumps([grid.as_json(), dict(reasons)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


# --- what changes ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One cell before and after; ``old`` is None where nothing stood."""

    key: str
    label: str
    column: str
    old: Cell
    new: Cell

    @property
    def difference(self) -> float | None:
        """New less old, in the column's unit; None where either is no number."""
        if _is_number(self.old) and _is_number(self.new):
            return self.new - self.old  # type: ignore[operator]
        return None


def changed_cells(
    grid: Grid, before: Mapping[str, Mapping[str, Cell]], columns: Sequence[Column]
) -> list[Change]:
    """Cells that say something else than what stands; an empty cell says nothing.

    Parameters
    ----------
    before
        By key of a row, what stands, by code of a column.
    """
    typed = [column.code for column in columns if not column.locked]
    return [
        Change(row.key, row.label, code, before.get(row.key, {}).get(code), row.cells[code])
        for row in grid.rows
        for code in typed
        if row.cells.get(code) is not None and row.cells[code] != before.get(row.key, {}).get(code)
    ]


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


# --- issues as plain text ----------------------------------------------------------


def issues_as_json(issues: Iterable[Issue]) -> list[dict[str, Any]]:
    """Issues as plain dictionaries."""
    return [asdict(issue) for issue in issues]


def issues_from_json(stored: Iterable[Mapping[str, Any]]) -> list[Issue]:
    """Build issues from what ``issues_as_json`` made."""
    return [Issue(**issue) for issue in stored]
