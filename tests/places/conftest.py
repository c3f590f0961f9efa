import pytest
from django.utils import translation

from tests.places.world import declare


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def kotak(kotak, settings, tmp_path):
    """Kabupaten Kotak as the installation's regency, with schools and posts declared."""
    settings.REGENCY_CODE = "99.01"
    declare(tmp_path)
    return kotak
