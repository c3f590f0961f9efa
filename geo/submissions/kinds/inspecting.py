"""Every problem of a grid: of its columns, rows and cells, and what its kind knows of them.

One function serves the worker that checks a file, the page on which cells are mended,
and the form on a phone. It reads the grid alone: a cell that could not be read stands in
it as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geo.areas.models import Area
from geo.lib.cells import NOT_A_NUMBER, CellFault, as_typed, cell_or_text, read_cell
from geo.lib.form_rules import AS_BEFORE, NEAR_BEFORE
from geo.lib.grids import NO_DATA, NUMBER, WHOLE, Cell, Column, Grid, GridRow
from geo.lib.tables import ERROR, NOTICE, WARNING, Issue
from geo.lib.uploads.personal import (
    identity_number,
    mask,
    masked,
    masked_cell,
    masked_number,
    sixteen_digits,
)
from geo.submissions.kinds.base import Kind
from geo.submissions.kinds.registry import kind_of
from geo.submissions.queries.forms import Form
from geo.submissions.rules import cell_sentences as say
from geo.submissions.rules.sentences import FAR_FROM_OTHERS, label_of, nothing_filled_in

COUNTED = (WHOLE, NUMBER)
GRAVEST_FIRST = {ERROR: 0, WARNING: 1, NOTICE: 2}


def inspect_grid(form: Form, grid: Grid) -> list[Issue]:
    """List every problem of a grid, in the order of the form.

    Parameters
    ----------
    grid
        Cells as ``lib.cells.read_cell`` gave them; text in a column of numbers is what
        could not be read.

    Returns
    -------
    list of Issue
        Errors keep it from being sent, warnings want a reason, notices only tell.
    """
    kind = kind_of(form.dataset)
    columns = kind.columns(form)
    issues = _of_columns(grid, columns)
    rows, of_rows = _rows_of_form(form, kind, grid.rows)
    readable, of_cells = _readable(kind, columns, rows)
    issues += of_rows + of_cells
    if not _says_anything(grid.rows, columns):
        return [*issues, nothing_filled_in()]
    issues += _of_locked(form, kind, columns, readable)
    unread = {(issue.row, issue.column) for issue in of_cells}
    checked = kind.check(form, Grid(grid.columns, readable))
    # Of a cell that cannot be read, nobody is also told that it is empty.
    issues += [one for one in checked if (one.row, one.column) not in unread]
    return in_order([_named(one) for one in issues], columns)


def in_order(issues: Sequence[Issue], columns: Sequence[Column]) -> list[Issue]:
    """Issues by row and column, those of the whole form first; none twice.

    Whatever they quote, sixteen digits are never repeated whole.

    Of a cell that has to be mended anyway, nobody is asked why it is unlikely; of one that is
    far from the period before, not once more why it is far from its neighbours.
    """
    wrong = {(one.row, one.column) for one in issues if one.severity == ERROR and one.column}
    asked = {(one.row, one.column) for one in issues if one.rule == NEAR_BEFORE}
    telling = [
        one
        for one in issues
        if one.severity != WARNING
        or (
            (one.row, one.column) not in wrong
            and not (one.rule == FAR_FROM_OTHERS and (one.row, one.column) in asked)
        )
    ]
    places = {column.code: place for place, column in enumerate(columns)}
    return sorted(
        dict.fromkeys(map(_masked, telling)),
        key=lambda one: (one.row or 0, places.get(one.column, -1), GRAVEST_FIRST[one.severity]),
    )


def _masked(issue: Issue) -> Issue:
    found, message = masked(issue.found), masked(issue.message)
    if (found, message) == (issue.found, issue.message):
        return issue
    return replace(issue, found=found, message=message)


def _named(issue: Issue) -> Issue:
    """A warning under which a reason can be kept."""
    if issue.severity == WARNING and not issue.rule:
        return replace(issue, rule="unlikely")
    return issue


# --- columns and rows --------------------------------------------------------------


def _of_columns(grid: Grid, columns: Sequence[Column]) -> list[Issue]:
    """Columns that the form asks for and the file lacks, and the other way round.

    Where a form marks columns as required, the others may be left out.
    """
    given, known = set(grid.columns), {column.code for column in columns}
    marks_required = any(column.required for column in columns)
    issues = []
    for column in columns:
        if column.code in given or column.locked:
            continue
        is_missing = column.required or not marks_required
        code = say.MISSING_COLUMN if is_missing else say.LEFT_COLUMN
        issues.append(say.of_column(code, column.code, label_of(column)))
    unknown = [heading for heading in grid.columns if heading not in known]
    return issues + [say.of_column(say.UNKNOWN_COLUMN, heading, heading) for heading in unknown]


def _rows_of_form(
    form: Form, kind: Kind, rows: Sequence[GridRow]
) -> tuple[list[GridRow], list[Issue]]:
    """The rows that the form has a place for, each once; and what is wrong with the others."""
    own = {row.key for row in kind.rows(form)}
    others = _names({row.key for row in rows} - own) if not kind.has_free_rows else {}
    first: dict[str, GridRow] = {}
    taken, issues = [], []
    for row in rows:
        if row.key and row.key in first:
            issues.append(say.of_row(say.TWICE, row, first=first[row.key].row))
        elif row.key in own or (kind.has_free_rows and not row.key):
            first.setdefault(row.key, row)
            taken.append(row)
        elif row.key in others:
            facts = {"found": others[row.key], "form": form.area}
            issues.append(say.of_row(say.OTHER_AREA, row, **facts))
        elif kind.has_free_rows:
            found = f"{row.key} ({row.label})" if row.label else row.key
            issues.append(say.of_row(say.GONE, row, found=found, form=form.area))
        else:
            issues.append(say.of_row(say.UNKNOWN_ROW, row, form=form.area))
    return taken, issues


def _names(codes: set[str]) -> dict[str, str]:
    if not codes:
        return {}
    areas = Area.objects.current().filter(code__in=codes).defer("boundary")
    return {area.code: str(area) for area in areas}


def _says_anything(rows: Sequence[GridRow], columns: Sequence[Column]) -> bool:
    typed = [column.code for column in columns if not column.locked]
    return any(row.cells.get(code) not in (None, "") for row in rows for code in typed)


# --- cells -------------------------------------------------------------------------


def _readable(
    kind: Kind, columns: Sequence[Column], rows: Sequence[GridRow]
) -> tuple[list[GridRow], list[Issue]]:
    """The rows with the cells that can be read, and an issue for each of the others."""
    labels = {column.code: label_of(column) for column in columns}
    found, issues = [], []
    for row in rows:
        cells: dict[str, Cell] = {}
        for column in columns:
            read = _read(kind, column, row.cells.get(column.code))
            if isinstance(read, CellFault):
                issues.append(say.of_cell(read, row, column.code, labels[column.code]))
            elif read is not None:
                cells[column.code] = read
        found.append(replace(row, cells=cells))
    return found, issues


def _read(kind: Kind, column: Column, cell: Cell) -> Cell | CellFault:
    if cell is None:
        return None
    # Whatever the column asks for: a number of a person is told as that, and never whole.
    personal = _personal_number(cell, column)
    if personal:
        return CellFault(say.PERSONAL, personal)
    read = read_cell(cell, column)
    if not kind.takes_no_data:
        if read == NO_DATA:
            return CellFault(say.NO_DATA_NOT_TAKEN, str(cell))
        if isinstance(read, CellFault) and read.code == NOT_A_NUMBER:
            return CellFault(say.NUMBER_NEEDED, read.found)
    return read


def kept_cell(raw: Cell, column: Column) -> Cell:
    """A typed cell for a grid; the number of a person is never kept whole."""
    cell = cell_or_text(raw, column)
    return masked_cell(cell) if _personal_number(cell, column) else cell


def kept_grid(grid: Grid, columns: Sequence[Column]) -> Grid:
    """A grid as it was read from a file, in which no number of a person stands whole."""
    by_code = {column.code: column for column in columns}
    rows = [
        replace(
            row,
            key=masked(row.key),
            label=masked(row.label),
            cells={
                code: masked_cell(cell)
                if code in by_code and _personal_number(cell, by_code[code])
                else cell
                for code, cell in row.cells.items()
            },
        )
        for row in grid.rows
    ]
    return replace(grid, rows=rows)


def _personal_number(cell: Cell, column: Column) -> str:
    """The number of a person in a cell, masked; "" where there is none.

    Where something is counted, any sixteen digits are one; a text may hold other long numbers.
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    number = identity_number(cell)
    if not number and column.type in COUNTED:
        number = sixteen_digits(cell)
    return mask(number) if number else masked_number(cell)


def _of_locked(
    form: Form, kind: Kind, columns: Sequence[Column], rows: Sequence[GridRow]
) -> list[Issue]:
    """Cells that were filled in beforehand and say something else now."""
    told = {rule["column"] for rule in kind.rules(form) if rule["kind"] == AS_BEFORE}
    locked = [column for column in columns if column.locked and column.code not in told]
    known: Mapping[str, GridRow] = {row.key: row for row in kind.rows(form)} if locked else {}
    return [
        _changed(row, column, cell, expected)
        for row in rows
        for column in locked
        if (cell := row.cells.get(column.code)) is not None
        and (expected := known[row.key].cells.get(column.code) if row.key in known else None)
        not in (None, cell)
    ]


def _changed(row: GridRow, column: Column, cell: Cell, expected: Cell) -> Issue:
    fault = CellFault(say.LOCKED, as_typed(cell), {"expected": expected})
    return say.of_cell(fault, row, column.code, label_of(column))
