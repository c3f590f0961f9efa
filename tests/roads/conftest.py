import pytest

from tests.roads import world


@pytest.fixture
def roads_kotak(kotak, settings):
    """Kabupaten Kotak as the regency of the site, with the sectors of the repository."""
    settings.REGENCY_CODE = world.REGENCY
    world.load_road_sector()
    return kotak
