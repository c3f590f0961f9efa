"""Photos and documents in Kabupaten Kotak."""

import datetime
import uuid
from types import SimpleNamespace

from django.utils import timezone

from geo.areas.models import Area
from geo.attachments.models import Attachment
from geo.attachments.queries import of_area, of_opportunity
from geo.attachments.services import deciding, storing
from geo.opportunities.models import Opportunity
from tests.accounts.world import VILLAGE, give, make_cast
from tests.attachments import pictures

OPPORTUNITY = "PI-2026-001"
WORDS = {
    "caption_id": "Dermaga saat air surut",
    "caption_en": "Jetty at low water",
    "taken_on": datetime.date(2026, 11, 2),
    "credit": "Pemerintah Desa",
    "licence": "cc_by",
}
FIELDS = WORDS | {"taken_on": "2026-11-02", "consent": "on"}


def make_people():
    """The cast of accounts, and an officer of investments."""
    people = make_cast()
    from tests.accounts.world import make_person

    people["investor_officer"] = make_person("investor_officer", password=None)
    give(people["investor_officer"], "office_officer", None, "investment")
    return SimpleNamespace(**people)


def village() -> Area:
    return Area.objects.current().get(code=VILLAGE)


def handed_in(by, content=None, *, opportunity: Opportunity | None = None, **words) -> Attachment:
    """What ``by`` has handed in, of the village or of an opportunity."""
    subject = of_opportunity(opportunity) if opportunity else of_area(village())
    chunks = [pictures.photo() if content is None else content]
    with storing.taken_in(chunks) as incoming:
        return deciding.hand_in(
            subject=subject,
            by=by,
            name="foto.jpg",
            incoming=incoming,
            words=deciding.Words(**WORDS | words),
        )


def published(by, other, content=None, **given) -> Attachment:
    row = handed_in(by, content, **given)
    return deciding.publish(identifier=row.uuid, by=other)


def make_row(by, **fields) -> Attachment:
    """A row without files, for what does not need them; quick."""
    measured = {"width": 64, "height": 48, "thumbnail_width": 64, "thumbnail_height": 48}
    given = {"kind": "photo", "area": village(), "sha256": uuid.uuid4().hex * 2, "size_bytes": 1}
    given |= measured | WORDS | {"received_by": by, "received_at": timezone.now()} | fields
    return Attachment.objects.create(**given)
