"""Accounts from a sheet: all faults at once, all accounts or none."""

import re
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from geo.accounts.models import Assignment, Role, User
from geo.accounts.rules import Known, KnownArea, read_accounts
from geo.lib.credentials import make_first_password, make_username
from geo.lib.tables import decode
from tests.accounts.files import HEADINGS, as_csv, as_xlsx
from tests.accounts.world import make_cast
from tests.maps.html import read

ADDRESS = "/en/akun/lembar/"
KNOWN = Known(
    areas={
        "99.01.01.2001": KnownArea(1, "village", "Desa Ubin 11"),
        "99.01.01": KnownArea(2, "district", "Kecamatan Petak 1"),
        "99.01": KnownArea(3, "regency", "Kabupaten Kotak"),
    },
    sectors={"health": 7, "kesehatan": 7, "roads": 8},
    held={(Role.VILLAGE_OPERATOR, 1, None, "budisudahada")},
)


def rows(*given, headings=HEADINGS):
    lines = [(1, list(headings))]
    lines += [(n, [*row, *[""] * (7 - len(row))]) for n, row in enumerate(given, start=2)]
    return read_accounts(lines, KNOWN)


# --- one row -------------------------------------------------------------------------------


def test_a_village_with_a_name_is_an_operator():
    (account,), issues = rows(["99.01.01.2001", "  Siti   Aminah ", "Kaur", "", "", "812 345 678"])
    assert issues == []
    assert (account.full_name, account.role, account.area_id) == (
        "Siti Aminah",
        "village_operator",
        1,
    )
    assert account.phone == "0812 345 678", "a spreadsheet takes the zero of a number away"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["99.01.01", "A", "", "Verifikator"], (Role.DISTRICT_VERIFIER, 2, None)),
        (["", "A", "", "OPD", "Kesehatan"], (Role.OFFICE_OFFICER, None, 7)),
        (["", "A", "", "walidata"], (Role.WALIDATA, None, None)),
        (["", "A", "", "Bupati"], (Role.REGENT, None, None)),
        (["", "A", "", "Administrator"], (Role.ADMINISTRATOR, None, None)),
        (["", "A", "", "office_officer", "health"], (Role.OFFICE_OFFICER, None, 7)),
        (["99.01.01.2001", "A", "", "operator", "roads"], (Role.VILLAGE_OPERATOR, 1, 8)),
    ],
)
def test_roles_in_the_words_of_offices(row, expected):
    (account,), issues = rows(row)
    assert issues == []
    assert (account.role, account.area_id, account.sector_id) == expected


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (["99.01.01.9999", "A"], "kode wilayah", "no village or district with this code"),
        (["9901012001", "A"], "kode wilayah", "with its dots"),
        (["99.01.01.2001", "", "Kaur"], "nama", "name is missing"),
        (["99.01.01.2001", "12-34", "Kaur"], "nama", "name is missing"),
        (["99.01.01.2001", "A" * 151], "nama", "too long"),
        (["99.01.01.2001", "A", "", "raja"], "peran", "This is not a role"),
        (["99.01.01", "A"], "peran", "Neither a village nor a role is given"),
        (["", "A"], "peran", "Write the code of the village, or one of these roles: operator"),
        (["99.01.01.2001", "Belum ada"], "nama", "name is missing. Write it, or empty the row"),
        (["99.01.01", "A", "", "operator"], "kode wilayah", "needs one village"),
        (["99.01.01.2001", "A", "", "verifikator"], "kode wilayah", "needs one district"),
        (["99.01.01.2001", "A", "", "bupati"], "kode wilayah", "whole regency"),
        (["", "A", "", "opd"], "sektor", "needs a sector"),
        (["", "A", "", "opd", "magic"], "sektor", "no sector of this name"),
        (["", "A", "", "bupati", "health"], "sektor", "all sectors"),
        (["99.01.01.2001", "A", "", "", "", "call me"], "telepon", "not a telephone number"),
        (["99.01.01.2001", "A", "", "", "", "", "a@"], "email", "not an e-mail address"),
        (["99.01.01.2001", "Budi Sudah Ada"], "nama", "has this role already"),
    ],
)
def test_a_faulty_row_is_told_with_its_place(row, column, sentence):
    accounts, (issue,) = rows(row)
    assert accounts == []
    assert (issue.row, issue.column) == (2, column)
    assert sentence in issue.message


