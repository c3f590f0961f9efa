"""Dossiers: what somebody took along, and can be shown again years later."""

from __future__ import annotations

import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

# Without letters and digits that are taken for each other.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
# Making one takes some ten seconds; who says nothing for so long has died.
QUIET_SECONDS = 60


def new_code() -> str:
    """A code that nobody guesses and everybody can copy from paper."""
    return "".join(secrets.choice(LETTERS) for _letter in range(CODE_LENGTH))


class DossierKind(models.TextChoices):
    """What a dossier is about."""

    AREA = "area", _("one area")
    SHORTLIST = "shortlist", _("several areas")
    OPPORTUNITY = "opportunity", _("an investment opportunity")


class DossierState(models.TextChoices):
    """How far a dossier has come."""

    WAITING = "waiting", _("waiting for its turn")
    BUILDING = "building", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be made")


class Dossier(models.Model):
    """One row is one dossier: what was asked, and once it is made, all that it says.

    ``query`` is the address that was asked, ``pinned_at`` the moment whose figures
    it shows, ``contents`` every word and number of it, so that its page and its
    files stay the same whatever is published later. ``digest`` is the same for
    requests that would make the same dossier. ``asker`` is a keyed digest of the
    visitor's address, kept for a day.
    """

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    kind = models.CharField(max_length=11, choices=DossierKind.choices)
    query = models.TextField()
    language = models.CharField(max_length=5)
    pinned_at = models.DateTimeField()
    address = models.CharField(max_length=300)
    digest = models.CharField(max_length=64, unique=True)
    asker = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=8, choices=DossierState.choices, default=DossierState.WAITING
    )
    progress_percent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    contents = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(contents__isnull=False),
                name="ready_dossier_has_contents",
            ),
        ]
        indexes = [models.Index(fields=["asker", "created_at"], name="dossier_asker")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Its page, in its own language."""
        with translation.override(self.language):
            return reverse("dossier", args=[self.code])

    @property
    def is_busy(self) -> bool:
        """Whether it is still to be made."""
        return self.state in {DossierState.WAITING, DossierState.BUILDING}

    @property
    def is_stuck(self) -> bool:
        """Whether whoever made it seems to have died."""
        quiet_s = (timezone.now() - (self.heartbeat_at or self.created_at)).total_seconds()
        return self.is_busy and quiet_s > QUIET_SECONDS
