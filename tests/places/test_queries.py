import json

import pytest
from django.contrib.gis.geos import Point

from geo.places.models import Place
from geo.places.queries import layers, nearest_places
from geo.places.services import NewPlace
from tests.places.world import inside, publish, school


@pytest.fixture
def schools(kotak):
    """Three schools: in the middle of 01.2001, of 01.2002 (1 km east), and of 04.2004 (far)."""
    villages = [kotak.villages[0], kotak.villages[1], kotak.villages[15]]
    publish(
        kotak,
        [
            school(village, f"9000000{number}", name=f"SD {number}")
            for number, village in enumerate(villages, start=1)
        ],
    )
    return villages


def test_the_nearest_with_metres_on_the_ellipsoid(kotak, schools):
    a = schools[0]
    found = nearest_places(Point(*inside(a), srid=4326), kinds=["school"], limit=2)
    assert [near.place.name for near in found] == ["SD 1", "SD 2"]
    assert found[0].distance_m == pytest.approx(0, abs=0.5)
    # 1 km on the UTM grid, whose scale here is 0.9996.
    assert found[1].distance_m == pytest.approx(1000.4, abs=0.5)
    assert not found[0].is_inside


def test_the_nearest_of_an_area_says_what_is_inside(kotak, schools, django_assert_num_queries):
    a = schools[0]
    with django_assert_num_queries(1):
        found = nearest_places(a)
    assert [(near.place.name, near.is_inside) for near in found] == [("SD 1", True)]
    empty = kotak.villages[2]
    (near,) = nearest_places(empty)
    assert (near.place.name, near.is_inside) == ("SD 1", False)


def test_what_a_village_has_without_position_comes_before_what_is_far(kotak, schools):
    empty = kotak.villages[12]
    publish(
        kotak,
        [school(empty, "90000009", name="SD 9", at=None)],
        is_complete=False,
    )
    (near,) = nearest_places(empty)
    assert (near.place.name, near.distance_m, near.is_inside) == ("SD 9", None, True)
    # Where the village also has one with a position, that one is shown.
    publish(kotak, [school(empty, "90000008", name="SD 8")], is_complete=False)
    assert [near.place.name for near in nearest_places(empty)] == ["SD 8"]


def test_a_village_without_boundary_has_no_distances(kotak, schools):
    unbounded = kotak.villages[16]
    assert unbounded.interior_point is None
    assert nearest_places(unbounded) == []


def test_closed_places_are_not_near_nor_listed_nor_drawn(kotak, schools, client):
    publish(kotak, [school(schools[0], "90000001", name="SD 1")])
    found = nearest_places(Point(*inside(schools[1]), srid=4326))
    assert [near.place.name for near in found] == ["SD 1"]
    assert "SD 2" not in client.get("/tempat/").content.decode()
    (layer,) = layers()
    assert (layer.n_places, layer.n_points) == (1, 1)


def test_the_layer_travels_as_differences_and_under_an_immutable_address(kotak, schools, client):
    publish(
        kotak,
        [
            school(schools[1], "90000002", name="SD 2", precision="approximate"),
            school(schools[0], "90000001", name="SD 1"),
            school(schools[2], "90000003", name="SD 3", at=None),
        ],
    )
    (layer,) = layers()
    assert (layer.code, layer.icon, layer.n_places, layer.n_points) == ("school", "school", 3, 2)
    answer = client.get(layer.address)
    assert "immutable" in answer["Cache-Control"]
    read = json.loads(answer.content)
    assert read["names"] == ["SD 1", "SD 2"]
    assert read["approximate"] == [1]
    first, second = read["lon"][0], read["lon"][0] + read["lon"][1]
    assert first / read["scale"] == pytest.approx(inside(schools[0])[0], abs=1e-5)
    assert second / read["scale"] == pytest.approx(inside(schools[1])[0], abs=1e-5)
    lats = [read["lat"][0], sum(read["lat"])]
    assert lats[1] / read["scale"] == pytest.approx(inside(schools[1])[1], abs=1e-5)
    ids = Place.objects.filter(point__isnull=False).order_by("name").values_list("pk", flat=True)
    assert read["ids"] == list(ids)
    assert client.get("/peta/tempat/school.0000.json").status_code == 404
    assert client.get("/peta/tempat/nothing.0000.json").status_code == 404


def test_layers_cost_one_query_and_leave_out_kinds_without_points(
    kotak, schools, django_assert_num_queries
):
    publish(kotak, [NewPlace("Pos", schools[0].pk, None, None, "village_only")], kind="post")
    with django_assert_num_queries(1):
        assert [layer.code for layer in layers()] == ["school"]
