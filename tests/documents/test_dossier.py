"""Dossiers in Kabupaten Kotak: asked for, made and read back."""

import datetime
import io
import re

import openpyxl
import pyogrio
import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone, translation

from geo.areas.models import Area
from geo.documents import forms
from geo.documents.batch import jobs
from geo.documents.models import Dossier, DossierKind, DossierState
from geo.documents.queries.dossiers import UnknownDossier, find_dossier, sections
from geo.documents.services import dossiers
from geo.indicators.models import Indicator
from geo.lib.errors import FileNotMade, GeoError, UnknownArea, UnknownChoice
from geo.lib.presets import Preset
from tests.documents.dossiers import (
    FOUR,
    VILLAGE,
    WISH,
    ask,
    build,
    file_of,
    reminders,
    shown_on,
    text_of,
    world,
)
from tests.indicators.world import make_indicator, observe
from tests.opportunities import world as offers

__all__ = ["ask", "build", "reminders", "world"]


# --- what is said ------------------------------------------------------------------------


@pytest.mark.parametrize("codes", [[VILLAGE], FOUR, ["99.01.01", "99.01.02"]])
def test_paper_says_every_figure_of_the_page(client, build, codes):
    dossier = build(codes)
    figures = shown_on(client.get(dossier.get_absolute_url()).content.decode())
    assert len(figures) >= 2 * len(codes)
    said = text_of(file_of(client, dossier, "pdf"))
    for name, text in figures.items():
        assert text in said, name
    for part in (dossier.code, "Sensus Kotak", "not yet verified", "How to cite"):
        assert part in said


def test_a_village_stands_beside_its_district_and_regency(client, build):
    dossier = build([VILLAGE])
    figures = shown_on(client.get(dossier.get_absolute_url()).content.decode())
    assert figures[f"{VILLAGE} workers"] == "100"
    assert figures["99.01.01 workers"] == "700"
    assert figures[f"{VILLAGE} minutes"] == "10"
    (row,) = [r for s in dossier.contents["sections"] for r in s["rows"] if r["code"] == "workers"]
    assert row["cells"][0]["rank"] == "3/4"
    assert [cell["bar"] for cell in row["cells"]] == [0, 0, 0]  # totals share no scale


def test_bars_share_a_scale(build):
    dossier = build(FOUR)
    (row,) = [r for s in dossier.contents["sections"] for r in s["rows"] if r["code"] == "workers"]
    assert [cell["bar"] for cell in row["cells"]] == [33, 100, 67, 33]
    (power,) = [r for s in dossier.contents["sections"] for r in s["rows"] if r["code"] == "power"]
    assert power["cells"][2]["text"] == "no data yet"
    assert power["cells"][2]["bar"] == 0


def test_ranking_comes_along_with_weights_parts_and_firmness(client, build):
    dossier = build(FOUR[:3], **WISH)
    ranking = dossier.contents["ranking"]
    found = [(entry["rank"], entry["code"], entry["score"]) for entry in ranking["entries"]]
    assert found == [("1", FOUR[1], "75.0"), ("2", FOUR[2], "50.0"), ("3", FOUR[0], "25.0")]
    assert [one["weight"] for one in ranking["criteria"]] == ["3 (75%)", "1 (25%)"]
    assert [part["adds"] for part in ranking["entries"][0]["parts"]] == ["75.0", "0.0"]
    said = text_of(file_of(client, dossier, "pdf"))
    assert "75.0" in said
    assert "1,000 / 1,000" in said


def test_a_shared_rank_is_called_that(build):
    """Workers and minutes weighed alike: 2001, 2002 and 2003 have 50 points each."""
    dossier = build(FOUR[:3], **{"w.workers": "1", "w.minutes": "1"})
    said = dossier.contents["ranking"]["summary"]
    assert "is one of 3 places that share rank 1 of 4, each with 50.0 of 100 points" in said


def test_what_is_not_known_adds_nothing_and_is_told(client, build):
    """2003 has no power: 50 points on 75% of the weight, so 37.5 to 62.5 of 100."""
    dossier = build(FOUR, **{"w.workers": "3", "w.power": "1"})
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "scored on 75% of the weight; 37.5 to 62.5 once all is known" in page
    assert "Power</th><td>no data yet</td><td>–</td>" in page
    assert "+–" not in page


def test_minutes_are_said_of_each_area(client, build):
    port = make_indicator(
        "port", name_en="Minutes to the port", unit="minute", investor={"direction": "lower"}
    )
    observe(port, "2024", {"01.2001": 47})
    dossier = build(FOUR)
    assert dossier.contents["areas"][0]["ways"] == [
        ["Minutes to the port", "47\N{NO-BREAK SPACE}minutes"]
    ]
    assert dossier.contents["areas"][1]["ways"] == [["Minutes to the port", "no data yet"]]
    said = text_of(file_of(client, dossier, "pdf"))
    assert "Minutes to the port: 47 minutes" in said


