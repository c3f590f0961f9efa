import csv
import io

import pytest

from geo.lib.ledger import month_from_columns
from tests.population.world import A, B, book, quiet_months, record


@pytest.fixture
def kept(kotak):
    record(A, quiet_months("2023-11", 3))
    record(B, quiet_months("2024-01", 1))
    return kotak


def items(client, **asked):
    answer = client.get("/api/v1/population/ledger", asked)
    assert answer.status_code == 200
    found = answer.json()
    assert found["count"] == len(found["items"])
    return found["items"]


def test_months_of_an_area_and_year(kept, client):
    assert [(i["code"], i["period"]) for i in items(client, area="99.01.01", year="2024")] == [
        (A, "2024-01"),
        (B, "2024-01"),
    ]
    every = items(client, area=A)
    assert [month_from_columns(i["period"], i) for i in every] == book(A)
    assert len(items(client)) == 4, "without an area: the regency"
    assert (every[0]["is_demo"], every[0]["revision"]) == (False, 1)
    assert every[0]["arrivals_within_male"] is None


def test_the_table_has_the_same(kept, client):
    answer = client.get("/api/v1/population/ledger.csv", {"area": A, "year": "2024"})
    assert 'filename="ledger_99.01.01.2001_2024.csv"' in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["period"], row["closing_male"], row["closing_households"]) for row in rows] == [
        ("2024-01", "603", "")
    ]


def test_it_is_answered_anew_only_when_a_month_changes(kept, client):
    first = client.get("/api/v1/population/ledger")
    tag = {"If-None-Match": first["ETag"]}
    assert client.get("/api/v1/population/ledger", headers=tag).status_code == 304
    record(B, quiet_months("2024-01", 2))
    assert client.get("/api/v1/population/ledger", headers=tag).status_code == 200


@pytest.mark.parametrize("asked", [{"area": "99.99"}, {"area": A, "year": "1999"}])
def test_what_is_not_there_is_refused_in_a_sentence(kept, client, asked):
    answer = client.get("/api/v1/population/ledger", asked)
    assert answer.status_code == 404
    assert answer.json()["detail"]
