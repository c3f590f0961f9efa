"""Good files with something changed at random: read or refused, never a crash, never a leak."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from geo.lib.uploads.contract import from_answer

SCRIPT = Path(__file__).with_name("mutants.py")
# More by night: MUTANTS=100000 MUTANT_SEED=7 pytest tests/uploads/test_mutants.py
COUNT = int(os.environ.get("MUTANTS", "2500"))
SEED = int(os.environ.get("MUTANT_SEED", "4"))


@pytest.fixture(scope="module")
def told(canary, hits):
    heard = len(hits)
    command = [sys.executable, SCRIPT, str(SEED), str(COUNT)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60 + COUNT)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert len(hits) == heard
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_every_mutant_is_answered(told):
    assert len(told) == COUNT
    bad = [(one["number"], one["format"], one["frame"], one["status"], one["content"][:400])
           for one in told if one["frame"][0] != "J" or one["status"] != 0]  # fmt: skip
    assert bad == []


def test_every_answer_keeps_the_contract_and_says_what_is_wrong(told):
    outcomes = Counter()
    for one in told:
        reading = from_answer(json.loads(one["frame"][1]))
        assert all(fault.sentence() for fault in reading.faults)
        assert reading.sheets or reading.features or reading.refused, one["content"][:400]
        assert "root:x:" not in repr(reading)
        outcomes[one["format"], reading.refused] += 1
    # Were all refused at the door, nothing behind it would have been tried.
    for form in ("xlsx", "csv", "geojson", "kml", "gpx", "shp", "gpkg"):
        assert outcomes[form, False] > 0.02 * COUNT / 7, outcomes
        assert outcomes[form, True] or form == "csv", outcomes
