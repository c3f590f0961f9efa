"""Which indicators matter to investors is said in their sector file, or nowhere."""

import pytest

from geo.indicators.models import Indicator
from geo.indicators.services import load_sectors
from tests.indicators.test_sectors import PEOPLE, faults, write


def test_an_indicator_says_what_investors_look_for(db, tmp_path):
    declared = 'investor = { direction = "lower", hint = { id = "Sebab.", en = "Because." } }\n'
    load_sectors(folder=write(tmp_path, PEOPLE + declared))
    people = Indicator.objects.get(code="people")
    assert people.investor == {"direction": "lower", "hint": {"id": "Sebab.", "en": "Because."}}


def test_without_it_an_indicator_is_no_criterion(db, tmp_path):
    load_sectors(folder=write(tmp_path, PEOPLE))
    assert Indicator.objects.get(code="people").investor == {}


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('investor = { direction = "up" }', "investor.direction"),
        ("investor = {}", "investor.direction"),
        ('investor = { direction = "lower", hint = "x" }', "investor.hint"),
        ('investor = { direction = "lower", weight = 3 }', "investor.weight"),
        ('investor = "lower"', "investor"),
    ],
)
def test_each_fault_is_told(db, tmp_path, line, key):
    assert f"people.{key}" in faults(write(tmp_path, f"{PEOPLE}{line}\n"))
