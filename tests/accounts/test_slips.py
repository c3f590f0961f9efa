"""Forms that are sent twice, slips that are lost, and who is locked out."""

import pytest
from django.test import Client
from django.utils import timezone

from geo.accounts.models import Assignment, User
from geo.accounts.services import reset_password
from tests.accounts.world import VILLAGE
from tests.maps.html import read

PEOPLE = "/en/akun/pengguna/"


@pytest.fixture
def manager(cast):
    client = Client()
    client.force_login(cast["walidata"])
    return client


def page(answer) -> str:
    return read(answer).one(id="main").text


def test_a_form_that_is_sent_twice_makes_one_account(manager, cast):
    fields = {"full_name": "Siti Aminah", "role": "village_operator", "area": VILLAGE}
    assert manager.post("/en/akun/pengguna-baru/", fields).status_code == 200
    again = manager.post("/en/akun/pengguna-baru/", fields | {"full_name": "SITI  Aminah"})
    assert again.status_code == 400
    assert "has this role there already" in page(again)
    assert User.objects.filter(username__startswith="siti").count() == 1


def test_a_task_is_handed_over_once(manager, cast):
    task = Assignment.objects.get(user=cast["operator"])
    address = f"/en/akun/tugas/{task.pk}/serahkan/"
    assert manager.post(address, {"full_name": "Siti"}).status_code == 200
    again = manager.post(address, {"full_name": "Siti"})
    assert again.status_code == 400
    assert "has ended already" in page(again)
    assert User.objects.filter(full_name="Siti").count() == 1
    assert Assignment.objects.not_ended().filter(area__code=VILLAGE).count() == 1


def test_nobody_follows_themselves(manager, cast):
    task = Assignment.objects.get(user=cast["operator"])
    answer = manager.post(f"/en/akun/tugas/{task.pk}/serahkan/", {"to": "operator"})
    assert answer.status_code == 400
    task.refresh_from_db()
    assert task.valid_to is None


def test_lost_slips_are_made_anew_for_those_who_never_signed_in(manager, cast):
    fields = {"role": "village_operator", "area": VILLAGE}
    for name in ("Siti", "Tono", "Joko"):
        manager.post("/en/akun/pengguna-baru/", fields | {"full_name": name})
    User.objects.filter(username="joko").update(last_login=timezone.now())
    before = dict(User.objects.values_list("username", "password"))
    assert "Make new slips" in manager.get(f"{PEOPLE}?state=never").content.decode()
    assert "Make new slips" not in manager.get(PEOPLE).content.decode()
    slips = manager.post("/en/akun/kata-sandi-pertama/", {"q": VILLAGE})
    assert "2 slips" in page(slips)
    assert "Desa Ubin 11" in page(slips)
    after = dict(User.objects.values_list("username", "password"))
    assert {name for name in before if before[name] != after[name]} == {"siti", "tono"}
    nobody = manager.post("/en/akun/kata-sandi-pertama/", {"q": "nobody"}, follow=True)
    assert "Nobody of these waits" in nobody.content.decode()


def test_the_page_of_a_person_says_that_the_sign_in_is_locked(manager, cast):
    assert "too many wrong tries" not in page(manager.get(f"{PEOPLE}operator/"))
    for n in range(9):
        Client().post("/en/masuk/", {"username": "operator", "password": f"try {n}"})
    assert "too many wrong tries" in page(manager.get(f"{PEOPLE}operator/"))
    reset_password(user=cast["operator"], by=None)
    assert "too many wrong tries" not in page(manager.get(f"{PEOPLE}operator/"))
