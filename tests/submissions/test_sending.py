"""Sending seals what was seen; errors and unexplained warnings keep it back."""

import pytest
from django.db import DatabaseError, transaction

from geo.lib.grids import content_hash, grid_from_json, issues_from_json
from geo.submissions.models import Act, Notice, State, Submission, SubmissionVersion
from geo.submissions.queries.forms import UnknownForm
from geo.submissions.rules.transitions import NotNow, WorkGoesOn
from geo.submissions.services.mending import EditConflict, give_reasons
from geo.submissions.services.sending import ProblemsLeft, ReasonsMissing, send, withdraw
from tests.indicators.world import observe
from tests.population.world import month, record, side
from tests.submissions.test_checking import HEAD, check, ledger_file
from tests.submissions.test_receiving import receive
from tests.submissions.world import VILLAGE, draft, indicator, sent


@pytest.fixture
def ready(world, cast):
    return draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})


def test_what_was_sent_is_sealed_and_its_reviewers_are_told(ready, cast):
    version = send(submission=ready, by=cast.operator, edit=0, note="  as every year ")
    ready.refresh_from_db()
    assert (ready.state, ready.note) == (State.SENT, "as every year")
    version.refresh_from_db()
    assert version.sealed_at is not None
    assert version.content_hash == content_hash(grid_from_json(version.content), version.reasons)
    told = Notice.objects.filter(event__act=Act.SENT).values_list("user__username", flat=True)
    assert set(told) == {"verifier", "officer", "walidata"}


def test_what_was_sent_cannot_be_changed_even_by_sql(ready, cast):
    version = send(submission=ready, by=cast.operator, edit=0, note="")
    rows = SubmissionVersion.objects.filter(pk=version.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(content={"columns": [], "rows": []})
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_only_what_was_seen_is_sent(ready, cast):
    with pytest.raises(EditConflict):
        send(submission=ready, by=cast.operator, edit=7, note="")
    ready.refresh_from_db()
    assert ready.state == State.READY


def test_others_send_nothing(ready, cast):
    for person in (cast.neighbour, cast.far_verifier, cast.regent, cast.stranger):
        with pytest.raises(UnknownForm):
            send(submission=ready, by=person, edit=0, note="")


def test_warnings_want_reasons(world, cast):
    observe(indicator("nurses"), "2024", {"01.2001": 10})
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,100,2,\n")
    with pytest.raises(ReasonsMissing, match="1 figures look unlikely"):
        send(submission=submission, by=cast.operator, edit=0, note="")
    give_reasons(
        submission=submission, by=cast.operator, reasons={"rule:near_before": "x"}, base_edit=0
    )
    send(submission=submission, by=cast.operator, edit=1, note="")
    submission.refresh_from_db()
    assert submission.state == State.SENT


def test_errors_keep_it_back(world, cast):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,tiga,2,\n")
    with pytest.raises(NotNow):
        send(submission=submission, by=cast.operator, edit=0, note="")


def test_what_changed_since_the_check_is_found_when_it_is_sent_and_shown(world, cast):
    submission = check(world, ledger_file(), form=world.form(world.book))
    assert submission.state == State.READY
    record(VILLAGE, [month("2026-09", side(500), side(500))])
    with pytest.raises(ProblemsLeft):
        send(submission=submission, by=cast.operator, edit=0, note="")
    submission.refresh_from_db()
    assert submission.state == State.FAULTY
    assert "as_before" in [issue.rule for issue in issues_from_json(submission.current.issues)]


def test_nothing_is_sent_twice(ready, cast):
    send(submission=ready, by=cast.operator, edit=0, note="")
    with pytest.raises(NotNow):
        send(submission=ready, by=cast.operator, edit=0, note="")


def test_nothing_is_sent_while_it_is_checked(world, cast):
    submission = receive(world).submission
    with pytest.raises(NotNow):
        send(submission=submission, by=cast.operator, edit=0, note="")


# --- withdrawing ------------------------------------------------------------------------


@pytest.mark.parametrize("make", [draft, sent])
def test_what_nobody_approved_can_be_withdrawn(world, cast, make):
    submission = make(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    withdraw(submission=submission, by=cast.operator, note="wrong year")
    submission.refresh_from_db()
    assert submission.state == State.WITHDRAWN
    assert submission.events.last().note == "wrong year"
    # The form is free again.
    assert draft(world.form(), cast.operator, {VILLAGE: {"nurses": 4}}).pk != submission.pk


def test_withdrawing_stops_the_check(world, cast):
    submission = receive(world).submission
    withdraw(submission=submission, by=cast.operator, note="")
    submission.refresh_from_db()
    assert submission.job == ""


def test_what_was_published_is_not_withdrawn(world, cast):
    submission = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    Submission.objects.filter(pk=submission.pk).update(state=State.PUBLISHED)
    with pytest.raises(NotNow):
        withdraw(submission=submission, by=cast.operator, note="")
    Submission.objects.filter(pk=submission.pk).update(state=State.SENT, job="publish")
    with pytest.raises(WorkGoesOn):
        withdraw(submission=submission, by=cast.operator, note="")


def test_others_withdraw_nothing(ready, cast):
    for person in (cast.neighbour, cast.far_verifier, cast.regent, cast.stranger):
        with pytest.raises(UnknownForm):
            withdraw(submission=ready, by=person, note="")