def test_an_area_that_is_not_whole_says_so_on_paper_too(client, build):
    """District 02 has one village of four with workers, and stands beside it."""
    observe(Indicator.objects.get(code="workers"), "2024", {"02.2001": 40})
    dossier = build(["99.01.02.2001"])
    (row,) = [r for s in dossier.contents["sections"] for r in s["rows"] if r["code"] == "workers"]
    assert [cell["coverage"] for cell in row["cells"]] == ["", "1/4", "5/17"]
    assert [cell["rank"] for cell in row["cells"]] == ["5/5", "", ""], "a part has no rank"
    said = text_of(file_of(client, dossier, "pdf"))
    assert "1/4" in said
    assert "5/17" in said
    assert "beside a figure says of how many villages it is made" in said


def test_minutes_of_an_area_that_is_not_whole_say_so(build):
    port = make_indicator("port", unit="minute", roll_up="max", investor={"direction": "lower"})
    observe(port, "2024", {"01.2001": 47})
    said = build(["99.01.01"]).contents
    assert said["areas"][0]["ways"][0][1] == "47\N{NO-BREAK SPACE}minutes (1/4)"
    (highlight,) = [one for one in said["highlights"] if one["value"].startswith("47")]
    assert highlight["note"].endswith(" · 1/4")


def test_the_cover_shows_what_typical_needs_weigh_most(build, monkeypatch):
    both = {"id": "Padi", "en": "Rice"}
    need = Preset("rice", both, both, {"workers": 1, "minutes": 5}, {}, {})
    monkeypatch.setattr(sections, "presets", lambda: [need])
    monkeypatch.setattr(sections, "N_HIGHLIGHTS", 1)
    (only,) = build([VILLAGE]).contents["highlights"]
    assert only["name"] == "Minutes to the port"


def test_without_areas_the_first_five_of_the_ranking_are_offered(client, world):
    page = client.get("/en/dossier/", WISH).content.decode()
    ticked = re.findall(r'name="a" value="([^"]+)" checked', page)
    assert ticked == [FOUR[1], FOUR[2], FOUR[0], FOUR[3]]


def test_both_languages(client, build):
    english, indonesian = build([VILLAGE]), build([VILLAGE], language="id")
    assert english.get_absolute_url() == f"/en/dossier/{english.code}/"
    assert indonesian.get_absolute_url() == f"/dossier/{indonesian.code}/"
    assert "Workers" in text_of(file_of(client, english, "pdf"))
    assert "Pekerja" in text_of(file_of(client, indonesian, "pdf"))
    answer = client.get(f"/dossier/{english.code}/")
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200


def test_paper_is_for_archives_and_screen_readers(client, build):
    reader = pypdf.PdfReader(io.BytesIO(file_of(client, build([VILLAGE]), "pdf")), strict=True)
    said = reader.xmp_metadata.stream.get_data().decode()
    assert "pdfuaid:part" in said
    assert "pdfaid:part" in said
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_tables_hold_the_same_figures(client, build, tmp_path):
    dossier = build(FOUR[:2])
    book = openpyxl.load_workbook(io.BytesIO(file_of(client, dossier, "xlsx")))
    rows = list(book["figures"].iter_rows(values_only=True))
    column = dict(zip(rows[0], range(len(rows[0])), strict=True))
    found = {(r[column["area"]], r[column["indicator"]]): r[column["value"]] for r in rows[1:]}
    assert found[FOUR[1], "workers"] == 300
    package = tmp_path / "dossier.gpkg"
    package.write_bytes(file_of(client, dossier, "gpkg"))
    meta, _ids, shapes, fields = pyogrio.raw.read(package, layer="areas")
    values = dict(zip(meta["fields"], fields, strict=True))
    assert list(values["code"]) == FOUR[:2]
    assert list(values["workers"]) == [100, 300]
    assert all(shape is not None for shape in shapes)


# --- what cannot be answered ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "error", "part"),
    [
        ("", forms.NoDossier, "names no area"),
        ("a=99.99", UnknownArea, "99.99"),
        ("&".join(f"a=99.01.0{d}.200{v}" for d in "123" for v in "1234"), GeoError, "12 areas"),
        (f"a={VILLAGE}&per=2019-01-01", forms.BeforeAll, "1 January 2019"),
        (f"a={VILLAGE}&per=2999-01-01", forms.NotYet, "future"),
        (f"a={VILLAGE}&per=kemarin", UnknownChoice, "kemarin"),
        (f"a={VILLAGE}&w.workers=9", forms.NotRanked, "Workers"),
    ],
)
def test_requests_that_cannot_be_answered_say_why(world, english, address, error, part):
    with pytest.raises(error) as caught:
        forms.read_subject(QueryDict(address))
    assert part in str(caught.value)


def test_an_unknown_code(world, english):
    with pytest.raises(UnknownDossier) as caught:
        find_dossier("nothing")
    assert "nothing" in str(caught.value)


# --- made once, by a worker ----------------------------------------------------------------


