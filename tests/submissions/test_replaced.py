"""What others publish over figures of a village is told to it, on its own submission."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from geo.accounts.models import Assignment
from geo.indicators.models import Observation
from geo.submissions.batch import publishing
from geo.submissions.kinds.news import read_news
from geo.submissions.models import Act, Notice, Publication, Replacement, State, SubmissionEvent
from geo.submissions.queries.notices import notices_of
from geo.submissions.services.notices import mail_notices
from geo.submissions.services.replacing import tell_restored
from tests.submissions.publishing import again, approve, countered, published, undone, verified
from tests.submissions.world import (
    DISTRICT,
    FAR,
    NEIGHBOUR,
    REGENCY,
    VILLAGE,
    indicator,
    ledger_cells,
    make_person,
    sent,
)

OWN = {VILLAGE: {"nurses": 3.0, "midwives": 2.0, "electrified": 80.0}}


def noted(submission):
    """The same with a word of its sender."""
    submission.note = "Menurut rekap puskesmas."
    submission.save(update_fields=["note"])
    return submission


def people_told(act) -> set[tuple[str, str]]:
    """Who was told, and on which submission's area."""
    rows = Notice.objects.filter(event__act=act)
    return set(rows.values_list("user__username", "event__submission__area__code"))


def cells_told(act, submission=None) -> list[tuple]:
    rows = Replacement.objects.filter(event__act=act)
    if submission is not None:
        rows = rows.filter(event__submission=submission)
    return sorted((one[0], *one[2:]) for row in rows for one in row.changes)


@pytest.fixture
def own(world, cast):
    """What the village itself sent, verified by the office."""
    return published(sent(world.form(), cast.operator, OWN), cast.officer)


@pytest.fixture
def by_district(world, cast, own):
    """A district changes one of the village's three figures, and one of the neighbour's none."""
    cells = {
        VILLAGE: {"nurses": 5.0, "midwives": 2.0},
        NEIGHBOUR: {"nurses": 7.0},
    }
    entry = noted(sent(world.form(area=DISTRICT), cast.verifier, cells))
    return published(entry, cast.officer, note="Sesuai.")


def test_the_village_is_told_once_on_its_own_submission(own, by_district, cast):
    assert people_told(Act.REPLACED) == {("operator", VILLAGE)}
    event = SubmissionEvent.objects.get(act=Act.REPLACED)
    assert (event.submission, event.by, event.note) == (
        own,
        cast.officer,
        "Menurut rekap puskesmas.",
    )
    assert event.replacement.publication.submission == by_district
    assert cells_told(Act.REPLACED) == [(VILLAGE, "nurses", 3, 5)]
    assert again(own).state == State.VERIFIED


def test_what_leaves_its_figures_as_they_are_tells_nothing(world, cast, own):
    same = {VILLAGE: {"nurses": 3.0, "midwives": 2.0}, NEIGHBOUR: {"nurses": 7.0}}
    published(sent(world.form(area=DISTRICT), cast.verifier, same), cast.officer)
    assert not SubmissionEvent.objects.filter(act=Act.REPLACED).exists()


def test_a_figure_that_others_had_brought_in_is_not_the_village_s(world, cast, own):
    """The neighbour's was the district's; the village never sent anything else than three."""
    for value in (7.0, 8.0):
        cells = {NEIGHBOUR: {"nurses": value}}
        published(sent(world.form(area=DISTRICT), cast.verifier, cells), cast.officer)
    assert not SubmissionEvent.objects.filter(act=Act.REPLACED).exists()


def test_what_stands_no_more_is_not_replaced_a_second_time(world, cast, own, by_district):
    cells = {VILLAGE: {"nurses": 6.0, "electrified": 90.0}}
    published(sent(world.form(area=REGENCY), cast.officer, cells), cast.walidata)
    latest = Replacement.objects.order_by("pk").last()
    assert [one[2:] for one in latest.changes] == [["electrified", 80, 90]]


