"""An attacker who reads everything that is published finds no withheld count."""

import csv
import datetime
import io
import itertools
import random

import numpy as np
import pytest
from scipy.optimize import linprog

from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import ClassBreaks, Indicator, Observation
from geo.indicators.queries import (
    read_area_facts,
    read_changes,
    read_figure,
    read_figures,
    read_trend,
)
from geo.indicators.rules import BadDeclaration
from geo.indicators.services import (
    NewValue,
    publish_observations,
    read_declarations,
)
from tests.indicators.world import EARLY, make_indicator, make_source, observe

MONTHS = ["2024-01", "2024-02", "2024-03"]
PARTS = ("short", "very_short", "stunted")


def make_stunting():
    month = {"frequency": "month"}
    measured = make_indicator("measured", **month)
    short = make_indicator("short", sensitive=True, **month)
    very_short = make_indicator("very_short", sensitive=True, **month)
    stunted = make_indicator(
        "stunted",
        sensitive=True,
        checks={"sum_of": ["short", "very_short"], "at_most": "measured"},
        **month,
    )
    rate = make_indicator(
        "rate", roll_up="ratio", numerator=stunted, denominator=measured, sensitive=True, **month
    )
    return measured, short, very_short, stunted, rate


def publish(kotak, seed):
    measured, short, very_short, _stunted, _rate = make_stunting()
    chance = random.Random(seed)  # noqa: S311
    values = []
    for month in MONTHS:
        for village in kotak.villages:
            if chance.random() < 0.1:
                continue
            counts = {short: int(chance.expovariate(1 / 6)), very_short: int(chance.expovariate(1))}
            # Some report the children measured only, or only those found short.
            if chance.random() > 0.1:
                counts[measured] = sum(counts.values()) + int(chance.expovariate(1 / 20))
            values += [
                NewValue(village.pk, one, month, count, "verified") for one, count in counts.items()
            ]
    publish_observations(values=values, source=make_source())


def scopes(kotak):
    yield from (("regency", kotak.regency), ("district", kotak.regency))
    yield "village", kotak.regency
    for district in kotak.districts:
        yield from (("village", district), ("district", district))


def collect(kotak, client):
    """Everything that every channel tells: {(part, month, area): value}, and ratios."""
    told, hidden = {}, set()
    sensitive = Indicator.objects.filter(sensitive=True)
    areas = (kotak.regency, *kotak.districts, *kotak.villages)
    for indicator, month, (level, parent) in itertools.product(
        sensitive, MONTHS, list(scopes(kotak))
    ):
        found = read_figures(indicator=indicator, period=month, level=level, parent=parent)
        for one in found.items:
            note(told, hidden, (indicator.code, month, one.code), one)
    for indicator, area in itertools.product(sensitive, areas):
        for month, one in read_trend(indicator=indicator, area=area):
            note(told, hidden, (indicator.code, month, one.code), one)
    for area in areas:
        collect_facts(told, hidden, read_area_facts(area, sensitive))
    collect_from_web(told, client)
    return told, hidden


def collect_facts(told, hidden, facts):
    for fact in facts:
        for step in fact.trend:
            for one in (step.own, *step.above):
                note(told, hidden, (fact.indicator.code, step.period, one.code), one)


def note(told, hidden, cell, figure):
    if figure.status == "suppressed":
        assert figure.value is None
        hidden.add(cell)
    elif figure.value is not None:
        assert told.setdefault(cell, figure.value) == figure.value


def collect_from_web(told, client):
    for code in (*PARTS, "rate"):
        for month in MONTHS:
            for level in ("village", "district", "regency"):
                asked = {"indicator": code, "period": month, "level": level, "parent": "99.01"}
                answer = client.get("/api/v1/values", asked).json()
                for area, value in zip(answer["codes"], answer["values"], strict=True):
                    if value is not None:
                        assert told.setdefault((code, month, area), value) == value
                text = client.get("/api/v1/values.csv", asked).content.decode("utf-8-sig")
                for row in csv.DictReader(io.StringIO(text), delimiter=";"):
                    if row["value"]:
                        value = float(row["value"].replace(",", "."))
                        cell = (code, month, row["code"])
                        assert told.setdefault(cell, value) == pytest.approx(value)


