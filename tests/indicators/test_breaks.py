import pytest

from geo.indicators.batch.breaks import compute_breaks, edges_of
from geo.indicators.models import ClassBreaks
from geo.indicators.queries import read_figures
from tests.indicators.world import make_indicator, observe

SIXTEEN = {f"0{d}.200{v}": 10 * (4 * (d - 1) + v) for d in range(1, 5) for v in range(1, 5)}


def edges(indicator, level, scheme):
    return ClassBreaks.objects.get(
        indicator=indicator, level=level, scheme=scheme, period=None
    ).edges


def test_equal_steps_over_all_periods(kotak):
    people = make_indicator("people", n_classes=5)
    observe(people, "2023", SIXTEEN)
    observe(people, "2024", {"01.2001": 510})
    assert compute_breaks() == 6
    assert edges(people, "village", "equal") == [10, 110, 210, 310, 410, 510]
    # Districts: 100, 260, 420, 580 in 2023 and 510 in 2024.
    assert edges(people, "district", "equal") == [100, 260, 420, 510, 580, 581]


def test_quantiles_hold_equal_counts(kotak):
    people = make_indicator("people", n_classes=4)
    observe(people, "2024", SIXTEEN)
    compute_breaks()
    assert edges(people, "village", "quantile") == [10, 48, 85, 120, 160]


def test_natural_breaks_fall_into_the_gaps():
    people = make_indicator_unsaved(n_classes=3)
    found = edges_of(people, [1, 2, 3, 4, 50, 51, 52, 53, 98, 99, 100])["natural"]
    assert found[0] <= 1
    assert found[-1] >= 100
    assert len(found) == 4


def make_indicator_unsaved(**changed):
    from geo.indicators.models import Indicator

    return Indicator(code="people", **changed)


def test_manual_edges_are_kept_as_given():
    people = make_indicator_unsaved(n_classes=3, manual_breaks=[0, 40, 60, 100])
    assert edges_of(people, [1, 99])["manual"] == [0, 40, 60, 100]


def test_a_middle_is_an_edge():
    change = make_indicator_unsaved(n_classes=4, midpoint=0)
    values = [-40, -30, -20, -5, -1, 3, 7, 9, 15, 20, 90]
    for found in edges_of(change, values).values():
        assert 0 in found


def test_what_is_made_of_an_indicator_is_computed_with_it(kotak):
    people, other = make_indicator("people"), make_indicator("other")
    density = make_indicator("density", roll_up="ratio", numerator=people, per_km2=True)
    observe(people, "2024", SIXTEEN)
    observe(other, "2024", SIXTEEN)
    compute_breaks([people])
    computed = ClassBreaks.objects.values_list("indicator__code", flat=True)
    assert set(computed) == {"people", "density"}
    assert edges(density, "district", "equal")[-1] >= 580 / 4


def test_edges_do_not_depend_on_the_parent(kotak):
    people = make_indicator("people")
    observe(people, "2024", SIXTEEN | {"04.1005": 900})
    compute_breaks()
    one, two = (
        read_figures(indicator=people, period="2024", level="village", parent=parent)
        for parent in (kotak.regency, kotak.districts[0])
    )
    assert one.edges == two.edges != []
    other = read_figures(
        indicator=people, period="2024", level="village", parent=kotak.regency, scheme="equal"
    )
    assert other.scheme == "equal"
    assert other.edges != one.edges


@pytest.mark.parametrize("values", [[], [5], [5, 5, 5], [0, 1], [0.1, 0.2, 0.3]])
def test_few_values(values):
    for found in edges_of(make_indicator_unsaved(decimals=1, n_classes=5), values).values():
        assert found == sorted(set(found))
        assert len(found) >= 2
