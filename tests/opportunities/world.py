"""Opportunities in Kabupaten Kotak."""

import datetime

from django.contrib.gis.geos import Point
from django.utils import timezone

from geo.areas.models import Area
from geo.indicators.models import Source
from geo.opportunities.models import Opportunity
from geo.opportunities.services import NewOpportunity, publish_opportunities
from tests.indicators.world import make_indicator

YEAR = "2026"
DAY = datetime.date(2026, 10, 1)


def make_counted():
    """The indicator that is counted from opportunities."""
    checks = {"from_opportunities": True}
    return make_indicator("opportunities", unit="opportunity", checks=checks)


def make_source(title="Katalog", **more) -> Source:
    return Source.objects.create(title=title, publisher="Uji", **more)


def describe(area: Area, **more) -> dict:
    """The fields of an opportunity, as a checked row gives them."""
    point = area.interior_point
    return {
        "title_id": "Gudang dingin",
        "title_en": "Cold storage",
        "summary_id": "Untuk ikan.",
        "summary_en": "For fish.",
        "business": "fisheries",
        "kbli": "52102",
        "area_id": area.pk,
        "place": Point(round(point.x, 6), round(point.y, 6), srid=4326) if point else None,
        "land_status": "village",
        "land_ha": 2.5,
        "zoning": "cultivation",
        "zoning_source": "Perda 6/2019",
        "zoning_on": datetime.date(2026, 3, 2),
        "value_rupiah": 48_500_000_000,
        "npv_rupiah": None,
        "irr_percent": 16.4,
        "payback_years": 5.8,
        "stage": "offered",
        "status_on": DAY,
        "valid_until": None,
        "contact_office": "DPMPTSP",
        "contact_name": "",
        "contact_phone": "",
        "contact_email": "peluang@example.org",
        "document_name": "",
        "document_url": "",
    } | more


def publish(area: Area, *, source=None, code="", moment=None, status="unverified", **more):
    """Publish one opportunity, and return it as it stands then."""
    entry = NewOpportunity(code, describe(area, **more), 1)
    publish_opportunities(
        entries=[entry],
        source=source or make_source(),
        period=YEAR,
        status=status,
        moment=moment or timezone.now(),
    )
    return Opportunity.objects.as_of().latest("pk")
