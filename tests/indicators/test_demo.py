import tomllib

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db.models import Q

from geo.indicators import queries
from geo.indicators.batch.demo import NothingToShow, load_demo, remove_demo
from geo.indicators.models import Indicator, Observation
from geo.indicators.services import load_sectors
from tests.indicators.world import observe

SETTINGS = project.DATA_DIR / "demo" / "demo.toml"


@pytest.fixture
def sectors(kotak):
    load_sectors(folder=project.DATA_DIR / "sectors")
    return kotak


# Figures of one kind of area and year that never fail to come in.
EVERYTHING = 17 * 7 * 6


def invented():
    """Indicators that no other room makes, nor counts from its own rows, with their parts."""
    left = set(tomllib.loads(SETTINGS.read_text())["left_to_rooms"])
    computed = {"from_places", "from_travel", "from_opportunities"}
    left |= {one.code for one in Indicator.objects.all() if computed & one.checks.keys()}
    parts = Q(numerator__code__in=left) | Q(denominator__code__in=left)
    return Indicator.objects.exclude(Q(code__in=left) | parts)


def load(**more):
    return load_demo(settings_file=SETTINGS, regency_code="99.01", **more)


def standing():
    rows = Observation.objects.as_of().order_by("area__code", "indicator__code", "period")
    return list(rows.values_list("area__code", "indicator__code", "period", "value", "status"))


def test_every_area_and_indicator_and_the_same_again(sectors):
    report = load()
    assert report.new > 0.9 * EVERYTHING
    before = standing()
    again = load()
    assert (again.new, again.changed, again.unchanged) == (0, 0, report.new)
    assert standing() == before
    assert queries.has_demo()
    for indicator in invented():
        period = queries.latest_period(indicator)
        figures = queries.read_figures(
            indicator=indicator, period=period, level=indicator.level, parent=sectors.regency
        )
        assert figures.is_demo
        assert figures.edges or indicator.level == "regency"
        # Of the few villages of Kotak, those with figures may all be withheld.
        assert indicator.sensitive or any(value is not None for value in figures.values)


def test_removed_and_loaded_again_it_is_the_same(sectors):
    load()
    before = standing()
    assert remove_demo() == len(before)
    assert not queries.has_demo()
    assert not Observation.objects.exists()
    load()
    assert standing() == before


def test_figures_keep_to_their_range_and_to_each_other(sectors):
    load()
    for row in Observation.objects.filter(value__isnull=True):
        # Only kelurahan, which no village index assesses.
        assert (row.status, row.area.kind) == ("not_assessed", "kelurahan")
    for row in Observation.objects.filter(value__isnull=False).select_related("indicator"):
        assert row.indicator.valid_min <= row.value <= row.indicator.valid_max
        assert row.status in {"unverified", "estimated"}
    for figure in queries.read_figures(
        indicator=queries.find_indicator("persons_per_household"),
        period="2024",
        level="village",
        parent=sectors.regency,
    ).items:
        assert figure.value is None or 2.8 <= figure.value <= 4.3


def test_some_figures_did_not_come_in(sectors):
    load()
    households = Observation.objects.filter(indicator__code="households")
    assert 0.9 * 17 * 6 < households.count() < 17 * 6


def test_real_figures_are_left_alone_and_never_mixed(sectors):
    households = Indicator.objects.get(code="households")
    observe(households, "2021", {"01.2001": 123})
    report = load()
    assert report.left_to_real == [("households", "2021")]
    figures = queries.read_figures(
        indicator=households, period="2021", level="village", parent=sectors.regency
    )
    assert (figures.reported, figures.is_demo) == (1, False)
    remove_demo()
    assert standing() == [("99.01.01.2001", "households", "2021", 123, "verified")]


def test_a_trial_run_writes_nothing(sectors):
    assert load(dry_run=True).new
    assert not Observation.objects.exists()


def test_without_areas_it_says_what_to_do(sectors):
    with pytest.raises(NothingToShow, match="load_boundaries"):
        load_demo(settings_file=SETTINGS, regency_code="98.01")


def test_commands(sectors, settings, capsys):
    settings.REGENCY_CODE = "99.01"
    call_command("load_demo")
    call_command("check_data")
    call_command("load_demo", remove=True)
    assert not queries.has_demo()
