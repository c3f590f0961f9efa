"""Submissions in every state, and the rules of who may do what with them.

The rules are written down here once more, from the words of ``docs/accounts.md`` and
``docs/submissions.md``, and never taken from the code that they judge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from geo.accounts.models import User
from geo.submissions.models import (
    Act,
    CellComment,
    PartialUpload,
    Publication,
    State,
    StoredFile,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
)
from geo.submissions.services import chunking, mending, receiving, reviewing, sending
from geo.submissions.services.events import record
from geo.submissions.services.subjects import form_of
from tests.indicators.world import observe
from tests.submissions.publishing import approve, published, undone, verified
from tests.submissions.world import VILLAGE, World, indicator, typed

HEADER = "kode,Perawat,Bidan,Berlistrik"
GOOD = f"{HEADER}\n{VILLAGE},31,9,90\n".encode()
# Three nurses the year before: thirty now want a reason.
FIGURES = {"nurses": 30.0, "midwives": 9.0, "electrified": 90.0}
ANONYMOUS = "anonymous"

# --- the rules ----------------------------------------------------------------------------

SEE, REPORT, REVIEW, VERIFY = "see", "report", "review", "verify"
# Over the village 99.01.01.2001 and the sector "test".
RIGHTS: dict[str, set[str]] = {
    ANONYMOUS: set(),
    "stranger": set(),
    "operator": {SEE, REPORT},
    "neighbour": set(),
    "far_operator": set(),
    "verifier": {SEE, REPORT, REVIEW},
    "far_verifier": set(),
    "officer": {SEE, REPORT, REVIEW, VERIFY},
    "other_officer": set(),
    "walidata": {SEE, REPORT, REVIEW, VERIFY},
    "regent": {SEE},
    "admin": {SEE},
}
ALL = frozenset(State.values) | {"publishing"}
# A worker reads or publishes in the others, or it is too late.
MENDABLE = frozenset({"faulty", "ready", "returned"})
NOT_DECIDED = MENDABLE | {"received", "quarantined", "sent"}


@dataclass(frozen=True)
class Rule:
    """What it takes: a right, a state, and, for decisions, that it is not one's own."""

    right: str
    when: frozenset[str] = ALL
    not_own: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


LOOKS = {
    "submission": Rule(SEE),
    "progress": Rule(SEE),
    # There is nothing to return before it was read, and no file of what was typed.
    "returned": Rule(SEE, ALL - {"received", "quarantined"}),
    "original": Rule(SEE, frozenset({"received", "quarantined"})),
    "review": Rule(REVIEW),
}
WHY = {"note": "Keliru."}
CELL = f"c|{VILLAGE}|midwives"
STEPS = {
    "mend": Rule(REPORT, MENDABLE, fields={CELL: "8"}),
    "reasons": Rule(REPORT, MENDABLE),
    "answer": Rule(REPORT, frozenset({"quarantined"}), fields={"sheet": "Isian"}),
    # Only where something was read before a file that could not be.
    "go_back": Rule(REPORT, frozenset({"quarantined"})),
    "send": Rule(REPORT, frozenset({"ready"})),
    "withdraw": Rule(REPORT, NOT_DECIDED),
    "comment": Rule(
        REVIEW,
        frozenset({"sent", "published"}),
        fields={"row": VILLAGE, "column": "nurses", "text": "Mengapa?"},
    ),
    "return": Rule(REVIEW, frozenset({"sent"}), fields=WHY),
    "approve": Rule(REVIEW, frozenset({"sent"}), not_own=True),
    "verify": Rule(VERIFY, frozenset({"published"}), not_own=True),
    "undo": Rule(REVIEW, frozenset({"published"}), not_own=True, fields=WHY),
    "counter": Rule(REVIEW, frozenset({"verified"}), fields=WHY),
}
# The form of the same village and year, whatever became of its submission.
FORM_LOOKS = {"form": Rule(REPORT), "workbook": Rule(REPORT), "fill": Rule(REPORT)}
FORM_LOOKS["fill_state"] = Rule(REPORT)
FORM_STEPS = {"upload": Rule(REPORT, ALL - {"publishing"})}


class Case(NamedTuple):
    """A submission in a state, and who brought it in."""

    state: str
    author: str
    submission: Submission

    def __str__(self) -> str:
        return f"{self.state} of {self.author}"


def expected(rule: Rule, person: str, case: Case) -> str:
    """sign_in, hidden, refused (with a sentence) or done."""
    if person == ANONYMOUS:
        return "sign_in"
    if rule.right not in RIGHTS[person]:
        return "hidden"
    if case.state not in rule.when or (rule.not_own and person == case.author):
        return "refused"
    return "done"


# --- the states -----------------------------------------------------------------------------


