import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are checked as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield
