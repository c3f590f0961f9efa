"""The catalogue, the page of one opportunity, and the same as files and for machines."""

import csv
import io
import json

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from geo.areas.models import Outline
from geo.indicators.models import Indicator, Sector
from geo.lib.pictures import mercator_y
from geo.lib.place_pictures import at
from geo.opportunities.forms import WantedReader, as_query
from geo.opportunities.services import withdraw_opportunities
from tests.indicators.world import make_indicator, observe
from tests.opportunities.world import DAY, make_source, publish

pytestmark = pytest.mark.django_db
CATALOGUE = "/en/investasi/peluang/"


@pytest.fixture
def offers(world):
    """Three that differ in everything that is asked for."""
    south, north = world.villages[0], world.villages[-2]
    return [
        publish(south),
        publish(
            north,
            title_id="Gilingan padi",
            title_en="Rice mill",
            business="processing",
            kbli="10631",
            stage="idea",
            land_ha=40.0,
            value_rupiah=1_250_000_000_000,
            irr_percent=11.0,
            zoning="holding",
        ),
        publish(
            north,
            title_id="Tambak",
            title_en="",
            summary_en="",
            stage="taken",
            kbli="03254",
            land_ha=None,
        ),
    ]


def listed(client, query="") -> list[str]:
    page = client.get(f"{CATALOGUE}{query}")
    assert page.status_code == 200
    return [one.title_id for one in page.context["catalogue"].found]


def test_what_is_open_is_listed(client, offers):
    assert sorted(listed(client)) == ["Gilingan padi", "Gudang dingin"]
    assert len(listed(client, "?semua=1")) == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?bidang=processing", ["Gilingan padi"]),
        ("?kbli=C", ["Gilingan padi"]),
        ("?kbli=H", ["Gudang dingin"]),
        ("?kbli=A&semua=1", ["Tambak"]),
        ("?a=99.01.01", ["Gudang dingin"]),
        ("?tahap=taken", ["Tambak"]),
        ("?zonasi=holding", ["Gilingan padi"]),
        ("?dari=10", ["Gilingan padi"]),
        ("?sampai=2,5", ["Gudang dingin"]),
        ("?q=rice", ["Gilingan padi"]),
        ("?q=PADI", ["Gilingan padi"]),
        ("?bidang=tourism", []),
        ("?urut=irr", ["Gudang dingin", "Gilingan padi"]),
        ("?urut=nilai", ["Gilingan padi", "Gudang dingin"]),
        ("?urut=lahan", ["Gilingan padi", "Gudang dingin"]),
        ("?urut=judul&semua=1", ["Gilingan padi", "Gudang dingin", "Tambak"]),
    ],
)
def test_what_is_asked_for_is_found_in_the_order_asked_for(client, offers, query, found):
    assert listed(client, query) == found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?bidang=x&urut=y&tahap=z", ["“x”", "“bidang”", "fisheries", "“y”", "“z”"]),
        ("?dari=banyak&sampai=-1", ["“banyak”", "“-1”", "2,5"]),
        ("?kbli=9", ["“9”", "“kbli”"]),
        ("?dari=10&sampai=1", ["at least 10 and at most 1 hectares"]),
    ],
)
def test_what_is_not_understood_is_told_all_at_once(client, offers, query, said):
    page = client.get(f"{CATALOGUE}{query}")
    assert page.status_code == 400
    text = page.content.decode()
    notice = text[text.index('role="alert"') : text.index("</ul>", text.index('role="alert"'))]
    assert [word for word in said if word not in notice] == []
    file = client.get(f"{CATALOGUE}peluang.csv{query}")
    assert file.status_code == 400
    assert [word for word in said if word not in file.content.decode()] == []


@pytest.mark.parametrize(
    ("language", "typed", "least_ha"),
    [
        ("id", "1.000", 1000.0),
        ("en", "1,000", 1000.0),
        ("id", "2,5", 2.5),
        ("id", "2.5", 2.5),
        ("en", "1.125", 1.125),
        ("id", "1,125", 1.125),
        ("id", "1.250,75", 1250.75),
    ],
)
def test_hectares_are_read_as_the_page_writes_them(language, typed, least_ha):
    """A thousand hectares are not one."""
    with translation.override(language):
        reader = WantedReader(QueryDict(f"dari={typed}"))
        assert (reader.problems, reader.wanted.least_ha) == ([], least_ha)
    kept = as_query(reader.wanted)["dari"]
    for other in ("id", "en"):
        with translation.override(other):
            assert WantedReader(QueryDict(f"dari={kept}")).wanted.least_ha == least_ha


def test_a_code_may_be_typed_in_small_letters(client, offers):
    code = offers[0].code
    answer = client.get(f"{CATALOGUE}{code.lower()}/")
    assert answer.status_code == 200
    assert code in answer.content.decode()


