"""The desk: who sees which question, what an office does with it, and how long it waits."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from geo.indicators.models import Sector
from geo.inquiries.models import Inquiry, InquiryMessage, State
from geo.inquiries.queries import UnknownInquiry, office_loads, read_desk
from geo.inquiries.rules import AlreadyClosed, NotYetAnswered, SameOffice
from geo.inquiries.services import answering
from geo.inquiries.services.asking import follow_up
from tests.inquiries.world import CANARIES, CANARY_EMAIL, CANARY_NAME, CANARY_PHONE, asked

pytestmark = pytest.mark.django_db
ANSWER = "Yes: 6 hectares beside the jetty."


def page_of(user, inquiry, step="inquiry"):
    client = Client()
    client.force_login(user)
    return client.get(reverse(step, args=[inquiry.number] if step == "inquiry" else []))


def post(user, inquiry, step, fields=None):
    client = Client()
    client.force_login(user)
    return client.post(reverse(step, args=[inquiry.number]), fields or {})


# --- who sees it ---------------------------------------------------------------------------


def test_the_office_walidata_and_the_regent_see_it_and_nobody_else(cast):
    inquiry = asked("health").inquiry
    seen = {name for name, user in cast.items() if page_of(user, inquiry).status_code == 200}
    assert seen == {"officer", "walidata", "regent"}
    others = set(cast) - seen
    assert {page_of(cast[name], inquiry).status_code for name in others} == {404}


@pytest.mark.parametrize("step", ["take", "answer", "forward", "close"])
def test_an_officer_of_another_office_and_the_regent_do_nothing(cast, step):
    inquiry = asked("health").inquiry
    fields = {"text": ANSWER, "sector": "roads"}
    for name in ("other_officer", "regent", "operator", "administrator"):
        assert post(cast[name], inquiry, f"inquiry_{step}", fields).status_code == 404
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.messages.count()) == (State.NEW, 0)


def test_the_service_refuses_too_whoever_calls_it(cast):
    with pytest.raises(UnknownInquiry):
        answering.answer(inquiry=asked().inquiry, by=cast["other_officer"], text=ANSWER)


def test_who_asked_is_shown_to_who_answers_and_not_to_the_regent(cast):
    inquiry = asked("health", name=CANARY_NAME, email=CANARY_EMAIL, phone=CANARY_PHONE).inquiry
    assert CANARY_EMAIL in page_of(cast["officer"], inquiry).content.decode()
    for step in ("inquiry", "inquiries"):
        page = page_of(cast["regent"], inquiry, step).content.decode()
        assert not any(canary in page for canary in CANARIES)


def test_who_answers_needs_a_second_factor_and_the_regent_none(cast):
    inquiry = asked("health").inquiry
    Authenticator.objects.all().delete()
    answer = page_of(cast["officer"], inquiry)
    assert answer["Location"].startswith(reverse("second_factor"))
    assert page_of(cast["regent"], inquiry).status_code == 200


# --- what is done with it ------------------------------------------------------------------


def test_an_answer_stands_on_the_private_page(cast):
    receipt = asked("health")
    assert post(cast["officer"], receipt.inquiry, "inquiry_answer", {"text": ANSWER}).status_code
    thread = reverse("inquiry_thread", args=[receipt.inquiry.number, receipt.token])
    assert ANSWER in Client().get(thread).content.decode()
    receipt.inquiry.refresh_from_db()
    assert (receipt.inquiry.state, receipt.inquiry.days_waiting) == (State.ANSWERED, None)


def test_passed_on_it_is_the_other_office_s_and_the_days_go_on(cast):
    inquiry = asked("health", days_ago=4).inquiry
    answer = post(
        cast["officer"], inquiry, "inquiry_forward", {"sector": "roads", "note": "Theirs."}
    )
    assert answer["Location"] == reverse("inquiries")
    assert page_of(cast["officer"], inquiry).status_code == 404
    assert page_of(cast["other_officer"], inquiry).status_code == 200
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.days_waiting, inquiry.handler) == (State.ASSIGNED, 4, None)


def test_it_is_not_passed_on_to_the_office_that_has_it(cast):
    inquiry = asked("health").inquiry
    with pytest.raises(SameOffice):
        answering.forward(inquiry=inquiry, by=cast["officer"], sector=inquiry.sector, note="")


def test_without_an_answer_it_is_not_closed(cast):
    inquiry = asked("health").inquiry
    with pytest.raises(NotYetAnswered, match=inquiry.number):
        answering.close(inquiry=inquiry, by=cast["officer"])
    post(cast["officer"], inquiry, "inquiry_close")
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW


def test_after_a_further_question_it_is_not_closed_either(cast):
    inquiry = answering.answer(inquiry=asked("health").inquiry, by=cast["officer"], text=ANSWER)
    follow_up(inquiry=inquiry, text="And what does it cost?")
    with pytest.raises(NotYetAnswered):
        answering.close(inquiry=inquiry, by=cast["officer"])


def test_the_database_closes_nothing_without_an_answer(cast):
    rows = Inquiry.objects.filter(pk=asked().inquiry.pk)
    closed = {"state": State.CLOSED, "waiting_since": None, "closed_at": timezone.now()}
    with pytest.raises(IntegrityError, match="inquiry_closed_only_with_answer"):
        rows.update(**closed)


def test_closed_with_its_answer_it_takes_nothing_more(cast):
    inquiry = asked("health").inquiry
    closed = answering.answer(inquiry=inquiry, by=cast["officer"], text=ANSWER, and_close=True)
    assert closed.state == State.CLOSED
    with pytest.raises(AlreadyClosed):
        follow_up(inquiry=closed, text="And what does it cost?")
    with pytest.raises(AlreadyClosed):
        answering.answer(inquiry=closed, by=cast["officer"], text=ANSWER)


def test_what_was_said_is_never_changed_or_deleted(cast):
    inquiry = answering.answer(inquiry=asked("health").inquiry, by=cast["officer"], text=ANSWER)
    said = InquiryMessage.objects.filter(inquiry=inquiry)
    attempts = [
        lambda: said.update(text="No."),
        lambda: said.delete(),
        lambda: Inquiry.objects.update(text="Something else"),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert said.get().text == ANSWER


# --- how long it waits ----------------------------------------------------------------------


def test_counts_and_days_by_office(cast):
    asked("health", days_ago=2)
    asked("health", days_ago=5)
    asked("roads", days_ago=1)
    answering.answer(inquiry=asked("roads").inquiry, by=cast["other_officer"], text=ANSWER)
    loads = office_loads(Inquiry.objects.visible_to(cast["regent"]))
    found = [
        (one.name, one.n_waiting, one.longest_days, one.mean_days, one.n_answered) for one in loads
    ]
    assert found == [("Office of Health", 2, 5, 3.5, 0), ("Office of Roads", 1, 1, 1.0, 1)]


def test_the_desk_shows_the_longest_waiting_first_and_filters(cast):
    young, old = asked("health", days_ago=1).inquiry, asked("roads", days_ago=8).inquiry
    desk = read_desk(cast["regent"], shelf="", office="", q="")
    assert list(desk.rows) == [old, young]
    assert list(read_desk(cast["regent"], shelf="", office="health", q="").rows) == [young]
    assert list(read_desk(cast["regent"], shelf="", office="", q=old.number).rows) == [old]
    assert list(read_desk(cast["officer"], shelf="", office="roads", q="").rows) == []
    assert [n for _code, _label, n in desk.shelves] == [2, 0, 0]


def test_people_who_answer_are_led_to_the_desk(cast):
    client = Client()
    client.force_login(cast["officer"])
    assert reverse("inquiries") in client.get(reverse("account")).content.decode()
    client.force_login(cast["operator"])
    assert reverse("inquiries") not in client.get(reverse("account")).content.decode()


def test_an_office_without_a_name_is_called_after_its_sector(cast):
    Sector.objects.get(code="roads").datasets.update(office_id="", office_en="")
    loads = office_loads(Inquiry.objects.filter(pk=asked("roads").inquiry.pk))
    assert [one.name for one in loads] == ["Roads"]
