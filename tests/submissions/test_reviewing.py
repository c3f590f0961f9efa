"""Deciding about what was sent: who may, what is bound to what was seen, and races."""

import threading

import pytest
from django.db import connection

from geo.lib.grids import Grid, content_hash, grid_from_json
from geo.submissions.models import (
    Act,
    CellComment,
    Job,
    Notice,
    Origin,
    State,
    Submission,
    SubmissionVersion,
)
from geo.submissions.rules.reviewing import (
    NotInPart,
    NotYours,
    OwnSubmission,
    SayWhy,
    StaleApproval,
)
from geo.submissions.rules.transitions import NotNow, WorkGoesOn
from geo.submissions.services import mending, reviewing, sending
from geo.submissions.services.events import record
from tests.factories import make_kotak
from tests.submissions.world import DISTRICT, NEIGHBOUR, VILLAGE, make_world, sent


@pytest.fixture
def waiting(world, cast):
    return sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0, "midwives": 1.0}})


def approve(submission, by, **more):
    seen = submission.current.content_hash
    return reviewing.approve(submission=submission, by=by, content_hash=seen, **more)


def upload_again(submission, by, nurses):
    """What receiving a new file does, as far as a reviewer is concerned."""
    from django.utils import timezone

    from geo.submissions.rules.transitions import require

    submission = reviewing.locked(submission.pk)
    require(submission, Act.RECEIVED)
    grid = grid_from_json(submission.current.content)
    grid.rows[0].cells["nurses"] = float(nurses)
    grid = Grid(grid.columns, grid.rows)
    submission.current = SubmissionVersion.objects.create(
        submission=submission,
        number=submission.current.number + 1,
        origin=Origin.FORM,
        content=grid.as_json(),
        content_hash=content_hash(grid, {}),
        created_by=by,
        checked_at=timezone.now(),
        sealed_at=timezone.now(),
    )
    submission.save(update_fields=["current"])
    record(submission=submission, act=Act.SENT, by=by)


def test_an_approval_asks_a_worker_for_exactly_the_version_that_was_seen(waiting, cast):
    approve(waiting, cast.verifier, note="Sesuai.")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.job, waiting.job_by) == (State.SENT, Job.PUBLISH, cast.verifier)
    assert waiting.job_version == waiting.current
    assert waiting.job_details == {"note": "Sesuai.", "left_out": [], "verifies": False}


def test_an_officers_approval_also_verifies(waiting, cast):
    assert approve(waiting, cast.officer).job_details["verifies"]


@pytest.mark.parametrize(
    "name", ["operator", "neighbour", "far_verifier", "other_officer", "regent", "admin"]
)
def test_whoever_does_not_review_there_finds_nothing(waiting, cast, name):
    with pytest.raises(NotYours, match="There is no submission"):
        approve(waiting, getattr(cast, name))
    assert NotYours.status == 404


def test_nobody_approves_what_they_created(world, cast):
    own = sent(world.form(), cast.verifier, {VILLAGE: {"nurses": 3.0}})
    with pytest.raises(OwnSubmission, match="Somebody else must decide"):
        approve(own, cast.verifier)


def test_nobody_approves_what_they_sent_or_mended(waiting, cast):
    record(submission=waiting, act=Act.MENDED, by=cast.verifier, state=State.SENT)
    with pytest.raises(OwnSubmission):
        approve(waiting, cast.verifier)
    assert approve(waiting, cast.officer).job == Job.PUBLISH


def test_who_reviews_may_still_return_the_own_submission(world, cast):
    own = sent(world.form(), cast.verifier, {VILLAGE: {"nurses": 3.0}})
    seen = own.current.content_hash
    reviewing.return_to_sender(submission=own, by=cast.verifier, content_hash=seen, note="Salah.")
    own.refresh_from_db()
    assert own.state == State.RETURNED


def test_a_new_upload_makes_the_approval_stale_and_both_versions_are_shown(waiting, cast):
    seen = waiting.current
    upload_again(waiting, cast.operator, 30)
    with pytest.raises(StaleApproval, match="you saw version 1, now version 2") as caught:
        reviewing.approve(submission=waiting, by=cast.verifier, content_hash=seen.content_hash)
    assert (caught.value.seen, caught.value.current.number) == (seen, 2)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.job) == (State.SENT, "")


def test_an_unknown_or_empty_version_approves_nothing(waiting, cast):
    for unknown in ("", "0" * 64):
        with pytest.raises(StaleApproval, match="you saw version –"):
            reviewing.approve(submission=waiting, by=cast.verifier, content_hash=unknown)


def test_of_two_approvals_the_second_is_told_to_wait(waiting, cast):
    approve(waiting, cast.verifier)
    with pytest.raises(WorkGoesOn, match="to be published"):
        approve(waiting, cast.officer)


def test_only_what_was_sent_can_be_decided_about(waiting, cast):
    record(submission=waiting, act=Act.WITHDRAWN, by=cast.operator)
    for act in (reviewing.approve, reviewing.return_to_sender):
        with pytest.raises(NotNow, match="withdrawn by the sender"):
            act(
                submission=waiting,
                by=cast.verifier,
                content_hash=waiting.current.content_hash,
                note="–",
            )


