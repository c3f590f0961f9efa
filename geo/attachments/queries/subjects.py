"""What a photo or document is of: an area, or an opportunity in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.urls import reverse

from geo.accounts.models import User
from geo.accounts.queries import Act, AnySector, access_of
from geo.areas.models import Area
from geo.areas.queries import find_area
from geo.attachments.models import Attachment
from geo.indicators.models import Dataset
from geo.opportunities.models import Opportunity
from geo.opportunities.queries import find_opportunity


@dataclass(frozen=True)
class Subject:
    """An area, or an opportunity in that area.

    ``sector_id`` is that of opportunities; of an area, that to which what is seen belongs,
    None where it is the area itself.
    """

    area: Area
    opportunity: Opportunity | None = None
    sector_id: int | None = None

    @property
    def opportunity_code(self) -> str:
        """Empty where it is the area itself."""
        return self.opportunity.code if self.opportunity else ""

    @property
    def attachments(self) -> QuerySet[Attachment]:
        """All of it, in whatever state."""
        if self.opportunity:
            return Attachment.objects.of_opportunity(self.opportunity.code)
        return Attachment.objects.of_area(self.area)

    @property
    def query(self) -> str:
        """How the address of its photos names it."""
        return f"peluang={self.opportunity_code}" if self.opportunity else f"a={self.area.code}"

    @property
    def address(self) -> str:
        """Its page."""
        if self.opportunity:
            return reverse("opportunity", args=[self.opportunity.code])
        return reverse("profile", args=[self.area.code])

    def may(self, user: User, act: Act) -> bool:
        """Whether ``user`` may do ``act`` here."""
        return access_of(user).may(act, area=self.area, sector_id=self.sector_id)

    def open_to(self, user: User) -> list[Subject]:
        """As what ``user`` may hand something in here; empty where they may not.

        Who answers for some sectors of an area shows what belongs to them.
        """
        if self.may(user, Act.REPORT):
            return [self]
        sectors = access_of(user).sectors(Act.REPORT, area=self.area)
        if self.opportunity or isinstance(sectors, AnySector):
            return []
        return [replace(self, sector_id=pk) for pk in sectors]


def of_area(area: Area) -> Subject:
    """An area as a subject."""
    return Subject(area)


def of_opportunity(row: Opportunity) -> Subject:
    """An opportunity as a subject; one query."""
    kind = Dataset.Kind.OPPORTUNITIES
    sector_id = Dataset.objects.filter(kind=kind).values_list("sector_id", flat=True).first()
    return Subject(row.area, row, sector_id)


def find_subject(given: Mapping[str, str]) -> Subject:
    """What an address asks for: ``peluang`` names an opportunity, else ``a`` an area.

    Raises
    ------
    UnknownOpportunity, UnknownArea
    """
    if code := given.get("peluang", ""):
        return of_opportunity(find_opportunity(code))
    return of_area(find_area(given.get("a", "")[:20]))
