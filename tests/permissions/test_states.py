"""Every route of submissions × method × person × state, as the rules of ``states.py`` say."""

import copy

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.messages import ERROR, get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from geo.lib.grids import issues_from_json
from geo.lib.tables import WARNING
from geo.submissions.models import PartialUpload
from tests.permissions import states
from tests.permissions.routes import all_routes
from tests.permissions.states import ANONYMOUS, RIGHTS, expected, fingerprint
from tests.submissions.world import VILLAGE, make_world

WITH_HEAD = {ANONYMOUS, "stranger", "operator"}
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
NUMBERED = states.LOOKS | states.STEPS
OF_FORMS = states.FORM_LOOKS | states.FORM_STEPS
# Held by other tests: table.py, and the last ones of this file.
ELSEWHERE = {"desk", "queue", "notices", "history", "phone", "service_worker"}
ELSEWHERE |= {"chunk_start", "chunk"}


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level("ERROR", "django.request")


@pytest.fixture
def world(kotak, settings, tmp_path):
    settings.REGENCY_CODE = "99.01"
    settings.MEDIA_ROOT = tmp_path / "media"
    return make_world(kotak)


@pytest.fixture
def clients(world):
    browsers = {ANONYMOUS: Client()}
    for name, person in world.cast.everybody().items():
        browsers[name] = Client()
        browsers[name].force_login(person)
    return browsers


def ask(client, method: str, address: str, fields=None, before=None) -> tuple[str, str]:
    """The class of the answer, and what it says; all that it did is taken back.

    ``before`` is the fingerprint of all that stood: a form that changed nothing was refused.
    """
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        is_plain = fields is None
        answer = client.generic(method, address) if is_plain else client.post(address, fields)
        found = class_of(answer)
        if before is not None:
            is_changed = fingerprint() != before
            if found in {"done", "refused"}:
                found = "done" if is_changed else "refused"
            assert not is_changed or found == "done", f"{address}: {found}, yet it did something"
        said = sentences(answer) if found == "refused" else ""
        transaction.set_rollback(True)
    client.cookies = cookies
    return found, said


def class_of(answer) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/masuk/"):
        return "sign_in"
    by_status = {404: "hidden", 405: "method", 400: "refused", 409: "refused", 403: "forbidden"}
    return by_status.get(answer.status_code, "fault" if answer.status_code >= 500 else "done")


def sentences(answer) -> str:
    """Why something was refused: a message for the next page, or the page itself."""
    messages = get_messages(answer.wsgi_request)
    told = [str(one) for one in messages if one.level >= ERROR]
    return " ".join(told) or ("" if answer.status_code == 302 else answer.content.decode())


def fields_of(rule, case, route: str) -> dict | None:
    version = case.submission.current
    if route == "upload":
        return {"file": SimpleUploadedFile("isian.csv", states.GOOD.replace(b"31", b"32"))}
    if route == "reasons":
        issues = issues_from_json(version.issues)
        keys = [one.key for one in issues if one.severity == WARNING] or ["none"]
        return {"edit": str(version.edit)} | {f"r|{key}": "Puskesmas baru." for key in keys}
    if rule.right == states.REPORT:
        return {"edit": str(version.edit)} | dict(rule.fields)
    return {"seen": version.content_hash} | dict(rule.fields)


def address_of(route: str, case) -> str:
    submission = case.submission
    if route in NUMBERED:
        return reverse(route, args=[submission.number])
    return reverse(route, args=[submission.dataset.code, submission.period, VILLAGE])


def routes_of_submissions() -> set[str]:
    heads = ("/unggah/", "/periksa/", "/pemberitahuan/", "/riwayat/")
    return {one.name for one in all_routes() if one.template.startswith(heads)}


def test_every_route_of_submissions_is_held_by_a_rule():
    assert set(NUMBERED) | set(OF_FORMS) | ELSEWHERE == routes_of_submissions()


def test_everybody_and_every_state_is_in_the_matrix(world):
    cases = states.make_cases(world)
    assert set(world.cast.everybody()) | {ANONYMOUS} == set(RIGHTS)
    assert {case.state for case in cases} == states.ALL


def test_looking(world, clients):
    """GET, and HEAD for some: the same in every state, but for files that there are not."""
    faults = []
    for case in states.make_cases(world, authors=["operator"]):
        for route, rule in (states.LOOKS | states.FORM_LOOKS).items():
            address = address_of(route, case)
            for person, client in clients.items():
                wanted = expected(rule, person, case).replace("refused", "hidden")
                for method in ["GET", "HEAD"] if person in WITH_HEAD else ["GET"]:
                    found, _said = ask(client, method, address)
                    if found != wanted:
                        faults.append(f"{method} {route}, {person}, {case}: {found}, not {wanted}")
    assert not faults, "\n".join(faults)


