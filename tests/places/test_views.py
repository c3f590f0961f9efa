import pytest

from geo.places.models import Place
from geo.places.services import NewPlace
from tests.places.world import make_source, publish, school


@pytest.fixture
def places(kotak):
    a, b = kotak.villages[0], kotak.villages[15]
    publish(
        kotak,
        [
            school(a, "90000001", name="SD Sungai Rebo", status="negeri", pupils=1234),
            school(b, "90000002", name="SD <b>Baru</b>", at=None),
        ],
    )
    publish(kotak, [NewPlace("Pos Melati", a.pk, None, None, "village_only")], kind="post")
    return {place.name: place for place in Place.objects.all()}


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_counts_by_kind_and_filters(client, places):
    shown = page(client, "/en/tempat/")
    assert "3 places found" in shown
    assert "Schools (2)" in shown
    assert "Posts (1)" in shown
    shown = page(client, "/en/tempat/?jenis=school&a=99.01.04")
    assert "1 place found" in shown
    assert "SD Sungai Rebo" not in shown
    assert "<b>Baru" not in shown
    assert "&lt;b&gt;Baru" in shown
    assert "SD Sungai Rebo" in page(client, "/en/tempat/?q=sd+sg+rebo")
    assert "SD Sungai Rebo" in page(client, "/en/tempat/?q=90000001")
    assert "No place answers" in page(client, "/en/tempat/?q=nowhere")


def test_unknown_kinds_areas_and_numbers_are_said(client, places):
    for address in (
        "/tempat/?jenis=x",
        "/tempat/?a=1",
        "/tempat/0/",
        "/tempat/99999999999999999999/",
    ):
        assert client.get(address).status_code == 404
    assert client.post("/tempat/").status_code == 405


def test_the_page_and_card_of_a_place(client, places):
    number = places["SD Sungai Rebo"].pk
    shown = page(client, f"/en/tempat/{number}/")
    for part in ("NPSN", "90000001", "Public", "1,234", "exact position", "Ubin 11", "Daftar uji"):
        assert part in shown
    card = page(client, f"/en/tempat/{number}/kartu/")
    assert "<html" not in card
    assert f"/en/tempat/{number}/" in card
    assert "SAMPLE DATA" not in card


def test_demonstration_is_marked(client, kotak):
    publish(kotak, [school(kotak.villages[0], "90000001")], source=make_source(is_demo=True))
    place = Place.objects.get()
    for address in ("/en/tempat/", f"/en/tempat/{place.pk}/", f"/en/tempat/{place.pk}/kartu/"):
        assert "SAMPLE DATA" in page(client, address)


def test_the_profile_of_a_village_lists_the_nearest(client, places, kotak):
    shown = page(client, "/en/wilayah/99.01.01.2002/")
    assert "Nearest facilities" in shown
    assert "1.0\N{NO-BREAK SPACE}km" in shown
    assert "Nearest facilities" not in page(client, "/en/wilayah/99.01.01/")
    assert "in this village" in page(client, "/en/wilayah/99.01.01.2001/")


def test_the_interface_for_machines(client, places):
    answer = client.get("/api/v1/places?kind=school")
    read = answer.json()
    assert read["count"] == 2
    first = read["items"][0]
    assert first["identifier"] == "90000001"
    assert first["identifier_type"] == "npsn"
    assert first["attributes"] == {"status": "negeri", "pupils": 1234}
    assert first["is_demo"] is False
    assert [item["lon"] is None for item in read["items"]] == [False, True]
    again = client.get("/api/v1/places?kind=school", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/api/v1/places?area=99.01.04").json()["count"] == 1
    assert client.get("/api/v1/places?kind=x").status_code == 404
    drawn = client.get("/api/v1/places.geojson?area=99.01.01.2001").json()
    assert [f["geometry"] and f["geometry"]["type"] for f in drawn["features"]] == ["Point", None]
    west, south = drawn["features"][0]["geometry"]["coordinates"]
    assert (round(west), round(south)) == (105, -3)


def test_an_answer_changes_with_the_places(client, places, kotak):
    etag = client.get("/api/v1/places")["ETag"]
    publish(kotak, [school(kotak.villages[0], "90000001", name="SD Lain")])
    assert client.get("/api/v1/places")["ETag"] != etag
