import csv
import datetime

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from geo.areas.models import Area, AreaAlias, AreaChange
from geo.indicators import queries
from geo.indicators.batch.columns import BadColumnsMap
from geo.indicators.batch.imports import Request, import_table
from geo.indicators.models import ClassBreaks, Observation, Source
from geo.lib.names import name_key
from tests.factories import make_area
from tests.indicators.world import make_indicator

BY_CODE = "kode,people\n99.01.01.2001,10\n99.01.01.2002,0\n99.01.01.2003,\n"


@pytest.fixture
def people(kotak):
    return make_indicator("people", valid_min=0, valid_max=1000)


@pytest.fixture
def run(tmp_path, people):
    def run(text, **more):
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        columns = more.pop("map", None)
        if columns is not None:
            more["columns"] = tmp_path / "columns.toml"
            more["columns"].write_text(columns)
        return import_table(Request(path, "99.01", **{"sector": "test", "period": "2024"} | more))

    return run


def value(code, indicator):
    area = Area.objects.get(code=code, valid_to=None)
    return queries.read_figure(indicator=indicator, period="2024", area=area).value


def said(report, severity="error"):
    return [(i.row, i.column, i.found) for i in report.of_severity(severity)]


def refused(report):
    assert not report.written
    assert not Observation.objects.exists()
    assert not Source.objects.exists()
    return said(report)


def test_by_code_with_zero_and_gap(run, people):
    report = run(BY_CODE)
    assert (report.n_rows, report.new, report.written) == (3, 2, True)
    assert value("99.01.01.2001", people) == 10
    assert value("99.01.01.2002", people) == 0
    assert value("99.01.01.2003", people) is None
    source = Source.objects.get()
    assert source.file_name == "table.csv"
    assert len(source.sha256) == 64
    assert Observation.objects.get(area__code="99.01.01.2002").source_row == 3
    assert ClassBreaks.objects.filter(indicator=people, level="village").count() == 3


def test_again_changes_nothing_and_a_new_value_is_a_revision(run, people):
    run(BY_CODE)
    again = run(BY_CODE)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert Source.objects.count() == 1
    changed = run(BY_CODE.replace(",10", ",11"))
    assert (changed.new, changed.changed, changed.unchanged) == (0, 1, 1)
    assert Observation.objects.filter(area__code="99.01.01.2001").count() == 2


def test_codes_without_dots_are_the_same_codes(run, people):
    assert run("kode,people\n9901012001,7\n").written
    assert value("99.01.01.2001", people) == 7


def test_unknown_and_repeated_areas_block_everything(run):
    text = "kode,people\n99.01.01.2001,1\n99.01.09.2001,2\n99.01.01.2001,3\nx,4\n"
    assert refused(run(text)) == [
        (3, "kode", "99.01.09.2001"),
        (4, "kode", "99.01.01.2001"),
        (5, "kode", "x"),
    ]


def test_every_bad_number_is_listed(run):
    text = 'kode,people\n99.01.01.2001,1.500\n99.01.01.2002,nan\n99.01.01.2003,"1,5 ha"\n'
    report = run(text + "99.01.01.2004,-3\n99.01.02.2001,1e999\n")
    found = refused(report)
    assert (2, "people", "1.500") in found
    assert (3, "people", "nan") in found
    assert (4, "people", "1,5 ha") in found
    assert (5, "people", "−3") in found
    assert (6, "people", "1e999") in found
    assert len(found) == 5


def test_the_map_says_what_parts_the_decimals(run, people):
    areas = '[areas]\ncode = "kode"\n[columns]\npeople = "people"\n[reading]\ndecimal = "%s"\n'
    assert run("kode;people\n99.01.01.2001;1.500\n", map=areas % ".").written
    assert value("99.01.01.2001", people) == 1.5
    assert refused_now(run("kode;people\n99.01.01.2001;1.500\n", map=areas % ",")) == [
        (2, "people", "1,500")
    ]  # 1500 lies outside the range


def refused_now(report):
    assert not report.written
    return said(report)


def test_a_map_with_faults_names_them_all(run):
    with pytest.raises(BadColumnsMap) as caught:
        run(
            BY_CODE, map='[area]\ncode = "kode"\n[reading]\ndecimal = ";"\n[periods]\npeople = "24"'
        )
    for part in ("area", "decimal", "24"):
        assert f"“{part}" in str(caught.value) or f"{part} " in str(caught.value)