def test_the_same_request_gives_the_same_dossier(ask, reminders):
    first, second = ask([VILLAGE]), ask([VILLAGE])
    assert first == second
    assert reminders == [first.pk]
    assert ask(FOUR[:2]) != first
    assert ask([VILLAGE], language="id") != first


def test_new_figures_make_a_new_dossier(ask):
    first = ask([VILLAGE])
    observe(Indicator.objects.get(code="workers"), "2025", {"01.2001": 1})
    assert ask([VILLAGE]) != first


def test_nobody_floods_the_queue(client, ask, monkeypatch):
    monkeypatch.setattr(dossiers, "MOST_AN_HOUR", 2)
    ask([FOUR[0]])
    ask([FOUR[1]])
    answer = client.post("/en/dossier/", {"a": FOUR[2], "bahasa": "en"})
    assert answer.status_code == 429
    assert "within an hour" in answer.content.decode()
    assert ask([FOUR[0]])  # what is made already is given
    Dossier.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))
    ask([FOUR[2]])
    assert Dossier.objects.exclude(asker="").count() == 1  # an address is kept for a day


def test_waiting_is_shown_and_followed(client, ask):
    dossier = ask([VILLAGE])
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "http-equiv" in page
    now = client.get(f"/en/dossier/{dossier.code}/kemajuan.json").json()
    assert (now["is_busy"], now["percent"]) == (True, 0)
    assert client.get(f"{dossier.get_absolute_url()}dossier.pdf").status_code == 404
    jobs.build(dossier.pk)
    now = client.get(f"/en/dossier/{dossier.code}/kemajuan.json").json()
    assert (now["is_busy"], now["percent"]) == (False, 100)
    assert "http-equiv" not in client.get(dossier.get_absolute_url()).content.decode()


def test_three_attempts_then_the_reason_and_a_way_on(
    client, ask, monkeypatch, reminders, django_capture_on_commit_callbacks
):
    def fail(**_asked):
        raise FileNotMade

    monkeypatch.setattr(jobs, "open_document", fail)
    dossier = ask([VILLAGE])
    for attempt in (1, 2, 3):
        with django_capture_on_commit_callbacks(execute=True):
            jobs.build(dossier.pk)
        dossier.refresh_from_db()
        assert dossier.attempts == attempt
    assert reminders == [dossier.pk] * 3
    assert dossier.state == DossierState.FAILED
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "could not be made just now" in page
    monkeypatch.undo()
    monkeypatch.setattr(dossiers, "wake", reminders.append)
    client.post(dossier.get_absolute_url())
    jobs.build(dossier.pk)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.READY


def test_a_worker_that_died_is_noticed(client, ask):
    dossier = ask([VILLAGE])
    long_ago = timezone.now() - datetime.timedelta(minutes=5)
    changed = {"state": DossierState.BUILDING, "attempts": 1, "heartbeat_at": long_ago}
    Dossier.objects.filter(pk=dossier.pk).update(**changed)
    assert "has stopped" in client.get(dossier.get_absolute_url()).content.decode()
    jobs.build(dossier.pk)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.attempts) == (DossierState.READY, 2)


def test_while_one_worker_is_at_it_another_leaves_it(ask):
    dossier = ask([VILLAGE])
    changed = {"state": DossierState.BUILDING, "attempts": 1, "heartbeat_at": timezone.now()}
    Dossier.objects.filter(pk=dossier.pk).update(**changed)
    jobs.build(dossier.pk)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.attempts) == (DossierState.BUILDING, 1)


def test_a_ready_dossier_has_contents(ask):
    dossier = ask([VILLAGE])
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(state=DossierState.READY)


def test_pages_lead_to_a_dossier(client, world):
    with translation.override("en"):
        profile = client.get(f"/en/wilayah/{VILLAGE}/").content.decode()
        beside = client.get("/en/banding/", {"a": FOUR[:2]}).content.decode()
        ranked = client.get("/en/investasi/", WISH).content.decode()
    assert f'href="/en/dossier/?a={VILLAGE}"' in profile
    assert f'href="/en/dossier/?a={FOUR[0]}&amp;a={FOUR[1]}"' in beside
    assert 'href="/en/dossier/?w.minutes=1&amp;w.workers=3"' in ranked


# --- of an opportunity ----------------------------------------------------------------------


def test_an_opportunity_with_the_figures_of_its_village(client, build):
    offers.make_counted()
    offer = offers.publish(Area.objects.get(code=VILLAGE))
    dossier = build([], peluang=offer.code)
    assert dossier.kind == DossierKind.OPPORTUNITY
    said = text_of(file_of(client, dossier, "pdf"))
    for part in ("Cold storage", "Rp 48.5 billion", "16.4%", "Perda 6/2019", "no permit"):
        assert part in said, part
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "Rp 48.5 billion" in page
    assert shown_on(page)[f"{VILLAGE} workers"] == "100"
    offered = client.get(f"/en/investasi/peluang/{offer.code}/").content.decode()
    assert f'href="/en/dossier/?peluang={offer.code}"' in offered
