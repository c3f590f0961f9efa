"""Readers see the old or the new, never a mixture; a worker that dies leaves nothing half."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client

from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Observation, Source
from geo.indicators.queries import shapes
from geo.indicators.queries.shapes import class_edges
from geo.opendata.views import kept_answers
from geo.submissions.batch import jobs, publishing
from geo.submissions.models import Job, Publication, State, Submission
from tests.factories import make_kotak
from tests.indicators.world import observe
from tests.submissions.publishing import again, approve
from tests.submissions.world import DISTRICT, VILLAGE, YEAR, indicator, make_world, sent

ADDRESS = "/api/v1/values"
QUERY = {"indicator": "nurses", "period": YEAR, "level": "village", "parent": "99.01"}


@pytest.fixture
def settled(transactional_db, settings):
    settings.REGENCY_CODE = "99.01"
    return make_world(make_kotak())


def told(client):
    """Values of the four villages, and the edges of their classes."""
    answer = client.get(ADDRESS, QUERY).json()
    return tuple(answer["values"][:4]), tuple(answer["breaks"])


def test_a_reader_sees_the_old_or_the_new_and_never_a_mixture(settled, monkeypatch):
    observe(indicator("nurses"), YEAR, {f"01.200{n}": n for n in (1, 2, 3, 4)})
    compute_breaks()
    cells = {f"{DISTRICT}.200{n}": {"nurses": 100.0 * n} for n in (1, 2, 3, 4)}
    waiting = approve(
        sent(settled.form(area=DISTRICT), settled.cast.verifier, cells), settled.cast.officer
    )
    client = Client()
    old, seen = told(client), []
    in_the_middle, published = threading.Barrier(4), threading.Event()

    def late(*given, **more):
        """Between reading the figures and the edges of a reader, something is published."""
        if threading.current_thread() in readers and not published.is_set():
            in_the_middle.wait(300)
            assert published.wait(300)
        return class_edges(*given, **more)

    monkeypatch.setattr(shapes, "class_edges", late)
    # Nothing of what was answered before is kept for the next.
    monkeypatch.setattr(kept_answers, "find", lambda etag: None)

    def read():
        try:
            seen.append(told(Client()))
            seen.append(told(Client()))
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _n in range(3)]
    for reader in readers:
        reader.start()
    in_the_middle.wait(300)
    publishing.publish(waiting)
    published.set()
    for reader in readers:
        reader.join(300)
    new = told(client)
    assert new != old and new[0] == (100, 200, 300, 400)
    assert Counter(seen) == {old: 3, new: 3}


CHILD = """
import django; django.setup()
import os, signal
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
from geo.submissions.batch import jobs, publishing
def die(*given, **more):
    print("in the middle", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(publishing, os.environ["DIES_AT"], die)
jobs.run(int(os.environ["SUBMISSION"]))
"""


@pytest.mark.parametrize("dies_at", ["compute_breaks", "record", "job_done"])
def test_a_worker_killed_in_the_middle_leaves_nothing_half_and_is_followed_up(settled, dies_at):
    cast = settled.cast
    waiting = approve(
        sent(settled.form(), cast.operator, {VILLAGE: {"nurses": 3.0}}), cast.verifier
    )
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "regency_map.settings",
            "PYTHONPATH": str(site.BASE_DIR),
            "TEST_DATABASE": connection.settings_dict["NAME"],
            "SUBMISSION": str(waiting.pk),
            "DIES_AT": dies_at,
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "in the middle" in child.stdout, child.stderr
    assert child.returncode == -signal.SIGKILL
    left = again(waiting)
    assert (left.state, left.job, left.attempts) == (State.SENT, Job.PUBLISH, 1)
    assert not Observation.objects.exists() and not Source.objects.exists()
    for _reminder in range(2):
        jobs.run(waiting.pk)
    assert again(waiting).state == State.PUBLISHED
    assert Publication.objects.count() == 1
    assert Observation.objects.get().value == 3


def test_a_state_that_is_published_shows_at_once_to_who_asked_before(settled):
    observe(indicator("nurses"), YEAR, {"01.2001": 1})
    compute_breaks()
    client = Client()
    first = client.get(ADDRESS, QUERY)
    tag = first["ETag"]
    assert client.get(ADDRESS, QUERY, headers={"if-none-match": tag}).status_code == 304
    waiting = sent(settled.form(), settled.cast.operator, {VILLAGE: {"nurses": 9.0}})
    publishing.publish(approve(waiting, settled.cast.verifier))
    after = client.get(ADDRESS, QUERY, headers={"if-none-match": tag})
    assert (after.status_code, after["ETag"] != tag) == (200, True)
    assert Submission.objects.get().state == State.PUBLISHED
