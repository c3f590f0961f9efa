"""What was computed of ways: the network as it was found, and where an ambulance gets to."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area
from geo.roads.models import Condition, Crossing, Road, Season, Surface


class TravelRun(models.Model):
    """One row is the newest computation for one regency: of what, when, and what was noticed.

    ``inputs`` is a digest of all that the figures follow from; while it stands,
    nothing needs to be computed. ``findings`` are those of ``travel.rules``.
    ``topojson`` holds the stretches that bar an ambulance, as the map draws them.
    """

    regency = models.OneToOneField(Area, models.CASCADE, related_name="+")
    computed_at = models.DateTimeField()
    period = models.CharField(max_length=7)
    inputs = models.CharField(max_length=64)
    speeds_title = models.CharField(max_length=200)
    speeds_valid_from = models.DateField()
    is_demo = models.BooleanField(default=False)
    findings = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=16, blank=True)
    topojson = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.regency_id} {self.computed_at:%Y-%m-%d}"


class Outcome(models.TextChoices):
    """How an ambulance fares on its way to a village."""

    REACHED = "reached", _("reached")
    BLOCKED = "blocked", _("the way is closed to an ambulance")
    UNCONNECTED = "unconnected", _("no road or boat connection known")
    TOO_FAR = "too_far", _("too far from any road")


class AmbulanceAccess(models.Model):
    """One row says whether an ambulance reaches one village in one season.

    ``minutes`` are from the nearest hospital or health centre, where it does;
    ``off_road_m`` is how far the middle of the village lies from the road.
    """

    village = models.ForeignKey(Area, models.CASCADE, related_name="+")
    season = models.CharField(max_length=3, choices=Season.choices)
    outcome = models.CharField(max_length=11, choices=Outcome.choices)
    minutes = models.FloatField(null=True)
    off_road_m = models.FloatField(null=True)

    class Meta:
        ordering = ["village__code"]
        constraints = [
            models.UniqueConstraint(fields=["village", "season"], name="ambulance_access_once"),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.REACHED) & Q(minutes__gte=0))
                | (~Q(outcome=Outcome.REACHED) & Q(minutes=None)),
                name="ambulance_minutes_where_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.season} {self.outcome}"

    @property
    def off_road_km(self) -> float | None:
        """How far off the road, for people."""
        return self.off_road_m / 1000 if self.off_road_m is not None else None


class Obstacle(models.Model):
    """One row is one stretch that bars an ambulance's best way to one village, in its order.

    It is a stretch of a road, with what closes it, or a boat link that carries
    no ambulance. ``n_freed`` villages would be reached if this road or link
    alone were opened.
    """

    access = models.ForeignKey(AmbulanceAccess, models.CASCADE, related_name="obstacles")
    position = models.PositiveSmallIntegerField()
    road = models.ForeignKey(Road, models.CASCADE, null=True, related_name="obstacles")
    crossing = models.ForeignKey(Crossing, models.CASCADE, null=True, related_name="obstacles")
    length_m = models.FloatField()
    surface = models.CharField(max_length=8, choices=Surface.choices, blank=True)
    condition = models.CharField(max_length=12, choices=Condition.choices, blank=True)
    width_m = models.FloatField(null=True)
    is_narrow = models.BooleanField(default=False)
    is_assumed = models.BooleanField(default=False, help_text="nobody surveyed the road")
    n_freed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["access", "position"]
        constraints = [
            models.UniqueConstraint(fields=["access", "position"], name="obstacle_once"),
            models.CheckConstraint(
                condition=Q(road__isnull=False, crossing=None)
                | Q(road=None, crossing__isnull=False),
                name="obstacle_is_road_or_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.access_id} {self.position}"

    @property
    def length_km(self) -> float:
        """Its length, for people."""
        return self.length_m / 1000
