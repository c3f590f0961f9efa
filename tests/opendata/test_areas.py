"""Areas for machines, in Kabupaten Kotak, by hand."""

import json

import pytest

from geo.areas.models import Area
from tests.factories import make_area

pytestmark = pytest.mark.django_db

FIELDS = ["code", "name", "kind", "level", "parent", "bps_code", "boundary_status", "area_km2"]


def codes(answer):
    status, content = answer
    assert status == 200, content
    assert content["count"] == len(content["items"])
    return [item["code"] for item in content["items"]]


def test_villages_of_the_regency(kotak, ask):
    status, content = ask("/areas", level="village", parent="99.01")
    assert (status, content["count"]) == (200, 17)
    assert content["items"][0] == {
        "code": "99.01.01.2001",
        "name": "Ubin 11",
        "kind": "desa",
        "level": "village",
        "parent": "99.01.01",
        "bps_code": None,
        "boundary_status": "definitive",
        "area_km2": 1,
    }
    assert list(content["items"][0]) == FIELDS


def test_an_area_without_boundary_is_listed(kotak, ask):
    status, item = ask("/areas/99.01.04.1005")
    assert status == 200
    assert (item["name"], item["boundary_status"], item["area_km2"]) == ("Ubin Baru", None, None)
    assert list(item) == FIELDS


def test_any_ancestor_may_be_the_parent(kotak, ask):
    under_district = codes(ask("/areas", parent="99.01.04"))
    assert under_district == [f"99.01.04.{n}" for n in (1005, 2001, 2002, 2003, 2004)]
    assert codes(ask("/areas", parent="99.01.04", level="village")) == under_district
    assert codes(ask("/areas", parent="99.01.04", level="district")) == []
    assert codes(ask("/areas", parent="99.01.04.2001")) == []
    assert len(codes(ask("/areas", parent="99.01"))) == 4 + 17


def test_without_parent_the_regency_itself_too(kotak, ask):
    make_area("99.02", level="regency", kind="kota", name="Lain")
    assert len(codes(ask("/areas"))) == 1 + 4 + 17
    assert codes(ask("/areas", level="regency")) == ["99.01"]


def test_empty_parameters_are_absent(kotak, ask):
    assert len(codes(ask("/areas", level="", parent=""))) == 1 + 4 + 17


def test_former_areas_are_not_listed(kotak, ask):
    Area.objects.filter(code="99.01.01.2001").update(valid_to="2020-01-01")
    assert "99.01.01.2001" not in codes(ask("/areas"))
    assert ask("/areas/99.01.01.2001")[0] == 404


@pytest.mark.parametrize("path", ["/areas", "/areas.geojson"])
def test_unknown_parent_is_404_in_a_sentence(kotak, ask, path):
    status, content = ask(path, parent="99.07")
    assert status == 404
    assert "“99.07”" in content["detail"]
    assert "16.07.10.1003" in content["detail"]


def test_unknown_area_is_404_in_a_sentence(kotak, ask):
    assert ask("/areas/99.01.01.9999")[0] == 404
    assert "“99.01.01.9999”" in ask("/areas/99.01.01.9999")[1]["detail"]


def test_bad_level_is_400_and_names_what_is_allowed(kotak, ask):
    status, content = ask("/areas", level="desa")
    assert status == 400
    for word in ("desa", "level", "regency", "district", "village"):
        assert word in content["detail"]


@pytest.mark.parametrize("code", ["%00", "99.01%00", "'; DROP TABLE geo_area; --", "a" * 5000])
def test_hostile_codes_are_only_unknown(kotak, client, code):
    assert client.get(f"/api/v1/areas?parent={code}&level=village").status_code in {200, 404}
    assert client.get(f"/api/v1/areas/{code}").status_code in {200, 404}
    assert Area.objects.count() == 22


def test_geojson_by_hand(kotak, client):
    answer = client.get("/api/v1/areas.geojson", {"level": "village", "parent": "99.01.04"})
    assert answer["Content-Type"] == "application/geo+json"
    collection = answer.json()
    assert collection["type"] == "FeatureCollection"
    without, first, *_ = collection["features"]
    assert (without["id"], without["geometry"]) == ("99.01.04.1005", None)
    assert without["properties"]["boundary_status"] is None
    assert list(first["properties"]) == FIELDS
    assert first["geometry"]["type"] == "MultiPolygon"
    expected = Area.objects.get(code=first["id"]).boundary.coords[0][0]
    written = first["geometry"]["coordinates"][0][0]
    assert len(written) == len(expected) == 5
    for (lon, lat), (west, south) in zip(written, expected, strict=True):
        assert (lon, lat) == pytest.approx((west, south), abs=0.5e-5)
        assert 104 < lon < 105
        assert -3 < lat < -2


def test_geojson_has_five_decimals(kotak, client):
    text = client.get("/api/v1/areas.geojson").content.decode()
    json.loads(text, parse_float=lambda number: five_decimals(number))


def five_decimals(number: str) -> float:
    assert len(number.partition(".")[2]) <= 5, number
    return float(number)


def test_names_with_quotes_survive(kotak, ask):
    name = 'Ubin "Baru" \\ \u2028 <b>'
    Area.objects.filter(code="99.01.04.1005").update(name=name)
    assert ask("/areas/99.01.04.1005")[1]["name"] == name
    features = ask("/areas.geojson", parent="99.01.04")[1]["features"]
    assert features[0]["properties"]["name"] == name


def test_search_finds_by_name(kotak, ask):
    status, content = ask("/areas/search", q="ubin baru")
    assert status == 200
    assert content["count"] == len(content["items"])
    assert content["items"][0] == {
        "code": "99.01.04.1005",
        "name": "Ubin Baru",
        "kind": "kelurahan",
        "level": "village",
        "district": "Petak 4",
    }


def test_search_gives_ten_at_most_and_needs_a_text(kotak, ask):
    assert len(ask("/areas/search", q="ubin")[1]["items"]) == 10
    status, content = ask("/areas/search", q="")
    assert status == 400
    assert "“q”" in content["detail"]
    assert ask("/areas/search", q="x" * 101)[0] == 400


def test_few_queries(kotak, client, django_assert_num_queries, django_assert_max_num_queries):
    with django_assert_num_queries(2):  # version, areas
        client.get("/api/v1/areas", {"level": "village", "parent": "99.01"})
    with django_assert_num_queries(2):
        client.get("/api/v1/areas.geojson", {"level": "village", "parent": "99.01"})
    with django_assert_num_queries(2):
        client.get("/api/v1/areas/99.01")
    with django_assert_max_num_queries(3):
        client.get("/api/v1/areas/search", {"q": "ubin"})


def test_304_until_an_area_changes(kotak, client, django_assert_num_queries):
    address = "/api/v1/areas.geojson?level=village"
    etag = client.get(address)["ETag"]
    with django_assert_num_queries(1):
        answer = client.get(address, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    other = client.get("/api/v1/areas.geojson", headers={"If-None-Match": etag})
    assert other.status_code == 200
    Area.objects.filter(code="99.01.01.2001").update(name="Ubin Lain")
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_without_any_regency_the_operator_is_told(ask):
    status, content = ask("/areas")
    assert status == 503
    assert "load_boundaries" in content["detail"]
