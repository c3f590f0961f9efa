"""Figures for machines, in Kabupaten Kotak, by hand."""

import csv
import datetime
import io

import pytest

from geo.indicators.models import ClassBreaks, Observation
from geo.indicators.queries import known_periods
from tests.indicators.world import make_indicator, make_source, observe

pytestmark = pytest.mark.django_db


def test_values_of_villages_by_hand(people, ask):
    ClassBreaks.objects.create(
        indicator=people, level="village", scheme="quantile", edges=[0, 10, 40]
    )
    status, content = ask(
        "/values", indicator="people", period="2024", level="village", parent="99.01"
    )
    assert status == 200
    assert (content["indicator"], content["period"], content["unit"]) == (
        "people",
        "2024",
        "person",
    )
    assert content["codes"] == sorted(content["codes"])
    assert len(content["codes"]) == 17
    found = dict(
        zip(
            content["codes"],
            zip(content["values"], content["statuses"], strict=True),
            strict=True,
        )
    )
    assert found["99.01.01.2001"] == (0, "verified")  # zero is a value
    assert found["99.01.01.2003"] == (12.5, "verified")
    assert found["99.01.01.2004"] == (None, "missing")
    assert found["99.01.04.1005"] == (40, "verified")  # no boundary, but a figure
    assert content["breaks"] == [0, 10, 40]
    assert content["coverage"] == {"reported": 4, "expected": 17}
    assert content["reported"] == [int(v is not None) for v in content["values"]]
    assert content["expected"] == [1] * 17
    assert [s["title"] for s in content["sources"]] == ["Register 2024"]
    assert content["sources"][0]["is_demo"] is False


def test_values_of_districts_roll_up(people, ask):
    content = ask("/values", indicator="people", level="district")[1]
    assert content["codes"] == ["99.01.01", "99.01.02", "99.01.03", "99.01.04"]
    assert content["values"] == [19.5, None, None, 40]
    assert content["reported"] == [3, 0, 0, 1]
    assert content["expected"] == [4, 4, 4, 5]
    assert content["coverage"] == {"reported": 4, "expected": 17}
    regency = ask("/values", indicator="people", level="regency")[1]
    assert (regency["codes"], regency["values"]) == (["99.01"], [59.5])


def test_defaults_are_latest_period_regency_and_lowest_level(people, ask):
    observe(people, "2023", {"01.2001": 1})
    content = ask("/values", indicator="people")[1]
    assert (content["period"], content["parent"], content["level"]) == ("2024", "99.01", "village")
    assert content["classification"] == "quantile"
    part = ask("/values", indicator="people", parent="99.01.04")[1]
    assert len(part["codes"]) == 5


def test_suppressed_is_null_with_its_status_everywhere(kotak, ask, client):
    poor = make_indicator("poor", sensitive=True)
    observe(poor, "2024", {"01.2001": 3, "01.2002": 30, "01.2003": 2})
    content = ask("/values", indicator="poor", parent="99.01.01")[1]
    assert content["values"][:2] == [None, 30]
    assert content["statuses"][:2] == ["suppressed", "verified"]
    features = ask("/values.geojson", indicator="poor", parent="99.01.01")[1]["features"]
    assert [f["properties"]["value"] for f in features[:2]] == [None, 30]
    assert read_table(client, indicator="poor", parent="99.01.01")[0]["value"] == ""


def test_not_assessed_is_not_missing(people, ask):
    observe(people, "2025", {"01.2001": None}, status="not_assessed")
    content = ask("/values", indicator="people", parent="99.01.01", period="2025")[1]
    assert content["statuses"] == ["not_assessed", "missing", "missing", "missing"]


def test_what_nothing_leads_to_has_a_status_and_no_number(people, ask):
    observe(people, "2025", {"01.2001": None}, status="unreachable")
    content = ask("/values", indicator="people", parent="99.01.01", period="2025")[1]
    assert content["values"] == [None, None, None, None]
    assert content["statuses"][0] == "unreachable"


