"""What the web draws of Kabupaten Kotak."""

import hashlib
import json
import re

import pytest
import shapely

from geo.areas.batch.outlines import refresh_outlines
from geo.areas.models import Outline
from tests.lib.test_topology import decode


@pytest.fixture
def outlines(kotak):
    refresh_outlines(kotak.regency)
    return {(o.parent.code, o.level): o for o in Outline.objects.select_related("parent")}


def test_there_is_one_for_every_parent_and_level(outlines):
    assert set(outlines) == {
        ("99.01", "district"),
        ("99.01", "village"),
        *((f"99.01.0{d}", "village") for d in (1, 2, 3, 4)),
    }
    # The kelurahan without boundary is not drawn.
    assert outlines["99.01.04", "village"].n_areas == 4
    assert outlines["99.01", "village"].n_areas == 16


def test_topojson_decodes_to_the_squares(outlines, kotak):
    decoded = decode(outlines["99.01", "village"].topojson)

    for village in kotak.villages[:16]:
        stored = shapely.from_wkb(bytes(village.boundary.wkb))
        # A grid of 10,000 steps over 4 km: half a metre.
        assert shapely.hausdorff_distance(decoded[village.code], stored) < 1e-5


def test_pictures_hold_a_square_and_a_point_for_every_village(outlines):
    picture = outlines["99.01", "village"].picture

    assert picture["width"] == 1000
    assert picture["paths"]["99.01.03.2003"].count("z") == 1
    assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", picture["paths"]["99.01.01.2001"])
    # The south-western village lies below and left of the north-eastern one.
    (x1, y1), (x2, y2) = (picture["points"][c] for c in ("99.01.01.2001", "99.01.04.2004"))
    assert (x1, y1) == pytest.approx((125, 875), abs=10)
    assert (x2, y2) == pytest.approx((875, 125), abs=10)


def test_every_picture_has_the_outer_border_and_that_of_the_level_above(outlines):
    def drawn_length(key):
        steps = re.findall(r"l([^M]+)", outlines[key].picture["lines"])
        numbers = [abs(int(n)) for step in steps for n in re.findall(r"-?\d+", step)]
        return sum(numbers)

    # Sheets are 1000 wide and high: the outer square is 4000 long, the cross
    # that parts the four districts adds 2000.
    assert drawn_length(("99.01.01", "village")) == pytest.approx(4000, rel=0.02)
    assert drawn_length(("99.01", "district")) == pytest.approx(4000, rel=0.02)
    assert drawn_length(("99.01", "village")) == pytest.approx(6000, rel=0.02)


def test_the_hash_is_that_of_the_topojson(outlines):
    for outline in outlines.values():
        digest = hashlib.sha256(outline.topojson.encode()).hexdigest()
        assert outline.content_hash == digest[:16]
        assert json.loads(outline.topojson)["type"] == "Topology"


def test_refreshing_again_changes_nothing(outlines, kotak):
    before = list(Outline.objects.values().order_by("pk"))

    assert refresh_outlines(kotak.regency) == 0
    assert list(Outline.objects.values().order_by("pk")) == before


def test_only_outlines_of_a_changed_district_are_written(outlines, kotak):
    source = kotak.villages[0].boundary_source
    source.is_estimate = True
    source.save()

    # The same source stands behind all of them: six pictures say so now.
    assert refresh_outlines(kotak.regency) == 6
    assert Outline.objects.first().picture["estimate"] is True


def test_an_outline_goes_with_the_last_boundary(outlines, kotak):
    for village in kotak.villages[:4]:
        village.boundary = village.boundary_status = village.interior_point = None
        village.boundary_source = None
        village.save()

    refresh_outlines(kotak.regency)

    assert not Outline.objects.filter(parent=kotak.districts[0]).exists()
