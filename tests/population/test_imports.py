from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import Workbook

from geo.areas.models import Area
from geo.population.batch.files import district_in, period_in, read_ledger_lines
from geo.population.batch.imports import Request, import_ledger
from geo.population.models import LedgerMonth
from tests.population.files import form
from tests.population.world import A, B, book, month, quiet_months, record, side

USUAL = ["Penduduk awal bulan ini", "Lahir", "Mati", "Datang", "Pindah", "Penduduk akhir bulan ini"]
FLAT = (
    "code,period,opening_male,opening_female,births_male,births_female,deaths_male,deaths_female,"
    "arrivals_male,arrivals_female,departures_male,departures_female,closing_male,closing_female"
)
TITLES = ("LAPORAN MUTASI PENDUDUK", "KECAMATAN : PETAK 1", "BULAN : MARET 2024")


def load(path, **more):
    return import_ledger(Request(path=path, regency_code="99.01", **more))


def write(tmp_path, *lines, name="buku.csv"):
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def messages(report):
    return [issue.message for issue in report.issues]


def both(male, female):
    return [male, female, male + female]


# --- the flat table --------------------------------------------------------------


def test_a_flat_table_of_several_months(kotak, tmp_path):
    path = write(
        tmp_path,
        FLAT,
        f"{A},2024-01,600,580,1,0,0,1,2,0,0,0,603,579",
        f"{A},2024-02,603,579,0,0,0,0,0,0,3,0,600,579",
        f"{B},2024-01,10,10,0,0,0,0,0,0,0,0,10,10",
    )
    report = load(path)
    assert report.issues == []
    assert len(report.recorded.new) == 3
    assert book(A) == [
        month("2024-01", side(600, births=1, arrivals=2), side(580, deaths=1)),
        month("2024-02", side(603, departures=3), side(579)),
    ]
    row = LedgerMonth.objects.get(area__code=A, period="2024-02")
    assert (row.source_row, row.source.file_name) == (3, "buku.csv")


def test_indonesian_headings_semicolons_and_numbers_as_text(kotak, tmp_path):
    path = write(
        tmp_path,
        "Kode Desa;Bulan;Awal L;Awal P;Lahir L;Lahir P;Meninggal L;Meninggal P;Datang L;Datang P;"
        "Datang dalam kabupaten L;Datang dalam kabupaten P;Pindah L;Pindah P;Hilang L;Hilang P;"
        "Akhir L;Akhir P;Akhir KK",
        f"{A};Maret 2024;1.204;1.180;1;0;-;-;4;2,0;3;0;0;0;1;0;1.208;1 182;702",
    )
    report = load(path)
    assert report.issues == []
    split = {"arrivals": 4, "arrivals_within": 3}
    (kept,) = book(A)
    assert kept.male == side(1204, births=1, missing=1, **split)
    assert kept.female == side(1180, arrivals=2, arrivals_within=0)
    assert (kept.opening_households, kept.closing_households) == (None, 702)


def test_every_bad_cell_is_named_and_nothing_written(kotak, tmp_path):
    path = write(
        tmp_path,
        FLAT,
        f"{A},2024-01,600,580,satu,0,0,1,2,0,0,0,603,579",
        f"{A},2024-02,603,579,0,0,0,0,0,0,3,0,600,579",
        f"{B},2024-01,10,10,,0,0,0,0,0,0,0,10,10",
        "99.01.01.2003,2024-01,10,10,1.5,0,0,0,0,0,0,0,11,10",
        "99.01.01.2004,2024,10,10,0,0,0,0,0,0,0,0,10,10",
        "99.01.01.9999,2024-01,10,10,0,0,0,0,0,0,0,0,10,10",
        "99.01.02.2001,2024-01,10,10,0,0,0,0,0,0,0,0,14,10",
    )
    report = load(path)
    assert report.recorded is None
    assert not LedgerMonth.objects.exists()
    found = [(issue.row, issue.message[:45]) for issue in report.issues]
    assert found == [
        (2, "“satu” is not a whole number of persons."),
        (4, "A figure is missing. Write 0 or - where nothi"),
        (5, "“1.5” is not a whole number of persons."),
        (6, "No month is known for this row. Give --period"),
        (7, "No village in force fits this row."),
        (8, "Desa Ubin 21, January 2024: closing (males) 1"),
    ]


def test_a_period_asked_for_must_be_that_of_the_rows(kotak, tmp_path):
    path = write(tmp_path, FLAT, f"{A},2024-01,600,580,0,0,0,0,0,0,0,0,600,580")
    report = load(path, period="2024-02")
    assert messages(report) == ["The row is of 2024-01, but 2024-02 was asked for."]