def test_doing(world, clients):
    """POST: done, or refused with a sentence, or nothing there; never half done."""
    faults, cases = [], states.make_cases(world)
    before = fingerprint()
    for case in cases:
        for route, rule in (states.STEPS | states.FORM_STEPS).items():
            faults += list(_faults_of_doing(clients, case, route, rule, before))
    assert not faults, "\n".join(faults)


def _faults_of_doing(clients, case, route, rule, before):
    address, has_right = address_of(route, case), rule.right
    outside = [name for name in clients if has_right not in RIGHTS[name]]
    with transaction.atomic():
        for person in outside:
            answer = clients[person].post(address, fields_of(rule, case, route))
            if class_of(answer) != expected(rule, person, case):
                yield f"{route} by {person}, {case}: {class_of(answer)}"
        if fingerprint() != before:
            yield f"{route}, {case}: one of {outside} did something"
        transaction.set_rollback(True)
    for person in set(clients) - set(outside):
        fields, wanted = fields_of(rule, case, route), expected(rule, person, case)
        found, said = ask(clients[person], "POST", address, fields, before)
        if found != wanted:
            yield f"{route} by {person}, {case}: {found}, not {wanted}: {said[:200]}"
        elif found == "refused" and len(said) < 30:
            yield f"{route} by {person}, {case}: refused without a sentence"


def test_who_decides_needs_a_second_factor(world, clients):
    """Whoever has the right but no telephone sets it up first, and has changed nothing."""
    submission = states.States(world).make("sent", world.cast.operator)
    case = states.Case("sent", "operator", submission)
    Authenticator.objects.all().delete()
    before, faults, n_asked = fingerprint(), [], 0
    for route, rule in NUMBERED.items():
        if rule.right not in (states.REVIEW, states.VERIFY):
            continue
        for person in (name for name in clients if rule.right in RIGHTS[name]):
            client, address = clients[person], address_of(route, case)
            is_look = route in states.LOOKS
            answer = client.get(address) if is_look else client.post(address, {"note": "Baik."})
            n_asked += 1
            if not answer.get("Location", "").startswith("/akun/kode/"):
                faults.append(f"{route} by {person}: {answer.status_code}")
    assert n_asked > 15
    assert not faults, "\n".join(faults)
    assert fingerprint() == before


def test_methods_that_a_route_does_not_know(world, clients):
    """405 for everybody alike, so that nothing is learnt of what there is."""
    looks = {*states.LOOKS, *states.FORM_LOOKS}
    faults = []
    for case in states.make_cases(world, authors=["operator"]):
        for route in [*looks, *states.STEPS, *states.FORM_STEPS]:
            address = address_of(route, case)
            methods = {"GET", "HEAD"} if route in looks else {"POST"}
            for method in set(METHODS) - methods - ({"POST"} if route == "fill" else set()):
                for person, client in clients.items():
                    found = class_of(client.generic(method, address))
                    if found != "method":
                        faults.append(f"{method} {route} by {person}, {case}: {found}")
    assert not faults, "\n".join(faults)


def test_an_upload_in_pieces_is_its_beginners_alone(world, clients):
    begun = states.begun_upload(world)
    address = reverse("chunk", args=[begun.uuid])
    for person, client in clients.items():
        wanted = {ANONYMOUS: "sign_in", "operator": "done"}.get(person, "hidden")
        assert ask(client, "GET", address)[0] == wanted, person
        with transaction.atomic():
            put = client.put(f"{address}?offset=0", b"kode", "application/octet-stream")
            assert class_of(put) == wanted, person
            received = PartialUpload.objects.get(pk=begun.pk).received_bytes
            assert received == (4 if wanted == "done" else 0), person
            transaction.set_rollback(True)


def test_pieces_are_begun_by_those_who_report_there(world, clients):
    fields = {"dataset": "figures", "period": "2024", "area": VILLAGE, "size": "90"}
    fields |= {"name": "isian.csv", "sha256": "0" * 64}
    before = fingerprint()
    for person, client in clients.items():
        wanted = "done" if states.REPORT in RIGHTS[person] else "hidden"
        wanted = "sign_in" if person == ANONYMOUS else wanted
        assert ask(client, "POST", reverse("chunk_start"), fields, before)[0] == wanted, person


def test_a_counter_entry_is_approved_by_somebody_else_who_verifies(world, clients):
    entry = states.counter_entry(world)
    address, before = reverse("approve", args=[entry.number]), fingerprint()
    fields = {"seen": entry.current.content_hash}
    special = {ANONYMOUS: "sign_in", "officer": "refused", "walidata": "done"}
    for name, client in clients.items():
        assert ask(client, "POST", address, fields, before)[0] == special.get(name, "hidden"), name
