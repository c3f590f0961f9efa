"""Places through submissions: checked as lists are, published, verified and taken back."""

import pytest

from geo.areas.batch.outlines import refresh_outlines
from geo.indicators.models import Observation, Status
from geo.indicators.services import BuiltUpon
from geo.lib.uploads.reading import read_upload
from geo.lib.workbooks.recognising import recognise
from geo.places.models import Place, PlaceKind, PlaceRevision
from geo.places.queries import places_geojson, places_json
from geo.places.services import NewPlace, PlaceOfOthers, publish_places
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.changes import read_changes
from geo.submissions.kinds.inspecting import inspect_grid
from geo.submissions.models import State
from geo.submissions.services.workbooks import asked_of, make_workbook
from tests.places.world import make_source
from tests.submissions.place_world import grid, inside, make_kinds, sent_grid
from tests.submissions.publishing import countered, published, undone, verified
from tests.submissions.world import DISTRICT, NEIGHBOUR, VILLAGE, YEAR

pytestmark = pytest.mark.django_db
SCHOOL = {"kind": "school", "name": "SD 1", "identifier": "10600001", "pupils": 120}


@pytest.fixture(autouse=True)
def kinds(world):
    make_kinds(world)


def at(world, code=VILLAGE, east=0.5, north=0.5):
    return inside(world.area(code), east, north)


def stand(world, name="SD 1", number="10600001", code=VILLAGE, kind="school", **more):
    """A place that stands already, from another source."""
    source = make_source(is_demo=more.pop("is_demo", False))
    point = inside(world.area(code), *more.pop("where", (0.5, 0.5)))
    publish_places(
        kind=PlaceKind.objects.get(code=kind),
        places=[
            NewPlace(name, world.area(code).pk, point["lon"], point["lat"], "exact", number, more)
        ],
        source=source,
        period="2024",
        covers=world.kotak.regency,
        is_complete=False,
    )
    return Place.objects.get(name=name)


def said(world, form, *rows, keys=(), severity="error"):
    found = inspect_grid(form, grid(form, *rows, keys=keys))
    return [(one.row, one.column, one.rule) for one in found if one.severity == severity]


def counts(code, period=YEAR):
    rows = Observation.objects.as_of().filter(indicator__code=code, period=period)
    return {row.area.code: (row.value, row.status) for row in rows.select_related("area")}


def test_a_number_that_stands_no_more_is_told_as_that(world):
    form = world.form(world.lists)
    found = inspect_grid(form, grid(form, SCHOOL | at(world), keys=["987654"]))
    (issue,) = [one for one in found if one.severity == "error"]
    assert (issue.column, issue.rule) == ("", "gone")
    assert "number 987654" in issue.message
    assert "or no longer" in issue.message


# --- columns and rows ----------------------------------------------------------------


def test_columns_are_those_of_all_places_and_the_attributes_of_the_kinds(world):
    columns = kind_of(world.lists).columns(world.form(world.lists))
    assert [column.code for column in columns] == [
        "kind", "name", "identifier", "village", "lon", "lat", "precision",
        "status", "pupils", "beds", "closed_on",
    ]  # fmt: skip
    village = next(column for column in columns if column.code == "village")
    assert village.locked
    of_district = kind_of(world.lists).columns(world.form(world.lists, DISTRICT))
    assert not next(column for column in of_district if column.code == "village").locked


def test_an_attribute_with_the_name_of_a_column_gets_a_column_of_its_own(world):
    kind = PlaceKind.objects.get(code="post")
    kind.attributes[0]["code"] = "name"
    kind.save()
    codes = [column.code for column in kind_of(world.lists).columns(world.form(world.lists))]
    assert codes.count("name") == 1
    assert "post_name" in codes


def test_rows_are_the_open_places_of_the_area(world):
    place = stand(world, pupils=80)
    stand(world, "SD 2", "10600002", NEIGHBOUR)
    form = world.form(world.lists)
    assert [(row.key, row.label) for row in kind_of(world.lists).rows(form)] == [
        (str(place.pk), "SD 1")
    ]
    standing = kind_of(world.lists).standing(form)[str(place.pk)]
    assert standing["pupils"] == 80
    assert standing["village"] == VILLAGE


# --- checks ----------------------------------------------------------------------------


