"""Verifying what others have replaced: nothing is called verified that stands nowhere."""

import pytest
from django.urls import reverse

from geo.indicators.models import Observation, Status
from geo.submissions.batch import publishing
from geo.submissions.models import State
from geo.submissions.queries.review import read_queue
from geo.submissions.rules.reviewing import NothingStands
from geo.submissions.services import reviewing
from tests.indicators.world import observe
from tests.submissions.publishing import again, countered, published, verified
from tests.submissions.world import DISTRICT, VILLAGE, YEAR, indicator, sent


def stands():
    found = Observation.objects.as_of().select_related("indicator").order_by("indicator__code")
    return {row.indicator.code: (row.value, row.status) for row in found}


@pytest.fixture
def first(world, cast):
    cells = {VILLAGE: {"nurses": 3.0, "electrified": 81.5}}
    return published(sent(world.form(), cast.operator, cells), cast.verifier)


def replaced(world, cast, **cells):
    """The office's own figures for the district, verified at once."""
    waiting = sent(world.form(area=DISTRICT), cast.verifier, {VILLAGE: cells})
    return published(waiting, cast.officer)


def test_what_is_replaced_altogether_is_not_verified_but_when_it_stands_again(
    world, cast, first, client
):
    later = replaced(world, cast, nurses=5.0, electrified=82.0)
    with pytest.raises(NothingStands, match=f"replaced by {later.number}"):
        reviewing.verify(submission=first, by=cast.officer)
    assert (again(first).state, again(first).job) == (State.PUBLISHED, "")
    client.force_login(cast.officer)
    shown = client.get(reverse("review", args=[first.number])).content.decode()
    assert later.number in shown and reverse("verify", args=[first.number]) not in shown
    assert first not in read_queue(cast.officer, shelf="verifikasi").rows
    countered(later, cast.officer, cast.walidata)
    assert first in read_queue(cast.officer, shelf="verifikasi").rows
    assert stands()["nurses"] == (3.0, Status.UNVERIFIED)
    assert verified(first, cast.officer).state == State.VERIFIED
    assert stands()["nurses"] == (3.0, Status.VERIFIED)


def test_a_worker_verifies_nothing_that_was_replaced_meanwhile(world, cast, first):
    asked = reviewing.verify(submission=first, by=cast.officer)
    replaced(world, cast, nurses=5.0, electrified=82.0)
    publishing.verify(asked)
    assert again(first).state == State.PUBLISHED
    assert "PB-" in again(first).failure


def test_what_is_verified_in_part_is_verified_whole_when_the_rest_stands_again(world, cast, first):
    later = replaced(world, cast, nurses=5.0)
    first = verified(first, cast.officer)
    assert stands() == {"electrified": (81.5, Status.VERIFIED), "nurses": (5.0, Status.VERIFIED)}
    countered(later, cast.officer, cast.walidata)
    assert stands() == {"electrified": (81.5, Status.VERIFIED), "nurses": (3.0, Status.VERIFIED)}
    countered(first, cast.officer, cast.walidata)
    assert stands() == {}


def test_what_stood_already_needs_no_verifying(world, cast):
    observe(indicator("nurses"), YEAR, {"01.2001": 3})
    same = published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}}), cast.verifier)
    with pytest.raises(NothingStands, match="stood already"):
        reviewing.verify(submission=same, by=cast.officer)
    queue = read_queue(cast.officer, shelf="verifikasi")
    assert [n for shelf, n in queue.shelves if shelf.code == "verifikasi"] == [0]
