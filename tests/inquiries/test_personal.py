"""Who asked stands in one table, for a stated time, and nowhere else; and the mails."""

import datetime
import json
import logging
import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_q.models import Schedule

from geo.apps import keep_schedules
from geo.inquiries.models import InquirerContact, Inquiry, InquiryMail
from geo.inquiries.services import answering
from geo.inquiries.services.mailing import mail_inquiries
from geo.inquiries.services.retention import delete_old_contacts
from tests.inquiries.world import (
    ASK,
    CANARIES,
    CANARY_EMAIL,
    CANARY_NAME,
    CANARY_PHONE,
    TEXT,
    VILLAGE,
    asked,
    filled,
)

pytestmark = pytest.mark.django_db
CANARY = {"name": CANARY_NAME, "email": CANARY_EMAIL, "phone": CANARY_PHONE}


def holds_canary(text):
    return [canary for canary in CANARIES if canary in text]


@pytest.fixture
def mailing(settings):
    settings.SENDS_MAIL = True
    settings.SITE_ADDRESS = "https://peta.example.org"


# --- nowhere else ---------------------------------------------------------------------------


def test_no_other_table_holds_who_asked(cast):
    from django.apps import apps

    asked(**CANARY)
    for model in apps.get_models():
        for row in model.objects.values() if model is not InquirerContact else ():
            assert not holds_canary(json.dumps(row, default=str)), model
    assert holds_canary(json.dumps(list(InquirerContact.objects.values()), default=str))


def test_no_open_page_file_or_interface_holds_who_asked(kotak):
    receipt = asked(**CANARY)
    thread = reverse("inquiry_thread", args=[receipt.inquiry.number, receipt.token])
    api = ["/api/v1/openapi.json", "/api/v1/areas", "/api/v1/indicators"]
    for address in [ASK, f"{ASK}?a={VILLAGE}", thread, f"/en/wilayah/{VILLAGE}/", *api]:
        answer = Client().get(address)
        assert answer.status_code == 200, address
        assert not holds_canary(answer.content.decode()), address
    assert "inquir" not in Client().get(api[0]).content.decode().lower()


