"""Cells typed on a page: read alike, checked at once, and never over somebody else's."""

import threading

import pytest
from django.db import connections

from geo.lib.grids import Grid, GridRow, grid_from_json, issues_from_json
from geo.submissions.models import Act, Job, Origin, State, Submission, SubmissionVersion
from geo.submissions.queries.forms import UnknownForm
from geo.submissions.rules.transitions import NotNow
from geo.submissions.services.going_back import NothingBefore, go_back
from geo.submissions.services.mending import (
    EditConflict,
    NotReadYet,
    UnknownCell,
    answer,
    give_reasons,
    mend_cells,
    save_grid,
)
from tests.indicators.world import observe
from tests.submissions.test_checking import HEAD, check
from tests.submissions.test_receiving import receive
from tests.submissions.world import VILLAGE, draft, indicator, make_world, sent


def typed_in(**cells) -> Grid:
    return Grid([], [GridRow(1, VILLAGE, "Desa Ubin 11", cells)])


def cells_of(submission) -> dict:
    submission.refresh_from_db()
    return grid_from_json(submission.current.content).rows[0].cells


def rules_of(submission) -> list[str]:
    return [issue.rule for issue in issues_from_json(submission.current.issues)]


def mend(submission, by, column, text, base_edit=0):
    return mend_cells(
        submission=submission, by=by, cells={(VILLAGE, column): text}, base_edit=base_edit
    )


# --- mending a file's cells --------------------------------------------------------------


def test_a_mended_cell_is_read_and_checked_like_one_of_a_file(world, cast):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,tiga,2,\n")
    assert rules_of(submission) == ["not_a_number"]
    mend(submission, cast.operator, "nurses", "1.003")
    assert cells_of(submission)["nurses"] == 1003
    assert submission.state == State.READY
    assert submission.current.edit == 1
    assert submission.events.last().act == Act.MENDED


def test_a_cell_can_be_mended_into_a_fault_and_out_of_it(world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    mend(submission, cast.operator, "midwives", "7")
    submission.refresh_from_db()
    assert (submission.state, rules_of(submission)) == (State.FAULTY, ["at_most"])
    mend(submission, cast.operator, "midwives", "", base_edit=1)
    submission.refresh_from_db()
    assert submission.state == State.READY
    assert cells_of(submission)["midwives"] is None


def test_what_only_the_file_shows_stays_until_its_cell_is_mended(world, cast):
    text = HEAD + f"{VILLAGE},Ubin 12,3,2,#REF!\n"
    submission = check(world, text)
    assert "file:code_and_name" not in rules_of(submission)
    version = submission.current
    version.issues = [
        *version.issues,
        {"row": 2, "column": "nurses", "found": "", "message": "at the cell"}
        | {"severity": "error", "rule": "file:cell_error"},
        {"row": None, "column": "", "found": "", "message": "of the whole"}
        | {"severity": "notice", "rule": "file:encoding_guessed"},
    ]
    version.save()
    mend(submission, cast.operator, "nurses", "4")
    submission.refresh_from_db()
    assert "file:cell_error" not in rules_of(submission)
    assert "file:encoding_guessed" in rules_of(submission)


NIK = "1607101203850003"


def kept(submission) -> str:
    submission.refresh_from_db()
    current = submission.current
    return str([current.content, current.issues, current.reasons])


@pytest.mark.parametrize("typed", [NIK, "1607 1012 0385 0003", f"{NIK} Siti"])
def test_the_number_of_a_person_typed_into_a_cell_is_refused_and_never_kept(world, cast, typed):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,3,2,1\n")
    mend(submission, cast.operator, "nurses", typed)
    submission.refresh_from_db()
    assert (rules_of(submission), submission.state) == (["personal"], State.FAULTY)
    assert "1607********0003" in kept(submission)
    assert typed not in kept(submission)
    assert NIK not in kept(submission)


def test_nor_typed_into_the_form_or_into_a_reason(world, cast):
    version = save_grid(
        form=world.form(),
        by=cast.operator,
        grid=typed_in(nurses=NIK, midwives="1"),
        base_edit=None,
        reasons={"1:nurses:near_before": f"menurut {NIK}"},
    )
    assert rules_of(version.submission) == ["personal"]
    assert NIK not in kept(version.submission)


def test_unchanged_text_changes_nothing(world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"electrified": 1.125}})
    version = mend(submission, cast.operator, "electrified", "1,125")
    assert version.edit == 0


