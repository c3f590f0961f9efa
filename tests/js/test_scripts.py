"""Runs the tests of the scripts (tests/js/*.test.js) with Node's own test runner."""

import json
import os
import shutil
import subprocess

import pytest
from django.conf import settings

from tests.repository import ROOT, files

MODULES = ROOT / "geo" / "static" / "geo" / "js"


@pytest.fixture
def served(tmp_path):
    """The modules, laid out as the site serves them."""
    shutil.copytree(MODULES, tmp_path / "geo" / "js")
    shutil.copytree(dict(settings.STATICFILES_DIRS)["topojson"], tmp_path / "topojson")
    (tmp_path / "package.json").write_text(json.dumps({"type": "module"}))
    return tmp_path / "geo" / "js"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("path", files("tests/js/*.test.js"), ids=lambda path: path.name)
def test_script(served, path):
    copy = served.parents[1] / path.name
    shutil.copy(path, copy)
    done = subprocess.run(
        ["node", "--test", str(copy)],
        env={**os.environ, "STATIC": str(served), "TESTS": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout
