import pytest
from django.conf import settings as project
from django.utils import translation

from geo.indicators.services import load_sectors


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are checked as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def kotak(kotak, settings):
    """Kabupaten Kotak with the indicators of the sectors."""
    settings.REGENCY_CODE = "99.01"
    load_sectors(folder=project.DATA_DIR / "sectors")
    return kotak
