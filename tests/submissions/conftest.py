import pytest
from django.utils import translation

from tests.submissions.world import make_world


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are checked as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Uploads of a test go into a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def world(kotak, settings):
    """Kabupaten Kotak with data sets of each kind and everybody who takes part."""
    settings.REGENCY_CODE = "99.01"
    return make_world(kotak)


@pytest.fixture
def cast(world):
    return world.cast
