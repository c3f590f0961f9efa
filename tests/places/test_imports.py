import json

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from geo.indicators.models import Observation
from geo.lib.tables import ERROR, NOTICE, WARNING
from geo.places.batch.imports import Request, import_places
from geo.places.models import Place, PlaceRevision
from tests.places.world import inside, make_source, publish, school

HEAD = "NPSN,Nama Sekolah,Kode Desa,Desa,Kecamatan,Lintang,Bujur,Status,Jumlah Siswa,Guru\n"


def row(npsn="10000001", name="SD 1", code="99.01.01.2001", at=None, **cells):
    given = {"desa": "", "kecamatan": "", "status": "N", "pupils": "100", "teachers": "5"} | cells
    lat, lon = at or ("", "")
    cells = [npsn, name, code, given["desa"], given["kecamatan"], lat, lon]
    cells += [given["status"], given["pupils"], given["teachers"]]
    return ",".join(f'"{str(cell).replace(chr(34), chr(34) * 2)}"' for cell in cells) + "\n"


def at(village, east=0.5, north=0.5, decimals=5):
    lon, lat = inside(village, east, north)
    return f"{lat:.{decimals}f}", f"{lon:.{decimals}f}"


@pytest.fixture
def take(kotak, tmp_path):
    def import_rows(*rows, kind="school", head=HEAD, name="list.csv", **options):
        path = tmp_path / name
        path.write_text(head + "".join(rows), encoding="utf-8")
        return import_places(Request(path=path, kind=kind, period="2024", **options))

    return import_rows


def sentences(report, severity=ERROR):
    return [(issue.row, issue.column, issue.message) for issue in report.of_severity(severity)]


def only_error(report):
    assert report.done is None
    assert not Place.objects.exists()
    assert not Observation.objects.exists()
    (error,) = sentences(report)
    return error


def test_a_clean_list_is_published_with_its_figures(kotak, take):
    village = kotak.villages[0]
    report = take(row(at=at(village)), row("10000002", "SD 2", at=at(village, 0.2)))
    assert sentences(report) == []
    assert report.done.new == 2
    first = Place.objects.get(identifier="10000001")
    assert first.attributes == {"status": "negeri", "pupils": 100, "teachers": 5}
    assert (first.village, first.precision, first.source_row) == (village, "exact", 2)
    assert first.source.file_name == "list.csv"
    assert Observation.objects.get(indicator__code="pupils", area=village).value == 200
    assert (
        take(row(at=at(village)), row("10000002", "SD 2", at=at(village, 0.2))).done.unchanged == 2
    )
    assert not PlaceRevision.objects.exists()


def test_the_village_is_derived_from_the_point(kotak, take):
    report = take(row(code="", at=at(kotak.villages[6])))
    assert report.done.new == 1
    assert Place.objects.get().village == kotak.villages[6]


def test_few_decimals_are_approximate_and_no_point_is_village_only(kotak, take):
    village = kotak.villages[0]
    take(row(at=at(village, decimals=3)), row("10000002", "SD 2"))
    found = dict(Place.objects.values_list("identifier", "precision"))
    assert found == {"10000001": "approximate", "10000002": "village_only"}


def test_another_village_than_stated_is_a_warning_and_then_the_stated_one(kotak, take):
    rows = [row(code="99.01.01.2001", at=at(kotak.villages[5]))]
    report = take(*rows)
    ((number, column, sentence),) = sentences(report, WARNING)
    assert (number, column) == (2, "Kode Desa")
    assert "Ubin 22" in sentence
    assert "Ubin 11" in sentence
    assert report.done is None
    assert not Place.objects.exists()
    assert take(*rows, accept_warnings="boundary is indicative").done.new == 1
    place = Place.objects.get()
    assert place.village == kotak.villages[0]
    assert "boundary is indicative" in place.source.title


def test_a_village_without_boundary_is_believed(kotak, take):
    report = take(row(code="99.01.04.1005", at=at(kotak.villages[15])))
    assert report.done.new == 1
    assert "has no boundary yet" in sentences(report, NOTICE)[-1][2]
    assert Place.objects.get().village == kotak.villages[16]


