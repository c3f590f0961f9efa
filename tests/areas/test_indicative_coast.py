"""Land and sea: which side of a shore is land, and what is refused."""

import pytest
import shapely

from geo.areas.batch.indicative_coast import Region, UnusableCoast, read_land

REGION = Region(104, -3, 106, -1)
ISLAND = "> Shore Bin # 1, Level 1\n105 -2\n105.5 -2\n105.5 -1.5\n105 -1.5\n105 -2\n"


def land_of(dump, tmp_path):
    (tmp_path / "dump.txt").write_text(dump)
    return read_land(REGION, tmp_path / "dump.txt")[0]


def test_land_lies_to_the_left_of_the_shore(tmp_path):
    assert land_of(ISLAND, tmp_path).equals(shapely.box(105, -2, 105.5, -1.5))
    reverse = "> Level 1\n" + "\n".join(ISLAND.splitlines()[:0:-1])
    assert land_of(reverse, tmp_path).area == pytest.approx(4 - 0.25)


def test_a_shore_across_the_region_parts_it(tmp_path):
    assert land_of(">\n104 -2.5\n106 -2.5\n", tmp_path).equals(shapely.box(104, -2.5, 106, -1))


def test_lakes_count_as_land_and_a_region_without_shore_is_land(tmp_path):
    assert land_of(ISLAND.replace("Level 1", "Level 2"), tmp_path).equals(REGION.box)


def test_a_shore_with_a_loose_end_is_refused(tmp_path):
    with pytest.raises(UnusableCoast) as refusal:
        land_of(">\n104 -2.5\n105 -2.5\n", tmp_path)
    assert "1 areas are both" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("pantai yang indah\nsekali ya\n", "neither GeoJSON nor a dump"),
        ('{"type": "Nonsense"}', "is not a GeoJSON"),
        (shapely.to_geojson(shapely.box(0, 0, 1, 1)), "has no land between 104 and 106"),
    ],
)
def test_files_that_are_no_coast_are_refused(text, sentence, tmp_path):
    (tmp_path / "coast").write_text(text)
    with pytest.raises(UnusableCoast) as refusal:
        read_land(REGION, tmp_path / "coast")
    assert sentence in str(refusal.value)


def test_without_gmt_the_debian_packages_are_named(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(UnusableCoast) as refusal:
        read_land(REGION)
    assert "apt-get install gmt gmt-gshhg-full" in str(refusal.value)
