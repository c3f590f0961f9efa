import pytest

from geo.indicators.queries import find_indicator, read_figure, read_figures
from geo.roads.batch.publish import publish_roads
from geo.roads.models import RoadLayer, RoadPart
from tests.roads.world import REGENCY, make_road, make_survey


def value(code, area, period="2024"):
    return read_figure(indicator=find_indicator(code), period=period, area=area).value


def test_two_kilometres_lie_half_in_each_of_two_villages(roads_kotak):
    road = make_road()
    make_survey(road, conditions=(800, 400, 500, 300))
    publish_roads(REGENCY)
    parts = {part.area.code: part.share for part in RoadPart.objects.select_related("area")}
    assert parts == pytest.approx({"99.01.01.2001": 0.5, "99.01.01.2002": 0.5}, abs=1e-4)
    for code in parts:
        village = roads_kotak.village(code)
        assert value("road_length_km", village) == pytest.approx(1.0, abs=2e-4)
        assert value("road_good_fair_km", village) == pytest.approx(0.6, abs=2e-4)
        assert value("road_steadiness", village) == pytest.approx(60)
    assert value("road_length_km", roads_kotak.regency) == pytest.approx(2.0, abs=1e-5)


def test_steadiness_is_divided_anew_at_every_level(roads_kotak):
    # 2 km at 60 % in two villages of district 1; 1 km at 20 % in the first of them;
    # 1 km at 100 % in district 2.
    make_survey(make_road("001"), conditions=(800, 400, 500, 300))
    short = make_road("002", ((500, 0), (500, 1000)), length_m=1000, line_length_m=1000)
    make_survey(short, conditions=(100, 100, 0, 800))
    other = make_road("003", ((2000, 500), (3000, 500)), length_m=1000, line_length_m=1000)
    make_survey(other, conditions=(1000, 0, 0, 0))
    publish_roads(REGENCY)
    assert value("road_steadiness", roads_kotak.village("99.01.01.2001")) == pytest.approx(
        100 * (0.6 + 0.2) / 2, abs=0.05
    )
    first, second = roads_kotak.districts[:2]
    assert value("road_steadiness", first) == pytest.approx(100 * 1.4 / 3, abs=0.01)
    assert value("road_steadiness", second) == pytest.approx(100, abs=0.01)
    # Not (46.7 + 100) / 2:
    assert value("road_steadiness", roads_kotak.regency) == pytest.approx(100 * 2.4 / 4, abs=0.01)


def test_only_the_regency_s_own_roads_in_its_own_figures(roads_kotak):
    make_survey(make_road("001"), conditions=(800, 400, 500, 300))
    make_survey(make_road("N1", authority="nasional"), conditions=(2000, 0, 0, 0))
    publish_roads(REGENCY)
    assert value("road_steadiness", roads_kotak.regency) == pytest.approx(80)
    assert value("regency_road_steadiness", roads_kotak.regency) == pytest.approx(60)
    assert value("regency_road_length_km", roads_kotak.regency) == pytest.approx(2, abs=1e-4)


def test_unsurveyed_roads_are_told_apart_and_no_road_is_zero(roads_kotak):
    make_survey(make_road("001"), 2023)
    make_road("002", ((0, 700), (1000, 700)), length_m=1000, line_length_m=1000)
    make_survey(
        make_road("003", ((2000, 500), (3000, 500)), length_m=1000),
        2024,
        conditions=(1000, 0, 0, 0),
    )
    publish_roads(REGENCY)
    regency = roads_kotak.regency
    assert value("road_unsurveyed_km", regency, "2023") == pytest.approx(2, abs=1e-4)
    assert value("road_unsurveyed_km", regency, "2024") == pytest.approx(3, abs=1e-4)
    assert value("road_steadiness", regency, "2024") == pytest.approx(100)
    figures = read_figures(
        indicator=find_indicator("road_steadiness"), period="2024", level="village", parent=regency
    ).by_code()
    empty = figures["99.01.04.2004"]
    assert (empty.value, empty.status) == (None, "not_assessed")
    assert value("road_length_km", roads_kotak.village("99.01.04.2004")) == 0
    assert value("road_length_km", roads_kotak.village("99.01.04.1005")) is None


def test_a_road_along_a_border_is_counted_once(roads_kotak):
    make_survey(make_road("001", ((0, 1000), (2000, 1000))))
    publish_roads(REGENCY)
    assert sum(part.share for part in RoadPart.objects.all()) == pytest.approx(1, abs=1e-6)
    assert value("road_length_km", roads_kotak.regency) == pytest.approx(2, abs=1e-5)


def test_a_road_half_outside_counts_only_inside(roads_kotak):
    make_survey(make_road("001", ((3000, 500), (5000, 500))))
    publish_roads(REGENCY)
    assert value("road_length_km", roads_kotak.regency) == pytest.approx(1, abs=1e-3)


def test_publishing_again_changes_nothing(roads_kotak):
    make_survey(make_road())
    first = publish_roads(REGENCY)
    layer = RoadLayer.objects.get().content_hash
    again = publish_roads(REGENCY)
    assert first.new and (again.new, again.changed) == (0, 0)
    assert RoadLayer.objects.get().content_hash == layer
