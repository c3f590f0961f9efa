"""Cells as people read them, in the language of the page."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.lib.grids import NO_DATA, Cell, Column
from geo.lib.numbers import format_change, format_number


def shown(cell: Cell, column: Column) -> str:
    """A cell as people read it; empty where it is."""
    if cell is None:
        return ""
    if cell == NO_DATA:
        # In the words that ``lib.cells`` reads as the same again.
        return "no data" if get_language() == "en" else "tidak ada data"
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, int | float):
        return format_number(cell, _decimals(cell, column), get_language() or "id")
    return dict(column.choices).get(cell, cell)


def shown_change(difference: float | None, column: Column) -> str:
    """A difference with its sign; empty where there is none."""
    if difference is None:
        return ""
    return format_change(difference, _decimals(difference, column), get_language() or "id")


def _decimals(value: float, column: Column) -> int:
    return 0 if value == int(value) else max(column.decimals, 1)