def equations_of(told, month, unknown, reported):
    """What is known of the counts of one month: sums shown, ratios shown, sums declared."""
    measured = {
        o.area.code: o.value
        for o in Observation.objects.filter(indicator__code="measured", period=month)
    }
    found = []
    for (code, period, area), value in told.items():
        if period != month:
            continue
        part = "stunted" if code == "rate" else code
        inside = [v for v in reported[part] if v == area or v.startswith(f"{area}.")]
        if code == "rate":
            inside = [v for v in inside if v in measured]
            value = value * sum(measured[v] for v in inside)
        terms = {(part, v): 1 for v in inside}
        found.append((terms, value))
    for village in reported["stunted"]:
        terms = {("stunted", village): -1, ("short", village): 1, ("very_short", village): 1}
        found.append((terms, 0))
    rows = [[terms.get(cell, 0) for cell in unknown] for terms, _value in found]
    return np.array(rows), [value for _terms, value in found]


def pinned(told, hidden, month):
    reported = {
        part: set(
            Observation.objects.filter(
                indicator__code=part, period=month, value__isnull=False
            ).values_list("area__code", flat=True)
        )
        for part in PARTS
    }
    unknown = sorted((part, village) for part in PARTS for village in reported[part])
    rows, right = equations_of(told, month, unknown, reported)
    bounds = [(1 if (p, month, v) in hidden else 0, None) for p, v in unknown]
    found = []
    for place, (part, village) in enumerate(unknown):
        if (part, month, village) not in hidden:
            continue
        aim = np.zeros(len(unknown))
        aim[place] = 1
        ends = [linprog(sign * aim, A_eq=rows, b_eq=right, bounds=bounds) for sign in (1, -1)]
        assert ends[0].status == 0, ends[0].message
        low, high = ends[0].fun, -ends[1].fun if ends[1].status == 0 else np.inf
        if np.floor(high + 1e-6) <= np.ceil(low - 1e-6):
            found.append((part, village))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_recovered_through_any_channel(kotak, client, seed):
    publish(kotak, seed)
    if seed % 2:
        compute_breaks()
    told, hidden = collect(kotak, client)
    assert not told.keys() & hidden
    for month in MONTHS:
        small = Observation.objects.filter(
            indicator__sensitive=True, period=month, value__gt=0, value__lt=5
        ).values_list("indicator__code", "area__code")
        assert {(part, month, village) for part, village in small} <= hidden
        assert pinned(told, hidden, month) == []


def test_the_attacker_wins_where_only_small_counts_are_withheld(kotak):
    make_stunting()
    short, very_short = (Indicator.objects.get(code=code) for code in PARTS[:2])
    counts = zip(kotak.villages[:3], (2, 30, 40), strict=True)
    values = [
        NewValue(village.pk, one, "2024-01", count + more, "verified")
        for village, count in counts
        for one, more in ((short, 10), (very_short, 0))
    ]
    publish_observations(values=values, source=make_source())
    rows = Observation.objects.values_list("indicator__code", "area__code", "value")
    hidden = {(c, "2024-01", a) for c, a, value in rows if 0 < value < 5}
    told = {(c, "2024-01", a): v for c, a, v in rows if (c, "2024-01", a) not in hidden}
    for part, total in (("short", 102), ("very_short", 72), ("stunted", 174)):
        told[part, "2024-01", "99.01.01"] = total
    assert pinned(told, hidden, "2024-01") == [("very_short", "99.01.01.2001")]


def test_a_ratio_is_withheld_where_its_numerator_is(kotak):
    measured, short, very_short, _stunted, rate = make_stunting()
    observe(measured, "2024-01", {"01.2001": 40, "01.2002": 50, "01.2003": 60})
    observe(short, "2024-01", {"01.2001": 2, "01.2002": 6, "01.2003": 9})
    observe(very_short, "2024-01", {"01.2001": 0, "01.2002": 0, "01.2003": 0})
    observe(_stunted, "2024-01", {"01.2001": 2, "01.2002": 6, "01.2003": 9})
    found = read_figures(
        indicator=rate, period="2024-01", level="village", parent=kotak.districts[0]
    )
    assert [f.status for f in found.items] == ["suppressed", "suppressed", "verified", "missing"]
    district = read_figure(indicator=rate, period="2024-01", area=kotak.districts[0])
    assert district.value == pytest.approx(17 / 150)


