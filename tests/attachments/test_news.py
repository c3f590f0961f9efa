"""What became of a photo is told to who handed it in: on the site, and by e-mail if possible."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from geo.accounts.models import Role, User
from geo.attachments.batch.schedules import SCHEDULES
from geo.attachments.batch.schedules import mail as mail_now
from geo.attachments.models import AttachmentNotice
from geo.attachments.services import deciding
from tests.accounts.world import VILLAGE, give, make_person
from tests.attachments.test_pages import ADD, browser, text_of
from tests.attachments.world import make_row
from tests.maps.html import read

DESK = "/en/unggah/"


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.SENDS_MAIL = True
    settings.SITE_ADDRESS = "https://peta.example.go.id"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def operator(people):
    User.objects.filter(pk=people.operator.pk).update(email="desa@example.org")
    people.operator.refresh_from_db()
    return people.operator


def refused(people, row):
    deciding.refuse(identifier=row.uuid, by=people.verifier, reason="Wajah anak terlihat.")


def told(page) -> str:
    """What stands among the news of the desk."""
    return " ".join(one.text for one in read(page).all("section", "told"))


def test_a_refusal_is_news_with_its_reason(people, operator):
    refused(people, make_row(operator))
    mine = browser(operator)
    news = told(mine.get(DESK))
    assert "“Jetty at low water”, Desa Ubin 11 refused new" in news
    assert "Wajah anak terlihat." in news
    assert "Verifier" in news
    assert f'href="{ADD}"' in text_of(mine.get(DESK))
    assert "Wajah anak terlihat." in text_of(mine.get(reverse("notices")))
    mine.post(reverse("notices"))
    assert "Jetty at low water" not in told(mine.get(DESK))
    assert "Jetty at low water" in text_of(mine.get(reverse("notices"))), "read, but not forgotten"
    assert "not read" not in text_of(mine.get(reverse("notices")))


def test_a_publication_is_news_without_a_reason(people, operator):
    deciding.publish(identifier=make_row(operator).uuid, by=people.verifier)
    assert "published" in told(browser(operator).get(DESK))
    assert [one.user for one in AttachmentNotice.objects.all()] == [operator]


def test_what_a_reviewer_takes_back_is_news_and_what_one_takes_back_oneself_is_not(
    people, operator
):
    own, theirs = make_row(operator), make_row(operator)
    deciding.withdraw(identifier=own.uuid, by=operator)
    assert not AttachmentNotice.objects.exists()
    deciding.publish(identifier=theirs.uuid, by=people.verifier)
    deciding.withdraw(identifier=theirs.uuid, by=people.walidata, reason="Keberatan warga.")
    page = told(browser(operator).get(DESK))
    assert "taken back" in page
    assert page.count("Keberatan warga.") == 1, "and not beside that it was once published"
    assert "Walidata" in page


def test_who_follows_is_told_where_the_sender_has_gone(people, operator):
    row = make_row(operator)
    operator.assignments.update(valid_to="2026-01-02", valid_from="2026-01-01")
    follower = make_person("follower", password=None)
    give(follower, Role.VILLAGE_OPERATOR, VILLAGE)
    refused(people, row)
    assert [one.user for one in AttachmentNotice.objects.all()] == [follower]


def test_the_mail_says_what_why_and_where(people, operator):
    refused(people, make_row(operator))
    mail_now()
    mail_now()
    (message,) = mail.outbox
    assert message.to == ["desa@example.org"]
    assert "Dermaga saat air surut" in message.subject
    assert "Wajah anak terlihat." in message.body
    assert f"https://peta.example.go.id/lampiran/?a={VILLAGE}" in message.body


def test_the_mail_is_in_indonesian_whoever_decides_in_english(people, operator):
    with translation.override("en"):
        refused(people, make_row(operator))
        mail_now()
    assert "Jetty" not in mail.outbox[0].body


@pytest.mark.parametrize("why", ["no address", "read", "old", "gone"])
def test_no_mail(people, operator, why):
    refused(people, make_row(operator))
    if why == "no address":
        User.objects.filter(pk=operator.pk).update(email="")
    elif why == "read":
        browser(operator).post(reverse("notices"))
    elif why == "old":
        AttachmentNotice.objects.update(at=timezone.now() - datetime.timedelta(hours=25))
    else:
        User.objects.filter(pk=operator.pk).update(is_active=False)
    mail_now()
    assert mail.outbox == []


def test_the_worker_mails_every_minute():
    assert SCHEDULES["attachments: mail"]["func"] == f"{mail_now.__module__}.{mail_now.__name__}"