def test_what_is_understood_is_shown_beside_what_is_not(client, offers):
    text = client.get(f"{CATALOGUE}?bidang=x&kbli=c").content.decode()
    assert "Gilingan padi" in text or "Rice mill" in text
    assert '<option value="C" selected>' in text


def test_an_unknown_district_is_a_sentence(client, world):
    page = client.get(f"{CATALOGUE}?a=99.77")
    assert page.status_code == 404
    assert "99.77" in page.content.decode()


def test_an_opportunity_that_was_valid_until_yesterday_is_not_open(client, world):
    publish(world.villages[0], valid_until=DAY)
    assert listed(client) == []
    assert listed(client, "?semua=1") == ["Gudang dingin"]


def test_the_way_to_what_is_not_open_is_shown_where_there_is_some(client, world):
    publish(world.villages[0])
    assert "semua=1" not in client.get(CATALOGUE).content.decode()
    publish(world.villages[1], title_id="Tutup", stage="closed")
    page = client.get(f"{CATALOGUE}?urut=judul").content.decode()
    assert 'href="?urut=judul&amp;semua=1"' in page
    assert "semua=1" not in client.get(f"{CATALOGUE}?semua=1").content.decode().split("</form>")[1]


def test_what_an_investor_does_next_stands_at_the_top(client, offers):
    page = client.get(f"{CATALOGUE}{offers[0].code}/").content.decode()
    head = page.partition('class="offer-page__figures"')[0]
    for address in (f"/en/dossier/?peluang={offers[0].code}", "/en/tanya/?peluang="):
        assert head.count(f'href="{address}') == 1
        assert page.count(f'href="{address}') == 1


def test_queries_do_not_grow_with_the_list(client, world, django_assert_max_num_queries):
    for number in range(12):
        publish(world.villages[number % 4], title_id=f"Peluang {number}")
    with django_assert_max_num_queries(12):
        assert client.get(CATALOGUE).status_code == 200


def test_the_page_says_what_it_rests_on_and_promises_nothing(client, offers):
    page = client.get(f"{CATALOGUE}{offers[0].code}/").content.decode()
    for words in (
        "Cold storage",
        "Rp 48.5 billion",
        "16.4%",
        "52102",
        "Transportation and storage",
        "Perda 6/2019, 2 March 2026",
        "as of 1 October 2026",
        "This is no permit and promises none.",
        "Not yet verified",
        "mailto:peluang@example.org",
        "Katalog, Uji, row 1",
        'property="og:title"',
    ):
        assert words in page, words


def test_who_verified_it_is_named(client, world):
    source = make_source(verified_by="Dinas Uji", verified_on=DAY)
    row = publish(world.villages[0], source=source, status="verified")
    page = client.get(f"{CATALOGUE}{row.code}/").content.decode()
    assert "verified by Dinas Uji, 1 October 2026" in page


def test_what_is_not_written_in_english_falls_back_and_says_so(client, offers):
    page = client.get(f"{CATALOGUE}{offers[2].code}/").content.decode()
    assert "Tambak" in page
    assert "Indonesian only" in page
    with translation.override("id"):
        page = client.get(f"/investasi/peluang/{offers[2].code}/").content.decode()
    assert "Indonesian only" not in page


def test_figures_that_are_not_known_are_dashes_not_zeros(client, world):
    row = publish(world.villages[0], value_rupiah=None, irr_percent=None, land_ha=None)
    page = client.get(f"{CATALOGUE}{row.code}/").content.decode()
    assert "Rp 0" not in page
    assert "<dd>–</dd>" in page


def test_what_was_taken_back_is_gone_with_a_sentence(client, world):
    row = publish(world.villages[0])
    withdraw_opportunities(source=row.source, moment=timezone.now())
    page = client.get(f"{CATALOGUE}{row.code}/")
    assert page.status_code == 404
    assert row.code in page.content.decode()


def test_demonstrations_say_so_everywhere(client, world):
    row = publish(world.villages[0], source=make_source(is_demo=True))
    for address in (CATALOGUE, f"{CATALOGUE}{row.code}/", "/en/wilayah/99.01.01.2001/"):
        assert "SAMPLE DATA" in client.get(address).content.decode(), address


def test_hostile_words_stay_words(client, world):
    row = publish(world.villages[0], title_en="<script>alert(1)</script>", contact_name="=1+1")
    assert "<script>alert" not in client.get(f"{CATALOGUE}{row.code}/").content.decode()
    assert "<script>alert" not in client.get(CATALOGUE).content.decode()
    text = client.get(f"{CATALOGUE}peluang.csv").content.decode()
    assert "'=1+1" in text


