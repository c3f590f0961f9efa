import pytest
from django.core.management import call_command

from geo.indicators.models import Indicator, Observation, Source
from geo.indicators.queries import read_figures
from geo.lib.demo_places import Village, invent_places
from geo.places.batch import demo
from geo.places.models import Place, PlaceKind
from tests.places.world import make_source, publish, school


@pytest.fixture
def loaded(db, settings):
    from tests import factories

    settings.REGENCY_CODE = "99.01"
    call_command("load_sectors", verbosity=0)
    return factories.make_kotak()


def figures(kotak, code, period="2024"):
    indicator = Indicator.objects.get(code=code)
    return read_figures(indicator=indicator, period=period, level="village", parent=kotak.regency)


def test_every_village_has_places_that_lie_in_it(loaded):
    counts = demo.load_demo(seed=7)
    assert counts.new == Place.objects.count() > 17 * 3
    assert not Place.objects.exclude(source__is_demo=True).exists()
    for place in Place.objects.filter(point__isnull=False).select_related("village"):
        assert place.village.boundary.covers(place.point)
    unbounded = Place.objects.filter(village=loaded.villages[16])
    assert unbounded.exists()
    assert set(unbounded.values_list("precision", flat=True)) == {"village_only"}
    numbers = list(Place.objects.filter(register="npsn").values_list("identifier", flat=True))
    assert len(numbers) == len(set(numbers))
    assert all(number.startswith("9") for number in numbers)


def test_health_centres_stand_where_the_roads_of_their_village_meet():
    points = [(105.0 + lon / 100, -3.0 + lat / 100) for lon in range(5) for lat in range(5)]
    village = Village("99.01.01.1001", "Satu", "99.01.01", 2000, True, points, (105.021, -2.981))
    found = {place.kind: place.point for place in invent_places([village], seed=7)}
    assert found["puskesmas"] == (105.02, -2.98)
    assert found["rumah_sakit"] in {(105.02, -2.99), (105.03, -2.98)}


def test_figures_agree_with_the_places(loaded):
    demo.load_demo(seed=7)
    for kind in PlaceKind.objects.all():
        counted = figures(loaded, kind.feeds[""])
        for village in loaded.villages:
            n_places = Place.objects.filter(kind=kind, village=village).count()
            assert counted.by_code()[village.code].value == n_places
    visits = figures(loaded, "domestic_visits", "2024-07").by_code()
    for village in loaded.villages:
        has_any = Place.objects.filter(kind__code="daya_tarik_wisata", village=village).exists()
        assert (visits[village.code].value > 0) == has_any
    months = Observation.objects.filter(indicator__code="foreign_visits").values("period")
    assert months.distinct().count() == 36


def test_loading_twice_changes_nothing_and_removing_leaves_nothing(loaded):
    demo.load_demo(seed=7)
    n_figures = Observation.objects.count()
    again = demo.load_demo(seed=7)
    assert (again.new, again.changed) == (0, 0)
    assert Observation.objects.count() == n_figures
    assert demo.remove_demo() == again.unchanged
    assert not Place.objects.exists()
    fed = {code for kind in PlaceKind.objects.all() for code in kind.feeds.values()}
    assert not Observation.objects.filter(indicator__code__in=fed).exists()


def test_a_kind_with_real_places_is_left_alone(loaded):
    real = school(loaded.villages[0], "10000001", status="negeri")
    publish(loaded, [real], kind="sd_mi", source=make_source())
    demo.load_demo(seed=7)
    assert Place.objects.filter(kind__code="sd_mi").count() == 1
    assert not figures(loaded, "sd_mi_schools").is_demo
    assert Source.objects.filter(is_demo=True).count() == 1


def test_what_is_invented_is_plausible_and_the_same_again():
    villages = [
        Village(
            f"99.01.01.200{n}", f"Sungai {n}", "99.01.01", 400 + 100 * n, False, [(104, -2)] * 9
        )
        for n in range(1, 9)
    ]
    made = invent_places(villages, 1)
    assert made == invent_places(villages, 1)
    assert made != invent_places(villages, 2)
    assert sum(place.kind == "puskesmas" for place in made) == 1
    schools = [place for place in made if place.identifier]
    crowded = [p for p in schools if p.attributes["pupils"] > p.attributes["capacity"]]
    assert len(crowded) < len(schools) / 3
    assert all(place.attributes["teachers"] >= 2 for place in schools)
    assert {place.village for place in made if place.kind == "posyandu"} == {
        village.code for village in villages
    }
