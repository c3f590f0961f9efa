import pytest
from django.http import QueryDict
from django.utils import translation

from geo.investment.forms import WishReader, read_level
from geo.investment.queries import districts, offered_criteria, presets, read_ranking
from tests.investment import world
from tests.maps.conftest import drawn, english, kotak

__all__ = ["drawn", "english", "kotak"]


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are checked as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield


PRESETS = """
[mill]
name = { id = "Penggilingan", en = "Mill" }
why = { id = "Perlu pekerja.", en = "It needs workers." }
weights = { workers = 3, minutes = 1, elsewhere = 4 }
"""


@pytest.fixture
def measured(kotak, settings, tmp_path):
    """The criteria workers, minutes, power and ghosts (without a figure), and one preset."""
    settings.DATA_DIR = tmp_path
    settings.VAR_DIR = tmp_path / "var"
    (tmp_path / "investment").mkdir()
    (tmp_path / "investment" / "presets.toml").write_text(PRESETS)
    return world.make_criteria()


@pytest.fixture
def read(measured):
    """``read("w.workers=3")`` → the wish and what is wrong with its address."""

    def reader(address):
        query = QueryDict(address)
        offered = offered_criteria(read_level(query))
        return WishReader(query, offered, districts(), presets())

    return reader


@pytest.fixture
def rank(read):
    """``rank("w.workers=3")`` → the ranking."""

    def ranking(address):
        wish = read(address).wish
        return read_ranking(wish, offered_criteria(wish.level))

    return ranking
