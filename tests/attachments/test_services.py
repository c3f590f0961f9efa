"""Handing in, publishing, refusing and taking back: by the right person, whole or not at all."""

import datetime
import os
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from geo.attachments.batch import storage
from geo.attachments.models import Attachment, State
from geo.attachments.queries import (
    UnknownAttachment,
    attachments_version,
    published_photos,
    waiting_for,
)
from geo.attachments.rules import (
    AlreadyHere,
    FileNotTaken,
    NoRoomLeft,
    NotAsItWas,
    NotYoursToAdd,
    OwnAttachment,
    SayWhyNot,
    TooManyHere,
)
from geo.attachments.services import deciding, storing
from geo.lib import file_store
from geo.opportunities.models import Opportunity
from geo.status.batch import uploads
from tests.attachments import pictures
from tests.attachments.world import handed_in, make_row, published, village
from tests.opportunities.world import make_counted, publish


def on_disk() -> list[str]:
    root = storing.folder()
    return sorted(path.name for path in root.rglob("*") if path.is_file()) if root.exists() else []


@pytest.fixture
def opportunity(people) -> Opportunity:
    make_counted()
    return publish(village())


# --- handing in -------------------------------------------------------------------------------


def test_a_photo_waits_and_its_two_pictures_are_kept(people):
    row = handed_in(people.operator)
    assert (row.state, row.kind, row.width, row.height) == ("waiting", "photo", 640, 480)
    assert on_disk() == [f"{row.uuid}-besar.jpg", f"{row.uuid}-kecil.webp"]
    assert published_photos(area=village()) == []


def test_a_document_is_kept_as_it_came(people):
    content = pictures.document(2)
    row = handed_in(people.operator, content)
    assert (row.kind, row.n_pages, row.size_bytes) == ("document", 2, len(content))
    assert storing.path_of(row.uuid, storing.DOCUMENT).read_bytes() == content


@pytest.mark.parametrize("name", ["stranger", "other_operator", "officer", "regent"])
def test_only_who_reports_there_hands_in(people, name):
    with pytest.raises(NotYoursToAdd):
        handed_in(getattr(people, name))
    assert (Attachment.objects.count(), on_disk()) == (0, [])


def test_an_opportunity_belongs_to_its_office(people, opportunity):
    with pytest.raises(NotYoursToAdd):
        handed_in(people.officer, opportunity=opportunity)
    assert handed_in(people.walidata, opportunity=opportunity).opportunity_code == opportunity.code


