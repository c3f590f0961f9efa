"""One figure is one number, wherever it is read."""

import csv
import io

import pytest

from tests.maps.html import read

FIGURES = [
    # level, parent, indicator, code, value by hand, as written in English
    ("village", "99.01.01", "people", "99.01.01.2003", 30, "30"),
    ("village", "99.01.01", "size", "99.01.01.2004", 0, "0.00"),
    ("village", "99.01.04", "people", "99.01.04.1005", 100, "100"),
    ("district", "99.01", "people", "99.01.02", 150, "150"),
    ("district", "99.01", "size", "99.01.02", 4.5, "4.50"),
    ("district", "99.01", "size", "99.01.01", 2, "2.00"),
]


@pytest.mark.parametrize(("level", "parent", "indicator", "code", "value", "written"), FIGURES)
def test_map_profile_interface_and_table_agree(
    drawn, measured, client, level, parent, indicator, code, value, written
):
    page = read(client.get(f"/en/peta/?i={indicator}&a={parent}&l={level}"))
    row = page.one("tr", **{"data-code": code})
    assert row.one("td", "ranking__value").text.split()[0] == written

    own = read(client.get(f"/en/peta/?i={indicator}&a={code}"))
    assert own.one("p", "panel__figure").one("strong").text == written

    profile = read(client.get(f"/en/wilayah/{code}/"))
    address = f"/en/peta/?i={indicator}&a={code}"
    (name,) = [a for a in profile.all("a") if a.attributes.get("href") == address]
    fact = name.parent.parent
    assert fact.one("p", "fact__value").text.split()[0] == written

    asked = {"indicator": indicator, "period": "2024", "level": level, "parent": parent}
    answer = client.get("/api/v1/values", asked).json()
    assert answer["values"][answer["codes"].index(code)] == pytest.approx(value)

    text = client.get("/api/v1/values.csv", asked).content.decode("utf-8-sig")
    table = {r["code"]: r for r in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert float(table[code]["value"].replace(",", ".")) == pytest.approx(value)

    features = client.get("/api/v1/values.geojson", asked).json()["features"]
    (feature,) = [f for f in features if f["id"] == code]
    assert feature["properties"]["value"] == pytest.approx(value)


def test_what_is_missing_is_missing_everywhere(drawn, measured, client):
    asked = {"indicator": "people", "period": "2024", "level": "district", "parent": "99.01"}
    answer = client.get("/api/v1/values", asked).json()
    place = answer["codes"].index("99.01.03")
    assert (answer["values"][place], answer["statuses"][place]) == (None, "missing")
    row = read(client.get("/en/peta/?i=people")).one("tr", **{"data-code": "99.01.03"})
    assert row.one("td", "ranking__value").text == "no data yet"
    text = client.get("/api/v1/values.csv", asked).content.decode("utf-8-sig")
    table = {r["code"]: r for r in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert (table["99.01.03"]["value"], table["99.01.03"]["status"]) == ("", "missing")
    assert "no data yet" in read(client.get("/en/wilayah/99.01.03/")).one(id="main").text


def test_the_regencys_total_is_one_number_on_three_pages(drawn, measured, client):
    total = sum([10, 20, 30, 0, 40, 50, 60, 10, 10, 10, 10, 100])
    home = read(client.get("/en/"))
    assert home.one("ul", "headlines").all("strong")[0].text == str(total) == "350"
    map_page = read(client.get("/en/peta/?i=people"))
    assert map_page.one("p", "panel__figure").one("strong").text == "350"
    profile = read(client.get("/en/wilayah/99.01/"))
    assert profile.all("p", "fact__value")[0].text.split()[0] == "350"
