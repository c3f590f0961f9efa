import datetime

import pytest

from geo.indicators import queries
from geo.indicators.models import DataVersion, Observation
from geo.indicators.services import (
    BuiltUpon,
    NewValue,
    publish_observations,
    withdraw_source,
)
from tests.indicators.world import EARLY, make_indicator, make_source

DAY = datetime.timedelta(days=1)


def publish(indicator, values, source, moment):
    new = [NewValue(area.pk, indicator, "2024", value, "unverified") for area, value in values]
    return publish_observations(values=new, source=source, moment=moment)


def standing():
    rows = Observation.objects.as_of().order_by("area__code", "indicator__code")
    return list(rows.values_list("area__code", "indicator__code", "value", "status", "source"))


def test_what_stood_before_stands_again_and_what_was_new_is_gone(kotak):
    people, (first, second) = make_indicator("people"), kotak.villages[:2]
    publish(people, [(first, 5)], make_source(), EARLY)
    before = standing()
    wrong = make_source()
    publish(people, [(first, 50), (second, 60)], wrong, EARLY + DAY)
    assert withdraw_source(source=wrong, moment=EARLY + 2 * DAY) == 2
    assert standing() == before
    assert queries.read_figure(indicator=people, period="2024", area=second).status == "missing"


def test_a_pinned_moment_still_shows_what_was_published_then(kotak):
    people, village = make_indicator("people"), kotak.villages[0]
    publish(people, [(village, 5)], make_source(), EARLY)
    wrong = make_source()
    publish(people, [(village, 50)], wrong, EARLY + DAY)
    withdraw_source(source=wrong, moment=EARLY + 2 * DAY)
    moments = [EARLY, EARLY + DAY, EARLY + 2 * DAY]
    shown = [
        queries.read_figure(indicator=people, period="2024", area=village, moment=moment).value
        for moment in moments
    ]
    assert shown == [5, 50, 5]


def test_a_withdrawal_is_a_new_version_of_the_figures(kotak):
    people, village = make_indicator("people"), kotak.villages[0]
    wrong = make_source()
    publish(people, [(village, 50)], wrong, EARLY)
    number = DataVersion.objects.get().number
    withdraw_source(source=wrong, moment=EARLY + DAY)
    assert DataVersion.objects.get().number > number


def test_what_others_have_replaced_since_is_not_withdrawn(kotak):
    people, village = make_indicator("people"), kotak.villages[0]
    wrong = make_source()
    publish(people, [(village, 50)], wrong, EARLY)
    publish(people, [(village, 6)], make_source(title="Correction"), EARLY + DAY)
    before = standing()
    with pytest.raises(BuiltUpon, match=r"1 of its figures .* “Correction”"):
        withdraw_source(source=wrong, moment=EARLY + 2 * DAY)
    assert standing() == before


def test_two_withdrawals_one_after_the_other_lead_back_to_the_first(kotak):
    people, village = make_indicator("people"), kotak.villages[0]
    publish(people, [(village, 5)], make_source(), EARLY)
    first, second = make_source(), make_source()
    publish(people, [(village, 6)], first, EARLY + DAY)
    publish(people, [(village, 7)], second, EARLY + 2 * DAY)
    withdraw_source(source=second, moment=EARLY + 3 * DAY)
    assert standing()[0][2] == 6
    withdraw_source(source=first, moment=EARLY + 4 * DAY)
    assert standing()[0][2] == 5


def test_a_withdrawn_figure_that_was_gone_before_stays_gone(kotak):
    people, village = make_indicator("people"), kotak.villages[0]
    first, second = make_source(), make_source()
    publish(people, [(village, 6)], first, EARLY)
    withdraw_source(source=first, moment=EARLY + DAY)
    publish(people, [(village, 7)], second, EARLY + 2 * DAY)
    withdraw_source(source=second, moment=EARLY + 3 * DAY)
    assert standing() == []
