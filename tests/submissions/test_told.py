"""Who is told of what: everything that moves a submission is told to those whose it is."""

import pytest

from geo.submissions.batch import jobs
from geo.submissions.kinds.news import read_news
from geo.submissions.models import Act, Job, Notice, Submission
from geo.submissions.queries.desk import read_desk
from geo.submissions.queries.notices import notices_of
from geo.submissions.services import countering, reviewing, sending
from tests.submissions.publishing import again, published, undone, verified
from tests.submissions.test_receiving import receive
from tests.submissions.world import DISTRICT, NEIGHBOUR, VILLAGE, draft, sent

CELLS = {VILLAGE: {"nurses": 3.0}}


def told(person, act, submission=None) -> bool:
    notices = Notice.objects.filter(user=person, event__act=act)
    return notices.filter(**({"event__submission": submission} if submission else {})).exists()


def news_of(person) -> list:
    return read_news(notices_of(person), person)


@pytest.fixture
def waiting(world, cast):
    return sent(world.form(), cast.operator, CELLS)


def test_what_is_decided_is_told_to_the_village(world, cast, waiting):
    seen = waiting.current.content_hash
    reviewing.return_to_sender(
        submission=waiting, by=cast.verifier, content_hash=seen, note="Mengapa?"
    )
    assert told(cast.operator, Act.RETURNED)
    assert not told(cast.verifier, Act.RETURNED), "the own act is no news"


def test_so_is_what_is_published_verified_and_undone(world, cast, waiting):
    done = published(waiting, cast.verifier)
    assert told(cast.operator, Act.APPROVED)
    assert not told(cast.officer, Act.APPROVED)
    undone(done, cast.verifier)
    assert told(cast.operator, Act.UNDONE)
    second = published(sent(world.form(), cast.operator, CELLS), cast.verifier)
    verified(second, cast.officer)
    assert told(cast.operator, Act.VERIFIED, second)


def test_what_another_sends_or_withdraws_for_the_village_is_told_to_it(world, cast):
    by_district = sent(world.form(), cast.verifier, CELLS)
    assert told(cast.operator, Act.SENT, by_district)
    assert told(cast.officer, Act.SENT, by_district)
    (news,) = news_of(cast.operator)
    assert not news.for_reviewer, "the way leads to the page that the village may open"
    sending.withdraw(submission=by_district, by=cast.verifier, note="")
    assert told(cast.operator, Act.WITHDRAWN, by_district)
    assert told(cast.officer, Act.WITHDRAWN, by_district)


def test_what_was_never_sent_is_withdrawn_without_a_word_to_reviewers(world, cast):
    sending.withdraw(
        submission=draft(world.form(), cast.operator, CELLS), by=cast.operator, note=""
    )
    assert not Notice.objects.exists()


def test_of_what_another_brought_in_the_village_reads_who(world, cast):
    published(sent(world.form(), cast.walidata, CELLS), cast.officer)
    words = [one.words for one in news_of(cast.operator) if one.event.act == Act.APPROVED]
    assert words == ["Brought in by Walidata."]
    mine = [one.words for one in news_of(cast.walidata) if one.event.act == Act.APPROVED]
    assert mine == [""]


def test_of_a_part_both_numbers_are_told(world, cast):
    cells = CELLS | {NEIGHBOUR: {"nurses": 4.0}}
    both = sent(world.form(area=DISTRICT), cast.verifier, cells)
    published(both, cast.officer, left_out=[NEIGHBOUR], note="Desa kedua belum.")
    rest = Submission.objects.exclude(pk=both.pk).get()
    assert told(cast.verifier, Act.APPROVED, both) and told(cast.verifier, Act.RETURNED, rest)
    (words,) = [one.words for one in news_of(cast.verifier) if one.event.act == Act.APPROVED]
    assert "1 row was left out and returned" in words


def test_a_file_that_is_set_aside_is_told_to_whoever_brought_it(world, cast):
    brought = receive(world, by=cast.walidata).submission
    Submission.objects.filter(pk=brought.pk).update(job=Job.CHECK, attempts=jobs.MOST_ATTEMPTS)
    jobs.run(brought.pk)
    assert again(brought).state == "quarantined"
    assert told(cast.walidata, Act.QUARANTINED) and told(cast.operator, Act.QUARANTINED)


def unread(person, submission):
    return Notice.objects.filter(user=person, event__submission=submission, read_at=None)


def test_news_of_what_somebody_decided_is_read_by_them_and_by_nobody_else(world, cast):
    first = published(sent(world.form(), cast.operator, CELLS), cast.officer)
    assert not unread(cast.officer, first).exists()
    assert unread(cast.walidata, first).exists() and unread(cast.operator, first).exists()
    counter = countering.counter(submission=first, by=cast.officer, note="Salah.")
    assert counter in [one.event.submission for one in read_desk(cast.walidata, []).notices]
    published(counter, cast.walidata)
    assert read_desk(cast.walidata, []).notices == []
    assert unread(cast.operator, first).filter(event__act=Act.COUNTERED).exists()


def test_news_of_another_submission_is_not_read_by_a_decision(world, cast):
    other = sent(world.form(area=NEIGHBOUR), cast.neighbour, {NEIGHBOUR: {"nurses": 4.0}})
    published(sent(world.form(), cast.operator, CELLS), cast.officer)
    assert unread(cast.officer, other).exists()
