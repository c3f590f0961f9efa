"""The small world says what it promises: whom a form is for, and where a submission stands."""

import pytest

from geo.submissions.models import State, Submission
from geo.submissions.queries.forms import UnknownForm, find_form, may_report
from tests.submissions.world import NEIGHBOUR, VILLAGE, YEAR, draft, ledger_cells, sent


def test_an_operator_finds_the_form_of_the_own_village_and_no_other(world, cast):
    assert find_form(cast.operator, "figures", YEAR, VILLAGE).area.code == VILLAGE
    for person in (cast.neighbour, cast.stranger, cast.regent, cast.admin, cast.far_verifier):
        with pytest.raises(UnknownForm):
            find_form(person, "figures", YEAR, VILLAGE)


def test_a_data_set_of_the_office_is_the_offices_alone(world, cast):
    form = world.form(world.surveyed, "99.01")
    assert may_report(cast.officer, form.dataset, form.area)
    assert may_report(cast.walidata, form.dataset, form.area)
    assert not may_report(cast.verifier, form.dataset, form.area)
    assert not may_report(cast.other_officer, form.dataset, form.area)


def test_submissions_stand_where_the_world_puts_them(world, cast):
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}})
    begun = draft(world.form(world.book), cast.operator, {VILLAGE: ledger_cells(births=(1, 0))})
    assert (waiting.state, begun.state) == (State.SENT, State.READY)
    assert waiting.current.content["rows"][0]["cells"] == {"nurses": 3.0}
    assert Submission.objects.visible_to(cast.neighbour).count() == 0
    assert Submission.objects.visible_to(cast.verifier).count() == 2


def test_the_village_beside_has_a_form_of_its_own(world, cast):
    assert find_form(cast.neighbour, "book", "2026-10", NEIGHBOUR).areas[0].code == NEIGHBOUR
