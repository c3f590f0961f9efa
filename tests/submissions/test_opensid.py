"""What villages already write is taken: OpenSID's monthly report, and the kecamatan's form."""

import io

import openpyxl
import pytest

from geo.lib.grids import grid_from_json, issues_from_json
from geo.lib.tables import ERROR, WARNING
from geo.submissions.batch import jobs
from geo.submissions.models import State, Submission
from tests.submissions.opensid import CELLS, FIGURES, as_bytes, kecamatan, report
from tests.submissions.test_receiving import receive
from tests.submissions.world import DISTRICT, VILLAGE


def bring(world, content, area=VILLAGE, by=None) -> Submission:
    form = world.form(world.book, area=area)
    received = receive(world, content, form=form, by=by, name="laporan.xlsx")
    jobs.run(received.submission.pk)
    return Submission.objects.get(pk=received.submission.pk)


def cells(submission) -> dict:
    grid = grid_from_json(submission.current.content)
    return {row.key: row.cells for row in grid.rows}


def said(submission, *severities) -> list[tuple]:
    issues = issues_from_json(submission.current.issues)
    return [(one.rule, one.message) for one in issues if one.severity in severities]


def test_the_monthly_report_fills_in_the_village_s_form(world):
    submission = bring(world, report())
    assert said(submission, ERROR, WARNING) == []
    assert submission.state == State.READY
    assert cells(submission) == {VILLAGE: CELLS}


def test_citizens_and_foreigners_are_added_and_a_dash_is_nought(world):
    found = cells(bring(world, report()))[VILLAGE]
    assert (found["arrivals_male"], found["missing_female"]) == (4 + 1, 0)
    assert (found["opening_households"], found["closing_households"]) == (250 + 40, 252 + 40)


@pytest.mark.parametrize(
    ("cell", "written", "parts", "expected"),
    [
        ("I9", 1181, "600 + 580", "1180"),  # L+P of both kinds
        ("G10", 4, "3 + 0", "3"),  # males of both kinds
        ("L15", 299, "252 + 40", "292"),  # households
    ],
)
def test_a_wrong_sum_is_named_by_its_cell_and_never_used(world, cell, written, parts, expected):
    submission = bring(world, report(changed={cell: written}))
    told = [text for rule, text in said(submission, WARNING) if rule == "file:wrong_sum"]
    assert len(told) >= 1
    assert any(f"Cell {cell} " in text and f"{parts} makes {expected}" in text for text in told)
    assert cells(submission)[VILLAGE] == CELLS


def test_a_figure_that_is_no_number_stays_and_is_told(world):
    submission = bring(world, report(changed={"C10": "tiga"}))
    assert submission.state == State.FAULTY
    assert cells(submission)[VILLAGE]["births_male"] == "tiga"
    assert any("births" in text and "tiga" in text for _rule, text in said(submission, ERROR))


def test_a_report_that_does_not_balance_is_told(world):
    figures = FIGURES | {"closing": ((700, 581), (3, 1), (252, 40))}
    submission = bring(world, report(figures=figures))
    assert submission.state == State.FAULTY
    assert [rule for rule, _text in said(submission, ERROR)] == ["sum"]


def test_a_report_of_another_month_or_village_is_refused(world):
    submission = bring(world, report(month="September 2026"))
    assert [rule for rule, _text in said(submission, ERROR)] == ["file:other_period"]
    submission = bring(world, report(village="Ubin 12"))
    assert [rule for rule, _text in said(submission, ERROR)] == ["file:other_village"]


def test_the_report_of_one_village_is_not_that_of_a_district(world, cast):
    submission = bring(world, report(), area=DISTRICT, by=cast.verifier)
    assert "file:report_of_one_village" in [rule for rule, _text in said(submission, ERROR)]


# --- the form of the kecamatan -------------------------------------------------------------

MOVES = {
    "opening": (600, 580),
    "births": (3, 2),
    "deaths": (1, 2),
    "arrivals": (4, 1),
    "departures": (2, 0),
    "closing": (604, 581),
}


@pytest.mark.parametrize(
    "words",
    [
        ("Lahir", "Mati", "Datang", "Pindah"),
        ("Kelahiran", "Kematian", "Pendatang", "Pergi"),
        ("LAHIR", "Meninggal", "Datang", "Pindah keluar"),
    ],
)
def test_the_flat_form_is_read_whatever_its_blocks_are_called(world, cast, words):
    rows = [("Ubin 11", MOVES), ("Ubin 12", MOVES)]
    submission = bring(world, kecamatan(rows, words=words), area=DISTRICT, by=cast.verifier)
    found = cells(submission)
    assert list(found) == [VILLAGE, "99.01.01.2002"]
    for name, (male, female) in MOVES.items():
        assert (found[VILLAGE][f"{name}_male"], found[VILLAGE][f"{name}_female"]) == (male, female)
    assert said(submission, ERROR) == []


def test_a_wrong_sum_of_the_flat_form_is_named(world, cast):
    book = openpyxl.load_workbook(io.BytesIO(kecamatan([("Ubin 11", MOVES)])))
    book.active["H5"] = 6  # births L+P: 3 + 2
    submission = bring(world, as_bytes(book), area=DISTRICT, by=cast.verifier)
    told = [text for rule, text in said(submission, WARNING) if rule == "file:wrong_sum"]
    assert len(told) == 1
    assert told[0].startswith("Cell H5 (")
    assert "3 + 2 makes 5" in told[0]