def test_a_whole_row_is_right(world):
    form = world.form(world.lists)
    row = {**SCHOOL, **at(world)}
    assert inspect_grid(form, grid(form, row)) == []


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"kind": None}, "kind"),
        ({"name": None}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"identifier": None}, "identifier"),
        ({"identifier": "123"}, "identifier"),
        ({"pupils": 3000}, "pupils"),
        ({"pupils": 1.5}, "pupils"),
        ({"beds": 3}, "beds"),
        ({"lat": None}, "lat"),
        ({"lon": -2.5, "lat": 104.7}, "lat"),
        ({"lat": 2.53}, "lat"),
        ({"lon": 110.0}, "lat"),
        ({"closed_on": "2025-01-01"}, "closed_on"),
        ({"status": "sekolah alam"}, "status"),
    ],
)
def test_what_is_wrong_is_said_once_at_its_cell(world, wrong, column):
    form = world.form(world.lists)
    row = {code: cell for code, cell in {**SCHOOL, **at(world), **wrong}.items() if cell}
    found = [one for one in inspect_grid(form, grid(form, row)) if one.severity == "error"]
    assert [(one.row, one.column) for one in found] == [(8, column)]
    assert found[0].message.endswith((".", ". "))


def test_a_point_in_another_village_is_a_warning_and_outside_of_the_regency_an_error(world):
    form = world.form(world.lists)
    there = {**SCHOOL, **at(world, NEIGHBOUR)}
    assert said(world, form, there, severity="warning") == [(8, "lat", "other_village")]
    west = inside(world.area(VILLAGE), -0.6, 0.5)
    assert said(world, form, {**SCHOOL, **west}) == [(8, "lat", "outside")]


def test_degrees_minutes_and_seconds_are_read(world):
    form = world.form(world.lists)
    where = at(world)
    minutes = abs(where["lat"]) * 60
    text = f"{int(minutes // 60)}°{int(minutes % 60)}'{minutes % 1 * 60:.2f}\" LS"
    assert said(world, form, {**SCHOOL, **where, "lat": text}) == []
    assert said(world, form, {**SCHOOL, **where, "lat": "di hulu"}) == [
        (8, "lat", "not_a_coordinate")
    ]


def test_villages_of_a_district_are_known_by_code_and_by_name(world):
    form = world.form(world.lists, DISTRICT)
    row = {"kind": "post", "name": "Pos A"}
    for village in (VILLAGE, "Desa Ubin 11", "ubin 11"):
        assert said(world, form, {**row, "village": village}) in (
            [],
            [(8, "village", "not_a_choice")],
        )
    assert said(world, form, {**row, "village": VILLAGE}) == []
    assert said(world, form, row) == [(8, "village", "nowhere")]
    # Where nobody states it, the position tells.
    assert said(world, form, {**row, **at(world, NEIGHBOUR)}) == []


def test_two_rows_about_one_place_are_refused(world):
    form = world.form(world.lists)
    other = {**SCHOOL, "name": "SD 2"}
    assert said(world, form, SCHOOL, other) == [(9, "identifier", "place")]
    post = {"kind": "post", "name": "Pos A"}
    assert said(world, form, post, {**post, "name": "POS  A"}) == [(9, "name", "place")]


def test_a_number_of_a_place_elsewhere_is_refused(world):
    stand(world, "SD 9", "10600001", NEIGHBOUR)
    form = world.form(world.lists)
    assert said(world, form, SCHOOL) == [(8, "identifier", "taken")]


def test_a_second_place_within_twenty_metres_asks_whether_it_is_the_same(world):
    stand(world)
    form = world.form(world.lists)
    beside = at(world)
    beside["lat"] += 0.0001
    row = {**SCHOOL, "name": "SD 2", "identifier": "10600002", **beside}
    assert said(world, form, row, severity="warning") == [(8, "lat", "near")]
    # A post beside a school is another thing.
    post = {"kind": "post", "name": "Pos A", **beside}
    assert said(world, form, post, severity="warning") == []


def test_many_places_at_one_point_and_a_place_that_moves_far_want_a_reason(world):
    form = world.form(world.lists)
    posts = [{"kind": "post", "name": f"Pos {n}", **at(world)} for n in range(3)]
    assert said(world, form, *posts, severity="warning") == [(8, "lat", "shared_point")]
    place = stand(world, where=(0.1, 0.1))
    moved = {**SCHOOL, **at(world, VILLAGE, 0.9, 0.9)}
    found = said(world, form, moved, keys=[str(place.pk)], severity="warning")
    assert found == [(8, "lat", "moved")]


