"""What holds for every address below /api/v1/."""

import re

import pytest
from django.http import HttpResponse
from django.utils.translation import gettext, override
from openapi_spec_validator import validate

from geo.opendata.urls import patterns
from geo.opendata.views import KeptAnswers

pytestmark = pytest.mark.django_db

PATHS = {
    "/api/v1/areas",
    "/api/v1/areas.geojson",
    "/api/v1/areas/search",
    "/api/v1/areas/{code}",
    "/api/v1/indicators",
    "/api/v1/opportunities",
    "/api/v1/opportunities.csv",
    "/api/v1/opportunities.geojson",
    "/api/v1/places",
    "/api/v1/population/ledger",
    "/api/v1/population/ledger.csv",
    "/api/v1/places.geojson",
    "/api/v1/roads",
    "/api/v1/roads.geojson",
    "/api/v1/values",
    "/api/v1/values.csv",
    "/api/v1/values.geojson",
    *(f"/api/v1/values.{kind}" for kind in ("xlsx", "gpkg", "meta.json")),
    *(f"/api/v1/sectors/{{code}}.{kind}" for kind in ("xlsx", "csv", "geojson", "gpkg")),
    "/api/v1/sectors/{code}.meta.json",
}
EXAMPLES = [
    "/api/v1/areas",
    "/api/v1/areas.geojson",
    "/api/v1/areas/search?q=ubin",
    "/api/v1/areas/99.01",
    "/api/v1/indicators",
    "/api/v1/opportunities?area=99.01.01",
    "/api/v1/opportunities.geojson",
    "/api/v1/roads?authority=kabupaten",
    "/api/v1/roads.geojson",
    "/api/v1/values?indicator=people",
    "/api/v1/values.csv?indicator=people",
    "/api/v1/values.geojson?indicator=people",
    "/api/v1/openapi.json",
    "/api/v1/values?indicator=unknown",
    "/api/v1/values?indicator=people&level=rt",
    "/api/v1/nothing",
]


@pytest.fixture
def described(client):
    return client.get("/api/v1/openapi.json").json()


def test_openapi_is_valid(described):
    assert described["openapi"].startswith("3.1")
    validate(described)


def test_openapi_names_every_address(described):
    assert set(described["paths"]) == PATHS
    routes = {str(p.pattern) for p in patterns if p.name not in {"api-root", "openapi-view"}}
    routes = {"/api/v1/" + re.sub(r"<(\w+)>", r"{\1}", route) for route in routes}
    assert routes == PATHS | {"/api/v1/openapi.json"}


def test_openapi_describes_every_parameter_and_answer(described):
    for path, methods in described["paths"].items():
        assert list(methods) == ["get"]
        operation = methods["get"]
        assert operation["summary"]
        assert operation["description"], path
        assert {"200", "400", "404"} <= {str(code) for code in operation["responses"]}
        for parameter in operation["parameters"]:
            assert parameter["in"] == "path" or parameter["description"], (path, parameter)
    table = described["paths"]["/api/v1/values.csv"]["get"]["responses"]["200"]["content"]
    assert list(table) == ["text/csv"]
    drawn = described["paths"]["/api/v1/values.geojson"]["get"]["responses"]["200"]["content"]
    assert list(drawn) == ["application/geo+json"]


@pytest.mark.parametrize("model", ["AreasOut", "ValuesOut", "IndicatorsOut", "FoundAreasOut"])
def test_answers_fit_their_description(people, client, model):
    from geo.opendata import forms

    addresses = {
        "AreasOut": "/api/v1/areas",
        "ValuesOut": "/api/v1/values?indicator=people",
        "IndicatorsOut": "/api/v1/indicators",
        "FoundAreasOut": "/api/v1/areas/search?q=ubin",
    }
    schema = getattr(forms, model)
    content = client.get(addresses[model]).json()
    assert schema(**content).dict() == content


@pytest.mark.parametrize("address", EXAMPLES)
def test_open_to_other_sites_and_no_cookie(people, client, address):
    answer = client.get(address, headers={"Origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("address", EXAMPLES)
def test_head_is_get_without_body(people, client, address):
    got, headed = client.get(address), client.head(address)
    assert headed.status_code == got.status_code
    assert headed.content == b""
    assert headed["Content-Type"] == got["Content-Type"]
    assert headed["Content-Length"] == str(len(got.content))


def test_asking_first_is_answered(client):
    answer = client.options("/api/v1/values")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert "GET" in answer["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_is_refused_in_a_sentence(client, method):
    answer = getattr(client, method)("/api/v1/areas")
    assert answer.status_code == 405
    assert "GET" in answer.json()["detail"]
    assert "GET" in answer["Allow"]


def test_an_unknown_address_is_a_sentence(client):
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert "/api/v1/nothing" in answer.json()["detail"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_sentences_follow_the_language_of_the_asker(kotak, client, language):
    answer = client.get("/api/v1/areas?level=rt", headers={"Accept-Language": language})
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]
    with override(language):
        template = gettext("“%(found)s” is not a value of “%(name)s”. Allowed are: %(allowed)s.")
    allowed = "regency, district, village"
    expected = template % {"found": "rt", "name": "level", "allowed": allowed}
    assert answer.json()["detail"] == expected


def test_kept_answers_stay_within_their_bytes():
    kept = KeptAnswers(most_bytes=100)
    for n in range(10):
        kept.keep(f"{n}", HttpResponse(b"x" * 20))
    assert [etag for etag in map(str, range(10)) if kept.find(etag)] == ["5", "6", "7", "8", "9"]
    kept.find("5")
    kept.keep("10", HttpResponse(b"y" * 20))
    assert kept.find("5").content == b"x" * 20
    assert kept.find("6") is None
    kept.keep("big", HttpResponse(b"z" * 26))
    assert kept.find("big") is None
    assert kept.n_bytes == 100


def test_errors_are_not_remembered(people, client):
    answer = client.get("/api/v1/values?indicator=unknown")
    assert answer.status_code == 404
    assert "Cache-Control" not in answer
    later = client.get(
        "/api/v1/values?indicator=unknown", headers={"If-None-Match": answer.get("ETag", '"x"')}
    )
    assert later.status_code == 404


def test_docs_page_asks_no_foreign_host(client, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    answer = client.get("/api/v1/")
    assert answer.status_code == 200
    page = answer.content.decode()
    addresses = re.findall(r"""(?:src|href|url)["']?\s*[=:]\s*["']([^"']+)""", page)
    assert len(addresses) >= 4
    assert [a for a in addresses if not a.startswith("/") or a.startswith("//")] == []
    assert "http:" not in page
    assert "https:" not in page
    assert '"validatorUrl": null' in page
    assert "<script>" not in page  # the content security policy refuses inline scripts
    assert not answer.cookies
