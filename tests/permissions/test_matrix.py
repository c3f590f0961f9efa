"""Every route × method × person × state of its object, as ``table.py`` says."""

import copy
import re

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import reverse

from geo.accounts.models import User
from tests.permissions.routes import all_routes
from tests.permissions.table import ANONYMOUS, EVERYBODY, TABLE

METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
ROUTES = {route.name: route for route in all_routes()}
OPEN = {name: row for name, row in TABLE.items() if row.GET == EVERYBODY}
GUARDED = {name: row for name, row in TABLE.items() if name not in OPEN}
# Nothing that anybody may not see differs by person here: two stand for all.
TWO = [ANONYMOUS, "walidata"]


def route_of(row_name: str) -> str:
    return row_name.partition("@")[0]


def address_of(row_name: str) -> str:
    row = TABLE[row_name]
    address = reverse(route_of(row_name), kwargs=dict(row.arguments()) or None)
    return f"{address}?{row.query}" if row.query else address


def kind_of(answer) -> str:
    """In one word what an answer is; what goes wrong in the site is a word of its own."""
    location = answer.get("Location", "")
    for page, kind in (
        ("/masuk/", "sign_in"),
        ("/akun/kata-sandi/?next", "password"),
        ("/akun/kode/?next", "second_factor"),
    ):
        if answer.status_code == 302 and location.startswith(page):
            return kind
    if answer.status_code == 302 and location in {"/akun/kata-sandi/", "/akun/kode/"}:
        return "password" if "sandi" in location else "second_factor"
    known = {404: "hidden", 405: "method", 403: "forbidden"}
    return known.get(answer.status_code, "fault" if answer.status_code >= 500 else "answered")


def expected(row, method: str, person: str) -> str:
    who = row.who(method)
    if who is None:
        return "method"
    if person in who:
        return row.answer
    return "sign_in" if person == ANONYMOUS else row.otherwise


def ask(client, method: str, address: str, row):
    """One request whose effects are undone, those on the browser's cookies too."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        given = dict(row.fields) if method == "POST" else None
        answer = (
            getattr(client, method.lower())(address, given)
            if given
            else client.generic(method, address)
        )
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


# --- the table and the URLconf name the same routes -------------------------------------------


def test_every_route_is_in_the_table_and_every_row_has_a_route():
    routes = {name for name, route in ROUTES.items() if not route.is_admin}
    # Addresses of the interface that are none of the above: 404 or 405, as machines expect.
    routes.discard("api-v1:nameless ^api/v1/.+$")
    routes = {name for name in routes if "nameless" not in name}
    assert {route_of(name) for name in TABLE} == routes


def test_names_are_unique():
    names = [route.name for route in all_routes() if not route.is_admin]
    assert len(names) == len(set(names))


# --- who gets what --------------------------------------------------------------------------


def test_guarded_routes(clients):
    faults = []
    for name, row in GUARDED.items():
        with transaction.atomic():
            address = address_of(name)
            for method in METHODS:
                for person, client in clients.items():
                    found = kind_of(ask(client, method, address, row))
                    wanted = expected(row, method, person)
                    if found != wanted:
                        faults.append(f"{name}: {method} by {person}: {found}, not {wanted}")
            transaction.set_rollback(True)
    assert not faults, "\n".join(faults)


def test_open_routes(clients):
    """Everybody gets the same; whoever is signed in loses and gains nothing."""
    faults = []
    for name, row in OPEN.items():
        address = address_of(name)
        for method in METHODS:
            people = clients if method == "GET" else TWO
            answers = {p: ask(clients[p], method, address, row) for p in people}
            kinds = {kind_of(answer) for answer in answers.values()}
            codes = {answer.status_code for answer in answers.values()}
            if row.who(method) is None:
                good = (
                    kinds <= {"method", "answered"} if method == "OPTIONS" else kinds == {"method"}
                )
            elif name == "sign_in":  # who is in goes on to a page of their own
                good = kinds <= {"answered", "second_factor"}
            else:
                good = len(codes) == 1 and kinds <= {"answered", "hidden"}
            if not good:
                faults.append(f"{method} {address}: {sorted(codes)} {sorted(kinds)}")
    assert not faults, "\n".join(faults)


def test_what_not_everybody_gets_is_kept_by_no_cache(clients):
    """Not even by the browser's own: the next person at that machine goes Back."""
    faults, n_asked = [], 0
    for name, row in GUARDED.items():
        for person in sorted(row.GET or ())[:1]:
            answer, n_asked = ask(clients[person], "GET", address_of(name), row), n_asked + 1
            if "no-store" not in answer.get("Cache-Control", ""):
                faults.append(f"{name}: {answer.get('Cache-Control')}")
    assert n_asked > 15
    assert not faults, "\n".join(faults)


