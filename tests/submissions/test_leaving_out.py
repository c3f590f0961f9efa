"""Approving in part: which rows can be left out, and what becomes of them."""

import pytest
from django.urls import reverse

from geo.submissions.models import Publication, Submission
from geo.submissions.queries.desk import OVERDUE, TOGETHER, read_desk
from geo.submissions.queries.leftovers import leftover_of
from geo.submissions.rules.reviewing import NotInPart
from geo.submissions.services import countering, reviewing, sending
from tests.submissions.publishing import again, approve, published
from tests.submissions.world import DISTRICT, NEIGHBOUR, VILLAGE, sent

pytestmark = pytest.mark.django_db
EMPTY = "99.01.01.2003"


@pytest.fixture
def waiting(world, cast):
    """Two villages filled in, and the row of a third as the workbook had it: empty."""
    cells = {
        VILLAGE: {"nurses": 3.0},
        NEIGHBOUR: {"nurses": 90.0},
        EMPTY: {"nurses": None, "midwives": None},
    }
    return sent(world.form(area=DISTRICT), cast.verifier, cells)


def text(client, person, name, submission):
    client.force_login(person)
    return client.get(reverse(name, args=[submission.number])).content.decode()


# --- empty rows --------------------------------------------------------------------


def test_with_all_filled_rows_left_out_nothing_is_approved(waiting, cast):
    with pytest.raises(NotInPart, match="Return it instead"):
        approve(waiting, cast.officer, left_out=[VILLAGE, NEIGHBOUR], note="–")
    assert not Publication.objects.exists()


def test_an_empty_row_is_not_left_out(waiting, cast):
    published(waiting, cast.officer, left_out=[NEIGHBOUR, EMPTY], note="–")
    assert Publication.objects.get().left_out == [NEIGHBOUR]


def test_only_filled_rows_have_a_box(waiting, cast, client):
    page = text(client, cast.officer, "review", waiting)
    assert f'name="left_out" value="{VILLAGE}"' in page
    assert f'name="left_out" value="{EMPTY}"' not in page


# --- what was left over ------------------------------------------------------------


@pytest.fixture
def first(waiting, cast):
    return published(waiting, cast.officer, left_out=[NEIGHBOUR], note="90?")


@pytest.fixture
def leftover(first):
    return Submission.objects.exclude(pk=first.pk).get()


def test_a_leftover_in_the_way_of_a_counter_entry_names_who_has_to_act(first, leftover, cast):
    with pytest.raises(countering.AnotherIsOpen) as refused:
        countering.counter(submission=first, by=cast.officer, note="Salah.")
    words = str(refused.value)
    assert f"{leftover.number} lies with {leftover.created_by}" in words
    assert "to send it or to take it back" in words and "Decide about it" not in words
    sending.withdraw(submission=leftover, by=cast.verifier, note="")
    assert countering.counter(submission=again(first), by=cast.officer, note="Salah.").is_open


def test_both_pages_name_what_was_left_out_and_lead_to_it(first, leftover, cast, client):
    for person, name in ((cast.verifier, "submission"), (cast.officer, "review")):
        page = text(client, person, name, first)
        assert "1 row was left out and returned. Desa Ubin 12." in page
        assert f'<a href="{reverse(name, args=[leftover.number])}">{leftover.number}</a>' in page


def test_the_first_page_says_what_is_to_be_done_with_the_leftover(first, leftover, cast, client):
    page = text(client, cast.verifier, "submission", first)
    assert f"came back as {leftover.number}: mend it there" in page
    assert "nothing more to do" not in page
    sending.withdraw(submission=leftover, by=cast.verifier, note="")
    assert "bring those rows in anew" in text(client, cast.verifier, "submission", first)


def test_a_page_of_which_all_was_published_speaks_of_no_leftover(waiting, world, cast, client):
    done = published(waiting, cast.officer)
    # Another one about the same form is returned, in words that name it.
    other = sent(world.form(area=DISTRICT), cast.verifier, {VILLAGE: {"nurses": 4.0}})
    reviewing.return_to_sender(
        submission=other,
        by=cast.officer,
        content_hash=other.current.content_hash,
        note=done.number,
    )
    page = text(client, cast.verifier, "submission", done)
    assert "nothing more to do" in page and 'id="left-out"' not in page


def test_another_that_was_returned_is_not_taken_for_the_leftover(first, leftover, world, cast):
    sending.withdraw(submission=leftover, by=cast.verifier, note="")
    other = sent(world.form(area=DISTRICT), cast.verifier, {VILLAGE: {"nurses": 4.0}})
    seen = other.current.content_hash
    reviewing.return_to_sender(
        submission=other, by=cast.officer, content_hash=seen, note=first.number
    )
    Submission.objects.filter(pk=leftover.pk).update(dataset=world.surveyed)
    assert leftover_of(first.publications.get()) is None
    Submission.objects.filter(pk=leftover.pk).update(dataset=world.figures)
    assert leftover_of(first.publications.get()) == leftover


def test_a_village_that_was_left_out_has_not_delivered(first, leftover, cast):
    def phases():
        (one,) = [
            one
            for one in read_desk(cast.verifier, ["values"]).rounds
            if (one.dataset, one.period) == (first.dataset, first.period)
        ]
        found = {task.area.code: task.phase for task in one.tasks}
        return found[VILLAGE], found[NEIGHBOUR]

    assert phases() == (TOGETHER, OVERDUE)
    sending.withdraw(submission=leftover, by=cast.verifier, note="")
    assert phases() == (TOGETHER, OVERDUE)
