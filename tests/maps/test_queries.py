"""What one view of the map shows: every figure here was computed by hand."""

import datetime

import pytest

from geo.areas.models import Outline
from geo.indicators.models import ClassBreaks, Observation
from geo.lib.legends import position
from geo.lib.palettes import ramp
from geo.lib.pictures import LAND_FILL, MISSING_FILL, SUPPRESSED_FILL
from geo.maps.queries import read_choices
from tests.indicators.world import EARLY, make_indicator, make_source, observe


def short(rows):
    return [(row.area.code.removeprefix("99.01."), row.figure.value, row.rank) for row in rows]


def row_of(scene, code):
    return next(row for row in scene.rows if row.area.code == f"99.01.{code}")


def test_rows_run_from_the_highest_down_and_the_missing_come_last(measured, scene_of):
    """150 persons of three villages of four are no total of district 02."""
    scene = scene_of("i=people")
    assert short(scene.rows) == [
        ("04", 140, 1),
        ("01", 60, 2),
        ("02", 150, None),
        ("03", None, None),
    ]
    assert [row.bar for row in scene.rows] == [93, 40, 100, 0]
    assert (scene.highest.area.code, scene.lowest.area.code) == ("99.01.04", "99.01.01")
    assert (scene.compares_all, scene_of("i=people&a=99.01.04").compares_all) == (False, True)


def test_equal_values_share_a_rank_and_stand_by_name(measured, scene_of):
    scene = scene_of("i=size&l=village")
    assert short(scene.rows)[:8] == [
        ("01.2003", 6, 1),
        ("02.2002", 5, 2),
        ("04.2001", 5, 2),
        ("04.2002", 5, 2),
        ("04.2003", 5, 2),
        ("04.2004", 5, 2),
        ("04.1005", 5, 2),
        ("02.2001", 4, 8),
    ]
    assert [row.rank for row in scene.rows[11:]] == [None] * 6
    names = [row.area.name for row in scene.rows[11:]]
    assert names == sorted(names)


def test_a_ratio_is_computed_from_its_parts_not_averaged(measured, scene_of):
    scene = scene_of("i=size")
    by_code = {row.area.code: row.figure for row in scene.rows}
    # 10+20+30+0 persons in 10+10+5+5 homes; the mean of 1, 2, 6 and 0 would be 2.25.
    assert by_code["99.01.01"].value == 2
    # Village 02.2003 has persons but no homes: it stays out of both sums.
    assert by_code["99.01.02"].value == pytest.approx(90 / 20)
    assert (by_code["99.01.02"].reported, by_code["99.01.02"].expected) == (2, 4)
    assert scene.own.value == pytest.approx((60 + 90 + 140) / (30 + 20 + 28))


def test_zero_is_coloured_what_is_not_known_is_hatched(measured, scene_of):
    scene = scene_of("i=size&l=village")
    lowest, middle, highest = ramp("teal", 3)
    assert row_of(scene, "01.2004").figure.value == 0
    assert row_of(scene, "01.2004").fill == lowest
    assert row_of(scene, "01.2002").fill == middle, "a value on a limit is in the class above"
    assert row_of(scene, "01.2003").fill == highest, "the last class holds its upper limit"
    assert row_of(scene, "02.2003").fill == MISSING_FILL
    assert row_of(scene, "02.2003").x is None
    assert len({lowest, middle, highest, MISSING_FILL, SUPPRESSED_FILL}) == 5


@pytest.mark.parametrize("roll_up", ["sum", "max", "none"])
def test_what_is_withheld_looks_neither_missing_nor_known(kotak, scene_of, roll_up):
    ill = make_indicator("ill", sensitive=True, roll_up=roll_up)
    observe(ill, "2024", {"01.2001": 3, "01.2002": 0, "01.2003": 9})
    scene = scene_of("i=ill&a=99.01.01")
    assert row_of(scene, "01.2001").fill == SUPPRESSED_FILL
    assert row_of(scene, "01.2001").figure.value is None
    assert row_of(scene, "01.2001").rank is None
    # The sum of the district would give a single withheld village away.
    n_suppressed = 2 if roll_up == "sum" else 1
    assert (scene.legend.n_suppressed, scene.legend.n_missing) == (n_suppressed, 1)
    assert sum(c.n_areas for c in scene.legend.classes) == 3 - n_suppressed