def test_thirty_faulty_forms_leave_no_trace_in_logs(kotak, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    faulty = [{"text": ""}, {"sector": "nothing"}, {"website": "x"}]
    for n in range(30):
        given = filled(**CANARY, consent="on") | faulty[n % 3]
        Client().post(ASK, given, REMOTE_ADDR=f"10.3.0.{n}")
    written = caplog.text + "".join(capfd.readouterr())
    assert not holds_canary(written)


def test_a_mail_server_that_is_away_leaves_no_trace_in_logs(cast, mailing, settings, caplog):
    asked(**CANARY)
    settings.EMAIL_BACKEND = "tests.inquiries.test_personal.Away"
    assert mail_inquiries() == 0
    assert "will be tried again" in caplog.text
    assert not holds_canary(caplog.text)
    assert InquiryMail.objects.filter(sent_at=None).exists()


class Away:
    def __init__(self, **_given):
        pass

    def open(self):
        raise OSError(f"no way to {CANARY_EMAIL}")

    def close(self):
        pass


# --- for a time -----------------------------------------------------------------------------


def test_contacts_go_on_the_day_that_was_stated(kotak, settings):
    settings.INQUIRY_RETENTION_DAYS = 30
    receipt = asked(**CANARY)
    today = timezone.localdate()
    assert receipt.delete_after == today + datetime.timedelta(days=30)
    assert delete_old_contacts(today=today + datetime.timedelta(days=29)).n_contacts == 0
    assert delete_old_contacts(today=today + datetime.timedelta(days=30)).n_contacts == 1
    assert InquirerContact.objects.count() == 0
    assert Inquiry.objects.get().text == TEXT


def test_after_it_the_thread_still_opens_and_nobody_is_mailed(cast, mailing):
    receipt = asked(**CANARY)
    InquiryMail.objects.all().delete()
    InquirerContact.objects.all().delete()
    answering.answer(inquiry=receipt.inquiry, by=cast["officer"], text="Yes, there is.")
    assert mail_inquiries() == 0
    thread = reverse("inquiry_thread", args=[receipt.inquiry.number, receipt.token])
    assert Client().get(thread).status_code == 200


def test_traces_of_the_network_go_after_two_days(kotak):
    asked(days_ago=3, address="10.9.9.9")
    asked(address="10.9.9.8")
    assert delete_old_contacts().n_senders == 1
    assert InquirerContact.objects.exclude(sender_hash="").count() == 1


def test_the_command_counts_and_deletes(kotak, capsys):
    asked(**CANARY)
    InquirerContact.objects.update(delete_after=timezone.localdate())
    call_command("delete_inquiry_contacts", dry_run=True)
    assert InquirerContact.objects.count() == 1
    call_command("delete_inquiry_contacts")
    assert InquirerContact.objects.count() == 0
    assert "Contacts deleted: 1" in capsys.readouterr().out


def test_the_worker_forgets_every_day(db):
    keep_schedules()
    found = dict(Schedule.objects.values_list("func", "schedule_type"))
    assert found["geo.inquiries.batch.schedules.forget"] == Schedule.DAILY
    assert found["geo.inquiries.batch.schedules.mail"] == Schedule.MINUTES


def test_a_name_without_consent_is_refused_by_the_database_too(kotak):
    asked()
    with pytest.raises(DatabaseError, match="inquirer_consented"):
        InquirerContact.objects.update(name=CANARY_NAME)


# --- mails ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "start"), [("en", "/en/tanya/"), ("id", "/tanya/")])
def test_who_asked_is_mailed_a_link_that_opens_in_their_language(cast, mailing, language, start):
    asked(language=language, **CANARY)
    with translation.override("en" if language == "id" else "id"):
        assert mail_inquiries() == 1
    (message,) = mail.outbox
    assert message.to == [CANARY_EMAIL]
    link = re.search(r"https://peta\.example\.org(/\S+)", message.body)[1]
    assert link.startswith(start)
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize("and_close", [False, True])
def test_after_an_answer_who_asked_is_mailed_a_link_to_it(cast, mailing, and_close):
    inquiry = asked(**CANARY).inquiry
    mail_inquiries()
    mail.outbox.clear()
    answering.answer(
        inquiry=inquiry, by=cast["officer"], text="Six hectares, yes.", and_close=and_close
    )
    assert mail_inquiries() == 1
    (message,) = mail.outbox
    assert message.to == [CANARY_EMAIL]
    assert "has an answer" in message.subject
    assert ("write further" in message.body) == (not and_close)
    link = re.search(r"https://peta\.example\.org(/\S+)", message.body)[1]
    assert "Six hectares, yes." in Client().get(link).content.decode()


def test_a_mail_holds_neither_question_nor_answer_nor_name(cast, mailing):
    receipt = asked(**CANARY)
    answering.answer(inquiry=receipt.inquiry, by=cast["officer"], text="Six hectares, yes.")
    assert mail_inquiries() == 2
    for message in mail.outbox:
        written = message.subject + message.body
        assert receipt.inquiry.number in message.subject
        assert TEXT not in written
        assert "Six hectares" not in written
        assert CANARY_NAME not in written


def test_the_officers_with_an_address_are_told_and_no_others(cast, mailing):
    for name in ("officer", "other_officer", "regent"):
        cast[name].email = f"{name}@example.org"
        cast[name].save()
    inquiry = asked("health").inquiry
    assert mail_inquiries() == 1
    assert mail.outbox[0].to == ["officer@example.org"]
    with translation.override("id"):
        assert reverse("inquiry", args=[inquiry.number]) in mail.outbox[0].body
    assert mail_inquiries() == 0


def test_without_a_mail_server_nothing_waits(cast, settings):
    settings.SENDS_MAIL = False
    receipt = asked(**CANARY)
    assert (receipt.is_mailed, InquiryMail.objects.count(), mail_inquiries()) == (False, 0, 0)
