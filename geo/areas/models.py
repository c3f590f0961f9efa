"""Areas: regency, districts and villages as rows of one dated table."""

from __future__ import annotations

import datetime

from django.contrib.gis.db import models
from django.contrib.gis.geos import Polygon
from django.contrib.postgres.indexes import GistIndex
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Longitudes and latitudes between which all of Indonesia lies, with a margin.
# A boundary outside is swapped, in another CRS, or not a number.
INDONESIA = Polygon(((94, -12), (94, 7), (142, 7), (142, -12), (94, -12)), srid=4326)


class Level(models.TextChoices):
    REGENCY = "regency", _("Regency")
    DISTRICT = "district", _("District")
    VILLAGE = "village", _("Village")


class Kind(models.TextChoices):
    """What an area is called in law; shown in Indonesian in both languages."""

    KABUPATEN = "kabupaten", "Kabupaten"
    KOTA = "kota", "Kota"
    KECAMATAN = "kecamatan", "Kecamatan"
    DESA = "desa", "Desa"
    KELURAHAN = "kelurahan", "Kelurahan"


class BoundaryStatus(models.TextChoices):
    DEFINITIVE = "definitive", _("definitive boundary")
    INDICATIVE = "indicative", _("indicative boundary")
    DISPUTED = "disputed", _("disputed boundary")


class BoundarySource(models.Model):
    """One row is one edition of boundaries: who published it and under which licence."""

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    licence = models.CharField(max_length=100)
    address = models.CharField(max_length=300, blank=True)
    version = models.CharField(max_length=100, blank=True)
    published_on = models.DateField(null=True)
    method = models.TextField(blank=True)
    is_estimate = models.BooleanField(
        default=False, help_text="drawn from points by us, not surveyed by anybody"
    )
    sha256 = models.CharField(max_length=64, blank=True)
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title


class AreaQuerySet(models.QuerySet):
    def on(self, day: datetime.date):
        """Areas that exist on ``day``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def current(self):
        """Areas that have not been replaced."""
        return self.filter(valid_to=None)

    def at_level(self, level: str):
        return self.filter(level=level)

    def within(self, area: Area):
        """Areas below ``area``, at whatever depth."""
        return self.filter(Q(parent=area) | Q(parent__parent=area))

    def with_boundary(self):
        return self.filter(boundary__isnull=False)

    def covering(self, point):
        """Areas whose boundary covers ``point`` (lon, lat; EPSG:4326)."""
        return self.filter(boundary__covers=point)


class Area(models.Model):
    """One row is one regency, district or village as it was from one day to another.

    Codes are those of the Ministry of Home Affairs, with dots, always text;
    they are not the codes of Statistics Indonesia (``bps_code``) without dots.
    The boundary of an upper level is the union of those below it. An area may
    have no boundary yet: it counts in lists and totals all the same.
    """

    code = models.CharField(max_length=13, help_text="16.07.10.1003")
    level = models.CharField(max_length=8, choices=Level.choices)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    bps_code = models.CharField(max_length=10, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="first day without it")
    boundary = models.MultiPolygonField(
        srid=4326, null=True, blank=True, spatial_index=False, help_text="lon, lat; EPSG:4326"
    )
    boundary_status = models.CharField(
        max_length=10, choices=BoundaryStatus.choices, null=True, blank=True
    )
    boundary_source = models.ForeignKey(
        BoundarySource, models.PROTECT, null=True, blank=True, related_name="areas"
    )
    area_km2 = models.FloatField(null=True, blank=True, help_text="geodesic, WGS 84")
    interior_point = models.PointField(
        srid=4326, null=True, blank=True, spatial_index=False, help_text="a point surely inside"
    )

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["level", "code"], name="area_level_code"),
            GistIndex(fields=["boundary"], name="area_boundary_gist"),
            GistIndex(fields=["interior_point"], name="area_interior_point_gist"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="area_code_once_at_present"
            ),
            models.UniqueConstraint(fields=["code", "valid_from"], name="area_code_once_a_day"),
            models.CheckConstraint(
                condition=Q(boundary=None) | Q(boundary__isvalid=True),
                name="area_boundary_is_valid",
            ),
            models.CheckConstraint(
                condition=Q(boundary=None) | Q(boundary__coveredby=INDONESIA),
                name="area_boundary_in_indonesia",
            ),
            models.CheckConstraint(
                condition=Q(boundary=None, boundary_status=None)
                | Q(boundary__isnull=False, boundary_status__isnull=False, area_km2__gt=0),
                name="area_boundary_has_status",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
                name="area_validity_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.REGENCY, parent=None)
                | Q(level__in=[Level.DISTRICT, Level.VILLAGE], parent__isnull=False),
                name="area_below_regency_has_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def has_boundary(self) -> bool:
        return self.boundary_status is not None


class AreaAlias(models.Model):
    """One row is another name under which an area is known: old, misspelt, or BPS's."""

    class Origin(models.TextChoices):
        FORMER = "former", _("former name")
        BPS = "bps", _("name used by BPS")
        SPELLING = "spelling", _("other spelling")
        CONFIRMED = "confirmed", _("confirmed at an import")

    area = models.ForeignKey(Area, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=100)
    key = models.CharField(max_length=100, help_text="the name as lib.names.name_key writes it")
    origin = models.CharField(max_length=9, choices=Origin.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "key"], name="area_alias_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AreaChange(models.Model):
    """One row says that an area passed, whole or in part, into another on one day.

    ``share`` is the part of the predecessor that the successor took (0–1), null
    where nobody has stated it. A village that was only recoded has one row with
    share 1; a split has one row for each part.
    """

    class Nature(models.TextChoices):
        RECODED = "recoded", _("new code")
        SPLIT = "split", _("split")
        MERGED = "merged", _("merged")
        RENAMED = "renamed", _("renamed")

    predecessor = models.ForeignKey(Area, models.PROTECT, related_name="passed_into")
    successor = models.ForeignKey(Area, models.PROTECT, related_name="came_from")
    nature = models.CharField(max_length=8, choices=Nature.choices)
    date = models.DateField()
    share = models.FloatField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="area_change_once"),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=1),
                name="area_change_share_is_a_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor.code} → {self.successor.code}"


class Outline(models.Model):
    """One row is what the web draws of the areas of one level inside one parent.

    ``topojson`` travels to the map under an address that holds ``content_hash``
    and never changes. ``picture`` is the same, coarser, ready to be written
    into a page as SVG: see ``lib.pictures`` for its shape.
    """

    parent = models.ForeignKey(Area, models.CASCADE, related_name="outlines")
    level = models.CharField(max_length=8, choices=Level.choices)
    content_hash = models.CharField(max_length=16)
    topojson = models.TextField()
    picture = models.JSONField()
    tolerance_m = models.FloatField(help_text="of the TopoJSON, in metres")
    n_areas = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "level"], name="outline_once"),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} {self.level} {self.content_hash}"
