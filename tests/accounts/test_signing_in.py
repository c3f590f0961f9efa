"""Signing in: the password, the code, too many tries, and where one lands."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from geo.accounts.models import Role, User
from geo.accounts.services import reset_password
from regency_map.hashers import Argon2
from tests.accounts.world import (
    PASSWORD,
    VILLAGE,
    add_second_factor,
    code_now,
    give,
    make_person,
)

WRONG = "User name and password do not belong together"
WAIT = "Wait 15 minutes"


def sign_in(client, name="budi", password=PASSWORD, **more):
    return client.post("/en/masuk/", {"username": name, "password": password, **more})


def is_in(client) -> bool:
    return client.get("/en/akun/").status_code == 200


@pytest.fixture
def budi(kotak):
    user = make_person("budi")
    give(user, Role.VILLAGE_OPERATOR, VILLAGE)
    return user


@pytest.fixture
def vera(kotak):
    user = make_person("vera")
    give(user, Role.WALIDATA)
    user.codes = add_second_factor(user)
    return user


@pytest.fixture
def hashed(monkeypatch):
    """Counts what reaches the hasher."""
    found = []
    original = hashers.verify_password

    def counting(password, *given, **more):
        found.append(password)
        return original(password, *given, **more)

    monkeypatch.setattr(hashers, "verify_password", counting)
    return found


# --- the password ------------------------------------------------------------------------


def test_the_right_password_opens_a_new_session(budi, client):
    client.get("/en/masuk/")
    client.cookies["session"] = "0" * 32
    answer = sign_in(client)
    assert answer.status_code == 302
    assert client.cookies["session"].value not in ("", "0" * 32)
    assert is_in(client)
    assert client.get("/en/masuk/").status_code == 302, "who is in goes on"


def test_telephones_begin_with_a_capital(budi, client):
    assert sign_in(client, "Budi").status_code == 302


@pytest.mark.parametrize("name", ["budi", "nobody", "retired"])
def test_unknown_wrong_and_retired_get_the_same_answer(budi, client, name):
    make_person("retired", is_active=False)
    password = PASSWORD if name == "retired" else "wrong"
    answer = sign_in(client, name, password)
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()
    assert "session" not in client.cookies
    assert name in answer.content.decode(), "what was typed stays, but for the password"
    assert password not in answer.content.decode()


def test_a_name_with_nul_or_of_great_length_is_only_wrong(budi, client):
    for name in ("bu\x00di", "b" * 5000, "💣", "' OR 1=1 --"):
        assert sign_in(client, name, "x").status_code == 200


def test_passwords_are_kept_by_argon2id(budi):
    assert budi.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_signing_out_takes_a_post_and_ends_the_session(budi, client):
    sign_in(client)
    key = client.cookies["session"].value
    assert client.get("/en/keluar/").status_code == 405
    assert is_in(client)
    assert client.post("/en/keluar/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()
    assert not is_in(client)


# --- too many tries ----------------------------------------------------------------------


def test_of_a_thousand_tries_at_most_ten_reach_the_hasher(budi, client, hashed):
    answers = [sign_in(client, password=f"try {n}") for n in range(60)]
    assert len(hashed) <= 10
    assert answers[-1].status_code == 429
    assert WAIT in answers[-1].content.decode()
    hashed.clear()
    for n in range(60, 1000):
        if n % 47 == 0:  # a thousand would only be slow: nothing is left that could change
            assert sign_in(client, password=f"try {n}").status_code == 429
    assert hashed == []
    assert sign_in(client).status_code == 429, "the right password too: nothing is compared"
    assert hashed == []


def test_the_true_owner_gets_in_from_elsewhere_and_after_a_quarter_of_an_hour(budi, client):
    for n in range(12):
        sign_in(client, password=f"try {n}")
    assert sign_in(client).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere).status_code == 302, "a stranger locks out nobody"
    past = timezone.now() - timezone.timedelta(minutes=15, seconds=1)
    AccessAttempt.objects.update(attempt_time=past)
    assert sign_in(client).status_code == 302


def test_trying_on_does_not_prolong_the_wait(budi, client):
    for n in range(9):
        sign_in(client, password=f"try {n}")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timezone.timedelta(minutes=14))
    assert sign_in(client).status_code == 429
    waited = timezone.now() - AccessAttempt.objects.get().attempt_time
    assert waited > timezone.timedelta(minutes=13)


def test_a_success_forgets_the_failures(budi, client):
    for _round in range(3):
        for n in range(6):
            sign_in(client, password=f"try {n}")
        assert sign_in(client).status_code == 302
        client.post("/en/keluar/")


def test_a_new_password_by_the_administrator_ends_the_wait(budi, client):
    for n in range(9):
        sign_in(client, password=f"try {n}")
    slip = reset_password(user=budi, by=None)
    assert sign_in(client, password=slip.password).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_counted_one_by_one(hashed):
    make_person("budi")

    def try_once(n):
        try:
            return sign_in(Client(), password=f"try {n}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(try_once, range(24)))
    assert len(hashed) <= 10
    assert answers.count(429) >= 14
    AccessAttempt.objects.all().delete()
    User.objects.all().delete()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", None),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "nonsense", None),
        (1, "", None),
    ],
)
def test_a_visitor_cannot_choose_an_address(rf, settings, proxies, forwarded, expected):
    from regency_map.proxies import client_address

    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert client_address(request) == expected


@pytest.mark.parametrize("name", ["budi", "nobody", "taken_away"])
def test_the_same_work_for_unknown_and_wrong(budi, client, monkeypatch, name):
    """One hash each: it takes nearly all of the time, so that the clock tells nobody anything.

    Counted, not timed: a clock tells more about the neighbours of the machine.
    """
    make_person("taken_away", is_active=False)
    work = []

    def noting(method):
        def noted(self, *given, **more):
            work.append(method.__name__)
            return method(self, *given, **more)

        return noted

    for method in (Argon2.encode, Argon2.verify):
        monkeypatch.setattr(Argon2, method.__name__, noting(method))
    for n in range(1, 4):
        sign_in(client, name, "wrong")
        assert len(work) == n, work


# --- the second factor -----------------------------------------------------------------


def test_the_password_alone_opens_nothing(vera, client):
    assert sign_in(client, "vera")["Location"] == "/en/masuk/kode/"
    assert not is_in(client)
    assert client.get("/en/akun/pengguna/").status_code == 302
    assert client.get("/admin/").status_code == 404
    answer = client.post("/en/masuk/kode/", {"code": code_now()})
    assert answer.status_code == 302
    assert is_in(client)
    assert client.get("/en/akun/pengguna/").status_code == 200


def test_no_other_path_signs_in(vera, client):
    for address in ("/admin/login/", "/accounts/login/", "/en/accounts/login/", "/api/v1/login"):
        answer = client.post(address, {"username": "vera", "password": PASSWORD})
        assert answer.status_code in {404, 405}, address
    basic = client.get("/en/akun/", headers={"Authorization": "Basic dmVyYTpzZWJ1YWg="})
    assert basic.status_code == 302
    assert not is_in(client)


def test_the_code_page_without_password_leads_back(vera, client):
    assert client.get("/en/masuk/kode/")["Location"] == "/en/masuk/"
    assert client.post("/en/masuk/kode/", {"code": code_now()})["Location"] == "/en/masuk/"


def test_a_code_works_once(vera, client):
    code = code_now()
    sign_in(client, "vera")
    assert client.post("/en/masuk/kode/", {"code": code}).status_code == 302
    other = Client()
    sign_in(other, "vera")
    assert other.post("/en/masuk/kode/", {"code": code}).status_code == 200
    assert not is_in(other)


@pytest.mark.parametrize(("shift", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_off(vera, client, shift, opens):
    sign_in(client, "vera")
    client.post("/en/masuk/kode/", {"code": code_now(shift)})
    assert is_in(client) == opens


def test_an_emergency_code_works_once(vera, client):
    sign_in(client, "vera")
    assert client.post("/en/masuk/kode/", {"code": vera.codes[3]}).status_code == 302
    assert is_in(client)
    other = Client()
    sign_in(other, "vera")
    assert other.post("/en/masuk/kode/", {"code": vera.codes[3]}).status_code == 200
    assert other.post("/en/masuk/kode/", {"code": vera.codes[4]}).status_code == 302


def test_codes_cannot_be_guessed_for_long(vera, client):
    sign_in(client, "vera")
    answers = [client.post("/en/masuk/kode/", {"code": f"{n:06}"}) for n in range(20)]
    assert [a.status_code for a in answers].count(200) <= 10
    assert answers[-1].status_code == 302, "back to the password"
    assert sign_in(client, "vera").status_code == 429


def test_the_password_step_grows_old_and_ends_with_a_new_password(vera, client):
    sign_in(client, "vera")
    session = client.session
    session["signing_in"] |= {"at": int(time.time()) - 601}
    session.save()
    assert client.post("/en/masuk/kode/", {"code": code_now()})["Location"] == "/en/masuk/"
    sign_in(client, "vera")
    reset_password(user=vera, by=None)
    assert client.post("/en/masuk/kode/", {"code": code_now(1)})["Location"] == "/en/masuk/"


def test_keys_are_not_readable_in_the_database(vera, settings):
    from allauth.mfa.models import Authenticator

    from geo.accounts.services import takes_code
    from tests.accounts.world import KEY

    assert all(KEY not in str(row.data) for row in Authenticator.objects.all())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "x" * 40
    assert takes_code(vera, code_now()), "the old key is still tried"
    settings.SECRET_KEY_FALLBACKS = []
    assert not takes_code(vera, code_now(1)), "and without it, nothing fits and nothing breaks"


# --- cookies -----------------------------------------------------------------------------


def test_cookies_under_https():
    """Settings are read once; another process shows what they become."""
    import subprocess
    import sys

    from django.conf import settings

    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        "s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE,"
        "s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN, s.TRUSTED_PROXIES)"
    )
    import os

    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "HTTPS": "true", "DJANGO_SETTINGS_MODULE": "regency_map.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == [
        "__Host-session", "__Host-csrftoken", "True", "True", "True", "Lax", "/", "None", "1",
    ]  # fmt: skip


def test_the_session_cookie_is_hidden_from_scripts(budi, client):
    sign_in(client)
    cookie = client.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
