"""The page: complete without scripts, honest about gaps, and a link that says it all."""

import io
import json
import zipfile

import openpyxl
import pytest

from geo.investment import views
from geo.investment.queries.pictures import score_edges
from tests.documents.conftest import words
from tests.indicators.world import make_indicator, observe
from tests.maps.html import read

BOTH = "w.minutes=1&w.workers=3"


def test_the_page_answers_at_once(client, drawn, measured):
    answer = client.get("/en/investasi/")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    html = answer.content.decode()
    assert "Ubin 12</strong> in Petak 1 fits best: 75.0 of 100 points" in html
    assert "It needs workers." in html
    assert "1 of its criteria is not known on this site yet" in html


def test_the_table_holds_points_figures_and_stability(client, drawn, measured):
    page = read(client.get(f"/en/investasi/?{BOTH}"))
    table = page.one("table", "found__table")
    rows = [body.text for body in table.all("tbody") if body.attributes.get("data-code")]
    assert len(rows) == 4
    assert "Ubin 12" in rows[0]
    assert "75.0" in rows[0]
    assert "top 5 in 1,000" in rows[0]
    why = page.all("table", "why")[0].text
    assert "300 persons 2024, verified 100 75.0" in " ".join(why.split())
    assert "2024, not yet verified" in why, "minutes are not verified"


def test_bars_are_as_long_as_what_they_stand_for(client, drawn, measured):
    page = read(client.get(f"/investasi/?{BOTH}"))
    bars = page.all("svg", "stack")
    third = [(r.attributes["x"], r.attributes["width"]) for r in bars[1].all("rect")]
    assert third == [("0.00", "37.50"), ("37.50", "12.50")]


def test_all_places_are_listed_and_only_the_first_in_full(client, drawn, measured, monkeypatch):
    monkeypatch.setattr(views, "N_ROWS", 2)
    first, whole = (read(client.get(f"/en/investasi/?{BOTH}{more}")) for more in ("", "&all=1"))

    def rows(page):
        return [b for b in page.all("tbody") if b.attributes.get("data-code")]

    assert [len(rows(page)) for page in (first, whole)] == [2, 4]
    assert "Show all 4" in first.one("section", "found").text
    assert "Show all" not in whole.one("section", "found").text
    third = rows(whole)[2]
    assert words(third.text).startswith("3 Ubin 11 Petak 1 25.0 top 5 in 1,000 top 10 in 1,000")
    (bar,) = third.all("rect")
    assert bar.attributes["width"] == "25.0"
    assert len(whole.all("table", "why")) == 2


def test_each_criterion_says_what_stands_behind_it(client, drawn, measured):
    text = read(client.get(f"/en/investasi/?{BOTH}")).one("section", "evidence").text
    assert "Weight 3, 75% of all · more is better" in text
    assert "Weight 1, 25% of all · less is better" in text
    assert "2024 · 4 of 17 reported · all verified" in text
    assert "4 not verified" in text
    assert "Sensus Kotak (Kantor Kotak)" in text


def test_the_map_has_pins_and_leads_to_profiles(client, drawn, measured):
    page = read(client.get(f"/investasi/?{BOTH}"))
    pins = page.one("svg", "pins")
    assert {p.attributes["data-pin"] for p in pins.all("g")} == {
        f"99.01.01.200{n}" for n in (1, 2, 3, 4)
    }
    links = [a.attributes["href"] for a in page.one("svg", "map-picture").all("a")]
    assert "/wilayah/99.01.01.2002/" in links


def test_missing_is_said_and_not_nought(client, drawn, measured):
    html = client.get("/en/investasi/?w.workers=3&w.power=1").content.decode()
    assert "scored on 75% of the weight; 37.5 to 62.5 once all is known" in html
    assert "no data yet" in html


def test_a_first_place_that_rests_on_gaps_says_so(client, drawn, measured):
    """Without limits 2002 is the first, and known whole; alone in its district it is not."""
    whole = client.get("/en/investasi/?w.workers=3&w.power=1")
    assert "Not known yet" not in read(whole).one("section", "verdict").text
    partly = client.get("/en/investasi/?w.workers=3&w.power=1&min.workers=150&max.workers=250")
    verdict = read(partly).one("section", "verdict").text
    assert "between 37.5 and 62.5 points" in verdict
    assert "Not known yet: Power" in " ".join(verdict.split())


