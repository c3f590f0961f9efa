"""Opportunities: what investors are offered, where, on what land and at what stage."""

from __future__ import annotations

import datetime

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.areas.models import INDONESIA, Area
from geo.indicators.models import Source, Status, in_language
from geo.lib.kbli import Section, read_classification
from geo.lib.sealing import NoUpdate, OnlyDemoDeletion


class Business(models.TextChoices):
    """What line of business an opportunity is in, as investors look for it."""

    CROPS = "crops", _("food crops and horticulture")
    PLANTATION = "plantation", _("plantation")
    FISHERIES = "fisheries", _("fisheries")
    PROCESSING = "processing", _("processing industry")
    ENERGY = "energy", _("energy and water")
    LOGISTICS = "logistics", _("logistics and ports")
    ESTATE = "estate", _("industrial estate and property")
    TOURISM = "tourism", _("tourism")
    SERVICES = "services", _("trade and services")


class LandStatus(models.TextChoices):
    """Whose the land is."""

    STATE = "state", _("state land")
    REGENCY = "regency", _("land of the regency")
    VILLAGE = "village", _("village land")
    PRIVATE = "private", _("private land")
    HGU = "hgu", _("cultivation right (HGU)")
    HGB = "hgb", _("building right (HGB)")
    FOREST = "forest", _("forest area")
    MIXED = "mixed", _("several kinds")
    UNSTATED = "unstated", _("not stated")


class Zoning(models.TextChoices):
    """What the spatial plan (RTRW) makes of the place."""

    PROTECTED = "protected", _("protected area (kawasan lindung)")
    CULTIVATION = "cultivation", _("cultivation area (kawasan budidaya)")
    HOLDING = "holding", _("holding zone (undecided)")
    UNSTATED = "unstated", _("not stated")


class Stage(models.TextChoices):
    """How far an opportunity has come."""

    IDEA = "idea", _("idea")
    PRE_FEASIBILITY = "pre_feasibility", _("pre-feasibility study")
    FEASIBILITY = "feasibility", _("feasibility study")
    OFFERED = "offered", _("offered")
    TAKEN = "taken", _("taken up by an investor")
    CLOSED = "closed", _("closed")


OPEN_STAGES = [Stage.IDEA, Stage.PRE_FEASIBILITY, Stage.FEASIBILITY, Stage.OFFERED]


class OpportunityQuerySet(models.QuerySet):
    def as_of(self, moment: datetime.datetime | None = None):
        """Revisions that stand, or stood at ``moment``."""
        if moment is None:
            return self.filter(superseded_at=None)
        ended = Q(superseded_at=None) | Q(superseded_at__gt=moment)
        return self.filter(ended, recorded_at__lte=moment)

    def open(self):
        """Opportunities that can still be taken up."""
        return self.filter(stage__in=OPEN_STAGES)

    def within(self, area: Area):
        """Opportunities in ``area`` or in the areas below it."""
        return self.filter(Q(area=area) | Q(area__parent=area) | Q(area__parent__parent=area))


class Opportunity(models.Model):
    """One row is one revision of an opportunity; the one not superseded stands.

    ``code`` names the opportunity through all revisions. ``area`` is a village,
    or a district where no village is chosen yet; ``place`` a point or an outline.
    Money is in rupiah of the year of the study; what is not known is null.
    """

    code = models.CharField(max_length=20, help_text="PI-2026-001")
    revision = models.PositiveIntegerField(default=1)
    title_id = models.CharField(max_length=150)
    title_en = models.CharField(max_length=150, blank=True)
    summary_id = models.TextField(max_length=2000, blank=True)
    summary_en = models.TextField(max_length=2000, blank=True)
    business = models.CharField(max_length=12, choices=Business.choices)
    kbli = models.CharField(max_length=5, help_text="KBLI 2020, five digits")
    area = models.ForeignKey(Area, models.PROTECT, related_name="opportunities")
    place = models.GeometryField(
        srid=4326, null=True, blank=True, spatial_index=False, help_text="lon, lat; EPSG:4326"
    )
    land_status = models.CharField(
        max_length=10, choices=LandStatus.choices, default=LandStatus.UNSTATED
    )
    land_ha = models.FloatField(null=True, blank=True)
    zoning = models.CharField(max_length=12, choices=Zoning.choices, default=Zoning.UNSTATED)
    zoning_source = models.CharField(max_length=200, blank=True)
    zoning_on = models.DateField(null=True, blank=True)
    value_rupiah = models.BigIntegerField(null=True, blank=True)
    npv_rupiah = models.BigIntegerField(null=True, blank=True)
    irr_percent = models.FloatField(null=True, blank=True)
    payback_years = models.FloatField(null=True, blank=True)
    stage = models.CharField(max_length=16, choices=Stage.choices)
    status_on = models.DateField(help_text="for which day the stage holds")
    valid_until = models.DateField(null=True, blank=True)
    contact_office = models.CharField(max_length=150)
    contact_name = models.CharField(max_length=100, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_email = models.EmailField(blank=True)
    document_name = models.CharField(max_length=150, blank=True)
    document_url = models.URLField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UNVERIFIED)
    source = models.ForeignKey(Source, models.PROTECT, related_name="opportunities")
    source_row = models.PositiveIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        ordering = ["code", "revision"]
        verbose_name_plural = "opportunities"
        indexes = [GistIndex(fields=["place"], name="opportunity_place_gist")]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(superseded_at=None), name="opportunity_once_at_present"
            ),
            models.UniqueConstraint(fields=["code", "revision"], name="opportunity_revision_once"),
            models.CheckConstraint(
                condition=Q(place=None) | Q(place__isvalid=True, place__coveredby=INDONESIA),
                name="opportunity_place_in_indonesia",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("status_on")),
                name="opportunity_ends_after_status",
            ),
            # Nobody may read a zone here without being told who says so, and since when.
            models.CheckConstraint(
                condition=Q(zoning="unstated")
                | (~Q(zoning_source="") & Q(zoning_on__isnull=False)),
                name="opportunity_zoning_has_source",
            ),
            models.CheckConstraint(
                condition=Q(kbli__regex=r"^\d{5}$"), name="opportunity_kbli_five_digits"
            ),
        ]
        triggers = [
            NoUpdate(name="opportunity_kept", once=["superseded_at"]),
            OnlyDemoDeletion(name="opportunity_stays"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self, "title") or self.title_id

    @property
    def summary(self) -> str:
        return in_language(self, "summary") or self.summary_id

    @property
    def is_indonesian_only(self) -> bool:
        """Whether the reader asked for English that nobody has written."""
        lacks = not self.title_en or bool(self.summary_id and not self.summary_en)
        return get_language() == "en" and lacks

    @property
    def section(self) -> Section | None:
        """The section of its KBLI code."""
        return read_classification().section_of(self.kbli)

    @property
    def is_over(self) -> bool:
        """Whether it was said to hold only up to a day that has passed."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES and not self.is_over
