import pytest
from django.http import QueryDict
from django.utils import translation

from geo.maps.forms import read_state
from geo.maps.queries import read_scene
from tests import factories
from tests.maps import world


@pytest.fixture
def kotak(db, settings):
    """Kabupaten Kotak as the regency of this installation."""
    settings.REGENCY_CODE = "99.01"
    return factories.make_kotak()


@pytest.fixture
def drawn(kotak):
    """Kabupaten Kotak with its outlines."""
    world.draw(kotak)
    return kotak


@pytest.fixture
def measured(kotak):
    """Indicators people, homes and size, with the figures of tests/maps/world.py."""
    return world.measure()


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def state_of():
    """``state_of("i=people&a=99.01.01")`` → what the address asks for."""
    return lambda address: read_state(QueryDict(address))


@pytest.fixture
def scene_of(state_of):
    """``scene_of("i=people")`` → what the map shows."""
    return lambda address: read_scene(state_of(address))
