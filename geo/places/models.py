"""Places: facilities and attractions, and the kinds that sectors declare."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.areas.models import INDONESIA, Area
from geo.indicators.models import Sector, Source, in_language
from geo.lib.sealing import NoUpdate, OnlyDemoDeletion


class Precision(models.TextChoices):
    """How well it is known where a place stands."""

    EXACT = "exact", _("exact position")
    APPROXIMATE = "approximate", _("approximate position")
    VILLAGE_ONLY = "village_only", _("only the village is known")


class PlaceKind(models.Model):
    """One row is one kind of places, as its sector.toml declares it.

    ``attributes`` and ``identifier`` are those of ``lib.place_kinds``;
    ``feeds`` names the indicators that are counted from the places of the kind.
    """

    sector = models.ForeignKey(Sector, models.CASCADE, related_name="place_kinds")
    code = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    name_id = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    plural_id = models.CharField(max_length=100)
    plural_en = models.CharField(max_length=100)
    icon = models.CharField(max_length=30)
    identifier = models.JSONField(default=dict)
    attributes = models.JSONField(default=list)
    feeds = models.JSONField(default=dict, help_text="indicator by attribute; '' counts places")
    content_hash = models.CharField(max_length=16, blank=True, help_text="of its map layer")

    class Meta:
        ordering = ["sector__position", "position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def plural(self) -> str:
        return in_language(self, "plural")

    @property
    def register(self) -> str:
        """Which register numbers its places, such as ``npsn``; blank without one."""
        return self.identifier.get("code", "")


class PlaceQuerySet(models.QuerySet):
    def open(self):
        """Places that have not been closed."""
        return self.filter(closed_on=None)

    def within(self, area: Area):
        """Places in ``area`` or in the areas below it."""
        village = Q(village=area) | Q(village__parent=area) | Q(village__parent__parent=area)
        return self.filter(village)


class Place(models.Model):
    """One row is one facility or attraction, in its latest revision.

    The village is where the place counts. ``attributes`` are typed by the
    kind's declaration; what is not known is left out, never zero.
    """

    kind = models.ForeignKey(PlaceKind, models.PROTECT, related_name="places")
    register = models.CharField(max_length=20, blank=True, help_text="whose number it has: npsn")
    identifier = models.CharField(max_length=30, blank=True, help_text="its number, as text")
    name = models.CharField(max_length=150)
    name_key = models.CharField(max_length=150, help_text="as lib.names.name_key writes it")
    village = models.ForeignKey(Area, models.PROTECT, related_name="places")
    point = models.PointField(
        srid=4326, null=True, blank=True, spatial_index=False, help_text="lon, lat; EPSG:4326"
    )
    precision = models.CharField(max_length=12, choices=Precision.choices)
    attributes = models.JSONField(default=dict, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="places")
    source_row = models.PositiveIntegerField(null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True, help_text="first day without it")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            GistIndex(fields=["point"], name="place_point_gist"),
            # On the ellipsoid, for the nearest by metres: degrees differ with the latitude.
            GistIndex(
                Cast("point", models.PointField(geography=True)), name="place_geography_gist"
            ),
            models.Index(fields=["kind", "village"], name="place_kind_village"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(precision=Precision.VILLAGE_ONLY, point=None)
                | (~Q(precision=Precision.VILLAGE_ONLY) & Q(point__isnull=False)),
                name="place_point_fits_precision",
            ),
            models.CheckConstraint(
                condition=Q(point=None) | Q(point__coveredby=INDONESIA),
                name="place_point_in_indonesia",
            ),
            models.CheckConstraint(
                condition=Q(identifier="") | ~Q(register=""),
                name="place_identifier_has_register",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None)
                | Q(opened_on=None)
                | Q(closed_on__gte=models.F("opened_on")),
                name="place_closes_after_opening",
            ),
            models.UniqueConstraint(
                fields=["register", "identifier"],
                condition=Q(closed_on=None) & ~Q(identifier=""),
                name="place_identifier_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def facts(self) -> list[tuple[dict, Any]]:
        """The known attributes with their declarations, in the order of the declaration."""
        known = self.attributes
        return [(one, known[one["code"]]) for one in self.kind.attributes if one["code"] in known]


class PlaceRevision(models.Model):
    """One row is how a place was described before a change; ``before`` holds its fields."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="revisions")
    before = models.JSONField()
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-replaced_at"]
        triggers = [NoUpdate(name="revision_kept"), OnlyDemoDeletion(name="revision_stays")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.replaced_at:%Y-%m-%d}"