def test_columns_that_are_absent_are_named(kotak, tmp_path):
    path = write(tmp_path, "code,period,opening_male,closing_male", f"{A},2024-01,1,1")
    report = load(path)
    assert "The file has no column for births (females)." in messages(report)
    assert "The file has no column for opening (males)." not in messages(report)


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "", "code,name\n99,x\n"])
def test_other_tables_are_refused_in_a_sentence(kotak, tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_text(content)
    report = load(path)
    assert report.recorded is None
    assert "No heading names the area" in messages(report)[0]


# --- the form of a kecamatan -----------------------------------------------------

ROW_A = [1, "Ubin 11", *both(600, 580), *both(1, 2), "-", 1, 1, *both(3, 0), *both(0, 4)]
ROW_A += both(604, 577)
ROW_B = [2, "Ubin 12", *both(300, 310), "-", "-", "-", "-", "-", "-", *both(0, 0), *both(5, 0)]
ROW_B += both(295, 310)


@pytest.mark.parametrize(("n_rows", "numbering"), [(2, False), (2, True), (3, False), (3, True)])
def test_a_form_with_merged_headings(kotak, tmp_path, n_rows, numbering):
    total = ["JUMLAH", None, *both(900, 890), *both(1, 2), *both(0, 1), *both(3, 0), *both(5, 4)]
    total += both(899, 887)
    footer = [total, [], ["", "Petak 1, 31 Maret 2024"], ["", "Camat Petak 1"], ["", "NIP 1970"]]
    path = form(
        tmp_path / "form.xlsx",
        [ROW_A, ROW_B],
        USUAL,
        titles=TITLES,
        n_rows=n_rows,
        numbering=numbering,
        footer=footer,
    )
    report = load(path, by="name")
    assert report.issues == []
    (kept,) = book(A)
    assert kept.period == "2024-03"
    assert kept.male == side(600, births=1, arrivals=3)
    assert kept.female == side(580, births=2, deaths=1, departures=4)
    assert book(B)[0].male == side(300, departures=5)


def test_other_order_other_words_and_households(kotak, tmp_path):
    blocks = [
        "Penduduk akhir bulan lalu",
        "Kelahiran",
        "Pendatang",
        "Pergi",
        "Kematian",
        "Penduduk akhir bulan ini",
    ]
    row = [1, "Ds. Ubin 11", *both(600, 580), 200, *both(1, 0), *both(2, 0), *both(0, 3)]
    row += [*both(4, 0), *both(599, 577), 201]
    path = form(tmp_path / "f.xlsx", [row], blocks, kk=(blocks[0], blocks[-1]))
    report = load(path, by="name", period="2024-03", district="Kec. Petak 1")
    assert report.issues == []
    (kept,) = book(A)
    assert kept.male == side(600, births=1, arrivals=2, deaths=4)
    assert kept.female == side(580, departures=3)
    assert (kept.opening_households, kept.closing_households) == (200, 201)


def test_wrong_sums_of_the_form_are_told_with_both_figures_and_not_used(kotak, tmp_path):
    row = list(ROW_A)
    row[13] = 99  # arrivals L+P, where the form adds males to males
    total = ["Jumlah", None, 601, 580, 1180, *row[5:]]
    path = form(tmp_path / "f.xlsx", [row], USUAL, titles=TITLES, footer=[total])
    report = load(path, by="name")
    assert report.recorded is not None
    assert [(i.row, i.severity, i.found) for i in report.issues] == [
        (6, "warning", "99"),
        (7, "warning", "601"),
    ]
    assert "99 for both sexes, but 3 + 0 = 3" in report.issues[0].message
    assert "is 601, but its rows add up to 600" in report.issues[1].message
    assert book(A)[0].male.arrivals == 3


def test_the_cached_values_of_formulas_are_read_and_empty_ones_are_missing(kotak, tmp_path):
    sheet_path = form(tmp_path / "f.xlsx", [ROW_A], USUAL, titles=TITLES)
    from openpyxl import load_workbook

    book_ = load_workbook(sheet_path)
    sheet = book_.active
    sheet.cell(6, 18, "=C6+F6-I6+L6-O6")  # never calculated: no cached value
    book_.save(sheet_path)
    report = load(sheet_path, by="name")
    assert report.recorded is None
    assert [(i.row, i.message[:20]) for i in report.issues] == [(6, "A figure is missing.")]


def test_a_name_that_is_merely_alike_must_be_confirmed(kotak, tmp_path, settings):
    row = [1, "Ubim 11", *ROW_A[2:]]
    path = form(tmp_path / "f.xlsx", [row], USUAL, titles=TITLES)
    proposals = tmp_path / "proposals.csv"
    with pytest.raises(CommandError, match="must be confirmed"):
        call_command("import_ledger", path, by="name", proposals=proposals, stdout=StringIO())
    text = proposals.read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    marked = [lines[0], *(f"{line}yes" for line in lines[1:])]
    proposals.write_text("\n".join(marked), encoding="utf-8")
    out = StringIO()
    call_command("import_ledger", path, by="name", confirm=proposals, stdout=out)
    assert "Months: 1 new" in out.getvalue()
    assert len(book(A)) == 1


def test_names_are_looked_up_within_the_district(kotak, tmp_path):
    Area.objects.filter(code="99.01.02.2001").update(name="Ubin 11")
    path = form(tmp_path / "f.xlsx", [ROW_A], USUAL, titles=TITLES[2:])
    report = load(path, by="name")
    assert "Several villages have this name" in messages(report)[0]
    report = load(path, by="name", district="Petak 2")
    assert report.recorded.new == [("99.01.02.2001", "2024-03")]
    assert "No district is called" in messages(load(path, by="name", district="Petak 9"))[0]


def test_the_line_that_numbers_the_columns_is_no_village():
    lines = [
        (
            1,
            [
                "No",
                "Desa",
                "Awal",
                "",
                "Lahir",
                "",
                "Mati",
                "",
                "Datang",
                "",
                "Pindah",
                "",
                "Akhir",
                "",
            ],
        ),
        (2, ["", "", *["L", "P"] * 6]),
        (3, [f"({n})" for n in range(1, 15)]),
        (4, ["1", "Ubin 11", *["5", "5"], *["0"] * 8, *["5", "5"]]),
    ]
    file = read_ledger_lines(lines, by="name", period="2024-03", district=None)
    assert file.issues == []
    assert [row.row for row in file.rows] == [4]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("BULAN : MARET 2024", "2024-03"),
        ("Keadaan bulan Nopember tahun 2023", "2023-11"),
        ("Periode 03/2024", "2024-03"),
        ("2024-07", "2024-07"),
        ("Nomor 12 Tahun 2016, Agustus 2024", "2024-08"),
        ("Tahun 2024", None),
        ("", None),
    ],
)
def test_months_in_titles(text, period):
    assert period_in(text) == period


