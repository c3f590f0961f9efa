from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model

from geo.areas.models import Area
from geo.indicators.queries import find_indicator, read_trend
from geo.population.models import LedgerMonth
from geo.population.queries import population_line, read_book
from tests.maps.html import read
from tests.population.world import A, B, book, month, quiet_months, record, side


def text_of(answer):
    assert answer.status_code == 200
    return " ".join(read(answer).one(id="main").text.split())


def table_rows(answer):
    """Cells of the first table, by the words of its first column."""
    table = read(answer).all("table", "book")[0]
    rows = {}
    for row in table.all("tr"):
        heads = row.all("th")
        cells = [" ".join(cell.text.split()) for cell in row.all("td")]
        if heads and cells:
            rows[" ".join(heads[0].text.split())] = cells
    return rows


@pytest.fixture
def kept(kotak):
    """A: all of 2023 and three months of 2024; B: January and February 2024."""
    record(A, quiet_months("2023-01", 15))
    first = month(
        "2024-01",
        side(100, arrivals=4, arrivals_within=3, departures=2, departures_within=0),
        side(90, arrivals=1, arrivals_within=0, departures=1, departures_within=1),
    )
    after = month("2024-02", side(102, deaths=2), side(90))
    record(B, [first, after])
    return kotak


# --- a village -------------------------------------------------------------------


def test_a_village_shows_its_twelve_months_and_that_they_add_up(kept, client):
    answer = client.get(f"/en/penduduk/{A}/?t=2023")
    rows = table_rows(answer)
    assert rows["March 2023"][:9] == ["602", "582", "1,184", "1", "1", "2", "0", "0", "0"]
    assert rows["March 2023"][18:21] == ["603", "583", "1,186"]
    assert rows["2023"][:6] == ["600", "580", "1,180", "12", "12", "24"]
    assert "1,180 + 24 + 0 − 0 − 0 − 0 = 1,204" in text_of(answer)
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    tag = {"If-None-Match": answer["ETag"]}
    assert client.get(f"/en/penduduk/{A}/?t=2023", headers=tag).status_code == 304


def test_the_newest_year_comes_first_and_late_months_say_so(kept, client):
    answer = client.get(f"/en/penduduk/{A}/")
    years = read(answer).one("nav", "book__years")
    assert [(a.text, a.attributes.get("aria-current")) for a in years.all("a")] == [
        ("2023", None),
        ("2024", "page"),
    ]
    rows = table_rows(answer)
    assert rows["March 2024"][0] == "614"
    assert rows["April 2024"] == ["not reported yet"]


def test_moves_within_and_across_stand_apart(kept, client):
    tables = read(client.get(f"/en/penduduk/{B}/")).all("table", "book")
    cells = [" ".join(c.text.split()) for c in tables[1].all("tbody")[0].all("tr")[0].all("td")]
    assert cells == ["5", "3", "2", "3", "1", "2", "0"]
    unsplit = read(client.get(f"/en/penduduk/{A}/")).all("table", "book")[1]
    cells = [" ".join(c.text.split()) for c in unsplit.all("tbody")[0].all("tr")[0].all("td")]
    assert cells == ["0", "–", "–", "0", "–", "–", "–"]


def test_a_correction_shows_its_reason_and_what_changed(kept, client):
    mended = replace(book(A)[13], male=side(613, births=3))
    record(A, [mended], reason="two births came to light")
    answer = client.get(f"/en/penduduk/{A}/?t=2024")
    words = text_of(answer)
    assert "Reason: two births came to light." in words
    assert "births (males) 1 → 3; closing (males) 614 → 616" in words
    assert "Recomputed after the correction of February 2024." in words
    assert "opening (males) 614 → 616; closing (males) 615 → 617" in words
    marked = [row.all("th")[0].text.split()[0] for row in read(answer).all("tr", "is-corrected")]
    assert marked == ["February", "March"]
    other = client.get(f"/en/penduduk/{A}/?t=2023")
    assert not read(other).all("tr", "is-corrected")
    above = text_of(client.get("/en/penduduk/99.01/?t=2024"))
    assert "Desa Ubin 11 , February 2024" in above
    assert "Recomputed" not in above, "over many villages only what was corrected"
    page = read(client.get("/en/penduduk/99.01/?t=2024"))
    marked = [row.all("th")[0].text.split()[0] for row in page.all("tr", "is-corrected")]
    assert marked == ["February"]