def test_a_pinned_day_leads_to_a_dossier_and_is_not_passed_over(client, drawn, measured):
    html = client.get(f"/en/investasi/?{BOTH}&per=2026-11-20").content.decode()
    assert "always of the figures of today" in html
    assert "&amp;per=2026-11-20" in html
    assert "figures of today" not in client.get(f"/en/investasi/?{BOTH}").content.decode()


@pytest.mark.parametrize(
    ("scores", "edges"),
    [
        ([], [0, 100]),
        ([7, 7, 7], [7, 8]),
        ([0] * 20 + [100], [0, 20, 40, 60, 80, 100]),
        (list(range(10)), [0, 2, 4, 6, 8, 9]),
    ],
)
def test_the_map_has_classes_even_where_most_places_are_equal(scores, edges):
    assert score_edges(scores) == edges


def test_the_comparison_is_asked_for_the_criteria(client, drawn, measured):
    page = read(client.get(f"/en/investasi/?{BOTH}&min.power=10"))
    asked = [i.attributes["value"] for i in page.all("input") if i.attributes.get("name") == "i"]
    assert asked == ["workers", "minutes", "power"]


def test_nobody_is_called_the_best_where_several_share_the_first_rank(client, drawn, measured):
    """Workers and minutes weighed alike: three villages have 50 points each."""
    verdict = words(
        read(client.get("/en/investasi/?w.workers=1&w.minutes=1")).one(id="result").text
    )
    assert "3 places share the first rank, each with 50.0 of 100 points" in verdict
    assert "fits best" not in verdict
    assert "Of the first five" in verdict


def test_a_criterion_that_tells_nothing_apart_is_told(client, drawn, measured):
    alike = make_indicator("alike", investor={"direction": "higher"})
    observe(alike, "2024", {f"0{d}.200{v}": 7 for d in (1, 2, 3) for v in (1, 2, 3, 4)})
    verdict = words(read(client.get("/en/investasi/?w.alike=5")).one(id="result").text)
    assert "12 places share the first rank" in verdict
    assert "does not tell these places apart" in verdict
    assert "Of the first five" not in verdict


def test_more_than_five_on_the_first_five_ranks_are_counted_as_they_are(client, drawn, measured):
    sun = make_indicator("sun", investor={"direction": "higher"})
    codes = [f"0{d}.200{v}" for d in (1, 2, 3) for v in (1, 2, 3, 4)]
    observe(sun, "2024", {code: max(5 - n, 1) for n, code in enumerate(codes)})
    verdict = words(read(client.get("/en/investasi/?w.sun=5")).one(id="result").text)
    assert "12 places have one of the first five ranks" in verdict


def test_up_to_four_places_go_to_the_comparison(client, drawn, measured):
    page = read(client.get(f"/en/investasi/?{BOTH}"))
    assert page.one(id="compare").attributes["action"] == "/en/banding/"
    boxes = [i for i in page.all("input") if i.attributes.get("form") == "compare"]
    assert next(box.attributes["value"] for box in boxes) == "99.01.01.2002"


def test_the_form_leads_to_the_short_address(client, drawn, measured):
    answer = client.get("/en/investasi/?f=1&l=village&w.workers=3&w.minutes=1&w.power=0&min.power=")
    assert answer.status_code == 302
    assert answer.url == f"/en/investasi/?{BOTH}"


def test_the_form_holds_what_was_asked(client, drawn, measured):
    page = read(client.get(f"/investasi/?{BOTH}&max.minutes=30&n=percentile"))
    chosen = {
        (i.attributes["name"], i.attributes["value"])
        for i in page.all("input")
        if "checked" in i.attributes
    }
    assert {("w.workers", "3"), ("w.power", "0"), ("n", "percentile"), ("l", "village")} <= chosen
    (limit,) = [i for i in page.all("input") if i.attributes.get("name") == "max.minutes"]
    assert limit.attributes["value"] == "30"


def test_scripts_get_the_result_alone(client, drawn, measured):
    html = client.get(f"/en/investasi/?{BOTH}&bagian=hasil").content.decode()
    assert "<html" not in html
    assert "fits best" in html


def test_scripts_get_what_the_form_says_of_the_wish(client, drawn, measured):
    limited = f"/en/investasi/?{BOTH}&max.minutes=30"
    fresh = {
        one.attributes["data-fresh"]: one.text.strip()
        for one in read(client.get(f"{limited}&bagian=hasil")).all("template")
    }
    assert fresh["limits"] == "1 hard limit"
    assert fresh["weights"] == "2 criteria have a weight"
    page = client.get(limited).content.decode()
    for name in fresh:
        assert page.count(f'data-stale="{name}"') == 1, name
    assert "data-fresh" not in page


