"""The printed map: read back from the file, it says what the page says."""

import io
import struct

import pypdf
import pytest
from django.utils import timezone

from geo.areas.models import Area
from geo.documents import services
from geo.indicators.models import Source
from geo.maps.queries import read_scene
from geo.templatetags.geo import value_of
from tests.documents.conftest import words
from tests.history import history_forgotten
from tests.indicators.world import make_indicator, observe

HOSTILE = '#panic("out") $x$ *b* <script>alert(1)</script> #image("/etc/passwd")'


@pytest.fixture
def ready(drawn, measured):
    return drawn


def links_of(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    found = []
    for page in reader.pages:
        for one in page.get("/Annots") or []:
            found.append(one.get_object()["/A"]["/URI"])
    return found


def test_first_page_says_what_it_shows(ready, english, pages):
    first, *rest = pages("/en/peta/cetak.pdf?i=size&l=village")
    today = timezone.localdate().isoformat()
    for said in (
        "Persons per home",
        "Villages, Kabupaten Kotak · 2024 · persons per household",
        "Legend",
        "0 – 2",
        "2 – 4",
        "4 – 6",
        "No data yet",
        "No boundary yet",
        "11 of 17 villages have reported.",
        "Totals are partial.",
        "Register 2024, Dinas Uji (MIT).",
        "not yet verified",
        "No boundary on this site has legal force.",
        "km",
        "1 : ",
    ):
        assert words(said) in first, said
    assert f"http://testserver/en/peta/?i=size&l=village&per={today}" in first.replace(" ", "")
    assert "SAMPLE DATA" not in first
    assert rest


def test_table_holds_the_figures_of_the_page(ready, english, pages, state_of):
    table = " ".join(pages("/en/peta/cetak.pdf?i=size&l=village")[1:])
    scene = read_scene(state_of("i=size&l=village"))
    assert len(scene.rows) == 17
    for row in scene.rows:
        rank = str(row.rank or "–")
        line = f"{rank} {row.area.name} {row.area.parent.name} "
        assert words(f"{line}{value_of(row.figure, scene.state.indicator)}") in table


@pytest.fixture
def state_of():
    from django.http import QueryDict

    from geo.maps.forms import read_state

    return lambda address: read_state(QueryDict(address))


def test_both_languages(ready, pages):
    first = pages("/peta/cetak.pdf?i=size")[0]
    assert "Anggota keluarga" in first
    assert "/peta/?i=size&per=" in first.replace(" ", "")


def test_sample_data_is_marked_on_every_page(ready, english, pages):
    with history_forgotten():
        Source.objects.update(is_demo=True)
    found = pages("/en/peta/cetak.pdf?i=people&l=village")
    assert len(found) == 2
    assert all("SAMPLE DATA" in page for page in found)


def test_verified_figures_say_by_whom(ready, english, pages):
    with history_forgotten():
        Source.objects.update(verified_by="Kepala Dinas", verified_on="2025-03-04")
    assert "Verified by Kepala Dinas" in pages("/en/peta/cetak.pdf?i=people")[0]


def test_picture_has_the_size_of_the_sheet(ready, made):
    content = made("/peta/cetak.png?i=people")
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (1684, 1191)  # A4 landscape, 144 dpi


def test_document_can_be_read_aloud_and_archived(ready, made):
    content = made("/peta/cetak.pdf?i=people")
    reader = pypdf.PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("id")
    assert reader.metadata.title == "Penduduk"
    said = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part" in said
    assert "pdfaid:part" in said


def test_hostile_names_are_only_names(ready, english, made, pages):
    Area.objects.filter(code="99.01.01.2001").update(name=HOSTILE[:100])
    Area.objects.filter(code="99.01.01.2002").update(name='=HYPERLINK("http://evil.example")')
    Area.objects.filter(code="99.01.01.2003").update(name="Panjang " * 12)
    with history_forgotten():
        Source.objects.update(publisher='#eval("1") ]] \\ `raw` @ref')
    address = "/en/peta/cetak.pdf?i=people&l=village&a=99.01.01"
    first, table = pages(address)
    assert words(HOSTILE[:60]) in table
    assert '=HYPERLINK("http://evil.example")' in table
    assert '#eval("1") ]] \\ `raw` @ref' in first
    assert all(link.startswith("http://testserver/") for link in links_of(made(address)))


def test_no_foreign_host(ready, made):
    content = made("/peta/cetak.pdf?i=people")
    assert links_of(content) == [
        f"http://testserver/peta/?i=people&per={timezone.localdate().isoformat()}"
    ]


def test_withheld_counts_are_not_in_the_document(ready, english, pages):
    poor = make_indicator("poor", sensitive=True, name_en="Poor")
    observe(poor, "2024", {"01.2001": 3, "01.2002": 3737, "01.2003": 4848})
    first, table = pages("/en/peta/cetak.pdf?i=poor&l=village")
    assert "Withheld" in first
    assert words("– Ubin 11 Petak 1 withheld to protect persons") in table


def test_a_pinned_day_stays_pinned(ready, english, pages):
    first = pages("/en/peta/cetak.pdf?i=people&per=2025-01-31")[0]
    assert "per=2025-01-31" in first
    assert "as they were published at the end of" in first


def test_without_boundaries_the_table_still_comes(kotak, measured, english, pages):
    first, table = pages("/en/peta/cetak.pdf?i=people")
    assert "None of these areas has a boundary yet" in first
    assert "Petak 1" in table


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/en/peta/cetak.pdf?i=nothing", 404, "There is no indicator with code “nothing”"),
        ("/en/peta/cetak.png?i=people&t=1999", 404, "1999"),
        ("/en/peta/cetak.pdf?i=people&a=1.2", 404, "There is no area with code “1.2”"),
        ("/en/wilayah/1.2/profil.pdf", 404, "There is no area with code “1.2”"),
    ],
)
def test_errors_are_sentences(ready, client, address, status, sentence):
    answer = client.get(address)
    assert answer.status_code == status
    assert sentence in answer.content.decode()


