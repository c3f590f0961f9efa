import datetime

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from geo.indicators.queries import find_indicator, read_figure
from geo.roads.batch.class_sets import UnknownClassSet
from geo.roads.batch.reports import Origin
from geo.roads.batch.surveys import SurveysRequest, import_surveys
from geo.roads.models import Road, RoadSurvey
from tests.roads.world import REGENCY, make_road

# As offices send it: title, three rows of headings with merged cells, a row of column
# numbers, decimal commas, "-" for nothing, a footnote mark, a total and a footnote.
TITLE = ["DATA DASAR PRASARANA JALAN KABUPATEN"]
HEADING = [
    [
        "No",
        "Nomor Ruas",
        "Nama Ruas",
        "Panjang (km)",
        "Lebar (m)",
        "Panjang tiap permukaan (km)",
        "",
        "",
        "",
        "Panjang tiap kondisi",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "LHR",
        "Ket",
    ],
    [
        "",
        "",
        "",
        "",
        "",
        "Aspal/Penetrasi/Makadam",
        "Perkerasan Beton",
        "Telford/Kerikil",
        "Tanah/Belum Tembus",
        "Baik",
        "",
        "Sedang",
        "",
        "Rusak Ringan",
        "",
        "Rusak Berat",
        "",
        "",
        "",
    ],
    ["", "", "", "", "", "", "", "", "", "Km", "%", "Km", "%", "Km", "%", "Km", "%", "", ""],
    [str(n) for n in range(1, 20)],
]
ROW = [
    "1",
    "001",
    "Satu",
    "2,000",
    "4,5",
    "1,25",
    "0,75",
    "-",
    "-",
    "0,8",
    "40",
    "0,4",
    "20",
    "0,5*",
    "25",
    "0,3",
    "15",
    "120",
    "",
]
FOOT = [["", "", "Jumlah", "2,000", "", "1,25", "0,75"], ["*) diukur ulang"]]


def row(**changed):
    places = {"number": 1, "name": 2, "length": 3, "asphalt": 5, "good": 9, "fair": 11, "light": 13}
    cells = list(ROW)
    for name, value in changed.items():
        cells[places[name]] = value
    return cells


def write(path, *rows, heading=None, foot=FOOT):
    lines = [TITLE, [], *(HEADING if heading is None else heading), *rows, *foot]
    path.write_text("\n".join(";".join(cells) for cells in lines), encoding="utf-8")
    return path


def load(path, year=2024, **more):
    origin = Origin(path, entered_by="test", accept_warnings=more.pop("accept", ""))
    return import_surveys(SurveysRequest(origin, REGENCY, year, **more))


def said(report):
    return " | ".join(f"{issue.row} {issue.column}: {issue.message}" for issue in report.issues)


def test_an_official_table_with_all_its_oddities(roads_kotak, tmp_path):
    make_road()
    report = load(write(tmp_path / "dd1.csv", ROW))
    assert said(report) == ""
    survey = RoadSurvey.objects.get()
    assert (survey.length_m, survey.asphalt_m, survey.concrete_m, survey.gravel_m) == (
        2000,
        1250,
        750,
        0,
    )
    assert (survey.good_m, survey.fair_m, survey.light_damage_m, survey.heavy_damage_m) == (
        800,
        400,
        500,
        300,
    )
    assert (survey.width_m, survey.daily_traffic, survey.class_set) == (4.5, 120, "bina_marga")
    figure = read_figure(
        indicator=find_indicator("road_steadiness"), period="2024", area=roads_kotak.regency
    )
    assert figure.value == pytest.approx(60)
    again = load(tmp_path / "dd1.csv")
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


def test_the_same_from_a_workbook_with_merged_cells(roads_kotak, tmp_path):
    make_road()
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in [TITLE, *HEADING]:
        sheet.append([cell or None for cell in cells])
    sheet.merge_cells("F2:I2")
    sheet.merge_cells("J2:Q2")
    sheet.append(
        [1, "001", "Satu", 2.0, 4.5, 1.25, 0.75, "-", None, 0.8, 40, 0.4, 20, 0.5, 25, 0.3, 15, 120]
    )
    book.save(tmp_path / "dd1.xlsx")
    report = load(tmp_path / "dd1.xlsx")
    assert said(report) == ""
    assert RoadSurvey.objects.get().steadiness_percent == 60


def test_parts_that_do_not_add_up_say_by_how_much(roads_kotak, tmp_path):
    make_road()
    report = load(write(tmp_path / "d.csv", row(good="0,9", asphalt="1,20")))
    text = said(report).replace(",", ".")
    assert "The conditions add up to 2.100 km. the length is 2.000 km: 0.100 km too much" in text
    assert "The surfaces add up to 1.950 km. the length is 2.000 km: 0.050 km too little" in text
    assert all(issue.row == 7 for issue in report.issues)
    assert not RoadSurvey.objects.exists()


