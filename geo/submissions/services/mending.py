"""Cells typed on a page: mended in a file's grid, or a whole form; reasons; answers.

Whoever writes says which content was on the screen (``base_edit``). Where somebody else
has written since, nothing is overwritten: ``EditConflict`` shows both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.lib.cells import as_typed, tidy
from geo.lib.errors import GeoError
from geo.lib.grids import (
    Cell,
    Column,
    Grid,
    GridRow,
    content_hash,
    grid_from_json,
    issues_as_json,
    issues_from_json,
)
from geo.lib.tables import ERROR, WARNING, Issue
from geo.lib.uploads.personal import masked
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.inspecting import in_order, inspect_grid, kept_cell
from geo.submissions.models import Act, Origin, State, Submission, SubmissionVersion
from geo.submissions.queries.forms import Form
from geo.submissions.rules.countering import require_no_counter
from geo.submissions.rules.file_sentences import OF_FILE
from geo.submissions.rules.transitions import NotNow, require
from geo.submissions.services.events import record, state_after_check
from geo.submissions.services.queueing import job_done
from geo.submissions.services.receiving import have_checked
from geo.submissions.services.subjects import (
    begin,
    demand_right,
    form_of,
    lock_subject,
    locked,
    new_version,
    new_version_like,
    open_submission,
)

ALL_OF_RULE = "rule:"
LONGEST_REASON = 1000
LONGEST_ANSWER = 200


@dataclass(frozen=True, slots=True)
class CellConflict:
    """One cell that two persons wrote: what stands there now, and what was to be written."""

    key: str
    label: str
    column: str
    theirs: Cell
    yours: Cell


class EditConflict(GeoError):
    """Somebody else has written since the page was opened; ``cells`` hold both contents."""

    status = 409
    template = gettext_lazy(
        "Somebody else has changed this form since you opened it. Nothing of yours was lost and "
        "nothing of theirs was overwritten: compare both, then write again what is right."
    )

    def __init__(self, version: SubmissionVersion, cells: list[CellConflict]) -> None:
        super().__init__()
        self.version = version
        self.cells = cells


class UnknownCell(GeoError):
    """A cell was to be written that the form does not have."""

    template = gettext_lazy(
        "There is no cell “%(column)s” in row “%(row)s” of this form. Load the page again."
    )


class NotReadYet(GeoError):
    """The file has not been read, or could not be, so that there is nothing to mend here."""

    status = 409
    template = gettext_lazy(
        "The file of %(number)s could not be read, so there are no cells to mend here. Mend it on "
        "your computer and upload it again."
    )


def row_name(row: GridRow) -> str:
    """What a row is called on pages: its key, or its line in the file where it is new."""
    return row.key or f"#{row.row}"


def save_grid(
    *,
    form: Form,
    by: User,
    grid: Grid,
    base_edit: int | None,
    reasons: Mapping[str, str] | None = None,
) -> SubmissionVersion:
    """Write a whole form that was typed on a page or a phone, and check it at once.

    Parameters
    ----------
    grid
        Cells may still be text as typed.
    base_edit
        ``edit`` of the content that was on the screen; None where nothing stood.

    Raises
    ------
    EditConflict
        Unless the same was saved already: an answer may have been lost on its way.
    CounterWaits
        What is published is to be taken back.
    """
    demand_right(by, form)
    with transaction.atomic():
        lock_subject(form)
        submission = open_submission(form)
        if submission:
            require_no_counter(submission)
        grid = _read_cells(form, grid)
        current = submission.current if submission else None
        if current and current.edit != base_edit:
            if content_of(current).rows == grid.rows:
                return current
            raise EditConflict(current, _differences(content_of(current), grid))
        if submission is None:
            submission = begin(form, by)
        act = Act.MENDED if current and submission.state != State.SENT else Act.RECEIVED
        require(submission, act)
        if submission.job:
            # A file is still being read: what was typed since takes its place.
            job_done(submission)
        version = _writable(submission, by, Origin.FORM)
        version.content = grid.as_json()
        if reasons is not None:
            version.reasons = _kept(reasons)
        settle(form, submission, version, by=by, act=act)
        return version


def mend_cells(
    *, submission: Submission, by: User, cells: Mapping[tuple[str, str], str], base_edit: int
) -> SubmissionVersion:
    """Write some cells of a grid, by (name of the row, code of the column), and check anew.

    Raises
    ------
    EditConflict, UnknownCell, NotReadYet, NotNow, WorkGoesOn
    """
    with transaction.atomic():
        submission, version, form = open_to_mend(submission, by)
        grid = content_of(version)
        if not grid.rows:
            raise NotReadYet(number=submission.number)
        changed = _changed_cells(form, grid, cells)
        # Of what was returned, saving it unchanged says that it is right as it is.
        if not changed and submission.state != State.RETURNED:
            return version
        if version.edit != base_edit:
            raise EditConflict(version, _conflicts(grid, changed))
        version = _writable(submission, by, version.origin)
        mended = _write(grid, changed)
        version.content = grid.as_json()
        old = issues_from_json(version.issues)
        gone = {one.key for one in old if (one.row, one.column) in mended}
        version.reasons = {key: why for key, why in version.reasons.items() if key not in gone}
        settle(form, submission, version, by=by, act=Act.MENDED, mended=mended)
        return version


def give_reasons(
    *, submission: Submission, by: User, reasons: Mapping[str, str], base_edit: int
) -> SubmissionVersion:
    """Note why warnings are right as they are.

    Parameters
    ----------
    reasons
        By key of a warning, or by ``rule:<rule>`` for all of one rule that have none
        yet. An empty text takes a reason back.

    Raises
    ------
    EditConflict, NotReadYet, NotNow, WorkGoesOn
    """
    with transaction.atomic():
        submission, version, form = open_to_mend(submission, by)
        if version.content is None:
            raise NotReadYet(number=submission.number)
        warnings = [one for one in issues_from_json(version.issues) if one.severity == WARNING]
        wanted = _expanded(reasons, warnings, version.reasons)
        if all(version.reasons.get(key, "") == why for key, why in wanted.items()):
            return version
        if version.edit != base_edit:
            raise EditConflict(version, [])
        version = _writable(submission, by, version.origin)
        version.reasons = _kept(version.reasons | wanted)
        settle(form, submission, version, by=by, act=Act.MENDED)
        return version


def answer(*, submission: Submission, by: User, answers: Mapping[str, str]) -> SubmissionVersion:
    """Note what the sender answered about the file (``crs``, ``sheet`` …), and read it again.

    Raises
    ------
    NotReadYet
        There is no file to be read.
    NotNow, WorkGoesOn
    """
    with transaction.atomic():
        submission, version, _form = open_to_mend(submission, by)
        if version.file is None or version.sealed_at:
            raise NotReadYet(number=submission.number)
        given = {key[:30]: tidy(text)[:LONGEST_ANSWER] for key, text in answers.items()}
        version.answers = version.answers | given
        version.content, version.issues, version.edit = None, [], version.edit + 1
        version.save(update_fields=["answers", "content", "issues", "edit"])
        record(submission=submission, act=Act.RECEIVED, by=by)
        have_checked(submission, version, by)
        return version


# --- what stands ---------------------------------------------------------------------


def open_to_mend(submission: Submission, by: User) -> tuple[Submission, SubmissionVersion, Form]:
    form = form_of(submission)
    demand_right(by, form)
    lock_subject(form)
    submission = locked(submission)
    require_no_counter(submission)
    require(submission, Act.MENDED)
    version = submission.current
    # While a worker reads the file, what it finds would overwrite what is typed now.
    if version is None or submission.job or submission.state == State.RECEIVED:
        raise NotNow(
            number=submission.number,
            state=submission.get_state_display(),
            act=Act.MENDED.label,
        )
    return submission, version, form


def content_of(version: SubmissionVersion) -> Grid:
    """The grid of a version; empty until it has been read."""
    return grid_from_json(version.content) if version.content else Grid([])


def _writable(submission: Submission, by: User, origin: str) -> SubmissionVersion:
    """The current version, one edit on; a new one where that was sent or came another way."""
    before = submission.current
    if before and not before.sealed_at and before.origin == origin:
        before.edit += 1
        return before
    if before is None or before.origin != origin:
        return new_version(submission, by=by, origin=origin)
    return new_version_like(submission, before, by=by, origin=origin)


# --- what is written -----------------------------------------------------------------


def _read_cells(form: Form, grid: Grid) -> Grid:
    """The grid with cells as their columns read them; what cannot be read stays as typed."""
    columns = {column.code: column for column in kind_of(form.dataset).columns(form)}
    rows = [replace(row, cells=_typed(row.cells, columns)) for row in grid.rows]
    return Grid(list(columns), rows)


def _typed(cells: Mapping[str, Cell], columns: Mapping[str, Column]) -> dict[str, Cell]:
    read = {c: kept_cell(raw, columns[c]) for c, raw in cells.items() if c in columns}
    return {code: cell for code, cell in read.items() if cell is not None}


def _changed_cells(
    form: Form, grid: Grid, cells: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], Cell]:
    """What would be different, by name of the row and code of the column."""
    columns = {column.code: column for column in kind_of(form.dataset).columns(form)}
    rows = {row_name(row): row for row in grid.rows}
    changed = {}
    for (name, code), text in cells.items():
        if name not in rows or code not in columns:
            raise UnknownCell(row=name, column=code)
        stands = rows[name].cells.get(code)
        # Unchanged text keeps its cell: written out, “1,125” could be read as 1125.
        cell = kept_cell(text, columns[code])
        if tidy(text) != as_typed(stands) and cell != stands:
            changed[name, code] = cell
    return changed


def _write(grid: Grid, changed: Mapping[tuple[str, str], Cell]) -> set[tuple[int | None, str]]:
    """Write cells into a grid; where they stand, by line and column."""
    rows = {row_name(row): row for row in grid.rows}
    for (name, code), cell in changed.items():
        rows[name].cells[code] = cell
        if code not in grid.columns:
            # What the file lacked is there now.
            grid.columns.append(code)
    return {(rows[name].row, code) for name, code in changed}


def _conflicts(grid: Grid, changed: Mapping[tuple[str, str], Cell]) -> list[CellConflict]:
    rows = {row_name(row): row for row in grid.rows}
    return [
        CellConflict(name, rows[name].label, code, rows[name].cells.get(code), yours)
        for (name, code), yours in changed.items()
    ]


def _differences(theirs: Grid, yours: Grid) -> list[CellConflict]:
    rows = {row_name(row): row for row in theirs.rows}
    found = []
    for row in yours.rows:
        stands = rows[row_name(row)].cells if row_name(row) in rows else {}
        for code in yours.columns:
            if stands.get(code) != row.cells.get(code):
                both = (stands.get(code), row.cells.get(code))
                found.append(CellConflict(row_name(row), row.label, code, *both))
    return found


def _expanded(
    given: Mapping[str, str], warnings: list[Issue], standing: Mapping[str, str]
) -> dict[str, str]:
    """Reasons by key of a warning, those for all of one rule written out; others are dropped."""
    known = {one.key for one in warnings}
    wanted = {key: tidy(why) for key, why in given.items() if key in known}
    for one in warnings:
        group = given.get(ALL_OF_RULE + one.rule)
        if group and not wanted.get(one.key) and not standing.get(one.key):
            wanted[one.key] = tidy(group)
    return wanted


def _kept(reasons: Mapping[str, str]) -> dict[str, str]:
    return {key: masked(why[:LONGEST_REASON]) for key, why in reasons.items() if why}


def settle(
    form: Form,
    submission: Submission,
    version: SubmissionVersion,
    *,
    by: User,
    act: str,
    mended: set[tuple[int | None, str]] | None = None,
) -> None:
    """Check what was written, save it, and say where the submission stands now."""
    grid = content_of(version)
    issues = inspected(form, version, grid, mended or set())
    version.issues = issues_as_json(issues)
    version.content_hash = content_hash(grid, version.reasons)
    version.checked_at = timezone.now()
    version.save()
    state = state_after_check(any(one.severity == ERROR for one in issues))
    record(submission=submission, act=act, by=by, state=state)


def inspected(
    form: Form,
    version: SubmissionVersion,
    grid: Grid,
    mended: set[tuple[int | None, str]],
) -> list[Issue]:
    """Problems of a grid, and those that only its file showed and that still hold."""
    issues = inspect_grid(form, grid)
    of_file = [
        one
        for one in issues_from_json(version.issues)
        if one.rule.startswith(OF_FILE) and (one.row, one.column) not in mended
    ]
    return in_order(of_file + issues, kind_of(form.dataset).columns(form))
