import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import IntegrityError, transaction

from geo.areas.models import Area


def test_within_finds_areas_at_every_depth(kotak):
    assert Area.objects.within(kotak.regency).count() == 4 + 17
    assert Area.objects.within(kotak.districts[3]).count() == 5


def test_covering_finds_the_village_of_a_point(kotak):
    point = kotak.village("99.01.02.2003").interior_point

    assert [a.code for a in Area.objects.at_level("village").covering(point)] == ["99.01.02.2003"]


@pytest.mark.parametrize(
    "ring",
    [
        [(104, -2), (105, -3), (105, -2), (104, -3), (104, -2)],  # bow tie
        [(-2, 104), (-2, 105), (-3, 105), (-2, 104)],  # axes swapped
    ],
)
def test_the_database_refuses_a_boundary_that_cannot_be(kotak, ring):
    village = kotak.villages[0]
    village.boundary = MultiPolygon(Polygon(ring), srid=4326)
    with pytest.raises(IntegrityError), transaction.atomic():
        village.save()
