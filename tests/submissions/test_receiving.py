"""Files are stored first, known again when they come twice, and left to a worker."""

import hashlib
import stat
import threading

import pytest
from django.db import connections
from django.db.utils import OperationalError

from geo.submissions.models import Act, Job, State, StoredFile, Submission, SubmissionVersion
from geo.submissions.queries.forms import UnknownForm
from geo.submissions.rules.transitions import WorkGoesOn
from geo.submissions.services import receiving, storing
from geo.submissions.services.receiving import receive_file
from tests.submissions.world import VILLAGE, make_world, sent

FILE = b"kode,Perawat\n99.01.01.2001,3\n"


def receive(world, content=FILE, by=None, name="isian.csv", form=None):
    by = by or world.cast.operator
    return receive_file(form=form or world.form(), by=by, name=name, chunks=[content])


def on_disk() -> list[str]:
    folder = storing.folder()
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_is_kept_under_a_name_of_our_own_for_our_eyes_only(world):
    received = receive(world, name="../../etc/passwd\u202excod.exe")
    file = received.version.file
    assert file.name == "passwdxcod.exe"
    assert on_disk() == [str(file.uuid)]
    path = storing.path_of(file.uuid)
    assert path.read_bytes() == FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (file.size_bytes, file.sha256) == (len(FILE), hashlib.sha256(FILE).hexdigest())


def test_what_was_received_waits_for_a_worker(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as reminders:
        submission = receive(world).submission
    assert len(reminders) == 1
    submission.refresh_from_db()
    assert (submission.state, submission.job) == (State.RECEIVED, Job.CHECK)
    assert submission.job_version == submission.current
    assert submission.job_by == world.cast.operator
    assert [event.act for event in submission.events.all()] == [Act.RECEIVED]
    assert submission.events.get().by_name == "Operator, Uji"


def test_the_same_file_twice_is_the_same_answer(world):
    first, second = receive(world), receive(world, name="copy.csv")
    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert first.submission == second.submission
    assert first.version == second.version
    assert len(on_disk()) == StoredFile.objects.count() == 1


def test_another_file_is_the_next_version_of_the_same_submission(world):
    first, second = receive(world), receive(world, FILE + b"#")
    assert first.submission == second.submission
    assert (first.version.number, second.version.number) == (1, 2)
    second.submission.refresh_from_db()
    assert second.submission.current == second.version
    assert second.submission.job_version == second.version
    assert second.version.edit > first.version.edit


def test_forms_of_two_villages_do_not_meet(world, cast):
    first = receive(world)
    second = receive(world, by=cast.neighbour, form=world.form(area="99.01.01.2002"))
    assert first.submission != second.submission


def test_a_file_that_was_refused_is_checked_again_when_it_comes_again(world):
    received = receive(world)
    Submission.objects.filter(pk=received.submission.pk).update(state=State.FAULTY, job="")
    again = receive(world)
    assert again.is_repeat
    again.submission.refresh_from_db()
    assert (again.submission.state, again.submission.job) == (State.RECEIVED, Job.CHECK)
    assert SubmissionVersion.objects.count() == 1


def test_a_new_file_while_it_waits_for_review_takes_its_place(world, cast):
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    received = receive(world)
    waiting.refresh_from_db()
    assert received.submission == waiting
    assert (waiting.state, waiting.current) == (State.RECEIVED, received.version)
    assert waiting.versions.get(number=1).sealed_at is not None


def test_nothing_is_taken_while_it_is_being_published(world, cast):
    waiting = sent(world.form(), cast.operator, {VILLAGE: {"nurses": 3}})
    Submission.objects.filter(pk=waiting.pk).update(job=Job.PUBLISH)
    with pytest.raises(WorkGoesOn):
        receive(world)
    assert on_disk() == []


def test_after_publication_a_file_begins_a_new_submission(world, cast):
    first = receive(world).submission
    Submission.objects.filter(pk=first.pk).update(state=State.VERIFIED, job="")
    assert receive(world).submission != first


@pytest.mark.parametrize("person", ["neighbour", "far_verifier", "stranger", "regent", "admin"])
def test_strangers_to_the_village_bring_nothing(world, cast, person):
    with pytest.raises(UnknownForm):
        receive(world, by=getattr(cast, person))
    assert on_disk() == []


def test_demonstration_accounts_send_demonstrations(world, cast):
    cast.operator.is_demo = True
    assert receive(world).submission.is_demo


# --- limits and full disks -----------------------------------------------------------


def test_too_large_a_file_leaves_nothing(world, settings):
    settings.UPLOAD_LARGEST_MB = 1
    chunks = (b"x" * (1 << 18) for _n in range(5))
    with pytest.raises(storing.UploadTooLarge, match="larger than 1 MB"):
        receive_file(form=world.form(), by=world.cast.operator, name="x", chunks=chunks)
    assert on_disk() == []
    assert Submission.objects.count() == StoredFile.objects.count() == 0


def test_an_empty_file_is_said_to_be_empty(world):
    with pytest.raises(storing.EmptyUpload, match="0 bytes"):
        receive(world, b"")
    assert on_disk() == []


def test_a_file_whose_row_may_have_been_written_is_not_removed(world, monkeypatch):
    def away(*_args):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(receiving, "_note", away)
    with pytest.raises(OperationalError):
        receive(world)
    assert len(on_disk()) == 1


# --- many at once ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_fifty_uploads_of_one_file_at_once_are_one_submission_and_one_version(kotak, settings):
    settings.REGENCY_CODE = "99.01"
    world = make_world(kotak)
    answers, failures = [], []
    start = threading.Barrier(50)

    def upload():
        try:
            start.wait(120)
            answers.append(receive(world))
        except Exception as error:  # noqa: BLE001 whatever it is, the test says it
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=upload) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert failures == []
    assert len(answers) == 50
    assert sum(not one.is_repeat for one in answers) == 1
    assert Submission.objects.count() == SubmissionVersion.objects.count() == 1
    assert on_disk() == [str(StoredFile.objects.get().uuid)]