@pytest.mark.parametrize(
    ("titles", "district"),
    [
        (["LAPORAN KECAMATAN BETUNG BULAN MARET 2024"], "BETUNG"),
        (["KECAMATAN", "", ": Talang Kelapa"], "Talang Kelapa"),
        (["Kecamatan : Air Salek, Kabupaten Banyuasin"], "Air Salek"),
        (["Laporan bulanan"], None),
    ],
)
def test_districts_in_titles(titles, district):
    assert district_in(titles) == district


# --- the command -----------------------------------------------------------------


def test_a_correction_by_file_says_what_was_recomputed(kotak, tmp_path):
    record(A, quiet_months("2024-01", 3))
    path = write(tmp_path, FLAT, f"{A},2024-02,601,581,3,1,0,0,0,0,0,0,604,582")
    with pytest.raises(CommandError, match="must be put right"):
        call_command("import_ledger", path, stdout=StringIO())
    out = StringIO()
    call_command("import_ledger", path, reason="births came to light", stdout=out)
    assert f"{A} 2024-03 was recomputed after the correction of 2024-02." in out.getvalue()
    assert "Months: 0 new, 1 corrected, 1 recomputed" in out.getvalue()


def test_a_trial_run_writes_nothing(kotak, tmp_path):
    path = write(tmp_path, FLAT, f"{A},2024-02,601,581,3,1,0,0,0,0,0,0,604,582")
    out = StringIO()
    call_command("import_ledger", path, dry_run=True, stdout=out)
    assert "Months: 1 new" in out.getvalue()
    assert "nothing was written" in out.getvalue()
    assert not LedgerMonth.objects.exists()


def test_the_same_file_again_changes_nothing(kotak, tmp_path):
    path = write(tmp_path, FLAT, f"{A},2024-02,601,581,3,1,0,0,0,0,0,0,604,582")
    load(path)
    again = load(path)
    assert len(again.recorded.unchanged) == 1
    assert LedgerMonth.objects.count() == 1


def test_what_is_no_file_and_no_month_is_said(kotak, tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_ledger", tmp_path / "no.csv")
    path = write(tmp_path, FLAT)
    with pytest.raises(CommandError, match="is not a month"):
        call_command("import_ledger", path, period="2024")
    with pytest.raises(CommandError, match="must be put right"):
        call_command("import_ledger", path, stdout=StringIO())


def test_another_sheet_can_be_named(kotak, tmp_path):
    workbook = Workbook()
    workbook.active.title = "Petunjuk"
    sheet = workbook.create_sheet("Data")
    sheet.append(FLAT.split(","))
    sheet.append([A, "2024-02", 601, 581, 3, 1, 0, 0, 0, 0, 0, 0, 604, 582])
    workbook.save(tmp_path / "b.xlsx")
    assert load(tmp_path / "b.xlsx").recorded is None
    assert load(tmp_path / "b.xlsx", sheet="Data").recorded.new == [(A, "2024-02")]
