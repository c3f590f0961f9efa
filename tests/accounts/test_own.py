"""The own account: password, sessions, second factor; and what everybody else sees."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from geo.accounts.models import Role, User
from geo.accounts.queries import has_second_factor
from geo.accounts.services import reset_password
from geo.accounts.services.mailing import link_of
from tests.accounts.world import (
    PASSWORD,
    VILLAGE,
    add_second_factor,
    code_now,
    give,
    make_person,
)
from tests.maps.html import read

NEW = "perahu-kuning-di-musi"


@pytest.fixture
def budi(kotak):
    user = make_person("budi", office_title="Kaur Umum")
    give(user, Role.VILLAGE_OPERATOR, VILLAGE)
    return user


@pytest.fixture
def vera(kotak):
    user = make_person("vera")
    give(user, Role.DISTRICT_VERIFIER, "99.01.01")
    return user


def signed_in(user, password=PASSWORD) -> Client:
    client = Client()
    answer = client.post("/en/masuk/", {"username": user.username, "password": password})
    if answer["Location"] == "/en/masuk/kode/":
        answer = client.post("/en/masuk/kode/", {"code": user.codes.pop()})
    assert answer.status_code == 302
    return client


def is_in(client) -> bool:
    return client.get("/en/akun/").status_code == 200


# --- who I am ------------------------------------------------------------------------------


def test_the_account_says_in_words_what_i_answer_for(budi):
    text = read(signed_in(budi).get("/en/akun/")).one(id="main").text
    assert "Budi" in text
    assert "Kaur Umum · User name: budi" in text
    assert "Village operator · Desa Ubin 11, Petak 1" in text
    assert "Fill in and send figures" in text
    assert "Approve" not in text
    assert "Make accounts" not in text


def test_pages_with_my_name_are_in_no_cache(budi):
    client = signed_in(budi)
    assert "no-store" in client.get("/en/akun/")["Cache-Control"]
    public = client.get("/en/tentang/")
    assert public["Cache-Control"] == "private, no-cache"
    assert "Cookie" in public["Vary"]
    assert "Budi" in public.content.decode()


def test_pages_for_everybody_know_nothing_of_cookies(budi, client):
    answer = client.get("/en/tentang/")
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" not in answer.get("Vary", "")
    assert "Set-Cookie" not in answer.headers
    links = [a.attributes.get("href") for a in read(answer).all("a")]
    assert links.count("/en/masuk/") == 3, "corner, menu of the phone, foot"
    client.cookies["session"] = "0" * 32
    assert "Budi" not in client.get("/en/tentang/").content.decode()


def test_the_map_leads_to_the_sign_in_page_after_its_table(budi, client):
    page = client.get("/en/tentang/").content.decode()
    assert page.index('id="main"') < page.rindex('href="/en/masuk/"')


# --- the password ------------------------------------------------------------------------


def change(client, old, new, again=None):
    fields = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post("/en/akun/kata-sandi/", fields)


def test_a_new_password_ends_all_other_sessions(budi):
    here, elsewhere = signed_in(budi), signed_in(budi)
    key = here.cookies["session"].value
    assert change(here, PASSWORD, NEW).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert here.cookies["session"].value != key
    assert signed_in(budi, NEW)


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, NEW, "other-" + NEW),
        (PASSWORD, "short", "short"),
        (PASSWORD, "1234567890123", "1234567890123"),
        (PASSWORD, "password123", "password123"),
        (PASSWORD, PASSWORD, PASSWORD),
    ],
)
def test_a_bad_password_is_refused_with_a_sentence(budi, old, new, again):
    client = signed_in(budi)
    answer = change(client, old, new, again)
    assert answer.status_code == 200
    assert read(answer).all("p", "fault")
    budi.refresh_from_db()
    assert budi.check_password(PASSWORD)


def faults_of(page, name: str) -> str:
    """What stands under one field."""
    return " ".join(fault.text for fault in page.all("p", "fault", id=f"id_{name}_fault"))


@pytest.mark.parametrize("way", ["own", "first", "forgotten"])
def test_all_that_is_wrong_with_a_password_is_said_at_once(budi, client, way):
    fields = {"new_password1": "12345678", "new_password2": "12345679"}
    address = "/en/akun/kata-sandi/"
    if way == "forgotten":
        address = client.get(link_of(budi), follow=True).redirect_chain[-1][0]
    elif way == "first":
        client = signed_in(budi, reset_password(user=budi, by=None).password)
    else:
        client = signed_in(budi)
        fields["old_password"] = "not-that-one"
    page = read(client.post(address, fields))
    said = faults_of(page, "new_password1")
    assert "has 8 characters; at least 10 are needed" in said
    assert "among the first to be tried" in said
    assert "digits only" in said
    assert "differ" in faults_of(page, "new_password2")
    if way == "own":
        assert "not the password you have now" in faults_of(page, "old_password")


@pytest.mark.parametrize("way", ["own", "first", "forgotten"])
def test_nobody_keeps_the_password_that_others_may_have_read(budi, client, way):
    password = PASSWORD
    address = "/en/akun/kata-sandi/"
    if way == "forgotten":
        address = client.get(link_of(budi), follow=True).redirect_chain[-1][0]
    elif way == "first":
        password = reset_password(user=budi, by=None).password
        client = signed_in(budi, password)
    else:
        client = signed_in(budi)
    fields = {"old_password": password, "new_password1": password, "new_password2": password}
    page = read(client.post(address, fields))
    assert "This is the password you have now" in faults_of(page, "new_password1")


def test_the_old_password_is_not_guessed_from_a_browser_left_open(budi):
    client = signed_in(budi)
    for n in range(8):
        change(client, f"guess-number-{n}", NEW)
    page = read(change(client, PASSWORD, NEW))
    assert "too many wrong tries" in faults_of(page, "old_password")
    budi.refresh_from_db()
    assert budi.check_password(PASSWORD), "even the right one is not compared any more"


def test_a_password_like_the_name_and_an_empty_one_are_told_in_our_words(budi):
    client = signed_in(budi)
    User.objects.filter(pk=budi.pk).update(full_name="Budi Santoso")
    page = read(change(client, PASSWORD, "budisantoso"))
    assert "too much like your name" in faults_of(page, "new_password1")
    page = read(client.post("/en/akun/kata-sandi/", {"old_password": ""}))
    assert "Write the password you have now." in faults_of(page, "old_password")
    assert "Write the new password." in faults_of(page, "new_password1")
    assert "once more" in faults_of(page, "new_password2")


def test_the_password_on_paper_must_be_changed_before_anything_else(vera):
    vera.codes = add_second_factor(vera)
    slip = reset_password(user=vera, by=None)
    give(vera, Role.WALIDATA)
    client = signed_in(vera, slip.password)
    assert client.get("/en/akun/kode/")["Location"] == "/en/akun/kata-sandi/?next=/en/akun/kode/"
    people = client.get("/en/akun/pengguna/")
    assert people["Location"] == "/en/akun/kata-sandi/?next=/en/akun/pengguna/"
    assert "was given to you on paper" in client.get("/en/akun/kata-sandi/").content.decode()
    change(client, slip.password, NEW)
    assert client.get("/en/akun/pengguna/").status_code == 200


def test_signing_out_everywhere_else(budi):
    here, elsewhere = signed_in(budi), signed_in(budi)
    here.post("/en/akun/sesi-lain/")
    assert is_in(here)
    assert not is_in(elsewhere)


def test_somebody_made_inactive_is_out_at_once(budi):
    client = signed_in(budi)
    User.objects.filter(pk=budi.pk).update(is_active=False)
    assert not is_in(client)


# --- the second factor -----------------------------------------------------------------


def key_of(client) -> str:
    page = client.get("/en/akun/kode/").content.decode()
    return re.search(r'class="key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")


def test_who_reviews_is_sent_to_set_it_up_and_comes_back(vera):
    give(vera, Role.WALIDATA)
    client, elsewhere = signed_in(vera), signed_in(vera)
    sent = client.get("/en/akun/pengguna/?q=x")
    assert sent["Location"] == "/en/akun/kode/?next=/en/akun/pengguna/%3Fq%3Dx"
    page = client.get(sent["Location"]).content.decode()
    assert "A stolen password must not be enough" in page
    assert "<svg" in page
    assert "style=" not in page
    key = key_of(client)
    assert key == key_of(client), "the picture stays until it is used"
    answer = client.post("/en/akun/kode/", {"code": "000000", "next": "/en/akun/pengguna/"})
    assert "The code is not right" in answer.content.decode()
    assert not has_second_factor(vera)
    answer = client.post(
        "/en/akun/kode/", {"code": code_now(key=key), "next": "/en/akun/pengguna/"}
    )
    codes = [c.text for c in read(answer).all("code")]
    assert len(set(codes)) == 10
    assert read(answer).all("a", href="/en/akun/pengguna/")
    assert "no-store" in answer["Cache-Control"]
    assert has_second_factor(vera)
    assert client.get("/en/akun/pengguna/").status_code == 200
    assert not is_in(elsewhere), "sessions that never showed a code end"
    assert "second_factor_key" not in client.session


def test_whose_work_needs_none_is_not_sent(budi):
    client = signed_in(budi)
    assert "stolen password" not in client.get("/en/akun/kode/").content.decode()
    assert "No second factor." in client.get("/en/akun/").content.decode()


def test_another_telephone_takes_a_code_of_the_old(vera):
    vera.codes = add_second_factor(vera)
    client = signed_in(vera)
    client.post("/en/akun/kode/ganti/", {"code": "123"})
    assert has_second_factor(vera)
    client.post("/en/akun/kode/ganti/", {"code": code_now()})
    assert not has_second_factor(vera)
    assert key_of(client)


def test_new_emergency_codes_replace_the_old(vera):
    old = vera.codes = add_second_factor(vera)
    client = signed_in(vera)
    assert client.post("/en/akun/kode/cadangan/", {"code": "123"}).status_code == 302
    answer = client.post("/en/akun/kode/cadangan/", {"code": code_now()})
    new = {c.text for c in read(answer).all("code")}
    assert len(new) == 10
    assert not new & set(old)


def test_no_session_holds_a_password_or_a_codes_list(vera):
    vera.codes = add_second_factor(vera)
    codes = list(vera.codes)
    client = signed_in(vera)
    client.get("/en/akun/kode/")
    for session in Session.objects.all():
        held = str(session.get_decoded())
        assert PASSWORD not in held
        assert all(code not in held for code in codes)


# --- the admin ---------------------------------------------------------------------------


def test_the_admin_is_not_there_for_anybody_without_staff_and_second_factor(budi, kotak, client):
    addresses = [
        "/admin/",
        "/admin/login/",
        "/admin/geo/user/",
        "/admin/nonsense/",
        "/admin/jsi18n/",
    ]
    staff = User.objects.create_superuser("root", password=PASSWORD)
    for who in (client, signed_in(budi), signed_in(staff)):
        assert {who.get(a).status_code for a in addresses} == {404}
    staff.codes = add_second_factor(staff)
    who = signed_in(staff)
    assert who.get("/admin/").status_code == 200
    assert who.get("/admin/geo/user/").status_code == 200
    assert who.get("/admin/geo/assignment/").status_code == 200
    page = who.get(f"/admin/geo/user/{budi.pk}/change/").content.decode()
    assert "argon2" not in page
    assert who.get("/admin/geo/user/add/").status_code == 403
    assert who.get("/admin/password_change/")["Location"].endswith("/akun/kata-sandi/")
    User.objects.filter(pk=staff.pk).update(must_change_password=True)
    assert who.get("/admin/").status_code == 404


def test_a_form_without_its_token_is_explained(budi):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/en/masuk/", {"username": "budi", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Go back, load the page anew" in answer.content.decode()


# --- codes under attack ------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/en/akun/kode/ganti/", "/en/akun/kode/cadangan/"])
def test_codes_cannot_be_guessed_in_a_browser_left_open(vera, address):
    vera.codes = add_second_factor(vera)
    client = signed_in(vera)
    for n in range(12):
        client.post(address, {"code": f"{n:06}"})
    answer = client.post(address, {"code": code_now()}, follow=True)
    assert "too many wrong tries" in answer.content.decode()
    assert has_second_factor(vera)
    assert "Keep these" not in answer.content.decode()


def test_the_code_that_set_it_up_does_not_sign_in(vera):
    client = signed_in(vera)
    page = client.get("/en/akun/kode/")
    key = client.session["second_factor_key"]
    assert f"secret={key}" in read(page).one(id="main").one("a", "button").attributes["href"]
    code = code_now(key=key)
    assert "Keep these" in client.post("/en/akun/kode/", {"code": code}).content.decode()
    other = Client()
    other.post("/en/masuk/", {"username": "vera", "password": PASSWORD})
    assert other.post("/en/masuk/kode/", {"code": code}).status_code == 200
    assert not is_in(other)


def test_my_account_tells_what_was_changed_and_by_whom(vera, cast):
    vera.codes = add_second_factor(vera)
    manager = Client()
    manager.force_login(cast["walidata"])
    User.objects.filter(pk=vera.pk).update(second_factor_since=timezone.now())
    manager.post("/en/akun/pengguna/vera/kode/")
    text = read(signed_in(vera).get("/en/akun/")).one(id="main").text
    assert "Second factor taken away" in text
    assert "Walidata" in text


def test_who_comes_with_a_slip_is_not_asked_for_its_password_again(budi):
    slip = reset_password(user=budi, by=None)
    client = signed_in(budi, slip.password)
    page = read(client.get("/en/akun/kata-sandi/")).one(id="main")
    assert [field.attributes["name"] for field in page.all("input", type="password")] == [
        "new_password1",
        "new_password2",
    ]
    same = {"new_password1": slip.password, "new_password2": slip.password}
    assert "you have now" in client.post("/en/akun/kata-sandi/", same).content.decode()
    new = {"new_password1": NEW, "new_password2": NEW}
    assert client.post("/en/akun/kata-sandi/", new).status_code == 302
    again = client.post("/en/akun/kata-sandi/", new | {"new_password1": "x" * 12})
    assert again.status_code == 200, "from now on the old one is asked for"
