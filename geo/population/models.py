"""The book of population changes: one row a village, month and revision."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from geo.areas.models import Area
from geo.indicators.models import Source
from geo.lib.ledger import Month, month_from_columns
from geo.lib.sealing import NoUpdate, OnlyDemoDeletion

MONTH_SHAPE = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


def _balances(sex: str) -> Q:
    """That the closing is what the month makes of the opening."""
    gained = F(f"opening_{sex}") + F(f"births_{sex}") + F(f"arrivals_{sex}")
    lost = F(f"deaths_{sex}") + F(f"departures_{sex}") + F(f"missing_{sex}")
    return Q(**{f"closing_{sex}": gained - lost})


def _is_part(part: str, whole: str) -> Q:
    return Q(**{part: None}) | Q(**{f"{part}__lte": F(whole)})


class LedgerQuerySet(models.QuerySet):
    def standing(self):
        """Revisions that stand now."""
        return self.filter(stands=True)

    def in_year(self, year: int | str):
        return self.filter(period__gte=f"{year}-01", period__lte=f"{year}-12")


class LedgerMonth(models.Model):
    """One row is one revision of what happened in one village in one month.

    The database keeps the chain by itself: ``follows`` names the month before,
    and a foreign key (see the migration) asks that its standing row closes
    with what this one opens with. It is null only where a village's book
    begins, which may be once. ``stands`` is true or null, never false: nulls
    take superseded revisions out of that key.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="ledger_months")
    period = models.CharField(max_length=7, help_text="2024-03")
    month = models.GeneratedField(
        expression=Cast(Substr("period", 1, 4), models.IntegerField()) * 12
        + Cast(Substr("period", 6, 2), models.IntegerField()),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    follows = models.IntegerField(null=True, help_text="month of the row before; null: it begins")
    opening_male = models.PositiveIntegerField()
    opening_female = models.PositiveIntegerField()
    births_male = models.PositiveIntegerField()
    births_female = models.PositiveIntegerField()
    deaths_male = models.PositiveIntegerField()
    deaths_female = models.PositiveIntegerField()
    arrivals_male = models.PositiveIntegerField()
    arrivals_female = models.PositiveIntegerField()
    arrivals_within_male = models.PositiveIntegerField(null=True)
    arrivals_within_female = models.PositiveIntegerField(null=True)
    departures_male = models.PositiveIntegerField()
    departures_female = models.PositiveIntegerField()
    departures_within_male = models.PositiveIntegerField(null=True)
    departures_within_female = models.PositiveIntegerField(null=True)
    missing_male = models.PositiveIntegerField(default=0)
    missing_female = models.PositiveIntegerField(default=0)
    closing_male = models.PositiveIntegerField()
    closing_female = models.PositiveIntegerField()
    opening_households = models.PositiveIntegerField(null=True)
    closing_households = models.PositiveIntegerField(null=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="ledger_months")
    source_row = models.PositiveIntegerField(null=True)
    revision = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was corrected")
    recomputed_from = models.CharField(
        max_length=7, blank=True, help_text="the corrected month that changed its opening"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)
    stands = models.BooleanField(null=True, default=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["area", "period", "revision"]
        constraints = [
            models.CheckConstraint(condition=_balances("male"), name="ledger_males_balance"),
            models.CheckConstraint(condition=_balances("female"), name="ledger_females_balance"),
            *(
                models.CheckConstraint(
                    condition=_is_part(f"{flow}_within_{sex}", f"{flow}_{sex}"),
                    name=f"ledger_{flow}_within_{sex}",
                )
                for flow in ("arrivals", "departures")
                for sex in ("male", "female")
            ),
            models.CheckConstraint(
                condition=Q(period__regex=MONTH_SHAPE), name="ledger_period_is_a_month"
            ),
            models.CheckConstraint(
                condition=Q(follows=None) | Q(follows=F("month") - 1),
                name="ledger_follows_the_month_before",
            ),
            models.CheckConstraint(
                # "Is not null" too: a check whose outcome is null would let the row pass.
                condition=Q(stands__isnull=False, stands=True, superseded_at=None)
                | Q(stands=None, superseded_at__isnull=False),
                name="ledger_stands_until_superseded",
            ),
            models.UniqueConstraint(
                fields=["area", "period"], condition=Q(stands=True), name="ledger_once_at_present"
            ),
            models.UniqueConstraint(
                fields=["area"], condition=Q(stands=True, follows=None), name="ledger_begins_once"
            ),
            models.UniqueConstraint(
                fields=["area", "period", "revision"], name="ledger_revision_once"
            ),
            # What the foreign key of the chain points at.
            models.UniqueConstraint(
                fields=["area", "month", "closing_male", "closing_female", "stands"],
                name="ledger_closing",
            ),
        ]
        triggers = [
            # "stands" goes with the moment of its end: a check above ties the two.
            NoUpdate(name="ledger_kept", once=["superseded_at", "follows"], free=["stands"]),
            OnlyDemoDeletion(name="ledger_stays"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.period} ({self.revision})"

    def as_month(self) -> Month:
        return month_from_columns(self.period, self.__dict__)