def test_outside_the_regency_is_refused_but_a_jetty_is_not(kotak, take):
    assert "outside Kabupaten Kotak" in only_error(take(row(at=("-2.90000", "104.90000"))))[2]
    lon, lat = inside(kotak.villages[0], -0.6, 0.5)
    sentence = only_error(take(row(at=(f"{lat:.6f}", f"{lon:.6f}"))))[2]
    assert "600 m from Desa Ubin 11" in sentence
    lon, lat = inside(kotak.villages[0], -0.2, 0.5)
    assert take(row(at=(f"{lat:.6f}", f"{lon:.6f}"))).done.new == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"at": ("104.73500", "-2.52500")}, "swapped: -2.52500 is the latitude"),
        ({"at": ("2.52500", "204.7")}, "not in Indonesia"),
        ({"at": ("9720500", "470500")}, "not metres"),
        ({"at": ("12.52500", "104.73500")}, "not in Indonesia"),
        ({"at": ("10.5", "104.73500")}, "lacks its minus"),
        ({"at": ("di pasar", "104.73500")}, "no coordinates"),
        ({"npsn": "123"}, "no NPSN"),
        ({"npsn": ""}, "needs its NPSN"),
        ({"npsn": "1234567"}, "lost zero"),
        ({"name": ""}, "needs a name"),
        ({"status": "Yayasan"}, "Negeri, Swasta"),
        ({"pupils": "-5"}, "between 0 and 2,000"),
        ({"pupils": "2001"}, "between 0 and 2,000"),
        ({"pupils": "seratus"}, "must be a number"),
        ({"pupils": "12.5"}, "whole number"),
        ({"pupils": "1.500"}, "decimal = “,” or “.”"),
        ({"code": "99.01.09.2001"}, "No village of the regency"),
        ({"code": "201100  "}, "ministry of education"),
        ({"code": ""}, "Neither a village nor usable coordinates"),
    ],
)
def test_refused_with_row_and_sentence_and_nothing_written(kotak, take, cells, said):
    number, _column, sentence = only_error(take(row(**cells)))
    assert number == 2
    assert said in sentence


def test_all_problems_at_once(kotak, take):
    report = take(row(npsn="1", pupils="x"), row("10000002", "SD 2", status="?", code="1"))
    assert [issue.row for issue in report.of_severity(ERROR)] == [2, 2, 3, 3]


def test_a_dash_is_unknown_never_zero(kotak, take):
    take(row(pupils="-", teachers=""))
    assert Place.objects.get().attributes == {"status": "negeri"}
    assert (
        Observation.objects.get(indicator__code="pupils", area=kotak.villages[0]).status
        == "missing"
    )


def test_a_number_twice_names_both_rows(kotak, take):
    number, column, sentence = only_error(take(row(), row(name="SD 2")))
    assert (number, column) == (3, "NPSN")
    assert "row 2 already, for SD 1" in sentence


def test_a_number_of_another_kind_is_refused(kotak, take):
    publish(kotak, [school(kotak.villages[0], "10000001")])
    Place.objects.update(kind=Place.objects.get().kind.__class__.objects.get(code="post"))
    report = take(row())
    assert "belongs to SD 1 already, which is listed as Post" in sentences(report)[0][2]


def test_names_without_numbers_are_told_apart_by_village(kotak, take):
    head = "nama,desa,kecamatan\n"
    rows = ["Melati,Ubin 11,Petak 1\n", "Melati,Ubin 12,Petak 1\n", "MELATI,Ubin 11,Kec. Petak 1\n"]
    assert take(*rows[:2], head=head, kind="post").done.new == 2
    report = take(*rows, head=head, kind="post")
    assert "stands in row 2 already" in sentences(report)[0][2]


def test_a_doubtful_name_is_decided_by_the_point_or_by_a_person(kotak, take):
    rows = [row(code="", desa="Ubim 11", kecamatan="Petak 1")]
    assert "99.01.01.2001 Ubin 11" in only_error(take(*rows))[2]
    rows = [row(code="", desa="Ubim 11", kecamatan="Petak 1", at=at(kotak.villages[0]))]
    report = take(*rows)
    assert report.done.new == 1
    assert "Taken for Desa Ubin 11" in sentences(report, NOTICE)[-1][2]


def test_zero_coordinates_leave_the_village_after_a_warning(kotak, take):
    rows = [row(at=("0", "0.0"))]
    assert "0, 0 is no position" in sentences(take(*rows), WARNING)[0][2]
    assert take(*rows, accept_warnings="known").done.new == 1
    assert Place.objects.get().precision == "village_only"


def test_many_at_one_point_are_an_office(kotak, take):
    village = kotak.villages[0]
    rows = [row(f"100000{n:02d}", f"SD {n}", at=at(village)) for n in range(1, 26)]
    ((_row, _column, sentence),) = sentences(take(*rows), WARNING)
    assert sentence.startswith("25 places have the same coordinates (rows 2, 3, 4")
    assert take(*rows[:2]).done.new == 2


def test_degrees_minutes_and_seconds(kotak, take):
    lon, lat = inside(kotak.villages[0])

    def sexagesimal(degrees, mark):
        seconds = round(abs(degrees) * 3600)
        return f"{seconds // 3600}°{seconds // 60 % 60}'{seconds % 60}\" {mark}"

    report = take(row(code="", at=(sexagesimal(lat, "LS"), sexagesimal(lon, "BT"))))
    assert report.done.new == 1
    assert Place.objects.get().point.y == pytest.approx(lat, abs=1 / 3600)