def test_ten_metres_are_rounding(roads_kotak, tmp_path):
    make_road()
    assert load(write(tmp_path / "d.csv", row(good="0,81"))).new == 1
    assert not load(write(tmp_path / "e.csv", row(good="0,811"))).written


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"length": "-"}, "A road of 0 m cannot be"),
        ({"length": "0"}, "A road of 0 m cannot be"),
        ({"fair": "kurang"}, "“kurang” is not a number"),
        ({"light": "-0,5"}, "A length cannot be negative"),
        ({"number": "999"}, "There is no road 999"),
        ({"number": ""}, "The row has no number"),
    ],
)
def test_one_bad_cell_is_named_with_its_row(roads_kotak, tmp_path, changed, sentence):
    make_road()
    report = load(write(tmp_path / "d.csv", row(**changed)))
    assert sentence in said(report)
    assert {issue.row for issue in report.issues} == {7}
    assert not RoadSurvey.objects.exists()


def test_a_number_that_stands_twice(roads_kotak, tmp_path):
    make_road()
    assert "The road 001 stands in row 7 already" in said(load(write(tmp_path / "d.csv", ROW, ROW)))


def test_rusak_sedang_is_never_taken_for_sedang(roads_kotak, tmp_path):
    make_road()
    heading = [list(cells) for cells in HEADING]
    heading[1][11] = "Rusak Sedang"
    path = write(tmp_path / "d.csv", ROW, heading=heading)
    report = load(path)
    assert "“rusak sedang” is not a class of “bina_marga”" in said(report)
    assert "“sedang” is not" in said(report) and "village_west_java" in said(report)
    assert not RoadSurvey.objects.exists()
    heading[1][5:9] = ["Aspal", "Beton", "Kerikil", "Tanah"]
    assert load(write(path, ROW, heading=heading), classes="village_west_java").new == 1
    survey = RoadSurvey.objects.get()
    assert (survey.fair_m, survey.heavy_damage_m, survey.steadiness_percent) == (0, 700, 40)
    assert survey.class_set == "village_west_java"


def test_the_village_set_has_no_sedang(roads_kotak, tmp_path):
    make_road()
    report = load(write(tmp_path / "d.csv", ROW), classes="village_west_java")
    assert "“sedang” is not a class of “village_west_java”" in said(report)
    with pytest.raises(UnknownClassSet, match="bina_marga, village_west_java"):
        load(tmp_path / "d.csv", classes="lain")


def test_a_comma_that_can_be_either_is_asked_about(roads_kotak, tmp_path):
    make_road()
    cells = row(length="2,000", asphalt="1,250", good="1,200", fair="-", light="-")
    cells[6], cells[15], cells[4] = "-", "-", "-"
    cells[5] = cells[9] = "2,000"
    path = write(tmp_path / "d.csv", cells, foot=[])
    assert "Say which with --decimal" in said(load(path))
    assert load(path, decimal=",").new == 1
    mixed = write(tmp_path / "m.csv", row(asphalt="1.25"))
    assert "Some numbers have a decimal comma, some a decimal point" in said(load(mixed))


def test_future_years_are_refused(roads_kotak, tmp_path, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: datetime.date(2026, 11, 22))
    make_road()
    path = write(tmp_path / "d.csv", ROW)
    assert "A survey of the year 2027 cannot be" in said(load(path, year=2027))
    assert load(path, year=2026).new == 1


def test_roads_without_a_line_are_entered_on_request(roads_kotak, tmp_path):
    report = load(write(tmp_path / "d.csv", ROW), authority="kabupaten")
    assert (report.new, report.new_roads) == (1, 1)
    road = Road.objects.get()
    assert (road.name, road.line, road.length_m) == ("Satu", None, 2000)


def test_a_survey_much_longer_than_the_road_is_a_warning(roads_kotak, tmp_path):
    make_road(length_m=1800)
    report = load(write(tmp_path / "d.csv", ROW))
    assert [issue.severity for issue in report.issues] == ["warning"]
    assert not report.written
    assert load(tmp_path / "d.csv", accept="diukur ulang").new == 1


def test_tables_that_are_none(roads_kotak, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1;2\n")
    assert "no heading was found" in said(load(path))
    path.write_text("")
    assert "no heading was found" in said(load(path))


def test_command(roads_kotak, tmp_path, capsys):
    make_road()
    path = write(tmp_path / "d.csv", ROW)
    call_command("import_road_surveys", path, year=2024, dry_run=True)
    assert not RoadSurvey.objects.exists()
    call_command("import_road_surveys", path, year=2024)
    assert RoadSurvey.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("import_road_surveys", write(path, row(length="0")), year=2024)
    assert "7" in capsys.readouterr().out
