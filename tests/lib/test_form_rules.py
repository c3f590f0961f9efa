"""Rules of a form and typed numbers: one table of cases for the server and for the browser.

tests/js/form_rules.test.js asks the same of geo/static/geo/js/lib/{rules,typed}.js.
"""

import json

import pytest

from geo.lib.cells import NO_DATA_WORDS, CellFault, read_cell
from geo.lib.form_rules import _CHECKS, check_row
from geo.lib.grids import Column
from tests.repository import ROOT

CASES = json.loads((ROOT / "tests" / "form_rules_cases.json").read_text())


@pytest.mark.parametrize("case", CASES["rows"], ids=lambda case: case["name"])
def test_a_row(case):
    broken = check_row(case["rules"], case["cells"], case["before"])
    found = [
        {"kind": one.kind, "column": one.column, "severity": one.severity, "facts": one.facts}
        for one in broken
    ]
    assert found == case["broken"]


@pytest.mark.parametrize("case", CASES["cells"], ids=lambda case: repr(case["typed"]))
def test_a_typed_number(case):
    read = read_cell(case["typed"], Column("a", "A", **case["column"]))
    if "fault" in case:
        assert isinstance(read, CellFault)
        assert read.code == case["fault"]
    else:
        assert read == case["value"]


def test_every_sort_of_rule_has_cases_that_hold_and_that_do_not():
    for kind in _CHECKS:
        cases = [case for case in CASES["rows"] if any(r["kind"] == kind for r in case["rules"])]
        breaks = [any(one["kind"] == kind for one in case["broken"]) for case in cases]
        assert {True, False} <= set(breaks), kind


def test_the_browser_knows_the_same_words_for_no_figure():
    script = (ROOT / "geo/static/geo/js/lib/typed.js").read_text()
    for word in NO_DATA_WORDS - {"missing"}:
        assert word in script, word
