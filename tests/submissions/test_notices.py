"""Telling people: on the site at once, by mail when the server is there, each once."""

import datetime
import socket
import threading

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from geo.submissions.models import Act, Notice
from geo.submissions.queries.notices import notices_of, to_be_mailed
from geo.submissions.services import reviewing
from geo.submissions.services.events import record
from geo.submissions.services.notices import mail_notices, mark_read
from tests.submissions.world import VILLAGE, sent


@pytest.fixture(autouse=True)
def mailing(settings):
    settings.SENDS_MAIL = True
    settings.SITE_ADDRESS = "https://peta.example.org"


@pytest.fixture
def returned(world, cast):
    """The operator is told that it came back."""
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}})
    Notice.objects.update(emailed_at=timezone.now())
    seen = waiting.current.content_hash
    reviewing.return_to_sender(
        submission=waiting, by=cast.verifier, content_hash=seen, note="Tiga <b>perawat</b>?"
    )
    return waiting


def test_reviewers_are_told_of_what_was_sent_and_nobody_else(world, cast):
    sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}})
    told = {one.user for one in Notice.objects.filter(event__act=Act.SENT)}
    assert told == {cast.verifier, cast.officer, cast.walidata}


def test_a_mail_says_what_happened_and_where_to_look(returned, cast):
    assert mail_notices() == 1
    (message,) = mail.outbox
    assert message.to == ["operator@example.org"]
    assert "Figures" in message.subject and "\n" not in message.subject
    assert "Tiga <b>perawat</b>?" in message.body
    with translation.override("id"):
        address = reverse("submission", args=[returned.number])
    assert f"https://peta.example.org{address}" in message.body


def test_each_mail_is_sent_once(returned):
    assert (mail_notices(), mail_notices(), len(mail.outbox)) == (1, 0, 1)


def test_nothing_is_mailed_without_a_server(returned, settings):
    settings.SENDS_MAIL = False
    assert mail_notices() == 0
    assert to_be_mailed().count() == 1


def test_who_has_no_address_or_has_read_it_gets_no_mail(returned, cast):
    cast.operator.email = ""
    cast.operator.save()
    assert mail_notices() == 0
    cast.operator.email = "operator@example.org"
    cast.operator.save()
    mark_read(user=cast.operator)
    assert mail_notices() == 0


def test_after_a_day_a_mail_is_not_sent_any_more(returned):
    tomorrow = timezone.now() + datetime.timedelta(hours=25)
    assert (to_be_mailed().count(), to_be_mailed(tomorrow).count()) == (1, 0)


@pytest.fixture
def refusing_server():
    """A mail server that hangs up on everybody; tells how often it was asked."""
    asked, sink = [], socket.create_server(("127.0.0.1", 0))

    def hang_up():
        while True:
            try:
                caller, _address = sink.accept()
            except OSError:
                return
            asked.append(caller)
            caller.sendall(b"421 not now\r\n")
            caller.close()

    thread = threading.Thread(target=hang_up, daemon=True)
    thread.start()
    yield sink.getsockname()[1], asked
    sink.close()


def use_server(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 60


def test_a_server_that_refuses_loses_nothing(returned, settings, refusing_server):
    port, asked = refusing_server
    use_server(settings, port)
    assert (mail_notices(), mail_notices()) == (0, 0)
    assert len(asked) == 2
    assert to_be_mailed().count() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_notices() == 1


def test_a_server_that_is_away_loses_nothing(returned, settings):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    use_server(settings, port)
    assert mail_notices() == 0
    assert to_be_mailed().count() == 1


def test_the_page_shows_the_own_news_until_they_are_read(returned, cast, client):
    address = reverse("notices")
    client.force_login(cast.operator)
    page = client.get(address).content.decode()
    assert returned.number in page and "Tiga &lt;b&gt;perawat" in page
    assert notices_of(cast.operator).filter(read_at=None).count() == 1
    assert client.post(address).status_code == 302
    assert notices_of(cast.operator).filter(read_at=None).count() == 0
    client.force_login(cast.neighbour)
    assert returned.number not in client.get(address).content.decode()


def test_news_are_about_what_one_may_still_see(returned, cast, client):
    cast.operator.assignments.update(valid_to="2025-01-01")
    client.force_login(cast.operator)
    assert returned.number not in client.get(reverse("notices")).content.decode()


def test_the_own_act_is_no_news(world, cast):
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3.0}})
    record(submission=waiting, act=Act.RETURNED, by=cast.operator)
    assert not Notice.objects.filter(user=cast.operator).exists()
