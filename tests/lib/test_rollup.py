import pytest

from geo.lib.rollup import Part, Rolled, roll_up


def parts(*given):
    return [Part(upper, lower, status) for upper, lower, status in given]


def test_nothing_at_all():
    assert roll_up("sum", []) == Rolled(None, "missing", 0, 0)


def test_withheld_is_said_before_missing():
    given = parts((None, 1, "suppressed"), (None, 1, "missing"))
    assert roll_up("sum", given) == Rolled(None, "suppressed", 0, 2)


def test_a_weight_that_is_missing_leaves_the_area_out():
    given = parts((50, None, "missing"), (80, 3, "verified"))
    assert roll_up("weighted_mean", given) == Rolled(80, "verified", 1, 2)
    assert roll_up("weighted_mean", given[:1]) == Rolled(None, "missing", 0, 1)


def test_weights_that_are_all_zero_give_no_mean():
    given = parts((50, 0, "verified"), (80, 0, "verified"))
    assert roll_up("weighted_mean", given).status == "not_assessed"


def test_what_nothing_leads_to_is_expected_but_enters_no_mean():
    given = parts((None, 100, "unreachable"), (80, 3, "estimated"))
    assert roll_up("weighted_mean", given) == Rolled(80, "estimated", 1, 2)
    assert roll_up("weighted_mean", given[:1]).status == "unreachable"
    beside = parts((None, 1, "unreachable"), (None, 1, "not_assessed"))
    assert roll_up("weighted_mean", beside) == Rolled(None, "unreachable", 0, 1)
    mixed = parts((None, 1, "unreachable"), (None, 1, "missing"))
    assert roll_up("weighted_mean", mixed).status == "missing"


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="median"):
        roll_up("median", parts((1, 1, "verified"), (2, 1, "verified")))
