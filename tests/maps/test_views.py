"""The map page and its parts, as they are answered."""

import json
import re

import pytest

from geo.areas.models import Outline
from tests.indicators.world import make_indicator, observe
from tests.maps.html import read

PAGES = ["/peta/", "/peta/?i=people&a=99.01.01", "/peta/?a=99.01.01.2001", "/peta/?l=village"]


@pytest.mark.parametrize("address", [*PAGES, "/peta/bagian/", "/peta/cari/?q=Ubin"])
def test_a_public_page_may_be_kept_sets_no_cookie_and_is_not_sent_twice(
    drawn, measured, client, address
):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_figure_changes_the_answer(drawn, measured, client):
    tag = client.get("/peta/?i=people")["ETag"]
    observe(measured.people, "2024", {"03.2001": 1})
    assert client.get("/peta/?i=people", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("address", ["/peta/", "/", "/wilayah/99.01/", "/tentang/", "/nowhere/"])
def test_nothing_inline_may_run_but_what_we_wrote(drawn, measured, client, address):
    answer = client.get(address)
    policy = dict(p.strip().split(" ", 1) for p in answer["Content-Security-Policy"].split(";"))
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "*" not in answer["Content-Security-Policy"]
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    for directive, tag in (("script-src", "script"), ("style-src", "style")):
        inline = [
            node
            for node in read(answer).all(tag)
            if "src" not in node.attributes and node.attributes.get("type") != "application/json"
        ]
        assert len(inline) == 1
        assert len(re.findall("'sha256-[^']+'", policy[directive])) == 1
    assert not [n for n in read(answer).walk() if "style" in n.attributes]
    assert not [n for n in read(answer).walk() if any(a.startswith("on") for a in n.attributes)]


def test_the_hash_in_the_policy_is_that_of_the_text_in_the_page(drawn, measured, client):
    import base64
    import hashlib

    answer = client.get("/peta/")
    for tag in ("style", "script"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", answer.content.decode(), re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer["Content-Security-Policy"]


def test_the_map_is_in_the_page_before_any_script(drawn, measured, client):
    page = read(client.get("/peta/?i=size&a=99.01.02"))
    (picture,) = page.all("svg", "map-picture")
    areas = [n for n in picture.all("path") if n.attributes.get("data-code", "").count(".") == 3]
    assert {n.attributes["data-code"][-4:] for n in areas} == {"2001", "2002", "2003", "2004"}
    links = {n.attributes["href"] for n in picture.all("a")}
    assert "/peta/?i=size&a=99.01.02.2001" in links
    assert "/peta/?i=size&a=99.01.01" in links, "the neighbours lead on too"
    assert all(n.attributes["tabindex"] == "-1" for n in picture.all("a"))
    assert picture.attributes["aria-hidden"] == "true"


def test_the_table_says_what_the_map_shows(drawn, measured, client):
    page = read(client.get("/en/peta/?i=people"))
    rows = page.one("table", "ranking").one("tbody").all("tr")
    assert [(r.attributes["data-code"], r.one("td", "ranking__value").text) for r in rows] == [
        ("99.01.04", "140"),
        ("99.01.01", "60"),
        ("99.01.02", "150 3/4"),
        ("99.01.03", "no data yet"),
    ]
    assert [r.one("td", "ranking__rank").text for r in rows] == ["1", "2", "–", "–"]
    assert "A partial figure has no rank" in page.one("main").text


def test_the_page_tells_the_script_what_to_draw(drawn, measured, client):
    facts = json.loads(read(client.get("/peta/?i=size&a=99.01.02")).one(id="map-facts").text)
    assert (facts["scope"], facts["level"]) == ("99.01.02", "village")
    assert client.get(facts["outline"]).status_code == 200
    assert client.get(facts["context"]).status_code == 200
    assert client.get(facts["villages"]).status_code == 200
    west, south, east, north = facts["bounds"]
    assert west < east < 105
    assert facts["whole"][0] <= west
    assert south < north < 0
    at_regency = json.loads(read(client.get("/peta/?i=size")).one(id="map-facts").text)
    assert at_regency["context"] is None
    assert at_regency["whole"] == at_regency["bounds"]


def test_the_fragment_has_the_panel_but_no_geometry(drawn, measured, client):
    answer = client.get("/peta/bagian/?i=size&a=99.01.02")
    page = read(answer)
    assert page.one(id="panel").attributes["data-title"].count("–") == 2
    assert not page.all("svg", "map-picture")
    assert "Content-Security-Policy" in answer.headers


def test_downloads_hold_what_is_seen(drawn, measured, client):
    page = read(client.get("/peta/?i=people&t=2023&a=99.01.01&per=2026-11-22"))
    for link in page.all("a", download=None):
        if "download" not in link.attributes:
            continue
        address = link.attributes["href"]
        if "/values" not in address:
            continue
        assert "indicator=people&period=2023&level=village&parent=99.01.01" in address
        assert "per=2026-11-22" in address
        assert client.get(address).status_code == 200
    assert len([a for a in page.all("a") if "download" in a.attributes]) == 5


def test_a_pinned_day_is_said_on_the_page(drawn, measured, client):
    page = read(client.get("/en/peta/?i=people&a=99.01.01&per=2026-11-22"))
    notice = page.one("p", "pinned")
    assert "2026" in notice.text
    assert notice.one("a").attributes["href"] == "/en/peta/?i=people&a=99.01.01"
    assert not read(client.get("/en/peta/?i=people")).all("p", "pinned")


# --- outlines -------------------------------------------------------------------


def test_outlines_never_change_under_their_address(drawn, client):
    outline = Outline.objects.get(parent=drawn.regency, level="district")
    answer = client.get(f"/peta/batas/99.01/district.{outline.content_hash}.json")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "application/json"
    geometries = json.loads(answer.content)["objects"]["areas"]["geometries"]
    assert {g["id"] for g in geometries} == {d.code for d in drawn.districts}


@pytest.mark.parametrize("name", ["99.01/district.0123456789abcdef", "99.09/village.abc"])
def test_an_old_hash_is_refused_in_a_sentence(drawn, client, name):
    answer = client.get(f"/peta/batas/{name}.json")
    assert answer.status_code == 404
    assert "max-age=31536000" not in answer.get("Cache-Control", "")
    code, level = name.split("/")
    assert level in read(answer).one(id="main").text
    assert code in read(answer).one(id="main").text


# --- search without scripts --------------------------------------------------------


def test_one_hit_leads_there(drawn, client):
    answer = client.get("/peta/cari/?q=99.01.02.2003")
    assert (answer.status_code, answer["Location"]) == (302, "/peta/?a=99.01.02.2003")


def test_several_hits_are_listed_with_their_district(drawn, client):
    page = read(client.get("/en/peta/cari/?q=Ubin 1"))
    hits = page.one("ul", "hits").all("a")
    assert len(hits) >= 4
    assert hits[0].attributes["href"] == "/en/peta/?a=99.01.01.2001"
    assert hits[0].text == "Ubin 11 Desa · Petak 1 · 99.01.01.2001"


def test_no_hit_says_so(drawn, client):
    page = read(client.get("/en/peta/cari/?q=zzzzzz"))
    assert "No area has this name" in page.one("p", "notice").text
    assert not page.all("ul", "hits")


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=%25", "?q=_", "?q=" + "x" * 3000])
def test_any_question_is_answered(drawn, client, query):
    assert client.get(f"/peta/cari/{query}").status_code in {200, 302}


# --- what goes wrong ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("?i=nothing", 404, "There is no indicator with code “nothing”"),
        ("?a=99.99", 404, "There is no area with code “99.99”"),
        ("?i=people&t=1066", 404, "has no figures for the period “1066”"),
        ("?l=house", 400, "“house” is not a value of “l”"),
        ("?a=%00", 404, "a character that no name or code has"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(drawn, measured, client, address, status, said):
    answer = client.get(f"/en/peta/{address}")
    assert answer.status_code == status
    assert said in read(answer).one(id="main").text
    assert client.get(f"/peta/{address}").status_code == status


def test_what_was_asked_is_never_taken_for_html(drawn, measured, client):
    answer = client.get("/peta/?a=<script>alert(1)</script>")
    assert b"<script>alert" not in answer.content
    answer = client.get('/peta/cari/?q="><script>alert(1)</script>')
    assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("address", ["/peta/", "/peta/bagian/", "/peta/cari/"])
def test_the_map_is_only_for_reading(drawn, measured, client, address):
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("path", ["/en/peta/", "/en/peta/bagian/"])
def test_an_empty_database_says_what_to_run(db, client, path):
    answer = client.get(path)
    assert answer.status_code == 503
    assert "load_sectors" in read(answer).one(id="main").text
    make_indicator("people")
    answer = client.get(path)
    assert answer.status_code == 503
    assert "load_boundaries" in read(answer).one(id="main").text


@pytest.mark.parametrize("address", ["", "?l=village", "?a=99.01.01", "?a=99.01.04.1005"])
def test_areas_and_a_sector_without_figures_or_outlines_are_a_page(kotak, client, address):
    people = make_indicator("people")
    page = read(client.get(f"/en/peta/{address}"))
    assert "no data yet" in page.one(id="panel").text
    assert not page.all("svg", "map-picture")
    assert not [a for a in page.all("a") if "download" in a.attributes]
    observe(people, "2024", {"01.2001": 4})
    answer = client.get(f"/en/peta/{address}")
    assert answer.status_code == 200
    assert len([a for a in read(answer).all("a") if "download" in a.attributes]) == 5


@pytest.mark.parametrize("path", ["/peta/", "/peta/?l=village", "/peta/?a=99.01.01.2001"])
def test_a_view_takes_few_queries(drawn, measured, client, django_assert_max_num_queries, path):
    client.get(path)
    with django_assert_max_num_queries(18):
        assert client.get(path).status_code == 200


def test_years_are_not_numbers(drawn, measured, client):
    for address in ("/peta/?i=people", "/en/peta/?i=people"):
        text = client.get(address).content.decode()
        assert "2024" in text
        assert not re.search(r"2[.,]02[0-9]", text)


def test_the_first_village_to_report_is_not_nobody(drawn, client):
    people = make_indicator("people", name_en="People", unit="person")
    observe(people, "2024", {"01.2001": 2950})
    panel = read(client.get("/en/peta/?i=people&a=99.01")).one(cls="panel__sentence").text
    assert "So far only" in panel
    assert "2,950" in panel
    assert "Nobody" not in panel