def test_the_files_hold_what_the_page_lists(client, offers):
    text = client.get(f"{CATALOGUE}peluang.csv?bidang=processing").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["code"], row["land_ha"]) for row in rows] == [(offers[1].code, "40")]
    found = client.get(f"{CATALOGUE}peluang.geojson?semua=1").json()
    assert [one["id"] for one in found["features"]] == [one.code for one in offers]
    assert found["features"][0]["geometry"]["type"] == "Point"


def test_machines_read_all_of_them(client, offers):
    answer = client.get("/api/v1/opportunities?area=99.01.01")
    (item,) = answer.json()["items"]
    assert (item["code"], item["value_rupiah"]) == (offers[0].code, 48_500_000_000)
    assert (item["npv_rupiah"], item["valid_until"], item["position"]) == (None, None, "place")
    assert client.get("/api/v1/opportunities").json()["count"] == 3
    again = client.get(
        "/api/v1/opportunities?area=99.01.01", headers={"if-none-match": answer["ETag"]}
    )
    assert again.status_code == 304
    publish(offers[0].area, code=offers[0].code, stage="taken")
    again = client.get(
        "/api/v1/opportunities?area=99.01.01", headers={"if-none-match": answer["ETag"]}
    )
    assert again.json()["items"][0]["stage"] == "taken"
    assert json.loads(client.get("/api/v1/opportunities.geojson").content)["features"]


def test_the_profile_of_a_village_leads_to_them(client, offers):
    page = client.get("/en/wilayah/99.01.01.2001/").content.decode()
    assert f"{CATALOGUE}{offers[0].code}/" in page
    assert offers[1].code not in page


def test_a_place_lies_on_the_picture_where_it_is():
    picture = {"bounds": [104.0, -3.0, 105.0, -2.0], "width": 1000, "height": 1001}
    assert at(picture, 104.0, -2.0) == (0, 0)
    x, y = at(picture, 104.5, -3.0)
    assert x == 500
    assert y == pytest.approx((mercator_y(-2.0) - mercator_y(-3.0)) * 1000)


@pytest.mark.parametrize("bare", [False, True])
def test_a_card_stands_for_the_page_where_it_is_shared(client, world, settings, tmp_path, bare):
    settings.VAR_DIR = tmp_path
    unknown = dict.fromkeys(("value_rupiah", "irr_percent", "land_ha", "place")) if bare else {}
    row = publish(world.villages[0], title_en='A "quoted" #title [with] $signs$', **unknown)
    page = client.get(f"{CATALOGUE}{row.code}/").content.decode()
    address = f"{CATALOGUE}{row.code}/kartu.png"
    assert f'property="og:image" content="http://testserver{address}"' in page
    picture = b"".join(client.get(address).streaming_content)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(picture[place : place + 4]) for place in (16, 20))
    assert (width, height) == (1200, 630)
    assert client.get(f"{CATALOGUE}PI-1999-001/kartu.png").status_code == 404


def test_numbers_on_the_map_are_those_of_the_list_and_lead_there(client, offers):
    make_outline(offers[0].area.parent.parent)
    page = client.get(CATALOGUE)
    picture = page.context["catalogue"].picture
    for number, one in enumerate(page.context["catalogue"].found, 1):
        assert f'href="{CATALOGUE}{one.code}/"' in picture
        assert f">{number}</text>" in picture
    # Keyboards reach them through the list.
    assert picture.count("<a ") == picture.count('tabindex="-1"') == 2


def make_outline(top):
    picture = {"bounds": [104.7, -2.55, 104.8, -2.45], "width": 1000, "height": 1001}
    drawn = picture | {"paths": {"99.01.01": "M0 0l9 0l0 9z"}, "points": {}, "lines": ""}
    return Outline.objects.create(
        parent=top,
        level="district",
        picture=drawn,
        topojson="{}",
        content_hash="x",
        tolerance_m=1,
        n_areas=1,
    )


def test_minutes_of_travel_are_those_of_the_village(client, world):
    sector = Sector.objects.create(code="access", name_id="Akses", name_en="Access")
    minutes = make_indicator(
        "minutes_to_port", name_en="Minutes to the port", unit="minute", roll_up="none"
    )
    Indicator.objects.filter(pk=minutes.pk).update(sector=sector, investor={"direction": "lower"})
    observe(minutes, "2026", {"01.2001": 77, "01.2002": 12})
    for_others = make_indicator("minutes_to_hospital", unit="minute", roll_up="none")
    Indicator.objects.filter(pk=for_others.pk).update(sector=sector)
    observe(for_others, "2026", {"01.2001": 171})
    row = publish(world.village("99.01.01.2001"))
    page = client.get(f"{CATALOGUE}{row.code}/").content.decode()
    assert "Minutes to the port" in page
    assert ">77" in page
    assert ">171" not in page
    whole = publish(world.districts[0], title_id="Kecamatan", place=None)
    assert "Minutes to the port" not in client.get(f"{CATALOGUE}{whole.code}/").content.decode()
