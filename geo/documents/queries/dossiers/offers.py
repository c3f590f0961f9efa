"""One investment opportunity, written out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from geo.documents.queries.words import day_line, number, source_line
from geo.opportunities.models import Opportunity
from geo.opportunities.queries import rupiah
from geo.templatetags import geo as wording


def offer_part(row: Opportunity) -> dict[str, Any]:
    """What is known of an opportunity: label and text; what is not known says so."""
    return {
        "code": row.code,
        "summary": row.summary,
        "facts": [[label, text or _("not stated")] for label, text in _facts(row)],
        "source": source_line(row.source),
        "no_permit": _(
            "This is no permit, and nobody promises one here: zoning and land have to be "
            "confirmed by the offices in charge."
        ),
    }


def _facts(row: Opportunity) -> list[tuple[str, str]]:
    zoning = str(row.get_zoning_display())
    if row.zoning_source:
        zoning = f"{zoning} ({row.zoning_source}, {day_line(row.zoning_on)})"
    contact = (row.contact_office, row.contact_name, row.contact_phone, row.contact_email)
    return [
        (_("Code of the opportunity"), row.code),
        (_("Line of business"), str(row.get_business_display())),
        (_("KBLI code"), row.kbli),
        (_("Area"), wording.title(row.area)),
        (_("Land"), f"{number(row.land_ha, 1)} ha" if row.land_ha is not None else ""),
        (_("Whose the land is"), str(row.get_land_status_display())),
        (_("Zoning"), zoning),
        (_("Value"), rupiah(row.value_rupiah)),
        (_("Net present value (NPV)"), rupiah(row.npv_rupiah)),
        (_("Internal rate of return (IRR)"), _decimal(row.irr_percent, "%")),
        (_("Payback"), _decimal(row.payback_years, " " + _("years"))),
        (_("Stage"), f"{row.get_stage_display()}, {day_line(row.status_on)}"),
        (_("State of the entry"), str(row.get_status_display())),
        (_("Contact"), ", ".join(part for part in contact if part)),
    ]


def _decimal(value: float | None, unit: str) -> str:
    return "" if value is None else f"{number(value, 1)}{unit}"
