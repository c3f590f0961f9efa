"""What a web worker imports, and what it leaves outside."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNWANTED = [
    "geopandas",
    "openpyxl",
    "pandas",
    "pyogrio",
    "python_calamine",
    "rapidfuzz",
    "shapely",
    "sqlite3",
    "unittest",
]
ASK = """
import json, sys
import regency_map.wsgi
print(json.dumps([name for name, module in sys.modules.items() if module is not None]))
"""


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """The names of all modules of a worker that has not served anything yet."""
    answer = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=os.environ, capture_output=True, check=True
    )
    return set(json.loads(answer.stdout))


def test_the_worker_leaves_outside_what_no_page_asks_for(imported):
    assert imported & {*UNWANTED, "numpy"} == set()


def test_all_pages_are_there_before_the_first_visitor(imported):
    assert {"regency_map.urls", "geo.maps.views", "geo.opendata.views"} <= imported


def test_ninja_still_hears_that_a_setting_changed(imported):
    assert "django.test.signals" in imported