def test_its_own_later_submission_replaces_without_a_word(world, cast, own):
    published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 4.0}}), cast.officer)
    assert not SubmissionEvent.objects.filter(act=Act.REPLACED).exists()


def test_nor_does_one_of_a_colleague_in_the_same_village(world, cast, own):
    colleague = make_person("colleague")
    first = Assignment.objects.get(user=cast.operator)
    Assignment.objects.create(
        user=colleague, role=first.role, area=first.area, valid_from=first.valid_from
    )
    published(sent(world.form(), colleague, {VILLAGE: {"nurses": 4.0}}), cast.officer)
    assert not SubmissionEvent.objects.filter(act=Act.REPLACED).exists()


def test_another_at_the_same_place_is_told_of(world, cast, own):
    published(sent(world.form(), cast.walidata, {VILLAGE: {"nurses": 4.0}}), cast.officer)
    assert people_told(Act.REPLACED) == {("operator", VILLAGE)}
    assert cells_told(Act.REPLACED, own) == [(VILLAGE, "nurses", 3, 4)]


def test_nobody_is_told_of_what_they_did_themselves(world, cast):
    """The steward sent the first for the village, and replaces it; another approves both."""
    published(sent(world.form(), cast.walidata, OWN), cast.officer)
    cells = {VILLAGE: {"nurses": 5.0}}
    published(sent(world.form(area=DISTRICT), cast.walidata, cells), cast.officer)
    assert people_told(Act.REPLACED) == {("operator", VILLAGE)}


def test_a_successor_who_answers_for_the_village_is_told_too(world, cast, own):
    successor = make_person("successor")
    first = Assignment.objects.get(user=cast.operator)
    Assignment.objects.create(
        user=successor, role=first.role, area=first.area, valid_from=first.valid_from
    )
    cells = {VILLAGE: {"nurses": 5.0}}
    published(sent(world.form(area=DISTRICT), cast.verifier, cells), cast.officer)
    assert people_told(Act.REPLACED) == {("operator", VILLAGE), ("successor", VILLAGE)}
    assert ("neighbour", VILLAGE) not in people_told(Act.REPLACED)


def test_of_two_own_submissions_the_latest_is_the_place_to_tell_it(world, cast, own):
    second = published(sent(world.form(), cast.operator, {VILLAGE: {"nurses": 4.0}}), cast.officer)
    cells = {VILLAGE: {"nurses": 5.0, "electrified": 90.0}}
    published(sent(world.form(area=DISTRICT), cast.verifier, cells), cast.officer)
    assert cells_told(Act.REPLACED, second) == [
        (VILLAGE, "electrified", 80, 90),
        (VILLAGE, "nurses", 4, 5),
    ]
    assert not cells_told(Act.REPLACED, own)


def test_rows_left_out_replace_nothing(world, cast, own):
    cells = {VILLAGE: {"nurses": 5.0}, NEIGHBOUR: {"nurses": 7.0}}
    both = sent(world.form(area=DISTRICT), cast.verifier, cells)
    published(both, cast.officer, left_out=[VILLAGE], note="Belum.")
    assert not SubmissionEvent.objects.filter(act=Act.REPLACED).exists()


def test_a_publication_that_fails_tells_nothing(world, cast, own, monkeypatch):
    def refuse(**_facts):
        raise RuntimeError

    monkeypatch.setattr(publishing, "tell_replaced", refuse)
    cells = {VILLAGE: {"nurses": 5.0}}
    entry = approve(sent(world.form(area=DISTRICT), cast.verifier, cells), cast.officer)
    with pytest.raises(RuntimeError):
        publishing.publish(entry)
    assert Observation.objects.as_of().get(indicator=indicator("nurses")).value == 3
    assert Publication.objects.count() == 1


# --- taken back ---------------------------------------------------------------------


