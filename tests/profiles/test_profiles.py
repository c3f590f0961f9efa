"""All that is known of one area."""

import pytest

from geo.areas.queries import find_area
from geo.indicators.batch.breaks import compute_breaks
from geo.profiles.queries import read_profile
from tests.indicators.world import make_indicator, make_source, observe
from tests.maps.html import read


def facts_of(code):
    profile = read_profile(find_area(code))
    return {fact.indicator.code: fact for card in profile.cards for fact in card.facts}


def test_the_place_in_the_hierarchy(drawn, measured):
    profile = read_profile(find_area("99.01.04"))
    assert [a.code for a in profile.above] == ["99.01"]
    assert [a.code[-4:] for a in profile.parts] == ["2001", "2002", "2003", "2004", "1005"]
    assert (profile.outline.parent.code, profile.outline.level) == ("99.01", "district")
    village = read_profile(find_area("99.01.04.1005"))
    assert [a.code for a in village.above] == ["99.01", "99.01.04"]
    assert village.parts == []
    assert (village.outline.parent.code, village.outline.level) == ("99.01.04", "village")


def test_rank_and_share_by_hand(measured):
    facts = facts_of("99.01.04")
    assert facts["people"].period == "2024"
    assert facts["people"].figure.value == 140
    standing = facts["people"].standing
    assert (standing.rank, standing.n_ranked, standing.n_areas) == (1, 2, 4)
    assert facts["people"].share_percent is None, "the regency's total is not whole"
    assert facts["size"].share_percent is None, "a rate has no share"
    partial = facts_of("99.01.02")["people"]
    assert (partial.figure.value, partial.standing.rank) == (150, None)
    assert partial.is_incomparable


def test_a_share_of_a_whole_total(kotak):
    posts = make_indicator("posts")
    observe(posts, "2024", {village.code.removeprefix("99.01."): 2 for village in kotak.villages})
    fact = facts_of("99.01.02")["posts"]
    assert fact.share_percent == pytest.approx(100 * 8 / 34)
    assert (fact.standing.rank, fact.standing.is_among_all) == (2, True)


def test_comparison_with_district_and_regency(measured):
    comparisons = facts_of("99.01.01.2003")["size"].comparisons
    assert [(c.area.code, round(c.figure.value, 2), c.bar, c.is_own) for c in comparisons] == [
        ("99.01.01.2003", 6, 100, True),
        ("99.01.01", 2, 33, False),
        ("99.01", 3.72, None, False),  # 11 of 17 villages are too few to compare
    ]
    assert facts_of("99.01.01.2003")["people"].comparisons == [], "totals contain each other"


def test_the_regency_is_not_ranked_among_itself(measured):
    fact = facts_of("99.01")["people"]
    assert (fact.figure.value, fact.standing.rank, fact.share_percent) == (350, None, None)


def test_a_share_of_nothing_is_not_told(kotak):
    none = make_indicator("none")
    observe(none, "2024", {"01.2001": 0})
    assert facts_of("99.01.01")["none"].share_percent is None


def test_who_has_none_of_a_thing_has_no_place(kotak):
    posts = make_indicator("posts")
    observe(posts, "2024", {"01.2001": 0, "01.2002": 4})
    none, some = facts_of("99.01.01.2001")["posts"], facts_of("99.01.01.2002")["posts"]
    assert (none.figure.value, none.standing.rank, none.share_percent) == (0, None, None)
    assert (some.standing.rank, some.standing.n_ranked) == (1, 2)


def test_every_figure_says_its_state(client, drawn, measured, english):
    page = read(client.get("/en/wilayah/99.01.01.2001/"))
    states = [said.all("span")[-1].text for said in page.all("p", "fact__said")]
    assert set(states) == {"verified"}


def test_without_figures_a_fact_says_so(measured):
    make_indicator("empty")
    assert facts_of("99.01")["empty"].figure is None
    fact = facts_of("99.01.03")["people"]
    assert (fact.figure.value, fact.figure.status, fact.standing.rank) == (None, "missing", None)