@pytest.mark.parametrize(
    "address", ["i=size", "i=size&l=village", "i=people&a=99.01.04", "i=homes"]
)
def test_the_legend_counts_every_row_once(measured, scene_of, address):
    scene = scene_of(address)
    legend = scene.legend
    n_classed = sum(each.n_areas for each in legend.classes)
    n_without = (
        legend.n_missing + legend.n_suppressed + legend.n_not_assessed + legend.n_unreachable
    )
    assert n_classed + n_without == len(scene.rows)
    assert n_classed == sum(row.figure.value is not None for row in scene.rows) > 0


def test_without_stored_limits_what_is_known_is_one_class_not_hatched(measured, scene_of):
    assert not ClassBreaks.objects.filter(indicator=measured.homes).exists()
    scene = scene_of("i=homes&a=99.01.04")
    (only,) = scene.legend.classes
    assert (only.lower, only.upper, only.n_areas) == (2, 20, 5)
    assert MISSING_FILL not in {row.fill for row in scene.rows}


def test_an_area_without_boundary_is_counted_and_listed_but_not_drawn(drawn, measured, scene_of):
    scene = scene_of("i=people&a=99.01.04")
    kelurahan = row_of(scene, "04.1005")
    assert kelurahan.rank == 1
    assert kelurahan.circle is None
    assert scene.own.value == 140, "the district's total holds it"
    assert scene.legend.n_without_boundary == 1
    assert kelurahan.area.code not in scene.outlines.drawn.picture["paths"]
    assert len(scene.outlines.drawn.picture["paths"]) == 4


def test_counts_are_circles_whose_surface_grows_with_the_count(drawn, measured, scene_of):
    scene = scene_of("i=people")
    radius = {code: circle.radius for code, circle in scene.circles.items()}
    assert set(radius) == {"99.01.01", "99.01.02", "99.01.04"}
    assert (radius["99.01.02"] / radius["99.01.01"]) ** 2 == pytest.approx(150 / 60, rel=0.01)
    assert scene.fills["99.01.02"] == LAND_FILL
    assert scene.fills["99.01.03"] == MISSING_FILL, "no data stays hatched"
    assert not scene_of("i=size").circles, "rates fill their area"


def test_an_area_stands_among_all_of_its_level_in_the_regency(measured, scene_of):
    village = scene_of("i=people&a=99.01.01.2003")
    # 100, 60, 50, 40, 30: fifth of the twelve that have reported, though first of its district.
    assert (village.standing.rank, village.standing.n_ranked) == (5, 12)
    assert row_of(village, "01.2003").rank == 1
    district = scene_of("i=people&a=99.01.01")
    assert (district.standing.rank, district.standing.n_ranked) == (2, 2)
    assert scene_of("i=people&a=99.01.02").standing.rank is None
    assert scene_of("i=people&a=99.01.03").standing.rank is None
    assert scene_of("i=people").standing.rank is None


def test_the_chosen_areas_mark_is_its_position_on_the_ramp(measured, scene_of):
    scene = scene_of("i=size&a=99.01.02.2002")
    assert scene.chosen_x == round(100 * position(5, [0, 2, 4, 6]), 1) == 83.3
    assert scene_of("i=size&a=99.01.02.2003").chosen_x is None
    assert scene_of("i=size").chosen_x is None, "the regency is not among its districts"


def test_a_district_is_classed_as_the_whole_regency_is(measured, scene_of):
    whole, part = scene_of("i=size&l=village"), scene_of("i=size&a=99.01.01")
    assert part.legend.edges == whole.legend.edges == [0, 2, 4, 6]
    assert row_of(part, "01.2003").fill == row_of(whole, "01.2003").fill


def test_partial_coverage_is_told(measured, scene_of):
    scene = scene_of("i=people")
    figure = row_of(scene, "02").figure
    assert figure.is_partial
    assert (figure.reported, figure.expected) == (3, 4)
    assert (scene.figures.reported, scene.figures.expected) == (12, 17)
    assert not row_of(scene, "04").figure.is_partial


def test_those_above_are_compared_the_nearest_first(measured, scene_of):
    scene = scene_of("i=size&a=99.01.01.2003")
    assert [(a.code, round(f.value, 2)) for a, f in scene.comparison] == [
        ("99.01.01", 2),
        ("99.01", 3.72),
    ]
    assert scene_of("i=size").comparison == []