def test_an_undone_publication_gives_the_figures_back_and_says_so(world, cast):
    own = published(sent(world.form(), cast.operator, OWN), cast.verifier)
    cells = {VILLAGE: {"nurses": 5.0}}
    other = sent(world.form(area=DISTRICT), cast.walidata, cells)
    other = published(other, cast.verifier)
    assert cells_told(Act.REPLACED) == [(VILLAGE, "nurses", 3, 5)]
    undone(other, cast.verifier, "Salah desa.")
    assert people_told(Act.RESTORED) == {("operator", VILLAGE)}
    assert cells_told(Act.RESTORED, own) == [(VILLAGE, "nurses", 5, 3)]
    news = read_news(notices_of(cast.operator), cast.operator)[0]
    assert news.event.note == "Salah desa."
    assert other.number in news.words and "stand again" in news.words


def test_so_does_a_counter_entry(own, by_district, cast):
    _first, entry = countered(by_district, cast.officer, cast.walidata)
    assert people_told(Act.RESTORED) == {("operator", VILLAGE)}
    assert cells_told(Act.RESTORED, own) == [(VILLAGE, "nurses", 5, 3)]
    event = SubmissionEvent.objects.get(act=Act.RESTORED)
    assert entry.number in event.note and event.by == cast.walidata


def test_what_replaced_nothing_gives_nothing_back(world, cast, own):
    cells = {NEIGHBOUR: {"nurses": 7.0}}
    other = sent(world.form(area=DISTRICT), cast.walidata, cells)
    undone(published(other, cast.verifier), cast.verifier)
    assert not SubmissionEvent.objects.filter(act=Act.RESTORED).exists()


def test_only_figures_that_do_stand_again_are_told(world, own, by_district, cast):
    """Asked before anything was taken back."""
    publication, form = by_district.publications.get(), world.form(area=DISTRICT)
    assert not tell_restored(publication=publication, form=form, by=cast.officer, note="")
    assert not people_told(Act.RESTORED)


def test_figures_verified_since_still_are_the_village_s(world, cast):
    own = published(sent(world.form(), cast.operator, OWN), cast.verifier)
    verified(own, cast.officer)
    cells = {VILLAGE: {"nurses": 5.0}}
    published(sent(world.form(area=DISTRICT), cast.verifier, cells), cast.officer)
    assert cells_told(Act.REPLACED, own) == [(VILLAGE, "nurses", 3, 5)]


# --- the book -----------------------------------------------------------------------


def book_of(world, by, births, area=VILLAGE, period="", opening=(600, 580)):
    cells = {VILLAGE: ledger_cells(opening=opening, births=births)}
    return sent(world.form(world.book, area=area, period=period), by, cells)


def test_a_month_of_the_book_is_told_like_figures(world, cast):
    own = published(book_of(world, cast.operator, (1, 0)), cast.verifier)
    other = published(noted(book_of(world, cast.verifier, (3, 0), area=DISTRICT)), cast.officer)
    assert other.failure == ""
    assert people_told(Act.REPLACED) == {("operator", VILLAGE)}
    assert cells_told(Act.REPLACED, own) == [
        (VILLAGE, "births_male", 1, 3),
        (VILLAGE, "closing_male", 601, 603),
    ]
    countered(other, cast.officer, cast.walidata)
    assert cells_told(Act.RESTORED, own) == [
        (VILLAGE, "births_male", 3, 1),
        (VILLAGE, "closing_male", 603, 601),
    ]


def test_a_month_carried_forward_is_still_the_village_s(world, cast):
    published(book_of(world, cast.operator, (0, 0), period="2026-09"), cast.verifier)
    own = published(book_of(world, cast.operator, (1, 0)), cast.verifier)
    earlier = noted(book_of(world, cast.verifier, (2, 0), area=DISTRICT, period="2026-09"))
    assert published(earlier, cast.officer).failure == ""
    later = noted(book_of(world, cast.verifier, (4, 0), area=DISTRICT, opening=(602, 580)))
    assert published(later, cast.officer).failure == ""
    assert (VILLAGE, "births_male", 1, 4) in cells_told(Act.REPLACED, own)


