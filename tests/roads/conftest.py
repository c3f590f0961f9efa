import pytest
from django.utils import translation

from tests.roads import world


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are compared as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def roads_kotak(kotak, settings):
    """Kabupaten Kotak as the regency of the site, with the sectors of the repository."""
    settings.REGENCY_CODE = world.REGENCY
    world.load_road_sector()
    return kotak
