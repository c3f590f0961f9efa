"""Counter-entries while they wait: nobody puts other figures into them, and all pages say so."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from geo.accounts.models import Assignment
from geo.indicators.models import Observation
from geo.lib.grids import Grid, GridRow
from geo.submissions.models import Act, Notice, Origin, State, Submission, SubmissionVersion
from geo.submissions.queries.desk import read_desk
from geo.submissions.queries.notices import notices_of
from geo.submissions.queries.review import DECIDE, read_queue
from geo.submissions.rules.countering import CounterWaits, NotYourCounter
from geo.submissions.rules.reviewing import NotYours
from geo.submissions.rules.transitions import NotNow
from geo.submissions.services import chunking, countering, mending, receiving, reviewing, sending
from geo.submissions.services.notices import mail_notices
from tests.indicators.world import observe
from tests.submissions.publishing import again, published
from tests.submissions.world import VILLAGE, YEAR, indicator, sent


@pytest.fixture
def first(world, cast):
    """A verified correction of one village, with what it replaced."""
    observe(indicator("nurses"), YEAR, {"01.2001": 3})
    return published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 30.0}}), cast.officer)


@pytest.fixture
def counter(first, cast):
    return countering.counter(submission=first, by=cast.officer, note="Salah.")


@pytest.fixture
def returned(counter, cast):
    seen = counter.current.content_hash
    reviewing.return_to_sender(
        submission=counter, by=cast.walidata, content_hash=seen, note="Mengapa?"
    )
    return again(counter)


def form_address(name):
    return reverse(name, args=["figures", YEAR, VILLAGE])


def typed_again(world, cast, by):
    row = GridRow(1, VILLAGE, "Ubin 11", {"nurses": 31})
    return mending.save_grid(
        form=world.form(), by=by, grid=Grid(["nurses"], [row]), base_edit=counter_edit()
    )


def counter_edit():
    return Submission.objects.get(counter_to__isnull=False).current.edit


@pytest.mark.parametrize("name", ["operator", "verifier", "officer", "walidata"])
@pytest.mark.parametrize("state", ["counter", "returned"])
def test_no_file_and_no_cell_goes_into_it_from_anybody(request, world, cast, first, name, state):
    entry, by = request.getfixturevalue(state), getattr(cast, name)
    with pytest.raises(CounterWaits, match=entry.number) as refused:
        receiving.receive_file(form=world.form(), by=by, name="a.csv", chunks=[b"kode\n"])
    assert first.number in str(refused.value) and "open again" in str(refused.value)
    with pytest.raises(CounterWaits):
        chunking.start(form=world.form(), by=by, name="a.csv", size_bytes=9, sha256="0" * 64)
    with pytest.raises(CounterWaits):
        typed_again(world, cast, by)
    with pytest.raises(CounterWaits):
        mending.mend_cells(
            submission=entry, by=by, cells={(VILLAGE, "nurses"): "7"}, base_edit=counter_edit()
        )
    with pytest.raises(CounterWaits):
        mending.give_reasons(submission=entry, by=by, reasons={}, base_edit=counter_edit())
    assert SubmissionVersion.objects.filter(submission=entry).count() == 1
    assert again(entry).state == entry.state


def test_only_whoever_made_it_takes_it_back(counter, cast):
    for by in (cast.operator, cast.verifier, cast.walidata):
        with pytest.raises(NotYourCounter, match="Only Officer"):
            sending.withdraw(submission=counter, by=by, note="")
    sending.withdraw(submission=counter, by=cast.officer, note="")
    assert again(counter).state == State.WITHDRAWN


def test_one_whose_maker_has_left_is_taken_back_by_another_who_reviews(counter, cast):
    Assignment.objects.filter(user=cast.officer).delete()
    counter = again(counter)
    with pytest.raises(NotYourCounter):
        sending.withdraw(submission=counter, by=cast.operator, note="")
    sending.withdraw(submission=counter, by=cast.verifier, note="")
    assert again(counter).state == State.WITHDRAWN


def test_returned_it_is_sent_again_as_it_is(returned, cast):
    before = returned.current.content_hash
    with pytest.raises(NotYourCounter):
        sending.send(submission=returned, by=cast.walidata, edit=0, note="")
    sending.send(submission=returned, by=cast.officer, edit=0, note="Dua kali tercatat.")
    waiting = again(returned)
    assert (waiting.state, waiting.note) == (State.SENT, "Dua kali tercatat.")
    assert waiting.current.content_hash == before
    with pytest.raises(NotNow):
        sending.send(submission=waiting, by=cast.officer, edit=0, note="")
    assert published(waiting, cast.walidata).state == State.VERIFIED
    assert Observation.objects.as_of().get(indicator=indicator("nurses")).value == 3


def test_one_with_other_figures_in_it_takes_nothing_back(counter, cast):
    """As they could be put there before it was refused."""
    version = counter.current
    version.pk, version.number, version.origin = None, 2, Origin.FILE
    version.save()
    Submission.objects.filter(pk=counter.pk).update(current=version)
    done = published(again(counter), cast.walidata)
    assert done.state == State.SENT
    # The worker speaks the language of whoever sent it.
    assert "angka lain dimasukkan ke dalamnya" in done.failure
    assert Observation.objects.as_of().get(indicator=indicator("nurses")).value == 30


# --- what pages say ----------------------------------------------------------------


def test_the_page_of_the_form_is_closed_and_says_until_when(counter, cast, client):
    client.force_login(cast.operator)
    shown = client.get(form_address("form")).content.decode()
    assert counter.number in shown and "waits at" in shown and "open again" in shown
    assert form_address("upload") not in shown and form_address("fill") not in shown
    file = SimpleUploadedFile("a.csv", b"kode;nurses\n99.01.01.2001;31\n")
    answer = client.post(form_address("upload"), {"file": file}, follow=True)
    assert "Nothing can be brought in or changed here now" in answer.content.decode()


def test_the_form_on_a_telephone_offers_nothing_of_it(counter, cast, client):
    client.force_login(cast.operator)
    shown = client.get(form_address("fill")).content.decode()
    assert "waits at" in shown and 'id="fill"' not in shown and "no data" not in shown
    typed = {"c|nurses": "31", "edit": "0", "act": "send"}
    kept = client.post(form_address("fill"), typed).content.decode()
    assert 'value="31"' in kept and "Nothing can be brought in" in kept
    said = client.post(form_address("fill"), typed, headers={"accept": "application/json"})
    assert said.status_code == 409 and counter.number in said.json()["detail"]


def test_its_own_page_offers_the_maker_what_can_be_done_and_others_nothing(returned, cast, client):
    send, withdraw = (reverse(name, args=[returned.number]) for name in ("send", "withdraw"))
    for person, may in ((cast.officer, True), (cast.operator, False), (cast.verifier, False)):
        client.force_login(person)
        shown = client.get(reverse("submission", args=[returned.number])).content.decode()
        assert "returned to Officer" in shown
        assert ((send in shown), (withdraw in shown)) == (may, may)
        for name in ("mend", "upload"):
            args = [returned.number] if name == "mend" else ["figures", YEAR, VILLAGE]
            assert reverse(name, args=args) not in shown
    # Whoever made it finds the way there from the queue.
    client.force_login(cast.officer)
    review = client.get(reverse("review", args=[returned.number])).content.decode()
    assert f'href="{reverse("submission", args=[returned.number])}"' in review


def test_the_first_submission_and_the_desk_name_a_correction_that_waits(
    first, counter, cast, client
):
    client.force_login(cast.operator)
    way = f'href="{reverse("submission", args=[counter.number])}"'
    shown = client.get(reverse("submission", args=[first.number])).content.decode()
    assert "A correction waits since" in shown and "Officer asks" in shown and way in shown
    shown = client.get(reverse("desk")).content.decode()
    assert "a correction waits since" in shown and way in shown
    client.force_login(cast.verifier)
    shown = client.get(reverse("review", args=[first.number])).content.decode()
    assert (
        "A correction waits since" in shown and reverse("counter", args=[first.number]) not in shown
    )
    published(counter, cast.walidata)
    for person, page in ((cast.operator, "submission"), (cast.verifier, "review")):
        client.force_login(person)
        shown = client.get(reverse(page, args=[first.number])).content.decode()
        assert "correction waits" not in shown


def test_it_is_work_only_for_those_who_may_approve_it(counter, cast, client):
    for person, has_work in ((cast.officer, True), (cast.walidata, True), (cast.verifier, False)):
        queue = read_queue(person)
        to_decide = {shelf.code: n for shelf, n in queue.shelves}[DECIDE]
        assert (to_decide, counter in read_queue(person, shelf=DECIDE).rows) == (
            int(has_work),
            has_work,
        )
    client.force_login(cast.verifier)
    review = client.get(reverse("review", args=[counter.number])).content.decode()
    assert "decides about it; nothing is to be done here" in review
    assert reverse("return", args=[counter.number]) not in review
    with pytest.raises(NotYours):
        seen = counter.current.content_hash
        reviewing.return_to_sender(
            submission=counter, by=cast.verifier, content_hash=seen, note="Mengapa?"
        )
    told = {one.user for one in Notice.objects.filter(event__submission=counter)}
    assert told == {cast.walidata, cast.operator}


def test_the_village_reads_who_took_back_what_and_why(first, counter, cast, client, settings):
    settings.SENDS_MAIL, settings.SITE_ADDRESS = True, "https://peta.example.org"
    client.force_login(cast.operator)
    waiting = client.get(reverse("notices")).content.decode()
    assert "counter-entry waits" in waiting and "Officer asks to take back" in waiting
    assert f'href="{reverse("submission", args=[counter.number])}"' in waiting
    published(counter, cast.walidata, note="Benar.")
    # Nothing says that the village had something approved.
    acts = {one.event.act for one in notices_of(cast.operator)}
    assert Act.COUNTERED in acts
    assert not any(
        one.event.act == Act.APPROVED and one.event.submission == counter
        for one in notices_of(cast.operator)
    )
    told = client.get(reverse("notices")).content.decode()
    page = client.get(reverse("submission", args=[first.number])).content.decode()
    mail.outbox.clear()
    mail_notices()
    desk = client.get(reverse("desk")).content.decode()
    assert "took back what" in desk and "counter-entry waits" not in desk
    (letter,) = [one.body for one in mail.outbox if first.number in one.body and "30" in one.body]
    for words in (counter.number, "Officer", "Walidata", "Salah.", "Benar."):
        assert words in told and words in page and words in letter, words
    assert "Nurses: 30 → 3" in told and "Perawat: 30 → 3" in letter
    changed = page[page.index('id="changes"') :]
    assert changed.index(">30<") < changed.index("<strong>3<")
    assert reverse("submission", args=[counter.number]) in told


def test_on_the_desk_the_first_submission_stands_until_it_is_taken_back(
    world, counter, first, cast
):
    def phase():
        tasks = read_desk(cast.operator, ["values"]).tasks
        task = next(one for one in tasks if one.dataset == world.figures and one.period == YEAR)
        return task.phase

    assert phase() == State.VERIFIED
    published(counter, cast.walidata)
    assert first.events.filter(act=Act.COUNTERED).exists()
    assert phase() != State.VERIFIED
