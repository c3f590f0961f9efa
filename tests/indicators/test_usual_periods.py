from geo.indicators.queries import latest_period, read_area_facts, read_periods_of
from tests.indicators.world import make_indicator, observe

ALL = {f"0{d}.200{v}": 1 for d in (1, 2, 3, 4) for v in (1, 2, 3, 4)}
FIRST = {"01.2001": 7}


def test_the_first_village_of_a_new_year_does_not_empty_everybodys_map(kotak):
    people = make_indicator("people")
    observe(people, "2023", ALL)
    observe(people, "2024", FIRST)
    assert latest_period(people) == "2023"


def test_half_of_those_before_are_enough(kotak):
    people = make_indicator("people")
    observe(people, "2023", ALL)
    codes = list(ALL)
    observe(people, "2024", dict.fromkeys(codes[:7], 2))
    assert latest_period(people) == "2023"
    observe(people, "2024", dict.fromkeys(codes[7:8], 2))
    assert latest_period(people) == "2024"


def test_two_thin_periods_one_after_the_other_are_both_passed_over(kotak):
    people = make_indicator("people")
    observe(people, "2022", ALL)
    observe(people, "2023", FIRST | {"01.2002": 1, "01.2003": 1})
    observe(people, "2024", FIRST)
    assert latest_period(people) == "2022"


def test_what_was_never_reported_more_widely_is_shown(kotak):
    people, nothing = make_indicator("people"), make_indicator("nothing")
    observe(people, "2024", FIRST)
    assert read_periods_of([people, nothing]).shown == {people.pk: "2024", nothing.pk: None}


def test_a_profile_shows_the_period_that_the_map_shows(kotak):
    people = make_indicator("people")
    observe(people, "2023", ALL)
    observe(people, "2024", FIRST)
    (fact,) = read_area_facts(kotak.villages[5], [people])
    assert (fact.period, fact.figure.value, fact.standing.n_ranked) == ("2023", 1, 16)
    assert [step.period for step in fact.trend] == ["2023", "2024"]
