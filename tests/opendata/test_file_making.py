"""How files are made: in short-lived children, kept within bounds."""

import subprocess
import sys

import pytest

from geo.lib import children
from geo.lib.kept_files import KeptFiles


def test_folder_of_kept_files_is_bounded(tmp_path):
    kept = KeptFiles(tmp_path / "kept", most_bytes=250)
    for n in range(5):
        with kept.open(f"key {n}", lambda path: path.write_bytes(b"x" * 100)) as page:
            assert len(page.read()) == 100
    assert sum(f.stat().st_size for f in (tmp_path / "kept").iterdir()) <= 250
    # The last is kept; a file heavier than all is given, and forgotten at once.
    kept.open("key 4", lambda path: pytest.fail("forgotten too early")).close()
    with kept.open("big", lambda path: path.write_bytes(b"x" * 300)) as page:
        assert len(page.read()) == 300
    assert sum(f.stat().st_size for f in (tmp_path / "kept").iterdir()) <= 250


def test_failed_file_leaves_nothing_behind(tmp_path):
    kept = KeptFiles(tmp_path, most_bytes=250)

    def fail(path):
        path.write_bytes(b"half")
        raise ValueError

    with pytest.raises(ValueError):
        kept.open("key", fail)
    assert list(tmp_path.iterdir()) == []


def test_child_that_fails_or_dawdles_gives_a_sentence(tmp_path, caplog):
    with pytest.raises(children.FileNotMade) as failed:
        children.run_child("geo.lib.sheets", ["no object"], tmp_path / "x")
    assert "Try again" in str(failed.value) or "lagi" in str(failed.value)
    assert failed.value.status == 503
    assert "geo.lib.sheets" in caplog.text

    def forever():
        yield {}
        yield {"name": "A", "header": ["a"], "widths": [5]}
        while True:
            yield ["x" * 1000]

    with pytest.raises(children.FileNotMade):
        children.run_child("geo.lib.sheets", forever(), tmp_path / "x", seconds=1)


def test_child_may_not_take_all_memory(tmp_path):
    lines = [{}, {"name": "a", "description": "", "fields": [["a", "text"]], "has_geometry": False}]
    rows = (["x" * 1_000_000] for _ in range(2_000))
    with pytest.raises(children.FileNotMade):
        children.run_child(
            "geo.lib.geopackage",
            (x for part in (lines, rows) for x in part),
            tmp_path / "x",
            memory_mb=700,
        )


def test_child_knows_none_of_our_settings():
    assert not {"SECRET_KEY", "DATABASE_URL", "HTTP_PROXY"} & children.ENVIRONMENT.keys()


def test_too_many_children_at_once_are_told_to_come_back(tmp_path, monkeypatch):
    monkeypatch.setattr(children, "WAIT_FOR_TURN_S", 0.01)
    with children.turn(), children.turn(), pytest.raises(children.TooBusy):
        children.run_child("geo.lib.sheets", [], tmp_path / "x")


def test_web_process_has_not_loaded_what_writes_files():
    program = (
        "import django, sys; django.setup(); import regency_map.urls, regency_map.wsgi\n"
        "heavy = {'pyogrio', 'geopandas', 'pandas', 'shapely', 'xlsxwriter', 'typst', 'segno',\n"
        "         'openpyxl'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        env={**__import__("os").environ, "DJANGO_SETTINGS_MODULE": "regency_map.settings"},
    )
    assert done.stdout.strip() == "[]"
