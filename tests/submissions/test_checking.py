"""Checking a file lists every problem at once, each at its place, and changes nothing else."""

import io

import openpyxl
import pytest

from geo.indicators.models import Observation
from geo.lib.form_rules import check_row
from geo.lib.grids import grid_from_json, issues_from_json
from geo.lib.tables import WARNING, Issue
from geo.lib.workbooks.layouts import places_of
from geo.submissions.batch import jobs
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.inspecting import in_order
from geo.submissions.models import Act, State, Submission
from geo.submissions.services.workbooks import describe_workbook, make_workbook
from tests.indicators.world import observe
from tests.submissions.test_receiving import receive
from tests.submissions.world import DISTRICT, VILLAGE, indicator, ledger_cells

HEAD = "Kode,Nama,Perawat,Bidan,Berlistrik\n"


def check(world, text, form=None, by=None) -> Submission:
    received = receive(world, text.encode(), form=form, by=by)
    jobs.run(received.submission.pk)
    submission = Submission.objects.get(pk=received.submission.pk)
    assert submission.job == ""
    return submission


def found(submission, *severities) -> list[tuple]:
    issues = issues_from_json(submission.current.issues)
    return [
        (issue.row, issue.column, issue.rule)
        for issue in issues
        if not severities or issue.severity in severities
    ]


def grid_of(submission):
    return grid_from_json(submission.current.content)


def test_a_right_file_is_ready_and_nothing_is_published(world):
    submission = check(world, HEAD + f'{VILLAGE},Ubin 11,3,2,"90,5"\n')
    assert submission.state == State.READY
    assert found(submission) == []
    row = grid_of(submission).rows[0]
    assert (row.row, row.key) == (2, VILLAGE)
    assert row.cells == {"nurses": 3, "midwives": 2, "electrified": 90.5}
    assert submission.current.content_hash
    assert [event.act for event in submission.events.all()] == [Act.RECEIVED, Act.CHECKED]
    assert Observation.objects.count() == 0


def test_all_problems_are_listed_at_once_at_their_cells(world, cast):
    form = world.form(area=DISTRICT)
    text = HEAD + (
        "99.01.01.2001,Ubin 11,tiga,2,101\n"
        "99.01.01.2002,Ubin 12,1,4,50\n"
        "99.01.01.2003,Ubin 13,2.5,,-\n"
        "99.01.04.2001,Ubin 41,1,1,1\n"
        "99.01.01.2002,Ubin 12,9,9,9\n"
        "12345,Antah,1,1,1\n"
    )
    submission = check(world, text, form=form, by=cast.verifier)
    assert submission.state == State.FAULTY
    assert found(submission, "error") == [
        (2, "nurses", "not_a_number"),
        (2, "electrified", "range"),
        (3, "midwives", "at_most"),
        (4, "nurses", "whole"),
        (4, "electrified", "dash"),
        (5, "", "other_area"),
        (6, "", "twice"),
        (7, "", "unknown_row"),
    ]
    assert grid_of(submission).rows[0].cells["nurses"] == "tiga"


def test_every_sentence_says_where_what_and_what_to_do(world):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,tiga,2,\n")
    (issue,) = issues_from_json(submission.current.issues)
    assert issue.message == (
        "Desa Ubin 11: “Nurses” says “tiga”, which is not a number. Write the number in digits, or "
        "“tidak ada data” where there is no figure."
    )
    assert issue.found == "tiga"


def test_a_village_cannot_bring_in_its_neighbour(world):
    submission = check(world, HEAD + "99.01.01.2002,Ubin 12,3,2,9\n")
    (issue,) = (i for i in issues_from_json(submission.current.issues) if i.rule == "other_area")
    assert "Row 2 is about Desa Ubin 12, but this form is for Desa Ubin 11" in issue.message


def test_columns_that_are_missing_or_not_asked_for(world):
    submission = check(world, f"Kode,Perawat,Gaji\n{VILLAGE},3,7\n")
    assert found(submission, "error") == [
        (None, "midwives", "missing_column"),
        (None, "electrified", "missing_column"),
    ]
    assert (None, "Gaji", "unknown_column") in found(submission, "notice")


def test_an_empty_form_is_not_sent(world):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,,,\n")
    assert submission.state == State.FAULTY
    assert found(submission) == [(None, "", "empty")]


def test_no_data_is_an_answer(world):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,tidak ada data,,5\n")
    assert submission.state == State.READY
    assert grid_of(submission).rows[0].cells["nurses"] == "missing"


