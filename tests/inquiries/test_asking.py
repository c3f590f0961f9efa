"""Anybody asks: the form, what it refuses, the receipt, and the private thread."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from geo.areas.models import Area
from geo.documents.models import Dossier
from geo.indicators.models import Dataset
from geo.inquiries.models import InquirerContact, Inquiry, InquiryKey, hash_token
from geo.inquiries.rules import (
    MOST_BY_SENDER_AN_HOUR,
    MOST_IN_TEN_MINUTES,
    Personal,
    TooManyQuestions,
    faults_of_text,
    mask_personal,
)
from geo.inquiries.services.answering import answer
from tests.accounts.world import make_sector
from tests.inquiries.world import ASK, CANARY_EMAIL, CANARY_NAME, TEXT, VILLAGE, asked, filled
from tests.maps.html import read
from tests.opportunities.world import make_counted, publish

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/(?:en/)?tanya/TN-[0-9]{4}-[0-9]{6}/[\w-]+/)"')


@pytest.fixture
def visitor(kotak):
    return Client()


@pytest.fixture
def offer(kotak):
    """An opportunity, and the office that answers for those."""
    make_counted()
    office = Dataset.objects.get(code="health_yearly")
    office.pk, office.code, office.sector = None, "offers_yearly", make_sector("investment")
    office.save()
    return publish(Area.objects.current().get(code=VILLAGE))


def text_of(page):
    return page.content.decode()


# --- asking and reading along -------------------------------------------------------------


def test_a_question_gets_a_number_and_a_private_link_that_opens(visitor):
    answer = visitor.post(f"{ASK}?a={VILLAGE}", filled())
    inquiry = Inquiry.objects.get()
    assert answer.status_code == 200
    assert inquiry.number in text_of(answer)
    assert (inquiry.subject, inquiry.subject_code, inquiry.sector.code) == (
        "area",
        VILLAGE,
        "health",
    )
    link = LINK.search(text_of(answer))[1]
    thread = Client().get(link)
    assert thread.status_code == 200
    assert TEXT in text_of(thread)


@pytest.mark.parametrize(("address", "language"), [("/tanya/", "id"), ("/en/tanya/", "en")])
def test_a_question_keeps_the_language_of_its_page(visitor, address, language):
    answer = visitor.post(address, filled())
    assert Inquiry.objects.get().language == language
    prefix = "/en/tanya/" if language == "en" else "/tanya/"
    assert LINK.search(text_of(answer))[1].startswith(prefix)


@pytest.mark.parametrize(
    ("sends", "said"),
    [(True, "Without an e-mail, keep the private link"), (False, "no e-mail yet")],
)
def test_the_form_promises_no_mail_that_nobody_sends(visitor, settings, sends, said):
    settings.SENDS_MAIL = sends
    assert said in text_of(visitor.get("/en/tanya/"))


@pytest.mark.parametrize("name", ["", CANARY_NAME])
def test_only_who_says_who_they_are_is_told_when_that_is_deleted(visitor, name):
    answer = visitor.post("/en/tanya/", filled(name=name, email="", phone="", consent="on"))
    assert answer.status_code == 200
    assert ("What you stated about yourself is deleted" in text_of(answer)) == bool(name)


def test_a_question_of_today_waits_since_today(visitor):
    answer = visitor.post("/en/tanya/", filled())
    thread = text_of(visitor.get(LINK.search(text_of(answer))[1]))
    assert "Waiting for an answer since today" in thread
    assert "0 days" not in thread


def test_only_the_hash_of_the_token_is_kept(kotak):
    receipt = asked()
    kept = InquiryKey.objects.get().token_hash
    assert kept == hash_token(receipt.token) != receipt.token
    assert len(receipt.token) >= 22  # 128 bits in base 64


def test_a_wrong_token_or_number_is_the_same_404(visitor):
    first, second = asked(), asked()
    answers = [
        visitor.get(reverse("inquiry_thread", args=pair))
        for pair in [
            (first.inquiry.number, second.token),
            (first.inquiry.number, first.token[:-1] + ("A" if first.token[-1] != "A" else "B")),
            (first.inquiry.number.replace("TN-2", "TN-1"), first.token),
            ("TN-2026-999999999", first.token),
            (first.inquiry.number, "x"),
        ]
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert len({text_of(answer).count(TEXT) for answer in answers}) == 1
    assert not any(TEXT in text_of(answer) for answer in answers)


def test_guessing_tokens_finds_nothing(visitor):
    number = asked().inquiry.number
    codes = {
        visitor.get(reverse("inquiry_thread", args=[number, hash_token(str(n))[:22]])).status_code
        for n in range(100)
    }
    assert codes == {404}


def test_pages_with_a_token_tell_no_other_site(visitor):
    receipt = asked()
    page = visitor.get(reverse("inquiry_thread", args=[receipt.inquiry.number, receipt.token]))
    assert page["Referrer-Policy"] == "same-origin"
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]


def test_who_asked_writes_further_and_the_question_waits_again(visitor):
    receipt = asked()
    address = reverse("inquiry_thread", args=[receipt.inquiry.number, receipt.token])
    assert visitor.post(address, {"text": "And how deep is the river?"}).status_code == 302
    assert "And how deep is the river?" in text_of(visitor.get(address))


def test_a_thread_takes_ten_texts_a_day(visitor):
    receipt = asked()
    address = reverse("inquiry_thread", args=[receipt.inquiry.number, receipt.token])
    codes = [visitor.post(address, {"text": f"Once more, text {n}"}).status_code for n in range(12)]
    assert codes == [302] * 10 + [429] * 2
    assert receipt.inquiry.messages.count() == 10


def test_a_form_sent_twice_is_one_question(visitor):
    fields = filled()
    visitor.post(ASK, fields)
    again = visitor.post(ASK, fields)
    assert again.status_code == 409
    assert Inquiry.objects.get().number in text_of(again)


# --- what is refused ----------------------------------------------------------------------


def test_what_a_link_asks_about_must_exist(visitor):
    assert visitor.get(f"{ASK}?a=99.99").status_code == 404
    assert visitor.get(f"{ASK}?peluang=PI-1999-001").status_code == 404
    assert visitor.get(f"{ASK}?dosir=%3Cscript%3E").status_code == 404
    assert visitor.get(f"{ASK}?dosir=NOSUCHDOSS").status_code == 404
    assert visitor.post(f"{ASK}?dosir=NOSUCHDOSS", filled()).status_code == 404
    assert not Inquiry.objects.exists()


def test_an_opportunity_is_asked_about_by_its_code_in_small_letters(visitor, offer):
    code = offer.code
    assert visitor.get(f"{ASK}?peluang={code.lower()}").status_code == 200
    visitor.post(f"{ASK}?peluang={code.lower()}", filled())
    assert Inquiry.objects.get().subject_code == code


def chosen(page) -> list[str]:
    """The office that a form proposes."""
    options = read(page).one("select", id="id_sector").all("option")
    return [one.attributes["value"] for one in options if "selected" in one.attributes]


def test_only_about_investments_an_office_is_proposed(visitor, offer):
    """Who asks about a village may mean its school: a wrong office would be proposed to most."""
    assert chosen(visitor.get(f"{ASK}?peluang={offer.code}")) == ["investment"]
    assert chosen(visitor.get(f"{ASK}?a={VILLAGE}")) in ([], [""])
    assert chosen(visitor.get(f"{ASK}?a={VILLAGE}&kantor=health")) == ["health"]


def test_who_writes_while_it_is_closed_loses_no_text(visitor, cast):
    receipt = asked("health")
    address = reverse("inquiry_thread", args=[receipt.inquiry.number, receipt.token])
    answer(inquiry=receipt.inquiry, by=cast["officer"], text="Six hectares.", and_close=True)
    late = visitor.post(address, {"text": "And what does a hectare cost?"})
    assert late.status_code == 409
    assert f"{receipt.inquiry.number} is closed" in text_of(late)
    assert "And what does a hectare cost?" in text_of(late)
    assert f'href="{ASK}?a={VILLAGE}"' in text_of(late), "a new one is about the same"


def test_a_dossier_is_asked_about_by_its_code_however_it_is_written(visitor):
    made = Dossier.objects.create(
        kind="area", query="", language="en", pinned_at=timezone.now(), address="", digest="d"
    )
    assert made.code in text_of(visitor.get(f"{ASK}?dosir={made.code.lower()}"))
    visitor.post(f"{ASK}?dosir={made.code.lower()}", filled())
    assert Inquiry.objects.get().subject_code == made.code


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"text": ""}, "The text is missing. Write it."),
        ({"text": "short"}, "5 characters"),
        ({"text": "x" * 3001}, "3001 characters"),
        ({"text": "buy http://a http://b http://c www.d.example"}, "more than 3 links"),
        ({"sector": ""}, "Choose the office that is meant."),
        ({"sector": "nothing"}, "not one of the available choices"),
        ({"email": "not an address", "consent": "on"}, "not an e-mail address. Write it whole"),
        ({"phone": "call me", "consent": "on"}, "not a telephone number"),
        ({"name": CANARY_NAME}, "may be kept"),
        ({"website": "https://spam.example"}, "must stay empty"),
        ({"name": "x" * 101, "consent": "on"}, "at most 100 characters"),
    ],
)
def test_faults_are_sentences_and_nothing_is_kept(visitor, changed, sentence):
    answer = visitor.post(ASK, filled(**changed))
    assert sentence in text_of(answer)
    assert Inquiry.objects.count() == 0


def test_of_500_questions_from_one_address_five_are_kept(visitor):
    codes = [visitor.post(ASK, filled()).status_code for _ in range(500)]
    assert Inquiry.objects.count() == MOST_BY_SENDER_AN_HOUR
    assert codes.count(429) == 500 - MOST_BY_SENDER_AN_HOUR


def test_of_500_questions_from_500_addresses_twenty_are_kept(kotak):
    n_refused = 0
    for n in range(500):
        try:
            asked(address=f"10.1.{n // 250}.{n % 250}")
        except TooManyQuestions:
            n_refused += 1
    assert (Inquiry.objects.count(), n_refused) == (MOST_IN_TEN_MINUTES, 480)
    assert MOST_IN_TEN_MINUTES <= 20


def test_one_contact_asks_five_times_a_day_however_it_is_written(kotak):
    written = [CANARY_EMAIL, CANARY_EMAIL.upper(), f" {CANARY_EMAIL}"] * 3
    for n, email in enumerate(written):
        fields = filled(email=email, consent="on")
        Client().post(ASK, fields, REMOTE_ADDR=f"10.2.0.{n}")
    assert Inquiry.objects.count() == 5


# --- personal data in texts ---------------------------------------------------------------


def test_numbers_of_persons_are_taken_out_of_a_text_with_a_warning(visitor):
    text = "My NIK is 1607104107900003, write to budi@example.org or 0812-3456-7890, please."
    answer = visitor.post(ASK, filled(text=text))
    kept = Inquiry.objects.get().text
    assert kept == "My NIK is 1607********0003, write to ****** or ******, please."
    assert "a number of identity (NIK or KK), an e-mail address, a telephone number" in text_of(
        answer
    )


@pytest.mark.parametrize(
    "text", ["It costs 1.500.000.000 rupiah in 2026.", "Parcel 12, 2,5 ha, KBLI 10631, 08:00"]
)
def test_other_numbers_stay(text):
    assert mask_personal(text) == mask_personal(text).__class__(text, frozenset())


def test_an_office_may_write_its_own_telephone():
    text = "Call +62 711 123456 or kantor@example.go.id."
    assert mask_personal(text, with_contacts=False).text == text
    assert mask_personal(text).found == {Personal.EMAIL, Personal.TELEPHONE}


def test_all_faults_of_a_text_are_said_at_once():
    assert len(faults_of_text("http://a " * 400)) == 2


def test_the_form_says_until_when_contacts_are_kept(visitor, settings):
    settings.INQUIRY_RETENTION_DAYS = 0
    from django.utils import formats, timezone

    day = formats.date_format(timezone.localdate(), "DATE_FORMAT")
    assert f"deleted on {day}" in text_of(visitor.get(ASK))


def test_without_a_name_no_contact_is_stated(visitor):
    visitor.post(ASK, filled())
    contact = InquirerContact.objects.get()
    assert not contact.is_stated
    assert contact.consented_at is None
