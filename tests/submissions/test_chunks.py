"""Large files come in pieces, go on where they were cut, and belong to those who began them."""

import datetime
import hashlib
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from geo.submissions.batch import jobs
from geo.submissions.models import PartialUpload, StoredFile, Submission
from geo.submissions.services import chunking, storing
from tests.submissions.world import VILLAGE, YEAR

FILE = bytes(range(256)) * 40  # 10,240 bytes
PIECE = 4096


def begin(client, content=FILE, **changed):
    about = {"dataset": "figures", "period": YEAR, "area": VILLAGE, "name": "isian.xlsx"}
    about |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | changed
    return client.post(reverse("chunk_start"), about)


def put(client, address, offset, piece):
    return client.put(f"{address}?offset={offset}", piece, "application/octet-stream")


def put_all(client, answer, content=FILE):
    address, at = answer.json()["address"], answer.json()["received"]
    while at < len(content):
        answer = put(client, address, at, content[at : at + PIECE])
        assert answer.status_code == 200, answer.content
        at = answer.json().get("received", len(content))
    return answer


@pytest.fixture
def official(client, cast):
    client.force_login(cast.operator)
    return client


@pytest.fixture
def stranger_to_it(client, cast):
    from django.test import Client

    other = Client()
    other.force_login(cast.verifier)
    return other


def test_pieces_become_the_file(official):
    answer = put_all(official, begin(official)).json()
    submission = Submission.objects.get()
    assert answer["number"] == submission.number
    assert answer["address"] == reverse("submission", args=[submission.number])
    file = StoredFile.objects.get()
    assert file.name == "isian.xlsx"
    assert storing.path_of(file.uuid).read_bytes() == FILE
    assert PartialUpload.objects.count() == 0
    assert list((storing.folder().parent / "partial").iterdir()) == []


@pytest.mark.parametrize("cut", [1, 100, 4095, 4096, 4097, 8000, 10_239])
def test_an_upload_goes_on_where_it_was_cut(official, cut):
    address = begin(official).json()["address"]
    put(official, address, 0, FILE[:cut])
    again = begin(official)
    assert (again.json()["address"], again.json()["received"]) == (address, cut)
    put_all(official, again)
    assert storing.path_of(StoredFile.objects.get().uuid).read_bytes() == FILE


def test_bytes_on_the_disk_that_nobody_counted_are_written_again(official):
    address = begin(official).json()["address"]
    put(official, address, 0, FILE[:100])
    path = chunking.part_path(PartialUpload.objects.get())
    path.write_bytes(FILE[:100] + b"what the power cut left")
    put_all(official, begin(official))
    assert storing.path_of(StoredFile.objects.get().uuid).read_bytes() == FILE


def test_a_piece_at_another_place_is_refused_with_the_right_one(official):
    address = begin(official).json()["address"]
    put(official, address, 0, FILE[:100])
    for offset in (0, 50, 101, 9000):
        answer = put(official, address, offset, FILE[offset : offset + 10])
        assert (answer.status_code, answer.json()["received"]) == (409, 100)
    assert official.get(address).json()["received"] == 100


@pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 30])
def test_an_offset_that_is_none_is_refused_with_a_sentence(official, offset):
    answer = put(official, begin(official).json()["address"], offset, b"x")
    assert answer.status_code == 400
    assert "Load the page again" in answer.json()["detail"]


def test_more_than_was_announced_is_refused(official):
    address = begin(official).json()["address"]
    assert put(official, address, 0, FILE + b"x").status_code == 400
    assert put(official, address, 0, b"x" * (chunking.LARGEST_PIECE + 1)).status_code == 400
    assert put(official, address, 0, b"").status_code == 400


def test_what_arrived_damaged_is_thrown_away_and_begins_again(official):
    answer = begin(official)
    address = answer.json()["address"]
    put(official, address, 0, b"!" + FILE[1:PIECE])
    put(official, address, PIECE, FILE[PIECE : 2 * PIECE])
    damaged = put(official, address, 2 * PIECE, FILE[2 * PIECE :])
    assert damaged.status_code == 422
    assert "checksum" in damaged.json()["detail"]
    assert Submission.objects.count() == 0
    put_all(official, begin(official))
    assert Submission.objects.count() == 1


