"""One figure has one place, wherever it is read, and none where too few villages reported."""

import datetime
import random
import re

import pytest
from django.http import QueryDict
from django.utils import timezone

from geo.documents.queries.dossiers.figures import read_lines
from geo.documents.queries.maps import map_sheet
from geo.documents.queries.profiles import profile_sheet
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Indicator
from geo.indicators.queries import comparable_value, ranks_of, read_figures
from geo.maps.forms import read_state
from geo.profiles.queries import read_comparison, read_profile
from tests.indicators.world import make_indicator, observe
from tests.maps.conftest import drawn, english, kotak
from tests.maps.html import read

__all__ = ["drawn", "english", "kotak"]

LATER = timezone.now() + datetime.timedelta(days=1)


def short(area):
    return area.code.removeprefix("99.01.")


def make_all(kotak, seed):
    """One indicator of every roll-up; each village has reported each of them or not."""
    people = make_indicator("people", investor={"direction": "higher"})
    homes = make_indicator("homes")
    make_indicator("size", roll_up="ratio", numerator=people, denominator=homes)
    make_indicator("light", roll_up="weighted_mean", weight=homes)
    make_indicator("peak", roll_up="max")
    make_indicator("cases", sensitive=True)
    make_indicator("index", roll_up="none")
    chance = random.Random(seed)  # noqa: S311
    # Of one district in four everything has been reported, of others less and less.
    often = dict(zip(kotak.districts, chance.sample([1, 0.9, 0.7, 0.4], 4), strict=True))
    for indicator in Indicator.objects.exclude(roll_up="ratio"):
        lacks = [v for v in kotak.villages if chance.random() > often[v.parent]]
        found = {short(v): chance.choice([0, 7, 8, 30]) for v in kotak.villages if v not in lacks}
        observe(indicator, "2024", found)


@pytest.fixture(params=range(4))
def gaps(request, drawn, english):
    make_all(drawn, request.param)
    compute_breaks()
    return drawn


def expected(kotak):
    """(indicator, district) → its place, and how many have one or could."""
    found = {}
    for indicator in Indicator.objects.all():
        asked = {"indicator": indicator, "period": "2024", "level": "district"}
        items = read_figures(**asked, parent=kotak.regency).items
        places = ranks_of(items, indicator.roll_up)
        n = sum(comparable_value(one, indicator.roll_up) is not None for one in items)
        for one in items:
            found[indicator.code, one.code] = (places.get(one.code), n)
    return found


def test_gaps_there_are(gaps):
    """Without partial figures, the test below would prove nothing."""
    asked = {"period": "2024", "level": "district", "parent": gaps.regency}
    partial = [
        one
        for indicator in Indicator.objects.all()
        for one in read_figures(indicator=indicator, **asked).items
        if one.is_partial and one.value is not None
    ]
    assert len(partial) > 2


def test_every_page_and_file_gives_the_same_place(gaps, client):
    places = expected(gaps)
    assert {rank for rank, _ in places.values()} > {None, 1}
    for code in sorted({code for code, _ in places}):
        here = {area: place for (of, area), place in places.items() if of == code}
        check_map(client, code, here)
    for district in gaps.districts:
        here = {of: place for (of, area), place in places.items() if area == district.code}
        check_profile(client, district, here)
    check_beside(gaps.districts, places)


def check_map(client, code, here):
    rows = read(client.get(f"/en/peta/?i={code}")).one("table", "ranking").one("tbody").all("tr")
    shown = {r.attributes["data-code"]: r.one("td", "ranking__rank").text for r in rows}
    assert shown == {area: str(rank or "–") for area, (rank, _) in here.items()}, code
    sheet = map_sheet(read_state(QueryDict(f"i={code}")), address="")["table"]["rows"]
    by_name = {f"Petak {area[-1]}": str(rank or "–") for area, (rank, _) in here.items()}
    assert {row["name"]: row["rank"] for row in sheet} == by_name, code
    for area, (rank, n) in here.items():
        page = read(client.get(f"/en/peta/?i={code}&a={area}&l=district"))
        said = re.search(r"ranks (\d+) of (\d+)", page.one(cls="panel__sentence").text)
        assert (said and said.groups()) == ((str(rank), str(n)) if rank else None), (code, area)


def check_profile(client, district, here):
    text = client.get(f"/en/wilayah/{district.code}/").content.decode()
    said = {}
    for part in text.split('<div class="fact">')[1:]:
        of = re.search(r"\?i=(\w+)&", part).group(1)
        found = re.search(r"Rank (\d+) of (\d+) districts", part)
        said[of] = found and found.groups()
    assert said == {of: (str(r), str(n)) if r else None for of, (r, n) in here.items()}
    sheet = profile_sheet(read_profile(district), address="")
    printed = {row["name"]: row["rank"] for card in sheet["cards"] for row in card["rows"]}
    assert printed == {of: f"{r}/{n}" if r else "" for of, (r, n) in here.items()}


def check_beside(districts, places):
    beside = read_comparison(districts)
    lines = [line for _, found in beside.sectors for line in found]
    lines += read_lines(districts, [of for of, _ in places], LATER)
    assert len(lines) > 8
    for line in lines:
        for area, cell in zip(districts, line.cells, strict=True):
            rank, n = places[line.indicator.code, area.code]
            assert cell.standing.rank == rank, (line.indicator.code, area.code)
            assert rank is None or cell.standing.n_ranked == n


def test_a_partial_total_is_told_and_not_compared(drawn, english, client):
    """10 villages' worth of persons in one district, three villages of four in the other."""
    people = make_indicator("people", investor={"direction": "higher"})
    found = {short(v): 10 for v in drawn.villages}
    del found["02.2004"]
    observe(people, "2024", found)
    panel = read(client.get("/en/peta/?i=people&a=99.01.02")).one(cls="panel__sentence").text
    assert "3 of 4 villages of Kecamatan Petak 2 have reported" in panel
    assert "ranks" not in panel
    other = read(client.get("/en/peta/?i=people&a=99.01.01")).one(cls="panel__sentence").text
    assert "ranks 2 of 3 districts that can be compared" in other
    profile = read(client.get("/en/wilayah/99.01.02/")).one(id="main").text
    assert "Partial, without a rank" in profile
    assert "% of the regency" not in profile
    beside = read(client.get("/en/banding/?a=99.01.01&a=99.01.02")).one(id="main").text
    assert "30" in beside and "(3/4, partial)" in beside
    assert "times the figure" not in beside
