import datetime

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from geo.indicators.models import Indicator, Observation
from geo.indicators.queries import read_figure, read_figures
from geo.places.models import Place, PlaceKind, Precision
from geo.places.services import NewPlace, remove_demo_places
from tests.places.world import make_source, publish, school


def figures(kotak, code, period="2024", level="village", parent=None):
    read = read_figures(
        indicator=Indicator.objects.get(code=code),
        period=period,
        level=level,
        parent=parent or kotak.regency,
    )
    return {item.code: item.value for item in read.items}


def test_counts_and_sums_follow_and_villages_without_are_true_zeros(kotak):
    a, b = kotak.villages[0], kotak.villages[5]
    done = publish(
        kotak,
        [
            school(a, "90000001", pupils=100, teachers=5),
            school(a, "90000002", name="SD 2", at=None, pupils=50, teachers=5),
            school(b, "90000003", name="SD 3", pupils=30, teachers=0),
        ],
    )
    assert (done.new, done.closed) == (3, 0)
    schools = figures(kotak, "schools")
    assert (schools[a.code], schools[b.code]) == (2, 1)
    assert sorted(schools.values()) == [0] * 15 + [1, 2]
    assert figures(kotak, "schools", level="regency") == {"99.01": 3}
    assert figures(kotak, "pupils")[a.code] == 150
    # Summed, then divided: 180 pupils, 10 teachers; never the mean of 15 and nothing.
    assert figures(kotak, "pupils_per_teacher", level="regency") == {"99.01": 18}
    assert figures(kotak, "pupils_per_teacher")[a.code] == 15


def test_part_of_a_sum_is_no_sum(kotak):
    a = kotak.villages[0]
    publish(
        kotak,
        [school(a, "90000001", pupils=100), school(a, "90000002", name="SD 2", teachers=3)],
    )
    pupils = Indicator.objects.get(code="pupils")
    figure = read_figure(indicator=pupils, period="2024", area=a)
    assert (figure.value, figure.status) == (None, "missing")
    assert figures(kotak, "schools")[a.code] == 2


def test_the_next_list_revises_closes_and_keeps_ids(kotak):
    a, b = kotak.villages[:2]
    publish(kotak, [school(a, "90000001", pupils=1), school(b, "90000002", name="SD 2")])
    first = Place.objects.get(identifier="90000001")
    done = publish(kotak, [school(a, "90000001", pupils=2)], period="2025")
    assert (done.new, done.changed, done.unchanged, done.closed) == (0, 1, 0, 1)
    again = Place.objects.get(identifier="90000001")
    assert (again.pk, again.attributes) == (first.pk, {"pupils": 2})
    assert again.revisions.get().before["attributes"] == {"pupils": 1}
    assert Place.objects.get(identifier="90000002").closed_on is not None
    assert figures(kotak, "schools", "2024")[b.code] == 1
    assert figures(kotak, "schools", "2025")[b.code] == 0
    assert publish(kotak, [school(a, "90000001", pupils=2)], period="2025").unchanged == 1
    assert again.revisions.count() == 1


def test_a_list_of_one_district_says_nothing_of_the_others(kotak):
    a, far = kotak.villages[0], kotak.villages[15]
    publish(kotak, [school(far, "90000009")])
    done = publish(
        kotak, [school(a, "90000001", name="SD 2")], covers=kotak.districts[0], period="2025"
    )
    assert done.closed == 0
    found = figures(kotak, "schools", "2025")
    assert [code for code, value in found.items() if value is not None] == [
        village.code for village in kotak.villages[:4]
    ]


def test_a_part_of_a_list_closes_nothing_and_invents_no_zero(kotak):
    a, b = kotak.villages[:2]
    publish(kotak, [school(a, "90000001")], is_complete=False)
    assert not Observation.objects.exists()
    publish(kotak, [school(a, "90000001")])
    done = publish(kotak, [school(b, "90000002", name="SD 2")], is_complete=False)
    assert (done.new, done.closed) == (1, 0)
    assert figures(kotak, "schools")[a.code] == 1
    assert figures(kotak, "schools")[b.code] == 1


def test_demonstration_gives_way_to_the_first_real_list(kotak):
    a, b = kotak.villages[:2]
    demo = make_source(is_demo=True)
    publish(kotak, [school(a, "90000001")], source=demo, period="2023")
    publish(kotak, [NewPlace("Pos 1", b.pk, None, None, "village_only")], kind="post", source=demo)
    publish(kotak, [school(b, "10000001")])
    assert list(Place.objects.filter(kind__code="school").values_list("identifier", flat=True)) == [
        "10000001"
    ]
    # What was counted from invented places goes with them, in every year; other kinds stay.
    schools = Observation.objects.filter(indicator__code="schools")
    assert set(schools.values_list("period", flat=True)) == {"2024"}
    assert figures(kotak, "posts")[b.code] == 1
    assert remove_demo_places() == 1
    assert not Observation.objects.filter(indicator__code="posts").exists()


def test_the_layer_has_a_new_address_only_when_its_content_changes(kotak):
    kind, a = PlaceKind.objects.get(code="school"), kotak.villages[0]
    publish(kotak, [school(a, "90000001", pupils=1)])
    kind.refresh_from_db()
    first = kind.content_hash
    publish(kotak, [school(a, "90000001", pupils=2)])
    kind.refresh_from_db()
    assert kind.content_hash == first
    publish(kotak, [school(a, "90000001", pupils=2, at=(0.4, 0.5))])
    kind.refresh_from_db()
    assert kind.content_hash != first


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"precision": Precision.VILLAGE_ONLY}, "place_point_fits_precision"),
        ({"point": None}, "place_point_fits_precision"),
        ({"point": Point(-2.5, 104.7, srid=4326)}, "place_point_in_indonesia"),
        ({"register": ""}, "place_identifier_has_register"),
        (
            {"opened_on": datetime.date(2024, 1, 2), "closed_on": datetime.date(2024, 1, 1)},
            "place_closes_after_opening",
        ),
    ],
)
def test_the_database_is_the_last_guard(kotak, changed, constraint):
    publish(kotak, [school(kotak.villages[0], "90000001")])
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Place.objects.update(**changed)


def test_the_database_refuses_one_number_for_two_open_places(kotak):
    publish(kotak, [school(kotak.villages[0], "90000001")])
    publish(kotak, [NewPlace("Pos", kotak.villages[0].pk, None, None, "village_only")], kind="post")
    post = Place.objects.filter(kind__code="post")
    with pytest.raises(IntegrityError, match="place_identifier_once"), transaction.atomic():
        post.update(register="npsn", identifier="90000001")
    Place.objects.filter(kind__code="school").update(closed_on=datetime.date(2025, 1, 1))
    assert post.update(register="npsn", identifier="90000001") == 1
