"""What is computed from observations and kept; it can be made anew at any time."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from geo.areas.models import Area, Level
from geo.indicators.models.declarations import Indicator, Scheme, Status


class ClassBreaks(models.Model):
    """One row is the edges of the classes of one indicator at one level.

    ``edges`` are k + 1 rising numbers; classes are half-open, the last closed.
    Without ``period`` they are computed over all periods, so that maps of two
    years compare; with it over that period alone.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="class_breaks")
    level = models.CharField(max_length=8, choices=Level.choices)
    scheme = models.CharField(max_length=8, choices=Scheme.choices)
    # None is not a period: it stands for all of them.
    period = models.CharField(max_length=7, null=True, blank=True)  # noqa: DJ001
    edges = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "level", "scheme", "period"],
                nulls_distinct=False,
                name="class_breaks_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.level} {self.scheme} {self.period or ''}".rstrip()


class KeptFigure(models.Model):
    """One row is the figure of one area as it is shown, kept so that trends are quick.

    Kept are districts and the regency, which would have to be added up anew for
    every period, and villages of sensitive indicators, where the whole regency
    decides what is withheld. Whoever publishes removes what is no longer true;
    what is absent is worked out when it is asked for.
    """

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="kept_figures", db_index=False
    )
    area = models.ForeignKey(Area, models.CASCADE, related_name="kept_figures", db_index=False)
    period = models.CharField(max_length=7)
    value = models.FloatField(null=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    reported = models.PositiveIntegerField()
    expected = models.PositiveIntegerField()
    note = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "indicator", "period"],
                include=["value", "status", "reported", "expected", "note"],
                name="kept_figure_once",
            ),
        ]
        indexes = [models.Index(fields=["indicator", "period"], name="kept_figure_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.area_id} {self.period}"


class ShownValues(models.Model):
    """One row is the values that are shown of one indicator, level and period, rising.

    Class edges hold for all periods; with these, publishing one period need not
    work out the others again. Removed with what was kept of the period.
    """

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="shown_values", db_index=False
    )
    level = models.CharField(max_length=8, choices=Level.choices)
    period = models.CharField(max_length=7)
    values = ArrayField(models.FloatField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period", "level"], name="shown_values_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.level} {self.period}"


class DataVersion(models.Model):
    """The only row counts the publications: it rises in the transaction of each of them.

    ``areas`` is the state of the areas for which figures are kept.
    """

    number = models.BigIntegerField(default=0)
    areas = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return str(self.number)