def test_what_stands_and_is_not_touched_is_not_questioned(world):
    place = stand(world, where=(-0.4, 0.5))  # Outside, as an importer's reason allowed it.
    form = world.form(world.lists)
    standing = dict(kind_of(world.lists).standing(form)[str(place.pk)])
    assert inspect_grid(form, grid(form, standing, keys=[str(place.pk)])) == []


# --- what changes ------------------------------------------------------------------------


def test_changes_name_old_and_new_by_place(world):
    place = stand(world, pupils=80, where=(0.1, 0.1))
    form = world.form(world.lists)
    content = grid(
        form, {"pupils": 90}, {"kind": "post", "name": "Pos A"}, keys=[str(place.pk), ""]
    )
    changes = read_changes(kind_of(world.lists), form, content)
    found = {(c.key, c.column): (c.old, c.new) for one in changes.columns for c in one.changes}
    assert found[str(place.pk), "pupils"] == (80, 90)
    assert found["#9", "name"] == (None, "Pos A")
    assert (str(place.pk), "name") not in found
    assert changes.n_rows == 2


def test_a_row_without_a_key_is_known_by_its_number(world):
    place = stand(world, pupils=80)
    form = world.form(world.lists)
    content = grid(form, {**SCHOOL, "pupils": 95})
    found = kind_of(world.lists).changes(form, content)
    assert [(one.key, one.column, one.new) for one in found] == [(str(place.pk), "pupils", 95)]


# --- publishing --------------------------------------------------------------------------


def test_publishing_writes_places_figures_and_the_layer(world, cast):
    place = stand(world, pupils=80)
    before = PlaceKind.objects.get(code="school").content_hash
    form = world.form(world.lists)
    new = {**SCHOOL, "name": "SD 2", "identifier": "10600002", "pupils": 20}
    new |= at(world, VILLAGE, 0.2, 0.2)
    content = grid(form, {"pupils": 90}, new, keys=[str(place.pk)])
    foretold = read_changes(kind_of(world.lists), form, content)
    done = published(sent_grid(form, cast.operator, content), cast.verifier)
    assert done.state == State.PUBLISHED
    made = done.publications.get()
    assert made.n_changed == 1
    assert (made.n_new + 1, made.n_unchanged) == (foretold.n_changed, foretold.n_unchanged)
    place.refresh_from_db()
    assert place.attributes == {"pupils": 90}
    assert Place.objects.get(name="SD 2").village.code == VILLAGE
    assert counts("schools") == {VILLAGE: (2, Status.UNVERIFIED)}
    assert counts("pupils") == {VILLAGE: (110, Status.UNVERIFIED)}
    # Of its own village the form says all: that there is no post is known now.
    assert counts("posts") == {VILLAGE: (0, Status.UNVERIFIED)}
    assert PlaceKind.objects.get(code="school").content_hash != before


def test_closing_a_place_takes_it_off_the_list_and_out_of_the_count(world, cast):
    place = stand(world, pupils=80)
    form = world.form(world.lists)
    content = grid(form, {"closed_on": "2025-07-01"}, keys=[str(place.pk)])
    assert inspect_grid(form, content) == []
    published(sent_grid(form, cast.operator, content), cast.verifier)
    place.refresh_from_db()
    assert str(place.closed_on) == "2025-07-01"
    assert counts("schools") == {VILLAGE: (0, Status.UNVERIFIED)}
    assert not Place.objects.open().exists()


def test_a_district_speaks_only_of_the_villages_it_names(world, cast):
    form = world.form(world.lists, DISTRICT)
    content = grid(form, {"kind": "post", "name": "Pos A", "village": NEIGHBOUR})
    published(sent_grid(form, cast.verifier, content), cast.officer)
    assert counts("posts") == {NEIGHBOUR: (1, Status.VERIFIED)}
    assert counts("schools") == {}


def test_verifying_says_the_same_under_another_source(world, cast):
    form = world.form(world.lists)
    done = published(sent_grid(form, cast.operator, grid(form, SCHOOL)), cast.verifier)
    done = verified(done, cast.officer)
    publication = done.publications.get()
    assert Place.objects.get().source_id == publication.verified_source_id
    assert counts("schools") == {VILLAGE: (1, Status.VERIFIED)}


def everything(world):
    layers = [PlaceKind.objects.get(code=code).content_hash for code in ("school", "post")]
    figures = {code: counts(code, "2024") | counts(code) for code in ("schools", "pupils", "posts")}
    return places_json(), places_geojson(), layers, figures