def test_missing_columns_and_unknown_indicators_are_named(run):
    columns = '[areas]\ncode = "kod"\n[columns]\npeople = "people"\norang = "peple"\n'
    report = run(BY_CODE, map=columns)
    assert [found for _, _, found in refused(report)] == ["kod", "orang", "peple"]
    assert "kode" in report.issues[0].message
    assert "people" in report.issues[-1].message


def test_period_is_needed_and_must_fit(run):
    assert len(refused(run(BY_CODE, period=None))) == 3
    assert refused(run(BY_CODE, period="2024-03")) == [(None, "", "2024-03")]
    text = "kode,tahun,people\n99.01.01.2001,2023,1\n99.01.01.2002,2024,2\n"
    assert run(text, period=None).new == 2
    assert set(Observation.objects.values_list("period", flat=True)) == {"2023", "2024"}


def test_status_is_verified_only_by_somebody(run, people):
    run(BY_CODE)
    assert set(Observation.objects.values_list("status", flat=True)) == {"unverified"}
    run(BY_CODE, verified_by="Ibu Sri")
    standing = Observation.objects.as_of()
    assert set(standing.values_list("status", "source__verified_by")) == {("verified", "Ibu Sri")}


def test_a_trial_run_checks_but_writes_nothing(run):
    report = run(BY_CODE, dry_run=True)
    assert (report.new, report.written) == (2, True)
    assert not Observation.objects.exists()
    assert not Source.objects.exists()


def test_workbook(tmp_path, people):
    book = Workbook()
    book.active.append(["kode", "people"])
    book.active.append(["99.01.01.2001", 12])
    book.active.append(["99.01.01.2002", "1.500"])
    path = tmp_path / "table.xlsx"
    book.save(path)
    report = import_table(Request(path, "99.01", sector="test", period="2024"))
    assert said(report) == [(3, "people", "1.500")]


def test_damaged_file_is_said(run):
    report = run(b"PK\x03\x04 broken")
    assert not report.written
    assert "workbook" in report.issues[0].message


# --- by name -----------------------------------------------------------------


def test_by_name_within_the_district(run, people):
    report = run("kecamatan,desa,people\nPETAK 1,Desa UBIN-11,4\nPetak 2,ubin 21,5\n", by="name")
    assert report.matched == {2: "99.01.01.2001", 3: "99.01.02.2001"}


def test_a_namesake_in_another_district_does_not_match(run):
    Area.objects.filter(code="99.01.02.2001").update(name="Ubin 11")
    text = "kecamatan,desa,people\nPetak 2,Ubin 11,4\nPetak 9,Ubin 11,4\n"
    report = run(text, by="name")
    assert report.matched == {2: "99.01.02.2001"}
    assert refused(report) == [(3, "desa", "Ubin 11")]
    assert "Petak 9" in report.of_severity("error")[0].message


def test_name_alone_is_refused_where_ambiguous(run):
    Area.objects.filter(code="99.01.02.2001").update(name="Ubin 11")
    report = run("desa,people\nUbin 11,4\nUbin 12,4\n", by="name")
    assert refused(report) == [(2, "desa", "Ubin 11")]
    assert "99.01.01.2001, 99.01.02.2001" in report.issues[0].message


def test_aliases_match_but_former_names_are_proposed(run, people):
    village = Area.objects.get(code="99.01.01.2001")
    alias = AreaAlias.objects.create(
        area=village, name="Tegel", key=name_key("Tegel"), origin="spelling"
    )
    text = "kecamatan,desa,people\nPetak 1,Tegel,4\n"
    assert run(text, by="name", dry_run=True).matched == {2: "99.01.01.2001"}
    alias.origin = "former"
    alias.save()
    report = run(text, by="name")
    assert refused(report) == []
    assert [(p.row, p.code, p.likeness) for p in report.proposals] == [(2, "99.01.01.2001", 100)]


def test_alike_names_are_proposed_and_confirmed_once(run, people, tmp_path):
    text = "kecamatan,desa,people\nPetak 1,Ubin 111,4\nPetak 1,Ubin 12,5\n"
    report = run(text, by="name")
    refused(report)
    (proposal,) = report.proposals
    assert (proposal.row, proposal.code, proposal.proposed_name) == (2, "99.01.01.2001", "Ubin 11")
    confirm = tmp_path / "confirm.csv"
    with confirm.open("w") as file:
        rows = csv.writer(file)
        rows.writerow(["row", "name", "district", "code", "accept"])
        rows.writerow([2, "Ubin 111", "Petak 1", "99.01.01.2001", "ya"])
    assert run(text, by="name", confirm=confirm).written
    assert value("99.01.01.2001", people) == 4
    assert AreaAlias.objects.get().origin == "confirmed"
    # From now on it matches by itself.
    assert not run(text, by="name").proposals


