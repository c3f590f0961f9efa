"""A correction of an earlier month: later months are seen to change before anybody decides."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from geo.lib.tables import ERROR, WARNING
from geo.population.models import LedgerMonth
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.inspecting import inspect_grid
from geo.submissions.models import State
from geo.submissions.services import countering
from tests.submissions.publishing import again, countered, published, undone
from tests.submissions.world import VILLAGE, ledger_cells, sent, typed

EARLY, LATE = "2026-08", "2026-09"


def month(world, cast, period, by=None, **given):
    form = world.form(world.book, period=period)
    waiting = sent(form, cast.operator, {VILLAGE: ledger_cells(**given)})
    return published(waiting, by) if by else waiting


@pytest.fixture
def september(world, cast):
    """August, published by the district, and September, verified: 601 + 4 males."""
    month(world, cast, EARLY, cast.verifier, births=(1, 0))
    return month(world, cast, LATE, cast.officer, opening=(601, 580), births=(4, 0))


@pytest.fixture
def correction(world, cast, september):
    return month(world, cast, EARLY, births=(3, 0))


def shown_at(client, person, name, submission):
    client.force_login(person)
    return client.get(reverse(name, args=[submission.number])).content.decode()


def test_both_sides_see_the_later_months_before_it_is_decided(cast, correction, client):
    for person, name in ((cast.operator, "submission"), (cast.verifier, "review")):
        shown = shown_at(client, person, name, correction)
        assert "1 later month changes with it" in shown
        later = shown[shown.index('id="later"') :]
        assert all(word in later for word in ("September 2026", "605", "607", "+2")), name


def test_they_are_seen_afterwards_by_whoever_verifies(cast, correction, client):
    done = published(correction, cast.verifier)
    assert LedgerMonth.objects.standing().get(period=LATE).closing_male == 607
    shown = shown_at(client, cast.officer, "review", done)
    assert "1 later month was changed with it" in shown
    later = shown[shown.index('id="later"') :]
    assert later.index("605") < later.index("607")


def test_a_counter_entry_shows_them_the_other_way_round(cast, correction, client):
    done = published(correction, cast.officer)
    entry = countering.counter(submission=done, by=cast.officer, note="Keliru.")
    shown = shown_at(client, cast.walidata, "review", entry)
    later = shown[shown.index('id="later"') :]
    assert later.index("607") < later.index("605")


def test_a_month_after_which_nothing_stands_has_no_such_list(world, cast, september):
    form = world.form(world.book, period="2026-10")
    grid = typed(form, {VILLAGE: ledger_cells(opening=(605, 580))})
    assert kind_of(world.book).later(form, grid) == []


@pytest.mark.parametrize(("closing", "n_asked"), [(291, 1), (290, 0), (None, 0)])
def test_households_of_a_month_put_before_another_are_compared_with_that(
    world, cast, closing, n_asked
):
    """Persons are compared forwards by the chain; of households a reason is asked."""
    first = {"opening_households": 290, "closing_households": 290}
    october = sent(
        world.form(world.book), cast.operator, {VILLAGE: ledger_cells(opening=(601, 580)) | first}
    )
    published(october, cast.officer)
    form = world.form(world.book, period=LATE)
    cells = ledger_cells(births=(1, 0)) | {"closing_households": closing}
    issues = inspect_grid(form, typed(form, {VILLAGE: cells}))
    asked = [one for one in issues if one.severity == WARNING]
    assert [one.column for one in asked] == ["closing_households"] * n_asked
    assert all("October 2026" in one.message and "opened with 290" in one.message for one in asked)
    assert not [one for one in issues if one.severity == ERROR]


def test_as_many_stay_as_they_are_before_it_is_published_as_after(world, cast, september, client):
    """What is worked out counts on both sides: closings that nobody types."""
    form = world.form(world.book, period=EARLY)
    cells = ledger_cells(births=(3, 0))
    typed_in = {code: n for code, n in cells.items() if not code.startswith("closing")}
    waiting = sent(form, cast.operator, {VILLAGE: typed_in})
    # Of 14 figures the births and the closing of one sex change.
    assert "12 stay as they are" in shown_at(client, cast.operator, "submission", waiting)
    made = published(waiting, cast.verifier).publications.get()
    assert (made.n_new, made.n_changed, made.n_unchanged) == (0, 2, 12)
    assert "2 changed, 12 as they were" in shown_at(client, cast.operator, "submission", waiting)


def test_an_undo_that_is_refused_names_what_came_later(world, cast, correction):
    november = month(world, cast, "2026-10", cast.verifier, opening=(605, 580))
    corrected = published(correction, cast.verifier)
    refused = undone(november, cast.verifier)
    assert refused.state == State.PUBLISHED
    assert corrected.number in refused.failure and "Oktober 2026" in refused.failure
    # The other way round it works, and then what was refused too.
    assert undone(corrected, cast.verifier).state == State.UNDONE
    assert undone(again(november), cast.verifier).state == State.UNDONE


def test_an_undo_under_which_months_follow_names_them(world, cast):
    first = month(world, cast, EARLY, cast.verifier)
    second = month(world, cast, LATE, cast.verifier)
    refused = undone(first, cast.verifier)
    assert second.number in refused.failure and "September 2026" in refused.failure


def test_figures_replaced_since_name_the_submission(world, cast):
    first = published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}}), cast.verifier)
    second = published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 5.0}}), cast.verifier)
    assert second.number in undone(first, cast.verifier).failure


def test_a_correction_taken_back_brings_the_later_months_back(cast, correction):
    first, _entry = countered(published(correction, cast.officer), cast.officer, cast.walidata)
    assert again(first).state == State.UNDONE
    assert LedgerMonth.objects.standing().get(period=LATE).closing_male == 605


# --- months that are not over ------------------------------------------------------


def warned(world, day, period, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_given: day)
    form = world.form(world.book, period=period)
    issues = inspect_grid(form, typed(form, {VILLAGE: ledger_cells(births=(1, 0))}))
    return [one for one in issues if one.rule == "not_over"]


def test_a_month_that_is_not_over_wants_a_reason(world, monkeypatch):
    found = warned(world, datetime.date(2026, 9, 22), LATE, monkeypatch)
    assert [one.severity for one in found] == ["warning"]
    assert found[0].column == "births_male"
    assert "September 2026 is not over" in found[0].message


@pytest.mark.parametrize("day", [datetime.date(2026, 9, 30), datetime.date(2026, 10, 1)])
def test_from_its_last_day_on_a_month_is_taken_as_it_is(world, monkeypatch, day):
    assert warned(world, day, LATE, monkeypatch) == []