# --- what is read -------------------------------------------------------------------


def test_the_village_reads_who_replaced_what_and_why(own, by_district, cast, client, settings):
    settings.SENDS_MAIL, settings.SITE_ADDRESS = True, "https://peta.example.org"
    mail.outbox.clear()
    mail_notices()
    client.force_login(cast.operator)
    told = client.get(reverse("notices")).content.decode()
    page = client.get(reverse("submission", args=[own.number])).content.decode()
    desk = client.get(reverse("desk")).content.decode()
    both = (own.number, by_district.number)
    letters = [one for one in mail.outbox if all(number in one.body for number in both)]
    assert [one.to for one in letters] == [["operator@example.org"]]
    for words in (by_district.number, "Verifier", "Menurut rekap puskesmas."):
        assert words in told and words in page and words in letters[0].body, words
    assert "Nurses: 3 → 5" in told and "Nurses: 3 → 5" in desk
    assert "Perawat: 3 → 5" in letters[0].body
    assert "Officer" in told and "Midwives: " not in told
    replaced = page[page.index('id="replaced"') :]
    assert re.search(r">3<.*<strong>5<", replaced[: replaced.index("</section>")])


def test_the_way_to_the_other_submission_is_offered_to_those_who_may_go_it(
    world, own, by_district, cast, client
):
    way = f'href="{reverse("submission", args=[by_district.number])}"'
    client.force_login(cast.operator)
    for address in (reverse("notices"), reverse("submission", args=[own.number])):
        assert way not in client.get(address).content.decode(), "it would answer 404"
    assert client.get(reverse("submission", args=[by_district.number])).status_code == 404
    client.force_login(cast.walidata)
    assert way in client.get(reverse("submission", args=[own.number])).content.decode()


def test_a_successor_at_the_same_place_is_a_way_that_the_village_may_go(world, own, cast, client):
    other = published(sent(world.form(), cast.walidata, {VILLAGE: {"nurses": 4.0}}), cast.officer)
    client.force_login(cast.operator)
    way = f'href="{reverse("submission", args=[other.number])}"'
    page = client.get(reverse("submission", args=[own.number])).content.decode()
    assert way in page[page.index('id="replaced"') :]
    told = client.get(reverse("notices")).content.decode()
    assert f">Open {other.number}<" in told


def test_the_page_names_it_only_while_it_stands(own, by_district, cast, client):
    client.force_login(cast.operator)
    address = reverse("submission", args=[own.number])
    page = client.get(address).content.decode()
    assert 'id="replaced"' in page and "Others have replaced figures of it since" in page
    countered(by_district, cast.officer, cast.walidata)
    page = client.get(address).content.decode()
    assert 'id="replaced"' not in page and "Others have replaced" not in page
    assert "Replaced figures stand again" in page


def test_queries_do_not_grow_with_the_villages(world, cast):
    """As many for three villages that are told as for one."""
    by = {VILLAGE: cast.operator, NEIGHBOUR: cast.neighbour, FAR: cast.far_operator}
    for code, person in by.items():
        cells = {code: {"nurses": 3.0}}
        published(sent(world.form(area=code), person, cells), cast.officer)

    def n_queries(*codes, value):
        cells = {code: {"nurses": value} for code in codes}
        entry = sent(world.form(area=REGENCY), cast.walidata, cells)
        entry = approve(entry, cast.officer)
        with CaptureQueriesContext(connection) as seen:
            assert publishing.publish(entry)
        return len(seen)

    one = n_queries(VILLAGE, value=4.0)
    assert len(people_told(Act.REPLACED)) == 1
    for code, person in by.items():
        cells = {code: {"nurses": 5.0}}
        published(sent(world.form(area=code), person, cells), cast.officer)
    assert n_queries(*by, value=6.0) == one
    assert people_told(Act.REPLACED) == {
        ("operator", VILLAGE),
        ("neighbour", NEIGHBOUR),
        ("far_operator", FAR),
    }
