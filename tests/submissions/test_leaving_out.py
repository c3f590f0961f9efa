"""Approving in part: which rows can be left out, and what becomes of them."""

import pytest
from django.urls import reverse

from geo.submissions.models import Publication, Submission
from geo.submissions.rules.reviewing import NotInPart
from geo.submissions.services import countering, sending
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