def test_what_is_not_accepted_stays_proposed(run, tmp_path):
    text = "kecamatan,desa,people\nPetak 1,Ubin 111,4\n"
    confirm = tmp_path / "confirm.csv"
    confirm.write_text("name,district,code,accept\nUbin 111,Petak 1,99.01.01.2001,\n")
    assert len(run(text, by="name", confirm=confirm).proposals) == 1
    assert not AreaAlias.objects.exists()


# --- codes that changed --------------------------------------------------------


def test_an_old_code_leads_to_its_successor_with_a_notice(run, people, kotak):
    old = make_area(
        "99.01.01.2009", level="village", kind="desa", name="Lama", parent=kotak.districts[0]
    )
    old.valid_to = datetime.date(2020, 1, 1)
    old.save()
    change = AreaChange.objects.create(
        predecessor=old,
        successor=kotak.villages[0],
        nature="recoded",
        date=old.valid_to,
        share=1,
    )
    report = run("kode,people\n99.01.01.2009,8\n")
    assert said(report, "notice") == [(2, "kode", "99.01.01.2009")]
    assert value("99.01.01.2001", people) == 8
    change.share = 0.5
    change.save()
    assert refused_now(run("kode,people\n99.01.01.2009,9\n")) == [(2, "kode", "99.01.01.2009")]


# --- what is merely unlikely -----------------------------------------------------


@pytest.fixture
def checked(people):
    make_indicator("homes", valid_min=0)
    people.valid_max = 100_000
    people.checks = {
        "zero_needs_zero": "homes",
        "namesakes_differ": True,
        "reference": {
            "99.01": {"value": 100, "period": "2024", "source": "Uji", "tolerance_percent": 5}
        },
    }
    people.save()
    return people


def rows(*changed):
    villages = Area.objects.current().at_level("village").order_by("code")
    lines = ["kode,desa,people,homes"]
    for village, (name, people, homes) in zip(villages, changed, strict=True):
        lines.append(f"{village.code},{name},{people},{homes}")
    return "\n".join(lines)


PLAIN = [(f"Desa {n}", 6, 2) for n in range(16)] + [("Desa 16", 4, 1)]


def test_plausible_values_pass(run, checked):
    assert run(rows(*PLAIN)).written


def test_false_zeros_and_namesakes_and_the_sum_need_a_reason(run, checked):
    table = list(PLAIN)
    table[0] = ("Desa 0", 0, 2)
    table[1] = ("Desa 1", 0, 0)
    table[2], table[3], table[4] = ("Sama", 9, 2), ("SAMA", 9, 2), ("sama", 8, 2)
    table[5] = ("Desa 5", 50, 2)
    report = run(rows(*table))
    assert not report.written
    assert not Observation.objects.exists()
    # 0 with homes is flagged, 0 without is not; of three namesakes the two with one value.
    assert said(report, "warning") == [
        (2, "people", "0"),
        (4, "people", "9"),
        (5, "people", "9"),
        (None, "people", "140"),
    ]
    accepted = run(rows(*table), accept_warnings="dicek di lapangan")
    assert accepted.written
    assert "dicek di lapangan" in Source.objects.get().title


def test_the_reference_of_another_regency_is_not_ours(run, checked):
    checked.checks["reference"] = {"16.07": checked.checks["reference"]["99.01"] | {"value": 9}}
    checked.save()
    assert run(rows(*PLAIN)).written


def test_a_part_of_the_areas_is_not_compared_with_the_whole(run, checked):
    assert run("kode,people\n99.01.01.2001,7\n").written


def test_only_what_is_asked_for(run, checked):
    assert run(rows(*PLAIN), only=("homes",)).new == 17
    assert not Observation.objects.filter(indicator=checked).exists()


# --- the command -----------------------------------------------------------------


def test_command(people, settings, tmp_path, capsys):
    settings.REGENCY_CODE = "99.01"
    path = tmp_path / "table.csv"
    path.write_text("kecamatan,desa,people\nPetak 1,Ubin 111,4\n")
    proposals = tmp_path / "proposals.csv"
    ask = {"sector": "test", "period": "2024", "by": "name"}
    with pytest.raises(CommandError):
        call_command("import_table", str(path), proposals=proposals, **ask)
    text = proposals.read_text(encoding="utf-8-sig")
    proposals.write_text(text.replace("\r\n", "\n").rstrip() + "ya\n")
    call_command("import_table", str(path), confirm=proposals, **ask)
    assert value("99.01.01.2001", people) == 4
    with pytest.raises(CommandError):
        call_command("import_table", "/nowhere.csv", **ask)