def test_an_unknown_cell_is_said_to_be_unknown(world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    with pytest.raises(UnknownCell, match="salaries"):
        mend(submission, cast.operator, "salaries", "4")


def test_mending_what_was_returned_begins_a_new_version(world, cast):
    submission = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    Submission.objects.filter(pk=submission.pk).update(state=State.RETURNED)
    version = mend(submission, cast.operator, "nurses", "4")
    assert (version.number, version.edit, version.sealed_at) == (2, 1, None)
    assert submission.versions.get(number=1).content["rows"][0]["cells"] == {"nurses": 3}
    assert cells_of(submission) == {"nurses": 4}


@pytest.mark.parametrize("state", [State.SENT, State.PUBLISHED, State.WITHDRAWN])
def test_what_was_handed_over_is_not_mended(world, cast, state):
    submission = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    Submission.objects.filter(pk=submission.pk).update(state=state)
    with pytest.raises(NotNow):
        mend(submission, cast.operator, "nurses", "4")


def test_nothing_is_mended_while_a_worker_reads_the_file(world, cast):
    submission = receive(world).submission
    with pytest.raises(NotNow):
        mend(submission, cast.operator, "nurses", "4")


def test_a_file_that_could_not_be_read_has_no_cells_to_mend(world, cast):
    submission = check(world, "\0\1\2")
    with pytest.raises(NotReadYet):
        mend(submission, cast.operator, "nurses", "4")


def test_others_mend_nothing(world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    for person in (cast.neighbour, cast.far_verifier, cast.regent, cast.stranger, cast.admin):
        with pytest.raises(UnknownForm):
            mend(submission, person, "nurses", "4")
    assert cells_of(submission) == {"nurses": 3}


# --- two at once --------------------------------------------------------------------------


def test_two_officials_on_one_cell_see_both_values(world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    mend(submission, cast.operator, "nurses", "4")
    with pytest.raises(EditConflict) as conflict:
        mend(submission, cast.verifier, "nurses", "5")
    (cell,) = conflict.value.cells
    assert (cell.key, cell.column, cell.theirs, cell.yours) == (VILLAGE, "nurses", 4, 5)
    assert conflict.value.status == 409
    assert conflict.value.version.edit == 1
    assert cells_of(submission) == {"nurses": 4}


def test_a_page_from_before_a_new_file_writes_nothing(world, cast):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,3,2,\n")
    check(world, HEAD + f"{VILLAGE},Ubin 11,8,2,\n")
    with pytest.raises(EditConflict):
        mend(submission, cast.operator, "nurses", "4", base_edit=0)
    assert cells_of(submission)["nurses"] == 8


def test_the_same_sent_twice_is_no_conflict(world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    first = mend(submission, cast.operator, "nurses", "4")
    again = mend(submission, cast.operator, "nurses", "4")
    assert (first.edit, again.edit) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_edits_at_once_one_wins_and_the_others_are_told(kotak, settings):
    settings.REGENCY_CODE = "99.01"
    world = make_world(kotak)
    submission = draft(world.form(), world.cast.operator, {VILLAGE: {"nurses": 3}})
    outcomes, start = [], threading.Barrier(20)

    def edit(number):
        try:
            start.wait(120)
            mend(submission, world.cast.operator, "nurses", str(number))
            outcomes.append("written")
        except EditConflict:
            outcomes.append("told")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=edit, args=[100 + n]) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert sorted(outcomes) == ["told"] * 19 + ["written"]
    assert SubmissionVersion.objects.get().edit == 1


# --- whole forms ----------------------------------------------------------------------------


def save(world, by, base_edit=None, **cells):
    return save_grid(form=world.form(), by=by, grid=typed_in(**cells), base_edit=base_edit)


def test_a_form_typed_on_a_phone_begins_a_submission(world, cast):
    version = save(world, cast.operator, nurses="1.003", midwives="-")
    submission = version.submission
    assert (version.origin, version.edit, submission.state) == (Origin.FORM, 0, State.READY)
    assert cells_of(submission) == {"nurses": 1003, "midwives": 0}
    assert submission.job == ""


def test_the_form_goes_on_with_what_it_began(world, cast):
    first = save(world, cast.operator, nurses="3")
    second = save(world, cast.operator, base_edit=0, nurses="4")
    assert first.pk == second.pk
    assert second.edit == 1


def test_a_form_sent_twice_because_the_answer_was_lost_is_one(world, cast):
    first = save(world, cast.operator, nurses="3")
    again = save(world, cast.operator, nurses="3")
    assert (first.pk, again.edit) == (again.pk, 0)
    assert Submission.objects.count() == 1


def test_a_form_filled_in_offline_meets_what_somebody_else_wrote_meanwhile(world, cast):
    save(world, cast.verifier, nurses="3", electrified="90")
    with pytest.raises(EditConflict) as conflict:
        save(world, cast.operator, nurses="5", electrified="90")
    (cell,) = conflict.value.cells
    assert (cell.column, cell.theirs, cell.yours) == ("nurses", 3, 5)


def test_a_form_takes_the_place_of_a_file_that_waits(world, cast):
    submission = receive(world).submission
    version = save(world, cast.operator, base_edit=0, nurses="5")
    submission.refresh_from_db()
    assert (submission.current, submission.job, submission.state) == (version, "", State.READY)
    assert version.number == 2


def test_a_form_while_it_waits_for_review_takes_its_place(world, cast):
    submission = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    version = save(world, cast.operator, base_edit=0, nurses="5")
    submission.refresh_from_db()
    assert (version.number, submission.state) == (2, State.READY)


def test_others_save_no_form(world, cast):
    for person in (cast.neighbour, cast.regent, cast.stranger):
        with pytest.raises(UnknownForm):
            save(world, person, nurses="3")
    assert Submission.objects.count() == 0


# --- reasons and answers ----------------------------------------------------------------------


@pytest.fixture
def warned(world, cast):
    observe(indicator("nurses"), "2024", {"01.2001": 10})
    observe(indicator("midwives"), "2024", {"01.2001": 10})
    return check(world, HEAD + f"{VILLAGE},Ubin 11,100,90,\n")


def test_a_reason_is_kept_under_its_warning_alone(warned, cast):
    version = give_reasons(
        submission=warned,
        by=cast.operator,
        reasons={"2:nurses:near_before": " new  clinic ", "9:nonsense:x": "y"},
        base_edit=0,
    )
    assert version.reasons == {"2:nurses:near_before": "new clinic"}
    assert version.edit == 1


def test_one_reason_serves_all_warnings_of_a_rule(warned, cast):
    give_reasons(
        submission=warned, by=cast.operator, reasons={"2:nurses:near_before": "own"}, base_edit=0
    )
    version = give_reasons(
        submission=warned, by=cast.operator, reasons={"rule:near_before": "merger"}, base_edit=1
    )
    assert version.reasons == {"2:nurses:near_before": "own", "2:midwives:near_before": "merger"}


def test_a_reason_goes_when_its_cell_is_mended(warned, cast):
    give_reasons(
        submission=warned, by=cast.operator, reasons={"rule:near_before": "merger"}, base_edit=0
    )
    version = mend(warned, cast.operator, "nurses", "200", base_edit=1)
    assert version.reasons == {"2:midwives:near_before": "merger"}


def test_reasons_change_what_is_approved(warned, cast):
    before = warned.current.content_hash
    version = give_reasons(
        submission=warned, by=cast.operator, reasons={"rule:near_before": "merger"}, base_edit=0
    )
    assert version.content_hash != before


def test_an_answer_has_the_file_read_again(world, cast):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,3,2,\n")
    version = answer(submission=submission, by=cast.operator, answers={"sheet": "Isian"})
    submission.refresh_from_db()
    assert (submission.state, submission.job) == (State.RECEIVED, Job.CHECK)
    assert version.answers == {"sheet": "Isian"}
    assert version.content is None


def test_a_form_has_no_file_to_be_asked_about(world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    with pytest.raises(NotReadYet):
        answer(submission=submission, by=cast.operator, answers={"sheet": "Isian"})


def test_a_column_that_the_file_lacked_can_be_typed_in(world, cast):
    submission = check(world, f"Kode,Nama,Perawat,Berlistrik\n{VILLAGE},Ubin 11,3,\n")
    assert rules_of(submission) == ["missing_column"]
    mend(submission, cast.operator, "midwives", "2")
    submission.refresh_from_db()
    assert rules_of(submission) == []
    assert submission.state == State.READY


# --- going back --------------------------------------------------------------------------


def test_what_was_there_before_an_unreadable_file_is_taken_up_again(world, cast, client):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,3,2,90\n")
    mend(submission, cast.operator, "nurses", "7")
    wrong = check(world, "\0\1\2")
    assert wrong.current.content is None
    client.force_login(cast.operator)
    page = client.get(f"/en/unggah/{wrong.number}/").content.decode()
    assert "Go back to version 1" in page
    client.post(f"/en/unggah/{wrong.number}/kembali/")
    assert cells_of(wrong) == {"nurses": 7, "midwives": 2, "electrified": 90}
    assert (wrong.state, wrong.current.number) == (State.READY, 3)
    assert "Go back" not in client.get(f"/en/unggah/{wrong.number}/").content.decode()


def test_there_is_no_going_back_from_a_file_that_was_read(world, cast):
    check(world, HEAD + f"{VILLAGE},Ubin 11,3,2,90\n")
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,4,2,90\n")
    with pytest.raises(NothingBefore):
        go_back(submission=submission, by=cast.operator)
    assert cells_of(submission)["nurses"] == 4
