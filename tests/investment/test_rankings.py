"""Rankings of Kabupaten Kotak that one computes on paper: see world.py."""

import pytest

from geo.indicators.models import Observation
from geo.investment.rules import findings_of, notes_of
from tests.history import history_forgotten
from tests.indicators.world import make_indicator, observe
from tests.investment.world import SCORES

BOTH = "w.workers=3&w.minutes=1"


def scores(ranking):
    return {entry.area.code[6:]: entry.score for entry in ranking.entries}


def test_order_and_scores_by_hand(rank):
    assert scores(rank(BOTH)) == pytest.approx(SCORES)
    assert list(scores(rank(BOTH))) == list(SCORES)


def test_contributions_by_hand(rank):
    """2002: all of workers (75 of 75), nothing of minutes. 2001: nothing, and all (25 of 25)."""
    adds = {
        entry.area.code[6:]: [(p.criterion.offered.code, p.adds, p.start) for p in entry.parts]
        for entry in rank(BOTH).entries
    }
    assert adds["01.2002"] == [("workers", 75, 0), ("minutes", 0, 75)]
    assert adds["01.2001"] == [("workers", 0, 0), ("minutes", 25, 0)]
    assert adds["01.2003"] == [("workers", 37.5, 0), ("minutes", 12.5, 37.5)]


def test_percentile_rank_by_hand(rank):
    """Workers: 2001 and 2004 share 1/6, then 2003 2/3, 2002 1. Minutes: 1, 0, 1/3, 2/3."""
    found = scores(rank("w.workers=1&w.minutes=1&n=percentile"))
    expected = {"01.2001": 7 / 12, "01.2002": 1 / 2, "01.2003": 1 / 2, "01.2004": 5 / 12}
    assert found == pytest.approx({code: 100 * score for code, score in expected.items()})


def test_equal_scores_share_a_rank(rank):
    ranking = rank("w.workers=1&w.minutes=1")
    ranks = {entry.area.code[6:]: entry.rank for entry in ranking.entries}
    assert ranks == {"01.2001": 1, "01.2002": 1, "01.2003": 1, "01.2004": 4}


def test_the_other_direction(rank):
    assert rank("w.workers=1&d.workers=lower").entries[0].score == 100
    assert rank("w.workers=1&d.workers=lower").entries[-1].area.code == "99.01.01.2002"


def test_villages_without_any_figure_are_set_apart_and_not_judged(rank):
    ranking = rank(BOTH)
    assert len(ranking.places) == 17
    assert len(ranking.apart) == 13
    assert {known for _, known in ranking.apart} == {0}


def test_missing_is_scored_on_what_is_known_and_marked(rank):
    """2003 has no power: its 50 points for workers are all that is known, 3 of 4 parts."""
    entry = {e.area.code[6:]: e for e in rank("w.workers=3&w.power=1").entries}["01.2003"]
    assert (entry.score, entry.known_percent, entry.is_partly_known) == (50, 75, True)
    assert entry.parts[1].points is None


def test_what_a_gap_can_do_to_a_score(rank):
    """2003: 50 points on 75% of the weight are 37.5 for certain; power adds from 0 to 25."""
    entries = {e.area.code[6:]: e for e in rank("w.workers=3&w.power=1").entries}
    partly, wholly = entries["01.2003"], entries["01.2002"]
    assert (partly.lowest_score, partly.highest_score) == (37.5, 62.5)
    assert [one.code for one in partly.unknown] == ["power"]
    assert wholly.lowest_score == wholly.score == wholly.highest_score


def test_below_two_thirds_of_the_weight_a_place_is_not_ranked(rank):
    assert "01.2003" not in scores(rank("w.workers=1&w.power=1"))
    assert "01.2003" in scores(rank("w.workers=2&w.power=1")), "two thirds are enough"


def test_strictly_a_place_with_a_gap_is_left_out(rank):
    ranking = rank("w.workers=3&w.power=1&m=strict")
    assert "01.2003" not in scores(ranking)
    assert ranking.n_incomplete == 14
    assert ranking.apart == []


def test_a_limit_excludes_and_says_how_many(rank):
    """At most 30 minutes: 2002 is beyond, 13 villages have no figure, three are left."""
    ranking = rank(f"{BOTH}&max.minutes=30")
    assert set(scores(ranking)) == {"01.2001", "01.2003", "01.2004"}
    (one,) = ranking.exclusions
    assert (one.n_beyond, one.n_unknown, one.n_left) == (1, 13, 3)


def test_a_limit_changes_who_is_listed_and_not_what_anybody_scores(rank):
    limited = scores(rank(f"{BOTH}&max.minutes=30"))
    assert limited == {code: scores(rank(BOTH))[code] for code in limited}


def test_both_ends_of_a_limit_are_within_it(rank):
    kept = scores(rank(f"{BOTH}&min.workers=200&max.workers=300"))
    assert set(kept) == {"01.2002", "01.2003"}