def test_below_the_level_of_the_indicator_nothing_is_assessed(kotak):
    coarse = make_indicator("coarse", level="district")
    observe(coarse, "2024", {"01": 3})
    fact = facts_of("99.01.01.2001")["coarse"]
    assert (fact.figure.value, fact.figure.status, fact.standing.rank) == (
        None,
        "not_assessed",
        None,
    )


def test_demonstration_data_is_marked(kotak, client):
    people = make_indicator("people")
    observe(people, "2024", {"01.2001": 3}, source=make_source(is_demo=True))
    assert "SAMPLE DATA" in client.get("/en/wilayah/99.01/").content.decode()


# --- the page ----------------------------------------------------------------------


@pytest.mark.parametrize("code", ["99.01", "99.01.04", "99.01.04.2001", "99.01.04.1005"])
def test_a_profile_is_public_and_complete(drawn, measured, client, code):
    answer = client.get(f"/en/wilayah/{code}/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Set-Cookie" not in answer.headers
    page = read(answer)
    assert code in page.one("dl", "profile__facts").text
    assert len(page.all("div", "fact")) == 3
    tag = {"If-None-Match": answer["ETag"]}
    assert client.get(f"/en/wilayah/{code}/", headers=tag).status_code == 304


def test_the_little_map_leads_to_the_neighbours(drawn, measured, client):
    picture = read(client.get("/wilayah/99.01.04.2001/")).one("svg", "map-picture")
    links = {a.attributes["href"] for a in picture.all("a")}
    assert links == {f"/wilayah/99.01.04.200{n}/" for n in (1, 2, 3, 4)}
    assert len(picture.all("path", "map-picture__selected")) == 1


def test_without_a_boundary_the_map_shows_the_district_and_says_so(drawn, measured, client):
    page = read(client.get("/en/wilayah/99.01.04.1005/"))
    assert "No boundary yet" in page.one("dl", "profile__facts").text
    figure = page.one("figure", "profile__map")
    assert "has no boundary yet; the map shows Kecamatan Petak 4" in figure.text
    assert not figure.all("path", "map-picture__selected")


def test_partial_coverage_is_told(measured, client):
    assert "3 of 4 villages have reported" in client.get("/en/wilayah/99.01.02/").content.decode()


def test_without_outlines_or_figures_there_is_still_a_profile(kotak, client):
    answer = client.get("/wilayah/99.01.01/")
    assert answer.status_code == 200
    assert not read(answer).all("svg", "map-picture")


def test_the_list_of_areas_begins_with_the_regency(kotak, client):
    assert client.get("/wilayah/")["Location"] == "/wilayah/99.01/"
    assert client.get("/en/wilayah/")["Location"] == "/en/wilayah/99.01/"


@pytest.mark.parametrize("code", ["99.99", "x" * 500, "%00", "99.01%00"])
def test_an_unknown_area_is_refused_in_a_sentence(kotak, client, code):
    answer = client.get(f"/wilayah/{code}/")
    assert answer.status_code == 404
    assert read(answer).one(id="main").all("p")


def test_an_empty_database_says_what_to_run(db, client):
    answer = client.get("/en/wilayah/")
    assert answer.status_code == 503
    assert "load_boundaries" in answer.content.decode()


def test_queries_grow_with_the_indicators_only(
    drawn, measured, client, django_assert_max_num_queries
):
    client.get("/wilayah/99.01.01.2001/")
    with django_assert_max_num_queries(9 + 2 * 3):
        assert client.get("/wilayah/99.01.01.2001/").status_code == 200


@pytest.mark.parametrize(("code", "most"), [("99.01.01.2001", 10), ("99.01.01", 9), ("99.01", 9)])
def test_few_queries_where_figures_are_kept(
    drawn, measured, client, django_assert_max_num_queries, code, most
):
    """Two of a village's are about ambulances and places, of which there are none here."""
    compute_breaks()
    client.get(f"/wilayah/{code}/")
    with django_assert_max_num_queries(most):
        assert client.get(f"/wilayah/{code}/").status_code == 200
