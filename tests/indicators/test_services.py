import datetime

import pytest

from geo.indicators import queries
from geo.indicators.models import Observation
from geo.indicators.services import NewValue, publish_observations
from tests.indicators.world import EARLY, make_indicator, make_source, observe

LATER = EARLY + datetime.timedelta(days=1)


def publish(area, indicator, value, *, source=None, status="unverified", moment=LATER):
    new = NewValue(area.pk, indicator, "2024", value, status, 7)
    return publish_observations(values=[new], source=source or make_source(), moment=moment)


def test_a_new_revision_supersedes_and_keeps_the_old(kotak):
    people, village = make_indicator("people"), kotak.villages[0]
    assert publish(village, people, 5, moment=EARLY).new == 1
    assert publish(village, people, 6).changed == 1
    old, new = Observation.objects.order_by("revision")
    assert (old.value, old.superseded_at) == (5, LATER)
    assert (new.value, new.superseded_at, new.revision, new.source_row) == (6, None, 2, 7)
    just_before = LATER - datetime.timedelta(seconds=1)
    assert queries.read_figure(indicator=people, period="2024", area=village).value == 6
    then = queries.read_figure(indicator=people, period="2024", area=village, moment=just_before)
    assert then.value == 5


def test_what_is_as_before_makes_no_revision(kotak):
    people, village = make_indicator("people"), kotak.villages[0]
    publish(village, people, 5, moment=EARLY)
    assert publish(village, people, 5).unchanged == 1
    assert Observation.objects.count() == 1
    assert publish(village, people, 5, status="verified").changed == 1


def test_demonstration_gives_way_to_real_figures_of_its_period_only(kotak):
    people = make_indicator("people")
    demo = make_source(is_demo=True)
    observe(people, "2024", {"01.2001": 5, "01.2002": 6}, source=demo)
    observe(people, "2023", {"01.2001": 4}, source=demo)
    assert publish(kotak.villages[0], people, 5).new == 1
    figures = queries.read_figures(
        indicator=people, period="2024", level="village", parent=kotak.districts[0]
    )
    assert [f.status for f in figures.items] == ["unverified", "missing", "missing", "missing"]
    assert not figures.is_demo
    assert queries.known_periods(people) == ["2023", "2024"]


def test_a_value_that_the_database_refuses_leaves_nothing(kotak):
    people = make_indicator("people")
    values = [
        NewValue(kotak.villages[0].pk, people, "2024", 1, "unverified"),
        NewValue(kotak.villages[1].pk, people, "2024", None, "unverified"),
    ]
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        publish_observations(values=values, source=make_source())
    assert not Observation.objects.exists()
