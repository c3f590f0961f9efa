"""The monthly report to be signed says what the book says, as PDF and as XLSX."""

import io

import openpyxl
import pypdf
import pytest

from geo.lib.numbers import format_number
from geo.population.queries import SHOWN, read_book
from geo.submissions.models import State
from tests.population.world import A, B, month, record, side
from tests.submissions.test_opensid import bring, cells
from tests.submissions.world import make_world

PERIOD = "2026-10"


@pytest.fixture
def book(kotak, settings, tmp_path):
    settings.REGENCY_CODE = "99.01"
    settings.VAR_DIR = tmp_path
    male = side(1600, births=3, arrivals=5, deaths=1, departures=2, missing=1)
    female = side(1580, births=2, arrivals=4, deaths=2)
    record(A, [month(PERIOD, male, female, (291, 293))], title="Register")
    record(B, [month(PERIOD, side(400, births=1), side(390), (120, 121))], title="Register")
    return kotak


def fetch(client, code, ending, period=PERIOD) -> bytes:
    answer = client.get(f"/penduduk/{code}/lampid/{period}.{ending}")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def lines_of_pdf(content) -> str:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.replace("\u200b", "").split())


def lines_of_xlsx(content) -> list[list]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell for cell in row if cell is not None] for row in sheet.values]


def rows_of(lines) -> list[list]:
    """Numbered lines of villages."""
    return [line for line in lines if len(line) == 24 and str(line[0]).isdecimal()]


def row_of(kotak, code):
    area = next(a for a in [*kotak.villages, *kotak.districts] if a.code == code)
    return next(row for row in read_book(area).rows if row.period == PERIOD)


@pytest.mark.parametrize("code", [A, "99.01.01"])
def test_the_pdf_says_every_figure_of_the_book(book, client, code):
    text = lines_of_pdf(fetch(client, code, "pdf"))
    counts = [count for cell in row_of(book, code).cells for count in cell[1:]]
    if code == A:
        for _name, *three in row_of(book, code).cells:
            assert " ".join(format_number(n) for n in three) in text
    else:
        # The line of totals: all blocks in their order, births before deaths.
        order = ("opening", "births", "deaths", "arrivals", "departures", "missing", "closing")
        by_name = {name: three for name, *three in row_of(book, code).cells}
        line = " ".join(format_number(n) for name in order for n in by_name[name])
        assert line in text
    assert None not in counts
    assert "Oktober 2026" in text
    assert "NIP." in text


def test_the_xlsx_of_a_village_says_every_figure_of_the_book(book, client):
    lines = lines_of_xlsx(fetch(client, A, "xlsx"))
    by_name = {name: three for name, *three in row_of(book, A).cells}
    counted = [line[2:5] for line in lines if len(line) >= 5 and isinstance(line[2], int)]
    order = ("opening", "births", "deaths", "arrivals", "departures", "missing", "closing")
    assert counted[:7] == [by_name[name] for name in order]
    assert set(order) == set(SHOWN)
    households = [line[5] for line in lines if len(line) == 6 and isinstance(line[5], int)]
    assert households == [291, 293]


def test_the_xlsx_of_a_district_has_a_row_for_each_village_and_says_who_is_late(book, client):
    lines = lines_of_xlsx(fetch(client, "99.01.01", "xlsx"))
    rows = {line[1]: line[2:] for line in rows_of(lines)}
    assert list(rows)[:4] == ["Desa Ubin 11", "Desa Ubin 12", "Desa Ubin 13", "Desa Ubin 14"]
    assert set(rows["Desa Ubin 13"]) == {"–"}
    assert rows["Desa Ubin 12"][:6] == [400, 390, 790, 1, 0, 1]
    total = lines[lines.index([*rows_of(lines)[-1]]) + 1]
    figures = [cell for cell in total if isinstance(cell, int)]
    assert figures[:3] == [2000, 1970, 3970]
    assert figures[-1] == 293 + 121
    told = [line[0] for line in lines if len(line) == 1 and isinstance(line[0], str)]
    assert any(text.startswith("2 ") and " 4 " in text for text in told)


def test_what_is_written_can_be_brought_in_again(book, client):
    content = fetch(client, A, "xlsx")
    submission = bring(make_world(book), content)
    assert submission.state == State.READY
    found = cells(submission)[A]
    assert found["closing_male"] == 1600 + 3 + 5 - 1 - 2 - 1
    assert (found["births_female"], found["deaths_female"]) == (2, 2)


def test_a_month_that_nobody_reported_and_the_whole_regency_are_not_found(book, client):
    for code, period in ((A, "2026-09"), ("99.01.02", PERIOD), ("99.01", PERIOD), (A, "x")):
        for ending in ("pdf", "xlsx"):
            answer = client.get(f"/penduduk/{code}/lampid/{period}.{ending}")
            assert answer.status_code == 404, (code, period, ending)


def test_the_page_of_the_book_leads_to_the_reports(book, client):
    page = client.get(f"/penduduk/{A}/").content.decode()
    assert f"/penduduk/{A}/lampid/{PERIOD}.pdf" in page
    assert f"/penduduk/{A}/lampid/{PERIOD}.xlsx" in page
    assert "/lampid/" not in client.get("/penduduk/99.01/").content.decode()


def test_invented_figures_are_marked(kotak, client, settings, tmp_path):
    settings.REGENCY_CODE, settings.VAR_DIR = "99.01", tmp_path
    record(A, [month(PERIOD, side(600), side(580))], is_demo=True)
    marked = ("SAMPLE DATA", "DATA CONTOH")
    assert any(words in lines_of_pdf(fetch(client, A, "pdf")) for words in marked)
    told = [str(cell) for line in lines_of_xlsx(fetch(client, A, "xlsx")) for cell in line]
    assert any(words in text for text in told for words in marked)
