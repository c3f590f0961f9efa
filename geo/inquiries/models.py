"""Questions of citizens and investors to an office, and what was answered."""

from __future__ import annotations

import datetime
import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import Role, User
from geo.accounts.queries import Act, access_of
from geo.areas.models import Area
from geo.indicators.models import Sector
from geo.lib.sealing import NoDeletion, NoUpdate


class State(models.TextChoices):
    NEW = "new", _("new")
    ASSIGNED = "assigned", _("in hand")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed with an answer")


class Subject(models.TextChoices):
    """What a question is about."""

    AREA = "area", _("area")
    OPPORTUNITY = "opportunity", _("investment opportunity")
    DOSSIER = "dossier", _("dossier")


WAITING = [State.NEW, State.ASSIGNED]
WITH_ANSWER = [State.ANSWERED, State.CLOSED]


def hash_token(token: str) -> str:
    """What is kept of a token or a form's key: with it nobody opens a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def sees_all(user: User) -> bool:
    """Whether the person reads all questions, and how long they wait, as the regent does."""
    return any(grant.role == Role.REGENT for grant in access_of(user).grants)


class InquiryQuerySet(models.QuerySet):
    def answerable_by(self, user: User):
        """Questions to the offices that the person works for; all of them for Walidata."""
        return self.filter(access_of(user).scope(Act.VERIFY, area="area", sector="sector"))

    def visible_to(self, user: User):
        """Questions that the person may read: those of their office; all for the regent."""
        return self.all() if sees_all(user) else self.answerable_by(user)

    def waiting(self):
        """Questions to which an answer is due."""
        return self.filter(state__in=WAITING)


class Inquiry(models.Model):
    """One row is one question to one office; who asked stands in InquirerContact.

    ``number`` (TN-2026-000123) is what the receipt says. ``subject_name`` is
    what the subject was called when it was asked. ``waiting_since`` is null
    while no answer is due. ``form_hash`` tells a form that was sent twice.
    """

    subject = models.CharField(max_length=11, choices=Subject.choices)
    subject_code = models.CharField(max_length=60)
    subject_name = models.CharField(max_length=200)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    sector = models.ForeignKey(
        Sector, models.PROTECT, related_name="inquiries", help_text="whose office answers"
    )
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    text = models.TextField(max_length=3000)
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    waiting_since = models.DateTimeField(null=True, default=timezone.now)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    form_hash = models.CharField(max_length=64, unique=True, editable=False)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "inquiries"
        indexes = [
            models.Index(fields=["state", "waiting_since"], name="inquiry_state"),
            models.Index(fields=["asked_at"], name="inquiry_asked"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="inquiry_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_ANSWER) | Q(first_answered_at__isnull=False),
                name="inquiry_closed_only_with_answer",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False)
                | (~Q(state=State.CLOSED) & Q(closed_at=None)),
                name="inquiry_closed_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WAITING, waiting_since__gte=F("asked_at"))
                | Q(state__in=WITH_ANSWER, waiting_since=None),
                name="inquiry_waits_or_is_answered",
            ),
        ]
        triggers = [
            NoUpdate(
                name="inquiry_kept",
                once=["first_answered_at", "closed_at"],
                free=["state", "waiting_since", "sector", "handler"],
            ),
            NoDeletion(name="inquiry_stays"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"TN-{timezone.localdate(self.asked_at).year}-{self.pk:06d}"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_closed(self) -> bool:
        return self.state == State.CLOSED

    @property
    def days_waiting(self) -> int | None:
        """Days since an answer is due, by the calendar; None where none is."""
        if self.waiting_since is None:
            return None
        return (timezone.localdate() - timezone.localdate(self.waiting_since)).days

    def is_opened_by(self, token: str) -> bool:
        """Whether the token of a private link is one of this question's."""
        wanted = hash_token(token)
        kept = self.keys.values_list("token_hash", flat=True)
        return any(constant_time_compare(wanted, one) for one in kept)


class InquiryKey(models.Model):
    """One row is one private link to one question: that of the receipt, or of a mail.

    Only the hash is kept, so that who reads the database opens no link. A mail
    gets a link of its own, for nobody can write the earlier one again.
    """

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="keys")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.made_at:%Y-%m-%d}"


class InquirerContactQuerySet(models.QuerySet):
    def due(self, day: datetime.date):
        """Contacts whose stated time is over on ``day``."""
        return self.filter(delete_after__lte=day)


class InquirerContact(models.Model):
    """One row is who asked one question: the only place with personal data, and for a time.

    ``delete_after`` is the day that was stated to the person. ``sender_hash``
    is a keyed hash of the address on the network, only there for some days, to
    count questions; ``contact_hash`` likewise of the e-mail or telephone.
    """

    inquiry = models.OneToOneField(Inquiry, models.CASCADE, related_name="contact")
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    consented_at = models.DateTimeField(null=True)
    delete_after = models.DateField()
    sender_hash = models.CharField(max_length=64, blank=True, db_index=True)
    contact_hash = models.CharField(max_length=64, blank=True, db_index=True)

    objects = InquirerContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(name="", email="", phone="") | Q(consented_at__isnull=False),
                name="inquirer_consented",
            )
        ]

    def __str__(self) -> str:
        # Never the person: this ends up in logs and pages of errors.
        return f"contact of inquiry {self.inquiry_id}"

    @property
    def is_stated(self) -> bool:
        return bool(self.name or self.email or self.phone)


class InquiryMessage(models.Model):
    """One row is one thing said or done after the question; rows are only added."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow_up", _("further question")
        ANSWER = "answer", _("answer")
        TAKEN = "taken", _("taken on")
        FORWARDED = "forwarded", _("passed on to another office")
        CLOSED = "closed", _("closed")

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="null: who asked",
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, related_name="+", help_text="the office that it then lay with"
    )
    text = models.TextField(max_length=3000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="follow_up", author=None)
                | (~Q(kind="follow_up") & Q(author__isnull=False)),
                name="inquiry_message_has_author",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["follow_up", "answer"]) | ~Q(text=""),
                name="inquiry_message_says_something",
            ),
        ]
        triggers = [
            NoUpdate(name="inquiry_message_kept"),
            NoDeletion(name="inquiry_message_stays"),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.kind}"


class InquiryMail(models.Model):
    """One row is one mail to send; the address is read when it is sent, and not kept here."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("to who asked: it has arrived")
        ANSWERED = "answered", _("to who asked: there is an answer")
        ARRIVED = "arrived", _("to the office: there is a question")

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        help_text="null: who asked",
    )
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(sent_at=None), name="inquiry_mail_waits")
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.kind}"
