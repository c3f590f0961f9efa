"""The row says what is to be done; whoever dies at it, it is done in the end, or said why not."""

import datetime
import os
import signal
import subprocess
import sys
import threading
import time

import psycopg2
import pytest
from django.conf import settings as project
from django.db import connection, connections
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.signing import SignedPackage

from geo.submissions.batch import checking, jobs
from geo.submissions.models import Act, Job, State, StoredFile, Submission
from geo.submissions.services import queueing
from geo.submissions.services.sending import withdraw
from tests.submissions.test_checking import HEAD
from tests.submissions.test_receiving import receive
from tests.submissions.world import VILLAGE, make_world

GOOD = (HEAD + f"{VILLAGE},Ubin 11,3,2,\n").encode()


def now(submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def explode(*_args, **_kwargs):
    raise RuntimeError("a fault of ours")


@pytest.fixture
def reminders(monkeypatch):
    """Ids that were put into the queue."""
    given = []
    monkeypatch.setattr(queueing, "wake", given.append)
    monkeypatch.setattr(jobs, "wake", given.append)
    return given


# --- what a reminder does ---------------------------------------------------------------


def test_a_reminder_carries_the_id_and_nothing_else(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        submission = receive(world, GOOD).submission
    task = SignedPackage.loads(OrmQ.objects.get().payload)
    assert (task["func"], task["args"]) == ("geo.submissions.batch.jobs.run", (submission.pk,))
    assert not task["kwargs"]


def test_a_job_is_done_once_however_often_it_is_reminded_of(world):
    submission = receive(world, GOOD).submission
    jobs.run(submission.pk)
    jobs.run(submission.pk)
    assert now(submission).state == State.READY
    assert now(submission).events.filter(act=Act.CHECKED).count() == 1


def test_a_reminder_of_something_unknown_does_nothing(world):
    submission = receive(world, GOOD).submission
    before = now(submission)
    jobs.run(submission.pk + 99)
    after = now(submission)
    assert (after.state, after.job, after.attempts) == (before.state, before.job, before.attempts)
    assert Submission.objects.count() == 1


def test_progress_is_told_on_the_way(world, monkeypatch):
    seen = []
    submission = receive(world, GOOD).submission

    def look(form, grid):
        seen.append(now(submission).progress)
        seen.append(now(submission).heartbeat_at is not None)
        return []

    monkeypatch.setattr(checking, "inspect_grid", look)
    jobs.run(submission.pk)
    assert seen == ["checking the figures", True]
    assert now(submission).progress == ""


# --- what goes wrong -----------------------------------------------------------------------


def test_a_fault_of_ours_is_tried_again_and_then_said(world, monkeypatch, reminders):
    submission = receive(world, GOOD).submission
    monkeypatch.setattr(checking, "read_version", explode)
    for attempt in (1, 2):
        jobs.run(submission.pk)
        assert (now(submission).attempts, now(submission).job) == (attempt, Job.CHECK)
    jobs.run(submission.pk)
    found = now(submission)
    assert (found.state, found.job) == (State.QUARANTINED, "")
    assert "could not be checked" in found.failure
    assert found.events.last().note == found.failure
    assert found.events.last().by is None


def test_a_job_that_killed_three_workers_is_given_up(world):
    submission = receive(world, GOOD).submission
    Submission.objects.filter(pk=submission.pk).update(attempts=3)
    jobs.run(submission.pk)
    assert now(submission).state == State.QUARANTINED


def test_a_poison_file_does_not_stop_the_others(world, cast, monkeypatch):
    areas = [f"99.01.0{d}.200{v}" for d, v in ((1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2))]
    made = [
        receive(
            world,
            HEAD.encode() + f"{a},,3,2,\n".encode(),
            by=cast.walidata,
            form=world.form(area=a),
        ).submission
        for a in areas
    ]
    read_version = checking.read_version

    def read(form, version, **more):
        if version.submission_id == made[0].pk:
            explode()
        return read_version(form, version, **more)

    monkeypatch.setattr(checking, "read_version", read)
    for _round in range(3):
        for submission in made:
            jobs.run(submission.pk)
    states = [now(submission).state for submission in made]
    assert states == [State.QUARANTINED] + [State.READY] * 5


def test_a_quarantined_file_sent_again_is_tried_again(world, monkeypatch):
    submission = receive(world, GOOD).submission
    Submission.objects.filter(pk=submission.pk).update(attempts=3)
    jobs.run(submission.pk)
    again = receive(world, GOOD)
    assert again.is_repeat
    jobs.run(submission.pk)
    assert now(submission).state == State.READY


def test_a_file_that_is_gone_is_said_to_be_gone(world):
    received = receive(world, GOOD)
    from geo.submissions.services import storing

    storing.forget(received.version.file.uuid)
    jobs.run(received.submission.pk)
    found = now(received.submission)
    assert found.state == State.QUARANTINED
    assert "“isian.csv” is not on the server any more" in found.failure


def test_what_was_found_too_late_is_not_written(world, cast, monkeypatch):
    submission = receive(world, GOOD).submission
    read_version = checking.read_version

    def read(form, version, **more):
        found = read_version(form, version, **more)
        withdraw(submission=submission, by=cast.operator, note="")
        return found

    monkeypatch.setattr(checking, "read_version", read)
    jobs.run(submission.pk)
    assert now(submission).state == State.WITHDRAWN
    assert now(submission).current.content is None


def test_a_newer_file_is_not_overwritten_by_what_the_older_said(world, monkeypatch):
    submission = receive(world, GOOD).submission
    read_version = checking.read_version

    def read(form, version, **more):
        found = read_version(form, version, **more)
        receive(world, GOOD + b"#")
        return found

    monkeypatch.setattr(checking, "read_version", read)
    jobs.run(submission.pk)
    found = now(submission)
    assert (found.current.number, found.current.content, found.job) == (2, None, Job.CHECK)


# --- the sweep ---------------------------------------------------------------------------------


def test_the_sweep_reminds_of_what_was_never_begun_but_not_every_minute(world, reminders):
    submission = receive(world, GOOD).submission
    jobs.sweep()
    jobs.sweep()
    assert reminders == [submission.pk]
    long_ago = timezone.now() - datetime.timedelta(seconds=91)
    Submission.objects.filter(pk=submission.pk).update(heartbeat_at=long_ago)
    jobs.sweep()
    assert reminders == [submission.pk] * 2


def test_the_sweep_reminds_of_what_died(world, monkeypatch, reminders):
    submission = receive(world, GOOD).submission
    Submission.objects.filter(pk=submission.pk).update(attempts=1, heartbeat_at=timezone.now())
    jobs.sweep()
    assert reminders == [submission.pk]


def test_the_sweep_leaves_what_is_done_alone(world, reminders):
    submission = receive(world, GOOD).submission
    jobs.run(submission.pk)
    jobs.sweep()
    assert reminders == []


def test_the_worker_does_both_by_the_clock(db):
    from geo.submissions.batch.schedules import keep_schedules

    keep_schedules()
    keep_schedules()
    ours = Schedule.objects.filter(func__startswith="geo.submissions.")
    found = dict(ours.values_list("func", "minutes"))
    assert found == {"geo.submissions.batch.jobs.sweep": 1, "geo.submissions.batch.jobs.tidy": None}
    assert jobs.tidy() == "0 without a row removed, 0 with personal data removed, 0 missing"


# --- real deaths -----------------------------------------------------------------------------


@pytest.fixture
def real(transactional_db, kotak, settings):
    """A world that other processes and connections see."""
    settings.REGENCY_CODE = "99.01"
    return make_world(kotak)


WORKER = """
import os, sys, time, django
django.setup()
from django.conf import settings
settings.REGENCY_CODE = "99.01"
settings.MEDIA_ROOT = sys.argv[2]
settings.DATABASES["default"]["NAME"] = sys.argv[3]
from geo.submissions.batch import checking, jobs
def hang(form, version, *, tell):
    tell()
    print("at it", flush=True)
    time.sleep(600)
if sys.argv[4] == "hang":
    checking.read_version = hang
jobs.run(int(sys.argv[1]))
"""


def start_worker(submission, how, settings):
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(submission.pk), str(settings.MEDIA_ROOT),
         connection.settings_dict["NAME"], how],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "regency_map.settings"},
        cwd=project.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def test_a_worker_killed_in_the_middle_leaves_nothing_half_and_another_does_it(
    real, settings, monkeypatch
):
    woken = []
    monkeypatch.setattr(queueing, "wake", woken.append)
    monkeypatch.setattr(jobs, "wake", woken.append)
    submission = receive(real, GOOD).submission
    worker = start_worker(submission, "hang", settings)
    assert worker.stdout.readline() == "at it\n"
    # While it lives, nobody else takes the job.
    jobs.run(submission.pk)
    assert (now(submission).state, now(submission).attempts) == (State.RECEIVED, 1)
    woken.clear()
    jobs.sweep()
    assert woken == []
    worker.send_signal(signal.SIGKILL)
    worker.wait(60)
    until = time.monotonic() + 60
    while not woken and time.monotonic() < until:
        jobs.sweep()
        time.sleep(0.1)
    assert woken[0] == submission.pk
    assert now(submission).current.content is None
    second = start_worker(submission, "work", settings)
    assert second.wait(300) == 0
    assert (now(submission).state, now(submission).attempts) == (State.READY, 2)
    assert now(submission).events.filter(act=Act.CHECKED).count() == 1


def test_the_database_restarts_in_the_middle(real, settings, monkeypatch):
    monkeypatch.setattr(queueing, "wake", lambda _pk: None)
    monkeypatch.setattr(jobs, "wake", lambda _pk: None)
    submission = receive(real, GOOD).submission
    read_version = checking.read_version
    pids = []

    def cut(form, version, **more):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
        other.autocommit = True
        other.cursor().execute("SELECT pg_terminate_backend(%s)", [pids[-1]])
        other.close()
        return read_version(form, version, **more)

    monkeypatch.setattr(checking, "read_version", cut)
    jobs.run(submission.pk)
    assert pids
    assert now(submission).job == Job.CHECK
    monkeypatch.setattr(checking, "read_version", read_version)
    jobs.run(submission.pk)
    assert now(submission).state == State.READY


def test_two_workers_reminded_at_once_do_it_once(real, monkeypatch):
    monkeypatch.setattr(queueing, "wake", lambda _pk: None)
    submission = receive(real, GOOD).submission
    start = threading.Barrier(4)

    def work():
        try:
            start.wait(120)
            jobs.run(submission.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert (now(submission).state, now(submission).attempts) == (State.READY, 1)
    assert StoredFile.objects.count() == 1
