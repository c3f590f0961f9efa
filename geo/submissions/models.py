"""Submissions: what villages and offices deliver, on its way to being published.

The state of a submission is the truth; a queued job only reminds a worker to
look. What was received, sent or done is never changed afterwards: triggers in
the database see to it (``lib.sealing``), whoever writes.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.accounts.queries import access_of
from geo.areas.models import Area
from geo.indicators.models import Dataset, Source
from geo.lib.sealing import NoDeletion, NoUpdate

SEALED = 'OLD."sealed_at" IS NOT NULL'
# What is added to a publication after it was made, once each.
LATER = ["verified_source", "verified_by", "verified_at", "undone_by", "undone_at"]


class State(models.TextChoices):
    """Where a submission stands, in the words of its sender."""

    RECEIVED = "received", _("received, waiting to be checked")
    FAULTY = "faulty", _("has problems to mend")
    READY = "ready", _("checked, not sent yet")
    SENT = "sent", _("sent, waiting for review")
    RETURNED = "returned", _("returned to be mended")
    PUBLISHED = "published", _("published, not yet verified")
    VERIFIED = "verified", _("published and verified")
    UNDONE = "undone", _("published and undone")
    WITHDRAWN = "withdrawn", _("withdrawn by the sender")
    QUARANTINED = "quarantined", _("could not be checked")


# At most one of these for a data set, period and area at a time.
OPEN_STATES = [
    State.RECEIVED,
    State.FAULTY,
    State.READY,
    State.SENT,
    State.RETURNED,
    State.QUARANTINED,
]


class Job(models.TextChoices):
    """What a worker still has to do with a submission."""

    CHECK = "check", _("to be checked")
    PUBLISH = "publish", _("to be published")
    VERIFY = "verify", _("to be marked as verified")
    UNDO = "undo", _("to be undone")


class Origin(models.TextChoices):
    FILE = "file", _("file")
    FORM = "form", _("form on the page")
    COUNTER = "counter", _("counter-entry")


class StoredFile(models.Model):
    """One row is one file as it was received; its place on disk is named by us alone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200, help_text="as its sender called it; never a path")
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [NoUpdate(name="file_kept"), NoDeletion(name="file_stays")]

    def __str__(self) -> str:
        return self.name


class PartialUpload(models.Model):
    """One row is a large file on its way, resumed where it was cut until ``expires_at``."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="+")
    period = models.CharField(max_length=7)
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, help_text="of the whole file, as its sender said")
    received_bytes = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received_bytes__lte=F("size_bytes")), name="partial_upload_fits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.received_bytes} / {self.size_bytes})"


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Submissions that ``user`` may see: everything else does not exist for them."""
        return self.filter(access_of(user).scope(Right.SEE))

    def in_hand_of(self, user: User, right: Right):
        """Submissions over which ``user`` holds a right: REPORT, REVIEW or VERIFY."""
        return self.filter(access_of(user).scope(right))

    def open(self):
        """Submissions on their way."""
        return self.filter(state__in=OPEN_STATES)

    def about(self, dataset: Dataset, period: str, area: Area):
        return self.filter(dataset=dataset, period=period, area=area)


