"""Every bad file: its fault is found, a sentence says what to do, nothing leaks, we live on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo.lib.uploads.contract import SENTENCES, from_answer
from geo.lib.uploads.reading import read_upload
from tests.uploads.corpus import SECRET, all_cases
from tests.uploads.corpus_archives import vrt

CASES = all_cases()
WHOLE = os.environ.get("CORPUS") == "whole"


def test_the_corpus_is_large_and_every_name_is_used_once():
    assert len(CASES) >= 300
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.fixture(scope="module")
def read_quickly():
    """Read in a locked fork of a process that has started once."""
    script = Path(__file__).with_name("fork_server.py")
    server = subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def read_quickly(path, **asked):
        request = {"sheet": None, "layer": None, "crs_stated": None} | asked
        server.stdin.write(json.dumps({"path": str(path), "request": request}) + "\n")
        server.stdin.flush()
        told = json.loads(server.stdout.readline())
        assert (told["frame"][0], told["status"]) == ("J", 0), told
        return from_answer(json.loads(told["frame"][1]))

    yield read_quickly
    server.stdin.close()
    server.wait(20)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_file(case, canary, hits, tmp_path, read_quickly):
    path = tmp_path / f"upload{case.suffix}"
    path.write_bytes(case.content(canary))
    heard = len(hits)
    # The whole way for every fourth and for what strains it; CORPUS=whole takes it for all.
    whole = number_of(case) % 4 == 0 or path.stat().st_size > 1 << 20 or WHOLE
    reading = (read_upload if whole else read_quickly)(path, kind=case.kind, **case.more)
    # What computes for too long is ended by the kernel, and then refused with another code.
    check(case, reading)
    assert len(hits) == heard


def number_of(case):
    return CASES.index(case)


def check(case, reading):
    codes = reading.codes()
    said = [fault.sentence() for fault in reading.faults]
    if case.is_read:
        assert not reading.refused, said
        assert reading.sheets or reading.features
    else:
        assert reading.refused
        assert SENTENCES[case.code].severity != "notice" or len(codes) > 1
    if case.code:
        assert case.code in codes, said
    assert all(len(sentence) > 20 and sentence.endswith((".", "?")) for sentence in said), said
    assert SECRET not in repr(reading)
    assert "root:x:" not in repr(reading)


@pytest.mark.parametrize("name", ["link", "folder", "pipe", "absent", "/vsicurl/http://127.0.0.1/x",
                                  "http://127.0.0.1/x", "a\0b"])  # fmt: skip
def test_a_path_that_is_no_file(name, tmp_path, canary):
    made = tmp_path / name if "/" not in name else Path(name)
    if name == "link":
        made.symlink_to(canary.secret)
    elif name == "folder":
        made.mkdir()
    elif name == "pipe":
        os.mkfifo(made)
    assert read_upload(made).codes() == {"not_a_file"}


def test_an_empty_and_a_large_file(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(b"")
    assert read_upload(path).codes() == {"empty_file"}
    with path.open("wb") as file:
        file.truncate(51 << 20)
    assert read_upload(path).codes() == {"too_large"}


def test_the_canaries_sing_for_an_unprotected_reader(canary, hits, tmp_path):
    """Were nobody to look, these files would do what they want: the tests above mean something."""
    disguised = tmp_path / "desa.geojson"
    code = "import sys, pyogrio.raw as r; print(r.read(sys.argv[1])[3])"
    disguised.write_bytes(vrt(str(canary.secret)))
    read = subprocess.run([sys.executable, "-c", code, disguised], capture_output=True, text=True)
    assert SECRET in read.stdout
    before = len(hits)
    disguised.write_bytes(vrt(f"/vsicurl/{canary.url}/a.geojson"))
    subprocess.run([sys.executable, "-c", code, disguised], capture_output=True, text=True)
    assert len(hits) > before