def test_a_file_that_is_no_table_is_refused_with_a_sentence(world):
    submission = check(world, "\0\1\2")
    assert submission.state == State.FAULTY
    assert submission.current.content is None
    issues = issues_from_json(submission.current.issues)
    assert "error" in {issue.severity for issue in issues}
    assert all(issue.rule.startswith("file:") for issue in issues)
    assert all(len(issue.message) > 40 for issue in issues)


def test_data_of_persons_are_refused_and_not_kept(world):
    submission = check(world, HEAD + f"{VILLAGE},1607101203850003,3,2,1\n")
    assert submission.state == State.FAULTY
    assert submission.current.content is None
    assert ("file:personal_number") in [rule for _row, _column, rule in found(submission)]
    written = str(submission.current.issues)
    assert "1607********0003" in written
    assert "1607101203850003" not in written


def test_beside_data_of_persons_all_other_problems_are_told(world):
    submission = check(world, HEAD + f"{VILLAGE},1607101203850003,tiga,2,1607101203850003\n")
    assert submission.current.content is None
    assert (2, "nurses", "not_a_number") in found(submission)
    # Of the cell itself nothing is quoted, and nothing more is said.
    assert [rule for _row, column, rule in found(submission) if column == "electrified"] == [
        "file:personal_number"
    ]
    assert "1607101203850003" not in str(submission.current.issues)


def test_beside_a_column_of_names_nothing_is_quoted(world):
    submission = check(world, f"Kode,Nama ibu,Perawat\n{VILLAGE},Siti Aminah binti Umar,Rukiah\n")
    rules = {rule for _row, _column, rule in found(submission)}
    assert "file:personal_column" in rules
    assert "Rukiah" not in str(submission.current.issues)


def test_a_file_with_data_of_persons_is_given_back_marked_to_its_sender_alone(world, client, cast):
    submission = check(world, HEAD + f"{VILLAGE},1607101203850003,3,2,1\n")
    address = f"/unggah/{submission.number}/"
    client.force_login(cast.operator)
    assert f"{address}hasil.xlsx" in client.get(address).content.decode()
    assert client.get(f"{address}hasil.xlsx").status_code == 200
    assert client.get(f"{address}berkas-asli/").status_code == 200
    client.force_login(cast.regent)
    assert client.get(f"{address}hasil.xlsx").status_code == 404
    assert client.get(f"{address}berkas-asli/").status_code == 404


def test_an_unlikely_change_is_a_warning(world):
    observe(indicator("nurses"), "2024", {"01.2001": 10})
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,100,2,\n")
    assert submission.state == State.READY
    assert found(submission) == [(2, "nurses", "near_before")]


def test_of_one_cell_one_question_is_asked(world):
    near = Issue(2, "nurses", "9", "Far from before.", WARNING, "near_before")
    far = Issue(2, "nurses", "9", "Far from others.", WARNING, "far_from_others")
    other = Issue(3, "nurses", "9", "Far from others.", WARNING, "far_from_others")
    columns = kind_of(world.figures).columns(world.form())
    assert in_order([far, near, other], columns) == [near, other]


def test_of_a_cell_that_must_be_mended_nobody_asks_why_it_is_unlikely(world):
    observe(indicator("midwives"), "2024", {"01.2001": 10})
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,100,300,\n")
    assert submission.state == State.FAULTY
    assert found(submission) == [(2, "midwives", "at_most")]


def test_a_reason_is_carried_to_the_next_file_where_nothing_else_is_said(world, cast):
    from geo.submissions.services.mending import give_reasons

    observe(indicator("nurses"), "2024", {"01.2001": 10})
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,100,2,\n")
    key = issues_from_json(submission.current.issues)[0].key
    give_reasons(submission=submission, by=cast.operator, reasons={key: "new clinic"}, base_edit=0)
    again = check(world, HEAD + f"{VILLAGE},Ubin 11,100,3,\n")
    assert again.current.number == 2
    assert again.current.reasons == {key: "new clinic"}
    other = check(world, HEAD + f"{VILLAGE},Ubin 11,200,3,\n")
    assert other.current.reasons == {}


# --- the ledger ----------------------------------------------------------------------


def ledger_file(**changed) -> str:
    cells = {"code": VILLAGE} | ledger_cells(births=(2, 1)) | changed
    return ",".join(cells) + "\n" + ",".join(str(cell) for cell in cells.values()) + "\n"


def test_a_month_that_balances_is_ready(world):
    submission = check(world, ledger_file(), form=world.form(world.book))
    assert found(submission, "error") == []
    assert submission.state == State.READY


def test_a_month_that_does_not_balance_names_the_sum(world):
    submission = check(world, ledger_file(closing_male=700), form=world.form(world.book))
    assert found(submission, "error") == [(2, "closing_male", "sum")]


