"""A form typed in for one area, saved and sent in one go: from a page, or later from a phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.lib.cells import tidy
from geo.lib.errors import GeoError
from geo.lib.grids import Cell, Grid, GridRow, grid_from_json
from geo.lib.tables import ERROR, WARNING
from geo.submissions.kinds.filling import Filling
from geo.submissions.kinds.inspecting import inspect_grid, kept_cell
from geo.submissions.models import State, Submission, SubmissionVersion
from geo.submissions.rules.countering import require_no_counter
from geo.submissions.rules.sentences import nothing_filled_in
from geo.submissions.services import mending, sending
from geo.submissions.services.mending import CellConflict, EditConflict


class NothingTyped(GeoError):
    """Not a single field was filled in."""

    def __str__(self) -> str:
        return nothing_filled_in().message


class PublishedSince(GeoError):
    """Other figures are published than those that were beside the fields."""

    status = 409
    template = gettext_lazy(
        "Other figures have been published since you opened this form. Nothing of yours was lost. "
        "Look at both, then send what is right."
    )

    def __init__(self, cells: list[CellConflict]) -> None:
        super().__init__()
        self.cells = cells


@dataclass(frozen=True)
class Filled:
    """What became of a form; ``problem`` says why it was saved but not sent."""

    submission: Submission
    is_sent: bool
    problem: str = ""


def fill(
    *,
    filling: Filling,
    by: User,
    typed: Mapping[str, str],
    reasons: Mapping[str, str],
    edit: int | None,
    seen: str,
    note: str = "",
    is_to_be_sent: bool = True,
) -> Filled:
    """Save what was typed, with all its problems, and send it where there are none.

    Doing the same again changes nothing: a telephone asks again when the answer was lost.

    Parameters
    ----------
    typed, reasons
        By code of a column.
    edit, seen
        Which content stood in the fields, and which published figures beside them.

    Raises
    ------
    EditConflict, PublishedSince, NothingTyped, CounterWaits, NotNow, WorkGoesOn
    """
    if filling.counter:
        require_no_counter(filling.counter)
    row = _row(filling, typed)
    done = _done_before(filling, row)
    if done is not None:
        return done
    if not any(tidy(text) for text in typed.values()) and filling.submission is None:
        raise NothingTyped
    if seen and seen != filling.seen:
        raise PublishedSince(_published_since(filling, row))
    version = _save(filling, by, row, reasons, edit)
    submission = version.submission
    if not is_to_be_sent:
        return Filled(submission, False)
    if submission.state == State.FAULTY:
        n_errors = sum(one["severity"] == ERROR for one in version.issues)
        return Filled(submission, False, str(sending.ProblemsLeft(number=submission, n=n_errors)))
    try:
        sending.send(submission=submission, by=by, edit=version.edit, note=note)
    except (sending.ProblemsLeft, sending.ReasonsMissing) as problem:
        return Filled(submission, False, str(problem))
    return Filled(submission, True)


def _row(filling: Filling, typed: Mapping[str, str]) -> GridRow:
    """The form's row with the fields as their columns read them."""
    row = filling.row
    read = {one.code: kept_cell(typed.get(one.code, ""), one) for one in filling.asked}
    cells = dict(row.cells) | {code: cell for code, cell in read.items() if cell is not None}
    return GridRow(row.row, row.key, row.label, cells)


def _done_before(filling: Filling, row: GridRow) -> Filled | None:
    """What became of this very content, where it was sent already."""
    submission = filling.submission
    if submission is None:
        stands = {code: filling.standing.get(code) for code in row.cells}
        about = filling.form
        published = Submission.objects.about(about.dataset, about.period, about.area).filter(
            state__in=[State.PUBLISHED, State.VERIFIED]
        )
        newest = published.first() if stands == row.cells else None
        return Filled(newest, True) if newest else None
    if submission.state == State.SENT and _cells_sent(filling) == row.cells:
        return Filled(submission, True)
    return None


def _cells_sent(filling: Filling) -> Mapping[str, Cell]:
    content = filling.version.content if filling.version else None
    row = grid_from_json(content).row_of(filling.row.key) if content else None
    return row.cells if row else {}


def _published_since(filling: Filling, row: GridRow) -> list[CellConflict]:
    stands = filling.standing
    return [
        CellConflict(row.key, row.label, column.code, stands[column.code], yours)
        for column in filling.asked
        if column.code in stands and (yours := row.cells.get(column.code)) != stands[column.code]
    ]


def _save(
    filling: Filling, by: User, row: GridRow, reasons: Mapping[str, str], edit: int | None
) -> SubmissionVersion:
    form = filling.form
    grid = Grid([column.code for column in filling.columns], [row])
    kept = {
        one.key: reasons[one.column]
        for one in inspect_grid(form, grid)
        if one.severity == WARNING and reasons.get(one.column)
    }
    try:
        return mending.save_grid(form=form, by=by, grid=grid, base_edit=edit, reasons=kept)
    except EditConflict as conflict:
        asked = {column.code for column in filling.asked}
        conflict.cells = [one for one in conflict.cells if one.column in asked]
        if conflict.cells:
            raise
        # They differ only in what is worked out anyway.
        now = conflict.version.edit
        return mending.save_grid(form=form, by=by, grid=grid, base_edit=now, reasons=kept)