def test_the_way_down_leads_up_again(measured, scene_of):
    scene = scene_of("i=people&a=99.01.01.2003&k=equal")
    assert [(step.label, step.address, step.is_current) for step in scene.trail] == [
        ("Kotak", "/peta/?i=people&k=equal", False),
        ("Petak 1", "/peta/?i=people&a=99.01.01&k=equal", False),
        ("Ubin 13", "/peta/?i=people&a=99.01.01.2003&k=equal", True),
    ]


def test_an_indicator_without_observations_has_a_scene(drawn, scene_of):
    make_indicator("empty", roll_up="none")
    scene = scene_of("i=empty")
    assert scene.figures is None
    assert scene.own is None
    assert [row.fill for row in scene.rows] == [MISSING_FILL] * 4
    assert (scene.legend.classes, scene.legend.n_missing) == ([], 4)


def test_below_the_level_of_the_indicator_there_is_no_standing(drawn, scene_of):
    coarse = make_indicator("coarse", level="district")
    observe(coarse, "2024", {"01": 3, "02": 4})
    scene = scene_of("i=coarse&a=99.01.01.2001")
    assert (scene.own.value, scene.own.status) == (None, "not_assessed")
    assert scene.standing.rank is None
    assert short(scene.rows)[:2] == [("02", 4, 1), ("01", 3, 2)]


def test_a_pinned_day_shows_what_was_published_then(measured, scene_of):
    later = datetime.datetime(2025, 3, 1, tzinfo=datetime.UTC)
    corrected = Observation.objects.filter(indicator=measured.people, area__code="99.01.01.2001")
    corrected.filter(period="2024").update(superseded_at=later)
    observe(measured.people, "2024", {"01.2001": 1000}, revision=2, recorded_at=later)
    assert row_of(scene_of("i=people&a=99.01.01"), "01.2001").figure.value == 1000
    then = scene_of("i=people&a=99.01.01&per=2025-02-28")
    assert row_of(then, "01.2001").figure.value == 10
    assert then.own.value == 60
    assert scene_of("i=people&per=2025-03-01").own.value == 350 - 10 + 1000
    assert later > EARLY


def test_demonstration_data_is_marked_where_it_is_shown(measured, scene_of):
    invented = make_indicator("invented", roll_up="none")
    observe(invented, "2024", {"01.2001": 1}, source=make_source(is_demo=True))
    assert scene_of("i=invented&l=village").is_demo
    assert not scene_of("i=people").is_demo


def test_everything_else_that_can_be_chosen_has_an_address(measured, state_of):
    choices = read_choices(state_of("i=people&t=2023"))
    ((sector, offered),) = choices.sectors
    assert sector.code == "test"
    assert [(i.code, c.is_current) for i, c in offered] == [
        ("people", True),
        ("homes", False),
        ("size", False),
    ]
    assert [(c.label, c.address, c.is_current) for c in choices.periods] == [
        ("2023", "/peta/?i=people&t=2023", True),
        ("2024", "/peta/?i=people", False),
    ]
    assert [c.is_current for c in choices.levels] == [True, False]
    assert len(choices.schemes) == 3, "manual limits only where the owner has set some"
    assert read_choices(state_of("a=99.01.01.2001")).levels == []


def test_outlines_are_those_of_the_scope_with_the_districts_around(drawn, measured, scene_of):
    whole = scene_of("i=size").outlines
    assert (whole.drawn.parent.code, whole.drawn.level, whole.context) == (
        "99.01",
        "district",
        None,
    )
    part = scene_of("i=size&a=99.01.02.2001").outlines
    assert (part.drawn.parent.code, part.drawn.level) == ("99.01.02", "village")
    assert (part.context.parent.code, part.context.level) == ("99.01", "district")
    assert (
        part.villages.content_hash
        == Outline.objects.get(parent=drawn.regency, level="village").content_hash
    )


def test_a_scene_takes_few_queries(drawn, measured, state_of, django_assert_max_num_queries):
    from geo.maps.queries import read_scene

    state = state_of("i=size&a=99.01.01.2001")
    with django_assert_max_num_queries(12):
        scene = read_scene(state)
    assert scene.own.value is not None and scene.rows
