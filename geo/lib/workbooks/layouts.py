"""Where everything stands in a workbook of ours: one row an area, or one row a figure.

A form of one village is written downwards, with the sexes beside each other and last month's
figures to the right, as officials know it from paper. A form of several areas has one row
each, and last period's figures as a block of their own to the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.lib.form_rules import SUM, Rule
from geo.lib.grids import Column
from geo.lib.workbooks.contract import BY_COLUMN, BY_ROW, WorkbookForm

# Above the table: title, facts, the form's code and one blank line.
LINES_BEFORE_FACTS, LINES_AFTER_FACTS = 1, 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form that is written downwards: a figure, or a figure by sex."""

    label: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Places of the form's sheet, lines and columns counted from 0.

    ``top`` is the first line of headings, ``codes`` the line of columns' codes, ``first`` the
    first line of cells. ``sums`` are the rules that the workbook works out beside the cells.
    """

    layout: str
    top: int
    codes: int
    first: int
    first_column: int
    last_block: int
    computed: int
    lines: tuple[Line, ...] = ()
    sides: tuple[str, ...] = ()
    sums: tuple[Rule, ...] = ()
    cells: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)


def arrange(form: WorkbookForm) -> Sheet:
    """Place a form on its sheet."""
    sums = tuple(rule for rule in form.rules if rule["kind"] == SUM)
    top = LINES_BEFORE_FACTS + len(form.facts) + LINES_AFTER_FACTS
    if len(form.rows) == 1 and not form.free_rows:
        return _downwards(form, top, sums)
    return _across(form, top, sums)


def _across(form: WorkbookForm, top: int, sums: tuple[Rule, ...]) -> Sheet:
    n_headings = 2 if any(column.group for column in form.columns) else 1
    codes = top + n_headings
    first, first_column = codes + 1, 3 if form.districts else 2
    computed = first_column + len(form.columns)
    sheet = Sheet(
        layout=BY_ROW,
        top=top,
        codes=codes,
        first=first,
        first_column=first_column,
        computed=computed,
        last_block=computed + len(sums) + 1,
        sums=sums,
    )
    for n_line, row in enumerate(form.rows):
        for n, column in enumerate(form.columns):
            sheet.cells[row.key, column.code] = (first + n_line, first_column + n)
    return sheet


def _downwards(form: WorkbookForm, top: int, sums: tuple[Rule, ...]) -> Sheet:
    lines = figure_lines(form.columns)
    width = max((len(line.columns) for line in lines), default=1)
    grouped = [line for line in lines if len(line.columns) > 1]
    sides = tuple(column.label for column in grouped[0].columns) if grouped else ()
    first = top + 2
    sheet = Sheet(
        layout=BY_COLUMN,
        top=top,
        codes=top + 1,
        first=first,
        first_column=2,
        computed=2 + width if sums else 0,
        last_block=2 + width + (width if sums else 0),
        lines=lines,
        sides=sides,
        sums=sums,
    )
    key = form.rows[0].key
    for n_line, line in enumerate(lines):
        for n, column in enumerate(line.columns):
            sheet.cells[key, column.code] = (first + n_line, 2 + n)
    return sheet


def figure_lines(columns: Sequence[Column]) -> tuple[Line, ...]:
    """Columns of one group as one line, where all groups have the same columns."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        groups.setdefault(column.group or f" {column.code}", []).append(column)
    shapes = {tuple(c.label for c in group) for name, group in groups.items() if name[0] != " "}
    if len(shapes) > 1:
        return tuple(Line(f"{c.group}: {c.label}" if c.group else c.label, (c,)) for c in columns)
    return tuple(
        Line(group[0].label if name[0] == " " else name, tuple(group))
        for name, group in groups.items()
    )


def places_of(form: WorkbookForm) -> dict[tuple[str, str], tuple[int, int]]:
    """Line and column, counted from 0, of every cell, by key of the row and code of the column."""
    return arrange(form).cells
