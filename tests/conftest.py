import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests import factories

# How fast a busy machine invents examples says nothing about the code.
settings.register_profile("peta", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("peta")


@pytest.fixture
def kotak(db):
    """Kabupaten Kotak: 2 × 2 districts of 2 × 2 villages of 1 km² each."""
    return factories.make_kotak()


@pytest.fixture(autouse=True)
def indonesian():
    """No test inherits the language of the page that the one before asked for."""
    with translation.override("id"):
        yield


def pytest_collection_modifyitems(items):
    """The browser comes first: it takes longest, and each process has its site only once."""
    items.sort(key=lambda item: item.path.parent.name != "browser")