PLACED = ["kode wilayah", "wilayah", "nama"]


@pytest.mark.parametrize(
    "place",
    ["", "Desa Ubin 11, Petak 1", "UBIN XI", "ds. Ubin 11", "Desa Ubin 11 Kec. Petak 1"],
)
def test_the_name_beside_a_code_may_be_written_in_many_ways(place):
    accounts, issues = rows(["99.01.01.2001", place, "Siti"], headings=PLACED)
    assert (len(accounts), issues) == (1, [])


def test_columns_that_were_sorted_apart_are_told():
    """Else three hundred people would be given each other's villages."""
    accounts, (issue,) = rows(["99.01.01.2001", "Desa Ubin 12, Petak 1", "Siti"], headings=PLACED)
    assert accounts == []
    assert (issue.row, issue.column, issue.found) == (2, "wilayah", "Desa Ubin 12, Petak 1")
    assert "The code 99.01.01.2001 is that of Desa Ubin 11." in issue.message
    assert "sorted together" in issue.message


def test_a_title_may_stand_above_the_headings():
    lines = [
        (1, ["DAFTAR OPERATOR DESA", "", ""]),
        (2, ["Kabupaten Kotak", "", ""]),
        (5, ["Kode Desa", "Nama", "Telp."]),
        (6, ["99.01.01.2001", "Siti", "+62 812"]),
        (7, ["99.01.01.9999", "Budi", ""]),
    ]
    accounts, issues = read_accounts(lines, KNOWN)
    assert [one.row for one in issues] == [7]
    assert [one.full_name for one in accounts] == ["Siti"]


def test_all_faults_of_all_rows_are_told_at_once():
    accounts, issues = rows(
        ["99.01.01.2001", "Good One"],
        ["99.99", "", "x", "raja", "magic", "?", "@"],
        ["99.01.01.2001", "Good  ONE"],
    )
    assert [a.full_name for a in accounts] == ["Good One"]
    assert [i.row for i in issues] == [3] * 6 + [4]
    assert "row 2 already" in issues[-1].message


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "holds no people"),
        ([(1, HEADINGS)], "holds no people"),
        ([(1, ["a", "b"]), (2, ["c", "d"])], "There is no column “nama”"),
        ([(1, HEADINGS), (2, ["99.01.01.2001", *[""] * 6])], "No person is named"),
        ([(1, HEADINGS), *[(n, ["99.01.01.2001", "A"]) for n in range(2, 1003)]], "at most 1000"),
    ],
)
def test_what_is_no_sheet_of_people_says_so(lines, sentence):
    accounts, issues = read_accounts(lines, KNOWN)
    assert accounts == []
    assert sentence in issues[0].message


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Hj. Siti Aminah, S.Pd., M.Si.", (), "siti.aminah"),
        ("SITI AMINAH", ("siti.aminah", "siti.aminah2"), "siti.aminah3"),
        ("Sukarno", (), "sukarno"),
        ("H.", (), "h"),
        ("Ahmad Dhani Prasetyo Wibowo", (), "ahmad.dhani"),
        ("Ünïcödé Nàme", (), "unicode.name"),
        ("陳", (), "pengguna"),
        ("A" * 60, (), "a" * 30),
    ],
)
def test_user_names_are_like_the_name(name, taken, expected):
    assert make_username(name, set(taken)) == expected


