import json

from geo.lib.grids import (
    NO_DATA,
    Change,
    Column,
    Grid,
    GridRow,
    changed_cells,
    content_hash,
    grid_from_json,
)

COLUMNS = [Column("opening", "Awal", locked=True), Column("births", "Lahir"), Column("name", "N")]


def grid(**cells):
    return Grid(["births"], [GridRow(7, "01", "Desa Satu", cells)])


def test_a_grid_survives_being_stored():
    full = Grid(["births"], [GridRow(7, "01", "Satu", {"births": 3.5}, {"type": "Point"})])
    assert grid_from_json(json.loads(json.dumps(full.as_json()))) == full


def test_only_what_says_something_else_is_a_change():
    before = {"01": {"births": 3, "opening": 10}}
    assert changed_cells(grid(births=3), before, COLUMNS) == []
    assert changed_cells(grid(births=None), before, COLUMNS) == [], "empty says nothing"
    assert changed_cells(grid(opening=11), before, COLUMNS) == [], "locked cells are not theirs"
    assert changed_cells(grid(births=0), before, COLUMNS) == [
        Change("01", "Desa Satu", "births", 3, 0)
    ]
    assert changed_cells(grid(births=NO_DATA), before, COLUMNS)[0].new == NO_DATA


def test_a_difference_is_known_only_between_numbers():
    assert Change("01", "", "births", 3, 0).difference == -3
    assert Change("01", "", "births", None, 5).difference is None
    assert Change("01", "", "births", 5, NO_DATA).difference is None
    assert Change("01", "", "births", True, False).difference is None


def test_the_hash_tells_contents_and_reasons_apart():
    same = content_hash(grid(births=3), {})
    assert content_hash(grid(births=3), {}) == same
    assert content_hash(grid(births=4), {}) != same
    assert content_hash(grid(births=3), {"7:births:near": "flood"}) != same
