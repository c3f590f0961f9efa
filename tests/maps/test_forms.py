"""The state of the map is its address, and nothing else."""

import datetime

import pytest

from geo.areas.models import Area
from geo.areas.queries import NoRegency
from geo.indicators.models import Observation
from geo.lib.errors import UnknownArea, UnknownChoice, UnknownIndicator, UnknownPeriod
from geo.maps.forms import NoIndicators
from tests.history import history_forgotten
from tests.indicators.world import make_indicator, observe


def test_every_parameter_has_a_default(measured, state_of):
    state = state_of("")
    assert state.indicator == measured.size, "a rate: counts mislead where areas differ in size"
    assert (state.period, state.periods) == ("2024", ["2024"])
    assert state.area.code == "99.01"
    assert state.level == "district"
    assert state.scheme == "quantile"
    assert state.moment is None


def test_the_default_indicator_has_figures(kotak, state_of):
    make_indicator("rate", roll_up="none", position=1)
    people = make_indicator("people", position=2)
    assert state_of("").indicator.code == "rate", "nothing has figures: the first rate"
    observe(people, "2024", {"01.2001": 1})
    assert state_of("").indicator == people


@pytest.mark.parametrize(
    ("address", "scope", "level"),
    [
        ("a=99.01", "99.01", "district"),
        ("l=village", "99.01", "village"),
        ("a=99.01.02", "99.01.02", "village"),
        ("a=99.01.02&l=district", "99.01", "district"),
        ("a=99.01.02.2001", "99.01.02", "village"),
    ],
)
def test_what_is_drawn_follows_from_area_and_level(measured, state_of, address, scope, level):
    state = state_of(address)
    assert (state.scope.code, state.level) == (scope, level)
    assert state.regency.code == "99.01"


def test_no_level_below_what_is_reported(measured, state_of):
    coarse = make_indicator("coarse", level="district")
    observe(coarse, "2024", {"01": 3})
    village = state_of("i=coarse&a=99.01.02.2001")
    assert (village.scope.code, village.level) == ("99.01", "district")
    with pytest.raises(UnknownChoice, match=r"village.*district"):
        state_of("i=coarse&l=village")
    assert "l=" not in state_of("i=size&l=village").address_with_indicator(coarse)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("address", "error", "said"),
    [
        ("i=peple", UnknownIndicator, "no indicator with code “peple”. Known are: people, "),
        ("i=people&t=1999", UnknownPeriod, "“1999”. It has: 2023, 2024."),
        ("a=99.02", UnknownArea, "no area with code “99.02”. A village code looks like"),
        ("l=house", UnknownChoice, "“house” is not a value of “l”. Allowed are: district, village"),
        ("a=99.01.02.2001&l=district", UnknownChoice, "“l”. Allowed are: village."),
        ("k=best", UnknownChoice, "“best” is not a value of “k”. Allowed are: quantile, natural"),
        ("k=manual", UnknownChoice, "“manual” is not a value of “k”."),
        ("per=yesterday", UnknownChoice, "“yesterday” is not a value of “per”. Allowed are: 20"),
        ("per=2026-13-01", UnknownChoice, "“2026-13-01” is not a value of “per”"),
    ],
)
def test_what_is_not_known_is_refused_in_a_sentence(measured, state_of, address, error, said):
    with pytest.raises(error) as refused:
        state_of(address)
    assert said in str(refused.value)


def test_an_empty_database_says_what_to_run(db, state_of, settings):
    with pytest.raises(NoIndicators, match="load_sectors"):
        state_of("")
    make_indicator("people")
    with pytest.raises(NoRegency, match="load_boundaries"):
        state_of("")
    settings.REGENCY_CODE = "99.01"
    with pytest.raises(NoRegency, match=r"99\.01"):
        state_of("")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("", "i=size"),
        ("i=people&t=2024&a=99.01&l=district&k=quantile", "i=people"),
        ("i=people&t=2023", "i=people&t=2023"),
        ("i=people&a=99.01.01&l=village", "i=people&a=99.01.01"),
        ("i=people&a=99.01.01&l=district", "i=people&a=99.01.01&l=district"),
        ("i=people&l=village&k=equal", "i=people&l=village&k=equal"),
        ("i=people&a=99.01.01.2001&per=2026-11-22", "i=people&a=99.01.01.2001&per=2026-11-22"),
    ],
)
def test_an_address_keeps_the_state_and_leaves_defaults_out(measured, state_of, address, kept):
    state = state_of(address)
    assert state.address() == f"/peta/?{kept}"
    assert state_of(kept) == state


def test_a_step_down_leaves_the_level_behind(measured, state_of):
    state = state_of("i=people&t=2023&l=village&k=equal")
    assert state.address_of("99.01.02") == "/peta/?i=people&t=2023&k=equal&a=99.01.02"
    assert state_of("i=people&a=99.01.02").level == "village"


def test_another_indicator_comes_in_its_own_period_and_classes(measured, state_of):
    state = state_of("i=people&t=2023&a=99.01.02&l=district&k=equal")
    assert state.address_with_indicator(measured.size) == "/peta/?i=size&a=99.01.02&l=district"


def test_a_pinned_day_ends_at_midnight_of_the_regency(measured, state_of):
    moment = state_of("per=2026-11-22").moment
    assert moment.utcoffset() == datetime.timedelta(hours=7)
    assert moment.isoformat().startswith("2026-11-22T23:59:59.999999")


def test_a_pinned_day_knows_only_the_periods_of_then(measured, state_of):
    later = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    with history_forgotten():
        Observation.objects.filter(period="2024").update(recorded_at=later)
    assert state_of("i=people&per=2024-06-01").periods == ["2023"]
    assert state_of("i=people").periods == ["2023", "2024"]


def test_an_area_of_another_regency_is_shown_within_its_own(measured, state_of):
    other = Area.objects.create(
        code="98.01", level="regency", kind="kota", name="Lain", valid_from="2002-04-10"
    )
    district = Area.objects.create(
        code="98.01.01",
        level="district",
        kind="kecamatan",
        name="Jauh",
        parent=other,
        valid_from="2002-04-10",
    )
    state = state_of(f"a={district.code}&l=district")
    assert state.scope == state.regency == other
