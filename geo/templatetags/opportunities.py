"""Filters and tags for opportunities: money in words, business fields, lists on other pages."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from geo.areas.models import Area
from geo.areas.queries import regency
from geo.lib.kbli import Section, read_classification
from geo.opportunities.queries import opportunities_in, rupiah

register = template.Library()
register.filter(rupiah)
N_BESIDE = 4


def _side() -> str:
    return "en" if get_language() == "en" else "id"


@register.filter
def kbli_title(code: str) -> str:
    """What a code of the classification is called; empty where it is not listed."""
    return read_classification().codes.get(code, {}).get(_side(), "")


@register.filter
def section_name(section: Section | None) -> str:
    """A section of the classification: its letter and name."""
    return f"{section.letter} · {section.name[_side()]}" if section else ""


@register.inclusion_tag("opportunities/_of_area.html")
def opportunities_of(area: Area):
    """Open opportunities of an area, for its profile."""
    return {"area": area, "found": opportunities_in(area, limit=N_BESIDE)}


@register.inclusion_tag("opportunities/_beside.html")
def opportunities_beside():
    """The latest open opportunities, for pages that investors read."""
    return {"found": opportunities_in(regency(), limit=N_BESIDE)}
