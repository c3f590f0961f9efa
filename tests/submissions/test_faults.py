"""Full disks, lost files and power cuts: there is never a row without its file, nor half a file."""

import datetime
import errno
import os
import resource

import pytest
from django.utils import timezone

from geo.lib import file_store
from geo.status.batch import uploads
from geo.submissions.batch import storage
from geo.submissions.models import StoredFile, Submission
from geo.submissions.services import storing
from tests.submissions.test_checking import HEAD, check
from tests.submissions.test_receiving import on_disk, receive
from tests.submissions.world import VILLAGE

CONTENT = b"x" * 100_000


def full(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


# --- full disks ------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["open", "fdopen", "fsync", "mkdir", "rename", "disk"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_at_any_step_leaves_nothing(world, monkeypatch, step, number):
    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    if step in ("open", "fdopen", "fsync"):
        monkeypatch.setattr(file_store.os, step, fail)
    elif step == "disk":
        monkeypatch.setattr(file_store.shutil, "disk_usage", fail)
    else:
        monkeypatch.setattr(file_store.Path, step, fail)
    with pytest.raises(storing.DiskFull, match="no room left"):
        receive(world, CONTENT)
    monkeypatch.undo()
    assert StoredFile.objects.count() == Submission.objects.count() == 0


def test_a_quota_of_the_kernel_that_is_used_up_leaves_nothing(world):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(storing.DiskFull):
            receive(world, CONTENT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert on_disk() == []
    assert Submission.objects.count() == 0
    assert receive(world, CONTENT).submission.pk


def test_uploads_stop_while_a_tenth_of_the_disk_is_still_free(world, monkeypatch):
    usage = file_store.shutil.disk_usage("/")
    little = usage._replace(total=1000, free=99)
    monkeypatch.setattr(file_store.shutil, "disk_usage", lambda _folder: little)
    with pytest.raises(storing.DiskFull) as refused:
        receive(world)
    assert refused.value.status == 507
    enough = usage._replace(total=1000, free=100)
    monkeypatch.setattr(file_store.shutil, "disk_usage", lambda _folder: enough)
    assert receive(world).submission.pk


def test_another_fault_of_the_disk_is_not_called_a_full_one(world, monkeypatch):
    def broken(*_args):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(file_store.os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        receive(world)
    assert on_disk() == []


def test_a_sender_who_goes_away_in_the_middle_leaves_nothing(world):
    def chunks():
        yield CONTENT
        raise ConnectionResetError

    from geo.submissions.services.receiving import receive_file

    with pytest.raises(ConnectionResetError):
        receive_file(form=world.form(), by=world.cast.operator, name="x", chunks=chunks())
    assert on_disk() == []


def test_a_file_is_on_the_disk_before_its_row_is_written(world, monkeypatch):
    steps = []
    fsync, create = os.fsync, StoredFile.objects.create
    monkeypatch.setattr(file_store.os, "fsync", lambda n: (steps.append("fsync"), fsync(n)))

    def make(**fields):
        steps.append("row")
        assert storing.path_of(fields["uuid"]).read_bytes() == CONTENT
        return create(**fields)

    monkeypatch.setattr(StoredFile.objects, "create", make)
    receive(world, CONTENT)
    # The file, then its folder's names.
    assert steps == ["fsync", "fsync", "row"]


# --- files and rows, compared ------------------------------------------------------------


def age(path, days):
    then = (timezone.now() - datetime.timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def test_files_without_a_row_go_after_two_days_and_not_before(world):
    kept = storing.path_of(receive(world).version.file.uuid)
    stray = storing.folder() / "11111111-1111-4111-8111-111111111111"
    part = storing.folder() / "22222222-2222-4222-8222-222222222222.part"
    for path in (stray, part):
        path.write_bytes(b"left by a power cut")
        age(path, 1)
    age(kept, 400)
    assert storage.reconcile().removed == []
    for path in (stray, part):
        age(path, 3)
    assert sorted(storage.reconcile().removed) == [stray, part]
    assert on_disk() == [kept.name]


def test_a_row_without_its_file_is_named(world):
    file = receive(world).version.file
    assert storage.missing_files() == []
    storing.forget(file.uuid)
    assert storage.missing_files() == [file]
    assert storage.reconcile().missing == [file]


def test_the_operator_of_the_site_is_told(world):
    file = receive(world).version.file
    # Of uploaded files, and of photos.
    assert [finding.is_well for finding in uploads.findings()] == [True, True]
    storing.forget(file.uuid)
    Submission.objects.update(attempts=2)
    missing, _photos, stuck = uploads.findings()
    assert missing.sentence.startswith("1 uploaded files are missing")
    assert stuck.sentence.startswith("1 submissions could not be worked on")
    assert missing.advice and stuck.advice


def test_a_file_with_data_of_persons_is_removed_after_two_days(world, monkeypatch):
    submission = check(world, HEAD + f"{VILLAGE},1607101203850003,3,2,1\n")
    file = submission.current.file
    assert storage.reconcile().emptied == []
    later = timezone.now() + datetime.timedelta(days=2, minutes=1)
    monkeypatch.setattr(storage.timezone, "now", lambda: later)
    assert storage.reconcile().emptied == [file]
    assert not storing.path_of(file.uuid).exists()
    # Removed on purpose: nobody is alarmed by it.
    assert storage.missing_files() == []


def test_files_lie_outside_of_what_is_served(world, client, settings):
    file = receive(world).version.file
    assert settings.STATIC_ROOT not in storing.path_of(file.uuid).parents
    for address in (f"/media/submissions/{file.uuid}", f"/static/submissions/{file.uuid}"):
        assert client.get(address).status_code == 404
