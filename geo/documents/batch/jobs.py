"""What a worker does when it is reminded of a dossier."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from geo.documents.forms import read_subject
from geo.documents.models import Dossier, DossierState
from geo.documents.queries.dossiers import dossier_contents, with_pictures
from geo.documents.services import open_document
from geo.documents.services.dossiers import wake
from geo.lib.errors import FileNotMade, GeoError, TooBusy

MOST_ATTEMPTS = 3
PASSING = (FileNotMade, TooBusy)  # what may go well the next time
READ_PERCENT = 60
logger = logging.getLogger(__name__)


def build(dossier_id: int) -> None:
    """Make one dossier; nothing where it is made, or where another worker is at it.

    Raises nothing: what goes wrong is logged, tried again, and after the third
    time said on the dossier's page.
    """
    dossier = _claim(dossier_id)
    if dossier is None:
        return
    with translation.override(dossier.language):
        try:
            _make(dossier)
        except GeoError as error:
            logger.warning("Dossier %s: %s", dossier.code, error)
            _after(dossier, str(error), may_pass=isinstance(error, PASSING))
        except Exception:
            logger.exception("Dossier %s: attempt %s", dossier.code, dossier.attempts)
            _after(dossier, "", may_pass=True)


def _make(dossier: Dossier) -> None:
    def told(percent: int) -> None:
        Dossier.objects.filter(pk=dossier.pk).update(
            progress_percent=percent, heartbeat_at=timezone.now()
        )

    subject = read_subject(QueryDict(dossier.query), moment=dossier.pinned_at)
    contents = dossier_contents(
        subject,
        code=dossier.code,
        address=dossier.address,
        progress=lambda share: told(5 + round((READ_PERCENT - 5) * share)),
    )
    told(READ_PERCENT)
    page = with_pictures(contents)
    open_document(template="dossier.typ", file_format="pdf", page=page).close()
    Dossier.objects.filter(pk=dossier.pk).update(
        state=DossierState.READY, progress_percent=100, contents=contents, failure=""
    )


@transaction.atomic
def _claim(dossier_id: int) -> Dossier | None:
    """Count the attempt before it begins, so that one that kills the worker is counted too."""
    rows = Dossier.objects.select_for_update().exclude(state=DossierState.READY)
    dossier = rows.filter(pk=dossier_id).first()
    if dossier is None or dossier.state == DossierState.FAILED:
        return None
    if dossier.state == DossierState.BUILDING and not dossier.is_stuck:
        return None
    if dossier.attempts >= MOST_ATTEMPTS:
        _give_up(dossier, "")
        return None
    dossier.attempts += 1
    dossier.state, dossier.heartbeat_at = DossierState.BUILDING, timezone.now()
    dossier.save(update_fields=["attempts", "state", "heartbeat_at"])
    return dossier


@transaction.atomic
def _after(dossier: Dossier, sentence: str, *, may_pass: bool) -> None:
    """Try again where that may help, else say why not."""
    if not may_pass or dossier.attempts >= MOST_ATTEMPTS:
        _give_up(dossier, sentence)
        return
    Dossier.objects.filter(pk=dossier.pk).update(
        state=DossierState.WAITING, heartbeat_at=timezone.now()
    )
    transaction.on_commit(lambda: wake(dossier.pk))


def _give_up(dossier: Dossier, sentence: str) -> None:
    with translation.override(dossier.language or settings.LANGUAGE_CODE):
        sentence = sentence or _(
            "The dossier was tried %(n)s times without success. Try again; if it fails again, "
            "tell those who run this site."
        ) % {"n": MOST_ATTEMPTS}
    Dossier.objects.filter(pk=dossier.pk).update(state=DossierState.FAILED, failure=sentence)
