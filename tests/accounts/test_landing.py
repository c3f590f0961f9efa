"""Where one lands after signing in: on a page of this site, and nowhere else."""

import pytest

from geo.accounts.models import Role
from tests.accounts.world import PASSWORD, VILLAGE, give, make_person


@pytest.fixture
def budi(kotak):
    user = make_person("budi")
    give(user, Role.VILLAGE_OPERATOR, VILLAGE)
    return user


def sign_in(client, **more):
    return client.post("/en/masuk/", {"username": "budi", "password": PASSWORD, **more})


ABROAD = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "http:///evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "//evil.example\\@testserver/",
    "\t//evil.example",
    "/%09/evil.example\n",
    "ftp://testserver/",
    " https://evil.example",
    "evil.example",
]


@pytest.mark.parametrize("address", ABROAD)
def test_next_leads_nowhere_else(budi, client, address):
    answer = sign_in(client, next=address)
    assert answer.status_code == 302
    assert "evil" not in answer["Location"] or answer["Location"].startswith("/%09/")
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))
    again = client.get("/en/masuk/", {"next": address})
    assert again["Location"] == answer["Location"]


def test_next_leads_to_a_page_of_this_site(budi, client):
    assert client.get("/en/akun/kata-sandi/")["Location"] == "/en/masuk/?next=/en/akun/kata-sandi/"
    assert (
        'value="/en/akun/kata-sandi/"'
        in client.get("/en/masuk/?next=/en/akun/kata-sandi/").content.decode()
    )
    assert sign_in(client, next="/en/akun/kata-sandi/")["Location"] == "/en/akun/kata-sandi/"


def test_a_post_without_session_does_not_come_back_to_the_post(client, db):
    assert client.post("/en/akun/sesi-lain/")["Location"] == "/en/masuk/"
