import pytest
from django.utils import translation

from tests.submissions.world import make_world


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def world(kotak, settings, tmp_path):
    settings.REGENCY_CODE = "99.01"
    settings.MEDIA_ROOT = tmp_path / "media"
    return make_world(kotak)
