"""The road inventory through submissions: DD-1 in, figures of villages out, and back again."""

import json

import pytest
from django.template.loader import render_to_string

from geo.areas.batch.outlines import refresh_outlines
from geo.indicators.models import Observation, Status
from geo.lib.uploads.reading import read_upload
from geo.lib.workbooks.recognising import recognise
from geo.roads.batch.publish import publish_roads
from geo.roads.models import Road, RoadLayer, RoadRevision, RoadSurvey
from geo.roads.queries import roads_geojson, roads_json
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.changes import read_changes
from geo.submissions.kinds.inspecting import inspect_grid
from geo.submissions.models import State
from geo.submissions.services.workbooks import asked_of, make_workbook
from tests.indicators.world import make_indicator
from tests.roads.world import feature, make_road, make_survey
from tests.submissions.place_world import grid, sent_grid
from tests.submissions.publishing import countered, published
from tests.submissions.test_map_files import issues, rows, run
from tests.submissions.test_receiving import receive
from tests.submissions.world import NEIGHBOUR, REGENCY, VILLAGE, YEAR

pytestmark = pytest.mark.django_db
FIGURES = ("road_length_km", "road_surveyed_km", "road_unsurveyed_km", "road_good_fair_km")
SURVEY = {
    "surveyed_km": 2.0,
    "asphalt_km": 1.5,
    "earth_km": 0.5,
    "good_km": 1.2,
    "heavy_damage_km": 0.8,
}
NEW = {"number": "002", "name": "Jalan Baru", "authority": "kabupaten", "length_km": 2.0}


@pytest.fixture(autouse=True)
def figures(world):
    for code in FIGURES:
        make_indicator(code, roll_up="sum", unit="km")


def of(world):
    return world.form(world.roads, REGENCY)


def said(world, *filled, keys=(), severity="error"):
    found = inspect_grid(of(world), grid(of(world), *filled, keys=keys))
    return [(one.row, one.column, one.rule) for one in found if one.severity == severity]


def km(code, village=VILLAGE):
    row = Observation.objects.as_of().filter(indicator__code=code, period=YEAR, area__code=village)
    return row.values_list("value", "status").first()


def drawn(number="002", points=((0, 500), (2000, 500))):
    return feature(number, points)["geometry"]


def content_of(world, *filled, keys=(), geometry=None):
    content = grid(of(world), *filled, keys=keys)
    content.rows[-1].geometry = geometry
    return content


# --- checks ----------------------------------------------------------------------------