class States:
    """Makes submissions by the services that lead to each state, each in a year of its own."""

    def __init__(self, world: World) -> None:
        self.world, self.cast, self.year = world, world.cast, 2000
        for year in range(2000, 2026):
            observe(indicator("nurses"), str(year), {"01.2001": 3})

    def form(self):
        self.year += 1
        return self.world.form(period=str(self.year))

    def typed(self, by: User, **cells) -> Submission:
        form = self.form()
        grid = typed(form, {VILLAGE: FIGURES | cells})
        return mending.save_grid(form=form, by=by, grid=grid, base_edit=None).submission

    def with_reason(self, by: User) -> Submission:
        found = self.typed(by)
        given = {"rule:near_before": "Memang demikian."}
        edit = found.current.edit
        mending.give_reasons(submission=found, by=by, reasons=given, base_edit=edit)
        return Submission.objects.get(pk=found.pk)

    def sent(self, by: User) -> Submission:
        found = self.with_reason(by)
        sending.send(submission=found, by=by, edit=found.current.edit, note="")
        return Submission.objects.get(pk=found.pk)

    def from_file(self, by: User) -> Submission:
        received = receiving.receive_file(form=self.form(), by=by, name="isian.csv", chunks=[GOOD])
        return received.submission

    def make(self, state: str, by: User) -> Submission:
        made = getattr(self, f"_{state}")(by)
        found = Submission.objects.get(pk=made.pk)
        assert found.state == ("sent" if state == "publishing" else state), state
        return found

    def _received(self, by):
        return self.from_file(by)

    def _quarantined(self, by):
        form = form_of(self.typed(by))
        received = receiving.receive_file(form=form, by=by, name="isian.csv", chunks=[GOOD])
        found = received.submission
        Submission.objects.filter(pk=found.pk).update(job="", attempts=3, failure="Terhenti.")
        record(submission=found, act=Act.QUARANTINED, by=None)
        return found

    def _faulty(self, by):
        # The warning of the nurses asks for a reason beside it.
        return self.typed(by, electrified="banyak")

    def _ready(self, by):
        return self.with_reason(by)

    def _sent(self, by):
        return self.sent(by)

    def _publishing(self, by):
        approve(found := self.sent(by), self.cast.walidata)
        return found

    def _returned(self, by):
        found = self.sent(by)
        seen = found.current.content_hash
        reviewing.return_to_sender(
            submission=found, by=self.cast.verifier, content_hash=seen, note="Periksa lagi."
        )
        return found

    def _published(self, by):
        return published(self.sent(by), self.cast.verifier)

    def _verified(self, by):
        return verified(published(self.sent(by), self.cast.verifier), self.cast.walidata)

    def _undone(self, by):
        return undone(published(self.sent(by), self.cast.verifier), self.cast.verifier)

    def _withdrawn(self, by):
        found = self.sent(by)
        sending.withdraw(submission=found, by=by, note="")
        return found


REVIEWERS = ("verifier", "officer", "walidata")


def make_cases(world: World, authors: Sequence[str] = ("operator", *REVIEWERS)) -> list[Case]:
    """Every state of a village's submission; and what reviewers brought in themselves."""
    states, cast = States(world), world.cast
    pairs = [(state, "operator") for state in sorted(ALL)]
    pairs += [("sent", name) for name in REVIEWERS]
    pairs += [("published", name) for name in ("officer", "walidata")]
    pairs = [(state, name) for state, name in pairs if name in authors]
    return [Case(state, name, states.make(state, getattr(cast, name))) for state, name in pairs]


def begun_upload(world: World) -> PartialUpload:
    sha256 = hashlib.sha256(GOOD).hexdigest()
    return chunking.start(
        form=world.form(), by=world.cast.operator, name="isian.csv", size_bytes=90, sha256=sha256
    )


def counter_entry(world: World) -> Submission:
    """Made by the officer, approved by nobody yet."""
    from geo.submissions.services import countering

    states = States(world)
    done = states.make("verified", world.cast.operator)
    return countering.counter(submission=done, by=world.cast.officer, note="Keliru.")


# --- what there is to see of all that happens ------------------------------------------------

COUNTED = (SubmissionEvent, CellComment, StoredFile, PartialUpload, Publication)


def fingerprint() -> tuple:
    """Everything that an act could change, as one value."""
    submissions = Submission.objects.order_by("pk").values_list(
        "pk", "state", "job", "current", "note", "created_by"
    )
    versions = SubmissionVersion.objects.order_by("pk").values_list(
        "pk", "edit", "content_hash", "sealed_at", "reasons", "answers"
    )
    first, *others = (model.objects.values_list("pk").order_by() for model in COUNTED)
    return list(submissions), list(versions), first.union(*others, all=True).count()
