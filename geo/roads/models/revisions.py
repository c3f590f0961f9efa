"""How roads and their surveys stood before somebody changed them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from geo.indicators.models import Source
from geo.lib.sealing import NoDeletion, NoUpdate


class RoadRevision(models.Model):
    """One row is how a road, or one year's survey of it, stood before ``replaced_by`` wrote it.

    ``year`` is that of the survey, and null for the road itself. ``before`` holds its fields;
    null where nothing stood. Roads are named by number, so that their history outlives them.
    """

    number = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField(null=True)
    before = models.JSONField(null=True)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, related_name="+", help_text="of what stood"
    )
    replaced_by = models.ForeignKey(
        Source, models.PROTECT, null=True, related_name="+", help_text="null: an undoing"
    )
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        triggers = [NoUpdate(name="road_revision_kept"), NoDeletion(name="road_revision_stays")]

    def __str__(self) -> str:
        return f"{self.number} {self.year or ''}".strip()