def test_a_whole_row_is_right_and_what_stands_is_filled_in(world):
    road = make_road()
    make_survey(road, int(YEAR))
    assert said(world, {**NEW, **SURVEY}) == []
    standing = kind_of(world.roads).standing(of(world))["001"]
    assert standing["surveyed_km"] == 2.0
    assert standing["light_damage_km"] == 0.5
    assert said(world, standing, keys=["001"]) == []
    assert kind_of(world.roads).changes(of(world), grid(of(world), standing, keys=["001"])) == []


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"number": None}, "number"),
        ({"number": "#1"}, "number"),
        ({"name": None}, "name"),
        ({"authority": None}, "authority"),
        ({"surveyed_km": 600}, "surveyed_km"),
        ({"earth_km": 0.9}, "asphalt_km"),
        ({"good_km": 0.9}, "good_km"),
        ({"width_m": 400}, "width_m"),
        ({"daily_traffic": 1.5}, "daily_traffic"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(world, wrong, column):
    row = {code: cell for code, cell in {**NEW, **SURVEY, **wrong}.items() if cell is not None}
    assert (8, column) in [(line, code) for line, code, _rule in said(world, row)]


def test_lengths_that_differ_want_a_reason(world):
    row = {**NEW, "length_km": 3.0, **SURVEY}
    assert said(world, row, severity="warning") == [(8, "surveyed_km", "survey_differs")]
    content = content_of(world, {**NEW, "length_km": 3.0}, geometry=drawn())
    found = inspect_grid(of(world), content)
    assert [(one.column, one.rule) for one in found if one.severity == "warning"] == [
        ("length_km", "line_differs")
    ]


def test_a_line_outside_of_the_regency_is_refused(world):
    far = drawn(points=((-9000, 500), (-7000, 500)))
    found = inspect_grid(of(world), content_of(world, NEW, geometry=far))
    assert [one.rule for one in found if one.severity == "error"] == ["outside"]
    half = drawn(points=((-1000, 500), (1000, 500)))
    found = inspect_grid(of(world), content_of(world, NEW, geometry=half))
    assert [one.rule for one in found if one.severity == "warning"] == ["partly_outside"]


def test_a_road_stands_once_and_keeps_its_number(world):
    make_road()
    assert said(world, NEW, NEW) == [(9, "number", "road_twice")]
    assert said(world, {**NEW, "number": "009"}, keys=["001"]) == [(8, "number", "number_changed")]


# --- publishing and back -----------------------------------------------------------------


def test_publishing_measures_villages_and_draws_the_map(world, cast):
    content = content_of(world, {**NEW, **SURVEY}, geometry=drawn())
    done = published(sent_grid(of(world), cast.officer, content), cast.walidata)
    assert (done.state, done.failure) == (State.VERIFIED, "")
    road = Road.objects.get()
    assert road.line_length_m == pytest.approx(2000, rel=0.001)
    assert road.surveys.get().heavy_damage_m == 800
    # Half of it lies in each of two villages.
    assert km("road_length_km") == (pytest.approx(1, rel=0.001), Status.VERIFIED)
    assert km("road_good_fair_km", NEIGHBOUR) == (pytest.approx(0.6, rel=0.001), Status.VERIFIED)
    assert RoadLayer.objects.get().n_roads == 1


def everything():
    values = (
        Observation.objects.as_of()
        .filter(indicator__code__in=FIGURES)
        .order_by("indicator", "area", "period")
    )
    figures = list(values.values_list("indicator__code", "area__code", "period", "value", "status"))
    layer = RoadLayer.objects.values_list("content_hash", flat=True).first()
    return roads_json(authority=None), roads_geojson(authority=None), figures, layer


def test_after_undoing_every_channel_says_what_it_said_before(world, cast):
    road = make_road()
    make_survey(road, int(YEAR))
    publish_roads(REGENCY)
    before = everything()
    changed = {"name": "Jalan Lain", "good_km": 1.3, "light_damage_km": 0.0}
    content = content_of(world, changed, {**NEW, **SURVEY}, keys=["001"], geometry=drawn())
    done = published(sent_grid(of(world), cast.officer, content), cast.walidata)
    assert (done.state, done.failure) == (State.VERIFIED, "")
    assert everything() != before
    done, entry = countered(done, cast.officer, cast.walidata)
    assert (entry.state, entry.failure) == (State.VERIFIED, "")
    done.refresh_from_db()
    assert done.state == State.UNDONE
    assert everything() == before
    assert RoadRevision.objects.filter(number="002").exists()


def test_undoing_is_refused_where_others_have_built_on_it(world, cast):
    content = content_of(world, {**NEW, **SURVEY}, geometry=drawn())
    published(sent_grid(of(world), cast.officer, content), cast.walidata)
    make_survey(Road.objects.get(), int(YEAR) - 1, source=Road.objects.get().source)
    later = content_of(world, {"name": "Jalan Lain"}, keys=["002"])
    done = published(sent_grid(of(world), cast.officer, later), cast.walidata)
    assert Road.objects.get().name == "Jalan Lain"
    assert RoadSurvey.objects.count() == 2
    assert done.state == State.VERIFIED


# --- files -----------------------------------------------------------------------------------


def test_our_own_workbook_unchanged_changes_nothing(world, tmp_path):
    make_survey(make_road(), int(YEAR), conditions=(800, 400, 500, 333))
    path = tmp_path / "roads.xlsx"
    path.write_bytes(make_workbook(form=of(world)))
    found = recognise(read_upload(path).sheets, asked_of(of(world)))
    assert [row.key for row in found.grid.rows] == ["001"]
    assert kind_of(world.roads).changes(of(world), found.grid) == []


def test_lines_of_a_map_file_come_in(world, cast):
    made = feature("007", no_ruas="007", panjang_km=2)
    content = json.dumps({"type": "FeatureCollection", "features": [made]}).encode()
    received = receive(world, content, by=cast.officer, name="ruas.geojson", form=of(world))
    submission = run(received.submission)
    assert issues(submission) == []
    row = rows(submission)[0]
    assert (row.cells["number"], row.cells["authority"]) == ("007", "kabupaten")
    assert row.geometry["type"] == "LineString"


def test_a_demonstration_account_changes_no_real_road(world, cast):
    make_road()
    content = content_of(world, {"name": "Jalan Lain"}, keys=["001"])
    submission = sent_grid(of(world), cast.officer, content)
    submission.is_demo = True
    submission.save()
    done = published(submission, cast.walidata)
    assert "001" in done.failure
    assert Road.objects.get().name == "Jalan 001"


def test_lines_that_come_with_a_road_are_drawn_and_are_a_change_by_themselves(world, cast):
    refresh_outlines(world.kotak.regency)
    make_road()
    standing = kind_of(world.roads).standing(of(world))["001"]
    content = content_of(world, dict(standing), keys=["001"], geometry=drawn("001"))
    changes = read_changes(kind_of(world.roads), of(world), content)
    assert changes.n_changed == 0
    assert changes.lines_picture.count("map-picture__drawn") == 1
    page = render_to_string("submissions/_changes.html", {"changes": changes})
    assert "No figure changes; the lines on the map do." in page
    assert "1 line that comes with it" in page
