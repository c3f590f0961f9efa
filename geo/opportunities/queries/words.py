"""Amounts as people say them."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.lib.numbers import format_number

MILLION, BILLION, TRILLION = 10**6, 10**9, 10**12


def rupiah(value: int | None) -> str:
    """An amount in words: Rp 48.5 billion; empty where none is known."""
    if value is None:
        return ""
    language, size = get_language() or "id", abs(value)
    if size >= TRILLION:
        return _("Rp %(n)s trillion") % {"n": format_number(value / TRILLION, 2, language)}
    if size >= BILLION:
        return _("Rp %(n)s billion") % {"n": format_number(value / BILLION, 1, language)}
    if size >= MILLION:
        return _("Rp %(n)s million") % {"n": format_number(value / MILLION, 1, language)}
    return _("Rp %(n)s") % {"n": format_number(value, 0, language)}
