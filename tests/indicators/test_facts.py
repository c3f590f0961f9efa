"""All facts of an area at once say the same as reading them one by one."""

import random

import pytest

from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Indicator, KeptFigure
from geo.indicators.queries import (
    Peers,
    data_version,
    known_periods,
    read_area_facts,
    read_facts_beside,
    read_figure,
    read_figures,
)
from geo.indicators.services import NewValue, publish_observations
from tests.indicators.world import make_indicator, make_source, observe

MONTHS = [f"2024-{month:02}" for month in range(1, 5)]


def make_sector() -> list[Indicator]:
    people = make_indicator("people", frequency="month")
    homes = make_indicator("homes", frequency="month")
    short = make_indicator("short", sensitive=True, frequency="month")
    tall = make_indicator("tall", sensitive=True, frequency="month")
    both = make_indicator(
        "both", sensitive=True, frequency="month", checks={"sum_of": ["short", "tall"]}
    )
    make_indicator("size", roll_up="ratio", numerator=people, denominator=homes)
    make_indicator("rate", roll_up="ratio", numerator=both, denominator=people, sensitive=True)
    make_indicator("light", roll_up="weighted_mean", weight=homes, frequency="month")
    make_indicator("index", roll_up="none", frequency="month")
    make_indicator("coarse", level="district", frequency="month")
    return [people, homes, short, tall, both]


def fill(kotak, seed: int, months=MONTHS) -> None:
    chance = random.Random(seed)  # noqa: S311
    observed = Indicator.objects.exclude(roll_up="ratio").exclude(checks__has_key="sum_of")
    values = []
    for indicator in observed:
        areas = kotak.districts if indicator.level == "district" else kotak.villages
        often = 1 / (3 if indicator.sensitive else 30)
        values += [
            NewValue(area.pk, indicator, month, int(chance.expovariate(often)), "verified")
            for month in months
            for area in areas
            if chance.random() > 0.1
        ]
    publish_observations(values=values, source=make_source())


def check(area) -> None:
    for fact in read_area_facts(area):
        indicator = fact.indicator
        known = known_periods(indicator)
        assert fact.period == (known[-1] if known else None)
        for step in fact.trend:
            own = read_figure(indicator=indicator, period=step.period, area=area)
            assert step.own == own, (indicator.code, step.period)
            upper, above = area, []
            while upper.parent is not None:
                upper = upper.parent
                above.insert(0, read_figure(indicator=indicator, period=step.period, area=upper))
            assert step.above == above
        if not fact.trend:
            continue
        assert [step.period for step in fact.trend] == known
        top = area
        while top.parent is not None:
            top = top.parent
        peers = read_figures(indicator=indicator, period=known[-1], level=area.level, parent=top)
        among = Peers.of(peers.items if area != top else [], indicator.roll_up)
        assert fact.standing == among.standing(fact.figure)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("is_kept", [False, True])
def test_the_same_as_one_by_one(kotak, seed, is_kept):
    make_sector()
    fill(kotak, seed)
    if is_kept:
        compute_breaks()
        assert KeptFigure.objects.exists()
    for area in (kotak.regency, kotak.districts[0], kotak.villages[0], kotak.villages[-1]):
        check(area)


def test_what_is_published_anew_is_not_kept(kotak):
    make_sector()
    fill(kotak, 1)
    compute_breaks()
    before = data_version()
    fill(kotak, 2, MONTHS[1:2])
    assert data_version() != before
    check(kotak.regency)
    check(kotak.villages[5])


def test_kept_figures_fall_with_the_areas_they_were_made_of(kotak):
    make_sector()
    fill(kotak, 1)
    compute_breaks()
    village = kotak.villages[0]
    village.parent = kotak.districts[1]
    village.save()
    check(kotak.districts[1])


def test_few_queries(kotak, django_assert_max_num_queries):
    make_sector()
    fill(kotak, 1)
    compute_breaks()
    area = kotak.villages[0]
    assert area.parent.parent.code == "99.01"
    with django_assert_max_num_queries(7):
        facts = read_area_facts(area)
    with django_assert_max_num_queries(3):
        assert read_area_facts(area) == facts
    assert len(facts) == 10
    assert all(len(fact.trend) in {0, 4} for fact in facts)


def test_ranks_follow_the_next_publication(kotak):
    homes = make_indicator("homes")
    observe(homes, "2024", {"01.2001": 10, "01.2002": 5})

    def rank():
        (fact,) = read_area_facts(kotak.villages[0])
        return fact.standing.rank, fact.standing.n_ranked

    assert (rank(), rank()) == ((1, 2), (1, 2))
    above = [NewValue(kotak.villages[1].pk, homes, "2024", 50, "verified")]
    publish_observations(values=above, source=make_source())
    assert rank() == (2, 2)


def test_an_indicator_without_figures_has_an_empty_fact(kotak):
    people = make_indicator("people")
    observe(make_indicator("homes"), "2024", {"01.2001": 1})
    (fact,) = read_area_facts(kotak.villages[0], [people])
    assert (fact.period, fact.figure, fact.trend) == (None, None, [])


@pytest.mark.parametrize("is_kept", [False, True])
def test_areas_beside_each_other_have_the_same_facts_as_alone(
    kotak, is_kept, django_assert_max_num_queries
):
    make_sector()
    fill(kotak, 1)
    if is_kept:
        compute_breaks()
    areas = [kotak.villages[5], kotak.districts[1], kotak.villages[0], kotak.districts[0]]
    assert all(area.parent for area in kotak.villages)
    first = read_facts_beside(areas)
    with django_assert_max_num_queries(5 if is_kept else 30):
        together = read_facts_beside(areas)
    assert together == first
    for area, facts in zip(areas, together, strict=True):
        for beside, alone in zip(facts, read_area_facts(area), strict=True):
            assert beside.figure == alone.figure
            assert beside.standing == alone.standing
            assert [step.own for step in beside.trend] == [step.own for step in alone.trend]
