"""What an address asks for, and a sentence for everything in it that cannot be understood."""

import pytest

from geo.investment.queries import Limit, Wish, offered_criteria, read_ranking
from geo.investment.rules import findings_of, problems_of


@pytest.fixture
def problems(read, english):
    """``problems("w.workers=9")`` → every sentence, before and after the ranking."""

    def found(address):
        reader = read(address)
        offered = offered_criteria(reader.wish.level)
        is_understood = not reader.problems
        sentences = reader.problems + problems_of(reader.wish, offered, is_understood=is_understood)
        return sentences or findings_of(read_ranking(reader.wish, offered))

    return found


def test_without_criteria_the_first_preset_begins(read):
    reader = read("")
    assert reader.problems == []
    assert reader.wish.weights == {"workers": 3, "minutes": 1}, "elsewhere is not declared here"


def test_limits_alone_limit_the_first_preset(read):
    wish = read("max.minutes=30").wish
    assert wish.weights == {"workers": 3, "minutes": 1}
    assert wish.limits == {"minutes": Limit(None, 30)}


def test_a_preset_can_be_changed(read):
    wish = read("p=mill&w.workers=5&w.minutes=0&w.power=2").wish
    assert wish.weights == {"workers": 5, "power": 2}


def test_blank_fields_of_the_form_say_nothing(read):
    wish = read("w.workers=2&min.workers=&max.workers=&d.workers=higher&w.power=0&s=").wish
    assert wish == Wish(weights={"workers": 2})


def test_the_address_says_all_and_only_what_is_unusual(read):
    address = (
        "l=district&w.workers=3&d.workers=lower&min.minutes=-1.5&max.minutes=90"
        "&in=99.01.02&n=percentile&m=strict&v=50&s=7"
    )
    wish = read(address).wish
    assert wish.query == address
    assert wish.limits == {"minutes": Limit(-1.5, 90)}
    assert read("w.workers=3").wish.query == "w.workers=3"


@pytest.mark.parametrize(
    ("address", "sentences"),
    [
        ("w.workers=0", ["All weights are 0", "at least one criterion"]),
        ("w.workers=6", ["weight of “Workers” is “6”", "whole number from 0", "to 5"]),
        ("w.workers=0000999&w.power=5", ["weight of “Workers” is “0000999”"]),
        ("w.workers=-1", ["weight of “Workers” is “-1”"]),
        ("w.workers=much", ["weight of “Workers” is “much”"]),
        ("w.workers=2.5", ["whole number"]),
        ("w.workers=²", ["whole number"]),
        ("w.workers=1&min.workers=many", ["limit of “Workers” is “many”", "no number", "12.5"]),
        ("w.workers=1&min.workers=nan", ["no number"]),
        ("w.workers=1&max.workers=1e999", ["no number"]),
        (
            "w.workers=1&min.minutes=90&max.minutes=30",
            ["contradict", "“Minutes to the port”", "at least 90", "at most 30"],
        ),
        ("w.worker=1", ["no criterion with code “worker”", "Did you mean “workers”?"]),
        ("w.births=1", ["no criterion with code “births”"]),
        ("max.zzz=1&w.workers=1", ["no criterion with code “zzz”"]),
        ("w.workers=1&in=99.99", ["no district with code “99.99”", "99.01.01"]),
        ("w.workers=1&in=99.01.01.2001", ["no district with code “99.01.01.2001”"]),
        ("w.workers=1&l=hamlet", ["“hamlet” is not a value of “l”", "village"]),
        ("w.workers=1&n=magic", ["“magic” is not a value of “n”"]),
        ("w.workers=1&v=90", ["“90” is not a value of “v”", "25, 50"]),
        ("w.workers=1&s=0000000000009999999999", ["seed is “0000000000009999999999”"]),
        ("w.workers=1&s=0009999999999", ["seed is “0009999999999”"]),
        ("w.workers=1&s=lucky", ["seed is “lucky”"]),
        ("w.workers=1&d.workers=sideways", ["“sideways” is not a value"]),
        ("p=castle", ["“castle” is not a value of “p”", "mill"]),
        ("w.ghosts=3", ["Nobody has reported “Ghosts”"]),
        ("w.workers=1&min.ghosts=1", ["“Ghosts: at least 1", "excludes every place", "nobody"]),
        ("w.workers=1&min.workers=999", ["By itself", "Workers: at least 999"]),
        (
            "w.workers=1&min.workers=300&max.minutes=20",
            ["at once", "at least 300", "(leaves 1)", "at most 20", "(leaves 2)"],
        ),
    ],
)
def test_each_fault_is_a_clear_sentence(problems, address, sentences):
    found = problems(address)
    assert len(found) == 1, found
    for part in sentences:
        assert part in found[0]


def test_all_faults_are_told_at_once(problems):
    found = problems("w.workers=7&min.minutes=x&in=nowhere&l=hamlet&s=-")
    assert len(found) == 5, found


def test_more_than_twelve_criteria_are_too_many(read, problems):
    from tests.indicators.world import make_indicator

    for n in range(13):
        make_indicator(f"one{n}", investor={"direction": "higher"})
    (sentence,) = problems("&".join(f"w.one{n}=1" for n in range(13)))
    assert "13 criteria" in sentence
    assert "at most 12" in sentence


def test_which_limit_alone_is_told_and_which_only_together(problems):
    (alone,) = problems("w.workers=1&min.workers=999&max.minutes=30")
    assert "Workers" in alone
    assert "Minutes" not in alone


def test_districts_count_among_what_leaves_nothing(problems):
    (sentence,) = problems("w.workers=1&min.workers=300&in=99.01.02")
    assert "the chosen districts (leave 4)" in sentence
