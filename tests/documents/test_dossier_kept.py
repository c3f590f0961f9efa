"""Dossiers stay what they were: in two years, in the other language, in earlier editions."""

import datetime
import html
import json
import re
from pathlib import Path

import pyogrio
import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from geo.areas.models import Area
from geo.documents.models import Dossier, DossierKind, DossierState
from geo.documents.queries.dossiers import contents
from geo.indicators.models import Indicator
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
from tests.indicators.world import EARLY, observe

__all__ = ["ask", "build", "reminders", "world"]

EDITIONS = sorted((Path(__file__).parent / "editions").glob("*.json"))


def test_the_other_language_is_of_the_same_moment(client, build):
    """Somebody publishes in between: both languages say the same figures all the same."""
    english = build(FOUR[:2], **WISH)
    observe(
        Indicator.objects.get(code="workers"), "2025", {"01.2001": 998}, recorded_at=timezone.now()
    )
    to_form = client.get(f"/dossier/{english.code}/")["Location"]
    form = client.get(to_form).content.decode()
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    assert fields.pop("kembaran") == english.code
    chosen = re.findall(r'name="a" value="([^"]+)" checked', form)
    indonesian = build(chosen, language="id", kembaran=english.code, **fields)
    assert indonesian.pinned_at == english.pinned_at
    assert client.get(f"/dossier/{english.code}/")["Location"] == indonesian.get_absolute_url()
    assert client.get(f"/en/dossier/{indonesian.code}/")["Location"] == english.get_absolute_url()

    def values(dossier):
        rows = [row for part in dossier.contents["sections"] for row in part["rows"]]
        return [cell["value"] for row in rows for cell in row["cells"]]

    assert values(indonesian) == values(english)


def test_what_is_published_later_changes_nothing(client, build):
    dossier = build([VILLAGE])
    before = client.get(dossier.get_absolute_url()).content, file_of(client, dossier, "pdf")
    observe(Indicator.objects.get(code="workers"), "2025", {"01.2001": 998, "01.2002": 5})
    assert (
        "998" in shown_on(client.get(build([VILLAGE]).get_absolute_url()).content.decode()).values()
    )
    page = client.get(dossier.get_absolute_url()).content
    assert shown_on(page.decode()) == shown_on(before[0].decode())
    assert file_of(client, dossier, "pdf") == before[1]


def test_a_pinned_day_is_read_as_it_stood(build):
    late = {"recorded_at": timezone.now()}
    observe(Indicator.objects.get(code="workers"), "2025", {"01.2001": 998, "01.2002": 5}, **late)
    day = (timezone.localtime(EARLY) + datetime.timedelta(days=1)).date()
    then, now = build([VILLAGE], per=day.isoformat()), build([VILLAGE])

    def workers(dossier):
        rows = [row for part in dossier.contents["sections"] for row in part["rows"]]
        return next(row["cells"][0]["text"] for row in rows if row["code"] == "workers")

    assert (workers(then), workers(now)) == ("100", "998")


def shapes_in(package: bytes, path) -> list:
    path.write_bytes(package)
    return list(pyogrio.raw.read(path, layer="areas")[2])


@pytest.mark.parametrize("edition", [2, 3])
def test_a_village_that_is_split_keeps_its_shape(client, build, tmp_path, edition):
    """Whether its dossier holds the boundary, or is of an edition that did not."""
    dossier = build(FOUR[:2])
    if edition == 2:
        del dossier.contents["shapes"]
        dossier.save()
    ended = {"valid_to": timezone.localdate()}
    Area.objects.filter(code=FOUR[0]).update(**ended)
    shapes = shapes_in(file_of(client, dossier, "gpkg"), tmp_path / "dossier.gpkg")
    assert [shape is not None for shape in shapes] == [True, True]


def test_boundaries_stay_as_they_were(client, build, tmp_path):
    dossier = build([FOUR[0]])
    before = Area.objects.get(code=FOUR[0]).boundary
    Area.objects.filter(code=FOUR[0]).update(boundary=Area.objects.get(code=FOUR[1]).boundary)
    shapes = shapes_in(file_of(client, dossier, "gpkg"), tmp_path / "dossier.gpkg")
    assert GEOSGeometry(memoryview(shapes[0])).equals_exact(before, 1e-9)


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)
def test_dossiers_of_earlier_editions_are_still_shown_and_typeset(client, world, path):
    """Contents as they were kept then: what has been added since may not be asked of them."""
    kept = json.loads(path.read_text())
    dossier = Dossier.objects.create(
        code=kept["code"],
        kind=DossierKind.SHORTLIST,
        query="",
        language="en",
        pinned_at=timezone.now(),
        address=kept["address"],
        digest=path.stem,
        state=DossierState.READY,
        contents=kept,
    )
    page = client.get(dossier.get_absolute_url())
    assert kept["citation"] in html.unescape(page.content.decode())
    assert kept["code"] in text_of(file_of(client, dossier, "pdf"))
    assert file_of(client, dossier, "xlsx")
    assert file_of(client, dossier, "gpkg")


def test_every_earlier_edition_has_its_contents_here():
    kept = {json.loads(path.read_text()).get("edition", 1) for path in EDITIONS}
    assert kept == set(range(1, contents.EDITION))
