"""What a dossier is about."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.documents.models import DossierKind
from geo.investment.queries import Ranking
from geo.opportunities.models import Opportunity
from geo.templatetags import geo as wording

MOST_AREAS = 10


@dataclass(frozen=True)
class Subject:
    """The areas of a dossier, what chose them, and the moment it is pinned to.

    ``is_past`` where somebody asked for an earlier day than today.
    """

    areas: list[Area]
    ranking: Ranking | None
    moment: datetime.datetime
    is_past: bool
    opportunity: Opportunity | None = None

    @property
    def kind(self) -> str:
        """What it is about, for the row that keeps it."""
        if self.opportunity:
            return DossierKind.OPPORTUNITY
        return DossierKind.AREA if len(self.areas) == 1 else DossierKind.SHORTLIST

    @property
    def query(self) -> str:
        """The address of the same areas and ranking, without the moment."""
        if self.opportunity:
            return urlencode([("peluang", self.opportunity.code)])
        pairs = [("a", area.code) for area in self.areas]
        return urlencode(pairs + (self.ranking.wish.pairs() if self.ranking else []))

    @property
    def title(self) -> str:
        """What stands on the cover."""
        if self.opportunity:
            return self.opportunity.title
        if len(self.areas) == 1:
            return wording.title(self.areas[0])
        levels = {area.level for area in self.areas}
        facts = {"n": len(self.areas)}
        if levels == {Level.VILLAGE}:
            return _("Shortlist of %(n)s villages") % facts
        if levels == {Level.DISTRICT}:
            return _("Shortlist of %(n)s districts") % facts
        return _("Shortlist of %(n)s areas") % facts

    @property
    def beside(self) -> list[Area]:
        """Whose figures stand beside each other: one area is shown with those above it."""
        if len(self.areas) > 1:
            return self.areas
        found = list(self.areas)
        while found[-1].parent is not None:
            found.append(found[-1].parent)
        return found
