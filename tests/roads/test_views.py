import json

import pytest

from geo.roads import queries
from geo.roads.batch.publish import publish_roads
from tests.roads.world import REGENCY, make_road, make_survey


@pytest.fixture
def roads(roads_kotak):
    make_survey(make_road("001", name="Poros Satu"), 2022, conditions=(2000, 0, 0, 0))
    make_survey(queries.find_road("001"), 2024, conditions=(200, 400, 500, 900))
    make_road(
        "N1",
        ((0, 700), (1000, 700)),
        authority="nasional",
        length_m=1000,
        line_length_m=1000,
        name="Lintas <Timur>",
    )
    make_road("K9", None, name="Tanpa Garis")
    publish_roads(REGENCY)
    return roads_kotak


def page(client, address, status=200):
    response = client.get(f"/en{address}")
    assert response.status_code == status
    return response.content.decode()


def test_the_list_and_its_filters(client, roads):
    text = page(client, "/jalan/")
    assert "3 of 3 roads" in text
    assert "Lintas &lt;Timur&gt;" in text and "<Timur>" not in text
    assert text.index(">N1<") < text.index(">001<")  # national roads first
    assert "30.0%" in text
    assert "1 of 3 roads" in page(client, "/jalan/?kewenangan=nasional")
    assert "1 of 3 roads" in page(client, "/jalan/?kondisi=heavy_damage")
    assert "2 of 3 roads" in page(client, "/jalan/?kondisi=unsurveyed")
    assert "1 of 3 roads" in page(client, "/jalan/?cari=poros")
    assert "No road answers to this" in page(client, "/jalan/?cari=zzz")
    assert "3 of 3 roads" in page(client, "/jalan/?kewenangan=camat&hal=99")


def test_totals_by_authority(roads):
    totals = {total.authority: total for total in queries.totals_of(queries.read_rows())}
    assert [*totals] == ["nasional", "kabupaten", ""]
    assert totals["nasional"].steadiness_percent is None
    assert totals["kabupaten"].steadiness_percent == pytest.approx(30)
    assert (totals["kabupaten"].n_roads, totals["kabupaten"].n_without_line) == (2, 1)
    assert (totals[""].length_m, totals[""].unsurveyed_m) == (5000, 3000)


def test_one_road(client, roads):
    text = page(client, "/jalan/001/")
    assert "Poros Satu" in text and "2024" in text and "2022" in text
    assert "Desa Ubin 11" in text and "Desa Ubin 12" in text and "1.00 km" in text
    assert "30.0" in text
    assert "has not been surveyed" in page(client, "/jalan/N1/")
    assert "no line yet" in page(client, "/jalan/K9/")
    assert "There is no road with number" in page(client, "/jalan/xx/", 404)


def test_the_card_of_the_map_is_a_fragment(client, roads):
    text = page(client, "/jalan/001/kartu/")
    assert "<html" not in text and 'href="/en/jalan/001/"' in text
    assert "30.0% steady (good or fair), survey of 2024" in text
    assert "has not been surveyed" in page(client, "/jalan/N1/kartu/")


def test_the_layer_stands_under_an_address_that_never_changes(client, roads):
    address = queries.layer_address()
    response = client.get(address)
    assert "immutable" in response["Cache-Control"] and "31536000" in response["Cache-Control"]
    layer = json.loads(response.content)
    found = {each["id"]: each for each in layer["objects"]["roads"]["geometries"]}
    assert [*found] == ["001", "N1"]  # without a line there is nothing to draw
    assert found["001"]["properties"] == {
        "name": "Poros Satu",
        "authority": "kabupaten",
        "condition": "heavy_damage",
        "year": 2024,
    }
    assert found["N1"]["properties"]["condition"] is None
    assert first_point(layer, found["001"]) == pytest.approx((104.730, -2.528), abs=0.003)
    gone = client.get(address.replace(".", ".0", 2).replace("99.001", "99.01"))
    assert gone.status_code == 404
    make_survey(queries.find_road("N1"), conditions=(1000, 0, 0, 0))
    publish_roads(REGENCY)
    assert queries.layer_address() != address
    assert client.get(address).status_code == 404


def first_point(layer, geometry):
    (x, y), scale, corner = (
        layer["arcs"][geometry["arcs"][0]][0],
        layer["transform"]["scale"],
        layer["transform"]["translate"],
    )
    return corner[0] + x * scale[0], corner[1] + y * scale[1]


def test_without_roads_the_page_says_so(client, roads_kotak):
    assert "No roads have been loaded yet" in page(client, "/jalan/")
    assert queries.layer_address() is None


def test_pages_ask_the_same_number_of_questions_for_many_roads(
    client, roads, django_assert_max_num_queries
):
    for number in range(30):
        make_survey(make_road(f"R{number}"))
    publish_roads(REGENCY)
    with django_assert_max_num_queries(5):
        page(client, "/jalan/")
    with django_assert_max_num_queries(9):
        page(client, "/jalan/001/")
    with django_assert_max_num_queries(3):
        page(client, "/jalan/001/kartu/")


def test_machines_read_the_same_roads(client, roads):
    listed = client.get("/api/v1/roads").json()
    assert listed["count"] == 3
    by_number = {item["number"]: item for item in listed["items"]}
    assert by_number["001"]["steadiness_percent"] == 30
    assert (by_number["001"]["survey_year"], by_number["001"]["length_m"]) == (2024, 2000)
    assert by_number["N1"]["steadiness_percent"] is None
    drawn = client.get("/api/v1/roads.geojson?authority=kabupaten").json()["features"]
    assert [feature["id"] for feature in drawn] == ["001", "K9"]
    assert drawn[0]["geometry"]["type"] == "MultiLineString"
    assert drawn[1]["geometry"] is None
    assert client.get("/api/v1/roads?authority=camat").status_code == 400
    first = client.get("/api/v1/roads")
    assert client.get("/api/v1/roads", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    make_survey(queries.find_road("N1"), conditions=(1000, 0, 0, 0))
    assert client.get("/api/v1/roads", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200
