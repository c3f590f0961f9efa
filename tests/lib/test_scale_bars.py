import math

import pytest

from geo.lib.pictures import draw_areas, fitted_view, mercator_y
from geo.lib.scale_bars import ground_m_per_unit, middle_lat, scale_bar


def picture(west, south, east, north):
    height = 1000 * (mercator_y(north) - mercator_y(south)) / (east - west)
    return {"bounds": [west, south, east, north], "width": 1000, "height": round(height)}


@pytest.mark.parametrize(
    ("lat", "degree_m"),
    # Length of a degree of longitude on WGS 84, from tables.
    [(0, 111_320), (15, 107_550), (45, 78_847), (60, 55_800)],
)
def test_a_degree_is_as_long_as_tables_say(lat, degree_m):
    drawn = picture(100, lat - 0.01, 101, lat + 0.01)
    assert middle_lat(drawn) == pytest.approx(lat, abs=0.001)
    assert 1000 * ground_m_per_unit(drawn) == pytest.approx(degree_m, rel=1e-4)


def test_bar_is_round_and_no_longer_than_allowed():
    drawn = picture(104, -3, 106, -1)
    bar = scale_bar(drawn, mm_per_unit=0.2, longest_mm=50)
    # 2° at 2° S on 200 mm: 222.4 km, so that 50 mm are 55.6 km.
    assert bar.length_km == 50
    assert bar.width_mm == pytest.approx(50 * 200 / 222.4, rel=1e-3)
    assert bar.one_to == pytest.approx(222_400_000 / 200, rel=1e-3)


@pytest.mark.parametrize("mm_per_unit", [0.01, 0.05, 0.11, 0.3, 0.77, 5])
def test_bar_never_grows_past_its_place(mm_per_unit):
    bar = scale_bar(picture(104, -3, 106, -1), mm_per_unit, longest_mm=50)
    assert 20 <= bar.width_mm <= 50
    mantissa = bar.length_km / 10 ** math.floor(math.log10(bar.length_km))
    assert round(mantissa, 6) in {1, 2, 2.5, 5}


def test_view_fits_frame_and_holds_the_drawing():
    for aspect in (0.5, 1.07, 3):
        left, top, wide, high = fitted_view({"width": 1000, "height": 800}, aspect)
        assert wide / high == pytest.approx(aspect)
        assert left < 0 and top < 0
        assert left + wide > 1000 and top + high > 800


def test_picture_that_stands_alone_brings_its_strokes():
    drawn = picture(104, -3, 106, -1) | {
        "paths": {"1": "M0 0l9 0 0 9z"},
        "points": {"1": [4, 4]},
        "lines": "M0 0l9 9",
    }
    inside = draw_areas(drawn, {}, selected="1")
    alone = draw_areas(drawn, {}, selected="1", standalone=True, view=(-5, -6, 20, 10))
    assert "stroke=" not in inside.partition("</defs>")[2]
    for part in ("areas", "lines", "halo", "selected"):
        tag = alone.partition(f'class="map-picture__{part}"')[2].partition(">")[0]
        assert 'stroke="#' in tag, part
    assert 'viewBox="-5 -6 20 10"' in alone
    dashed = draw_areas(drawn | {"estimate": True}, {}, standalone=True)
    assert "stroke-dasharray" in dashed
