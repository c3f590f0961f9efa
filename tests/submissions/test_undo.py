"""Undoing: what stood before stands again, in every channel to the byte; history keeps both."""

import re

import pytest
from django.core.management import call_command

from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Observation, Status
from geo.population.models import LedgerMonth
from geo.population.queries import read_book
from geo.submissions.models import Act, Origin, Publication, State, Submission
from geo.submissions.rules.reviewing import NotYours, OwnSubmission
from geo.submissions.services import countering
from geo.submissions.services.countering import AnotherIsOpen, NothingToCounter
from tests.indicators.world import observe
from tests.submissions.publishing import approve, countered, published, undone, verified
from tests.submissions.world import (
    DISTRICT,
    MONTH,
    NEIGHBOUR,
    VILLAGE,
    YEAR,
    indicator,
    ledger_cells,
    sent,
)


def everything_told(client, folder, period=YEAR, codes=("nurses", "midwives")):
    """What every channel says of the indicators: files, interface and pages of machines."""
    told = {}
    for code in codes:
        for level in ("village", "district"):
            path = folder / f"{code}-{level}.csv"
            call_command(
                "export", "values", indicator=code, period=period, level=level, output=path,
                verbosity=0,
            )  # fmt: skip
            beside = path.with_name(f"{path.name}.description.json")
            told[code, level] = path.read_bytes() + beside.read_bytes()
            query = {"indicator": code, "period": period, "level": level, "parent": "99.01"}
            told[code, level, "api"] = client.get("/api/v1/values", query).content
            for kind in ("csv", "xlsx", "geojson"):
                answer = client.get(f"/api/v1/values.{kind}", query)
                assert answer.status_code == 200
                told[code, level, kind] = b"".join(answer) if answer.streaming else answer.content
    return told


@pytest.fixture
def standing(world):
    """Figures that stand already, with class edges."""
    for code, values in (("nurses", [3, 4, 5, 6]), ("midwives", [1, 1, 2, 2])):
        for year in (YEAR, "2024"):
            cells = {f"01.200{n + 1}": value for n, value in enumerate(values)}
            observe(indicator(code), year, cells)
    compute_breaks()


CORRECTION = {VILLAGE: {"nurses": 30.0, "midwives": 9.0}, NEIGHBOUR: {"nurses": 40.0}}


def test_every_channel_says_after_undoing_what_it_said_before(
    world, cast, standing, client, tmp_path
):
    before = everything_told(client, tmp_path)
    done = published(sent(world.form(area=DISTRICT), cast.verifier, CORRECTION), cast.officer)
    assert done.state == State.VERIFIED
    changed = everything_told(client, tmp_path)
    assert all(before[key] != changed[key] for key in before if key[0] == "nurses")
    first, entry = countered(done, cast.officer, cast.walidata)
    first.refresh_from_db()
    assert first.state == State.UNDONE
    assert entry.state == State.VERIFIED
    assert everything_told(client, tmp_path) == before


def test_undoing_before_it_is_verified(world, cast, standing, client, tmp_path):
    before = everything_told(client, tmp_path)
    done = published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 30.0}}), cast.verifier)
    assert everything_told(client, tmp_path) != before
    done = undone(done, cast.verifier, "Salah desa.")
    assert (done.state, done.failure) == (State.UNDONE, "")
    assert everything_told(client, tmp_path) == before
    publication = Publication.objects.get()
    assert (publication.undone_by, publication.verified_at) == (cast.verifier, None)
    event = done.events.last()
    assert (event.act, event.note) == (Act.UNDONE, "Salah desa.")


def test_a_new_figure_is_gone_after_undoing_and_may_come_again(world, cast, client, tmp_path):
    observe(indicator("nurses"), "2024", {"01.2001": 3})
    cells = {VILLAGE: {"nurses": 7.0}}
    undone(published(sent(world.form(), cast.operator, cells), cast.verifier), cast.officer)
    assert not Observation.objects.as_of().filter(period=YEAR).exists()
    again = published(sent(world.form(), cast.operator, cells), cast.verifier)
    assert again.state == State.PUBLISHED
    rows = Observation.objects.filter(period=YEAR).order_by("revision")
    assert [(row.revision, row.superseded_at is None) for row in rows] == [(1, False), (2, True)]


def test_a_correction_and_then_the_first_are_undone_one_after_the_other(world, cast):
    first = published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}}), cast.verifier)
    second = published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 5.0}}), cast.verifier)
    refused = undone(first, cast.verifier)
    assert (refused.state, refused.job) == (State.PUBLISHED, "")
    assert refused.failure
    assert undone(second, cast.verifier).state == State.UNDONE
    assert Observation.objects.as_of().get().value == 3
    assert undone(first, cast.verifier).state == State.UNDONE
    assert not Observation.objects.as_of().exists()


