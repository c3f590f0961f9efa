"""The way of bytes: a workbook goes in locked, and comes back marked."""

import io

import openpyxl
import pytest

from geo.lib.sandbox import Limits, run_sandboxed

CHILD = "tests.uploads.returned_child"


@pytest.fixture
def path(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["kode", "jumlah"])
    book.active.append(["x", "tujuh"])
    book.save(tmp_path / "upload")
    return tmp_path / "upload"


def test_a_workbook_is_marked_in_the_sandbox_and_comes_back(path):
    heard = []
    request = {"marks": {"B2": "Tulis angka."}}
    # openpyxl keeps each sheet in a file while it saves: it gets an empty folder of its own.
    limits = Limits(file_mb=20)
    outcome = run_sandboxed(CHILD, request, path, limits=limits, on_progress=heard.append)
    assert outcome.ok, outcome.last_words
    assert heard == [{"marked": "B2"}]
    cell = openpyxl.load_workbook(io.BytesIO(outcome.answer)).active["B2"]
    assert (cell.value, cell.comment.text) == ("tujuh", "Tulis angka.")
    assert cell.fill.fgColor.rgb == "FFFFC7CE"


def test_without_a_folder_it_fails_and_says_so(path):
    outcome = run_sandboxed(CHILD, {"marks": {}}, path)
    assert (outcome.code, outcome.answer) == ("failed", None)