def test_an_answer_that_was_lost_is_given_again(official):
    first = put_all(official, begin(official)).json()
    again = begin(official).json()
    assert again == first | {"is_repeat": True}
    assert StoredFile.objects.count() == 1


def test_uploads_of_others_do_not_exist(official, stranger_to_it):
    address = begin(official).json()["address"]
    assert stranger_to_it.get(address).status_code == 404
    assert put(stranger_to_it, address, 0, FILE[:10]).status_code == 404
    assert PartialUpload.objects.get().received_bytes == 0
    assert official.get(reverse("chunk", args=[uuid.uuid4()])).status_code == 404


def test_nobody_begins_an_upload_for_a_village_of_others(client, cast):
    client.force_login(cast.neighbour)
    assert begin(client).status_code == 404
    client.force_login(cast.stranger)
    assert begin(client).status_code == 404
    client.logout()
    assert begin(client).status_code == 302
    assert PartialUpload.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"size": 0}, 400),
        ({"size": "many"}, 400),
        ({"size": 26 << 20}, 413),
        ({"sha256": "short"}, 400),
        ({"period": "1066-13"}, 404),
        ({"dataset": "nothing"}, 404),
    ],
)
def test_what_cannot_be_is_refused_before_a_byte_is_sent(official, changed, status):
    answer = begin(official, **changed)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_after_48_hours_what_was_not_finished_is_dropped(official):
    address = begin(official).json()["address"]
    put(official, address, 0, FILE[:100])
    upload = PartialUpload.objects.get()
    left = upload.expires_at - timezone.now()
    assert datetime.timedelta(hours=47) < left <= datetime.timedelta(hours=48)
    PartialUpload.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert put(official, address, 100, FILE[100:200]).status_code == 404
    jobs.sweep()
    assert PartialUpload.objects.count() == 0
    assert not chunking.part_path(upload).exists()


def test_one_person_begins_no_more_than_ten_at_once(official):
    for n in range(10):
        assert begin(official, FILE + bytes([n])).status_code == 200
    answer = begin(official, FILE + b"eleven")
    assert answer.status_code == 429
    assert "10 uploads" in answer.json()["detail"]


def test_a_piece_needs_the_token_of_the_page(cast):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.operator)
    assert begin(strict).status_code == 403
    assert put(strict, reverse("chunk", args=[uuid.uuid4()]), 0, b"x").status_code == 403


# --- whole files, as a plain form sends them -------------------------------------------------


def upload(client, content=FILE, name="isian.csv"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    address = reverse("upload", args=["figures", YEAR, VILLAGE])
    return client.post(address, {"file": SimpleUploadedFile(name, content)} if content else {})


def test_a_plain_form_brings_a_file_in_and_leads_to_its_page(official):
    answer = upload(official)
    assert answer.status_code == 302
    assert answer.url == reverse("submission", args=[Submission.objects.get().number])


def said(answer) -> str:
    from django.contrib.messages import get_messages

    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_no_file_and_too_large_a_file_lead_back_to_the_form_with_a_sentence(official, settings):
    assert "0 bytes" in said(upload(official, b""))
    settings.UPLOAD_LARGEST_MB = 1
    answer = upload(official, b"x" * ((1 << 20) + 1))
    assert answer.url == reverse("form", args=["figures", YEAR, VILLAGE])
    assert "larger than 1 MB" in said(answer)
    assert Submission.objects.count() == 0


def test_the_same_file_is_said_to_be_the_same(official):
    upload(official)
    assert "here already" in said(upload(official))
    assert Submission.objects.count() == 1


def test_a_file_for_a_village_of_others_finds_no_form(client, cast):
    client.force_login(cast.neighbour)
    assert upload(client).status_code == 404
    client.logout()
    answer = upload(client)
    assert (answer.status_code, "masuk" in answer.url) == (302, True)