def test_only_in_one_district(rank):
    ranking = rank(f"{BOTH}&in=99.01.02")
    assert ranking.entries == []
    assert ranking.n_elsewhere == 13
    assert {area.parent.code for area, _ in ranking.apart} == {"99.01.02"}


def test_districts_are_ranked_on_their_own_figures(rank):
    """Petak 1: 700 workers, minutes (10·100 + 50·300 + 30·200 + 20·100) ÷ 700."""
    ranking = rank(f"{BOTH}&l=district")
    (entry,) = ranking.entries
    assert entry.area.code == "99.01.01"
    assert entry.parts[0].figure.value == 700
    assert entry.parts[1].figure.value == pytest.approx(24000 / 700)
    assert entry.score == 50, "the only one stands in the middle"


def test_without_figures_a_criterion_does_not_count_and_is_told(rank):
    ranking = rank(f"{BOTH}&w.ghosts=5")
    assert scores(ranking) == pytest.approx(SCORES)
    assert notes_of(ranking) == [
        "“Ghosts” has no figures for this level and does not count; the others do."
    ]
    assert findings_of(ranking) == []


def test_what_nobody_can_reach_gets_no_points_and_is_no_gap(rank, measured):
    """Workers 75 of 75, minutes 0 of 25: as the farthest, with all of the weight known."""
    observe(measured["minutes"], "2024", {"02.2001": None}, status="unreachable")
    observe(measured["workers"], "2024", {"02.2001": 300})
    entry = {e.area.code[6:]: e for e in rank(BOTH).entries}["02.2001"]
    assert (entry.score, entry.known_percent) == (75, 100)


def test_what_nobody_can_reach_keeps_no_limit(rank, measured):
    observe(measured["minutes"], "2024", {"02.2001": None}, status="unreachable")
    observe(measured["workers"], "2024", {"02.2001": 300})
    ranking = rank(f"{BOTH}&max.minutes=500")
    assert "02.2001" not in scores(ranking)
    (one,) = ranking.exclusions
    assert (one.n_beyond, one.n_unknown, one.n_unreachable, one.n_left) == (0, 12, 1, 4)


def test_stability_by_hand(kotak, rank):
    """Twelve villages, better and better in both: whatever the weights, the order is the same."""
    codes = [f"0{d}.200{v}" for d in (1, 2, 3) for v in (1, 2, 3, 4)]
    for name in ("sun", "wind"):
        indicator = make_indicator(name, investor={"direction": "higher"})
        observe(indicator, "2024", {code: n for n, code in enumerate(codes)})
    entries = rank("w.sun=2&w.wind=5").entries
    assert [entry.tops for entry in entries] == [[1000, 1000]] * 5 + [[0, 1000]] * 5 + [[0, 0]] * 2


def test_stability_of_what_the_weights_decide(kotak, rank):
    """Six villages: five are alike in the middle, the others best in one thing each.

    With equal weights the two that are best in one thing only score as the five do; of any
    variation one of them is above the five and one below: never both, always one.
    """
    sun = make_indicator("sun", investor={"direction": "higher"})
    wind = make_indicator("wind", investor={"direction": "higher"})
    middle = {f"01.200{n}": 5 for n in (1, 2, 3, 4)}
    observe(sun, "2024", middle | {"02.2001": 10, "02.2002": 0})
    observe(wind, "2024", middle | {"02.2001": 0, "02.2002": 10})
    tops = {e.area.code[6:]: e.tops[0] for e in rank("w.sun=3&w.wind=3&s=5").entries}
    assert tops["01.2001"] == 1000
    assert tops["02.2001"] + tops["02.2002"] == 1000
    assert 400 < tops["02.2001"] < 600


def test_the_seed_decides_and_nothing_else(rank, kotak):
    sun = make_indicator("sun", investor={"direction": "higher"})
    wind = make_indicator("wind", investor={"direction": "higher"})
    middle = {f"01.200{n}": 5 for n in (1, 2, 3, 4)}
    observe(sun, "2024", middle | {"02.2001": 10, "02.2002": 0})
    observe(wind, "2024", middle | {"02.2001": 0, "02.2002": 10})

    def tops(seed):
        return [e.tops for e in rank(f"w.sun=3&w.wind=3&s={seed}").entries]

    assert tops(5) == tops(5)
    assert tops(5) != tops(6)


def test_new_figures_are_seen_at_once(rank, measured):
    before = scores(rank("w.workers=1"))
    with history_forgotten():
        workers = Observation.objects.filter(indicator=measured["workers"])
        workers.filter(area__code="99.01.01.2004").delete()
    observe(measured["workers"], "2024", {"01.2004": 300})
    assert before["01.2004"] == 0
    assert scores(rank("w.workers=1"))["01.2004"] == 100


def test_the_cost_does_not_grow_with_the_places(rank, django_assert_max_num_queries):
    rank(BOTH)
    with django_assert_max_num_queries(12):
        assert scores(rank(BOTH))
