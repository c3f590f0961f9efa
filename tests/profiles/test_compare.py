"""Areas side by side."""

import pytest

from geo.areas.queries import find_area
from geo.profiles.queries import read_comparison


def lines_of(*codes):
    found = read_comparison([find_area(code) for code in codes])
    return {line.indicator.code: line for _, lines in found.sectors for line in lines}


def test_bars_stand_on_one_scale(measured):
    line = lines_of("99.01.02.2001", "99.01.02.2002", "99.01.02.2003")["people"]

    assert [(c.figure.value, c.bar) for c in line.cells] == [(40, 67), (50, 83), (60, 100)]


def test_the_difference_is_told_by_the_highest_and_lowest(measured):
    contrast = lines_of("99.01.01.2001", "99.01.02.2003")["people"].contrast

    assert (contrast.highest.code, contrast.lowest.code) == ("99.01.02.2003", "99.01.01.2001")
    assert contrast.times == 6


def test_no_number_of_times_where_the_lowest_is_nought(measured):
    contrast = lines_of("99.01.01.2004", "99.01.02.2003")["people"].contrast

    assert contrast.times is None
    assert contrast.is_told


def test_equal_figures_are_about_the_same(measured):
    assert not lines_of("99.01.04.2001", "99.01.04.2002")["people"].contrast.is_told


def test_missing_is_not_nought(measured):
    line = lines_of("99.01.02.2002", "99.01.02.2003")["homes"]

    assert [(c.figure.value, c.figure.status) for c in line.cells][1] == (None, "missing")
    assert line.contrast is None


def test_what_nobody_has_reported_is_left_out(measured):
    assert lines_of("99.01.03.2001", "99.01.03.2002") == {}


def test_the_page_offers_to_add_and_to_take_out(client, drawn, measured, english):
    html = client.get("/en/banding/?a=99.01.02.2001&a=99.01.02.2002").content.decode()

    assert 'href="/en/banding/?a=99.01.02.2002"' in html
    assert "/en/banding/?a=99.01.02.2001&amp;a=99.01.02.2002&amp;a=CODE" in html


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Start with a district or village"),
        ("?a=99.01.01", "Add one more area"),
        ("?a=99.01.03.2001&a=99.01.03.2002", "Nobody has reported anything"),
    ],
)
def test_the_page_says_what_to_do_next(client, drawn, measured, english, query, sentence):
    assert sentence in client.get(f"/en/banding/{query}").content.decode()


def test_without_scripts_one_hit_is_added_and_several_are_listed(client, drawn, measured):
    one = client.get("/banding/?a=99.01.02.2001&q=99.01.02.2002")
    several = client.get("/banding/?a=99.01.02.2001&q=Ubin")

    assert one.url == "/banding/?a=99.01.02.2001&a=99.01.02.2002"
    assert "/banding/?a=99.01.02.2001&amp;a=99.01.04.2004" in several.content.decode()


def test_five_areas_are_refused_with_a_sentence(client, drawn, measured, english):
    codes = "&".join(f"a=99.01.01.200{n}" for n in range(1, 5))
    answer = client.get(f"/en/banding/?{codes}&a=99.01.02.2001")

    assert answer.status_code == 400
    assert "choose up to 4" in answer.content.decode()


def test_few_queries_for_four_areas(client, drawn, measured, django_assert_max_num_queries):
    codes = "&".join(f"a=99.01.01.200{n}" for n in range(1, 5))
    client.get(f"/banding/?{codes}")
    with django_assert_max_num_queries(10):
        client.get(f"/banding/?{codes}")