def test_before_a_village_existed_nothing_is_expected(kept, client):
    found = read_book(kept.village(A), "2023")
    assert [row.expected for row in found.rows] == [1] * 12
    Area.objects.filter(code=A).update(valid_from="2023-03-15")
    found = read_book(kept.village(A), "2023")
    assert [row.expected for row in found.rows[:4]] == [0, 0, 1, 1]


# --- districts and the regency ---------------------------------------------------


def test_a_district_adds_its_villages_up_with_coverage(kept, client):
    answer = client.get("/en/penduduk/99.01.01/?t=2024")
    rows = table_rows(answer)
    assert rows["January 2024"][:3] == ["712", "682", "1,394"]
    assert rows["January 2024"][6:9] == ["4", "1", "5"]
    assert rows["January 2024"][-1] == "2 of 4"
    assert rows["March 2024"][-1] == "1 of 4"
    assert "does not add up yet" in text_of(answer), "B is late with March"
    moves = read(answer).all("table", "book")[1].all("tbody")[0].all("tr")[0].all("td")
    # Only B knows whence and whither: its moves alone are split.
    assert [" ".join(c.text.split()) for c in moves] == [
        *("5", "3", "2", "3", "1", "2", "0"),
        "1 of 2",
    ]


def test_the_regency_counts_every_village(kept):
    january = read_book(kept.regency, "2024").rows[0]
    assert (january.reported, january.expected, january.is_partial) == (2, 17, True)
    assert (january.total("opening"), january.n_split["arrivals"]) == (1204 + 190, 1)


def test_a_month_that_lacks_a_late_village_is_left_out_of_the_line(kept, client):
    line = {period: persons for period, persons, _n in population_line(kept.districts[0])}
    assert line["2023-12"] == 1204
    assert line["2024-01"] == 1206 + 192
    assert line["2024-03"] is None
    page = client.get("/en/penduduk/99.01.01/")
    drawn = read(page).all("path", "chart__own")
    assert len(drawn) == 2, "A alone, then A and B: nobody came in between"
    trend = dict(
        read_trend(indicator=find_indicator("register_population"), area=kept.districts[0])
    )
    assert trend["2024-01"].value == line["2024-01"]


def test_queries_do_not_grow_with_the_villages(kept, client, django_assert_max_num_queries):
    client.get("/en/penduduk/99.01/")
    with django_assert_max_num_queries(12):
        client.get("/en/penduduk/99.01/")


# --- around it -------------------------------------------------------------------


def test_the_book_begins_with_the_regency(kotak, client):
    assert client.get("/en/penduduk/")["Location"] == "/en/penduduk/99.01/"


def test_an_empty_book_says_so(kotak, client):
    assert "No month has been reported here yet." in text_of(client.get(f"/en/penduduk/{A}/"))


@pytest.mark.parametrize(
    "address", ["99.99/", f"{A}/?t=1999", f"{A}/?t=x", f"{A}/?t=%00", "%00/", f"{'9' * 300}/"]
)
def test_what_is_not_there_is_refused_in_a_sentence(kept, client, address):
    answer = client.get(f"/en/penduduk/{address}")
    assert answer.status_code == 404
    assert read(answer).one(id="main").all("p")


def test_texts_of_people_are_escaped(kept, client):
    mended = replace(book(A)[13], male=side(613, births=3))
    record(A, [mended], reason="<script>alert(1)</script>")
    page = client.get(f"/en/penduduk/{A}/?t=2024").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_demonstration_data_is_marked(kotak, client):
    record(A, quiet_months("2024-01", 1), is_demo=True)
    assert "SAMPLE DATA" in client.get(f"/en/penduduk/{A}/").content.decode()
    assert "SAMPLE DATA" in client.get("/en/penduduk/99.01/").content.decode()


def test_a_year_never_shows_with_a_separator(kept, client):
    for code in (A, "99.01"):
        page = client.get(f"/penduduk/{code}/").content.decode()
        assert "2.024" not in page
        assert "2.023" not in page


def test_profiles_lead_here(kept, client):
    page = read(client.get(f"/en/wilayah/{A}/"))
    assert f"/en/penduduk/{A}/" in {a.attributes.get("href") for a in page.all("a")}


def test_nothing_can_be_edited_by_hand(kept, client, django_user_model):
    admin = get_user_model().objects.create_superuser("admin", password="x", is_demo=True)
    client.force_login(admin)
    assert client.get("/admin/geo/ledgermonth/").status_code == 200
    assert client.get("/admin/geo/ledgermonth/add/").status_code == 403
    row = LedgerMonth.objects.first()
    assert client.post(f"/admin/geo/ledgermonth/{row.pk}/delete/").status_code == 403
