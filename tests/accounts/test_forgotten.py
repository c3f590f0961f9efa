"""A forgotten password: the link by e-mail, what it tells to strangers, and how long it holds."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from geo.accounts.models import AccountMail, Role, User
from geo.accounts.queries import history_of
from geo.accounts.services import remove_second_factor, reset_password, set_active
from geo.accounts.services.forgotten import MOST_BY_SENDER_AN_HOUR, MOST_FOR_ONE_AN_HOUR
from geo.accounts.services.mailing import link_of, mail_accounts
from tests.accounts.world import PASSWORD, add_second_factor, code_now, give, make_person
from tests.maps.html import read

FORGOTTEN, SENT = "/en/masuk/lupa/", "/en/masuk/lupa/terkirim/"
NEW = "perahu-kuning-di-musi"
SITE = "https://peta.example.go.id"


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.SENDS_MAIL = True
    settings.SITE_ADDRESS = SITE
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def budi(kotak):
    return make_person("budi", email="budi@example.org")


def ask(client, name: str, **given):
    return client.post(FORGOTTEN, {"name": name}, **given)


def mailed_link(number: int = -1) -> str:
    """The path of the link in the mail that was sent last."""
    mail_accounts()
    return re.search(rf"{re.escape(SITE)}(/\S+/masuk/lupa/\S+)", mail.outbox[number].body)[1]


def choose(client, link: str, password: str = NEW):
    """Open a link and send the form to which it leads."""
    page = client.get(link, follow=True)
    if not page.redirect_chain:
        return page
    fields = {"new_password1": password, "new_password2": password}
    return client.post(page.redirect_chain[-1][0], fields)


def sign_in(client, name="budi", password=NEW):
    return client.post("/en/masuk/", {"username": name, "password": password})


def is_in(client) -> bool:
    return client.get("/en/akun/").status_code == 200


# --- the way --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["budi", "Budi", " budi ", "budi@example.org", "BUDI@Example.Org"]
)
def test_from_the_sign_in_page_to_a_new_password(budi, client, typed):
    links = [a.attributes.get("href") for a in read(client.get("/en/masuk/")).all("a")]
    assert FORGOTTEN in links
    assert ask(client, typed)["Location"] == SENT
    assert mail.outbox == [], "the worker sends it"
    link = mailed_link()
    message = mail.outbox[0]
    assert message.to == ["budi@example.org"]
    assert "User name: budi" in message.body
    assert "60 minutes" in message.body
    assert choose(client, link)["Location"] == "/en/masuk/"
    assert "holds from now on" in client.get("/en/masuk/").content.decode()
    assert not is_in(client), "the link itself lets nobody in"
    assert sign_in(Client(), password=PASSWORD).status_code == 200
    assert sign_in(client).status_code == 302
    assert is_in(client)


def test_the_key_stands_in_no_address_that_shows_a_page(budi, client):
    page = client.get(link_of(budi), follow=True)
    assert page.redirect_chain[-1][0].endswith("/baru/")
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"


def test_the_mail_is_in_the_language_of_the_page(budi, client):
    client.post("/masuk/lupa/", {"name": "budi"})
    mail_accounts()
    assert f"{SITE}/masuk/lupa/" in mail.outbox[0].body


def test_all_sessions_end_and_a_password_on_paper_is_no_longer_needed(budi, client):
    User.objects.update(must_change_password=True)
    elsewhere = Client()
    sign_in(elsewhere, password=PASSWORD)
    assert is_in(elsewhere)
    ask(client, "budi")
    choose(client, mailed_link())
    assert not is_in(elsewhere)
    budi.refresh_from_db()
    assert not budi.must_change_password
    assert history_of(budi)[0].label == "Password set by a link sent by e-mail"
    mail_accounts()
    assert mail.outbox[-1].subject == "Your password was changed"
    assert "/masuk/lupa/" not in mail.outbox[-1].body


@pytest.mark.parametrize("has_signed_in", [True, False])
def test_who_has_signed_in_is_mailed_of_a_new_first_password(budi, has_signed_in):
    """Somebody else holds the slip; of slips that were lost before, nobody needs to be told."""
    if has_signed_in:
        sign_in(Client(), password=PASSWORD)
        budi.refresh_from_db()
    slip = reset_password(user=budi, by=make_person("ani"))
    mail_accounts()
    assert len(mail.outbox) == has_signed_in
    if has_signed_in:
        assert mail.outbox[0].to == ["budi@example.org"]
        assert "made a new first password for you" in mail.outbox[0].body
        assert slip.password not in mail.outbox[0].body


def test_somebody_else_who_is_signed_in_here_is_signed_out(budi, client):
    client.force_login(make_person("ani"))
    choose(client, link_of(budi))
    assert not is_in(client)


def test_wrong_tries_are_forgotten(budi, client):
    for n in range(9):
        sign_in(client, password=f"try {n}")
    assert sign_in(client).status_code == 429
    choose(client, link_of(budi))
    assert sign_in(client).status_code == 302


def test_the_second_factor_is_still_asked_for(budi, client):
    give(budi, Role.WALIDATA)
    add_second_factor(budi)
    choose(client, link_of(budi))
    assert sign_in(client)["Location"] == "/en/masuk/kode/"
    assert not is_in(client)
    client.post("/en/masuk/kode/", {"code": code_now()})
    assert is_in(client)


def test_a_weak_password_is_refused_with_a_sentence(budi, client):
    answer = choose(client, link_of(budi), "12345")
    assert answer.status_code == 200
    assert "at least 10 are needed" in answer.content.decode()
    assert sign_in(client, password="12345").status_code == 200


def test_without_a_mail_server_the_page_says_who_helps(budi, client, settings):
    settings.SENDS_MAIL = False
    page = read(client.get(FORGOTTEN)).one(id="main")
    assert "sends no e-mail" in page.text
    assert "Walidata" in page.text
    assert page.all("form") == []
    assert ask(client, "budi").status_code == 200
    assert not AccountMail.objects.exists()


# --- links that do not hold ------------------------------------------------------------------


def is_refused(client, link) -> bool:
    answer = choose(client, link)
    return answer.status_code == 200 and "no longer holds" in answer.content.decode()


def test_a_link_works_once(budi, client):
    link = link_of(budi)
    assert not is_refused(client, link)
    assert is_refused(client, link)
    assert is_refused(Client(), link)


def test_the_form_of_a_link_that_was_used_meanwhile_is_refused(budi, client):
    page = client.get(link_of(budi), follow=True)
    choose(Client(), link_of(budi))
    fields = {"new_password1": "yang-kedua-kali", "new_password2": "yang-kedua-kali"}
    answer = client.post(page.redirect_chain[-1][0], fields)
    assert "no longer holds" in answer.content.decode()
    budi.refresh_from_db()
    assert budi.check_password(NEW)


def _sign_in_meanwhile(user):
    sign_in(Client(), password=PASSWORD)


def _change_password(user):
    user.set_password("yang-lain-lagi")
    user.save()


def _change_address(user):
    User.objects.filter(pk=user.pk).update(email="lain@example.org")


def _sign_out_everywhere(user):
    client = Client()
    client.force_login(user)
    client.post("/en/akun/sesi-lain/")


def _let_in_no_longer(user):
    set_active(user=user, is_active=False, by=None)


@pytest.mark.parametrize(
    "meanwhile",
    [
        _sign_in_meanwhile,
        _change_password,
        _change_address,
        _sign_out_everywhere,
        _let_in_no_longer,
    ],
)
def test_a_link_ends_when_the_account_moves_on(budi, client, meanwhile):
    link = link_of(budi)
    meanwhile(budi)
    assert is_refused(client, link)


def test_a_link_holds_for_an_hour(budi, client, monkeypatch):
    from geo.accounts.services import link_tokens

    link, now = link_of(budi), datetime.datetime.now()  # noqa: DTZ005 as Django does
    late = now + datetime.timedelta(minutes=61)
    monkeypatch.setattr(type(link_tokens), "_now", lambda self: late)
    assert is_refused(client, link)


def test_a_link_of_one_opens_no_other(budi, client):
    other = make_person("ani", email="ani@example.org")
    mine, theirs = link_of(budi).split("/"), link_of(other).split("/")
    assert mine[4] != theirs[4]
    theirs[5] = mine[5]
    assert is_refused(client, "/".join(theirs))


@pytest.mark.parametrize("link", ["MQ/x", "%F0%9F%92%A3/x", "MQ/baru", "x/x-x", "MTk5OTk5/a-b"])
def test_nonsense_is_a_link_that_does_not_hold(budi, client, link):
    assert is_refused(client, f"{FORGOTTEN}{link}/")


# --- strangers ----------------------------------------------------------------------------


def everything_told(answer) -> tuple:
    headers = {
        k: v for k, v in answer.headers.items() if k not in {"Date", "Expires", "Set-Cookie"}
    }
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize(
    "name", ["nobody", "nobody@example.org", "no_mail", "left", "💣", "a" * 254]
)
def test_nobody_learns_who_has_an_account(budi, name):
    make_person("no_mail")
    make_person("left", email="left@example.org", is_active=False)
    known, unknown = Client(), Client()
    assert everything_told(ask(known, "budi")) == everything_told(ask(unknown, name))
    assert known.cookies.keys() == unknown.cookies.keys()
    assert AccountMail.objects.count() == 2, "a row for each, so that both take the same time"
    assert name not in str(list(AccountMail.objects.filter(user=None).values()))
    mail_accounts()
    assert [message.to for message in mail.outbox] == [["budi@example.org"]]


def test_an_address_of_two_accounts_gets_a_mail_for_each_and_counts_once(budi, client):
    make_person("budi2", email="Budi@example.org")
    ask(client, "budi@example.org")
    mail_accounts()
    told = {re.search(r"User name: (\S+)", message.body)[1] for message in mail.outbox}
    assert told == {"budi", "budi2"}
    choose(client, mailed_link(0))
    changed = re.search(r"User name: (\S+)", mail.outbox[0].body)[1]
    for user in User.objects.all():
        assert user.check_password(NEW) == (user.username == changed)
    counted = AccountMail.objects.exclude(sender_hash="")
    assert counted.count() == 1


def test_an_address_that_only_looks_alike_gets_nothing(budi, client):
    make_person("mike", email="mike@example.org")
    ask(client, "mıke@example.org")  # without its dot; a database may take it for the same
    mail_accounts()
    assert all(message.to == ["mike@example.org"] for message in mail.outbox)


@pytest.mark.parametrize(
    "forged",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "testserver:80@evil.example"},
        {"HTTP_FORWARDED": "host=evil.example"},
    ],
)
def test_a_forged_host_never_gets_into_the_mail(budi, client, forged, settings):
    settings.ALLOWED_HOSTS = ["*"]
    ask(client, "budi", **forged)
    ask(client, "budi")
    mail_accounts()
    assert mail.outbox
    for message in mail.outbox:
        assert "evil" not in message.body
        assert all(found.startswith(SITE) for found in re.findall(r"https?://\S+", message.body))


def test_one_account_is_not_flooded_and_nobody_can_tell(budi):
    answers = [ask(Client(REMOTE_ADDR=f"192.0.2.{n}"), "budi") for n in range(9)]
    assert {answer["Location"] for answer in answers} == {SENT}
    mail_accounts()
    assert len(mail.outbox) == MOST_FOR_ONE_AN_HOUR


def test_one_sender_must_wait_whether_or_not_the_names_exist(budi, client):
    names = ["budi", *["nobody"] * 30]
    answers = [ask(client, name) for name in names[: MOST_BY_SENDER_AN_HOUR + 2]]
    assert [answer.status_code for answer in answers[-3:]] == [302, 429, 429]
    assert "Wait an hour" in answers[-1].content.decode()
    assert ask(Client(REMOTE_ADDR="192.0.2.9"), "budi").status_code == 302
    AccountMail.objects.update(asked_at=timezone.now() - datetime.timedelta(minutes=61))
    assert ask(client, "budi").status_code == 302


def test_all_together_must_wait_too(budi):
    answers = [ask(Client(REMOTE_ADDR=f"192.0.{n}.1"), "nobody") for n in range(62)]
    assert [answer.status_code for answer in answers[-3:]] == [302, 429, 429]


# --- the worker ------------------------------------------------------------------------------


def test_each_is_mailed_once_and_forgotten_after_a_day(budi, client):
    ask(client, "budi")
    assert [mail_accounts(), mail_accounts()] == [1, 0]
    AccountMail.objects.update(asked_at=timezone.now() - datetime.timedelta(hours=25))
    mail_accounts()
    assert not AccountMail.objects.exists()


def test_a_server_that_is_away_is_tried_again(budi, client, settings, caplog):
    ask(client, "budi")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert mail_accounts() == 0
    assert "budi@" not in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_accounts() == 1


def test_who_left_meanwhile_is_not_mailed(budi, client):
    ask(client, "budi")
    set_active(user=budi, is_active=False, by=None)
    assert mail_accounts() == 0
    assert mail.outbox == []


def test_who_lost_the_second_factor_is_told_and_signed_out(budi, client):
    add_second_factor(budi)
    client.force_login(budi)
    remove_second_factor(user=budi, by=make_person("ani"))
    assert not is_in(client)
    mail_accounts()
    assert mail.outbox[0].subject == "Your second factor was taken away"
