import pytest

from tests import factories


@pytest.fixture
def kotak(db):
    """Kabupaten Kotak: 2 × 2 districts of 2 × 2 villages of 1 km² each."""
    return factories.make_kotak()
