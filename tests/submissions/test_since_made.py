"""A workbook made a while ago takes back nothing that others have published since."""

import io
from dataclasses import replace

import openpyxl
import pytest

from geo.indicators.services import NewValue, publish_observations
from geo.lib.grids import issues_from_json
from geo.lib.tables import NOTICE, WARNING
from geo.lib.workbooks.contract import TEMPLATE_SHEET
from geo.lib.workbooks.writing import write_workbook
from geo.places.models import Place
from geo.submissions.kinds import kind_of
from geo.submissions.models import State
from geo.submissions.services.mending import content_of, mend_cells
from geo.submissions.services.workbooks import describe_workbook, make_workbook
from tests.indicators.world import make_source
from tests.submissions.place_world import make_kinds
from tests.submissions.test_kind_places import stand
from tests.submissions.test_workbooks import bring, fill, opened, saved
from tests.submissions.world import DISTRICT, NEIGHBOUR, VILLAGE, indicator


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"


def publish(world, **nurses):
    """Publish figures of villages, ``v2001=26``, in place of what stood."""
    values = [
        NewValue(world.area(f"99.01.01.{code[1:]}").pk, indicator("nurses"), "2025", n, "verified")
        for code, n in nurses.items()
    ]
    publish_observations(values=values, source=make_source())


def told(submission) -> list[tuple]:
    return [
        (one.severity, one.column, one.rule.rpartition(":")[2], one.message)
        for one in issues_from_json(submission.current.issues)
    ]


def changes_of(form, submission) -> list[tuple]:
    changes = kind_of(form.dataset).changes(form, content_of(submission.current))
    return [(one.key, one.old, one.new) for one in changes]


def test_a_cell_that_was_not_touched_stays_as_it_was_corrected_meanwhile(world, cast):
    form = world.form(area=DISTRICT)
    publish(world, v2001=26, v2002=5)
    made = fill(form, {(NEIGHBOUR, "nurses"): 6})
    publish(world, v2001=27)
    submission = bring(world, made, form, by=cast.verifier)
    assert submission.state == State.READY
    assert changes_of(form, submission) == [(NEIGHBOUR, 5, 6)]
    (notice,) = told(submission)
    assert notice[:3] == (NOTICE, "nurses", "left_as_it_stands")
    assert "was 26 when this workbook was made and is 27 now" in notice[3]


def test_a_cell_that_both_changed_wants_a_reason_and_names_both(world):
    form = world.form()
    publish(world, v2001=26)
    made = fill(form, {(VILLAGE, "nurses"): 28})
    publish(world, v2001=27)
    submission = bring(world, made, form)
    (warning,) = told(submission)
    assert warning[:3] == (WARNING, "nurses", "changed_by_both")
    for words in ("was 26", "27 was published", "says 28"):
        assert words in warning[3]


def test_what_was_first_published_meanwhile_is_told_too(world):
    form = world.form()
    made = fill(form, {(VILLAGE, "nurses"): 28})
    publish(world, v2001=27)
    assert [one[2] for one in told(bring(world, made, form))] == ["changed_by_both"]


def test_of_what_nobody_else_changed_nothing_is_said(world):
    form = world.form()
    publish(world, v2001=26)
    submission = bring(world, fill(form, {(VILLAGE, "nurses"): 28}), form)
    assert told(submission) == []
    assert changes_of(form, submission) == [(VILLAGE, 26, 28)]


def test_a_draft_downloaded_from_the_page_keeps_its_own_figures(world):
    form = world.form()
    publish(world, v2001=26)
    draft = bring(world, fill(form, {(VILLAGE, "nurses"): 28}), form)
    made = make_workbook(form=form, grid=content_of(draft.current))
    submission = bring(world, made, form)
    assert content_of(submission.current).rows[0].cells["nurses"] == 28
    assert told(submission) == []


def test_mending_the_cell_takes_the_warning_away(world, cast):
    form = world.form()
    publish(world, v2001=26)
    made = fill(form, {(VILLAGE, "nurses"): 28})
    publish(world, v2001=27)
    submission = bring(world, made, form)
    edit = submission.current.edit
    mend_cells(
        submission=submission, by=cast.operator, cells={(VILLAGE, "nurses"): "27"}, base_edit=edit
    )
    submission.refresh_from_db()
    assert told(submission) == []


def without_hidden_sheet(content: bytes) -> bytes:
    book = opened(content)
    del book[TEMPLATE_SHEET]
    return saved(book)


def without_what_stood(form) -> bytes:
    """A workbook as it was made before it kept what stood."""
    return write_workbook(replace(describe_workbook(form), stood=None))


@pytest.mark.parametrize("older", [without_hidden_sheet, None], ids=["lost", "older"])
def test_a_file_that_does_not_say_how_old_it_is_may_not_bring_back_a_figure_unseen(world, older):
    form = world.form()
    publish(world, v2001=26)
    made = older(make_workbook(form=form)) if older else without_what_stood(form)
    publish(world, v2001=27)
    (warning,) = told(bring(world, made, form))
    assert warning[:3] == (WARNING, "nurses", "back")
    assert "is 26 in this file" in warning[3]
    assert "now 27 stands" in warning[3]


def test_a_new_figure_in_such_a_file_is_no_old_one(world):
    form = world.form()
    publish(world, v2001=26)
    publish(world, v2001=27)
    text = f"Kode,Nama,Perawat,Bidan,Berlistrik\n{VILLAGE},Ubin 11,28,2,90\n"
    assert told(bring(world, text.encode(), form, name="isian.csv")) == []


def test_saved_by_another_program_what_stood_is_still_known(world, cast):
    form = world.form(area=DISTRICT)
    publish(world, v2001=26)
    again = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(make_workbook(form=form))).save(again)
    publish(world, v2001=27)
    submission = bring(world, again.getvalue(), form, by=cast.verifier)
    assert [one[2] for one in told(submission)] == ["left_as_it_stands"]
    assert changes_of(form, submission) == []


def test_a_place_that_was_renamed_meanwhile_keeps_its_name(world):
    make_kinds(world)
    stand(world, name="SD 1")
    form = world.form(world.lists)
    made = make_workbook(form=form)
    Place.objects.update(name="SD Negeri 1", name_key="sd negeri 1")
    submission = bring(world, made, form)
    assert [one[1:3] for one in told(submission)] == [("name", "left_as_it_stands")]
    assert changes_of(form, submission) == []