def test_the_same_is_typeset_once(ready, made, monkeypatch):
    first = made("/peta/cetak.pdf?i=people")

    def never(*args, **kwargs):
        raise AssertionError("typeset again")

    monkeypatch.setattr(services.typesetting, "run_child", never)
    assert made("/peta/cetak.pdf?i=people") == first
    Area.objects.filter(code="99.01.01").update(name="Baru")
    with pytest.raises(AssertionError, match="typeset again"):
        made("/peta/cetak.pdf?i=people")


def test_what_is_kept_is_bounded(ready, made, monkeypatch, settings):
    monkeypatch.setattr(services.typesetting, "MOST_KEPT_BYTES", 100_000)
    for address in ("i=people", "i=homes", "i=size", "i=people&l=village"):
        made(f"/peta/cetak.pdf?{address}")
    folder = settings.VAR_DIR / "cache" / "documents"
    sizes = [file.stat().st_size for file in folder.iterdir()]
    assert sizes
    assert sum(sizes) <= 100_000


def test_a_failed_document_gives_a_sentence(ready, client, monkeypatch, tmp_path):
    from geo.lib import children

    monkeypatch.setattr(children.sys, "executable", "/bin/false")
    answer = client.get("/en/peta/cetak.pdf?i=people")
    assert answer.status_code == 503
    assert "could not be made just now" in answer.content.decode()


def test_both_are_offered_under_the_map(ready, client):
    page = client.get("/peta/?i=people&l=village").content.decode()
    for address in (
        "/peta/cetak.pdf?i=people&amp;l=village",
        "/peta/cetak.png?i=people&amp;l=village",
        "/api/v1/values.xlsx?indicator=people&amp;period=2024&amp;level=village",
        "/api/v1/values.gpkg?",
        "/api/v1/sectors/test.xlsx?level=village",
        "/api/v1/values.meta.json?",
    ):
        assert f'href="{address}' in page, address
    # The workbook opens right everywhere and stands first.
    assert page.index("values.xlsx") < page.index("values.csv")