def test_a_month_of_the_book_is_taken_back_with_its_figures(world, cast):
    cells = {VILLAGE: ledger_cells(births=(2, 1))}
    done = published(sent(world.form(world.book), cast.operator, cells), cast.verifier)
    assert undone(done, cast.officer).state == State.UNDONE
    assert not LedgerMonth.objects.standing().exists()
    assert not Observation.objects.as_of().exists()


def book_told(client):
    """What the page of the book says, but for the corrections of others, and what machines get."""
    page = client.get(f"/en/penduduk/{VILLAGE}/").content.decode()
    told = [re.sub(r"(nonce|csrfmiddlewaretoken)[^>]*", "", page)]
    for ending in ("", ".csv"):
        answer = client.get(f"/api/v1/population/ledger{ending}", {"area": VILLAGE})
        told.append(b"".join(answer) if answer.streaming else answer.content)
    return told


def test_nothing_of_an_undone_correction_is_left_in_the_book(world, cast, client):
    form = world.form(world.book)
    first = sent(form, cast.operator, {VILLAGE: ledger_cells(births=(1, 0))})
    published(first, cast.verifier)
    before = book_told(client)
    assert 'class="is-corrected"' not in before[0]
    correction = sent(form, cast.operator, {VILLAGE: ledger_cells(births=(3, 0))})
    published(correction, cast.verifier)
    assert 'class="is-corrected"' in book_told(client)[0]
    undone(correction, cast.verifier)
    assert LedgerMonth.objects.standing().get().revision == 3
    assert book_told(client) == before
    # One that stands is told against what it replaced, not against what was undone since.
    for births in (4, 5):
        latest = sent(form, cast.operator, {VILLAGE: ledger_cells(births=(births, 0))})
        published(latest, cast.verifier)
    undone(latest, cast.verifier)
    (told,) = read_book(world.area(VILLAGE)).corrections
    assert [(c.column, c.before, c.after) for c in told.changes] == [
        ("births_male", 1, 4),
        ("closing_male", 601, 604),
    ]


def test_a_verified_month_is_taken_back_by_a_counter_entry(world, cast):
    cells = {VILLAGE: ledger_cells(births=(2, 1))}
    done = published(sent(world.form(world.book), cast.operator, cells), cast.verifier)
    done = verified(done, cast.officer)
    rows = Observation.objects.as_of().filter(period=MONTH)
    assert set(rows.values_list("status", flat=True)) == {Status.VERIFIED}
    countered(done, cast.officer, cast.walidata)
    assert not LedgerMonth.objects.standing().exists()
    assert not Observation.objects.as_of().exists()


def test_nobody_undoes_alone_what_they_sent(world, cast):
    done = published(sent(world.form(), cast.officer, {VILLAGE: {"nurses": 3.0}}), cast.verifier)
    with pytest.raises(OwnSubmission):
        undone(done, cast.officer)
    assert undone(done, cast.verifier).state == State.UNDONE


# --- counter-entries ---------------------------------------------------------------


@pytest.fixture
def settled(world, cast, standing):
    """A verified correction of one village."""
    cells = {VILLAGE: {"nurses": 30.0, "electrified": 81.5}}
    return published(sent(world.form(), cast.operator, cells), cast.officer)


def test_a_counter_entry_shows_what_would_stand_and_changes_nothing_yet(settled, cast):
    entry = countering.counter(submission=settled, by=cast.verifier, note="Salah.")
    version = entry.current
    assert (entry.state, version.origin, entry.counter_to.submission) == (
        State.SENT,
        Origin.COUNTER,
        settled,
    )
    assert version.content["rows"][0]["cells"] == {"electrified": "missing", "nurses": 3.0}
    standing = Observation.objects.as_of().get(
        indicator=indicator("nurses"), area__code=VILLAGE, period=YEAR
    )
    assert standing.value == 30
    assert Submission.objects.get(pk=settled.pk).state == State.VERIFIED


def test_a_counter_entry_is_approved_by_another_who_verifies(settled, cast):
    entry = countering.counter(submission=settled, by=cast.officer, note="Salah.")
    with pytest.raises(OwnSubmission):
        approve(entry, cast.officer)
    with pytest.raises(NotYours):
        approve(entry, cast.verifier)
    assert published(entry, cast.walidata).state == State.VERIFIED
    first = Submission.objects.get(pk=settled.pk)
    assert first.state == State.UNDONE
    assert entry.number in first.events.get(act=Act.COUNTERED).note


def test_one_counter_entry_at_a_time(settled, cast):
    entry = countering.counter(submission=settled, by=cast.officer, note="Salah.")
    with pytest.raises(AnotherIsOpen, match=entry.number):
        countering.counter(submission=settled, by=cast.walidata, note="Salah.")


def test_what_changed_nothing_cannot_be_countered(world, cast, standing):
    same = published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}}), cast.officer)
    with pytest.raises(NothingToCounter):
        countering.counter(submission=same, by=cast.officer, note="Salah.")
