"""The sender's own workbook back, with red cells, notes that say how to mend, and a summary."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.lib.grids import Grid, GridRow, grid_from_json, issues_from_json
from geo.lib.kept_files import KeptFiles
from geo.lib.tables import ERROR, NOTICE, WARNING
from geo.lib.uploads.contract import RawSheet, Reading
from geo.lib.uploads.reading import read_upload
from geo.lib.workbooks.layouts import places_of
from geo.lib.workbooks.places import Place, Places, column_number
from geo.lib.workbooks.recognising import recognise
from geo.lib.workbooks.returning import (
    Hidden,
    Mark,
    Problem,
    Summary,
    rebuilt_workbook,
    returned_workbook,
)
from geo.lib.workbooks.styles import written_cell
from geo.submissions.kinds import kind_of
from geo.submissions.models import CellComment, SubmissionVersion
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sentences import label_of
from geo.submissions.services.storing import path_of
from geo.submissions.services.subjects import form_of
from geo.submissions.services.workbooks import asked_of, describe_workbook, make_workbook

MOST_KEPT_BYTES = 200_000_000
# Raised when returned workbooks are made otherwise, so that none is kept from before.
EDITION = "3"
COMMENT = "comment"
NAMING_PERSONS = ("personal_column", "personal_names")


@dataclass(slots=True)
class _Base:
    """What is marked: a workbook at ``path``, or the lines of a file that is none.

    ``places`` are by line of the row and code of the column; ``sheet`` is where rows stand.
    """

    path: Path | None
    sheets: Sequence[RawSheet] = ()
    places: Places = field(default_factory=Places)
    grid: Grid | None = None
    sheet: str | None = None
    hidden: Sequence[Hidden] = ()


def open_returned(version: SubmissionVersion) -> IO[bytes]:
    """Open the marked workbook of a version; made once for all that it says.

    Raises
    ------
    FileNotMade
    """
    comments = list(version.submission.comments.filter(resolved_at=None).select_related("by"))
    said = [(comment.pk, comment.text) for comment in comments]
    key = f"{EDITION} {version.pk} {version.edit} {version.checked_at} {get_language()} {said}"
    kept = KeptFiles(settings.VAR_DIR / "cache" / "returned", MOST_KEPT_BYTES)
    return kept.open(key, lambda path: _make(version, comments, path))


def _make(version: SubmissionVersion, comments: Sequence[CellComment], path: Path) -> None:
    form = form_of(version.submission)
    grid = grid_from_json(version.content) if version.content else Grid([])
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as made:
        base = _base_of(version, form, grid, Path(made.name))
        marks, problems = _say(version, form, grid, base, comments)
        marks += _mended(form, grid, base)
        summary = _summary(version, problems)
        if base.path is None:
            path.write_bytes(returned_workbook(base.sheets, marks, summary, base.hidden))
        elif base.sheets:
            path.write_bytes(rebuilt_workbook(base.path, base.sheets, marks, summary, base.hidden))
        else:
            path.write_bytes(returned_workbook(base.path, marks, summary))


# --- what is marked ------------------------------------------------------------------


def _base_of(version: SubmissionVersion, form: Form, grid: Grid, made: Path) -> _Base:
    """The sender's file; our own workbook, filled in, where it was typed on a page."""
    stored = path_of(version.file.uuid) if version.file else None
    if stored is None or not stored.exists():
        return _typed_base(form, grid, made)
    reading = read_upload(stored, kind="table", sheet=version.answers.get("sheet") or None)
    if not reading.sheets:
        # A map has no cells to be marked: what was read of it is written as a workbook.
        return _typed_base(form, grid, made)
    recognised = recognise(reading.sheets, asked_of(form))
    places = recognised.places
    path = stored if reading.format == "xlsx" else None
    sheet = next((place.sheet for place in places.values()), None)
    hidden = _naming_persons(reading)
    return _Base(path, reading.sheets, places, recognised.grid, sheet, hidden)


def _naming_persons(reading: Reading) -> list[Hidden]:
    """Columns for which the file was refused."""
    told = [one for one in reading.faults if one.code in NAMING_PERSONS]
    only = reading.sheets[0].name
    return [
        Hidden(one.sheet or only, column_number(one.column), one.row or 1, str(one.facts["found"]))
        for one in told
    ]


