"""What nobody has approved is told nowhere: on no public page, in no file, in no log."""

import html
import io
import re
import zipfile

import pypdf
from django.test import Client

from tests.attachments.world import make_row
from tests.maps.world import draw
from tests.permissions.states import FIGURES, States
from tests.permissions.test_states import quiet, world
from tests.submissions.world import VILLAGE, typed

__all__ = ["quiet", "world"]
CANARY = 918273
WORDS = "kenari-tujuh"
MOST_PAGES = 120
LINK = re.compile(r'(?:href|src|action|data-[a-z-]+)="(/[^"#]*)"')
BEGIN = [
    "/",
    "/peta/?i=nurses&a=99.01.01",
    f"/wilayah/{VILLAGE}/",
    "/api/v1/values?indicator=nurses&level=village&period=2024&parent=99.01.01",
    "/api/v1/values.csv?indicator=nurses&level=village&period=2024&parent=99.01.01",
    "/api/v1/values.xlsx?indicator=nurses&level=village&period=2024&parent=99.01.01",
    "/api/v1/values.geojson?indicator=nurses&level=village&period=2024&parent=99.01.01",
]


def texts(answer) -> str:
    """All that an answer says, packed or not."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        packed = zipfile.ZipFile(io.BytesIO(content))
        content = b" ".join(packed.read(name) for name in packed.namelist())
    elif content.startswith(b"%PDF"):
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return " ".join(page.extract_text() for page in pages)
    return content.decode("utf-8", "replace")


def tells(text: str) -> bool:
    return str(CANARY) in re.sub(r"(?<=\d)[.,\s](?=\d{3})", "", text) or WORDS in text


def test_a_draft_and_a_photo_that_waits_are_told_nowhere(world, caplog, capfd):
    draw(world.kotak)
    made = States(world)
    form = world.form(period="2024")
    grid = typed(form, {VILLAGE: FIGURES | {"nurses": CANARY, "electrified": WORDS}})
    from geo.submissions.services import mending

    with caplog.at_level("DEBUG"):
        draft = mending.save_grid(form=form, by=made.cast.operator, grid=grid, base_edit=None)
        make_row(made.cast.operator, caption_id=WORDS, caption_en=WORDS)
        owner, reader = Client(), Client()
        owner.force_login(made.cast.operator)
        assert tells(texts(owner.get(f"/lampiran/?a={VILLAGE}")))
        assert tells(texts(owner.get(f"/unggah/{draft.submission.number}/")))
        waiting, seen, telling = list(BEGIN), set(), []
        while waiting and len(seen) < MOST_PAGES:
            address = waiting.pop(0)
            seen.add(address)
            answer = reader.get(address)
            text = texts(answer)
            if tells(text):
                telling.append(address)
            found = {html.unescape(link) for link in LINK.findall(text)}
            waiting += sorted(found - seen - set(waiting))
    assert telling == []
    assert len(seen) > 30
    assert not any(tells(line) for line in caplog.messages)
    told = capfd.readouterr()
    assert not tells(told.out + told.err)
