"""What a card says that stands for a page where its link is shared."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from geo.documents.queries.words import common_facts, mark_of, number
from geo.opportunities.models import Opportunity
from geo.opportunities.queries import place_map, rupiah

LONGEST_TITLE = 90


def opportunity_card(row: Opportunity, *, address: str) -> dict[str, Any]:
    """The title of an opportunity, where it lies, and its first figures."""
    above = f", {row.area.parent}" if row.area.parent else ""
    return {
        **common_facts(address),
        "title": row.title[:LONGEST_TITLE],
        "kicker": _("Investment opportunity"),
        "place": f"{row.area}{above}",
        "marks": [str(row.get_stage_display()), str(row.get_business_display())],
        "figures": _figures(row),
        "mark": mark_of(row.source.is_demo),
        "picture": place_map(row, standalone=True) or None,
        "picture_alt": str(row.area),
    }


def _figures(row: Opportunity) -> list[list[str]]:
    found = []
    if row.value_rupiah is not None:
        found.append([_("Value"), rupiah(row.value_rupiah)])
    if row.irr_percent is not None:
        found.append(["IRR", f"{number(row.irr_percent, 1)}%"])
    if row.land_ha is not None:
        found.append([_("Land"), f"{number(row.land_ha, 1)} ha"])
    return found
