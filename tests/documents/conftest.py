import io

import pypdf
import pytest

from tests import factories
from tests.maps.conftest import drawn, english, measured

__all__ = ["drawn", "english", "measured"]


@pytest.fixture
def kotak(db, settings, tmp_path):
    """Kabupaten Kotak, with an empty folder for what is made."""
    settings.REGENCY_CODE = "99.01"
    settings.VAR_DIR = tmp_path
    return factories.make_kotak()


def words(text: str) -> str:
    """Text as a person reads it: one space between words, no invisible break."""
    return " ".join(text.replace("\u200b", "").replace("\u00ad", "").split())


@pytest.fixture
def made(client):
    """``made("/peta/cetak.pdf?i=people")`` → the bytes of the document."""

    def ask(address):
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        return b"".join(answer.streaming_content)

    return ask


@pytest.fixture
def pages(made):
    """``pages(address)`` → the text of each page of a PDF."""

    def ask(address):
        reader = pypdf.PdfReader(io.BytesIO(made(address)))
        return [words(page.extract_text()) for page in reader.pages]

    return ask