def test_a_pinned_day_gives_what_stood_then(people, ask):
    changed_at = datetime.datetime(2025, 6, 1, 17, tzinfo=datetime.UTC)  # 2 June, 00.00 WIB
    Observation.objects.filter(area__code="99.01.01.2002").update(superseded_at=changed_at)
    observe(people, "2024", {"01.2002": 70}, recorded_at=changed_at, revision=2)
    question = {"indicator": "people", "period": "2024", "parent": "99.01.01"}
    assert ask("/values", **question)[1]["values"][1] == 70
    assert ask("/values", **question, per="2025-06-02")[1]["values"][1] == 70
    assert ask("/values", **question, per="2025-06-01")[1]["values"][1] == 7
    assert ask("/values", **question, per="2020-01-01")[0] == 404


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ({"indicator": "peeple"}, 404, ["“peeple”", "people"]),
        ({"indicator": "people", "parent": "99.09"}, 404, ["“99.09”"]),
        ({"indicator": "people", "period": "1999"}, 404, ["“1999”", "2024"]),
        ({"indicator": "people", "period": "2024\x00"}, 404, ["2024"]),
        ({"indicator": "people", "level": "rt"}, 400, ["“rt”", "level", "village"]),
        ({"indicator": "people", "classification": "jenks"}, 400, ["“jenks”", "natural"]),
        ({"indicator": "people", "per": "2026-13-01"}, 400, ["“2026-13-01”", "2026-11-22"]),
        ({"indicator": "people", "per": "kemarin"}, 400, ["“kemarin”", "per"]),
        ({"indicator": "people", "level": "regency", "parent": "99.01.01"}, 400, ["regency"]),
        ({}, 400, ["“indicator”"]),
        ({"indicator": ""}, 400, ["“indicator”"]),
        ({"level": "rt", "per": "x"}, 400, ["“indicator”", "“rt”", "“x”"]),
    ],
)
@pytest.mark.parametrize("path", ["/values", "/values.csv", "/values.geojson"])
def test_errors_are_sentences(people, ask, path, question, status, words):
    found, content = ask(path, **question)
    assert found == status, content
    assert isinstance(content["detail"], str)
    for word in words:
        assert word in content["detail"]


def test_an_indicator_without_any_figure_is_404(kotak, ask):
    make_indicator("empty", name_id="Kosong")
    status, content = ask("/values", indicator="empty")
    assert status == 404
    assert "“Kosong”" in content["detail"]


def test_indicators_with_their_periods(people, ask):
    homes = make_indicator("homes", unit="household")
    size = make_indicator(
        "size", unit="person_per_household", roll_up="ratio", numerator=people, denominator=homes
    )
    density = make_indicator(
        "density", unit="person_per_km2", roll_up="ratio", numerator=people, per_km2=True
    )
    observe(homes, "2024", {"01.2001": 1})
    observe(homes, "2025", {"01.2001": 1})
    observe(people, "2021-Q4", {"01.2001": 1})
    status, content = ask("/indicators")
    assert (status, content["count"]) == (200, 4)
    found = {item["code"]: item for item in content["items"]}
    assert found["people"]["periods"] == ["2021-Q4", "2024"]
    assert found["size"]["periods"] == ["2024"]
    for indicator in (people, homes, size, density):
        assert found[indicator.code]["periods"] == known_periods(indicator)
    assert {k: found["people"][k] for k in ("sector", "name", "name_en", "unit", "roll_up")} == {
        "sector": "test",
        "name": "Penduduk",
        "name_en": "Population",
        "unit": "person",
        "roll_up": "sum",
    }
    assert (found["people"]["frequency"], found["people"]["sensitive"]) == ("year", False)


def test_names_do_not_follow_the_language_of_the_asker(people, client):
    indonesian = client.get("/api/v1/indicators", headers={"Accept-Language": "id"})
    english = client.get("/api/v1/indicators", headers={"Accept-Language": "en"})
    assert indonesian.content == english.content