def test_first_passwords_can_be_read_aloud():
    made = {make_first_password() for _n in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", p) for p in made)


# --- the page -----------------------------------------------------------------------------


@pytest.fixture
def manager(cast):
    client = Client()
    client.force_login(cast["walidata"])
    return client


def send(client, path):
    return client.post(ADDRESS, {"file": SimpleUploadedFile(path.name, path.read_bytes())})


GOOD = [["99.01.01.2002", "Siti Aminah", "Kaur"], ["99.01.01", "Joko", "", "verifikator"]]


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_good_sheet_makes_all_accounts(manager, cast, tmp_path, write):
    padded = [[*row, *[""] * (7 - len(row))] for row in GOOD]
    answer = send(manager, write(tmp_path, *padded))
    slips = read(answer).all("li", "slip")
    assert len(slips) == 2
    password = re.search(r"First password (\S+)", slips[0].text)[1]
    assert User.objects.get(username="siti.aminah").check_password(password)
    assert Assignment.objects.filter(granted_by=cast["walidata"]).count() == 2
    again = send(manager, write(tmp_path, *padded))
    text = read(again).one(id="main").text
    assert "No account was made: 2 things" in text
    assert User.objects.filter(username__startswith="siti").count() == 1


def test_a_sheet_of_notes_may_stand_before_the_people(manager, tmp_path):
    path = as_xlsx(tmp_path, ["99.01.01.2001", "Siti Aminah"])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Catatan", 0).append(["Dikirim ulang oleh kecamatan"])
    book.save(path)
    send(manager, path)
    assert User.objects.filter(full_name="Siti Aminah").exists()


def test_one_bad_row_makes_none(manager, tmp_path):
    n = User.objects.count()
    answer = send(manager, as_csv(tmp_path, *GOOD, ["99.99", "Nobody"]))
    cells = [td.text for td in read(answer).all("td")]
    assert cells[:3] == ["4", "kode wilayah", "99.99"]
    assert User.objects.count() == n


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"PK\x03\x04 not a workbook", b"\xff\xfe", b"<html>"]
)
def test_what_is_no_table_gets_a_sentence(manager, content):
    answer = manager.post(ADDRESS, {"file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 200
    page = read(answer)
    assert page.all("p", "fault") or page.one("div", "notice")


def test_names_are_shown_as_text(manager, tmp_path):
    hostile = "<script>alert(1)</script> Budi"
    answer = send(manager, as_csv(tmp_path, ["99.01.01.2002", hostile]))
    assert b"<script>alert" not in answer.content


# As they are in villages: a reader of figures takes such a column for personal data.
REAL_NAMES = ["Hj. Siti Aminah, S.Pd.", "Muhammad Hidayat", "Dewi Rahmawati, S.E.", "Ahmad Saputra"]
REAL_NAMES += ["Yuni Wijaya", "Agus Kurniawan", "Rina Handayani", "Drs. Iskandar", "Nur Maryam"]


@pytest.mark.parametrize("heading", ["nama", "Nama Lengkap", "nama petugas"])
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_real_names_are_welcome(manager, tmp_path, write, heading):
    people = [[f"99.01.01.200{n % 3 + 2}", name] for n, name in enumerate(REAL_NAMES)]
    answer = send(manager, write(tmp_path, *people, headings=["kode wilayah", heading]))
    assert len(read(answer).all("li", "slip")) == len(REAL_NAMES)


def test_identity_numbers_are_refused_here_too(manager, tmp_path):
    rows = [["99.01.01.2002", name, "1607105503880003"] for name in REAL_NAMES]
    answer = send(manager, as_csv(tmp_path, *rows, headings=["kode wilayah", "nama", "nik"]))
    text = read(answer).one(id="main").text
    assert "No account was made" in text
    assert "1607********0003" in text
    assert "seems to list" not in text


def test_the_template_has_a_row_for_each_village_without_operator(manager, tmp_path):
    answer = manager.get("/en/akun/lembar/contoh.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="accounts.xlsx"'
    book = openpyxl.load_workbook(BytesIO(answer.content))
    lines = list(book["Akun"].values)
    assert len(lines) == 1 + 15
    assert lines[0] == ("kode wilayah", "wilayah", *HEADINGS[1:])
    assert lines[1][:3] == ("99.01.01.2002", "Desa Ubin 12, Petak 1", None)
    assert [row[0] for row in book["Pilihan"].values][1:4] == ["operator", "verifikator", "opd"]
    path = tmp_path / "filled.xlsx"
    book["Akun"]["C2"] = "Siti Aminah"
    book.save(path)
    assert len(read(send(manager, path)).all("li", "slip")) == 1, "rows without name are skipped"


# --- the command -------------------------------------------------------------------------


def run(path, **options):
    out = StringIO()
    call_command("create_accounts", path, stdout=out, **options)
    return out.getvalue()


def test_the_command_writes_slips_that_only_the_operator_reads(kotak, tmp_path):
    slips = tmp_path / "out" / "slips.csv"
    path = as_csv(tmp_path, *GOOD)
    assert "2 accounts would be created" in run(path, dry_run=True)
    assert not User.objects.exists()
    run(path, output=slips)
    assert slips.stat().st_mode & 0o777 == 0o600
    lines = decode(slips.read_bytes()).splitlines()
    assert len(lines) == 3
    name, password = lines[1].split(",")[-2:]
    assert User.objects.get(username=name).check_password(password)


def test_the_command_makes_none_where_something_is_wrong(kotak, tmp_path):
    with pytest.raises(CommandError, match="No account was created: 1"):
        run(as_csv(tmp_path, *GOOD, ["99.99", "Nobody"]))
    slips = tmp_path / "slips.csv"
    slips.write_text("keep me")
    with pytest.raises(CommandError, match="exists already"):
        run(as_csv(tmp_path, *GOOD), output=slips)
    assert slips.read_text() == "keep me"
    with pytest.raises(CommandError, match="There is no file"):
        run(tmp_path / "nothing.csv")
    assert not User.objects.exists()


def test_accounts_for_313_villages_ask_the_database_once_each(
    kotak, tmp_path, django_assert_max_num_queries
):
    people = [[f"99.01.0{1 + n % 4}.200{1 + n % 3}", f"Orang Ke {n}"] for n in range(313)]
    path = as_csv(tmp_path, *people)
    with django_assert_max_num_queries(313 + 20):
        run(path, output=tmp_path / "slips.csv")
    assert User.objects.count() == 313
    assert len(set(User.objects.values_list("username", flat=True))) == 313


# --- the demonstration -------------------------------------------------------------------


def test_the_demonstration_cast_comes_once(kotak, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    from tests.accounts.world import make_sector

    make_sector("population")
    call_command("create_demo_accounts", dry_run=True, stdout=StringIO())
    assert not User.objects.exists()
    call_command("create_demo_accounts", stdout=StringIO())
    roles = dict(Assignment.objects.values_list("user__username", "role"))
    assert roles == {
        "admin": "administrator",
        "desa": "village_operator",
        "desa2": "village_operator",
        "kecamatan": "district_verifier",
        "kesehatan": "office_officer",
        "dukcapil": "office_officer",
        "walidata": "walidata",
        "bupati": "regent",
    }
    tasks = {a.user.username: a for a in Assignment.objects.select_related("area__parent")}
    assert tasks["desa"].area.parent == tasks["desa2"].area.parent == tasks["kecamatan"].area
    assert tasks["desa"].area != tasks["desa2"].area
    file = tmp_path / "demo-accounts.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    passwords = {line.split()[0]: line.split()[1] for line in file.read_text().splitlines()[1:]}
    for name, password in passwords.items():
        assert (
            Client().post("/en/masuk/", {"username": name, "password": password}).status_code == 302
        ), name
    before = file.read_text()
    call_command("create_demo_accounts", stdout=StringIO())
    assert file.read_text() == before
    User.objects.filter(username="desa2").update(username="gone")
    call_command("create_demo_accounts", stdout=StringIO())
    after = file.read_text()
    assert passwords["desa"] in after, "passwords of those who stayed are kept"
    assert passwords["desa2"] not in after


def test_no_demonstration_on_a_public_site(kotak, settings, tmp_path):
    settings.HTTPS, settings.VAR_DIR = True, tmp_path
    out = StringIO()
    call_command("create_demo_accounts", stdout=out)
    assert "None was created" in out.getvalue()
    assert not User.objects.exists()


def test_cek_warns_of_demonstration_accounts_on_a_public_site(kotak, settings):
    from geo.status.batch import people

    cast = make_cast()
    User.objects.create_superuser("root")
    assert all(finding.is_well for finding in people.findings())
    settings.HTTPS = True
    User.objects.filter(pk=cast["stranger"].pk).update(is_demo=True)
    wrong = [finding.sentence for finding in people.findings() if not finding.is_well]
    assert len(wrong) == 2
    assert "1 demonstration accounts" in wrong[0]
    assert "no second factor" in wrong[1]