def test_a_bad_file_leaves_nothing(people):
    with pytest.raises(FileNotTaken, match="a drawing or text in XML"):
        handed_in(people.operator, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert (Attachment.objects.count(), on_disk()) == (0, [])


def test_more_than_is_taken_leaves_nothing(people, settings):
    settings.UPLOAD_LARGEST_MB = 1
    with pytest.raises(FileNotTaken, match="> 1 MB"):
        handed_in(people.operator, b"\xff" * (2 << 20))
    assert on_disk() == []


def test_a_full_disk_is_said(people, monkeypatch):
    monkeypatch.setattr(file_store, "LEAST_FREE_SHARE", 1.1)
    with pytest.raises(NoRoomLeft):
        handed_in(people.operator)


def test_the_same_file_twice_is_told(people):
    first = handed_in(people.operator)
    with pytest.raises(AlreadyHere, match=r"Jetty at low water.*waiting to be looked at"):
        handed_in(people.verifier)
    assert len(on_disk()) == 2
    deciding.withdraw(identifier=first.uuid, by=people.operator)
    assert handed_in(people.operator).pk != first.pk


def test_no_more_than_somebody_would_look_at(people, monkeypatch):
    monkeypatch.setattr(deciding, "MOST_OF_ONE", 1)
    make_row(people.operator)
    with pytest.raises(TooManyHere, match="1 photos and documents already"):
        handed_in(people.operator)
    assert on_disk() == []


# --- deciding ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["verifier", "walidata"])
def test_somebody_else_publishes(people, name):
    row = published(people.operator, getattr(people, name))
    assert published_photos(area=village()) == [row]
    assert row.decided_by == getattr(people, name)


@pytest.mark.parametrize("act", ["publish", "refuse"])
def test_nobody_decides_about_their_own(people, act):
    row = handed_in(people.verifier)
    given = {"reason": "Buram."} if act == "refuse" else {}
    with pytest.raises(OwnAttachment, match="somebody else decides"):
        getattr(deciding, act)(identifier=row.uuid, by=people.verifier, **given)
    row.refresh_from_db()
    assert row.state == State.WAITING
    assert list(waiting_for(people.verifier)) == []
    assert list(waiting_for(people.walidata)) == [row]


def test_not_even_the_database_lets_one_decide_about_ones_own(people):
    row = make_row(people.verifier)
    with pytest.raises(IntegrityError, match="attachment_other_hand"), transaction.atomic():
        Attachment.objects.filter(pk=row.pk).update(
            state="published", decided_by=people.verifier, decided_at=timezone.now()
        )


@pytest.mark.parametrize("name", ["stranger", "operator", "officer", "regent", "administrator"])
def test_others_find_nothing_to_decide(people, name):
    row = make_row(people.walidata)
    for act, given in (("publish", {}), ("refuse", {"reason": "x"}), ("withdraw", {"reason": "x"})):
        with pytest.raises(UnknownAttachment):
            getattr(deciding, act)(identifier=row.uuid, by=getattr(people, name), **given)
    row.refresh_from_db()
    assert row.state == State.WAITING


def test_who_sees_a_published_one_cannot_take_it_back(people):
    row = published(people.operator, people.verifier)
    with pytest.raises(UnknownAttachment):
        deciding.withdraw(identifier=row.uuid, by=people.other_operator, reason="x")


def test_a_refusal_says_why_and_deletes_the_files(people, django_capture_on_commit_callbacks):
    row = handed_in(people.operator)
    with pytest.raises(SayWhyNot):
        deciding.refuse(identifier=row.uuid, by=people.verifier, reason="  ")
    with django_capture_on_commit_callbacks(execute=True):
        refused = deciding.refuse(identifier=row.uuid, by=people.verifier, reason="Buram.")
    assert (refused.state, refused.reason, on_disk()) == ("refused", "Buram.", [])


def test_what_is_taken_back_is_gone_at_once(people, django_capture_on_commit_callbacks):
    row = published(people.operator, people.verifier)
    with pytest.raises(SayWhyNot):
        deciding.withdraw(identifier=row.uuid, by=people.verifier)
    with django_capture_on_commit_callbacks(execute=True):
        deciding.withdraw(identifier=row.uuid, by=people.operator)
    assert (published_photos(area=village()), on_disk()) == ([], [])


def test_the_second_decision_is_told(people):
    row = published(people.operator, people.verifier)
    with pytest.raises(NotAsItWas, match="published by now"):
        deciding.refuse(identifier=row.uuid, by=people.walidata, reason="Buram.")


def test_what_was_said_and_decided_cannot_be_changed(people):
    row = published(people.operator, people.verifier)
    rows = Attachment.objects.filter(pk=row.pk)
    for change in ({"caption_id": "Lain"}, {"decided_by": people.walidata}, {"sha256": "1" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


# --- reading ----------------------------------------------------------------------------------


def test_a_moment_shows_what_was_published_then(people):
    day = datetime.timedelta(days=1)
    now = timezone.now()
    old = make_row(
        people.operator,
        sha256="1" * 64,
        state="withdrawn",
        decided_by=people.verifier,
        decided_at=now - 9 * day,
        withdrawn_by=people.operator,
        withdrawn_at=now - 5 * day,
    )
    new = make_row(
        people.operator,
        state="published",
        decided_by=people.verifier,
        decided_at=now - 3 * day,
    )
    shown = {n: published_photos(area=village(), moment=now - n * day) for n in (10, 7, 4, 1)}
    assert shown == {10: [], 7: [old], 4: [], 1: [new]}
    assert published_photos(area=village()) == [new]


def test_photos_of_an_opportunity_are_not_those_of_its_village(people, opportunity):
    row = published(people.walidata, people.verifier, opportunity=opportunity)
    assert published_photos(opportunity_code=opportunity.code) == [row]
    assert published_photos(area=village()) == []


def test_the_version_changes_with_what_everybody_sees(people):
    versions = [attachments_version()]
    row = handed_in(people.operator)
    versions.append(attachments_version())
    deciding.publish(identifier=row.uuid, by=people.verifier)
    versions.append(attachments_version())
    deciding.withdraw(identifier=row.uuid, by=people.operator)
    versions.append(attachments_version())
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


# --- files and rows ---------------------------------------------------------------------------


def test_a_missing_file_is_named(people):
    row = handed_in(people.operator)
    assert storage.missing_files() == []
    storing.path_of(row.uuid, storing.LARGE).unlink()
    assert storage.missing_files() == [f"{row.uuid}-besar.jpg"]


def test_tidying_removes_what_no_row_wants_and_nothing_else(people):
    row = handed_in(people.operator)
    kept = on_disk()
    orphans = [storing.path_of(uuid.uuid4(), name) for name in (storing.LARGE, storing.DOCUMENT)]
    orphans.append(storing.folder() / storing.INCOMING / "cut-off")
    for path in orphans:
        path.write_bytes(b"x")
    assert storage.tidy() == "0 files removed"
    for path in [*orphans, storing.path_of(row.uuid, storing.LARGE)]:
        os.utime(path, (0, 0))
    assert storage.tidy() == "3 files removed"
    assert on_disk() == kept


def test_cek_names_what_is_missing(people):
    row = handed_in(people.operator)
    assert "1 photos and documents are where they belong." in told_by_cek()
    storing.forget(row)
    folder = storing.folder().parent
    name = f"{row.uuid}-besar.jpg"
    sentence = f"2 files of photos and documents are missing in {folder}, among them {name}."
    assert sentence in told_by_cek()


def told_by_cek() -> list[str]:
    return [finding.sentence for finding in uploads.findings()]
