import io
import shutil

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.utils import translation

from tests.roads.world import REGENCY
from tests.travel.world import POINTS

REAL = project.DATA_DIR


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def travel_kotak(kotak, settings, tmp_path):
    """Kotak with the real sectors, the real speeds, and two named destinations of its own."""
    settings.REGENCY_CODE = REGENCY
    settings.DATA_DIR = tmp_path
    for folder in ("roads", "travel"):
        shutil.copytree(REAL / folder, tmp_path / folder)
    destinations = tmp_path / "travel" / "destinations.toml"
    destinations.write_text(destinations.read_text("utf-8") + POINTS, encoding="utf-8")
    call_command("load_sectors", folder=REAL / "sectors", stdout=io.StringIO())
    return kotak


@pytest.fixture
def change_table(settings):
    """Change one of the declared tables of this test."""

    def change(name, before, after):
        path = settings.DATA_DIR / name
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    return change
