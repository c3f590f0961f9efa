"""Forgetting who asked, when the stated time is over."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from geo.inquiries.models import InquirerContact

# Longer than any limit counts back.
SENDERS_KEPT = datetime.timedelta(days=2)


@dataclass(frozen=True)
class Forgotten:
    """How many contacts were deleted, and of how many the traces of the network."""

    n_contacts: int
    n_senders: int


@transaction.atomic
def delete_old_contacts(*, today: datetime.date | None = None) -> Forgotten:
    """Delete contacts whose day has come, and hashes of senders after two days.

    Questions and answers stay: they hold no personal data but what their texts
    tell, and numbers of identity, e-mails and telephones were taken out of them.
    """
    today = today or timezone.localdate()
    due = InquirerContact.objects.due(today)
    n_contacts = due.count()
    due.delete()
    counted_long_ago = InquirerContact.objects.exclude(sender_hash="").filter(
        inquiry__asked_at__lt=timezone.now() - SENDERS_KEPT
    )
    return Forgotten(n_contacts, counted_long_ago.update(sender_hash=""))
