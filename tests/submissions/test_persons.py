"""Numbers and names of persons: what is refused as such is repeated nowhere."""

import io

import pytest
from django.core import mail
from openpyxl import Workbook, load_workbook

from geo.lib.uploads.personal import masked
from geo.submissions.batch import jobs
from geo.submissions.models import State, Submission
from geo.submissions.services import reviewing
from geo.submissions.services.notices import mail_notices
from tests.submissions.test_checking import HEAD, check
from tests.submissions.test_mending import NIK, kept, mend, rules_of
from tests.submissions.test_receiving import receive
from tests.submissions.world import VILLAGE, sent

SLIP = "1607993203850003"  # sixteen digits that were never given out: no month has 99 days


@pytest.mark.parametrize("typed", [SLIP, "1607 9932 0385 0003", f"{SLIP} Siti"])
def test_sixteen_digits_with_a_slip_are_told_as_those_of_a_person_and_never_whole(
    world, cast, typed, client
):
    submission = check(world, HEAD + f"{VILLAGE},Ubin 11,{typed},2,1\n")
    assert (rules_of(submission), submission.state) == (["personal"], State.FAULTY)
    assert "1607********0003" in kept(submission) and SLIP not in kept(submission)
    mend(submission, cast.operator, "midwives", typed)
    assert SLIP not in kept(submission) and rules_of(submission) == ["personal"] * 2
    client.force_login(cast.operator)
    address = f"/en/unggah/{submission.number}/"
    told = client.get(address).content.decode()
    assert "1607********0003" in told and SLIP not in told and typed not in told
    assert SLIP not in texts_in(client.get(f"{address}hasil.xlsx"))


def texts_in(answer) -> str:
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    values = [cell for sheet in book for line in sheet.values for cell in line]
    notes = [c.comment.text for sheet in book for line in sheet.rows for c in line if c.comment]
    return str([values, notes])


def brought(world, content, name):
    received = receive(world, content, name=name)
    jobs.run(received.submission.pk)
    return Submission.objects.get(pk=received.submission.pk)


def test_a_workbook_with_names_and_numbers_is_returned_without_them(world, cast, client):
    book = Workbook()
    book.active.append(["Kode", "Nama ibu", "No KK", "Perawat"])
    book.active.append([VILLAGE, "Siti Aminah binti Umar", int(SLIP), 3])
    made = io.BytesIO()
    book.save(made)
    submission = brought(world, made.getvalue(), f"daftar {NIK}.xlsx")
    assert NIK not in submission.current.file.name
    client.force_login(cast.operator)
    address = f"/en/unggah/{submission.number}/"
    told = client.get(address).content.decode()
    returned = texts_in(client.get(f"{address}hasil.xlsx"))
    for words in ("Siti", SLIP, NIK):
        assert words not in told and words not in returned and words not in kept(submission)
    assert "Nama ibu" in returned and "No KK" in returned


def test_nor_in_comments_notes_and_mails(world, cast, settings):
    settings.SENDS_MAIL, settings.SITE_ADDRESS = True, "https://peta.example.org"
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    said = reviewing.comment(submission=waiting, by=cast.verifier, text=f"Siapa {SLIP}?")
    assert said.text == "Siapa 1607********0003?"
    seen = waiting.current.content_hash
    event = reviewing.return_to_sender(
        submission=waiting, by=cast.verifier, content_hash=seen, note=f"NIK {NIK} dihapus."
    )
    assert event.note == "NIK 1607********0003 dihapus."
    mail_notices()
    assert mail.outbox and not any(NIK in one.body for one in mail.outbox)


@pytest.mark.parametrize("text", ["-2.981700 104.736800", "3.141592653589793", "2 981 700"])
def test_numbers_that_are_no_persons_stay_as_they_are(text):
    assert masked(text) == text
