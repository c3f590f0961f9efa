import datetime

import pytest

from geo.indicators.queries import read_provenance
from geo.indicators.services import NewValue, publish_observations
from geo.lib.errors import UnknownPeriod
from tests.indicators.world import EARLY, make_indicator, make_source, observe

LATER = EARLY + datetime.timedelta(days=30)


def test_a_village_says_its_file_row_and_history(kotak):
    people = make_indicator("people")
    first = make_source(file_name="lama.csv", entered_by="ani")
    second = make_source(
        file_name="baru.csv", entered_by="budi", verified_by="cici", verified_on=LATER.date()
    )
    village = kotak.villages[0]
    for source, value, moment in ((first, 10, EARLY), (second, 12, LATER)):
        publish_observations(
            values=[NewValue(village.pk, people, "2024", value, "verified", 7)],
            source=source,
            moment=moment,
        )
    found = read_provenance(indicator=people, period="2024", area=village)
    assert (found.figure.value, found.is_observed, found.absent) == (12, True, [])
    assert [(e.source.file_name, e.source_row) for e in found.evidence] == [("baru.csv", 7)]
    assert found.evidence[0].source.verified_by == "cici"
    assert [(r.number, r.value, r.superseded_at) for r in found.revisions] == [
        (1, 10, LATER),
        (2, 12, None),
    ]
    then = read_provenance(indicator=people, period="2024", area=village, moment=EARLY)
    assert [r.value for r in then.revisions] == [10]
    assert then.evidence[0].source == first


def test_a_ratio_names_its_parts_and_who_is_absent(kotak):
    people, homes = make_indicator("people"), make_indicator("homes")
    size = make_indicator("size", roll_up="ratio", numerator=people, denominator=homes)
    observe(people, "2024", {"01.2001": 30, "01.2002": 50, "01.2003": 9})
    observe(homes, "2024", {"01.2001": 10, "01.2002": 10})
    found = read_provenance(indicator=size, period="2024", area=kotak.districts[0])
    assert found.figure.value == 4
    assert not found.is_observed
    assert [(t.role, t.indicator.code, t.figure.value) for t in found.terms] == [
        ("numerator", "people", 89),
        ("denominator", "homes", 20),
    ]
    assert [a.code for a in found.absent] == ["99.01.01.2003", "99.01.01.2004"]
    assert sum(e.n_observations for e in found.evidence) == 5
    assert found.revisions == []


def test_a_sensitive_history_has_no_values(kotak):
    cases = make_indicator("cases", sensitive=True)
    observe(cases, "2024", {"01.2001": 3, "01.2002": 20, "01.2003": 30})
    for village in kotak.villages[:3]:
        found = read_provenance(indicator=cases, period="2024", area=village)
        assert [(r.value, r.is_withheld) for r in found.revisions] == [(None, True)]
    assert found.figure.value == 30
    with pytest.raises(UnknownPeriod):
        read_provenance(indicator=cases, period="1999", area=village)
