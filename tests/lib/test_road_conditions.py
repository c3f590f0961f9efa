import datetime
from pathlib import Path

import pytest

from geo.lib.road_conditions import NoBands, bands_on, condition_of, read_bands

FILE = Path(__file__).resolve().parents[2] / "data/roads/condition_bands.toml"
DAY = datetime.date(2024, 12, 31)


@pytest.mark.parametrize(
    ("measure", "value", "condition"),
    [
        ("iri", 0, "good"),
        ("iri", 3.999, "good"),
        ("iri", 4, "fair"),
        ("iri", 8, "light_damage"),
        ("iri", 11.999, "light_damage"),
        ("iri", 12, "heavy_damage"),
        ("iri", 400, "heavy_damage"),
        ("sdi", 49.9, "good"),
        ("sdi", 50, "fair"),
        ("sdi", 100, "light_damage"),
        ("sdi", 149.99, "light_damage"),
        ("sdi", 150, "heavy_damage"),
    ],
)
def test_an_edge_belongs_to_the_worse_class(measure, value, condition):
    assert condition_of(value, bands_on(read_bands(FILE), measure, DAY)) == condition


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_what_is_no_index(value):
    with pytest.raises(ValueError, match="index"):
        condition_of(value, read_bands(FILE)[0])


def test_bands_have_dates(tmp_path):
    path = tmp_path / "b.toml"
    band = "[[iri]]\nvalid_from = {}\ngood=[0,{a}]\nfair=[{a},8]\n"
    band += "light_damage=[8,12]\nheavy_damage=[12]\n"
    path.write_text(band.format("2011-01-01", a=4) + band.format("2026-01-01", a=3))
    bands = read_bands(path)
    assert condition_of(3.5, bands_on(bands, "iri", datetime.date(2025, 12, 31))) == "good"
    assert condition_of(3.5, bands_on(bands, "iri", datetime.date(2026, 1, 1))) == "fair"
    with pytest.raises(NoBands):
        bands_on(bands, "iri", datetime.date(2010, 1, 1))


def test_bands_with_a_gap_are_refused(tmp_path):
    path = tmp_path / "b.toml"
    path.write_text(
        "[[iri]]\nvalid_from=2011-01-01\ngood=[0,4]\nfair=[5,8]\nlight_damage=[8,12]\n"
        "heavy_damage=[12]\n"
    )
    with pytest.raises(ValueError, match="follow on one another"):
        read_bands(path)
