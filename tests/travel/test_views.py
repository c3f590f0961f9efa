"""The pages about ambulances and the network, and what villages, roads and the map say of them."""

import json

import pytest
from django.test import Client

from geo.travel.models import TravelRun
from tests.indicators.world import make_source
from tests.travel.world import compute, good_road, make_crossing, make_place


@pytest.fixture
def computed(travel_kotak, change_table):
    """001 leads to the puskesmas, 002 is too narrow, a boat joins the north, 003 lies apart."""
    change_table("roads/speeds.toml", "village_reach_m = 3000", "village_reach_m = 400")
    make_place("puskesmas", 3500, 500, travel_kotak.village("99.01.02.2002"))
    good_road("001", (1500, 500), (4000, 500))
    good_road("002", (0, 500), (1500, 500), width_m=2.4)
    good_road("003", (0, 3500), (1000, 3500))
    good_road("004", (2500, 1500), (3500, 1500))
    make_crossing("B1", (2500, 500), (2500, 1500))
    compute()
    return travel_kotak


def read(path):
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_page_lists_villages_with_what_bars_the_way(computed):
    text = read("/en/akses/")
    assert "Ubin 11" in text and 'id="desa-99.01.01.2001"' in text
    assert "only 2.4 m wide" in text and 'href="/en/jalan/002/"' in text
    assert "the boat link Perahu B1 (B1) carries no ambulance" in text
    assert "No road or boat connection is known." in text
    assert "of 16 villages" in text
    # Reached villages are not in the table.
    assert 'id="desa-99.01.02.2002"' not in text


def test_a_season_is_chosen_by_its_word(computed):
    assert 'href="?musim=kemarau" aria-current="true"' in read("/akses/?musim=kemarau")
    for address in ("/akses/", "/akses/?musim=hujan", "/akses/?musim=salju"):
        assert 'href="?musim=hujan" aria-current="true"' in read(address)


def test_what_to_open_first_comes_with_its_gain(computed):
    text = read("/en/akses/")
    first = text.index("What to open first")
    table = text[first : text.index("Villages that an ambulance does not reach")]
    # The boat alone keeps two villages out, the narrow road one.
    assert table.index("Perahu B1") < table.index("Jalan 002")


def test_the_page_names_its_assumptions(computed):
    text = read("/en/akses/")
    assert "heavily damaged" in text and "speedboat 25 km/h" in text
    assert "Test City" in text


def test_before_anything_is_computed_the_page_says_so(travel_kotak):
    assert "not been computed yet" in read("/en/akses/")
    assert "not been computed yet" in read("/en/akses/jaringan/")


def test_without_health_centres_nothing_is_claimed(travel_kotak):
    good_road("001", (0, 500), (4000, 500))
    compute()
    assert "No hospital or health centre with an ambulance" in read("/en/akses/")


def test_invented_roads_are_marked(travel_kotak):
    make_place("puskesmas", 500, 500, travel_kotak.village("99.01.01.2001"))
    good_road("001", (0, 500), (4000, 500))
    make_crossing("B1", (0, 500), (0, 3500), source=make_source(is_demo=True))
    compute()
    assert "SAMPLE DATA" in read("/en/akses/")


def test_the_network_page_says_every_finding(computed):
    text = read("/en/akses/jaringan/")
    assert "separate networks" in text
    assert "1.0 km of road (003) are not joined" in text
    assert 'href="/en/jalan/003/"' in text


def test_a_village_says_how_an_ambulance_fares(computed):
    barred = read("/en/wilayah/99.01.01.2001/")
    assert "does not get here" in barred and "only 2.4 m wide" in barred
    assert 'href="/en/akses/#desa-99.01.01.2001"' in barred
    assert "minutes from the nearest hospital" in read("/en/wilayah/99.01.02.2002/")
    assert 'id="ambulans"' not in read("/en/wilayah/99.01/")


def test_a_road_says_from_whom_it_keeps_ambulances(computed):
    assert "bars the way of an ambulance" in read("/en/jalan/002/")
    assert "bars the way of an ambulance" not in read("/en/jalan/001/")
    assert 'href="/en/akses/"' in read("/en/jalan/")


def test_the_map_offers_what_bars_ambulances(computed):
    run = TravelRun.objects.get()
    address = f"/peta/hambatan/99.01.{run.content_hash}.json"
    answer = Client().get(address)
    assert "immutable" in answer["Cache-Control"]
    drawn = json.loads(answer.content)["objects"]["roads"]["geometries"]
    assert [(one["id"], one["properties"]["condition"]) for one in drawn] == [("002", "barred")]
    assert Client().get("/peta/hambatan/99.01.0000000000000000.json").status_code == 404
    page = read("/en/peta/?i=ambulance_access_wet&y=hambatan")
    assert address in page and "What bars ambulances" in page


def test_the_legend_counts_what_nothing_leads_to(computed):
    page = read("/en/peta/?i=minutes_to_health_centre&l=village")
    assert "No road or boat connection known (" in page


def test_few_queries_whatever_the_number_of_villages(computed, django_assert_max_num_queries):
    read("/akses/")
    with django_assert_max_num_queries(14):
        read("/akses/")


@pytest.mark.parametrize(
    ("language", "said", "other"), [("", "Uji", "Test"), ("/en", "Test", "Uji")]
)
def test_what_is_assumed_is_told_in_the_language_of_the_page(computed, language, said, other):
    page = read(f"{language}/akses/")
    assert f"<dd>{said}</dd>" in page
    assert f"<dd>{other}</dd>" not in page
