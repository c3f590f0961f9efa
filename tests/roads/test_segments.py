import pytest

from geo.roads.batch.reports import Origin
from geo.roads.batch.segments import import_segments
from geo.roads.batch.surveys import SurveysRequest
from geo.roads.models import RoadSegment
from tests.roads.world import REGENCY, make_road

HEADING = "No Ruas;Dari;Sampai;Lebar;Permukaan;Kondisi;IRI;SDI"


def load(path, *rows, **more):
    path.write_text("\n".join([HEADING, *rows]), encoding="utf-8")
    origin = Origin(path, entered_by="test")
    return import_segments(SurveysRequest(origin, REGENCY, 2024, **more))


def said(report):
    return " | ".join(f"{issue.row} {issue.column}: {issue.message}" for issue in report.issues)


def test_segments_take_their_condition_from_the_index_where_none_is_stated(roads_kotak, tmp_path):
    make_road()
    rows = [
        "001;0+000;0+500;4,5;Aspal;Baik;;",
        "001;500;1+000;4,5;Aspal;;4,0;",
        "001;1+000;2+000;4,5;Kerikil;;;150",
    ]
    report = load(tmp_path / "s.csv", *rows)
    assert said(report) == ""
    found = RoadSegment.objects.values_list("from_m", "to_m", "surface", "condition", "iri", "sdi")
    assert list(found) == [
        (0, 500, "asphalt", "good", None, None),
        (500, 1000, "asphalt", "fair", 4.0, None),
        (1000, 2000, "gravel", "heavy_damage", None, 150),
    ]
    again = load(tmp_path / "s.csv", *rows)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["001;0;600;;Aspal;Baik;;", "001;500;900;;Aspal;Baik;;"], "overlaps the one in row 2"),
        (["001;500;500;;Aspal;Baik;;"], "a segment of 0 m cannot be"),
        (["001;0;2500;;Aspal;Baik;;"], "road 001 is 2000 m long"),
        (["001;0;500;;Aspal;Rusak Sedang;;"], "is not a condition of “bina_marga”"),
        (["001;0;500;;Marmer;Baik;;"], "“Marmer” is not a surface"),
        (["001;0;500;;Aspal;;3,5;70"], "IRI and SDI give different conditions (fair, good)"),
        (["001;0;500;;Aspal;;;"], "State a condition, an IRI or an SDI"),
        (["001;0;500;;Aspal;;-1;"], "a width, IRI or SDI never is"),
        (["001;awal;500;;Aspal;Baik;;"], "is not a chainage"),
        (["009;0;500;;Aspal;Baik;;"], "There is no road 009"),
    ],
)
def test_what_cannot_be_is_refused_whole(roads_kotak, tmp_path, rows, sentence):
    make_road()
    good = "001;1+000;1+100;;Aspal;Baik;;"
    report = load(tmp_path / "s.csv", *rows, good)
    assert sentence in said(report)
    assert not RoadSegment.objects.exists()


def test_a_table_without_its_columns(roads_kotak, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("No Ruas;Kondisi\n001;Baik\n")
    report = import_segments(SurveysRequest(Origin(path), REGENCY, 2024))
    assert "“from_m”" in said(report) and "“surface”" in said(report)
