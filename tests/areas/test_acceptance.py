"""The real boundaries of Banyuasin, as their publisher ships them."""

import json

import brotli
import numpy as np
import pytest
import shapely
from django.conf import settings

from geo.areas.batch.load import load_boundaries
from geo.areas.models import Area, AreaAlias, AreaChange, BoundarySource, Outline
from geo.lib.coverage import geodesic_area_km2
from tests.areas.files import MIRROR, needs_mirror
from tests.lib.test_topology import decode

pytestmark = [needs_mirror, pytest.mark.acceptance]


@pytest.fixture(scope="module")
def report(django_db_setup, django_db_blocker):
    """Banyuasin, loaded once for the module and taken away afterwards."""
    with django_db_blocker.unblock():
        report = load_boundaries(str(MIRROR), regency_code="16.07")
        yield report
        Outline.objects.all().delete()
        AreaChange.objects.all().delete()
        AreaAlias.objects.all().delete()
        for level in ("village", "district", "regency"):
            Area.objects.filter(level=level).delete()
        BoundarySource.objects.all().delete()


@pytest.fixture
def banyuasin(report, db):
    return report


def shapes(level: str, **conditions) -> list[shapely.Geometry]:
    areas = Area.objects.current().at_level(level).with_boundary().filter(**conditions)
    return [shapely.from_wkb(bytes(area.boundary.wkb)) for area in areas]


def test_one_regency_21_districts_313_villages_of_which_305_have_a_boundary(banyuasin):
    assert banyuasin.n_by_level == {"regency": 1, "district": 21, "village": 313}
    assert Area.objects.current().at_level("village").with_boundary().count() == 305
    assert banyuasin.without_boundary == [
        "16.07.05.1022",
        *(f"16.07.10.{n}" for n in (1024, 1025, 1026, 1027, 1028, 1029, 1030)),
    ]


def test_the_total_is_12262_square_kilometres(banyuasin):
    areas = Area.objects.current()
    by_level = {
        level: sum(a.area_km2 for a in areas.at_level(level) if a.area_km2)
        for level in ("village", "district", "regency")
    }
    assert by_level == {level: pytest.approx(12_262, abs=1) for level in by_level}


def test_levels_nest(banyuasin):
    regency = shapes("regency")[0]
    assert (
        shapely.union_all(shapes("village")).symmetric_difference(regency).area
        < 1e-4 * regency.area
    )
    for district in Area.objects.current().at_level("district"):
        union = shapely.union_all(shapes("village", parent=district))
        own = shapely.from_wkb(bytes(district.boundary.wkb))
        assert union.symmetric_difference(own).area < 1e-4 * own.area, district.code
        assert sum(map(geodesic_area_km2, shapes("village", parent=district))) == pytest.approx(
            district.area_km2, rel=1e-4
        )


def test_what_is_stored_is_a_coverage_without_holes_from_slivers(banyuasin):
    assert shapely.coverage_is_valid(shapes("village"))
    assert shapely.coverage_is_valid(shapes("district"))
    assert sum(len(part.interiors) for part in shapely.get_parts(shapes("regency")[0])) == 0
    assert banyuasin.cleaning.n_gaps_closed > 300
    assert banyuasin.cleaning.gaps_closed_ha == pytest.approx(64, abs=2)
    assert banyuasin.cleaning.max_change_ha < 5


def test_every_interior_point_is_inside(banyuasin):
    areas = Area.objects.current().with_boundary()
    assert [a.code for a in areas if not a.boundary.contains(a.interior_point)] == []


def test_loading_twice_changes_nothing(banyuasin):
    def state():
        return (
            list(Area.objects.values_list("pk", "code", "boundary").order_by("pk")),
            list(Outline.objects.values_list("pk", "content_hash", "loaded_at").order_by("pk")),
            list(BoundarySource.objects.values().order_by("pk")),
        )

    before = state()
    report = load_boundaries(str(MIRROR), regency_code="16.07")

    assert state() == before
    assert (report.n_changed, report.n_outlines_changed) == (0, 0)


def test_the_source_is_the_pinned_edition(banyuasin):
    source = BoundarySource.objects.get()
    assert source.version == "3c5a7960f4d227a38489094d84252bdbb3f978a5"
    assert source.licence == "MIT"
    assert banyuasin.edition.notes == ()


def test_outlines_of_every_scope_are_light_and_complete(banyuasin):
    outlines = Outline.objects.select_related("parent")
    assert outlines.count() == 2 + 21
    whole = outlines.get(parent__code="16.07", level="village")
    assert whole.n_areas == 305
    assert len(brotli.compress(whole.topojson.encode())) <= 25_000
    assert len(brotli.compress(json.dumps(whole.picture["paths"]).encode())) <= 16_000
    assert sum(o.n_areas for o in outlines if o.parent.level == "district") == 305
    assert all(len(o.picture["paths"]) == o.n_areas for o in outlines)
    assert whole.picture["lines"] != ""
    assert whole.picture["estimate"] is False


def on_grid(outline, decoded):
    """Shapes in the whole numbers they were written in; in degrees every sum is rounded."""
    west, south, east, north = json.loads(outline.topojson)["bbox"]
    step = np.array([east - west, north - south]) / 9999

    def back(points):
        return np.rint((points - (west, south)) / step)

    return [shapely.transform(shape, back) for shape in decoded.values()]


def test_what_is_published_is_a_coverage_near_the_boundaries(banyuasin):
    for outline in Outline.objects.select_related("parent"):
        decoded = decode(outline.topojson)
        assert shapely.coverage_is_valid(on_grid(outline, decoded)), outline
        stored = {a.code: a for a in Area.objects.current().filter(code__in=decoded)}
        for code, shape in decoded.items():
            error = abs(geodesic_area_km2(shape) / stored[code].area_km2 - 1)
            assert error < 0.06, (outline, code)


def test_the_embedded_default_is_an_estimate_of_the_same_villages(banyuasin):
    path = settings.DATA_DIR / "boundaries" / "indicative" / "16.07.geojson"
    if not path.is_file():
        pytest.skip("no embedded default yet")
    report = load_boundaries("indicative", regency_code="16.07", dry_run=True)

    assert report.edition.declaration.is_estimate is True
    assert len(report.without_boundary) == 8
    assert report.cleaning.n_gaps_closed == 0
