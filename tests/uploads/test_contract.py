"""The contract: every code has a sentence, every answer is checked, the web stays light."""

import json
import re
import subprocess
import sys

import pytest

from geo.lib.uploads.contract import (
    SENTENCES,
    Feature,
    GarbledAnswer,
    RawSheet,
    ReadFault,
    Reading,
    as_answer,
    from_answer,
)
from tests.repository import ROOT

SOURCES = [*(ROOT / "geo/lib/uploads").glob("*.py"), ROOT / "geo/lib/sandbox.py"]
MADE = re.compile(
    r"""(?:Refused|_Bad|add|_fault|ReadFault|_refused|refusing)\(\s*(?:reading, )?"([a-z0-9_]+)\""""
)


def test_every_code_that_is_made_has_a_sentence_and_every_sentence_a_code():
    code = "".join(path.read_text() for path in SOURCES if "sentences" not in path.name)
    made = set(MADE.findall(code))
    assert len(made) > 60
    assert made <= set(SENTENCES)
    quoted = set(re.findall(r'"([a-z0-9_]+)"', code))
    assert set(SENTENCES) <= quoted


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_says_what_to_do(code):
    sentence = SENTENCES[code]
    assert sentence.text.endswith(".") or code == "crs_unknown"
    assert sentence.severity in {"error", "question", "notice"}
    # What stops somebody is followed by what mends it: two sentences, or one with a request.
    n = len(re.findall(r"[.;:?](?: |$)", sentence.text))
    assert sentence.severity == "notice" or n >= 2 or "Send" in sentence.text
    assert "%(" not in sentence.text.replace("%(", "", 50)
    assert re.sub(r"%\([a-z_]+\)s", "", sentence.text).count("%") == 0


def test_the_web_can_import_the_contract():
    heavy = ["numpy", "shapely", "pandas", "geopandas", "pyogrio", "openpyxl", "sqlite3", "pyexpat",
             "ctypes"]  # fmt: skip
    code = (
        "import sys, geo.lib.uploads.contract, geo.lib.uploads.reading\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]", ran.stdout + ran.stderr


@pytest.fixture
def reading():
    return Reading(
        format="xlsx",
        sheets=[RawSheet("Data", [(1, ["a", 1, 0.5, True, None])], ["A1:B1"])],
        features=[Feature(1, {"a": "b"}, {"type": "Point", "coordinates": [104.7, -2.9]})],
        faults=[ReadFault("cell_error", 2, "B", "Data", {"found": "#REF!"})],
    )


def test_a_reading_survives_the_way(reading):
    assert from_answer(json.loads(json.dumps(as_answer(reading)))) == reading


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "exe"),
        (("format",), None),
        (("sheets",), 1),
        (("sheets", 0, "name"), 5),
        (("sheets", 0, "name"), "a\0b"),
        (("sheets", 0, "lines"), [[1]]),
        (("sheets", 0, "lines"), [["1", []]]),
        (("sheets", 0, "lines"), [[-1, []]]),
        (("sheets", 0, "lines"), [[1, [{}]]]),
        (("sheets", 0, "lines"), [[1, [[1]]]]),
        (("features", 0, "geometry"), {"type": "GeometryCollection", "geometries": []}),
        (("features", 0, "geometry"), {"type": "Point", "coordinates": ["1", 2]}),
        (("features", 0, "geometry"), {"type": "Point", "coordinates": [1, 2, 3]}),
        (("features", 0, "geometry"), {"type": "Polygon", "coordinates": [1, 2]}),
        (("features", 0, "properties"), {"a": []}),
        (("features", 0, "row"), True),
        (("faults", 0, "code"), "no_such_code"),
        (("faults", 0, "facts"), {}),
        (("faults", 0, "facts"), {"found": []}),
        (("faults",), None),
    ],
)
def test_an_answer_of_another_shape_is_garbled(path, value, reading):
    answer = json.loads(json.dumps(as_answer(reading)))
    inside = answer
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    with pytest.raises(GarbledAnswer):
        from_answer(answer)


def test_notices_refuse_nothing_and_questions_wait():
    assert not Reading(faults=[ReadFault("formulas", facts={"n": 1})]).refused
    assert Reading(faults=[ReadFault("crs_unknown")]).refused
