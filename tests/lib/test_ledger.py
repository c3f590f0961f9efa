import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.lib import ledger
from geo.lib.ledger import Balance, Month, apply_months, faults_of, month_index, month_of, sum_year
from tests.population.world import quiet_months, side

EVENTS = st.integers(0, 40)


@st.composite
def balances(draw, opening):
    gains = {"births": draw(EVENTS), "arrivals": draw(EVENTS)}
    left = opening + sum(gains.values())
    losses = {}
    for name in ledger.LOSSES:
        losses[name] = draw(st.integers(0, min(left, 40)))
        left -= losses[name]
    balance = Balance(opening=opening, closing=left, **gains, **losses)
    return replace(
        balance,
        arrivals_within=draw(st.none() | st.integers(0, balance.arrivals)),
        departures_within=draw(st.none() | st.integers(0, balance.departures)),
    )


@st.composite
def books(draw, least=1):
    first = draw(st.integers(month_index("1999-11"), month_index("2030-02")))
    males, females = draw(st.integers(0, 500)), draw(st.integers(0, 500))
    book = []
    for index in range(first, first + draw(st.integers(least, 14))):
        male, female = draw(balances(males)), draw(balances(females))
        book.append(Month(month_of(index), male, female))
        males, females = male.closing, female.closing
    return book


def is_chained(book):
    pairs = itertools.pairwise(book)
    return all(not ledger.chain_faults(before, after) for before, after in pairs)


@given(books())
def test_any_events_in_balance_have_no_fault(book):
    applied = apply_months([], reversed(book))
    assert applied.faults == []
    assert list(applied.new.values()) == book


@given(books(), st.data())
def test_what_stands_again_changes_nothing(book, data):
    again = data.draw(st.lists(st.sampled_from(book), unique_by=lambda month: month.period))
    applied = apply_months(book, again)
    assert (applied.faults, applied.written) == ([], {})


@given(books(least=2), st.data())
def test_a_correction_moves_exactly_what_follows(book, data):
    place = data.draw(st.integers(0, len(book) - 1))
    more = data.draw(st.integers(1, 9))
    mended = replace(
        book[place],
        male=replace(book[place].male, births=book[place].male.births + more).carried(
            book[place].male.opening
        ),
    )
    applied = apply_months(book, [mended])
    assert applied.faults == []
    assert list(applied.corrected) == [mended.period]
    assert list(applied.recomputed) == [month.period for month in book[place + 1 :]]
    assert {origin for _month, origin in applied.recomputed.values()} <= {mended.period}
    after = [applied.written.get(month.period, month) for month in book]
    assert is_chained(after)
    assert all(not faults_of(month) for month in after)
    for was, now in zip(book[place + 1 :], after[place + 1 :], strict=True):
        assert now.male.opening == was.male.opening + more
        assert now.male.closing == was.male.closing + more
        assert now.female == was.female
        assert now.male.carried(0) == was.male.carried(0), "events stay as they were told"


@given(books(least=2), st.data())
def test_two_corrections_are_each_their_own_origin(book, data):
    first = data.draw(st.integers(0, len(book) - 2))
    second = data.draw(st.integers(first + 1, len(book) - 1))
    one = replace(book[first], female=replace(book[first].female, births=900))
    one = replace(one, female=one.female.carried(one.female.opening))
    carried = apply_months(book, [one]).written
    other = carried[book[second].period]
    other = replace(other, male=replace(other.male, births=901))
    other = replace(other, male=other.male.carried(other.male.opening))
    applied = apply_months(book, [one, other])
    assert applied.faults == []
    for period, (_month, origin) in applied.recomputed.items():
        assert origin == (other.period if period > other.period else one.period)


@given(books(least=3), st.data())
def test_a_month_left_out_is_a_gap(book, data):
    place = data.draw(st.integers(1, len(book) - 2))
    applied = apply_months(book[:place], book[place + 1 :])
    assert [(f.kind, f.period, f.other) for f in applied.faults] == [
        (ledger.GAP, book[place + 1].period, book[place - 1].period)
    ]


@given(st.integers(month_index("1000-01"), month_index("9998-12")))
def test_months_as_numbers_and_back(index):
    assert month_index(month_of(index)) == index
    assert month_of(index + 12)[5:] == month_of(index)[5:]


def test_identity_by_hand():
    good = side(100, births=3, arrivals=5, deaths=2, departures=4, missing=1)
    assert good.closing == 101
    month = Month("2024-03", good, replace(good, closing=103))
    assert faults_of(month) == [
        ledger.Fault(ledger.IDENTITY, "2024-03", "female", "closing", 103, 101)
    ]


def test_negative_figures_and_parts_larger_than_the_whole():
    male = side(10, arrivals=2, arrivals_within=3)
    female = Balance(opening=1, closing=3, deaths=-2)
    kinds = {(f.kind, f.sex, f.figure, f.found) for f in faults_of(Month("2024-03", male, female))}
    assert kinds == {
        (ledger.PART, "male", "arrivals_within", 3),
        (ledger.NEGATIVE, "female", "deaths", -2),
    }


def test_a_correction_that_leaves_too_few_is_a_fault():
    january = Month("2024-01", side(10, arrivals=5), side(0))
    february = Month("2024-02", side(15, departures=12), side(0))
    mended = Month("2024-01", side(10), side(0))
    applied = apply_months([january, february], [mended])
    fault = applied.faults[0]
    assert (fault.kind, fault.period, fault.found, fault.other) == (
        ledger.OVERDRAWN,
        "2024-02",
        -2,
        "2024-01",
    )


def test_a_book_is_lengthened_backwards_only_where_it_fits():
    book = quiet_months("2024-02", 2, male=600)
    fits = quiet_months("2024-01", 1, male=599, female=579)
    assert apply_months(book, fits).faults == []
    assert list(apply_months(book, fits).written) == ["2024-01"]
    other = quiet_months("2024-01", 1, male=590, female=579)
    assert [f.kind for f in apply_months(book, other).faults] == [ledger.CHAIN]


def test_households_move_with_the_closing_before_them():
    january = Month("2024-01", side(10), side(10), 5, 6)
    february = Month("2024-02", side(10), side(10), 6, 8)
    applied = apply_months([january, february], [replace(january, closing_households=7)])
    carried, origin = applied.recomputed["2024-02"]
    assert (carried.opening_households, carried.closing_households, origin) == (7, 9, "2024-01")


def test_a_year_is_twelve_months_or_none():
    months = quiet_months("2024-01", 12)
    year = sum_year(months)
    assert (year.opening, year.closing, year.mid_year) == (1180, 1204, 1192)
    assert (year.births, year.arrivals, year.arrivals_outside) == (24, 0, None)
    assert sum_year(months[:11]) is None
    assert sum_year(quiet_months("2024-02", 12)) is None


def test_moves_outside_are_known_only_where_every_month_is_split():
    split = {"arrivals": 5, "arrivals_within": 2, "departures": 3, "departures_within": 3}
    month = Month("2024-01", side(50, **split), side(50, **split))
    assert (ledger.outside(month, "arrivals"), ledger.outside(month, "departures")) == (6, 0)
    unsplit = replace(month, female=replace(month.female, arrivals_within=None))
    assert ledger.outside(unsplit, "arrivals") is None


@pytest.mark.parametrize("period", ["2024-01", "2024-12", "1999-11"])
def test_columns_and_back(period):
    month = Month(period, side(5, births=1), side(6, deaths=2, missing=1), 3, 4)
    assert ledger.month_from_columns(period, month.columns()) == month
