import pytest
from django.utils import translation

from geo.indicators.models import Dataset
from tests.accounts.world import make_cast, make_sector


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are checked as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def kotak(kotak, settings):
    """Kabupaten Kotak with two offices: that for health and that for roads."""
    settings.REGENCY_CODE = "99.01"
    for code in ("health", "roads"):
        Dataset.objects.create(
            sector=make_sector(code),
            code=f"{code}_yearly",
            name_id=code,
            name_en=code,
            office_id=f"Dinas {code.title()}",
            office_en=f"Office of {code.title()}",
            kind=Dataset.Kind.VALUES,
            frequency="year",
            reporter=Dataset.Reporter.OFFICE,
            due_days=30,
        )
    return kotak


@pytest.fixture
def cast(kotak):
    return make_cast()
