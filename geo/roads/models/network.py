"""Roads, what surveys found of them, and which villages they run through."""

from __future__ import annotations

from functools import reduce
from operator import add

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DecimalRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.core.validators import RegexValidator
from django.db.models import F, Func, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from geo.areas.models import INDONESIA, Area
from geo.indicators.models import Source

# The DD-1 form gives kilometres with two or three decimals: 0.01 km is its rounding.
SUM_TOLERANCE_M = 10
# A float cannot hold every decimal exactly: this much more is still the tolerance.
FLOAT_SLACK_M = 0.001
NUMBER_SHAPE = r"^[0-9A-Za-z][0-9A-Za-z ._-]{0,29}$"


class Authority(models.TextChoices):
    """Who answers for a road; the words are those of the law, and stand in files and addresses."""

    NATIONAL = "nasional", _("national road")
    PROVINCE = "provinsi", _("provincial road")
    REGENCY = "kabupaten", _("regency road")
    VILLAGE = "desa", _("village road")


class Condition(models.TextChoices):
    """The four classes of Bina Marga. The first two together are called steady (mantap)."""

    GOOD = "good", _("good")
    FAIR = "fair", _("fair")
    LIGHT_DAMAGE = "light_damage", _("lightly damaged")
    HEAVY_DAMAGE = "heavy_damage", _("heavily damaged")


class Surface(models.TextChoices):
    """The four groups of the DD-1 form."""

    ASPHALT = "asphalt", _("asphalt")
    CONCRETE = "concrete", _("concrete")
    GRAVEL = "gravel", _("gravel")
    EARTH = "earth", _("earth or not yet passable")


CONDITION_FIELDS = {condition: f"{condition}_m" for condition in Condition.values}
SURFACE_FIELDS = {surface: f"{surface}_m" for surface in Surface.values}


class RoadQuerySet(models.QuerySet):
    def current(self):
        """Roads that have not been taken out of the register."""
        return self.filter(valid_to=None)

    def in_year(self, year: int):
        """Roads that were in the register at some time of ``year``."""
        return self.filter(
            Q(valid_to=None) | Q(valid_to__year__gt=year),
            Q(valid_from=None) | Q(valid_from__year__lte=year),
        )

    def with_line(self):
        return self.filter(line__isnull=False)


