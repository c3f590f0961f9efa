from pathlib import Path

import pytest
from django.utils import translation

from tests import factories


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
    """Say which tests must share a process when several run at once: those of a file.

    The browser's site is one for the whole folder, and takes longest: it comes first.
    """
    for item in items:
        folder = Path(item.path).parent.name
        together = folder if folder in ALTOGETHER else str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))
    items.sort(key=lambda item: Path(item.path).parent.name not in ALTOGETHER)


ALTOGETHER = {"browser"}
