"""What is published with figures because it follows from them, and is checked against them."""

import pytest
from django.core.management import call_command

from geo.indicators.batch.imports import Request, import_table
from geo.indicators.models import Indicator, Observation
from geo.indicators.queries import read_figure, read_figures
from geo.indicators.rules import BadDeclaration
from geo.indicators.services import NewValue, load_sectors, publish_observations
from tests.indicators.world import make_source


@pytest.fixture
def declared(kotak, settings):
    settings.REGENCY_CODE = "99.01"
    call_command("load_sectors", verbosity=0)
    return {indicator.code: indicator for indicator in Indicator.objects.all()}


def publish(declared, period, **values):
    """Values by indicator, each by the position of the village."""
    from geo.areas.models import Area

    villages = list(Area.objects.filter(level="village").order_by("code"))
    return publish_observations(
        values=[
            NewValue(villages[place].pk, declared[code], period, value, "unverified")
            for code, by_village in values.items()
            for place, value in by_village.items()
        ],
        source=make_source(),
    )


def figure(declared, code, area, period="2024"):
    return read_figure(indicator=declared[code], period=period, area=area)


def test_the_sum_of_short_and_very_short_makes_stunting(kotak, declared):
    publish(
        declared,
        "2024",
        children_measured={0: 100, 1: 50},
        children_short={0: 12, 1: 10},
        children_very_short={0: 8},
    )
    a, b = kotak.villages[:2]
    assert figure(declared, "children_stunted", a).value == 20
    assert figure(declared, "stunting", a).value == 20
    # One part alone makes no sum; when it comes later, it does.
    assert not Observation.objects.filter(indicator__code="children_stunted", area=b).exists()
    publish(declared, "2024", children_very_short={1: 0})
    assert figure(declared, "children_stunted", b).value == 10
    assert figure(declared, "stunting", kotak.regency).value == 20
    assert declared["stunting"].sensitive
    assert declared["children_stunted"].sensitive


def test_survey_and_weighing_are_kept_apart(kotak, declared):
    survey = declared["stunting_survey"]
    assert (survey.level, survey.roll_up, survey.sensitive) == ("regency", "none", False)
    assert "stunting_survey" not in {
        part.code
        for one in declared.values()
        for part in (one.numerator, one.denominator, one.weight)
        if part
    }


def test_scores_count_grades_and_kelurahan_are_not_assessed(kotak, declared):
    publish(declared, "2024", idm_score={0: 0.8155, 1: 0.8156, 2: 0.49})
    figures = read_figures(
        indicator=declared["idm_score"], period="2024", level="village", parent=kotak.regency
    ).by_code()
    new = figures["99.01.04.1005"]
    assert (new.value, new.status, new.expected) == (None, "not_assessed", 0)
    assert figures["99.01.01.2004"].status == "missing"
    grades = {
        grade: figure(declared, f"idm_{grade}", kotak.regency).value
        for grade in ("mandiri", "maju", "sangat_tertinggal")
    }
    # A threshold itself still belongs to the step below.
    assert grades == {"mandiri": 1, "maju": 1, "sangat_tertinggal": 1}
    assert figure(declared, "idm_score", kotak.regency).value is None
    assert figure(declared, "idm_mandiri", kotak.regency).expected == 16


def test_the_series_breaks_in_2025(kotak, declared):
    publish(declared, "2025", village_index_score={0: 80})
    assert figure(declared, "village_index_mandiri", kotak.villages[0], "2025").value == 1
    assert not Observation.objects.filter(indicator__code__startswith="idm").exists()
    assert declared["idm_score"].valid_max == 1
    assert declared["village_index_score"].valid_max == 100
    assert declared["idm_score"].grades_in("2015") == []
    reached = declared["idm_score"].grade_of(0.75, "2024")
    assert reached["name"] == {"id": "Maju", "en": "Advanced"}
    assert declared["idm_score"].grade_of(None, "2024") is None


def test_enrolment_is_of_districts_and_only_apk_may_exceed_100(declared):
    for level in ("sd", "smp", "sma"):
        gross, net = declared[f"apk_{level}"], declared[f"apm_{level}"]
        assert gross.level == net.level == "district"
        assert gross.valid_max > 100
        assert net.valid_max == 100
        assert gross.weight == net.weight


@pytest.fixture
def take(kotak, declared, tmp_path):
    def import_rows(text, sector="health"):
        path = tmp_path / "table.csv"
        path.write_text(text)
        return import_table(Request(path=path, regency_code="99.01", sector=sector, period="2024"))

    return import_rows


@pytest.mark.parametrize(
    ("sector", "head", "row", "said"),
    [
        ("health", "children_measured,children_short", "5,6", "is only 5 there"),
        (
            "health",
            "children_measured,children_short,children_very_short,children_stunted",
            "50,5,3,9",
            "its parts (children_short + children_very_short) make 8",
        ),
        ("health", "child_posts", "3", "counted from places"),
        ("village_index", "idm_mandiri", "1", "counted from places or from another figure"),
        ("village_index", "idm_score", "1.01", "between 0 and 1"),
    ],
)
def test_what_contradicts_is_refused(take, sector, head, row, said):
    report = take(f"code,{head}\n99.01.01.2001,{row}\n", sector)
    assert not report.written
    assert said in " ".join(issue.message for issue in report.issues)
    assert not Observation.objects.exists()


def test_a_score_of_a_kelurahan_is_refused(take):
    report = take("code,idm_score\n99.01.04.1005,0.7\n", "village_index")
    assert "but this is a kelurahan" in report.issues[-1].message
    assert not report.written


def test_a_file_may_bring_the_sum_when_it_agrees(take):
    head = "children_measured,children_short,children_very_short,children_stunted"
    assert take(f"code,{head}\n99.01.01.2001,50,5,3,8\n").written


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("over = 0.5", "over = 0.1", "the others rise"),
        ('counts = "low"', 'counts = "lo"', "“low”"),
        ('only = "desa"', 'only = "dessa"', "“desa”"),
        ('sum_of = ["low"]', 'sum_of = "low"', "list of codes"),
        ('source = "Uji"\n', "", "grades[1].source"),
    ],
)
def test_bad_grades_and_checks_are_refused(db, tmp_path, old, new, said):
    indicator = """
[indicators.{code}]
name = {{ id = "x", en = "x" }}
definition = {{ id = "x", en = "x" }}
unit = "{unit}"
frequency = "year"
level = "village"
roll_up = "{roll_up}"
direction = "neutral"
classes = {{ scheme = "equal", palette = "teal" }}
"""
    text = (
        '[sector]\nname = { id = "x", en = "x" }\n'
        + indicator.format(code="low", unit="village", roll_up="sum")
        + indicator.format(code="both", unit="village", roll_up="sum")
        + 'checks = { sum_of = ["low"] }\n'
        + indicator.format(code="score", unit="index", roll_up="none")
        + 'checks = { only = "desa" }\n'
        + '[[indicators.score.grades]]\nvalid_from = "2020"\nsource = "Uji"\nsteps = [\n'
        + '{ name = { id = "x", en = "x" }, counts = "low" },\n'
        + '{ over = 0.3, name = { id = "y", en = "y" } },\n'
        + '{ over = 0.5, name = { id = "z", en = "z" } },\n]\n'
    )
    (tmp_path / "test").mkdir()
    file = tmp_path / "test" / "sector.toml"
    file.write_text(text)
    assert load_sectors(folder=tmp_path, dry_run=True).new
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(BadDeclaration) as caught:
        load_sectors(folder=tmp_path)
    assert said in str(caught.value)