def test_who_has_no_second_factor_sets_it_up_first(clients, world):
    Authenticator.objects.all().delete()
    faults, asked = [], 0
    for name, row in TABLE.items():
        address = address_of(name) if row.factor else ""
        for method in ("GET", "POST"):
            for person in (row.who(method) or frozenset()) & row.factor:
                found, asked = kind_of(ask(clients[person], method, address, row)), asked + 1
                if found != "second_factor":
                    faults.append(f"{name}: {method} by {person}: {found}")
    assert asked > 20
    assert not faults, "\n".join(faults)


def test_who_has_a_password_on_paper_changes_it_first(clients, world):
    User.objects.update(must_change_password=True)
    faults = []
    for name, row in TABLE.items():
        if not row.own_password:
            continue
        address = address_of(name)
        for method in ("GET", "POST"):
            for person in row.who(method) or ():
                found = kind_of(ask(clients[person], method, address, row))
                if found != "password":
                    faults.append(f"{method} {address} by {person}: {found}")
    assert not faults, "\n".join(faults)


# --- forms need their token -------------------------------------------------------------------


def any_address(route) -> str:
    rows = [row for row in TABLE if route_of(row) == route.name]
    if rows:
        return address_of(rows[0])
    return re.sub(r"<[^>]+>", "1", route.template) if route.is_admin else "/api/v1/nothing"


def test_no_post_without_its_token(world):
    clients = [Client(enforce_csrf_checks=True) for _ in range(2)]
    clients[1].force_login(world["walidata"])
    faults = []
    for route in ROUTES.values():
        rows = [TABLE[row] for row in TABLE if route_of(row) == route.name]
        # Only what takes no POST may go without its token.
        wanted = 405 if route.is_exempt and not any(row.POST for row in rows) else 403
        for client in clients:
            status = client.post(any_address(route), {}).status_code
            if status != wanted:
                faults.append(f"{route.name}: {status}, not {wanted}")
    assert not faults, "\n".join(faults)


def test_what_is_exempt_from_the_token_is_the_interface_alone():
    exempt = {route.name for route in ROUTES.values() if route.is_exempt}
    assert all(name.startswith("api-v1:") for name in exempt), exempt


# --- the admin ----------------------------------------------------------------------------------


def test_the_admin_is_hidden_from_everybody_in_the_cast(clients):
    addresses = {any_address(route) for route in ROUTES.values() if route.is_admin}
    plain = sorted(address for address in addresses if not re.search(r"[\^$?(]", address))
    assert len(plain) > 20
    seen = []
    for person in (ANONYMOUS, "stranger", "walidata", "administrator"):
        for address in plain:
            status = clients[person].get(address).status_code
            if status != 404:
                seen.append(f"{address} by {person}: {status}")
    assert [clients["walidata"].post(address).status_code for address in plain[:5]] == [404] * 5
    assert seen == []


def test_the_table_would_notice():
    """The judge of answers tells the words apart that matter."""
    from django.http import HttpResponse, HttpResponseRedirect

    words = {
        "sign_in": HttpResponseRedirect("/masuk/?next=/akun/"),
        "second_factor": HttpResponseRedirect("/akun/kode/?next=/akun/pengguna/"),
        "password": HttpResponseRedirect("/akun/kata-sandi/"),
        "answered": HttpResponse(),
        "hidden": HttpResponse(status=404),
        "method": HttpResponse(status=405),
        "forbidden": HttpResponse(status=403),
        "fault": HttpResponse(status=500),
    }
    assert {word: kind_of(answer) for word, answer in words.items()} == {w: w for w in words}
