"""What people are told about the photos and documents that they handed in."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.utils import timezone

from geo.accounts.models import User
from geo.attachments.models import AttachmentNotice

# A mail that could not be sent for so long is not sent any more: the page has told it.
PATIENCE = datetime.timedelta(hours=24)
RELATED = ("attachment__area__parent", "attachment__decided_by", "attachment__withdrawn_by")
WITHOUT = ("attachment__area__boundary", "attachment__area__parent__boundary")


def news_of(user: User) -> QuerySet[AttachmentNotice]:
    """What a person was told, the latest first."""
    return _with_relations(AttachmentNotice.objects.filter(user=user)).order_by("-pk")


def to_be_mailed(now: datetime.datetime | None = None) -> QuerySet[AttachmentNotice]:
    """What people with an address were not mailed yet, have not read, and is not too old."""
    since = (now or timezone.now()) - PATIENCE
    waiting = AttachmentNotice.objects.filter(
        emailed_at=None, read_at=None, at__gte=since, user__is_active=True
    )
    return _with_relations(waiting.exclude(user__email="").select_related("user")).order_by("pk")


def _with_relations(rows: QuerySet[AttachmentNotice]) -> QuerySet[AttachmentNotice]:
    return rows.select_related(*RELATED).defer(*WITHOUT)