def test_a_month_cannot_say_that_there_is_no_figure(world):
    submission = check(
        world, ledger_file(deaths_male="tidak ada data"), form=world.form(world.book)
    )
    assert (2, "deaths_male", "no_data_not_taken") in found(submission, "error")


@pytest.mark.parametrize("written", ["-", "nihil", "0"])
def test_none_may_be_written_as_people_do(world, written):
    submission = check(world, ledger_file(deaths_male=written), form=world.form(world.book))
    assert found(submission, "error") == []
    assert grid_of(submission).rows[0].cells["deaths_male"] == 0


def test_who_writes_words_in_the_ledger_is_asked_for_a_number(world):
    submission = check(world, ledger_file(deaths_male="satu"), form=world.form(world.book))
    issues = issues_from_json(submission.current.issues)
    (issue,) = (one for one in issues if one.severity == "error")
    assert (issue.column, issue.rule) == ("deaths_male", "number_needed")
    assert "or 0 where there was none" in issue.message


def test_births_far_from_those_of_last_month_want_a_reason(world):
    form = world.form(world.book)
    rules = kind_of(world.book).rules(form)
    last = {"births_male": 3, "deaths_male": 2}
    told = check_row(rules, ledger_cells(births=(30, 4), deaths=(8, 0)), last)
    assert [(one.column, one.severity) for one in told] == [("births_male", WARNING)]


def test_cells_that_were_merged_are_told_where_their_value_was_lost(world, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(form=world.form())))
    sheet = book.worksheets[0]
    lines = {str(row[0].value): row[0].row for row in sheet.iter_rows()}
    for code, value in (("nurses", 3), ("midwives", 2), ("electrified", 80)):
        sheet.cell(lines[code], 3).value = value
    sheet.merge_cells(f"C{lines['nurses']}:C{lines['midwives']}")
    made = io.BytesIO()
    book.save(made)
    received = receive(world, made.getvalue())
    jobs.run(received.submission.pk)
    submission = Submission.objects.get(pk=received.submission.pk)
    told = [(column, rule) for _row, column, rule in found(submission)]
    assert told == [("midwives", "file:merged_figures")]


# --- shares ------------------------------------------------------------------------------


def electrified(world, value, number_format, **last):
    """What a workbook says of the share of electrified households, its cell formatted."""
    form = world.form()
    if last:
        observe(indicator("electrified"), "2024", {"01.2001": last["last"]})
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(form=form)))
    line, place = places_of(describe_workbook(form))[VILLAGE, "electrified"]
    cell = book["To fill in"].cell(line + 1, place + 1)
    cell.value, cell.number_format = value, number_format
    written = io.BytesIO()
    book.save(written)
    received = receive(world, written.getvalue(), form=form, name="isian.xlsx")
    jobs.run(received.submission.pk)
    return Submission.objects.get(pk=received.submission.pk)


@pytest.mark.parametrize("number_format", ["0.0%", "0%", "0.00%", "#,##0.0 %"])
def test_a_cell_shown_as_a_percentage_is_read_as_it_is_shown(world, number_format):
    submission = electrified(world, 0.955, number_format, last=100)
    assert grid_of(submission).rows[0].cells["electrified"] == 95.5
    assert found(submission) == [(None, "electrified", "file:read_as_percent")]
    assert "read so (1 in all, the first as 95.5 %)" in submission.current.issues[0]["message"]


@pytest.mark.parametrize("number_format", ["0.0", "General", '0.0"%"'])
def test_any_other_cell_is_read_as_it_is(world, number_format):
    submission = electrified(world, 95.5, number_format, last=100)
    assert grid_of(submission).rows[0].cells["electrified"] == 95.5
    assert found(submission) == []


def test_a_fraction_where_percent_was_wants_one_reason(world):
    submission = electrified(world, 0.955, "General", last=100)
    assert found(submission) == [(None, "electrified", "fractions")]
    assert "not as 0.955" in submission.current.issues[0]["message"]


@pytest.mark.parametrize(("value", "rules"), [(79, ["near_before"]), (81, [])])
def test_shares_are_compared_with_the_period_before_by_points(world, value, rules):
    submission = electrified(world, value, "General", last=100)
    assert [rule for _row, _column, rule in found(submission)] == rules


def test_what_cannot_be_read_is_no_change(world, cast, client):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,tiga,2,\n")
    client.force_login(cast.operator)
    page = client.get(f"/en/unggah/{submission.number}/").content.decode()
    changes = page[page.index('id="changes"') :]
    changes = changes[: changes.index("</section>")]
    assert "Midwives" in changes and "tiga" not in changes
    assert "<strong>1</strong> new figure" in changes
