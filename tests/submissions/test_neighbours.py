"""A figure far from those of the district wants a reason; one that merely differs does not."""

import pytest

from geo.areas.models import Kind, Level
from geo.indicators.models import Indicator
from geo.lib.grids import Grid, GridRow, issues_from_json
from geo.submissions.kinds.inspecting import inspect_grid
from geo.submissions.rules.outliers import far_from_others
from tests import factories
from tests.indicators.world import observe
from tests.submissions.test_checking import HEAD, check
from tests.submissions.world import DISTRICT, VILLAGE, indicator

NINE = {f"v{n}": float(value) for n, value in enumerate((60, 62, 64, 66, 68, 70, 72, 74, 76))}


@pytest.mark.parametrize(
    ("value", "is_far"), [(70, False), (105, False), (113, False), (114, True)]
)
def test_six_times_the_usual_spread_is_far(value, is_far):
    # Of the ten, the middle is 69 and the usual distance from it 5: 6 / 0.6745 × 5 = 44.5.
    found = far_from_others({**NINE, "x": value}, is_count=False)
    assert ("x" in found) == is_far


def test_the_middle_is_told():
    assert far_from_others({**NINE, "x": 1000}, is_count=False) == {"x": 69}


def test_fewer_than_eight_values_say_nothing():
    seven = dict(list(NINE.items())[:6]) | {"x": 10_000}
    assert far_from_others(seven, is_count=False) == {}


def test_where_most_are_equal_nothing_is_usual():
    assert far_from_others(dict.fromkeys("abcdefgh", 0.0) | {"x": 5}, is_count=True) == {}


def test_counts_are_compared_by_their_size_not_their_difference():
    counts = {f"v{n}": 10.0 * 2**n for n in range(8)}  # 10 … 1280: villages differ
    assert far_from_others(counts, is_count=True) == {}
    assert far_from_others(counts | {"x": 5e8}, is_count=True) == {"x": 160}


# --- on a form ---------------------------------------------------------------------------


@pytest.fixture
def ten(world):
    """District 99.01.01 with ten villages, nine of which have reported."""
    district = world.area(DISTRICT)
    for n in range(5, 11):
        factories.make_area(
            f"{DISTRICT}.20{n:02d}",
            level=Level.VILLAGE,
            kind=Kind.DESA,
            name=f"Ubin 1{n}",
            parent=district,
        )
    others = {f"01.20{n:02d}": 90.0 + n / 2 for n in range(2, 11)}
    observe(indicator("electrified"), "2025", others)
    return world


def rules_of(world, value, **more):
    grid = Grid(["nurses", "midwives", "electrified"], [GridRow(2, VILLAGE, "Ubin 11")])
    grid.rows[0].cells = {"electrified": value} | more
    return inspect_grid(world.form(), grid)


def test_a_rate_far_from_the_district_is_a_warning_with_the_middle(ten):
    (issue,) = rules_of(ten, 9)
    assert (issue.severity, issue.rule) == ("warning", "far_from_others")
    assert issue.message == (
        "Ubin 11: “Electrified” is 9, far from the others in Kecamatan Petak 1, where 92.75 is in "
        "the middle. If this is right, write the reason."
    )


def test_a_rate_like_the_others_is_none(ten):
    assert rules_of(ten, 91) == []


def test_a_place_that_was_always_like_that_is_not_asked_again(ten):
    observe(indicator("electrified"), "2024", {"01.2001": 10})
    assert rules_of(ten, 9) == []


def test_what_is_withheld_is_not_told_in_a_warning(ten):
    Indicator.objects.filter(code="electrified").update(sensitive=True)
    (issue,) = rules_of(ten, 9)
    assert "92" not in issue.message
    assert issue.rule == "far_from_others"


def test_villages_of_one_workbook_are_compared_with_each_other(ten, cast):
    lines = [f"99.01.01.20{n:02d},,,,{9 if n == 5 else 90 + n}" for n in range(1, 10)]
    form = ten.form(area=DISTRICT)
    submission = check(ten, HEAD + "\n".join(lines) + "\n", form=form, by=cast.verifier)
    found = issues_from_json(submission.current.issues)
    assert [(issue.row, issue.rule) for issue in found] == [(6, "far_from_others")]