class Road(models.Model):
    """One row is one numbered road (ruas) as an authority's decree lists it.

    It may have no line yet: then it counts in the totals of its authority, but
    in no village. ``length_m`` is what the decree states; ``line_length_m`` is
    measured on the ellipsoid.
    """

    number = models.CharField(max_length=30, validators=[RegexValidator(NUMBER_SHAPE)])
    name = models.CharField(max_length=200)
    authority = models.CharField(max_length=9, choices=Authority.choices)
    decree = models.CharField(max_length=200, blank=True)
    start_name = models.CharField(max_length=100, blank=True)
    end_name = models.CharField(max_length=100, blank=True)
    length_m = models.FloatField(null=True, blank=True)
    line = models.MultiLineStringField(
        srid=4326, null=True, blank=True, spatial_index=False, help_text="lon, lat; EPSG:4326"
    )
    line_length_m = models.FloatField(null=True, blank=True, help_text="geodesic, WGS 84")
    source = models.ForeignKey(Source, models.PROTECT, related_name="roads")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="first day without it")

    objects = RoadQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [
            GistIndex(fields=["line"], name="road_line_gist"),
            models.Index(fields=["authority", "number"], name="road_authority_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(valid_to=None), name="road_number_once_at_present"
            ),
            models.CheckConstraint(
                condition=Q(number__regex=NUMBER_SHAPE), name="road_number_fits_an_address"
            ),
            models.CheckConstraint(
                condition=Q(authority__in=Authority.values), name="road_authority_is_known"
            ),
            models.CheckConstraint(
                condition=Q(length_m=None) | Q(length_m__gt=0), name="road_length_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(line=None, line_length_m=None)
                | Q(line__isnull=False, line_length_m__gt=0),
                name="road_line_has_length",
            ),
            models.CheckConstraint(
                condition=Q(line=None) | Q(line__coveredby=INDONESIA), name="road_in_indonesia"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gt=F("valid_from")),
                name="road_validity_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def official_length_m(self) -> float | None:
        """The stated length; the line's where none is stated."""
        return self.length_m or self.line_length_m


class RoadPart(models.Model):
    """One row says which share (0–1) of a road's line lies in one village.

    Shares of one road add up to at most 1: where a line runs along a border,
    the village with the lower code has it.
    """

    road = models.ForeignKey(Road, models.CASCADE, related_name="parts")
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    share = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["road", "area"], name="road_part_once"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="road_part_share_is_a_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.road_id} {self.area_id} {self.share:.3f}"


def _adds_up(fields) -> Q:
    """That the fields add up to the length, within the form's rounding."""
    total = reduce(add, [F(name) for name in fields])
    slack_m = SUM_TOLERANCE_M + FLOAT_SLACK_M
    return Q(length_m__gte=total - slack_m, length_m__lte=total + slack_m)


def _none_negative(fields) -> Q:
    return Q(**{f"{name}__gte": 0 for name in fields})


class RoadSurvey(models.Model):
    """One row is what one year's survey found of one road (form DD-1), in metres.

    Lengths by surface and by condition each add up to ``length_m``, within the
    10 m to which the form is rounded.
    """

    road = models.ForeignKey(Road, models.CASCADE, related_name="surveys")
    year = models.PositiveSmallIntegerField()
    length_m = models.FloatField()
    asphalt_m = models.FloatField(default=0, help_text="hot mix, penetration, macadam")
    concrete_m = models.FloatField(default=0)
    gravel_m = models.FloatField(default=0, help_text="gravel or Telford")
    earth_m = models.FloatField(default=0, help_text="earth, or not yet cut through")
    good_m = models.FloatField(default=0)
    fair_m = models.FloatField(default=0)
    light_damage_m = models.FloatField(default=0)
    heavy_damage_m = models.FloatField(default=0)
    width_m = models.FloatField(null=True, blank=True)
    daily_traffic = models.PositiveIntegerField(null=True, blank=True, help_text="LHR")
    class_set = models.CharField(max_length=40, default="bina_marga", help_text="data/roads")
    method = models.CharField(max_length=100, blank=True, help_text="regulation of the survey")
    source = models.ForeignKey(Source, models.PROTECT, related_name="road_surveys")

    class Meta:
        ordering = ["road", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["road", "year"], name="road_survey_once_a_year"),
            models.CheckConstraint(
                condition=Q(length_m__gt=0), name="road_survey_length_is_positive"
            ),
            models.CheckConstraint(
                condition=_none_negative([*SURFACE_FIELDS.values(), *CONDITION_FIELDS.values()]),
                name="road_survey_lengths_not_negative",
            ),
            models.CheckConstraint(
                condition=_adds_up(SURFACE_FIELDS.values()), name="road_survey_surfaces_add_up"
            ),
            models.CheckConstraint(
                condition=_adds_up(CONDITION_FIELDS.values()),
                name="road_survey_conditions_add_up",
            ),
            models.CheckConstraint(
                condition=Q(width_m=None) | Q(width_m__gt=0, width_m__lt=100),
                name="road_survey_width_is_a_width",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1945, year__lte=2200), name="road_survey_year_is_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.road_id} {self.year}"

    @property
    def steady_m(self) -> float:
        """Length in good or fair condition."""
        return self.good_m + self.fair_m

    @property
    def steadiness_percent(self) -> float:
        """Kemantapan: good and fair out of the whole."""
        return min(100 * self.steady_m / self.length_m, 100)

    @property
    def dominant(self) -> str:
        """The condition of most of the road; of two equal ones the worse."""
        lengths = {name: getattr(self, field) for name, field in CONDITION_FIELDS.items()}
        return max(reversed(lengths), key=lambda name: lengths[name])


def _stretch() -> Func:
    exact = models.DecimalField(max_digits=12, decimal_places=3)
    return Func(
        Cast("from_m", exact),
        Cast("to_m", exact),
        function="numrange",
        output_field=DecimalRangeField(),
    )


class RoadSegment(models.Model):
    """One row is what one year's survey found between two points of a road, in m from its start."""

    road = models.ForeignKey(Road, models.CASCADE, related_name="segments")
    year = models.PositiveSmallIntegerField()
    from_m = models.FloatField()
    to_m = models.FloatField()
    width_m = models.FloatField(null=True, blank=True)
    surface = models.CharField(max_length=8, choices=Surface.choices)
    condition = models.CharField(max_length=12, choices=Condition.choices)
    iri = models.FloatField(null=True, blank=True, help_text="m/km")
    sdi = models.FloatField(null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="road_segments")

    class Meta:
        ordering = ["road", "-year", "from_m"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_m__gte=0, to_m__gt=F("from_m")),
                name="road_segment_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(surface__in=Surface.values, condition__in=Condition.values),
                name="road_segment_classes_are_known",
            ),
            models.CheckConstraint(
                condition=(Q(iri=None) | Q(iri__gte=0)) & (Q(sdi=None) | Q(sdi__gte=0)),
                name="road_segment_indices_not_negative",
            ),
            # Half-open: one segment ends where the next begins.
            ExclusionConstraint(
                name="road_segments_do_not_overlap",
                expressions=[
                    ("road", RangeOperators.EQUAL),
                    ("year", RangeOperators.EQUAL),
                    (_stretch(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.road_id} {self.year} {self.from_m:.0f}–{self.to_m:.0f}"


class Vehicle(models.TextChoices):
    """What can be on its way; the words of data/roads/speeds.toml."""

    CAR = "car", _("car")
    TRUCK = "truck", _("truck")
    MOTORCYCLE = "motorcycle", _("motorcycle")
    AMBULANCE = "ambulance", _("ambulance")
    BOAT = "boat", _("persons, by boat")


class Season(models.TextChoices):
    DRY = "dry", _("dry season")
    WET = "wet", _("rainy season")


class CrossingQuerySet(models.QuerySet):
    def current(self):
        """Links that have not been given up."""
        return self.filter(valid_to=None)


class Crossing(models.Model):
    """One row is one boat link between two landing places: a ferry, or boats one can hire.

    ``minutes`` is the time on the water; without it, it follows from the
    line's length and ``speed_kmh`` or, without that, the speed of a boat in
    data/roads/speeds.toml. ``waiting_minutes`` come on top, each way.
    """

    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=200)
    line = models.LineStringField(
        srid=4326, spatial_index=False, help_text="from jetty to jetty; lon, lat; EPSG:4326"
    )
    minutes = models.FloatField(null=True, blank=True)
    speed_kmh = models.FloatField(null=True, blank=True)
    waiting_minutes = models.FloatField(default=0)
    vehicles = ArrayField(models.CharField(max_length=10, choices=Vehicle.choices))
    seasons = ArrayField(models.CharField(max_length=3, choices=Season.choices))
    source = models.ForeignKey(Source, models.PROTECT, related_name="crossings")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="first day without it")

    objects = CrossingQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="crossing_code_once_at_present"
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(speed_kmh=None), name="crossing_minutes_or_speed"
            ),
            models.CheckConstraint(
                condition=(Q(minutes=None) | Q(minutes__gt=0))
                & (Q(speed_kmh=None) | Q(speed_kmh__gt=0))
                & Q(waiting_minutes__gte=0),
                name="crossing_times_are_times",
            ),
            models.CheckConstraint(
                condition=Q(vehicles__contained_by=Vehicle.values, vehicles__len__gt=0)
                & Q(seasons__contained_by=Season.values, seasons__len__gt=0),
                name="crossing_carries_somebody",
            ),
            models.CheckConstraint(
                condition=Q(line__coveredby=INDONESIA), name="crossing_in_indonesia"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RoadLayer(models.Model):
    """One row is what the map draws of the roads of one regency, under an address by content."""

    regency = models.OneToOneField(Area, models.CASCADE, related_name="+")
    content_hash = models.CharField(max_length=16)
    topojson = models.TextField()
    n_roads = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.regency_id} {self.content_hash}"
