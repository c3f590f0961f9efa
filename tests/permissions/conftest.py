import pytest
from django.test import Client
from django.utils import translation

from tests.accounts.world import make_cast, make_sector
from tests.maps.world import draw, measure


@pytest.fixture(autouse=True)
def in_indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def world(kotak, settings):
    """Kabupaten Kotak with outlines, some figures, and its cast."""
    settings.REGENCY_CODE = "99.01"
    make_sector("health")
    make_sector("roads")
    draw(kotak)
    measure()
    return make_cast()


@pytest.fixture
def clients(world):
    """A browser for each person; ``anonymous`` has never signed in."""
    browsers = {"anonymous": Client()}
    for name, user in world.items():
        browsers[name] = Client()
        browsers[name].force_login(user)
    return browsers
