"""The pages of photos and documents: who sees what, what is refused, and how files are served."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from geo.attachments.models import Attachment
from geo.attachments.services import deciding, storing
from geo.lib import children
from geo.lib.kept_files import KeptFiles
from tests.accounts.world import VILLAGE
from tests.attachments import pictures
from tests.attachments.world import FIELDS, handed_in, make_row, published, village
from tests.opportunities.world import make_counted, publish

ADD = f"/en/lampiran/?a={VILLAGE}"
PROFILE = f"/en/wilayah/{VILLAGE}/"


def browser(person=None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def file(content=None, name="foto.jpg"):
    return SimpleUploadedFile(name, pictures.photo() if content is None else content)


def address(row, name=storing.LARGE):
    return reverse("attachment_file", args=[row.uuid, name])


# --- handing in -------------------------------------------------------------------------------


def test_from_the_profile_to_the_profile(people):
    operator, verifier, anybody = browser(people.operator), browser(people.verifier), browser()
    assert f'href="{ADD}"' in text_of(operator.get(PROFILE))
    answer = operator.post(ADD, FIELDS | {"file": file()}, follow=True)
    assert "has arrived" in text_of(answer)
    row = Attachment.objects.get()
    assert "Jetty at low water" not in text_of(anybody.get(PROFILE))
    queue = text_of(verifier.get("/en/periksa/"))
    assert 'href="/en/lampiran/periksa/"' in queue
    publish_it = reverse("attachment_publish", args=[row.uuid])
    assert f'action="/en{publish_it.removeprefix("/en")}"' in text_of(
        verifier.get("/en/lampiran/periksa/")
    )
    assert "everybody sees it now" in text_of(verifier.post(publish_it, follow=True))
    page = text_of(anybody.get(PROFILE))
    assert (
        f'<img lang="en" src="{address(row, storing.THUMBNAIL)}" alt="Jetty at low water"' in page
    )
    assert 'width="480" height="360" loading="lazy"' in page
    assert "Photo: Pemerintah Desa, 2 November 2026 · CC BY 4.0" in page
    assert "Dermaga saat air surut" in text_of(anybody.get(f"/wilayah/{VILLAGE}/"))


def test_all_faults_at_once_of_words_and_file(people):
    answer = browser(people.operator).post(
        ADD, {"taken_on": "2999-01-01", "file": file(b"<svg onload='alert(1)'/>", "a.jpg")}
    )
    page = text_of(answer)
    assert answer.status_code == 400
    assert "This file is a drawing or text in XML, whatever it is called" in page
    assert "This day lies in the future" in page
    assert "Say that they agree" in page
    assert (
        page.count('role="alert"') == 7
    )  # above the form, and beside file, caption, author, day, licence, consent
    assert Attachment.objects.count() == 0


def test_a_good_file_is_not_kept_without_words(people):
    answer = browser(people.operator).post(ADD, {"file": file()})
    assert answer.status_code == 400
    assert Attachment.objects.count() == 0
    assert [path for path in storing.folder().rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("given", [{}, FIELDS, FIELDS | {"file": file(b"")}])
def test_without_a_file(people, given):
    answer = browser(people.operator).post(ADD, given)
    assert "No file came, or it was empty (0 bytes)" in text_of(answer)


def test_what_is_too_large_to_come_in(people, settings):
    settings.UPLOAD_LARGEST_MB = 1
    answer = browser(people.operator).post(ADD, FIELDS | {"file": file(b"\xff" * (2 << 20))})
    assert answer.status_code == 400
    assert "The file has &gt; 1 MB. Photos are taken up to 15 MB" in text_of(answer)


def test_one_that_comes_while_others_are_looked_at_is_told_to_wait(people, monkeypatch):
    monkeypatch.setattr(children, "WAIT_FOR_TURN_S", 0)
    with children.turn(), children.turn():
        answer = browser(people.operator).post(ADD, FIELDS | {"file": file()})
    assert answer.status_code == 400
    assert "Try again in half a minute." in text_of(answer)


def test_words_of_strangers_are_text(people):
    words = '"><script>alert(1)</script>'
    row = published(people.operator, people.verifier, caption_id=words, caption_en="")
    page = browser().get(PROFILE).content.decode()
    assert "<script>alert(1)" not in page
    assert "&quot;&gt;&lt;script&gt;" in page
    assert "scriptalert1script.jpg" in browser().get(address(row))["Content-Disposition"]


def test_the_desk_leads_to_the_photos_of_ones_own_areas(people):
    seen = {
        name: f'href="/en/lampiran/?a={VILLAGE}"' in text_of(browser(person).get("/en/unggah/"))
        for name, person in vars(people).items()
        if name in ("operator", "other_operator", "officer")
    }
    assert seen == {"operator": True, "other_operator": False, "officer": False}


def test_who_may_not_add_is_not_asked(people):
    for person in (None, people.stranger, people.other_operator, people.regent):
        assert "lampiran/?a=" not in text_of(browser(person).get(PROFILE))


def test_the_profile_of_everybody_does_not_depend_on_cookies(people):
    answer = browser().get(PROFILE)
    assert "Cookie" not in answer.get("Vary", "")
    assert "public" in answer["Cache-Control"]


def test_nothing_of_photos_where_there_are_none(people):
    assert 'id="attachments"' not in text_of(browser().get(PROFILE))


# --- opportunities ------------------------------------------------------------------------------


def test_an_opportunity_shows_photos_and_documents(people):
    make_counted()
    one = publish(village())
    published(people.walidata, people.verifier, opportunity=one)
    study = published(people.walidata, people.verifier, pictures.document(), opportunity=one)
    page = text_of(browser().get(f"/en/investasi/peluang/{one.code}/"))
    assert 'alt="Jetty at low water"' in page
    assert f'href="{address(study, storing.DOCUMENT)}"' in page
    assert "PDF, 1 kB" in page
    assert "lampiran/?peluang" not in page
    mine = text_of(browser(people.walidata).get(f"/en/investasi/peluang/{one.code}/"))
    assert f"/en/lampiran/?peluang={one.code}" in mine


# --- looking and deciding -----------------------------------------------------------------------


def test_a_refusal_is_read_by_who_handed_it_in(people):
    row = make_row(people.operator)
    refuse = reverse("attachment_refuse", args=[row.uuid])
    answer = browser(people.verifier).post(refuse, {"reason": ""}, follow=True)
    assert "Write why “Jetty at low water” is not published" in text_of(answer)
    browser(people.verifier).post(refuse, {"reason": "Wajah anak terlihat."})
    page = text_of(browser(people.operator).get(ADD))
    assert "refused" in page
    assert "Wajah anak terlihat." in page


def test_nobody_sees_their_own_in_the_queue(people):
    make_row(people.verifier)
    page = text_of(browser(people.verifier).get("/en/lampiran/periksa/"))
    assert "Nothing is waiting here" in page
    assert "lampiran/periksa" not in text_of(browser(people.verifier).get("/en/periksa/"))


def test_taking_back_needs_a_right_on_the_row(people):
    mine, theirs = make_row(people.operator), make_row(people.verifier, sha256="1" * 64)
    page = text_of(browser(people.operator).get(ADD))
    assert reverse("attachment_withdraw", args=[mine.uuid]) in page
    assert reverse("attachment_withdraw", args=[theirs.uuid]) not in page


# --- files --------------------------------------------------------------------------------------


def test_files_that_wait_are_for_those_who_decide(people):
    row = handed_in(people.operator)
    seen = {
        name: browser(getattr(people, name, None)).get(address(row)).status_code
        for name in ("nobody", "stranger", "other_operator", "officer", "operator", "verifier")
    }
    hidden = dict.fromkeys(("nobody", "stranger", "other_operator", "officer"), 404)
    assert seen == hidden | {"operator": 200, "verifier": 200}
    assert browser(people.verifier).get(address(row))["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "kind"), [(storing.LARGE, "image/jpeg"), (storing.THUMBNAIL, "image/webp")]
)
def test_a_published_photo_is_open_and_harmless(people, name, kind):
    row = published(people.operator, people.verifier, pictures.telephone_photo())
    answer = browser().get(address(row, name))
    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == kind
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert pictures.SECRET not in content
    assert Image.open(io.BytesIO(content)).size[1] > Image.open(io.BytesIO(content)).size[0]


def test_a_document_is_saved_not_shown(people):
    row = published(people.operator, people.verifier, pictures.document())
    answer = browser().get(address(row, storing.DOCUMENT))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="dermaga-saat-air-surut.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_there_is_no_other_file_of_a_photo(people):
    row = published(people.operator, people.verifier)
    assert browser().get(address(row, storing.DOCUMENT)).status_code == 404
    assert browser().get(f"/lampiran/{row.uuid}/../../../manage.py").status_code == 404


def test_what_is_taken_back_is_gone(people, django_capture_on_commit_callbacks, settings, tmp_path):
    row = published(people.operator, people.verifier)
    settings.VAR_DIR = tmp_path
    kept = tmp_path / "cache" / "documents"
    KeptFiles(kept, 1000).open("a dossier", lambda path: path.write_text("x"))
    with django_capture_on_commit_callbacks(execute=True):
        deciding.withdraw(identifier=row.uuid, by=people.operator)
    assert list(kept.iterdir()) == []
    for person in (None, people.operator, people.verifier):
        assert browser(person).get(address(row)).status_code == 404
    assert "Jetty" not in text_of(browser().get(PROFILE))
