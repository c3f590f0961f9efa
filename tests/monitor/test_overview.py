"""The regent's page: what is late, at whose desk it lies, which questions are open."""

import datetime

from django.test import Client
from django.utils import timezone

from geo.accounts.permits import desks
from geo.attachments.models import State as Photo
from geo.monitor.queries import Waiting, read_overview
from geo.submissions.models import State, Submission
from tests.attachments.world import make_row
from tests.inquiries.world import asked
from tests.maps.html import read
from tests.submissions.world import VILLAGE, draft, sent

TODAY = datetime.date(2026, 11, 22)
FIGURES = {"nurses": 3, "midwives": 2, "electrified": 80}
ADDRESS = "/en/pantau/"


def late_of(overview, code: str):
    return next(one for one in overview.late if one.round.dataset.code == code)


def pile_of(overview, desk: str):
    return next(pile for pile in overview.piles if pile.desk == desk)


def test_the_regent_begins_here(world):
    client = Client()
    client.force_login(world.cast.regent)
    assert client.get("/en/masuk/")["Location"] == ADDRESS
    text = read(client.get(ADDRESS)).one(id="main").text
    assert "Overdue" in text
    assert "At whose desk it lies" in text
    assert "0 of 17 delivered" in text


def test_others_who_see_all_find_it_last_and_the_rest_not_at_all(world):
    addresses = [address for _label, address in desks(world.cast.walidata)]
    assert addresses[-1] == ADDRESS
    assert addresses[0] != ADDRESS
    for person in (world.cast.operator, world.cast.verifier, world.cast.officer):
        assert ADDRESS not in [address for _label, address in desks(person)]
        client = Client()
        client.force_login(person)
        assert client.get(ADDRESS).status_code == 404


def test_what_is_missing_is_counted_by_district(world):
    before = late_of(read_overview(world.cast.regent, TODAY), "figures")
    assert before.round.n_expected == 17
    assert sum(n for _name, n in before.districts) == 17
    sent(world.form(period="2025"), world.cast.operator, {VILLAGE: FIGURES})
    after = late_of(read_overview(world.cast.regent, TODAY), "figures")
    assert after.round.n_delivered == 1
    assert sum(n for _name, n in after.districts) == 16
    assert dict(after.districts)["Petak 1"] == dict(before.districts)["Petak 1"] - 1
    assert after.districts[-1][0] == "Petak 1", "where most are missing comes first"


def test_what_lies_is_told_with_its_days_the_oldest_first(world):
    first = sent(world.form(period="2025"), world.cast.operator, {VILLAGE: FIGURES})
    draft(world.form(period="2024"), world.cast.operator, {VILLAGE: FIGURES})
    since = timezone.make_aware(datetime.datetime(2026, 11, 10, 9))  # noqa: DTZ001 made aware
    Submission.objects.filter(pk=first.pk).update(state_since=since)
    overview = read_overview(world.cast.regent, TODAY)
    reviewers = pile_of(overview, "reviewer")
    assert [(one.submission, one.days) for one in reviewers.oldest] == [(first, 12)]
    assert pile_of(overview, "sender").n == 1
    Submission.objects.filter(pk=first.pk).update(state=State.PUBLISHED)
    overview = read_overview(world.cast.regent, TODAY)
    assert (pile_of(overview, "reviewer").n, pile_of(overview, "office").n) == (0, 1)
    client = Client()
    client.force_login(world.cast.regent)
    page = read(client.get(ADDRESS))
    links = [a.attributes.get("href") for a in page.all("a")]
    (address,) = {link for link in links if first.number in (link or "")}
    assert client.get(address).status_code == 200, "the regent reads what lies there"


def test_questions_are_counted_for_those_who_may_read_them(world):
    asked("test")
    later = timezone.localdate() + datetime.timedelta(days=7)
    found = read_overview(world.cast.regent, later).questions
    assert (found.n, found.days) == (1, 7)
    assert read_overview(world.cast.admin, TODAY).questions is None


def test_photos_that_nobody_has_looked_at_are_counted(world):
    assert read_overview(world.cast.regent, TODAY).attachments == Waiting(0, 0)
    photo = make_row(world.cast.operator)
    later = timezone.localdate() + datetime.timedelta(days=3)
    assert read_overview(world.cast.regent, later).attachments == Waiting(1, 3)
    client = Client()
    client.force_login(world.cast.regent)
    assert "waited for" in read(client.get(ADDRESS)).one(id="main").text
    photo.state, photo.decided_at = Photo.PUBLISHED, timezone.now()
    photo.decided_by = world.cast.verifier
    photo.save()
    assert read_overview(world.cast.regent, later).attachments == Waiting(0, 0)


def test_reading_as_if_for_all_gives_no_rights(world, client):
    read_overview(world.cast.regent, TODAY)
    client.force_login(world.cast.regent)
    assert client.get("/en/unggah/").status_code == 404
    assert client.get("/en/akun/pengguna/").status_code == 404


def test_the_page_takes_few_queries(world, django_assert_max_num_queries):
    client = Client()
    client.force_login(world.cast.regent)
    client.get(ADDRESS)
    with django_assert_max_num_queries(26):
        assert client.get(ADDRESS).status_code == 200