class Submission(models.Model):
    """One row is one delivery of one data set for one period and area.

    ``area`` is a village, or the district or regency for all its villages.
    ``current`` is the version that everybody sees; older ones are kept.
    ``number`` (PB-2026-000123) is what a receipt says.
    """

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="submissions")
    period = models.CharField(max_length=7)
    area = models.ForeignKey(Area, models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=11, choices=State.choices, default=State.RECEIVED)
    state_since = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    current = models.OneToOneField(
        "SubmissionVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True, help_text="what the sender says about it")
    is_demo = models.BooleanField(default=False, help_text="sent by a demonstration account")
    counter_to = models.ForeignKey(
        "Publication", models.PROTECT, null=True, blank=True, related_name="counters"
    )
    # What a worker has to do: this row is the truth, the queue only a reminder.
    job = models.CharField(max_length=7, choices=Job.choices, blank=True)
    job_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    job_version = models.ForeignKey(
        "SubmissionVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    job_details = models.JSONField(default=dict, help_text="the note, and rows left out")
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    progress = models.CharField(max_length=100, blank=True, help_text="what the worker does now")
    failure = models.TextField(blank=True, help_text="why a job did not succeed")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-state_since", "-pk"]
        indexes = [
            models.Index(fields=["state", "state_since"], name="submission_state"),
            models.Index(fields=["area", "dataset", "period"], name="submission_subject"),
            models.Index(fields=["job"], condition=~Q(job=""), name="submission_job"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "period", "area"],
                condition=Q(state__in=OPEN_STATES),
                name="submission_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="submission_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"PB-{timezone.localdate(self.created_at).year}-{self.pk:06d}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class SubmissionVersion(models.Model):
    """One row is one content of a submission: a file as it came, or cells typed on a page.

    ``content`` is a grid (``lib.grids``); ``issues`` and ``reasons`` belong to
    it. Cells may be mended in place until ``sealed_at``, the moment it was
    sent; ``edit`` counts the mendings, so that two persons do not overwrite
    each other. ``content_hash`` is what a reviewer approves.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=7, choices=Origin.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="versions")
    template = models.CharField(max_length=100, blank=True, help_text="version of our workbook")
    content = models.JSONField(null=True, help_text="null until it has been read")
    issues = models.JSONField(default=list)
    reasons = models.JSONField(default=dict, help_text="by key of a warning, why it is right")
    answers = models.JSONField(default=dict, help_text="what the sender answered: crs, sheet …")
    content_hash = models.CharField(max_length=64, blank=True)
    edit = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "number"], name="submission_version_once"
            ),
            models.CheckConstraint(
                condition=Q(sealed_at=None) | ~Q(content_hash=""),
                name="submission_version_sealed_has_hash",
            ),
        ]
        triggers = [
            NoUpdate(name="version_sealed", only_if=SEALED),
            NoDeletion(name="version_stays", only_if=SEALED),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} ({self.number})"


class CellComment(models.Model):
    """One row is what somebody said about one cell, or, without a column, about one row."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="comments")
    version = models.ForeignKey(SubmissionVersion, models.PROTECT, related_name="comments")
    row_key = models.CharField(max_length=40, blank=True)
    column = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [
            NoUpdate(name="comment_kept", free=["resolved_at"]),
            NoDeletion(name="comment_stays"),
        ]

    def __str__(self) -> str:
        return f"{self.row_key} {self.column}".strip()


class Act(models.TextChoices):
    """What can happen to a submission."""

    RECEIVED = "received", _("received")
    CHECKED = "checked", _("checked")
    MENDED = "mended", _("mended on the page")
    SENT = "sent", _("sent")
    COMMENTED = "commented", _("commented on")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved and published")
    VERIFIED = "verified", _("verified")
    UNDONE = "undone", _("undone")
    COUNTERED = "countered", _("undone by a counter-entry")
    REPLACED = "replaced", _("figures replaced by others")
    RESTORED = "restored", _("replaced figures stand again")
    WITHDRAWN = "withdrawn", _("withdrawn")
    QUARANTINED = "quarantined", _("set aside: could not be checked")


class SubmissionEvent(models.Model):
    """One row is one thing that happened to a submission: who, when, and in which words."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="events")
    version = models.ForeignKey(SubmissionVersion, models.PROTECT, null=True, related_name="events")
    act = models.CharField(max_length=11, choices=Act.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=310, help_text="as the person was called then")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [NoUpdate(name="event_kept"), NoDeletion(name="event_stays")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.act}"


class Publication(models.Model):
    """One row is one act of publishing: which version, by whom, under which source.

    What it changed are the revisions that carry ``source``. ``verified_source``
    carries those that say the same, verified.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="publications")
    version = models.ForeignKey(SubmissionVersion, models.PROTECT, related_name="publications")
    source = models.OneToOneField(Source, models.PROTECT, related_name="publication")
    verified_source = models.OneToOneField(Source, models.PROTECT, null=True, related_name="+")
    left_out = models.JSONField(default=list, help_text="keys of rows that were returned instead")
    changes = models.JSONField(
        default=list, help_text="cells that it changed: row, its name, column, before, after"
    )
    n_new = models.PositiveIntegerField(default=0)
    n_changed = models.PositiveIntegerField(default=0)
    n_unchanged = models.PositiveIntegerField(default=0)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    verified_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(verified_at=None),
                name="publication_verified_is_not_undone",
            )
        ]
        triggers = [
            NoDeletion(name="publication_kept"),
            NoUpdate(name="publication_fixed", once=LATER),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.published_at:%Y-%m-%d}"


class Replacement(models.Model):
    """One row is which cells of an area's own submission ``publication`` replaced.

    ``event`` tells it on that submission. Where the publication was taken back
    and they stand again, another event tells that, with the cells the other way round.
    """

    event = models.OneToOneField(SubmissionEvent, models.PROTECT, related_name="replacement")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="replacements")
    changes = models.JSONField(help_text="cells: row, its name, column, before, after")

    class Meta:
        triggers = [NoUpdate(name="replacement_kept"), NoDeletion(name="replacement_stays")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.publication_id}"


class Notice(models.Model):
    """One row tells one person of one event, on the site and by e-mail where there is one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    event = models.ForeignKey(SubmissionEvent, models.PROTECT, related_name="notices")
    read_at = models.DateTimeField(null=True)
    emailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.event_id}"
