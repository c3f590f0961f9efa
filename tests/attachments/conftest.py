import pytest
from django.utils import translation

from tests.attachments.world import make_people


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are checked as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def people(kotak, settings, tmp_path):
    """Everybody of Kabupaten Kotak, with an empty folder for what they hand in."""
    settings.REGENCY_CODE = "99.01"
    settings.MEDIA_ROOT = tmp_path / "media"
    return make_people()
