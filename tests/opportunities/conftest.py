import pytest
from django.utils import translation

from tests.opportunities.world import make_counted


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are checked as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def world(kotak, settings):
    """Kabupaten Kotak, with the indicator that is counted from opportunities."""
    settings.REGENCY_CODE = "99.01"
    make_counted()
    return kotak
