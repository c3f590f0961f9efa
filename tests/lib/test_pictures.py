import math
import re
from xml.etree import ElementTree

import pytest

from geo.lib.pictures import (
    CONTEXT_FILL,
    MISSING_FILL,
    Circle,
    circle_radius,
    draw_areas,
    mercator_y,
    transform_between,
)

SVG = "{http://www.w3.org/2000/svg}"
PICTURE = {
    "bounds": [104, -2, 106, 0],
    "width": 1000,
    "height": 1000,
    "paths": {"1.1": "M0 0l500 0 0 1000-500 0z", "1.2": "M500 0l500 0 0 1000-500 0z"},
    "points": {"1.1": [250, 500], "1.2": [750, 500]},
    "lines": "",
    "estimate": False,
}
AROUND = {
    **PICTURE,
    "bounds": [104, -4, 108, 0],
    "paths": {"1": "M0 0l500 0z", "2": "M500 0l500 0z", "3": "M0 500l9 0z"},
}


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 our own


def codes(element) -> list[str]:
    return [p.get("data-code") for p in element.iter(f"{SVG}path") if p.get("data-code")]


def test_mercator_by_hand():
    assert mercator_y(0) == 0
    # ln(tan(45° + φ/2)) at 30° is ln(√3).
    assert mercator_y(30) == pytest.approx(math.degrees(math.log(math.sqrt(3))))
    assert mercator_y(-30) == -mercator_y(30)


def test_a_part_is_laid_where_it_lies_in_the_whole():
    # The inner drawing is half as wide and begins at the same western and northern rim.
    assert transform_between(PICTURE, AROUND) == "translate(0.0 0.0) scale(0.5000)"
    east_half = {**PICTURE, "bounds": [106, -2, 108, 0]}
    assert transform_between(east_half, AROUND) == "translate(500.0 0.0) scale(0.5000)"
    south = {**PICTURE, "bounds": [104, -4, 106, -2]}
    down = 250 * mercator_y(2)
    assert transform_between(south, AROUND) == f"translate(0.0 {down:.1f}) scale(0.5000)"
    assert transform_between(AROUND, PICTURE) == "translate(0.0 0.0) scale(2.0000)"


def test_areas_of_one_colour_share_a_group_and_the_unknown_are_hatched():
    svg = parse(draw_areas(PICTURE, {"1.1": "#112233"}))
    groups = {g.get("fill"): codes(g) for g in svg.iter(f"{SVG}g") if g.get("fill")}
    assert groups == {"#112233": ["1.1"], MISSING_FILL: ["1.2"]}
    assert svg.get("viewBox") == "0 0 1000 1000"
    assert svg.get("aria-hidden") == "true"
    assert not list(svg.iter(f"{SVG}a"))
    assert svg.find(f"{SVG}defs/{SVG}pattern").get("id") == "hatch"


def test_links_are_no_tab_stops():
    svg = parse(draw_areas(PICTURE, {}, address=lambda code: f"/x/{code}?a=1&b=2"))
    links = list(svg.iter(f"{SVG}a"))
    assert [a.get("href") for a in links] == ["/x/1.1?a=1&b=2", "/x/1.2?a=1&b=2"]
    assert {a.get("tabindex") for a in links} == {"-1"}


def test_hostile_codes_addresses_and_colours_stay_text():
    evil = '"><script>alert(1)</script>'
    picture = {**PICTURE, "paths": {evil: "M0 0z" + evil}, "lines": evil}
    context = {**AROUND, "paths": {evil: evil}}
    text = draw_areas(
        picture, {evil: evil}, selected=evil, address=lambda code: evil, context=context
    )
    assert "<script" not in text
    assert codes(parse(text)) == [evil, evil]


def test_the_selected_area_is_outlined_above_all_others():
    svg = parse(draw_areas(PICTURE, {}, selected="1.2"))
    last = list(svg)[-1]
    assert last.get("class") == "map-picture__chosen"
    assert [(p.get("class"), p.get("d")) for p in last] == [
        ("map-picture__halo", PICTURE["paths"]["1.2"]),
        ("map-picture__selected", PICTURE["paths"]["1.2"]),
    ]
    assert not list(list(parse(draw_areas(PICTURE, {}, selected="elsewhere")))[-1])


def test_what_lies_around_is_drawn_below_without_the_scope_itself():
    svg = parse(draw_areas(PICTURE, {}, context=AROUND, context_without="1"))
    groups = list(svg.iter(f"{SVG}g"))
    assert groups[0].get("fill") == CONTEXT_FILL
    assert codes(groups[0]) == ["2", "3"]
    assert groups[0].get("transform") == "translate(0.0 0.0) scale(2.0000)"


def test_borders_above_and_estimates_show():
    svg = parse(draw_areas({**PICTURE, "lines": "M500 0l0 1000", "estimate": True}, {}))
    assert svg.get("class") == "map-picture is-estimate"
    assert svg.find(f"{SVG}path").get("d") == "M500 0l0 1000"
    assert parse(draw_areas(PICTURE, {})).find(f"{SVG}path") is None


def test_the_surface_of_a_circle_grows_with_the_count():
    assert circle_radius(100, 100, 40) == 40
    assert circle_radius(25, 100, 40) == 20, "a quarter of the surface, half of the radius"
    assert circle_radius(0, 100, 40) == circle_radius(5, 0, 40) == 0
    assert circle_radius(500, 100, 40) == 40


def test_the_largest_circle_lies_below():
    circles = {"1.1": Circle(250, 500, 5, "#111111"), "1.2": Circle(750, 500, 9.5, "#222222")}
    svg = parse(draw_areas(PICTURE, {}, circles=circles))
    assert [(c.get("cx"), c.get("r")) for c in svg.iter(f"{SVG}circle")] == [
        ("750", "9.5"),
        ("250", "5"),
    ]
    assert "circle" not in draw_areas(PICTURE, {})


def test_what_is_drawn_names_its_namespace_so_that_it_stands_alone():
    assert re.match(r"<svg [^>]*xmlns=", draw_areas(PICTURE, {}))
