"""The page of one submission: its content, its problems, its changes and what can be done."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import User
from geo.lib.grids import Grid, issues_from_json
from geo.submissions.forms.grid import GridReader, GridView, RowView
from geo.submissions.forms.problems import Problem, Problems, read_problems
from geo.submissions.forms.questions import Question, read_question
from geo.submissions.kinds.base import Kind, LaterChange
from geo.submissions.kinds.changes import Changes, read_changes
from geo.submissions.kinds.made import read_made, read_replaced
from geo.submissions.kinds.registry import kind_of
from geo.submissions.models import (
    Act,
    CellComment,
    Publication,
    State,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
)
from geo.submissions.queries.counters import counter_done, replacements_of, waiting_counter
from geo.submissions.queries.forms import Form, may_report
from geo.submissions.queries.leftovers import leftover_of, rows_left_out
from geo.submissions.queries.timeline import Step, read_timeline
from geo.submissions.rules.countering import (
    MAKER_MAY,
    correction_words,
    ended_words,
    may_settle,
    waiting_words,
)
from geo.submissions.rules.file_sentences import holds_personal
from geo.submissions.rules.reviewing import may_open
from geo.submissions.rules.transitions import TRANSITIONS, WORKING
from geo.submissions.services.going_back import readable_before
from geo.submissions.services.mending import content_of, row_name
from geo.submissions.services.subjects import form_of

# What came with a word about why.
TOLD_WHY = (Act.RETURNED, Act.UNDONE, Act.COUNTERED)
# So many of the last steps are open to be seen.
MOST_STEPS = 6
# What happens next, by state, in the words of whoever sent it.
NEXT: dict[str, Promise] = {
    State.RECEIVED: _(
        "The file is safe here. It is being checked now; this takes a few seconds. You may close "
        "this page and come back."
    ),
    State.FAULTY: _(
        "Mend what is marked: here on the page, or in your file, which you then upload again. "
        "Nothing is published before you send it."
    ),
    State.READY: _(
        "Nothing stands in the way. Look at what will change, then send it. Nothing is published "
        "before that."
    ),
    State.SENT: _(
        "It waits for somebody to review it. You will be told here, and by e-mail if you have one. "
        "Until then you may take it back."
    ),
    State.RETURNED: _(
        "It came back to you. Read what was said, mend it here or in your file, and send it again."
    ),
    State.PUBLISHED: _(
        "The figures are public, marked as not yet verified. The office that answers for them "
        "verifies them next; there is nothing for you to do."
    ),
    State.VERIFIED: _("The figures are public and verified. There is nothing more to do."),
    State.UNDONE: _(
        "The publication was undone: what stood before stands again. If the figures are right "
        "after all, bring them in anew."
    ),
    State.WITHDRAWN: _("It was taken back and will not be reviewed. You may bring in another."),
    State.QUARANTINED: _(
        "The file could not be checked and was set aside. Open it once on your computer, save it "
        "as XLSX or CSV, and upload it again; or type the figures in here."
    ),
}
NEXT_WITH_WARNINGS = _(
    "There are no mistakes, but some figures look unlikely. Correct them, or write why they are "
    "right; then you can send it."
)

NEXT_WHEN_REPLACED = _(
    "Others have replaced figures of it since; they are listed below. If yours are right, bring in "
    "a correction, or speak with whoever replaced them."
)

NEXT_WITH_LEFTOVER = _(
    "Only part of it is public. What was left out came back as %(number)s: mend it there, and "
    "send it again or take it back."
)
NEXT_LEFTOVER_GONE = _(
    "Only part of it is public. What was left out came back as %(number)s and was then taken "
    "back: bring those rows in anew."
)


@dataclass(frozen=True, slots=True)
class Replaced:
    """The submission of others that replaced figures, and which ones."""

    other: Submission
    may_open: bool
    changes: Changes


@dataclass(frozen=True)
class SubmissionPage:
    """Everything that the page of a submission shows to ``user``."""

    submission: Submission
    user: User
    wanted_row: str = ""
    wanted_column: str = ""
    shows_all: bool | None = None

    @cached_property
    def form(self) -> Form:
        return form_of(self.submission)

    @cached_property
    def kind(self) -> Kind:
        return kind_of(self.submission.dataset)

    @cached_property
    def content(self) -> Grid:
        return content_of(self.submission.current) if self.submission.current else Grid([])

    @cached_property
    def comments(self) -> list[CellComment]:
        return list(self.submission.comments.filter(resolved_at=None).select_related("by"))

    @cached_property
    def problems(self) -> Problems:
        version = self.submission.current
        if version is None:
            return Problems()
        return read_problems(version, self.content, self.kind.columns(self.form), self.comments)

    @property
    def next_words(self) -> Promise | str:
        if self.submission.counter_to_id:
            is_open = self.submission.is_open
            return waiting_words(self.submission) if is_open else ended_words(self.submission)
        if self.submission.state == State.READY and self.problems.n_unexplained:
            return NEXT_WITH_WARNINGS
        if self.submission.state in (State.PUBLISHED, State.VERIFIED) and self.replaced:
            return NEXT_WHEN_REPLACED
        return self._leftover_words or NEXT[self.submission.state]

    @property
    def _leftover_words(self) -> str:
        """What is to be done about rows that were left out and lie with their sender."""
        rest = self.leftover if self.submission.state in (State.PUBLISHED, State.VERIFIED) else None
        if rest is None or not (rest.state in WORKING or rest.state == State.WITHDRAWN):
            return ""
        words = NEXT_LEFTOVER_GONE if rest.state == State.WITHDRAWN else NEXT_WITH_LEFTOVER
        return words % {"number": rest.number}

    @property
    def is_busy(self) -> bool:
        """Whether a worker has it in hand."""
        return bool(self.submission.job)

    # --- what can be done ------------------------------------------------------------

    @cached_property
    def may_report(self) -> bool:
        return may_report(self.user, self.submission.dataset, self.submission.area)

    def _can(self, act: str) -> bool:
        if self.submission.counter_to_id:
            is_free = self.submission.state in MAKER_MAY.get(act, frozenset())
            return is_free and self.may_report and may_settle(self.submission, self.user)
        return self.may_report and self.submission.state in TRANSITIONS[act][0]

    @property
    def can_mend(self) -> bool:
        return self._can(Act.MENDED) and not self.is_busy and bool(self.content.rows)

    @property
    def can_take_marked(self) -> bool:
        """Whether the file is given back with its problems marked: also one that is not kept."""
        version = self.submission.current
        is_personal = version is not None and holds_personal(one["rule"] for one in version.issues)
        return self.can_mend or (self.can_upload and is_personal)

    @property
    def can_upload(self) -> bool:
        return self._can(Act.RECEIVED) and not self.is_busy

    @property
    def can_send(self) -> bool:
        return self._can(Act.SENT) and not self.is_busy and not self.problems.n_unexplained

    @property
    def can_withdraw(self) -> bool:
        return self._can(Act.WITHDRAWN) and self.submission.job in ("", "check")

    @property
    def shows_sending(self) -> bool:
        """Whether the sender sees the button, even where something stands in its way."""
        states = (State.FAULTY, State.READY, State.RETURNED)
        if self.submission.counter_to_id:
            return self.can_send
        return self.may_report and self.submission.state in states and not self.is_busy

    @property
    def mends_first(self) -> bool:
        """Whether there is something to be mended before anything else makes sense."""
        return bool(self.problems.errors) or (
            self.submission.state == State.RETURNED and self.can_mend
        )

    @property
    def is_receipt(self) -> bool:
        """Whether it was sent, so that the page is the receipt for it."""
        return self.submission.state in (State.SENT, State.PUBLISHED, State.VERIFIED)

    @cached_property
    def questions(self) -> list[Question]:
        version = self.submission.current
        issues = issues_from_json(version.issues) if version and self.can_answer else []
        columns = self.kind.columns(self.form)
        return [one for issue in issues if (one := read_question(issue, columns))]

    @cached_property
    def listed_errors(self) -> list[Problem]:
        """Errors as they are listed; what is asked above them is not said once more."""
        asked = {question.message for question in self.questions}
        return [one for one in self.problems.listed_errors if one.message not in asked]

    @property
    def can_answer(self) -> bool:
        version = self.submission.current
        return bool(version and version.file_id and self._can(Act.MENDED) and not self.is_busy)

    @cached_property
    def version_before(self) -> SubmissionVersion | None:
        """What can be taken up again where a file came since that could not be read."""
        can = self._can(Act.MENDED) and not self.is_busy and self.submission.state != State.RECEIVED
        return readable_before(self.submission) if can else None

    # --- what is shown ---------------------------------------------------------------

    @cached_property
    def changes(self) -> Changes | None:
        """What sending would change; None where it was published, and so stands already."""
        if not self.content.rows or not self.submission.is_open:
            return None
        found = read_changes(self.kind, self.form, self.content, self.wanted_column)
        if not self.submission.counter_to_id:
            return found
        # It holds the cells that differ, and nothing else.
        return replace(found, later=self.later_taken_back or found.later, n_unchanged=0)

    @cached_property
    def made(self) -> Changes | None:
        """What its publication changed."""
        done = self.publication
        return self._made(done, self.content) if done else None

    @cached_property
    def leftover(self) -> Submission | None:
        """Where the rows are that a partial approval left out."""
        return leftover_of(self.publication) if self.publication else None

    @cached_property
    def left_out(self) -> list[str]:
        """Names of these rows."""
        return rows_left_out(self.publication) if self.publication else []

    @cached_property
    def waiting_counter(self) -> Submission | None:
        """The counter-entry that waits to take it back."""
        is_verified = self.submission.state == State.VERIFIED
        return waiting_counter(self.submission) if is_verified else None

    @property
    def correction_words(self) -> str:
        return correction_words(self.waiting_counter) if self.waiting_counter else ""

    @cached_property
    def counter_done(self) -> Publication | None:
        """What the counter-entry made public that took it back."""
        is_undone = self.submission.state == State.UNDONE
        return counter_done(self.submission) if is_undone else None

    @cached_property
    def made_back(self) -> Changes | None:
        """What that counter-entry changed."""
        return self._made(self.counter_done, Grid([])) if self.counter_done else None

    @cached_property
    def replaced(self) -> list[Replaced]:
        """What others replaced of it since."""
        rows = replacements_of(self.submission) if self.publication else []
        return [
            Replaced(other, may_open(other, self.user), read_replaced(self.kind, self.form, one))
            for one in rows
            for other in [one.publication.submission]
        ]

    def _made(self, publication: Publication, content: Grid) -> Changes:
        return read_made(self.kind, self.form, publication, content, self.wanted_column)

    @cached_property
    def later_taken_back(self) -> list[LaterChange]:
        """Of a counter-entry, what it changes back in later periods."""
        first = self.submission.counter_to
        if first is None:
            return []
        return [one.taken_back() for one in self.kind.later_of(first.source)]

    @cached_property
    def _reader(self) -> GridReader:
        parts = self.changes.columns if self.changes else ()
        # Where nothing stood before, everything would be marked, and so nothing.
        marks = self.changes is not None and not self.changes.is_first
        changed = {
            (one.key, one.column): one.old for part in parts if marks for one in part.changes
        }
        columns = self.kind.columns(self.form)
        return GridReader(columns, self.problems, changed, self.kind.last_alike(self.form))

    @cached_property
    def row(self) -> RowView | None:
        """The one row that can be edited alone: the only one, or the one asked for."""
        rows = self.content.rows
        if len(rows) == 1 and not self.kind.has_free_rows:
            return self._reader.row(rows[0])
        found = next((row for row in rows if row_name(row) == self.wanted_row), None)
        return self._reader.row(found) if found else None

    @cached_property
    def grid(self) -> GridView | None:
        """The table of all rows; None where there is only one."""
        if not self.content.rows or (len(self.content.rows) == 1 and self.row):
            return None
        only = None if self.shows_all is None else not self.shows_all
        return self._reader.table(self.content, only_problems=only)

    @cached_property
    def steps(self) -> list[Step]:
        return read_timeline(self.submission)

    @property
    def earlier_steps(self) -> list[Step]:
        """What happened long ago, folded away where much has happened since."""
        n_earlier = len(self.steps) - MOST_STEPS
        # One line is not worth a fold.
        return self.steps[:n_earlier] if n_earlier > 1 else []

    @property
    def latest_steps(self) -> list[Step]:
        return self.steps[len(self.earlier_steps) :]

    @cached_property
    def returned(self) -> SubmissionEvent | None:
        """What was said when it was last returned or undone."""
        found = (step.event for step in reversed(self.steps))
        return next((one for one in found if one.act in TOLD_WHY), None)

    @cached_property
    def publication(self) -> Publication | None:
        return self.submission.publications.order_by("-published_at", "-pk").first()
