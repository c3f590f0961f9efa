"""What every document says, and how it says sources and boundaries."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.areas.models import Area
from geo.areas.queries import regency
from geo.indicators.models import Source
from geo.lib.numbers import format_number
from geo.templatetags import geo as wording


def number(value: float, decimals: int) -> str:
    """A number as the language of the document writes it."""
    return format_number(value, decimals, get_language() or settings.LANGUAGE_CODE)


def common_facts(address: str) -> dict[str, Any]:
    """What every document says: whose it is, in which language, when and from where."""
    today = timezone.localdate()
    made = _("Made on %(day)s from:") % {"day": date_format(today, "DATE_FORMAT")}
    return {
        "language": get_language() or settings.LANGUAGE_CODE,
        "site": f"Peta {regency().name}",
        "day": {"year": today.year, "month": today.month, "day": today.day},
        "address": address,
        "words": {"made": made, "qr": _("Code that leads to this page")},
    }


def mark_of(is_demo: bool) -> str | None:
    """What stands across a document that holds invented figures."""
    return _("SAMPLE DATA") if is_demo else None


def source_line(source: Source) -> str:
    """A source as the foot of the map says it: title, publisher, licence, who verified it."""
    title, publisher = wording.source_title(source), wording.source_publisher(source)
    named = title if not publisher or publisher in title else f"{title}, {publisher}"
    licence = f" ({source.licence})" if source.licence else ""
    return f"{named}{licence}. {_verified(source)}"


def _verified(source: Source) -> str:
    if source.verified_by:
        return _("Verified by %(who)s, %(day)s.") % {
            "who": source.verified_by,
            "day": day_line(source.verified_on),
        }
    return _("Recorded %(day)s, not yet verified.") % {"day": day_line(source.recorded_at)}


def day_line(day: datetime.date | datetime.datetime | None) -> str:
    """A day in the words of the document; a dash where none is known."""
    if isinstance(day, datetime.datetime):
        day = timezone.localtime(day).date()
    return date_format(day, "DATE_FORMAT") if day else "–"


def boundary_line(area: Area) -> str:
    """Where the boundaries are from, and that they settle nothing."""
    source = area.boundary_source
    force = _(
        "No boundary on this site has legal force. Boundaries marked as indicative have not been "
        "ratified by a regulation of the regent."
    )
    if source is None:
        return force
    return f"{wording.source_title(source)}, {wording.source_publisher(source)}. {force}"
