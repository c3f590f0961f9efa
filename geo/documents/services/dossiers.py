"""Asking for dossiers: the same request makes one dossier, and nobody floods the queue."""

from __future__ import annotations

import datetime
import hashlib
import json

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from geo.attachments.queries import attachments_version
from geo.documents.models import Dossier, DossierState, new_code
from geo.documents.queries.dossiers import Subject
from geo.indicators.queries import data_version
from geo.lib.errors import GeoError

BUILD = "geo.documents.batch.jobs.build"
MOST_AN_HOUR = 20
ASKER_KEPT = datetime.timedelta(days=1)


class TooManyDossiers(GeoError):
    """One visitor has asked for so many that others would wait."""

    status = 429
    template = _(
        "From your connection %(found)s dossiers have been asked for within an hour, and at most "
        "%(most)s are made. Those that are made stay where they are; ask for more in an hour."
    )


def ask_for_dossier(*, subject: Subject, language: str, site: str, asker: str | None) -> Dossier:
    """Return the dossier that answers a request, and have it made where there is none yet.

    Parameters
    ----------
    site
        Scheme and host under which it will be found, such as ``https://peta.example``.
    asker
        The visitor's address; kept for a day as a keyed digest.

    Raises
    ------
    TooManyDossiers
    """
    digest = _digest(subject, language)
    found = Dossier.objects.filter(digest=digest).first()
    if found is not None:
        return ask_again(dossier=found)
    keyed = salted_hmac("geo.documents.dossiers", asker).hexdigest() if asker else ""
    _require_patience(keyed)
    code = new_code()
    with translation.override(language):
        address = site + reverse("dossier", args=[code])
    with transaction.atomic():
        dossier, is_new = Dossier.objects.get_or_create(
            digest=digest,
            defaults={
                "code": code,
                "kind": subject.kind,
                "query": subject.query,
                "language": language,
                "pinned_at": subject.moment,
                "address": address,
                "asker": keyed,
            },
        )
        if is_new:
            transaction.on_commit(lambda: wake(dossier.pk))
    return dossier


def ask_again(*, dossier: Dossier) -> Dossier:
    """Have a dossier made that failed or that nobody is at; any other stays as it is."""
    with transaction.atomic():
        row = Dossier.objects.select_for_update().defer("contents").get(pk=dossier.pk)
        if row.state == DossierState.FAILED or row.is_stuck:
            row.state, row.failure, row.attempts = DossierState.WAITING, "", 0
            row.progress_percent, row.heartbeat_at = 0, timezone.now()
            row.save(
                update_fields=["state", "failure", "attempts", "progress_percent", "heartbeat_at"]
            )
            transaction.on_commit(lambda: wake(row.pk))
    return row


def wake(dossier_id: int) -> None:
    """Put a reminder into the queue; it carries the id and nothing else."""
    async_task(BUILD, dossier_id)


def _digest(subject: Subject, language: str) -> str:
    """The same for requests that would make the same dossier."""
    state = "" if subject.is_past else f"{data_version()} {attachments_version()}"
    pinned = subject.moment.isoformat() if subject.is_past else ""
    asked = json.dumps([subject.kind, subject.query, language, pinned, state])
    return hashlib.sha256(asked.encode()).hexdigest()


def _require_patience(keyed: str) -> None:
    now = timezone.now()
    Dossier.objects.filter(created_at__lt=now - ASKER_KEPT).exclude(asker="").update(asker="")
    if not keyed:
        return
    hour_ago = now - datetime.timedelta(hours=1)
    found = Dossier.objects.filter(asker=keyed, created_at__gte=hour_ago).count()
    if found >= MOST_AN_HOUR:
        raise TooManyDossiers(found=found, most=MOST_AN_HOUR)
