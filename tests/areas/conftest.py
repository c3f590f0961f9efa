import shutil

import pytest
from django.utils import translation

from tests.areas import files


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are checked as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def kotak_data(settings, tmp_path):
    """The data folder of a project that knows Kabupaten Kotak by its register."""
    folder = tmp_path / "data"
    files.write_register(folder)
    shutil.copy(settings.DATA_DIR / "boundaries" / "sources.toml", folder / "boundaries")
    settings.DATA_DIR = folder
    settings.VAR_DIR = tmp_path / "var"
    settings.REGENCY_CODE = "99.01"
    settings.BOUNDARY_MIRROR = ""
    return folder
