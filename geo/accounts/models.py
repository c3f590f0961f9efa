"""Who signs in, and who answers for which area and sector."""

from __future__ import annotations

import datetime

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area
from geo.indicators.models import Sector


class Role(models.TextChoices):
    """What somebody is in the journey of a figure from the village to the map."""

    VILLAGE_OPERATOR = "village_operator", _("Village operator")
    DISTRICT_VERIFIER = "district_verifier", _("District verifier")
    OFFICE_OFFICER = "office_officer", _("Officer of a regency office")
    WALIDATA = "walidata", _("Data steward (Walidata)")
    REGENT = "regent", _("Regent")
    ADMINISTRATOR = "administrator", _("Administrator")


IN_ONE_AREA = [Role.VILLAGE_OPERATOR, Role.DISTRICT_VERIFIER]
IN_ONE_SECTOR = [Role.OFFICE_OFFICER]
EVERYWHERE = [Role.WALIDATA, Role.REGENT, Role.ADMINISTRATOR]


# The password's hash stays out of the history; when it was changed does not.
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["password", "last_login", "first_name", "last_name"],
    model_name="UserEvent",
)
class User(AbstractUser):
    """One row is one person who may sign in. Persons are never deleted, only made inactive."""

    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    office_title = models.CharField(_("position"), max_length=150, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    must_change_password = models.BooleanField(
        _("must choose a new password"), default=False, help_text="the password was set by others"
    )
    is_demo = models.BooleanField(
        _("demonstration account"), default=False, help_text="needs no second factor"
    )
    password_changed_at = models.DateTimeField(null=True, editable=False)
    second_factor_since = models.DateTimeField(null=True, editable=False)
    session_round = models.PositiveIntegerField(
        default=0, editable=False, help_text="raised to end all sessions"
    )

    def __str__(self) -> str:
        return self.full_name or self.get_full_name() or self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """In small letters: telephones begin with a capital."""
        return super().normalize_username(username).lower()

    def set_password(self, raw_password: str | None) -> None:
        """Note the day, which history may show, beside the hash, which it may not."""
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Hold all that ends a session when it changes: Django compares it at every request."""
        return salted_hmac(
            "geo.accounts.User.session",
            f"{self.password}:{self.session_round}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class AssignmentQuerySet(models.QuerySet):
    def on(self, day: datetime.date):
        """Assignments that hold on ``day``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def current(self):
        """Assignments that hold today."""
        return self.on(timezone.localdate())

    def not_ended(self):
        """Assignments that hold today or will begin."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=timezone.localdate()))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="AssignmentEvent",
)
class Assignment(models.Model):
    """One row says that one person has a role over one area and sector, from a day to a day.

    No area means the whole regency, no sector all sectors. An assignment is
    ended, never deleted, so that history keeps the names of those who were.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    role = models.CharField(_("role"), max_length=17, choices=Role.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    valid_from = models.DateField(_("from"), default=timezone.localdate)
    valid_to = models.DateField(_("until"), null=True, blank=True, help_text="first day without it")
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "pk"]
        indexes = [
            models.Index(fields=["role", "area"], name="assignment_role_area"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=IN_ONE_AREA, area__isnull=False)
                | Q(role__in=IN_ONE_SECTOR, area=None, sector__isnull=False)
                | Q(role__in=EVERYWHERE, area=None, sector=None),
                name="assignment_role_has_its_scope",
            ),
            models.CheckConstraint(
                # Ended on its first day, it never held: a slip put right.
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="assignment_runs_forward",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "area", "sector"],
                condition=Q(valid_to=None),
                nulls_distinct=False,
                name="assignment_open_once",
            ),
        ]

    def __str__(self) -> str:
        scope = " · ".join(str(part) for part in (self.area, self.sector) if part)
        return f"{self.get_role_display()}: {scope}" if scope else self.get_role_display()


class AccountMail(models.Model):
    """One row is one mail about somebody's own account, kept for a day.

    One without a user is the wish of somebody who has no account, or none with an
    e-mail address: it is counted as all others, so that nobody can tell the difference.
    """

    class Kind(models.TextChoices):
        LINK = "link", "to choose a new password"
        PASSWORD_SET = "password_set", "it was chosen"
        PASSWORD_RESET = "password_reset", "somebody set a first password anew"
        FACTOR_REMOVED = "factor_removed", "somebody took the second factor away"

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    language = models.CharField(max_length=5)
    sender_hash = models.CharField(
        max_length=64, blank=True, help_text="keyed hash of the network address that asked"
    )
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    mailed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id} {self.asked_at:%Y-%m-%d %H:%M}"