@pytest.mark.parametrize("is_verified", [False, True])
def test_after_undoing_every_channel_says_what_it_said_before(world, cast, is_verified):
    place = stand(world, pupils=80)
    closing = stand(world, "SD 3", "10600003", where=(0.3, 0.7))
    before = everything(world)
    form = world.form(world.lists)
    content = grid(
        form,
        {"pupils": 90, "name": "SD Negeri 1", **at(world, VILLAGE, 0.6, 0.6)},
        {"closed_on": "2025-07-01"},
        {"kind": "post", "name": "Pos A"},
        keys=[str(place.pk), str(closing.pk)],
    )
    done = published(sent_grid(form, cast.operator, content), cast.verifier)
    assert everything(world) != before
    if is_verified:
        done, entry = countered(verified(done, cast.officer), cast.officer, cast.walidata)
        assert (entry.state, entry.failure) == (State.VERIFIED, "")
    else:
        done = undone(done, cast.verifier)
    done.refresh_from_db()
    assert done.state == State.UNDONE
    assert everything(world) == before
    # What had been added is closed, not gone: its page remains, and so does its history.
    assert Place.objects.get(name="Pos A").closed_on is not None
    assert PlaceRevision.objects.filter(place=place).count() >= 2


def test_undoing_is_refused_where_others_have_built_on_it(world, cast):
    form = world.form(world.lists)
    first = published(sent_grid(form, cast.operator, grid(form, SCHOOL)), cast.verifier)
    place = Place.objects.get()
    later = grid(form, {"pupils": 130}, keys=[str(place.pk)])
    published(sent_grid(form, cast.operator, later), cast.verifier)
    first = undone(first, cast.verifier)
    assert first.state == State.PUBLISHED
    assert "cannot be undone" in first.failure or "dibatalkan" in first.failure
    assert issubclass(BuiltUpon, Exception)


def test_a_demonstration_account_changes_no_real_place(world, cast):
    place = stand(world, pupils=5)
    form = world.form(world.lists)
    content = grid(form, {"pupils": 7}, keys=[str(place.pk)])
    submission = sent_grid(form, cast.operator, content)
    submission.is_demo = True
    submission.save()
    done = published(submission, cast.verifier)
    assert done.state == State.SENT
    assert "SD 1" in done.failure
    place.refresh_from_db()
    assert place.attributes == {"pupils": 5}
    assert PlaceOfOthers.status == 409


# --- workbooks -----------------------------------------------------------------------------


def test_a_workbook_goes_out_filled_in_and_comes_back(world, cast, tmp_path):
    place = stand(world, pupils=80)
    form = world.form(world.lists)
    new = {**SCHOOL, "name": "SD 2", "identifier": "10600002", **at(world, VILLAGE, 0.2, 0.2)}
    typed = grid(form, {"pupils": 90}, new, keys=[str(place.pk)])
    path = tmp_path / "places.xlsx"
    path.write_bytes(make_workbook(form=form, grid=typed))
    found = recognise(read_upload(path).sheets, asked_of(form))
    assert [fault.code for fault in found.faults] == []
    assert [row.key for row in found.grid.rows] == [str(place.pk), ""]
    assert [one for one in inspect_grid(form, found.grid) if one.severity == "error"] == []
    changed = {(c.column, c.new) for c in kind_of(world.lists).changes(form, found.grid)}
    assert ("pupils", 90) in changed
    assert ("name", "SD 2") in changed


def test_our_own_workbook_unchanged_changes_nothing(world, tmp_path):
    stand(world, pupils=80, status="negeri")
    form = world.form(world.lists)
    path = tmp_path / "places.xlsx"
    path.write_bytes(make_workbook(form=form))
    found = recognise(read_upload(path).sheets, asked_of(form))
    assert kind_of(world.lists).changes(form, found.grid) == []
    assert inspect_grid(form, found.grid) == []


def test_the_picture_of_changes_shows_where_places_stood_and_will_stand(world):
    refresh_outlines(world.kotak.regency)
    place = stand(world, where=(0.1, 0.1))
    form = world.form(world.lists)
    new = {"kind": "post", "name": "Pos A", **at(world)}
    content = grid(form, at(world, VILLAGE, 0.4, 0.4), new, keys=[str(place.pk)])
    drawn = read_changes(kind_of(world.lists), form, content).places_picture
    assert drawn.count("<circle") == 3
    assert "map-picture__moves" in drawn
    only_name = grid(form, {"name": "SD Lain"}, keys=[str(place.pk)])
    assert read_changes(kind_of(world.lists), form, only_name).places_picture is None