def test_faults_are_told_beside_the_form_that_made_them(client, drawn, measured):
    answer = client.get("/en/investasi/?w.workers=9&min.minutes=x")
    assert answer.status_code == 400
    page = read(answer)
    listed = page.one("div", "result__problems").all("li")
    assert len(listed) == 2
    assert page.all("form", "wish")


def test_excluded_places_are_counted_by_limit(client, drawn, measured):
    text = read(client.get(f"/en/investasi/?{BOTH}&max.minutes=30")).one("section", "verdict").text
    assert "Minutes to the port: at most 30" in text
    assert "1 place lies beyond it, 13 have no figure" in text


def test_without_outlines_there_is_a_ranking_without_a_map(client, kotak, measured):
    page = read(client.get(f"/investasi/?{BOTH}"))
    assert not page.all("svg", "map-picture")
    assert page.all("table", "found__table")


def test_without_presets_and_figures_the_page_asks_for_weights(client, kotak, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    answer = client.get("/en/investasi/")
    assert answer.status_code == 400
    assert "All weights are 0" in answer.content.decode()


def test_a_broken_file_of_presets_is_told(client, measured, settings):
    path = settings.DATA_DIR / "investment" / "presets.toml"
    path.write_text('[mill]\nname = "Mill"\nweights = { workers = 9 }\n')
    answer = client.get("/en/investasi/")
    assert answer.status_code == 500
    for word in ("mill.name", "mill.why", "mill.weights.workers"):
        assert word in answer.content.decode()


def test_the_same_answer_is_not_sent_twice(client, drawn, measured):
    first = client.get(f"/investasi/?{BOTH}")
    again = client.get(f"/investasi/?{BOTH}", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


# --- files ---------------------------------------------------------------------------


def body(answer):
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def test_geojson_holds_the_numbers_of_the_page(client, drawn, measured):
    found = json.loads(body(client.get(f"/investasi/peringkat.geojson?{BOTH}")))
    assert len(found["features"]) == 17
    best = found["features"][0]
    assert best["geometry"]["type"] == "MultiPolygon"
    assert best["properties"]["code"] == "99.01.01.2002"
    assert (best["properties"]["points"], best["properties"]["workers"]) == (75, 300)
    assert best["properties"]["top5_of_1000"] == 1000
    states = [f["properties"]["state"] for f in found["features"]]
    assert states.count("not_judged") == 13
    said = json.dumps(found["about"])
    assert "Sensus Kotak" in said
    assert "Composite Indicators" in said


def test_csv_brings_method_and_sources_along(client, drawn, measured):
    folder = zipfile.ZipFile(io.BytesIO(body(client.get(f"/en/investasi/peringkat.csv?{BOTH}"))))
    lines = folder.read("peringkat.csv").decode("utf-8-sig").splitlines()
    assert lines[0].startswith("rank;code;name;district;state;points;known_percent;top5_of_1000")
    assert lines[1].startswith(
        "1;99.01.01.2002;Ubin 12;Petak 1;ranked;75;100;1000;1000;300;verified"
    )
    about = folder.read("README.txt").decode("utf-8-sig")
    assert "weight 3 of 5, more is better" in about
    assert "Sensus Kotak" in about


def test_xlsx_has_the_places_and_what_has_to_be_known(client, drawn, measured):
    book = openpyxl.load_workbook(
        io.BytesIO(body(client.get(f"/investasi/peringkat.xlsx?{BOTH}&max.minutes=30")))
    )
    places, about = book.worksheets
    first = [cell.value for cell in places[2]]
    # Of those that are left 2003 is best: half of 75, half of 25.
    assert first[:6] == [1, "99.01.01.2003", "Ubin 13", "Petak 1", "ranked", 50]
    states = [row[4] for row in places.iter_rows(min_row=2, values_only=True)]
    assert (states.count("ranked"), states.count("left_out")) == (3, 14)
    assert any("30" in str(row) for row in about.iter_rows(values_only=True))


def test_no_file_without_a_ranking(client, drawn, measured):
    answer = client.get("/en/investasi/peringkat.csv?w.workers=0")
    assert answer.status_code == 400
    assert "All weights are 0" in answer.content.decode()


@pytest.mark.parametrize("kind", ["pdf", "xls", "CSV"])
def test_other_files_do_not_exist(client, drawn, measured, kind):
    assert client.get(f"/investasi/peringkat.{kind}?{BOTH}").status_code == 404
