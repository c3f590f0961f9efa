"""What others have published since a workbook was made: a file must not take it back unseen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from geo.lib.cells import cell_or_text
from geo.lib.form_rules import number
from geo.lib.grids import Cell, Column, Grid, GridRow
from geo.lib.tables import Issue
from geo.submissions.kinds.base import Standing
from geo.submissions.kinds.registry import kind_of
from geo.submissions.queries.forms import Form
from geo.submissions.rules import since_sentences as say

NEARLY = 1e-9  # A spreadsheet keeps fifteen digits of a number.


def keep_what_stands(form: Form, grid: Grid, stood: Standing | None) -> list[Issue]:
    """Put what stands now into cells that the sender left as they were, and tell of all others.

    Parameters
    ----------
    grid
        As the file says it; cells of it are replaced.
    stood
        What was published when the workbook was made, by key of a row and code of a column;
        None where the file does not say.

    Returns
    -------
    list of Issue
        A notice for each cell left as it stands now, a warning for each that the sender and
        somebody else have both changed. Of a file that does not say what stood, a warning
        for each cell that brings back an earlier figure.
    """
    kind = kind_of(form.dataset)
    columns = [column for column in kind.columns(form) if not column.locked]
    standing = kind.standing(form)
    if stood is None:
        return list(_brought_back(form, grid, columns, standing))
    known = [row for row in grid.rows if row.key in standing or row.key in stood]
    return [
        issue
        for row in known
        for column in columns
        if (issue := _merge(row, column, stood.get(row.key, {}), standing.get(row.key, {})))
    ]


def _merge(
    row: GridRow, column: Column, stood: Mapping[str, Cell], standing: Mapping[str, Cell]
) -> Issue | None:
    """Compare one cell with what stood and what stands; an empty one says nothing anyway."""
    cell, was, now = (cells.get(column.code) for cells in (row.cells, stood, standing))
    if cell in (None, "") or is_same(cell, now, column):
        return None
    if is_same(was, now, column):
        return None
    if is_same(cell, was, column):
        row.cells[column.code] = now
        return say.left_as_it_stands(row, column, was=was, now=now)
    return say.changed_by_both(row, column, cell=cell, was=was, now=now)


def _brought_back(
    form: Form, grid: Grid, columns: Sequence[Column], standing: Standing
) -> Iterator[Issue]:
    """Warnings of cells that say what stood before something else was published."""
    differing = [
        (row, column, cell, now)
        for row in grid.rows
        for column in columns
        if (cell := row.cells.get(column.code)) not in (None, "")
        and (now := standing.get(row.key, {}).get(column.code)) is not None
        and not is_same(cell, now, column)
    ]
    earlier = kind_of(form.dataset).earlier(form) if differing else {}
    for row, column, cell, now in differing:
        before = earlier.get((row.key, column.code), ())
        if any(is_same(cell, one, column) for one in before):
            yield say.brought_back(row, column, cell=cell, now=now)


def is_same(one: Cell, other: Cell, column: Column) -> bool:
    """Whether two cells say the same, whatever a spreadsheet made of their last digits."""
    one, other = cell_or_text(one, column), cell_or_text(other, column)
    left, right = number(one), number(other)
    if left is not None and right is not None:
        return math.isclose(left, right, rel_tol=NEARLY, abs_tol=NEARLY)
    return one == other
