import pytest
from django.conf import settings

from geo.lib import sectors
from geo.lib.palettes import DEFAULT, PALETTES

TEXT = (settings.BASE_DIR / "docs" / "sectors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "key",
    sorted(
        sectors.SECTOR_KEYS.keys()
        | sectors.INDICATOR_KEYS.keys()
        | sectors.CLASSES_KEYS.keys()
        | sectors.CHECKS_KEYS.keys()
        | sectors.REFERENCE_KEYS.keys()
        | set(sectors.ROLL_UPS + sectors.SCHEMES + sectors.LEVELS + sectors.FREQUENCIES)
    ),
)
def test_every_key_of_a_sector_is_explained(key):
    assert f"`{key}`" in TEXT or f"`{key} =" in TEXT or f"`{key}:" in TEXT


def test_the_default_palette_exists():
    assert DEFAULT in PALETTES
