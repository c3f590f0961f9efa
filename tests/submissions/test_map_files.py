"""Maps as submissions: objects become rows, what is unclear is asked, all or nothing."""

import json
import zipfile

import pytest

from geo.lib.grids import grid_from_json, issues_from_json
from geo.places.models import Place
from geo.submissions.batch import jobs
from geo.submissions.forms.pages import SubmissionPage
from geo.submissions.models import State, Submission
from geo.submissions.rules.transitions import NotNow
from geo.submissions.services import mending, sending
from geo.submissions.services.returning import open_returned
from tests.submissions.place_world import inside, make_kinds
from tests.submissions.publishing import published
from tests.submissions.test_receiving import receive
from tests.submissions.world import NEIGHBOUR, VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(world):
    make_kinds(world)


def point(world, east=0.5, north=0.5, code=VILLAGE):
    where = inside(world.area(code), east, north)
    return {"type": "Point", "coordinates": [where["lon"], where["lat"]]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(*features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def check(world, content, name="titik.geojson") -> Submission:
    received = receive(world, content, form=world.form(world.lists), name=name)
    return run(received.submission)


def run(submission) -> Submission:
    jobs.run(submission.pk)
    submission = Submission.objects.get(pk=submission.pk)
    assert submission.job == ""
    return submission


def issues(submission, severity="error"):
    found = issues_from_json(submission.current.issues)
    return [(one.row, one.column, one.rule) for one in found if one.severity == severity]


def rows(submission):
    return grid_from_json(submission.current.content).rows


def school(world, n=1, east=0.5, **more):
    named = {"Jenis": "School", "Nama": f"SD {n}", "NPSN": f"1060000{n}", "Pupils": 100 + n}
    return feature(point(world, east), **named | more)


def test_points_become_rows_and_reach_the_map(world, cast):
    submission = check(world, geojson(school(world, 1, 0.2), school(world, 2, 0.8, Warna="biru")))
    assert submission.state == State.READY
    assert issues(submission) == []
    assert issues(submission, "notice") == [(None, "Warna", "unknown_column")]
    first = rows(submission)[0]
    assert first.cells["name"] == "SD 1"
    assert first.cells["identifier"] == "10600001"
    where = inside(world.area(VILLAGE), 0.2)
    assert (first.cells["lon"], first.cells["lat"]) == (where["lon"], where["lat"])
    sending.send(submission=submission, by=cast.operator, edit=submission.current.edit, note="")
    published(Submission.objects.get(pk=submission.pk), cast.verifier)
    assert set(Place.objects.open().values_list("name", "village__code")) == {
        ("SD 1", VILLAGE),
        ("SD 2", VILLAGE),
    }


def test_what_the_map_does_not_say_is_asked_once_for_all(world, cast):
    submission = check(world, geojson(feature(point(world), name="Pos A")))
    assert issues(submission) == [(None, "kind", "file:which_value")]
    question = SubmissionPage(submission, cast.operator).questions[0]
    assert question.name == "value-kind"
    assert [value for value, _label in question.choices] == ["school", "post"]
    mending.answer(submission=submission, by=cast.operator, answers={"value-kind": "post"})
    submission = run(submission)
    assert submission.state == State.READY
    assert rows(submission)[0].cells["kind"] == "post"


def test_which_of_several_attributes_is_the_name_is_asked(world, cast):
    odd = feature(point(world), Jenis="Post", NAMOBJ="Pos A", Nama="Bidan Sri")
    submission = check(world, geojson(odd))
    assert issues(submission) == [(None, "name", "file:which_column")]
    question = SubmissionPage(submission, cast.operator).questions[0]
    assert [value for value, _label in question.choices] == ["NAMOBJ", "Nama"]
    mending.answer(submission=submission, by=cast.operator, answers={"column-name": "NAMOBJ"})
    assert rows(run(submission))[0].cells["name"] == "Pos A"


def test_the_page_takes_the_answer(world, cast, client):
    submission = check(world, geojson(feature(point(world), name="Pos A")))
    client.force_login(cast.operator)
    page = client.get(f"/en/unggah/{submission.number}/").content.decode()
    assert 'name="value-kind"' in page
    answer = client.post(f"/en/unggah/{submission.number}/jawab/", {"value-kind": "post"})
    assert answer.status_code == 302
    submission.current.refresh_from_db()
    assert submission.current.answers == {"value-kind": "post"}


def test_a_bad_object_among_good_ones_names_its_row_and_stops_all(world, cast):
    far = {"type": "Point", "coordinates": [0.0, 51.0]}
    line = {"type": "LineString", "coordinates": [[104.73, -2.53], [104.74, -2.52]]}
    good = [school(world, n, 0.1 * n) for n in (1, 2, 3)]
    content = geojson(good[0], {**good[1], "geometry": far}, {**good[2], "geometry": line})
    submission = check(world, content)
    assert submission.state == State.FAULTY
    found = [one for one in issues(submission) if one[0] is not None]
    assert {(row, rule) for row, _column, rule in found} == {
        (2, "file:outside_indonesia"),
        (3, "file:wrong_geometry"),
    }
    with pytest.raises(NotNow):
        sending.send(submission=submission, by=cast.operator, edit=submission.current.edit, note="")
    assert not Place.objects.exists()


def test_the_number_of_a_person_is_told_at_its_attribute(world):
    content = geojson(feature(point(world), name="SD 1", pemilik="1607101203850003"))
    submission = check(world, content)
    assert (1, "", "file:personal_number") in issues(submission)
    (message,) = [one["message"] for one in submission.current.issues if "NIK" in one["message"]]
    assert message.startswith("Object 1: its attribute “pemilik”")
    assert "1607101203850003" not in message


def test_a_point_in_another_village_and_one_beside_another_want_a_reason(world):
    elsewhere = feature(point(world, code=NEIGHBOUR), Jenis="Post", Nama="Pos A")
    submission = check(world, geojson(elsewhere))
    assert issues(submission, "warning") == [(1, "lat", "other_village")]


def test_the_same_map_again_is_about_the_same_places(world, cast):
    submission = check(world, geojson(school(world)))
    sending.send(submission=submission, by=cast.operator, edit=submission.current.edit, note="")
    published(Submission.objects.get(pk=submission.pk), cast.verifier)
    again = check(world, geojson(school(world, Pupils=150)))
    assert issues(again) == []
    sending.send(submission=again, by=cast.operator, edit=again.current.edit, note="")
    published(Submission.objects.get(pk=again.pk), cast.verifier)
    assert Place.objects.get().attributes["pupils"] == 150


def test_kml_gpx_and_a_table_come_in_the_same_way(world):
    where = inside(world.area(VILLAGE))
    lon, lat = where["lon"], where["lat"]
    kml = (
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
        "<name>Pos A</name><ExtendedData><Data name='Jenis'><value>Post</value></Data>"
        f"</ExtendedData><Point><coordinates>{lon},{lat}</coordinates></Point></Placemark>"
        "</Document></kml>"
    )
    submission = check(world, kml.encode(), "titik.kml")
    assert issues(submission) == []
    assert rows(submission)[0].cells["name"] == "Pos A"
    gpx = (
        '<?xml version="1.0"?><gpx version="1.1" creator="uji" '
        'xmlns="http://www.topografix.com/GPX/1/1">'
        f'<wpt lat="{lat}" lon="{lon}"><name>Pos B</name></wpt></gpx>'
    )
    submission = check(world, gpx.encode(), "titik.gpx")
    assert issues(submission) == [(None, "kind", "file:which_value")]
    table = f"Jenis,Nama,Lintang,Bujur\nPost,Pos C,{lat},{lon}\n"
    submission = check(world, table.encode(), "titik.csv")
    assert issues(submission) == []
    assert rows(submission)[0].key == ""


def test_what_was_read_of_a_map_is_returned_as_a_workbook(world):
    submission = check(world, geojson(school(world, Pupils=5000)))
    assert issues(submission) == [(1, "pupils", "range")]
    with open_returned(submission.current) as file:
        assert "xl/workbook.xml" in zipfile.ZipFile(file).namelist()


def test_a_form_without_places_takes_no_map(world):
    received = receive(world, geojson(school(world)), form=world.form(), name="titik.geojson")
    submission = run(received.submission)
    assert issues(submission) == [(None, "", "file:not_a_table")]


def test_what_is_asked_above_is_not_listed_as_a_problem_too(world):
    submission = check(world, geojson(feature(point(world), a="SD 1", b="SD 2", kind="school")))
    page = SubmissionPage(submission, submission.created_by)
    assert page.questions
    asked = {question.message for question in page.questions}
    assert asked.isdisjoint(one.message for one in page.listed_errors)
    assert asked <= {one.message for one in page.problems.errors}
