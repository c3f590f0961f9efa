"""The front page, the page about the data, errors, and both languages."""

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import server_error

from geo.areas.queries import find_area, regency
from geo.lib.errors import UnknownArea
from geo.lib.pictures import MISSING_FILL
from geo.pages import queries
from tests.factories import make_boundary_source
from tests.indicators.world import make_indicator, make_source, observe
from tests.maps.html import read

PUBLIC = ["/", "/tentang/", "/tentang/gaya/"]


@pytest.mark.parametrize("path", [*PUBLIC, *(f"/en{path}" for path in PUBLIC)])
def test_a_page_is_public_and_not_sent_twice(drawn, measured, client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.get("Vary", "")
    again = client.get(path, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    language = "en" if path.startswith("/en") else "id"
    assert read(answer).one("html").attributes["lang"] == language


@pytest.mark.parametrize("path", PUBLIC)
def test_each_page_leads_to_itself_in_the_other_language(drawn, client, path):
    (other,) = read(client.get(path)).all("link", rel="alternate")
    assert (other.attributes["hreflang"], other.attributes["href"]) == ("en", f"/en{path}")
    (back,) = read(client.get(f"/en{path}")).all("link", rel="alternate")
    assert (back.attributes["hreflang"], back.attributes["href"]) == ("id", path)


def test_a_browser_in_english_still_gets_what_the_address_says(drawn, client):
    answer = client.get("/", headers={"Accept-Language": "en"})
    assert read(answer).one("html").attributes["lang"] == "id"


def test_the_front_page_counts_by_hand(drawn, measured, client):
    counts = queries.count_areas(regency())
    assert (counts.n_districts, counts.n_desa, counts.n_kelurahan) == (4, 16, 1)
    assert (counts.n_villages, counts.n_with_boundary) == (17, 16)
    text = read(client.get("/en/")).one(id="main").text
    assert "17 villages in 4 districts" in text
    assert "Every village of Kabupaten Kotak on one map" in text


def test_headlines_are_totals_one_a_sector(measured):
    (headline,) = queries.headlines(regency())
    assert headline.indicator == measured.people
    assert (headline.period, headline.figure.value) == ("2024", 350)


def test_the_front_picture_shows_the_first_rate(drawn, measured):
    svg, indicator, period = queries.front_picture(regency())
    assert (indicator, period) == (measured.size, "2024")
    assert svg.count("data-code=") == 16
    # Known are 11 villages, one of them without boundary; the district 03 is unknown.
    hatched = svg.split(f'<g fill="{MISSING_FILL}">')[1].split("</g>")[0]
    assert hatched.count("data-code=") == 16 - 10


def test_the_front_picture_without_figures_or_outlines(drawn, kotak):
    svg, indicator, _ = queries.front_picture(regency())
    assert "data-code" in svg
    assert indicator is None
    drawn.regency.outlines.all().delete()
    assert queries.front_picture(regency()) == ("", None, "")


def test_only_sources_of_what_is_shown_are_named(measured, client):
    make_source(title="Never used")
    gone = make_source(title="Superseded", is_demo=True)
    later = make_source().recorded_at
    people = measured.people
    observe(people, "2022", {"01.2001": 1}, source=gone, superseded_at=later)
    assert [s.title for s in queries.sources_in_use()] == ["Register 2024"]
    assert "SAMPLE DATA" not in client.get("/en/").content.decode()
    make_source(title="Empty demonstration", is_demo=True)
    assert "SAMPLE DATA" not in client.get("/en/").content.decode()
    observe(people, "2021", {"01.2001": 1}, source=gone)
    assert "SAMPLE DATA" in client.get("/en/").content.decode()
    assert "SAMPLE DATA" in client.get("/en/tentang/").content.decode()


def test_only_editions_of_present_boundaries_are_named(kotak):
    type(make_boundary_source()).objects.create(
        code="unused", title="Unused", publisher="–", licence="–"
    )
    assert [s.code for s in queries.boundary_sources_in_use()] == ["kotak"]


def test_about_explains_every_indicator(measured, client):
    page = read(client.get("/en/tentang/"))
    terms = [dt.attributes["id"] for dt in page.one("dl", "definitions").all("dt")]
    assert terms == ["people", "homes", "size"]
    assert "16 of 17 villages have a boundary" in page.one(id="main").text


def test_the_style_page_shows_the_legend(measured, client):
    assert read(client.get("/en/tentang/gaya/")).all("section", "legend")


# --- nothing there yet -------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/en/", "/en/tentang/"])
def test_an_empty_database_says_what_to_run(db, client, path):
    answer = client.get(path)
    assert answer.status_code == 503
    text = read(answer).one(id="main").text
    assert "The regency 16.07 is not in the database yet." in text
    assert "load_boundaries" in text


@pytest.mark.parametrize("path", ["/en/", "/en/tentang/", "/en/tentang/gaya/"])
def test_pages_stand_while_the_rest_is_still_missing(kotak, client, path):
    assert client.get(path).status_code == 200, "areas, but no sectors, figures or outlines"
    make_indicator("people")
    assert client.get(path).status_code == 200, "a sector without figures"
    answer = client.get("/en/tentang/")
    assert "No figures have been loaded yet." in answer.content.decode()


# --- errors --------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "prefix"), [("id", ""), ("en", "/en")])
def test_an_error_is_told_in_the_language_of_the_page(kotak, client, language, prefix):
    answer = client.get(f"{prefix}/peta/?i=&a=99.99", follow=False)
    with translation.override(language):
        sentences = {str(UnknownArea(code="99.99"))}
    make_indicator("people")
    answer = client.get(f"{prefix}/peta/?a=99.99")
    assert answer.status_code == 404
    page = read(answer)
    assert page.one("html").attributes["lang"] == language
    assert page.one("div", "prose").all("p")[0].text in sentences
    assert page.all("a", href=f"{prefix}/peta/"), "and there is a way on"


@pytest.mark.parametrize("path", ["/nowhere/", "/en/nowhere/", "/wilayah", "/%00"])
def test_what_is_not_there_leads_on(kotak, client, settings, path):
    settings.APPEND_SLASH = False
    answer = client.get(path)
    assert answer.status_code == 404
    assert read(answer).all("a", "button--main")


def test_a_missing_page_is_told_without_a_database_too(db, client):
    assert client.get("/nowhere/").status_code == 404


def test_a_mistake_of_ours_is_told_without_details(kotak, client, monkeypatch, settings):
    def broken(above):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(queries, "count_areas", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert read(answer).all("a", href="/")
    styles = [link.attributes["href"] for link in read(answer).all("link", rel="stylesheet")]
    assert styles
    for address in styles:
        assert client.get(address).status_code == 200, address


def test_a_mistake_of_ours_is_told_with_neither_database_nor_styles_of_pages():
    """What Django shows when all else has failed: it is given no context at all."""
    page = server_error(RequestFactory().get("/")).content.decode()
    assert "Tidak ada data yang hilang" in page
    assert "<style" not in page, "a style in the page needs a number that only a live site gives"


def test_an_error_of_the_interface_is_json(kotak, client):
    answer = client.get("/api/v1/areas/99.99")
    assert answer.status_code == 404
    assert answer.json() == {"detail": str(UnknownArea(code="99.99"))}


@pytest.mark.parametrize("path", PUBLIC)
def test_pages_are_only_for_reading(kotak, client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(("path", "most"), [("/", 20), ("/tentang/", 12), ("/tentang/gaya/", 5)])
def test_a_page_takes_few_queries(
    drawn, measured, client, django_assert_max_num_queries, path, most
):
    client.get(path)
    with django_assert_max_num_queries(most):
        answer = client.get(path)
    assert answer.status_code == 200


def test_the_site_is_named_after_its_regency(kotak, client):
    assert find_area("99.01").name == "Kotak"
    page = read(client.get("/tentang/"))
    assert page.one("a", "brand").attributes["aria-label"] == "Peta Kotak"
    menu = page.all("nav", "menu")[0]
    assert len(menu.all("span", **{"aria-current": "page"})) == 1