def test_returning_needs_a_comment_or_a_note(waiting, cast):
    seen = waiting.current.content_hash
    with pytest.raises(SayWhy, match="Write why"):
        reviewing.return_to_sender(submission=waiting, by=cast.verifier, content_hash=seen)
    reviewing.comment(
        submission=waiting, by=cast.verifier, text="Dua?", row_key=VILLAGE, column="nurses"
    )
    reviewing.return_to_sender(submission=waiting, by=cast.verifier, content_hash=seen)
    waiting.refresh_from_db()
    assert waiting.state == State.RETURNED
    said = CellComment.objects.get()
    assert (said.row_key, said.column, said.version) == (VILLAGE, "nurses", waiting.current)
    told = Notice.objects.filter(event__act=Act.RETURNED)
    assert [one.user for one in told] == [cast.operator]


def test_comments_are_answered_by_sending_it_again(waiting, cast):
    reviewing.comment(submission=waiting, by=cast.verifier, text="Dua?", row_key=VILLAGE)
    seen = waiting.current.content_hash
    reviewing.return_to_sender(submission=waiting, by=cast.verifier, content_hash=seen)
    waiting.refresh_from_db()
    mended = mending.mend_cells(
        submission=waiting,
        by=cast.operator,
        cells={(VILLAGE, "nurses"): "2"},
        base_edit=waiting.current.edit,
    )
    assert CellComment.objects.get().resolved_at is None
    sending.send(submission=waiting, by=cast.operator, edit=mended.edit, note="Dua.")
    said = CellComment.objects.get()
    assert said.resolved_at is not None
    again = Submission.objects.get(pk=waiting.pk)
    assert (again.state, again.current.number, said.version.number) == (State.SENT, 2, 1)
    with pytest.raises(SayWhy):
        reviewing.return_to_sender(
            submission=again, by=cast.verifier, content_hash=again.current.content_hash
        )


def test_an_empty_comment_is_refused(waiting, cast):
    with pytest.raises(SayWhy):
        reviewing.comment(submission=waiting, by=cast.verifier, text="  ")


# --- in part -----------------------------------------------------------------------


@pytest.fixture
def of_two(world, cast):
    cells = {VILLAGE: {"nurses": 3.0}, NEIGHBOUR: {"nurses": 90.0}}
    return sent(world.form(area=DISTRICT), cast.verifier, cells)


def test_rows_are_left_out_with_a_word_about_why(of_two, cast):
    with pytest.raises(SayWhy):
        approve(of_two, cast.officer, left_out=[NEIGHBOUR])
    reviewing.comment(submission=of_two, by=cast.officer, text="90?", row_key=NEIGHBOUR)
    approved = approve(of_two, cast.officer, left_out=[NEIGHBOUR, "99.99", NEIGHBOUR])
    assert approved.job_details["left_out"] == [NEIGHBOUR]


def test_leaving_out_every_row_is_returning(of_two, cast):
    with pytest.raises(NotInPart, match="Return it instead"):
        approve(of_two, cast.officer, left_out=[VILLAGE, NEIGHBOUR], note="–")


def test_rows_that_belong_together_are_not_parted(of_two, cast, monkeypatch):
    from geo.submissions.kinds.values import ValuesKind

    monkeypatch.setattr(ValuesKind, "rows_are_independent", False)
    with pytest.raises(NotInPart, match="belong together"):
        approve(of_two, cast.officer, left_out=[NEIGHBOUR], note="–")


# --- verifying and undoing, as far as asking goes -----------------------------------


def test_only_what_is_published_can_be_verified_or_undone(waiting, cast):
    with pytest.raises(NotNow):
        reviewing.verify(submission=waiting, by=cast.officer)
    with pytest.raises(NotNow):
        reviewing.undo(submission=waiting, by=cast.verifier, note="–")


def test_undoing_needs_a_reason(waiting, cast):
    with pytest.raises(SayWhy):
        reviewing.undo(submission=waiting, by=cast.verifier, note=" ")


# --- races: real transactions, real threads ------------------------------------------


def in_threads(*acts):
    """Run all at once, each with a connection of its own; return what each raised, or None."""
    begin, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            begin.wait(120)
            act()
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return outcomes


@pytest.fixture
def settled(transactional_db, settings):
    settings.REGENCY_CODE = "99.01"
    return make_world(make_kotak())


def test_approving_against_a_new_upload_never_publishes_what_was_not_seen(settled):
    from django.db import transaction

    cast, approved, refused = settled.cast, 0, 0
    upload = transaction.atomic(upload_again)
    for turn in range(50):
        waiting = sent(
            settled.form(period=str(1960 + turn)), cast.operator, {VILLAGE: {"nurses": 3.0}}
        )
        seen = waiting.current
        by_reviewer, by_sender = in_threads(
            lambda w=waiting, s=seen: reviewing.approve(
                submission=w, by=cast.verifier, content_hash=s.content_hash
            ),
            lambda w=waiting: upload(w, cast.operator, 30),
        )
        after = Submission.objects.get(pk=waiting.pk)
        if by_reviewer is None:
            approved += 1
            assert isinstance(by_sender, WorkGoesOn)
            assert (after.job_version, after.current) == (seen, seen)
        else:
            refused += 1
            assert isinstance(by_reviewer, StaleApproval) and by_sender is None
            assert (after.job, after.current.number) == ("", 2)
    assert approved + refused == 50


def test_of_two_approvers_at_once_one_wins(settled):
    cast = settled.cast
    for turn in range(10):
        waiting = sent(
            settled.form(period=str(1960 + turn)), cast.operator, {VILLAGE: {"nurses": 3.0}}
        )
        outcomes = in_threads(
            lambda w=waiting: approve(w, cast.verifier),
            lambda w=waiting: approve(w, cast.officer),
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "WorkGoesOn"]
        winner = [cast.verifier, cast.officer][outcomes.index(None)]
        assert Submission.objects.get(pk=waiting.pk).job_by == winner
