import pytest
import shapely
from django.core.management import call_command

from geo.areas.models import Area
from geo.indicators.models import Observation, Source
from geo.indicators.queries import find_indicator, read_figures
from geo.roads.batch.demo import load_demo, remove_demo
from geo.roads.batch.demo_network import Network
from geo.roads.models import Road, RoadLayer, RoadSegment, RoadSurvey
from tests.roads.world import REGENCY, make_road


def stored():
    roads = Road.objects.order_by("number").values_list("number", "name", "authority", "line")
    surveys = RoadSurvey.objects.order_by("road__number", "year")
    lengths = surveys.values_list("road__number", "year", "good_m", "fair_m", "asphalt_m")
    return [(*rest, line.wkb) for *rest, line in roads], list(lengths)


def test_the_same_seed_makes_the_same_roads(roads_kotak):
    first = load_demo(seed=7)
    assert first.new
    before = stored()
    again = load_demo(seed=7)
    assert (again.new, again.changed, again.unchanged) == (0, 0, first.new)
    assert remove_demo() == len(before[0])
    assert not Road.objects.exists() and not RoadLayer.objects.exists()
    assert not Observation.objects.filter(indicator__code="road_length_km").exists()
    load_demo(seed=7)
    assert stored() == before
    remove_demo()
    load_demo(seed=8)
    assert stored() != before


def test_every_line_lies_inside_the_regency(roads_kotak):
    load_demo(seed=7)
    border = shapely.from_wkb(bytes(Area.objects.get(code=REGENCY).boundary.wkb))
    lines = [shapely.from_wkb(bytes(road.line.wkb)) for road in Road.objects.all()]
    assert len(lines) > 15
    assert all(shapely.covers(border, line) for line in lines)


def test_ranks_sums_and_figures_are_in_keeping(roads_kotak):
    load_demo(seed=7)
    assert {"kabupaten", "desa", "nasional"} <= set(
        Road.objects.values_list("authority", flat=True)
    )
    for segments_road in {s.road_id for s in RoadSegment.objects.all()}:
        segments = list(RoadSegment.objects.filter(road=segments_road))
        survey = RoadSurvey.objects.filter(road=segments_road).order_by("-year").first()
        assert sum(s.to_m - s.from_m for s in segments) == survey.length_m
    figures = read_figures(
        indicator=find_indicator("road_length_km"),
        period="2025",
        level="village",
        parent=roads_kotak.regency,
    )
    assert figures.is_demo
    whole_km = sum(road.length_m for road in Road.objects.all()) / 1000
    assert sum(value or 0 for value in figures.values) == pytest.approx(whole_km, rel=1e-3)


def test_far_villages_are_reached_by_boat(roads_kotak):
    villages = [v for v in roads_kotak.villages if v.has_boundary]
    network = Network(villages, 7)
    assert not network.by_river.any()
    network.by_river[0] = True  # as if it lay across a strait
    far = villages[0].name
    upper = [road for road in network.roads() if road.authority != "desa"]
    assert upper and all(far not in (road.start_name, road.end_name) for road in upper)


def test_real_roads_are_left_alone(roads_kotak):
    make_road()
    assert load_demo(seed=7).new == 0
    assert Road.objects.count() == 1


def test_commands_load_and_remove(roads_kotak):
    call_command("load_demo")
    assert Road.objects.filter(source__is_demo=True).exists()
    assert Source.objects.filter(is_demo=True).count() == 1
    call_command("load_demo", remove=True)
    assert not Road.objects.exists() and not Source.objects.filter(is_demo=True).exists()


def test_a_real_import_removes_invented_roads(roads_kotak, tmp_path):
    from tests.roads.world import feature, write_geojson

    load_demo(seed=7)
    call_command("import_roads", write_geojson(tmp_path / "r.geojson", feature()))
    assert [road.number for road in Road.objects.all()] == ["001"]
    roads_figures = Observation.objects.filter(indicator__code="road_length_km")
    assert not roads_figures.filter(source__is_demo=True).exists()
