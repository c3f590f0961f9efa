"""Two pages about an area, read back and compared with the page."""

import io

import pypdf
import pytest

from geo.areas.models import Area
from geo.areas.queries import find_area
from geo.documents.queries.profiles import MOST_LINES, _lines, _shortened
from geo.indicators.models import Indicator
from geo.profiles.queries import Card, read_profile
from geo.templatetags.geo import with_unit
from tests.documents.conftest import words
from tests.indicators.world import make_indicator, observe


@pytest.fixture
def ready(drawn, measured):
    observe(Indicator.objects.get(code="homes"), "2023", {"01.2001": 5, "01.2002": 4})
    return drawn


@pytest.mark.parametrize("code", ["99.01", "99.01.01", "99.01.01.2001", "99.01.04.1005"])
def test_two_pages_with_the_figures_of_the_page(ready, english, pages, code):
    found = pages(f"/en/wilayah/{code}/profil.pdf")
    assert len(found) == 2
    profile = read_profile(find_area(code))
    facts = [fact for card in profile.cards for fact in card.facts if fact.period]
    assert len(facts) == 3
    for fact in facts:
        said = words(f"{fact.indicator.name} {fact.period}")
        assert said in found[1], said
        assert words(with_unit(fact.figure, fact.indicator)) in found[1]
        if fact.standing.rank:
            assert f"{fact.standing.rank}/{fact.standing.n_ranked}" in found[1]
    assert profile.area.name in found[0]
    assert code in found[0]
    assert f"http://testserver/en/wilayah/{code}/" in found[0]
    assert "Register 2024" in found[0]


def test_comparison_and_coverage(ready, english, pages):
    second = pages("/en/wilayah/99.01.01.2003/profil.pdf")[1]
    assert "Rank Petak 1 Kotak" in second
    assert "6.00 persons/household 1/11 2.00 3.72" in second
    district = pages("/en/wilayah/99.01.02/profil.pdf")[1]
    assert "3/4" in district  # villages that have reported


def test_trend_is_drawn_with_its_ends(ready, english, pages):
    first = pages("/en/wilayah/99.01.01.2001/profil.pdf")[0]
    assert "Over the years" in first
    assert "2023" in first


def test_both_languages(ready, pages):
    first, second = pages("/wilayah/99.01.01/profil.pdf")
    assert "Kecamatan Petak 1" in first
    assert "Penduduk" in second


def test_withheld_is_said_and_not_shown(ready, english, pages):
    poor = make_indicator("poor", sensitive=True, name_en="Poor")
    observe(poor, "2024", {"01.2001": 3, "01.2002": 3737, "01.2003": 4848})
    second = pages("/en/wilayah/99.01.01.2001/profil.pdf")[1]
    assert words("Poor 2024 withheld to protect persons") in second


def test_a_hostile_name_is_only_a_name(ready, english, pages):
    Area.objects.filter(code="99.01.01.2001").update(name='#panic("x") *b* <b>')
    assert '#panic("x") *b* <b>' in pages("/en/wilayah/99.01.01.2001/profil.pdf")[0]


def test_many_figures_stay_on_two_pages(ready, english, made):
    for n in range(160):
        extra = make_indicator(f"extra_{n}", name_en=f"One more of many long names, number {n}")
        observe(extra, "2024", {"01.2001": n})
    content = made("/en/wilayah/99.01.01.2001/profil.pdf")
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 2
    assert "more on the site" in reader.pages[1].extract_text()


def test_shortening_keeps_the_first_of_every_sector(ready):
    cards = read_profile(find_area("99.01")).cards
    many = [Card(card.sector, card.facts * 100) for card in cards]
    shortened = _shortened(many)
    assert _lines([card for card, _left in shortened], 1000) <= MOST_LINES
    for (card, left_out), whole in zip(shortened, many, strict=True):
        assert card.facts == whole.facts[: len(card.facts)]
        assert len(card.facts) + left_out == len(whole.facts)


def test_the_page_offers_it(ready, client):
    page = client.get("/en/wilayah/99.01.01/").content.decode()
    assert 'href="/en/wilayah/99.01.01/profil.pdf"' in page
