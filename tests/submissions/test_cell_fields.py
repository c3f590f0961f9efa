"""Fields in which cells are mended: chosen in words, never locked where they are wrong."""

import re
from dataclasses import replace

import pytest

from geo.lib.grids import CHOICE, DATE, Column
from geo.submissions.forms.grid import CellView
from geo.submissions.models import Act
from geo.submissions.services.events import record
from geo.submissions.services.mending import mend_cells
from tests.submissions.place_world import make_kinds
from tests.submissions.test_pages import FIGURES, page_of, saved
from tests.submissions.world import VILLAGE, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def official(client, cast):
    client.force_login(cast.operator)
    return client


def test_what_was_filled_in_beforehand_and_is_wrong_now_can_be_put_right(official, world, cast):
    make_kinds(world)
    row = {"kind": "school", "name": "SD 1", "identifier": "10600001"}
    submission = saved(world, cast.operator, {"": row}, dataset=world.lists)
    cell = ("#1", "village")
    assert 'name="c|#1|village"' not in page_of(official, submission, "?baris=%231")
    mend_cells(submission=submission, by=cast.operator, cells={cell: "Elsewhere"}, base_edit=0)
    assert 'name="c|#1|village"' in page_of(official, submission, "?baris=%231")


def test_choices_are_chosen_in_words_and_a_wrong_one_is_kept_to_be_seen():
    column = Column("kind", "Kind", CHOICE, choices=(("post", "Health post"), ("sd", "School")))
    right = CellView("Health post", typed="post", column=column)
    assert right.choices == [("post", "Health post"), ("sd", "School")]
    wrong = CellView("Clinic", typed="Clinic", column=column)
    assert wrong.choices[0] == ("Clinic", "Clinic")
    assert CellView("", column=replace(column, type=DATE)).kind == "date"
    assert CellView("soon", typed="soon", column=replace(column, type=DATE)).kind == "text"


def test_a_place_is_mended_with_lists_to_choose_from(official, world, cast):
    make_kinds(world)
    row = {"kind": "school", "name": "SD 1", "identifier": "10600001", "pupils": "many"}
    submission = saved(world, cast.operator, {"": row}, dataset=world.lists)
    page = page_of(official, submission, "?baris=%231")
    chosen = re.search(r'<select[^>]*name="c\|#1\|kind"[^>]*>(.*?)</select>', page, re.DOTALL)[1]
    assert re.search(r'<option value="school" selected>', chosen)


def test_much_that_happened_is_folded_away(official, world, cast):
    submission = draft(world.form(), cast.operator, {VILLAGE: FIGURES})
    for _n in range(8):
        record(submission=submission, act=Act.MENDED, by=cast.operator)
    page = page_of(official, submission)
    earlier, latest = page.split('<details class="timeline-earlier">')[1].split("</details>")[:2]
    assert "2 earlier steps" in earlier
    assert latest.split("</ol>")[0].count("<li>") == 6
