"""Dossiers that were asked for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from geo.documents.models import Dossier
from geo.lib.errors import GeoError


class UnknownDossier(GeoError):
    """No dossier has this code."""

    status = 404
    template = _(
        "There is no dossier with code “%(code)s”. A code has ten capital letters and digits, "
        "as they stand on the first page of the dossier."
    )


def find_dossier(code: str) -> Dossier:
    """The dossier with this code, however it is written; raises ``UnknownDossier``."""
    found = Dossier.objects.filter(code=code[:20].upper()).first()
    if found is None:
        raise UnknownDossier(code=code[:20])
    return found


def find_twin(dossier: Dossier, language: str) -> Dossier | None:
    """The dossier of the same things and the same moment in another language, once asked for."""
    same = {"query": dossier.query, "pinned_at": dossier.pinned_at, "language": language}
    return Dossier.objects.defer("contents").filter(**same).first()