def test_geojson_joins_figures_with_boundaries(people, ask, client):
    collection = ask("/values.geojson", indicator="people", parent="99.01.04")[1]
    without, first, *_ = collection["features"]
    assert (without["id"], without["geometry"]) == ("99.01.04.1005", None)
    assert without["properties"]["value"] == 40
    assert first["geometry"]["type"] == "MultiPolygon"
    assert first["properties"]["value"] is None
    assert first["properties"]["status"] == "missing"
    assert first["properties"]["name"] == "Ubin 41"
    regency = ask("/values.geojson", indicator="people", level="regency")[1]
    assert [f["id"] for f in regency["features"]] == ["99.01"]
    answer = client.get("/api/v1/values.geojson", {"indicator": "people"})
    assert 'filename="people_2024_village_99.01.geojson"' in answer["Content-Disposition"]


def read_table(client, **question):
    answer = client.get("/api/v1/values.csv", question)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def test_table_for_a_spreadsheet(people, client):
    rows = read_table(client, indicator="people", parent="99.01.01")
    assert rows[2] == {
        "code": "99.01.01.2003",
        "bps_code": "",
        "name": "Ubin 13",
        "district": "Petak 1",
        "indicator": "people",
        "period": "2024",
        "value": "12,5",
        "unit": "person",
        "status": "verified",
        "reported": "1",
        "expected": "1",
        "source": "Register 2024",
    }
    assert [row["value"] for row in rows] == ["0", "7", "12,5", ""]
    answer = client.get("/api/v1/values.csv", {"indicator": "people"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="people_2024_village_99.01.csv"'
    districts = read_table(client, indicator="people", level="district")
    assert (districts[0]["name"], districts[0]["district"]) == ("Petak 1", "")


def test_table_runs_no_formula_but_keeps_negative_numbers(kotak, client):
    change = make_indicator("change")
    source = make_source(title='=HYPERLINK("x")')
    observe(change, "2024", {"01.2001": -3.5}, source=source)
    kotak.village("99.01.01.2001").__class__.objects.filter(code="99.01.01.2001").update(
        name="@SUM(1;2)"
    )
    row = read_table(client, indicator="change", parent="99.01.01")[0]
    assert row["value"] == "-3,5"
    assert row["name"] == "'@SUM(1;2)"
    assert row["source"] == '\'=HYPERLINK("x")'


def test_demonstration_is_marked_in_every_channel(kotak, ask, client):
    people = make_indicator("people")
    observe(people, "2024", {"01.2001": 1}, source=make_source(title="Contoh", is_demo=True))
    assert ask("/values", indicator="people")[1]["sources"][0]["is_demo"] is True
    assert read_table(client, indicator="people")[0]["source"] == "Contoh (DATA CONTOH)"


def test_all_channels_agree(people, ask, client):
    question = {"indicator": "people"}
    content = ask("/values", **question)[1]
    features = ask("/values.geojson", **question)[1]["features"]
    rows = read_table(client, **question)
    assert [f["id"] for f in features] == content["codes"] == [row["code"] for row in rows]
    assert [f["properties"]["value"] for f in features] == content["values"]
    from_table = [float(r["value"].replace(",", ".")) if r["value"] else None for r in rows]
    assert from_table == content["values"]


def test_few_queries(people, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        client.get("/api/v1/values", {"indicator": "people"})
    with django_assert_max_num_queries(3):
        client.get("/api/v1/indicators")
    with django_assert_max_num_queries(10):
        client.get("/api/v1/values.geojson", {"indicator": "people"})


def test_as_many_queries_for_many_areas_as_for_few(people, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(20) as few:
        client.get("/api/v1/values", {"indicator": "people", "parent": "99.01.02"})
    with django_assert_max_num_queries(len(few)):
        client.get("/api/v1/values", {"indicator": "people", "parent": "99.01"})


@pytest.mark.parametrize(
    ("path", "n_queries"), [("/values", 1), ("/indicators", 1), ("/values.csv", 2)]
)
def test_304_until_a_figure_changes(people, client, django_assert_num_queries, path, n_queries):
    address = f"/api/v1{path}?indicator=people"
    first = client.get(address)
    assert first["Cache-Control"] == "public, no-cache"
    with django_assert_num_queries(n_queries):
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    observe(people, "2024", {"02.2001": 5})
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
