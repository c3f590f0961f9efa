"""An attacker who knows the rule tries to work out what is withheld."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.lib.suppression import REGENCY, Counts, is_small, withheld_cells

PARTS_OF = {"stunted": ("short", "very_short")}


def make_counts(districts: dict[str, list], **more) -> Counts:
    """Counts of one part: ``{"01": [3, 0, None]}``; None has not reported."""
    values, district_of = {}, {}
    for district, counts in districts.items():
        for place, value in enumerate(counts):
            village = f"{district}.{place}"
            district_of[village] = district
            if value is not None:
                values["cases", village] = value
    return Counts(values, district_of, **more)


def make_family(districts: dict[str, list[tuple[int, int]]], **more) -> Counts:
    values, district_of = {}, {}
    for district, counts in districts.items():
        for place, (short, very_short) in enumerate(counts):
            village = f"{district}.{place}"
            district_of[village] = district
            values["short", village] = short
            values["very_short", village] = very_short
            values["stunted", village] = short + very_short
    return Counts(values, district_of, PARTS_OF, **more)


def published(counts: Counts, hidden: frozenset, cells: list) -> dict:
    """Equations between cells that anybody can write down: sums shown and sums declared."""
    equations = []
    for part in {part for part, _village in cells}:
        for area in {REGENCY, *counts.district_of.values()} - {a for p, a in hidden if p == part}:
            inside = [
                (p, v) for p, v in cells if p == part and area in {REGENCY, counts.district_of[v]}
            ]
            known = sum(counts.values[cell] for cell in inside)
            equations.append((dict.fromkeys(inside, 1), known))
    for total, below in counts.parts_of.items():
        for village in counts.district_of:
            terms = {(total, village): -1} | {(part, village): 1 for part in below}
            if terms.keys() <= counts.values.keys():
                equations.append((terms, 0))
    if not equations:
        return {}
    rows = [[terms.get(cell, 0) for cell in cells] for terms, _known in equations]
    return {"A_eq": np.array(rows), "b_eq": [known for _terms, known in equations]}


def pinned(counts: Counts, hidden: frozenset) -> list:
    """Withheld cells that linear programming over everything published leaves one value."""
    cells = sorted(counts.values)
    known = published(counts, hidden, cells)
    bounds = [
        (1, counts.ceilings.get(cell)) if cell in hidden else (counts.values[cell],) * 2
        for cell in cells
    ]
    found = []
    for place, cell in enumerate(cells):
        if cell not in hidden:
            continue
        aim = np.zeros(len(cells))
        aim[place] = 1
        ends = [linprog(sign * aim, bounds=bounds, **known) for sign in (1, -1)]
        assert ends[0].status == 0
        low, high = ends[0].fun, -ends[1].fun if ends[1].status == 0 else np.inf
        if np.floor(high + 1e-7) <= np.ceil(low - 1e-7):
            found.append(cell)
    return found


def test_small_counts_and_the_next_smallest_are_withheld():
    counts = make_counts({"01": [3, 0, 9, 7, None], "02": [6, 8]})
    assert withheld_cells(counts) == {("cases", "01.0"), ("cases", "01.3")}


def test_two_small_counts_need_no_third():
    counts = make_counts({"01": [3, 2, 9]})
    assert withheld_cells(counts) == {("cases", "01.0"), ("cases", "01.1")}


def test_two_ones_need_a_third_for_their_sum_gives_them_away():
    counts = make_counts({"01": [1, 1, 9, 7]})
    assert withheld_cells(counts) == {("cases", "01.0"), ("cases", "01.1"), ("cases", "01.3")}


def test_zero_is_never_withheld_and_nothing_without_small_counts():
    assert withheld_cells(make_counts({"01": [0, 0, 5], "02": [0]})) == frozenset()


def test_the_only_case_of_a_district_hides_its_sum_and_that_of_another():
    counts = make_counts({"01": [3, 0, 0], "02": [30, 40], "03": [6, 8]})
    assert withheld_cells(counts) == {
        ("cases", "01.0"),
        ("cases", "01"),
        ("cases", "03"),
        ("cases", "03.0"),
    }


def test_the_only_case_of_a_regency_hides_its_sum_too():
    hidden = withheld_cells(make_counts({"01": [3, 0], "02": [0, 0]}))
    assert hidden == {("cases", "01.0"), ("cases", "01"), ("cases", REGENCY)}


def test_a_cell_small_in_a_neighbouring_period_is_withheld_first():
    table = {"01": [3, 20, 9, 7]}
    assert ("cases", "01.1") in withheld_cells(
        make_counts(table, near=frozenset({("cases", "01.1")}))
    )


def test_a_sum_keeps_its_total_where_a_part_is_small():
    counts = make_family({"01": [(10, 2), (20, 8), (30, 9)]})
    assert withheld_cells(counts) == {
        ("very_short", "01.0"),
        ("short", "01.0"),
        ("very_short", "01.1"),
        ("short", "01.1"),
    }


def test_ceilings_are_not_exceeded_by_what_could_be():
    # 4 + 5 = 9: with nothing else withheld, limits of 5 leave 4 or 5, and not less.
    tight = make_counts({"01": [4, 5, 9]}, ceilings={("cases", "01.0"): 5, ("cases", "01.1"): 5})
    assert withheld_cells(tight) == {("cases", "01.0"), ("cases", "01.1")}
    assert pinned(tight, withheld_cells(tight)) == []
    # Where no more than 2 were counted, nothing that is withheld could help: left out of account.
    full = make_counts({"01": [2, 6]}, ceilings={("cases", "01.0"): 2})
    assert withheld_cells(full) == {("cases", "01.0"), ("cases", "01.1")}


def test_the_attacker_finds_what_primary_suppression_alone_leaves():
    counts = make_counts({"01": [3, 0, 9, 7], "02": [6, 1, 1]})
    small = frozenset(cell for cell, value in counts.values.items() if is_small(value))
    assert pinned(counts, small) == [("cases", "01.0"), ("cases", "02.1"), ("cases", "02.2")]


def check(counts: Counts) -> None:
    hidden = withheld_cells(counts)
    small = {cell for cell, value in counts.values.items() if is_small(value)}
    assert small <= hidden
    assert not [cell for cell in hidden if counts.values.get(cell) == 0]
    assert pinned(counts, hidden) == []
    assert withheld_cells(counts) == hidden


@pytest.mark.parametrize("seed", range(12))
def test_nothing_can_be_worked_out_in_random_regencies(seed):
    chance = random.Random(seed)  # noqa: S311
    often = chance.choice([1, 3, 8])
    check(
        make_family(
            {
                f"{d:02}": [
                    (int(chance.expovariate(1 / often)), int(chance.expovariate(1 / 2)))
                    for _ in range(chance.randint(1, 6))
                ]
                for d in range(chance.randint(1, 5))
            }
        )
    )


rows = st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=1, max_size=4)
pairs = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=4)


def by_district(lists):
    return {f"{d:02}": values for d, values in enumerate(lists)}


@settings(max_examples=80, deadline=None)
@given(st.lists(rows, min_size=1, max_size=4))
def test_nothing_can_be_worked_out_from_one_part(lists):
    check(make_counts(by_district(lists)))


@settings(max_examples=80, deadline=None)
@given(st.lists(pairs, min_size=1, max_size=3))
def test_nothing_can_be_worked_out_from_parts_of_a_sum(lists):
    check(make_family(by_district(lists)))