def _typed_base(form: Form, grid: Grid, made: Path) -> _Base:
    made.write_bytes(make_workbook(form=form, grid=grid))
    described = describe_workbook(form, grid)
    lines = {row.key: row.row for row in grid.rows}
    sheet = described.words.form_sheet
    places = Places()
    for (key, code), (line, column) in places_of(described).items():
        if key in lines:
            places[lines[key], code] = Place(sheet, line + 1, column)
    return _Base(made, places=places)


def _mended(form: Form, grid: Grid, base: _Base) -> list[Mark]:
    """Cells that were mended on the page since the file came: they say so in the file too."""
    if base.grid is None:
        return []
    described = describe_workbook(form, grid)
    columns = {column.code: column for column in described.columns}
    was = {row.row: row.cells for row in base.grid.rows}
    marks = []
    for row in grid.rows:
        for code, place in base.places.of_row(row.row):
            now, before = row.cells.get(code), was.get(row.row, {}).get(code)
            if code in columns and now != before:
                written = written_cell(now, described, columns[code])
                marks.append(Mark(place, NOTICE, "", is_changed=True, value=written))
    return marks


# --- what is said --------------------------------------------------------------------


def _say(
    version: SubmissionVersion,
    form: Form,
    grid: Grid,
    base: _Base,
    comments: Sequence[CellComment],
) -> tuple[list[Mark], list[Problem]]:
    """Marks at cells and lines of the summary, for every issue and every comment."""
    labels = {column.code: label_of(column) for column in kind_of(form.dataset).columns(form)}
    rows = {row.row: row for row in grid.rows}
    marks, problems = [], []
    for issue in issues_from_json(version.issues):
        place = _place(base, issue.row, issue.column)
        where = _where(rows.get(issue.row or 0), labels.get(issue.column, ""))
        words = str(_severity_words()[issue.severity])
        reason = version.reasons.get(issue.key, "")
        given = _("Reason given: %(reason)s") % {"reason": reason}
        text = f"{issue.message}\n{given}" if reason else issue.message
        problems.append(Problem(where, issue.found, issue.severity, words, text, place))
        if place is not None:
            marks.append(Mark(place, issue.severity, text))
    by_name = {row.key or f"#{row.row}": row for row in grid.rows}
    for comment in comments:
        row = by_name.get(comment.row_key)
        place = _place(base, row.row if row else None, comment.column)
        where = _where(row, labels.get(comment.column, ""))
        text = f"{comment.by}: {comment.text}"
        words = str(_severity_words()[COMMENT])
        problems.append(Problem(where, "", COMMENT, words, text, place))
        if place is not None:
            marks.append(Mark(place, COMMENT, text))
    return marks, problems


def _place(base: _Base, line: int | None, column: str) -> Place | None:
    """Where something stands in the file; the row where its cell is not known."""
    if line is None:
        return None
    found = base.places.get((line, column)) or base.places.get((line, ""))
    if found is None and base.sheet is not None:
        return Place(base.sheet, line, 0)
    return found


def _where(row: GridRow | None, column: str) -> str:
    name = (row.label or row.key) if row else ""
    return " · ".join(part for part in (name, column) if part)


def _severity_words() -> dict[str, str]:
    return {
        ERROR: _("to be mended"),
        WARNING: _("wants a reason"),
        COMMENT: _("comment"),
        NOTICE: _("for your knowledge"),
    }


def _summary(version: SubmissionVersion, problems: Sequence[Problem]) -> Summary:
    number = version.submission.number
    n = sum(problem.severity == ERROR for problem in problems)
    return Summary(
        sheet=_("To check"),
        title=_("%(number)s: %(n)s problems to mend") % {"number": number, "n": n},
        note=_(
            "Mend the marked cells on the sheets behind this one, save, and upload this file "
            "again. This list and the marks are not read."
        ),
        header=(_("Cell"), _("Where"), _("Found"), _("What is it"), _("What to do")),
        problems=problems,
    )
