"""Observations, and the sources from which they came: kept as they were, for ever."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from geo.areas.models import Area
from geo.indicators.models.declarations import WITHOUT_VALUE, Indicator, Status
from geo.lib.sealing import NoUpdate, OnlyDemoDeletion


class Source(models.Model):
    """One row is one file or act from which observations came."""

    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    licence = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    is_demo = models.BooleanField(default=False)
    entered_by = models.CharField(max_length=150)
    verified_by = models.CharField(max_length=150, blank=True)
    verified_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        # It cannot be deleted either once something rests on it: foreign keys see to that.
        triggers = [NoUpdate(name="source_kept")]

    def __str__(self) -> str:
        return self.title


class ObservationQuerySet(models.QuerySet):
    def as_of(self, moment=None):
        """Revisions that stood at ``moment``; without one, those that stand now."""
        if moment is None:
            return self.filter(superseded_at=None)
        return self.filter(
            Q(superseded_at=None) | Q(superseded_at__gt=moment), recorded_at__lte=moment
        )


class Observation(models.Model):
    """One row is one revision of one value: of one indicator, area and period."""

    # Without an index of its own: that of the revisions begins with it.
    area = models.ForeignKey(Area, models.PROTECT, related_name="observations", db_index=False)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations")
    period = models.CharField(max_length=7, help_text="2024, 2024-Q1 or 2024-03")
    value = models.FloatField(null=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    source = models.ForeignKey(Source, models.PROTECT, related_name="observations")
    source_row = models.PositiveIntegerField(null=True)
    revision = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        indexes = [
            # Small: only what a pinned moment may have to dig up.
            models.Index(
                fields=["indicator", "period", "area"],
                condition=Q(superseded_at__isnull=False),
                name="observation_superseded",
            ),
        ]
        constraints = [
            # One month of one indicator lies side by side, with all that a map needs of it.
            models.UniqueConstraint(
                fields=["indicator", "period", "area"],
                condition=Q(superseded_at=None),
                include=["value", "status", "source"],
                name="observation_stands_once",
            ),
            models.UniqueConstraint(
                fields=["area", "indicator", "period", "revision"],
                name="observation_revision_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=WITHOUT_VALUE, value=None)
                | (~Q(status__in=WITHOUT_VALUE) & Q(value__isnull=False)),
                name="observation_value_fits_status",
            ),
            models.CheckConstraint(
                condition=Q(period__regex=r"^[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"),
                name="observation_period_is_iso",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gt=float("-1e15"), value__lt=float("1e15")),
                name="observation_value_is_finite",
            ),
        ]
        triggers = [
            NoUpdate(name="observation_kept", once=["superseded_at"]),
            OnlyDemoDeletion(name="observation_stays"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.area_id} {self.period}"
