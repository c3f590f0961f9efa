"""Areas side by side."""

import datetime
import re

import pytest

from geo.areas.queries import find_area, find_areas
from geo.lib.errors import UnknownArea
from geo.profiles.queries import read_comparison, small_maps
from geo.profiles.queries.comparisons import COLOURS
from tests.indicators.world import make_indicator, observe


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


def test_equal_noughts_are_about_the_same(measured):
    observe(make_indicator("floods"), "2024", {"04.2001": 0, "04.2002": 0})
    assert not lines_of("99.01.04.2001", "99.01.04.2002")["floods"].contrast.is_told


def test_what_is_asked_for_comes_first_and_is_what_is_judged(client, measured):
    codes = ["99.01.01.2001", "99.01.02.2003"]
    observe(
        make_indicator("mills", direction="higher_is_better"), "2024", {"01.2001": 2, "02.2003": 1}
    )
    observe(
        make_indicator("floods", direction="lower_is_better"), "2024", {"01.2001": 2, "02.2003": 1}
    )
    areas = [find_area(code) for code in codes]
    found = read_comparison(areas, ["floods"])
    assert [line.indicator.code for line in found.asked] == ["floods"]
    assert (found.n_judged, [n for _, n in found.wins]) == (1, [0, 1])
    assert read_comparison(areas).n_judged == 2
    address = "/en/banding/?" + "&".join(f"a={code}" for code in codes)
    asked = client.get(f"{address}&i=floods").content.decode()
    assert "Your criteria" in asked
    assert f"/en/banding/?a={codes[1]}&amp;i=floods" in asked, "taking one out keeps what is asked"
    assert "Your criteria" not in client.get(address).content.decode()


def test_an_unknown_indicator_is_told(client, measured):
    answer = client.get("/en/banding/?a=99.01.01.2001&a=99.01.02.2003&i=nope")
    assert answer.status_code == 404
    assert "nope" in answer.content.decode()


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


def test_one_area_is_offered_those_nearest_to_it(client, drawn, measured, english):
    page = client.get("/en/banding/?a=99.01.01.2001").content.decode()
    offered = re.findall(r'/en/banding/\?a=99\.01\.01\.2001&amp;a=([0-9.]+)"', page)
    assert len(offered) == 6
    assert set(offered[:2]) == {"99.01.01.2002", "99.01.01.2003"}
    assert (
        "Nearby" not in client.get("/en/banding/?a=99.01.01.2001&a=99.01.01.2002").content.decode()
    )


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
        assert client.get(f"/banding/?{codes}").status_code == 200


# --- age, verification, differences in words, where they are --------------------------


def test_a_line_says_how_old_it_is(measured, monkeypatch):
    line = lines_of("99.01.02.2001", "99.01.02.2002")["people"]
    for day, years in [("2024-12-31", 0), ("2025-12-30", 0), ("2025-12-31", 1), ("2027-06-01", 2)]:
        today = datetime.date.fromisoformat(day)
        monkeypatch.setattr("django.utils.timezone.localdate", lambda today=today: today)
        assert line.age_years == years, day


def test_who_is_best_in_how_many(kotak):
    for code, direction, values in [
        ("sun", "higher_is_better", (5, 9)),
        ("mud", "lower_is_better", (5, 9)),
        ("rain", "lower_is_better", (1, 2)),
        ("same", "lower_is_better", (3, 3)),
        ("folk", "neutral", (1, 2)),
        ("gap", "higher_is_better", (1, None)),
    ]:
        indicator = make_indicator(code, direction=direction)
        known = zip(("01.2001", "01.2002"), values, strict=True)
        observe(indicator, "2024", {area: v for area, v in known if v is not None})
    found = read_comparison(find_areas(["99.01.01.2001", "99.01.01.2002"]))

    assert [(area.code[-4:], n) for area, n in found.wins] == [("2001", 2), ("2002", 1)]
    assert found.n_judged == 3, "equal, neutral and unknown ones are not judged"


def test_the_greatest_differences_come_first_and_only_of_what_investors_ask_for(kotak):
    wanted = {"direction": "higher"}
    for code, high, investor in [
        ("a", 20, wanted),
        ("b", 90, wanted),
        ("c", 999, {}),
        ("d", 10, wanted),
        ("e", 50, wanted),
        ("f", 30, wanted),
    ]:
        indicator = make_indicator(code, investor=investor)
        observe(indicator, "2024", {"01.2001": 10, "01.2002": high})
    found = read_comparison(find_areas(["99.01.01.2001", "99.01.01.2002"]))

    assert [line.indicator.code for line in found.differences] == ["b", "e", "f"]


def test_a_total_of_a_district_is_not_set_against_a_village(kotak):
    sun = make_indicator("sun", direction="higher_is_better", investor={"direction": "higher"})
    observe(sun, "2024", {"01.2001": 1, "01.2002": 2})
    village_and_district = read_comparison(find_areas(["99.01.01.2001", "99.01.01"]))
    villages = read_comparison(find_areas(["99.01.01.2001", "99.01.01.2002"]))

    assert (village_and_district.n_judged, village_and_district.differences) == (0, [])
    assert (villages.n_judged, len(villages.differences)) == (1, 1)


def test_a_figure_says_whether_it_is_verified(client, drawn, measured, english):
    guess = make_indicator("guess")
    observe(guess, "2024", {"01.2001": 1, "01.2002": 2}, status="estimated")
    html = client.get("/en/banding/?a=99.01.01.2001&a=99.01.01.2002").content.decode()

    assert 'title="estimated"' in html
    assert 'title="verified"' in html


def test_each_is_marked_on_a_small_map_in_its_own_colour(drawn):
    shapes, maps = small_maps(find_areas(["99.01.01.2001", "99.01.04", "99.01.04.1005"]))

    assert shapes.count("<path") >= 4
    village, district, unbounded = (one.svg for one in maps)
    # The middle of the south-western of 4 × 4 squares of a drawing that is 1000 wide.
    x, y = (float(n) for n in re.search(r'cx="([\d.]+)" cy="([\d.]+)"', village).groups())
    assert (x, y) == (pytest.approx(125, abs=4), pytest.approx(875, abs=8))
    assert COLOURS[0] in village
    assert "<circle" not in district
    assert COLOURS[1] in district
    assert "<circle" not in unbounded
    assert COLOURS[2] in unbounded


def test_without_outlines_there_are_no_small_maps(kotak):
    assert small_maps(find_areas(["99.01.01.2001"])) == ("", [])


def test_areas_are_found_in_the_order_they_are_named(kotak):
    assert [a.code for a in find_areas(["99.01.02", "99.01.01"])] == ["99.01.02", "99.01.01"]
    with pytest.raises(UnknownArea, match=r"99\.99"):
        find_areas(["99.01.02", "99.99"])
