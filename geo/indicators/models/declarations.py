"""Sectors, indicators and data sets, as their sector.toml declares them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Level


class Frequency(models.TextChoices):
    YEAR = "year", _("yearly")
    QUARTER = "quarter", _("quarterly")
    MONTH = "month", _("monthly")


class RollUp(models.TextChoices):
    """How a district or the regency gets its figure. Never a mean of percentages."""

    SUM = "sum", _("sum of the areas below")
    RATIO = "ratio", _("parts summed, then divided")
    WEIGHTED_MEAN = "weighted_mean", _("mean weighted by another indicator")
    MAX = "max", _("highest of the areas below")
    NONE = "none", _("not rolled up")


class Direction(models.TextChoices):
    HIGHER = "higher_is_better", _("higher is better")
    LOWER = "lower_is_better", _("lower is better")
    NEUTRAL = "neutral", _("neither is better")


class Scheme(models.TextChoices):
    QUANTILE = "quantile", _("equal counts")
    NATURAL = "natural", _("natural breaks")
    EQUAL = "equal", _("equal steps")
    MANUAL = "manual", _("set by the data's owner")


class Status(models.TextChoices):
    """What stands behind a value, or behind its absence."""

    VERIFIED = "verified", _("verified")
    UNVERIFIED = "unverified", _("not yet verified")
    ESTIMATED = "estimated", _("estimated")
    SUPPRESSED = "suppressed", _("withheld to protect persons")
    MISSING = "missing", _("no data yet")
    NOT_ASSESSED = "not_assessed", _("not assessed")
    UNREACHABLE = "unreachable", _("no road or boat connection known")


WITHOUT_VALUE = [Status.SUPPRESSED, Status.MISSING, Status.NOT_ASSESSED, Status.UNREACHABLE]


def in_language(row: models.Model, field: str) -> str:
    """A bilingual field in the language of the page; Indonesian where English is absent."""
    english = getattr(row, f"{field}_en") if get_language() == "en" else ""
    return english or getattr(row, f"{field}_id")


class Sector(models.Model):
    """One row is one folder of data/sectors/."""

    code = models.SlugField(unique=True)
    name_id = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")


class Indicator(models.Model):
    """One row is one thing that is measured, as its sector.toml declares it.

    A ratio is never observed: it is ``factor`` × numerator ÷ denominator, both
    summed first. Its denominator is another indicator or, where
    ``per_km2`` is set, the area's surface.
    """

    sector = models.ForeignKey(Sector, models.CASCADE, related_name="indicators")
    code = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    name_id = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)
    definition_id = models.TextField()
    definition_en = models.TextField()
    caveat_id = models.TextField(blank=True)
    caveat_en = models.TextField(blank=True)
    unit = models.CharField(max_length=20, help_text="one of lib.units.UNITS")
    decimals = models.PositiveSmallIntegerField(default=0)
    frequency = models.CharField(max_length=7, choices=Frequency.choices)
    level = models.CharField(max_length=8, choices=Level.choices, help_text="lowest level reported")
    roll_up = models.CharField(max_length=13, choices=RollUp.choices)
    numerator = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    denominator = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    weight = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    per_km2 = models.BooleanField(default=False)
    factor = models.FloatField(default=1)
    valid_min = models.FloatField(null=True)
    valid_max = models.FloatField(null=True)
    direction = models.CharField(max_length=16, choices=Direction.choices)
    scheme = models.CharField(max_length=8, choices=Scheme.choices)
    n_classes = models.PositiveSmallIntegerField(default=5)
    manual_breaks = models.JSONField(default=list)
    palette = models.CharField(max_length=20)
    midpoint = models.FloatField(null=True, help_text="middle of a diverging palette")
    sensitive = models.BooleanField(default=False)
    source_id_text = models.CharField(max_length=300, blank=True)
    source_en_text = models.CharField(max_length=300, blank=True)
    checks = models.JSONField(default=dict, help_text="plausibility rules of the importer")
    grades = models.JSONField(default=list, help_text="names of ranges of values, each dated")
    investor = models.JSONField(
        default=dict, blank=True, help_text="what an investor looks for: direction and hint"
    )

    class Meta:
        ordering = ["sector__position", "position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(roll_up=RollUp.RATIO)
                | Q(numerator__isnull=False, denominator__isnull=False, per_km2=False)
                | Q(numerator__isnull=False, denominator=None, per_km2=True),
                name="indicator_ratio_has_parts",
            ),
            models.CheckConstraint(
                condition=~Q(roll_up=RollUp.WEIGHTED_MEAN) | Q(weight__isnull=False),
                name="indicator_mean_has_weight",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def definition(self) -> str:
        return in_language(self, "definition")

    @property
    def caveat(self) -> str:
        return in_language(self, "caveat")

    @property
    def is_derived(self) -> bool:
        """Whether its figures are counted from something else, and never typed in."""
        return any(key.startswith("from_") for key in self.checks)

    def grades_in(self, period: str) -> list[dict]:
        """The steps in force in ``period``, lowest first; empty where there are none."""
        editions = [one for one in self.grades if one["valid_from"][:4] <= period[:4]]
        return max(editions, key=lambda one: one["valid_from"])["steps"] if editions else []

    def grade_of(self, value: float | None, period: str) -> dict | None:
        """The highest step that ``value`` has passed; a limit itself still belongs below."""
        reached = None
        for step in self.grades_in(period) if value is not None else []:
            if "over" not in step or value > step["over"]:
                reached = step
        return reached

    @property
    def is_count(self) -> bool:
        """Counts are drawn as circles, rates as filled areas."""
        return self.roll_up == RollUp.SUM


class Dataset(models.Model):
    """One row is what is delivered together, as its sector.toml declares it.

    ``contents`` are codes of indicators, or of kinds of places, in the order
    of the form. ``due_days`` runs from the last day of a period; nothing is
    asked for before the period ``since``.
    """

    class Kind(models.TextChoices):
        VALUES = "values", _("figures of areas")
        LEDGER = "ledger", _("book of population changes")
        PLACES = "places", _("list of places")
        ROAD_INVENTORY = "road_inventory", _("roads and their condition")
        OPPORTUNITIES = "opportunities", _("investment opportunities")

    class Reporter(models.TextChoices):
        VILLAGE = "village", _("each village")
        DISTRICT = "district", _("each district")
        OFFICE = "office", _("the office, for all villages")

    sector = models.ForeignKey(Sector, models.CASCADE, related_name="datasets")
    code = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    name_id = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)
    office_id = models.CharField(max_length=150, blank=True, help_text="who verifies")
    office_en = models.CharField(max_length=150, blank=True)
    instructions_id = models.TextField(blank=True)
    instructions_en = models.TextField(blank=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    frequency = models.CharField(max_length=7, choices=Frequency.choices)
    reporter = models.CharField(max_length=8, choices=Reporter.choices)
    due_days = models.PositiveSmallIntegerField()
    since = models.CharField(max_length=7, blank=True)
    contents = models.JSONField(default=list)

    class Meta:
        ordering = ["sector__position", "position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def office(self) -> str:
        return in_language(self, "office") or self.sector.name

    @property
    def instructions(self) -> str:
        return in_language(self, "instructions")
