"""Tables as Statistics Indonesia publishes them: titles, merged headings, dashes, notes."""

import pytest

from geo.indicators.batch.columns import BadColumnsMap
from geo.indicators.models import Observation
from tests.indicators.test_imports import people, run, said, value  # noqa: F401

PUBLISHED = """Tabel 3.1 Penduduk Menurut Desa,,,
Kode,Penduduk,,Luas
,Laki-laki,Jumlah,(km2)
(1),(2),(3),(4)
99.01.01.2001,4,10,1
99.01.01.2002,-,-,1
Jumlah,4,10,2
Keterangan: data sementara,,,
Sumber: Registrasi Penduduk,,,
"""
MAP = """
[areas]
code = "Kode"
[columns]
"Penduduk / Jumlah" = "people"
[reading]
header_row = 2
header_rows = 2
"""


def test_merged_headings_totals_and_notes(run, people):  # noqa: F811
    report = run(PUBLISHED, map=MAP + 'dash = "missing"\n')
    assert report.of_severity("error") == []
    assert report.written
    assert value("99.01.01.2001", people) == 10
    assert value("99.01.01.2002", people) is None
    left_out = [row for row, _column, _found in said(report, "notice")]
    assert left_out == [4, 7, 8, 9]


@pytest.mark.parametrize(("dash", "expected"), [("zero", 0), ("missing", None)])
def test_a_dash_is_what_the_map_says(run, people, dash, expected):  # noqa: F811
    text = "kode,people\n99.01.01.2001,10\n99.01.01.2002,–\n"
    layout = f'[areas]\ncode="kode"\n[columns]\npeople="people"\n[reading]\ndash="{dash}"\n'
    assert run(text, map=layout).written
    assert value("99.01.01.2002", people) == expected


def test_a_dash_that_nobody_explains_is_not_guessed(run, people):  # noqa: F811
    report = run("kode,people\n99.01.01.2001,10\n99.01.01.2002,-\n")
    assert said(report) == [(3, "people", "-")]
    assert "dash" in report.issues[0].message
    assert not Observation.objects.exists()


def test_headings_in_several_rows_are_refused_with_the_remedy(run, people):  # noqa: F811
    report = run("Kode,,people\n,a,b\n99.01.01.2001,1,2\n")
    assert not report.written
    assert "header_rows" in report.issues[0].message


def test_a_footnote_in_a_number_is_refused(run, people):  # noqa: F811
    assert said(run("kode,people\n99.01.01.2001,10*)\n")) == [(2, "people", "10*)")]


def test_a_period_in_the_future_is_refused_once(run, people):  # noqa: F811
    report = run("kode,people\n99.01.01.2001,10\n99.01.01.2002,11\n", period="2099")
    assert not report.written
    (issue,) = report.of_severity("error")
    assert issue.found == "2099"
    assert "future" in issue.message


@pytest.mark.parametrize(
    "line", ['dash = "nothing"', "header_rows = 9", "header_row = 0", 'header_rows = "2"']
)
def test_a_reading_that_makes_no_sense_is_named(run, people, line):  # noqa: F811
    with pytest.raises(BadColumnsMap, match=line.split(" =")[0]):
        run("kode,people\n", map=f"[reading]\n{line}\n")
