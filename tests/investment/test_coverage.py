"""Districts whose villages have not all reported, or cannot all be reached.

Villages 2001 to 2004 of districts 01 to 03, all with the same number of households. Minutes
are those that a truck takes, averaged over households, less is better.
"""

import csv
import io
import zipfile

import pytest

from tests.documents.conftest import words
from tests.indicators.world import make_indicator, observe

DISTRICTS = ("99.01.01", "99.01.02", "99.01.03")


def all_of(district, *values):
    """``all_of("02", 1, 2)`` → {"02.2001": 1, "02.2002": 2}."""
    return {f"{district}.200{n}": value for n, value in enumerate(values, start=1)}


@pytest.fixture
def minutes(kotak):
    """Districts 01 and 03 are reached as a whole, in 60 and 100 minutes; of 02 see each test."""
    households = make_indicator("households", name_en="Households")
    for district in ("01", "02", "03"):
        observe(households, "2024", all_of(district, 10, 10, 10, 10))
    by_truck = make_indicator(
        "by_truck",
        name_en="Minutes by truck",
        unit="minute",
        roll_up="weighted_mean",
        weight=households,
        investor={"direction": "lower"},
    )
    observe(by_truck, "2024", all_of("01", 60, 60, 60, 60) | all_of("03", 100, 100, 100, 100))
    return by_truck


@pytest.fixture
def people(kotak):
    """District 01 has reported as a whole; of 02 one village lacks, and it has more anyhow."""
    counted = make_indicator("people", name_en="People", investor={"direction": "higher"})
    observe(counted, "2024", all_of("01", 10, 10, 10, 10) | all_of("02", 100, 100, 100))
    observe(counted, "2024", all_of("03", 1, 1, 1, 1))
    return counted


def points(ranking):
    return {
        entry.area.code: [None if p.points is None else round(p.points, 6) for p in entry.parts]
        for entry in ranking.entries
    }


def test_a_total_that_is_not_whole_is_not_known(rank, people):
    ranking = rank("l=district&w.people=1")
    assert points(ranking) == {"99.01.01": [1], "99.01.03": [0]}
    assert "99.01.02" in {area.code for area, _ in ranking.apart}


def test_a_total_that_is_not_whole_keeps_no_limit(rank, people):
    (one,) = rank("l=district&w.people=1&min.people=1").exclusions
    assert (one.n_beyond, one.n_unknown, one.n_left) == (0, 2, 2)


def test_where_most_villages_are_out_of_reach_so_is_the_district(rank, minutes):
    """One village in 10 minutes, three that no truck reaches: not the best, but the last."""
    observe(minutes, "2024", all_of("02", 10))
    observe(minutes, "2024", {f"02.200{n}": None for n in (2, 3, 4)}, status="unreachable")
    ranking = rank("l=district&w.by_truck=5")
    assert points(ranking) == {"99.01.01": [1], "99.01.03": [0], "99.01.02": [0]}
    (one,) = rank("l=district&w.by_truck=5&max.by_truck=70").exclusions
    assert (one.n_beyond, one.n_unreachable, one.n_left) == (1, 1, 1)


def test_villages_out_of_reach_count_as_the_farthest(rank, minutes):
    """Three villages in 60 minutes, the fourth out of reach: three quarters of the points."""
    observe(minutes, "2024", all_of("02", 60, 60, 60))
    observe(minutes, "2024", {"02.2004": None}, status="unreachable")
    assert points(rank("l=district&w.by_truck=5")) == {
        "99.01.01": [1],
        "99.01.02": [0.75],
        "99.01.03": [0],
    }


def test_turned_round_those_out_of_reach_are_the_farthest_still(rank, minutes):
    observe(minutes, "2024", all_of("02", 60, 60, 60))
    observe(minutes, "2024", {"02.2004": None}, status="unreachable")
    found = points(rank("l=district&w.by_truck=5&d.by_truck=higher"))
    assert found == {"99.01.03": [1], "99.01.02": [0.25], "99.01.01": [0]}


@pytest.mark.parametrize(("reported", "counts"), [((20, 20), False), ((20, 20, 20), True)])
def test_an_average_counts_where_two_thirds_are_known(rank, minutes, reported, counts):
    """Two villages of four do not say what the district is like; three do."""
    observe(minutes, "2024", all_of("02", *reported))
    found = points(rank("l=district&w.by_truck=5"))
    assert ("99.01.02" in found) is counts
    assert found["99.01.01"] == [0.5 if counts else 1], "what does not count moves no scale"


def test_the_page_says_how_many_villages_stand_behind_a_figure(client, rank, minutes, people):
    observe(minutes, "2024", all_of("02", 60, 60, 60))
    page = words(client.get("/en/investasi/?l=district&w.by_truck=4&w.people=1").content.decode())
    assert "2024, verified · 3 of 4 villages</small>" in page
    assert "3 of 4 villages: incomplete, so it does not count" in page
    assert "total counts only where all of its villages have reported" in page


def test_the_file_says_how_many_villages_stand_behind_a_figure(client, rank, minutes):
    observe(minutes, "2024", all_of("02", 60, 60, 60))
    answer = client.get("/investasi/peringkat.csv?l=district&w.by_truck=4")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    rows = csv.DictReader(
        io.StringIO(packed.read("peringkat.csv").decode("utf-8-sig")), delimiter=";"
    )
    found = {r["code"]: (r["by_truck_reported"], r["by_truck_expected"]) for r in rows}
    assert [found[code] for code in DISTRICTS] == [("4", "4"), ("3", "4"), ("4", "4")]
