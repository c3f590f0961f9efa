"""The real regency through the interface: 313 villages, 305 of them with a boundary."""

import pytest
from django.conf import settings

from geo.areas.batch.load import load_boundaries
from geo.areas.services import load_register
from tests.indicators.world import make_indicator, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]

MIRROR = settings.BASE_DIR.parent / "shared" / "data" / "mirror" / "wilayah_boundaries"


def test_the_register_has_313_villages(ask):
    load_register(regency_code="16.07")
    content = ask("/areas", level="village", parent="16.07")[1]
    assert content["count"] == len(content["items"]) == 313
    assert ask("/areas", level="district", parent="16.07")[1]["count"] == 21
    assert ask("/areas/16.07")[1]["name"] == "Banyuasin"
    new = [item for item in content["items"] if item["bps_code"] is None]
    assert len(new) == 8
    assert {item["boundary_status"] for item in content["items"]} == {None}


@pytest.mark.skipif(not MIRROR.exists(), reason=f"real boundaries are not at {MIRROR}")
def test_305_villages_are_drawn_and_all_are_counted(ask):
    load_boundaries(str(MIRROR), regency_code="16.07")
    features = ask("/areas.geojson", level="village", parent="16.07")[1]["features"]
    assert len(features) == 313
    drawn = [feature for feature in features if feature["geometry"]]
    assert len(drawn) == 305
    assert sum(f["properties"]["area_km2"] for f in drawn) == pytest.approx(12_262, abs=1)
    homes = make_indicator("homes", unit="household")
    report_of_every_drawn_village(homes, [feature["id"] for feature in drawn])
    content = ask("/values", indicator="homes", period="2021", level="village", parent="16.07")[1]
    assert content["coverage"] == {"reported": 305, "expected": 313}
    assert content["values"].count(None) == content["statuses"].count("missing") == 8
    assert len(ask("/values.geojson", indicator="homes")[1]["features"]) == 313


def report_of_every_drawn_village(indicator, codes):
    from geo.areas.models import Area
    from geo.indicators.models import Observation

    source = make_source()
    Observation.objects.bulk_create(
        Observation(
            area=area,
            indicator=indicator,
            period="2021",
            value=100,
            status="verified",
            source=source,
        )
        for area in Area.objects.current().filter(code__in=codes)
    )