def test_a_workbook_with_numbers_as_numbers(kotak, tmp_path):
    lon, lat = inside(kotak.villages[0])
    book = Workbook()
    book.active.append(["npsn", "nama", "latitude", "longitude", "pupils"])
    book.active.append([10000001, "SD  1 ", lat, lon, 100])
    book.active.append([12345, "SD 2", lat, lon, 100])
    book.save(tmp_path / "list.xlsx")
    request = Request(path=tmp_path / "list.xlsx", kind="school", period="2024")
    report = import_places(request)
    assert [issue.row for issue in report.of_severity(ERROR)] == [3]
    book.active.delete_rows(3)
    book.save(tmp_path / "list.xlsx")
    assert import_places(request).done.new == 1
    place = Place.objects.get()
    assert (place.identifier, place.name, place.precision) == ("10000001", "SD 1", "exact")


def feature(village, npsn, **changed):
    lon, lat = inside(village)
    properties = {"npsn": npsn, "nama": "SD 1", "kode_desa": f"{village.code}  ", "pupils": 12}
    geometry = {"type": "Point", "coordinates": [lon, lat, 4.5]}
    return {"type": "Feature", "properties": properties, "geometry": geometry} | changed


def geojson(path, *features, **changed):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | changed))
    return import_places(Request(path=path, kind="school", period="2024"))


def test_geojson(kotak, tmp_path):
    path = tmp_path / "list.json"
    report = geojson(path, feature(kotak.villages[0], "10000001"))
    assert report.done.new == 1
    assert Place.objects.get().attributes == {"pupils": 12}
    line = {"type": "LineString", "coordinates": [[104, -2], [105, -2]]}
    bad = [
        (geojson(path, feature(kotak.villages[0], "10000001", geometry=line)), "another geometry"),
        (geojson(path, feature(kotak.villages[0], "1"), crs={"name": "EPSG:32748"}), "another CRS"),
        (geojson(path, type="Topology", features=None), "no GeoJSON"),
    ]
    for report, said in bad:
        assert said in sentences(report)[0][2]


def test_a_columns_map_names_what_no_heading_tells(kotak, take, tmp_path):
    columns = tmp_path / "map.toml"
    columns.write_text(
        '[columns]\n"A" = "identifier"\n"B" = "name"\n"C" = "code"\n"D" = "pupils"\n'
        '[reading]\ndecimal = ","\n[source]\ntitle = "Dapodik"\n'
    )
    rows = ["10000001,SD 1,99.01.01.2001,1.500\n"]
    assert take(*rows, head="A,B,C,D\n", columns=columns).done.new == 1
    place = Place.objects.get()
    assert (place.attributes, place.source.title) == ({"pupils": 1500}, "Dapodik")
    assert "no column “A”" in sentences(take(*rows, head="X,B,C,D\n", columns=columns))[0][2]
    columns.write_text('[columns]\n"A" = "npsm"\n[readng]\n')
    with pytest.raises(CommandError, match=r"readng(.|\n)*npsm"):
        call_command("import_places", tmp_path / "list.csv", kind="school", columns=columns)


def test_missing_columns_are_said_with_their_usual_names(kotak, take):
    said = [sentence for _row, _column, sentence in sentences(take("1\n", head="Jalan\n"))]
    assert "“name”" in said[0]
    assert "“identifier”" in said[1]
    assert "lintang and bujur" in said[2]


def test_real_lists_replace_invented_ones_even_with_the_same_number(kotak, take):
    demo = make_source(is_demo=True)
    publish(kotak, [school(kotak.villages[0], "10000001")], source=demo)
    assert take(row()).done.new == 1
    assert not Place.objects.filter(source__is_demo=True).exists()


def test_the_command_says_everything_and_a_trial_run_writes_nothing(kotak, tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text(HEAD + row(), encoding="utf-8")
    call_command("import_places", path, kind="school", period="2024", dry_run=True)
    said = capsys.readouterr().out
    assert "1 new" in said
    assert "nothing was written" in said
    assert not Place.objects.exists()
    path.write_text(HEAD + row(npsn="1"), encoding="utf-8")
    with pytest.raises(CommandError, match="errors above"):
        call_command("import_places", path, kind="school")
    assert "error [2, NPSN] 1:" in capsys.readouterr().out
    for wrong, said in [
        ({"kind": "x"}, "Known are: school, post"),
        ({"period": "2024-03"}, "errors above"),
    ]:
        with pytest.raises(CommandError, match=said):
            call_command("import_places", path, **{"kind": "school"} | wrong)
    with pytest.raises(CommandError, match="no file"):
        call_command("import_places", tmp_path / "nothing.csv", kind="school")
