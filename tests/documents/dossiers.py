"""Asking for dossiers in Kabupaten Kotak, making them, and reading what they say."""

import html
import io
import re

import pypdf
import pytest

from geo.documents.batch import jobs
from geo.documents.models import Dossier, DossierState
from geo.documents.services import dossiers
from tests.documents.conftest import words
from tests.investment.world import make_criteria

VILLAGE = "99.01.01.2001"
FOUR = [f"99.01.01.200{n}" for n in (1, 2, 3, 4)]
WISH = {"w.workers": "3", "w.minutes": "1"}


@pytest.fixture(autouse=True)
def reminders(monkeypatch):
    """Ids that were put into the queue."""
    given = []
    monkeypatch.setattr(dossiers, "wake", given.append)
    monkeypatch.setattr(jobs, "wake", given.append)
    return given


@pytest.fixture
def world(kotak, drawn, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "none"
    return make_criteria()


@pytest.fixture
def ask(client, world, django_capture_on_commit_callbacks):
    """``ask(codes, **more)`` → the dossier that the form leads to."""

    def asking(codes, language="en", **more):
        fields = {"a": codes, "bahasa": language, **more}
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/en/dossier/", fields)
        assert answer.status_code == 302, answer.content.decode()
        return Dossier.objects.get(code=answer["Location"].rstrip("/").rpartition("/")[2])

    return asking


@pytest.fixture
def build(ask):
    """``build(codes)`` → the dossier, made."""

    def building(codes, **more):
        dossier = ask(codes, **more)
        jobs.build(dossier.pk)
        dossier.refresh_from_db()
        assert dossier.state == DossierState.READY, dossier.failure
        return dossier

    return building


def file_of(client, dossier, kind) -> bytes:
    answer = client.get(f"{dossier.get_absolute_url()}dossier.{kind}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def text_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf), strict=True)
    return words(" ".join(page.extract_text() for page in reader.pages))


def shown_on(page: str) -> dict[str, str]:
    """Each figure of the page by “area indicator”."""
    cells = re.findall(r'data-figure="([^"]+)"><strong>([^<]*)</strong>', page)
    return {name: words(html.unescape(text)) for name, text in cells}
