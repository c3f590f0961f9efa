"""Photos and documents of areas and opportunities, and what became of them."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import User
from geo.accounts.queries import Act, access_of
from geo.areas.models import Area
from geo.indicators.models import Sector, in_language
from geo.lib.sealing import NoDeletion, NoUpdate

ONCE = ["decided_by", "decided_at", "withdrawn_by", "withdrawn_at"]


class Kind(models.TextChoices):
    PHOTO = "photo", _("photo")
    DOCUMENT = "document", _("document")


class Licence(models.TextChoices):
    """What others may do with it."""

    CC_BY = "cc_by", _("Everybody may use it who names its author (CC BY 4.0)")
    CC0 = "cc0", _("Everybody may use it as they like (CC0)")
    SITE = "site", _("Only to be shown here and in documents of this site")


class State(models.TextChoices):
    WAITING = "waiting", _("waiting to be looked at")
    PUBLISHED = "published", _("published")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")


KEPT_STATES = [State.WAITING, State.PUBLISHED]


class AttachmentQuerySet(models.QuerySet):
    def as_of(self, moment: datetime.datetime | None = None):
        """Those that everybody may see, or might at ``moment``."""
        if moment is None:
            return self.filter(state=State.PUBLISHED)
        shown = self.filter(state__in=[State.PUBLISHED, State.WITHDRAWN], decided_at__lte=moment)
        return shown.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment))

    def photos(self):
        return self.filter(kind=Kind.PHOTO)

    def of_area(self, area: Area):
        """Those of an area itself: neither of its parts nor of opportunities in it."""
        return self.filter(area=area, opportunity_code="")

    def of_opportunity(self, code: str):
        return self.filter(opportunity_code=code)

    def in_hand_of(self, user: User, act: Act):
        """Those over which ``user`` may do ``act``; what has no sector takes all sectors."""
        return self.filter(access_of(user).scope(act, sector="sector"))


class Attachment(models.Model):
    """One row is one photo or document that somebody handed in for an area or an opportunity.

    Its files lie in MEDIA_ROOT/attachments under ``uuid``: of a photo two pictures painted
    anew (``width`` and ``height`` are those of the large one), of a document the PDF as it
    came. Those of what was refused or taken back are deleted; the row stays. ``sha256`` is
    that of the file as it came. ``opportunity_code`` is empty where it shows the area, and
    ``sector`` where it shows the area itself and nothing of one sector there.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="attachments")
    opportunity_code = models.CharField(max_length=20, blank=True)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="of the opportunity; of an area, that to which what is seen belongs",
    )
    caption_id = models.CharField(max_length=200)
    caption_en = models.CharField(max_length=200, blank=True)
    taken_on = models.DateField(null=True, help_text="or, of a document, its date")
    credit = models.CharField(max_length=100, help_text="who took the photo or wrote the document")
    licence = models.CharField(max_length=5, choices=Licence.choices)
    name = models.CharField(max_length=200, help_text="as its sender called it; never a path")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField(help_text="of what is shown: large picture or PDF")
    width = models.PositiveSmallIntegerField(null=True)
    height = models.PositiveSmallIntegerField(null=True)
    thumbnail_width = models.PositiveSmallIntegerField(null=True)
    thumbnail_height = models.PositiveSmallIntegerField(null=True)
    n_pages = models.PositiveIntegerField(null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=500, blank=True, help_text="why refused or taken back")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["area", "opportunity_code", "state"], name="attachment_subject"),
            models.Index(
                fields=["received_at"], condition=Q(state="waiting"), name="attachment_waiting"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "area", "opportunity_code"],
                condition=Q(state__in=["waiting", "published"]),
                name="attachment_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="document", n_pages__isnull=False)
                | Q(kind="photo", width__isnull=False, thumbnail_width__isnull=False),
                name="attachment_measured",
            ),
            # The last guard of the rule that nobody approves their own.
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("received_by")),
                name="attachment_other_hand",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(decided_at__isnull=False),
                name="attachment_published_is_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False),
                name="attachment_withdrawn_has_moment",
            ),
        ]
        triggers = [
            NoUpdate(name="attachment_kept", free=["state", "reason"], once=ONCE),
            NoDeletion(name="attachment_stays"),
        ]

    def __str__(self) -> str:
        return self.caption

    @property
    def caption(self) -> str:
        """What it shows, in the language of the page; the text beside it and instead of it."""
        return in_language(self, "caption")

    @property
    def caption_language(self) -> str:
        """The language of ``caption``, for readers aloud."""
        return "en" if get_language() == "en" and self.caption_en else "id"

    @property
    def is_photo(self) -> bool:
        return self.kind == Kind.PHOTO

    @property
    def is_kept(self) -> bool:
        """Whether its files are there."""
        return self.state in KEPT_STATES


class AttachmentNotice(models.Model):
    """One row tells one person what somebody else decided about a photo or document of theirs.

    On the site, and by e-mail where there is one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="notices")
    state = models.CharField(max_length=9, choices=State.choices, help_text="to which it came")
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    emailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "attachment", "state"], name="attachment_notice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.attachment_id} {self.state}"

    @property
    def by(self) -> User | None:
        """Who decided."""
        row = self.attachment
        return row.withdrawn_by if self.state == State.WITHDRAWN else row.decided_by

    @property
    def reason(self) -> str:
        """Why it is not shown; empty where it is, or was then."""
        return "" if self.state == State.PUBLISHED else self.attachment.reason
