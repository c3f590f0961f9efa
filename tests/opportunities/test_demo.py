"""Demonstration opportunities: believable, marked, and gone when real ones come."""

import tomllib

import pytest
from django.conf import settings as site

from geo.lib.kbli import read_classification
from geo.opportunities.batch.demo import FILE, load_demo, remove_demo
from geo.opportunities.models import Business, LandStatus, Opportunity, Stage, Zoning
from tests.opportunities.world import publish

pytestmark = pytest.mark.django_db
WRITTEN = tomllib.loads((site.DATA_DIR / "demo" / FILE).read_text(encoding="utf-8"))


@pytest.fixture
def moved(world, settings, tmp_path):
    """The demonstration's file with the first village of Kabupaten Kotak in every row."""
    text = (settings.DATA_DIR / "demo" / FILE).read_text(encoding="utf-8")
    for row in WRITTEN["opportunities"]:
        text = text.replace(f'area = "{row["area"]}"', 'area = "99.01.01.2001"')
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / FILE).write_text(text, encoding="utf-8")
    demo = (settings.DATA_DIR / "demo" / "demo.toml").read_text(encoding="utf-8")
    (tmp_path / "demo" / "demo.toml").write_text(demo, encoding="utf-8")
    settings.DATA_DIR = tmp_path


@pytest.mark.parametrize("row", WRITTEN["opportunities"], ids=lambda row: row["kbli"])
def test_every_row_is_one_that_would_be_taken(row):
    assert row["kbli"] in read_classification().codes
    assert row["business"] in Business.values
    assert row["stage"] in Stage.values
    assert row["land"]["status"] in LandStatus.values
    zoning = row.get("zoning")
    assert zoning is None or (zoning["is"] in Zoning.values and zoning["source"] and zoning["on"])


def test_they_are_loaded_once_and_marked(moved):
    n = len(WRITTEN["opportunities"])
    assert load_demo(seed=1).new == n
    again = load_demo(seed=2)
    assert (again.new, again.changed, again.unchanged) == (0, 0, n)
    assert all(row.source.is_demo for row in Opportunity.objects.as_of())
    assert remove_demo() == n
    assert not Opportunity.objects.exists()


def test_they_stay_away_from_real_ones(moved, world):
    publish(world.villages[0])
    assert load_demo(seed=1).new == 0
    assert Opportunity.objects.as_of().count() == 1


def test_a_regency_without_their_villages_has_none(world):
    assert load_demo(seed=1).new == 0
