import pytest

from tests.factories import make_kotak
from tests.indicators.world import make_indicator, make_source, observe

FOUR_VALUES = {"01.2001": 0, "01.2002": 7, "01.2003": 12.5, "04.1005": 40}


@pytest.fixture
def kotak(db, settings, tmp_path):
    """Kabupaten Kotak as the regency of this installation, with an empty folder of its own."""
    settings.REGENCY_CODE = "99.01"
    settings.VAR_DIR = tmp_path
    return make_kotak()


@pytest.fixture
def people(kotak):
    """People of four villages in 2024 (one of them none, one village without boundary)."""
    people = make_indicator("people", name_id="Penduduk", name_en="Population")
    observe(people, "2024", FOUR_VALUES, source=make_source(title="Register 2024"))
    return people


@pytest.fixture
def ask(client):
    """``ask("/areas", level="village")`` → (status, content)."""

    def asked(path, **query):
        answer = client.get(f"/api/v1{path}", query)
        return answer.status_code, answer.json()

    return asked
