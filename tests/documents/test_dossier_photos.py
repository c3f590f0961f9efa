"""Photos in dossiers: those of its moment, on paper and on its page, until they are taken back."""

import io

import pypdf
import pytest
from django.http import QueryDict
from django.utils import timezone

from geo.attachments.models import Attachment
from geo.attachments.services import deciding
from geo.documents.forms import read_subject
from geo.documents.models import Dossier, DossierState
from geo.documents.queries.dossiers import dossier_contents
from geo.documents.services import dossiers
from tests.attachments import pictures
from tests.attachments.world import handed_in, make_people, published, village
from tests.documents.conftest import words
from tests.investment.world import make_criteria
from tests.opportunities.world import make_counted, publish

VILLAGE = "99.01.01.2001"
LINE = "Photo: Pemerintah Desa · 2 November 2026 · CC BY 4.0"


@pytest.fixture
def people(kotak, drawn, english, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "none"
    settings.MEDIA_ROOT = tmp_path / "media"
    make_criteria()
    return make_people()


def made(query=f"a={VILLAGE}", moment=None) -> Dossier:
    subject = read_subject(QueryDict(query), moment=moment or timezone.now())
    code = dossiers.new_code()
    contents = dossier_contents(subject, code=code, address="http://testserver/")
    return Dossier.objects.create(
        code=code,
        kind=subject.kind,
        query=subject.query,
        language="en",
        pinned_at=subject.moment,
        address="http://testserver/",
        digest=code,
        state=DossierState.READY,
        contents=contents,
    )


def paper(client, dossier) -> pypdf.PdfReader:
    answer = client.get(f"{dossier.get_absolute_url()}dossier.pdf")
    assert answer.status_code == 200
    return pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content)))


def text_of(reader) -> str:
    return words(" ".join(page.extract_text() for page in reader.pages))


def photos_of(reader) -> list[tuple[int, int]]:
    return [image.image.size for page in reader.pages for image in page.images]


def test_a_photo_stands_on_paper_and_on_the_page(client, people):
    row = published(people.operator, people.verifier, pictures.telephone_photo())
    dossier = made()
    reader = paper(client, dossier)
    assert photos_of(reader) == [(480, 640)]
    said = text_of(reader)
    assert "Photos" in said
    assert "Jetty at low water" in said
    assert LINE in said
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert f"/lampiran/{row.uuid}/kecil.webp" in page
    assert LINE in page


def test_what_waits_is_in_no_dossier(client, people):
    handed_in(people.operator)
    dossier = made()
    assert dossier.contents["photos"] == []
    assert photos_of(paper(client, dossier)) == []


def test_an_opportunity_brings_its_own_photos_first(people):
    make_counted()
    one = publish(village())
    published(people.operator, people.verifier)
    row = published(people.walidata, people.verifier, opportunity=one, caption_en="The site")
    photos = made(f"peluang={one.code}").contents["photos"]
    assert photos[0]["uuid"] == str(row.uuid)
    assert [photo["caption"] for photo in photos] == ["The site", "Jetty at low water"]


def test_a_dossier_of_the_past_has_the_photos_of_then(people):
    moment = timezone.now()
    published(people.operator, people.verifier)
    assert made(moment=moment).contents["photos"] == []
    assert len(made(moment=timezone.now()).contents["photos"]) == 1


def test_what_is_taken_back_leaves_dossiers_too(client, people, django_capture_on_commit_callbacks):
    row = published(people.operator, people.verifier)
    dossier = made()
    assert len(photos_of(paper(client, dossier))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        deciding.withdraw(identifier=row.uuid, by=people.operator)
    assert photos_of(paper(client, dossier)) == []
    assert str(row.uuid) not in client.get(dossier.get_absolute_url()).content.decode()
    # What it said then is still known.
    assert dossier.contents["photos"][0]["uuid"] == str(row.uuid)


def test_a_new_photo_makes_a_new_dossier(people):
    subject = read_subject(QueryDict(f"a={VILLAGE}"))
    before = dossiers._digest(subject, "en")
    assert dossiers._digest(subject, "en") == before
    published(people.operator, people.verifier)
    assert dossiers._digest(subject, "en") != before


def test_a_dossier_from_before_there_were_photos(client, people):
    dossier = made()
    del dossier.contents["photos"]
    dossier.save()
    assert photos_of(paper(client, dossier)) == []
    assert client.get(dossier.get_absolute_url()).status_code == 200


def test_a_file_that_is_missing_spoils_nothing(client, people):
    published(people.operator, people.verifier)
    dossier = made()
    deciding.storing.forget(Attachment.objects.get())
    assert photos_of(paper(client, dossier)) == []
