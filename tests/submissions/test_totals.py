"""Totals of what changes in many villages: before and after are of the same villages."""

import pytest

from geo.submissions.kinds import kind_of
from geo.submissions.kinds.changes import read_changes
from tests.indicators.world import observe
from tests.submissions.world import DISTRICT, NEIGHBOUR, REGENCY, VILLAGE, indicator, sent, typed

pytestmark = pytest.mark.django_db
# Three villages reported a year ago, 195 nurses together.
YEAR_AGO = {"01.2001": 10, "01.2002": 15, "04.2001": 170}
TWO_AS_BEFORE = {VILLAGE: {"nurses": 10}, NEIGHBOUR: {"nurses": 15}}


def first_column(form, cells):
    return read_changes(kind_of(form.dataset), form, typed(form, cells)).columns[0]


def total_of(column):
    total = column.total
    return total.old, total.new, total.difference, column.n_compared


def test_of_a_part_only_its_own_villages_are_summed_for_the_period_before(world):
    observe(indicator("nurses"), "2024", YEAR_AGO)
    column = first_column(world.form(area=REGENCY), TWO_AS_BEFORE)
    assert total_of(column) == ("25", "25", "0", 2)


def test_a_village_without_a_number_in_one_of_the_periods_counts_in_neither_total(world):
    observe(indicator("nurses"), "2024", {"01.2001": 10, "01.2003": 7})
    cells = {**TWO_AS_BEFORE, "99.01.01.2003": {"nurses": "missing"}}
    column = first_column(world.form(area=DISTRICT), cells)
    assert total_of(column) == ("10", "10", "0", 1)


def test_of_all_villages_nothing_is_said_of_a_part(world):
    form = world.form(area=DISTRICT)
    observe(indicator("nurses"), "2024", {area.code[6:]: 2 for area in form.areas})
    column = first_column(form, {area.code: {"nurses": 3} for area in form.areas})
    n = len(form.areas)
    assert total_of(column) == (str(2 * n), str(3 * n), f"+{n}", None)


def test_where_nothing_was_known_before_the_new_total_stands_alone(world):
    column = first_column(world.form(area=DISTRICT), TWO_AS_BEFORE)
    assert column.has_totals and total_of(column) == ("–", "25", "", None)


def test_the_page_says_of_how_many_villages_totals_are(world, cast, client):
    observe(indicator("nurses"), "2024", YEAR_AGO)
    submission = sent(world.form(area=REGENCY), cast.walidata, TWO_AS_BEFORE)
    client.force_login(cast.officer)
    page = client.get(f"/en/periksa/{submission.number}/").content.decode()
    assert "totals of 2 of 17 rows: those with a figure in both periods" in page
    assert "<td>25</td><td><strong>25</strong></td>" in page
