"""The page on which a submission is decided about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.lib.grids import Change, Grid, changed_cells, grid_from_json
from geo.submissions.forms.pages import SubmissionPage
from geo.submissions.kinds.changes import Changes
from geo.submissions.models import (
    Act,
    CellComment,
    Publication,
    State,
    Submission,
    SubmissionVersion,
)
from geo.submissions.rules.reviewing import (
    NothingStands,
    StaleApproval,
    authors_of,
    is_reviewer,
    right_to_decide,
    says_something,
)
from geo.submissions.rules.sentences import label_of
from geo.submissions.rules.showing import shown
from geo.submissions.rules.transitions import TRANSITIONS
from geo.submissions.services.mending import row_name
from geo.submissions.services.reviewing import require_standing

# Of earlier versions so many are shown, and so many cells of each.
MOST_VERSIONS, MOST_CELLS = 5, 40


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One cell that differs between two versions, as it is read."""

    row: str
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class VersionChanges:
    """One version, and which cells its sender changed against the one before."""

    version: SubmissionVersion
    changes: Sequence[VersionLine]
    n_changes: int

    @property
    def n_hidden(self) -> int:
        return self.n_changes - len(self.changes)


@dataclass(frozen=True)
class ReviewPage:
    """Everything that ``user`` sees before deciding, and what there is to decide."""

    submission: Submission
    user: User
    wanted_column: str = ""
    stale: StaleApproval | None = None

    @cached_property
    def page(self) -> SubmissionPage:
        return SubmissionPage(self.submission, self.user, wanted_column=self.wanted_column)

    @property
    def version(self) -> SubmissionVersion | None:
        return self.submission.current

    # --- what there is to decide -------------------------------------------------------

    @cached_property
    def is_own(self) -> bool:
        """Whether the person had a hand in it, so that others decide."""
        return self.user.pk in authors_of(self.submission)

    def _may(self, act: str, right: Right) -> bool:
        states, _to = TRANSITIONS[act]
        is_free = self.submission.state in states and not self.submission.job
        return is_free and is_reviewer(self.submission, self.user, right)

    @cached_property
    def can_comment(self) -> bool:
        return self._may(Act.COMMENTED, Right.REVIEW)

    @cached_property
    def can_return(self) -> bool:
        return self._may(Act.RETURNED, right_to_decide(self.submission))

    @cached_property
    def can_approve(self) -> bool:
        return not self.is_own and self._may(Act.APPROVED, right_to_decide(self.submission))

    @cached_property
    def verifies(self) -> bool:
        """Whether an approval also verifies."""
        return is_reviewer(self.submission, self.user, Right.VERIFY)

    @property
    def can_leave_out(self) -> bool:
        is_free = self.page.kind.rows_are_independent and not self.submission.counter_to_id
        return self.can_approve and is_free and len(self.rows_filled) > 1

    @cached_property
    def can_verify(self) -> bool:
        is_free = not self.is_own and self._may(Act.VERIFIED, Right.VERIFY)
        return is_free and not self.nothing_stands

    @cached_property
    def nothing_stands(self) -> str:
        """Why there is nothing to verify in what was published; else empty."""
        if self.submission.state != State.PUBLISHED:
            return ""
        try:
            require_standing(self.submission)
        except NothingStands as refused:
            return str(refused)
        return ""

    @cached_property
    def can_undo(self) -> bool:
        return not self.is_own and self._may(Act.UNDONE, Right.REVIEW)

    @cached_property
    def can_counter(self) -> bool:
        is_free = not self.submission.counter_to_id and self.page.waiting_counter is None
        return is_free and self._may(Act.COUNTERED, Right.REVIEW)

    @property
    def only_others(self) -> bool:
        """Whether it could be decided about, by anybody but this person."""
        waiting = self._may(Act.APPROVED, Right.REVIEW) or self._may(Act.VERIFIED, Right.VERIFY)
        return self.is_own and waiting

    @property
    def others_turn(self) -> str:
        """Whose turn it is with a counter-entry, where the person reviews but does not verify."""
        waits = self.submission.counter_to_id and self.submission.state == State.SENT
        if not waits or self.verifies:
            return ""
        text = _("%(office)s decides about it; nothing is to be done here.")
        return text % {"office": self.submission.dataset.office}

    # --- what is shown -----------------------------------------------------------------

    @cached_property
    def publication(self) -> Publication | None:
        return self.page.publication

    @cached_property
    def changes(self) -> Changes | None:
        """What publishing would change; once published, what it did change."""
        if self.submission.is_open or self.publication is None:
            return self.page.changes
        return self.page.made

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """Columns that can be commented on: code and name."""
        columns = self.page.kind.columns(self.page.form)
        return [(one.code, label_of(one)) for one in columns]

    @cached_property
    def rows(self) -> list[tuple[str, str]]:
        """Rows of the version: key and name."""
        return [(row_name(row), row.label or row.key) for row in self.page.content.rows]

    @cached_property
    def rows_filled(self) -> list[tuple[str, str]]:
        """Rows that publish something, and so can be left out: key and name."""
        found = [row for row in self.page.content.rows if row.geometry or says_something(row.cells)]
        return [(row_name(row), row.label or row.key) for row in found]

    @cached_property
    def comments(self) -> list[tuple[CellComment, str]]:
        """All that was said about it, each with the words for its place."""
        rows, columns = dict(self.rows), dict(self.columns)
        said = self.submission.comments.select_related("by", "version")
        places = (
            (rows.get(one.row_key, one.row_key), columns.get(one.column, one.column))
            for one in said
        )
        return [
            (one, " · ".join(word for word in place if word))
            for one, place in zip(said, places, strict=True)
        ]

    @cached_property
    def n_unanswered(self) -> int:
        return sum(one.resolved_at is None for one, _place in self.comments)

    @cached_property
    def versions(self) -> list[VersionChanges]:
        """The versions that were sent, the latest first, each against the one sent before.

        What the sender tried in between was never before a reviewer.
        """
        rows = self.submission.versions.exclude(sealed_at=None)
        rows = rows.select_related("created_by", "file")
        found = list(rows.order_by("-number")[: MOST_VERSIONS + 1])
        pairs = zip(found, [*found[1:], None], strict=True)
        return [self._against(now, before) for now, before in pairs][:MOST_VERSIONS]

    def _against(self, now: SubmissionVersion, before: SubmissionVersion | None) -> VersionChanges:
        changes: list[Change] = []
        if before is not None and before.content and now.content:
            changes = version_changes(
                grid_from_json(before.content), grid_from_json(now.content), self.page
            )
        columns = {one.code: one for one in self.page.kind.columns(self.page.form)}
        lines = [
            VersionLine(
                change.label or change.key,
                label_of(columns[change.column]),
                shown(change.old, columns[change.column]) or "–",
                shown(change.new, columns[change.column]) or "–",
            )
            for change in changes[:MOST_CELLS]
            if change.column in columns
        ]
        return VersionChanges(now, lines, len(changes))


def version_changes(before: Grid, now: Grid, page: SubmissionPage) -> list[Change]:
    """Cells in which two versions differ, those emptied among them."""
    columns = page.kind.columns(page.form)
    old = {row_name(row): row.cells for row in before.rows}
    found = changed_cells(now, {row.key: old.get(row_name(row), {}) for row in now.rows}, columns)
    new = {row_name(row): row.cells for row in now.rows}
    emptied = [
        Change(row.key, row.label, code, cell, None)
        for row in before.rows
        for code, cell in row.cells.items()
        if cell is not None and new.get(row_name(row), {}).get(code) is None
    ]
    return found + emptied