def test_a_ratio_that_leaves_a_withheld_village_out_is_withheld_above(kotak):
    measured, _short, _very_short, stunted, rate = make_stunting()
    # 01.2001 has not said how many it measured: 17 − ratio × 110 would be its count.
    observe(measured, "2024-01", {"01.2002": 50, "01.2003": 60, "02.2001": 70})
    observe(stunted, "2024-01", {"01.2001": 2, "01.2002": 6, "01.2003": 9, "02.2001": 8})
    found = read_figures(
        indicator=rate, period="2024-01", level="district", parent=kotak.regency
    ).by_code()
    assert found["99.01.01"].status == "suppressed"
    assert found["99.01.02"].status == "verified"
    assert read_figure(indicator=rate, period="2024-01", area=kotak.regency).value is None
    assert read_figure(indicator=stunted, period="2024-01", area=kotak.regency).value == 25


def test_a_past_state_is_shown_only_as_long_as_nothing_changed(kotak):
    cases = make_indicator("cases", sensitive=True)
    values = {"01.2002": 20, "01.2003": 30}
    observe(cases, "2024", values)
    later = EARLY + datetime.timedelta(days=30)
    moment = later - datetime.timedelta(days=1)

    def read(moment):
        return read_figure(indicator=cases, period="2024", area=kotak.districts[0], moment=moment)

    assert read(moment).value == 50
    # A village comes in late: the difference of two totals would be its count.
    observe(cases, "2024", {"01.2001": 3}, recorded_at=later)
    assert read(None).value == 53
    assert (read(moment).value, read(moment).status) == (None, "suppressed")


def test_limits_of_classes_never_lie_among_small_counts(kotak):
    cases = make_indicator("cases", sensitive=True, n_classes=5)
    observe(
        cases, "2024", {f"0{d}.200{v}": 0 if v < 4 else 9 * d for d in (1, 2, 3) for v in (1, 4)}
    )
    compute_breaks()
    edges = {edge for found in ClassBreaks.objects.all() for edge in found.edges}
    assert edges
    assert not [edge for edge in edges if 0 < edge < 5]


def test_changes_tell_nothing_more(kotak):
    cases = make_indicator("cases", sensitive=True)
    observe(cases, "2023", {"01.2001": 30, "01.2002": 20, "01.2003": 10})
    observe(cases, "2024", {"01.2001": 3, "01.2002": 20, "01.2003": 10})
    found = read_changes(
        indicator=cases, period="2024", since="2023", level="village", parent=kotak.districts[0]
    )
    assert [f.status for f in found.items] == ["suppressed", "verified", "suppressed", "missing"]


DECLARED = """
[sector]
name = {{ id = "Uji", en = "Test" }}
[indicators.a]
{common}
roll_up = "sum"
sensitive = {first}
[indicators.b]
{common}
sensitive = true
{more}
"""
COMMON = """
name = { id = "A", en = "A" }
definition = { id = "A", en = "A" }
unit = "person"
frequency = "year"
level = "village"
direction = "neutral"
classes = { scheme = "quantile", palette = "teal" }
"""


@pytest.mark.parametrize(
    ("first", "more", "sentence"),
    [
        ("false", 'roll_up = "weighted_mean"\nweight = "a"', "only sums and ratios of sums"),
        ("false", 'roll_up = "max"', "only sums and ratios of sums"),
        (
            "false",
            'roll_up = "ratio"\nnumerator = "a"\nper_km2 = true',
            "neither numerator nor denominator is sensitive",
        ),
        ("false", 'roll_up = "sum"\nchecks = { sum_of = ["a"] }', "its parts would give it away"),
    ],
)
def test_protection_that_cannot_be_guaranteed_is_refused(tmp_path, first, more, sentence):
    (tmp_path / "test").mkdir()
    text = DECLARED.format(common=COMMON, first=first, more=more)
    (tmp_path / "test" / "sector.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadDeclaration, match=sentence):
        read_declarations(tmp_path)
