"""Areas as they were: recoded, split, merged and new villages, by hand."""

import datetime

from geo.areas.models import AreaChange
from geo.indicators.models import Observation
from geo.indicators.queries import (
    NOT_YET,
    SPLIT,
    known_periods,
    read_figure,
    read_figures,
    read_trend,
)
from tests.factories import BEGINNING, make_area
from tests.indicators.world import EARLY, make_indicator, make_source, observe

NEW_YEAR = datetime.date(2020, 1, 1)


def make_former(kotak, code, successors, *, share=None, nature="split"):
    """A village of the first district that ended at the beginning of 2020."""
    former = make_area(code, level="village", kind="desa", name="Dahulu", parent=kotak.districts[0])
    former.valid_to = NEW_YEAR
    former.save()
    for successor in successors:
        successor.valid_from = NEW_YEAR
        successor.save()
        AreaChange.objects.create(
            predecessor=former, successor=successor, nature=nature, date=NEW_YEAR, share=share
        )
    return former


def observe_former(former, indicator, period, value):
    Observation.objects.create(
        area=former,
        indicator=indicator,
        period=period,
        value=value,
        status="verified",
        source=make_source(),
        recorded_at=EARLY,
    )


def test_a_series_continues_across_a_new_code(kotak):
    people = make_indicator("people")
    # The village lies in another district today.
    former = make_former(
        kotak, "99.01.01.2011", [kotak.village("99.01.02.2001")], share=1, nature="recoded"
    )
    observe_former(former, people, "2018", 30)
    observe(people, "2021", {"02.2001": 40})
    village = kotak.village("99.01.02.2001")
    assert [(p, f.value) for p, f in read_trend(indicator=people, area=village)] == [
        ("2018", 30),
        ("2021", 40),
    ]
    figures = read_figures(indicator=people, period="2018", level="district", parent=kotak.regency)
    assert [f.value for f in figures.items] == [None, 30, None, None]
    villages = read_figures(indicator=people, period="2018", level="village", parent=kotak.regency)
    assert villages.former_codes == {"99.01.02.2001": "99.01.01.2011"}
    assert (villages.reported, villages.expected) == (1, 17)
    assert villages.by_code()["99.01.02.2001"].note == ""


def test_what_was_reported_under_the_new_code_wins(kotak):
    people = make_indicator("people")
    village = kotak.villages[0]
    former = make_former(kotak, "99.01.01.2011", [village], share=1, nature="recoded")
    observe_former(former, people, "2018", 30)
    observe(people, "2018", {"01.2001": 31})
    assert read_figure(indicator=people, period="2018", area=village).value == 31
    assert read_figure(indicator=people, period="2018", area=kotak.regency).value == 31


def test_a_ratio_continues_too(kotak):
    people, homes = make_indicator("people"), make_indicator("homes")
    size = make_indicator("size", roll_up="ratio", numerator=people, denominator=homes)
    former = make_former(kotak, "99.01.01.2011", [kotak.villages[0]], share=1, nature="recoded")
    observe_former(former, people, "2018", 30)
    observe_former(former, homes, "2018", 10)
    assert known_periods(size) == ["2018"]
    assert read_figure(indicator=size, period="2018", area=kotak.villages[0]).value == 3
    assert read_figure(indicator=size, period="2018", area=kotak.regency).value == 3


def test_a_split_is_never_shared_out_but_counts_above(kotak):
    people = make_indicator("people")
    parts = [kotak.villages[0], kotak.villages[1]]
    former = make_former(kotak, "99.01.01.2011", parts, share=0.5)
    observe_former(former, people, "2018", 100)
    observe(people, "2018", {"01.2003": 7})
    figures = read_figures(
        indicator=people, period="2018", level="village", parent=kotak.districts[0]
    )
    assert [(f.value, f.status, f.note, f.reported) for f in figures.items] == [
        (None, "missing", SPLIT, 1),
        (None, "missing", SPLIT, 1),
        (7, "verified", "", 1),
        (None, "missing", "", 0),
    ]
    for area in (kotak.districts[0], kotak.regency):
        figure = read_figure(indicator=people, period="2018", area=area)
        assert (figure.value, figure.reported) == (107, 3)
    assert figures.reported == 3
    later = read_figures(
        indicator=people, period="2018", level="district", parent=kotak.regency
    ).by_code()
    assert (later["99.01.01"].value, later["99.01.02"].value) == (107, None)


def test_a_merger_adds_counts_and_never_averages_percentages(kotak):
    people, light = make_indicator("people"), None
    light = make_indicator("light", roll_up="weighted_mean", weight=people, unit="percent")
    village = kotak.villages[0]
    for code, count, share in (("99.01.01.2011", 30, 10), ("99.01.01.2012", 70, 90)):
        former = make_former(kotak, code, [village], share=1, nature="merged")
        observe_former(former, people, "2018", count)
        observe_former(former, light, "2018", share)
    assert read_figure(indicator=people, period="2018", area=village).value == 100
    assert read_figure(indicator=light, period="2018", area=village).status == "missing"


def test_what_did_not_exist_is_counted_apart(kotak):
    people = make_indicator("people")
    newcomer = kotak.villages[-1]
    newcomer.valid_from = datetime.date(2023, 1, 1)
    newcomer.save()
    observe(people, "2021", {"01.2001": 1})
    observe(people, "2023", {"01.2001": 1})
    old = read_figures(indicator=people, period="2021", level="village", parent=kotak.regency)
    assert (old.expected, old.n_not_yet) == (17, 1)
    assert old.by_code()[newcomer.code].note == NOT_YET
    new = read_figures(indicator=people, period="2023", level="village", parent=kotak.regency)
    assert (new.expected, new.n_not_yet) == (17, 0)
    assert newcomer.valid_from > BEGINNING
