"""Typical needs: what may be declared, and every fault at once."""

import tomllib

from django.conf import settings

from geo.lib.presets import read_presets

GOOD = """
[mill]
name = { id = "Giling", en = "Mill" }
why = { id = "Sebab.", en = "Because." }
weights = { rain = 5, sun = 1 }
directions = { rain = "lower" }
[mill.limits]
sun = { at_least = 2 }
"""


def test_a_preset_as_declared():
    (mill,), faults = read_presets(GOOD, "presets.toml")
    assert faults == []
    assert (mill.code, mill.weights, mill.directions) == (
        "mill",
        {"rain": 5, "sun": 1},
        {"rain": "lower"},
    )
    assert mill.limits == {"sun": (2, None)}
    assert mill.codes == ["rain", "sun"]


def test_every_fault_is_listed():
    text = GOOD.replace("rain = 5", "rain = 6").replace('"lower"', '"down"') + "weight = 3\n"
    _, faults = read_presets(text.replace("at_least = 2", "least = 2"), "presets.toml")
    assert {fault.key for fault in faults} == {
        "mill.weights.rain",
        "mill.directions.rain",
        "mill.limits.sun.least",
        "mill.limits.weight",
    }


def test_broken_toml_and_odd_names_are_faults():
    assert read_presets("[mill", "x")[1][0].allowed == "toml"
    assert read_presets("Mill = 3", "x")[1][0].key == "Mill"


def test_the_shipped_presets_are_right_and_name_declared_criteria():
    text = (settings.DATA_DIR / "investment" / "presets.toml").read_text("utf-8")
    presets, faults = read_presets(text, "presets.toml")
    assert faults == []
    assert len(presets) == 5
    declared = {
        code: one
        for path in (settings.DATA_DIR / "sectors").glob("*/sector.toml")
        for code, one in tomllib.loads(path.read_text("utf-8"))["indicators"].items()
    }
    for preset in presets:
        absent = [code for code in preset.codes if code not in declared]
        assert all(code.startswith("minutes_to_") for code in absent), absent
        for code in set(preset.codes) - set(absent):
            assert "investor" in declared[code], code
