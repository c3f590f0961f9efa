"""From a stored file to a grid of its form: read in a locked child, then recognised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from geo.lib.grids import Column, Grid
from geo.lib.tables import Issue
from geo.lib.uploads.contract import ReadFault, Reading
from geo.lib.uploads.reading import read_upload
from geo.lib.workbooks.contract import Recognised
from geo.lib.workbooks.places import column_number, merged_keys
from geo.lib.workbooks.recognising import recognise
from geo.submissions.batch.maps import grid_of_map
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.since_made import keep_what_stands
from geo.submissions.models import SubmissionVersion
from geo.submissions.queries.forms import Form
from geo.submissions.rules.file_sentences import (
    FileLost,
    holds_personal,
    merged_figures,
    of_read_fault,
)
from geo.submissions.rules.sentences import label_of
from geo.submissions.rules.sheet_sentences import of_sheet_fault
from geo.submissions.services.storing import path_of
from geo.submissions.services.workbooks import asked_of

# What our own workbooks hold on purpose is not told to those who send them back.
OURS_ON_PURPOSE = {"merged_cells", "formulas", "hidden_sheet", "hidden_rows"}


@dataclass(slots=True)
class Found:
    """What a file says: its grid, None where it cannot be one, and what only the file shows.

    A grid of a file with data of persons is looked through, so that all problems are told at
    once, but never kept where people could look at it.
    """

    grid: Grid | None = None
    issues: list[Issue] = field(default_factory=list)
    template: str = ""

    @property
    def is_personal(self) -> bool:
        return holds_personal(issue.rule for issue in self.issues)


def read_version(
    form: Form, version: SubmissionVersion, *, tell: Callable[[], None] = lambda: None
) -> Found:
    """Read the file of a version; whatever is wrong with it stands in ``issues``.

    Parameters
    ----------
    tell
        Called while the child is at work, with nothing: it still lives.

    Raises
    ------
    FileLost
    """
    file = version.file
    if file is None or not path_of(file.uuid).exists():
        raise FileLost(name=file.name if file else "–")
    kind = kind_of(form.dataset)
    reading = read_upload(
        path_of(file.uuid),
        kind="any" if kind.has_geometry else "table",
        sheet=version.answers.get("sheet") or None,
        crs_stated=version.answers.get("crs") or None,
        on_progress=lambda _step: tell(),
    )
    if reading.features:
        grid, issues = grid_of_map(reading, kind, kind.columns(form), version.answers)
        return Found(grid, issues)
    if not reading.sheets:
        return Found(issues=[of_read_fault(fault) for fault in reading.faults])
    recognised = recognise(reading.sheets, asked_of(form))
    columns = kind.columns(form)
    issues = [of_sheet_fault(fault, columns) for fault in recognised.faults]
    issues += _of_reading(reading, recognised)
    issues += _of_merging(reading, recognised, columns)
    if recognised.grid is not None:
        issues += keep_what_stands(form, recognised.grid, recognised.stood)
    return Found(recognised.grid, issues, recognised.template)


def _of_reading(reading: Reading, recognised: Recognised) -> list[Issue]:
    """Faults of the file, those at a cell of the form under its line and column."""
    # A CSV has one sheet, and its faults name none.
    only = reading.sheets[0].name if len(reading.sheets) == 1 else ""

    def cell_of(fault: ReadFault) -> tuple[int, str] | None:
        column = column_number(fault.column)
        return recognised.places.key_at(fault.sheet or only, fault.row or 0, column)

    told = [fault for fault in reading.faults if _concerns(fault, recognised, cell_of(fault))]
    return [of_read_fault(fault, cell_of(fault)) for fault in told]


def _of_merging(reading: Reading, recognised: Recognised, columns: Sequence[Column]) -> list[Issue]:
    """Cells of the form that the sender merged: all but the first of them have lost their value."""
    labels = {column.code: label_of(column) for column in columns}
    return [
        merged_figures(row, code, labels[keys[0][1]], labels[code], text)
        for sheet in reading.sheets
        for text, keys in merged_keys(recognised.places, sheet.name, sheet.merged)
        for row, code in keys[1:]
        if code in labels and keys[0][1] in labels
    ]


def _concerns(fault: ReadFault, recognised: Recognised, cell: tuple[int, str] | None) -> bool:
    """Whether a fault says something to its sender: not what our own layout causes."""
    if not recognised.is_own:
        return fault.code != "merged_cells"
    if fault.code == "formula_without_value":
        # Beside the cells the workbook works out sums, which are not read back.
        return cell is not None
    return fault.code not in OURS_ON_PURPOSE
