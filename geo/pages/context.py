"""What every page knows: whose map this is, and where its menu leads."""

from django.db import DatabaseError
from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.areas.queries import regency as find_regency
from geo.lib.errors import GeoError


def regency(request):
    try:
        area = find_regency()
        name, full_name = area.name, f"{area.get_kind_display()} {area.name}"
    except (GeoError, DatabaseError):
        name, full_name = _("Regency"), _("the regency")
    return {
        "site_name": f"Peta {name}",
        "regency_title": full_name,
        "menu": _menu(request),
        "other_languages": _other_languages(request),
    }


def _menu(request) -> list[dict]:
    places = [
        (_("Map"), reverse("map")),
        (_("Areas"), reverse("areas")),
        (_("Compare"), reverse("compare")),
        (_("Data and method"), reverse("about")),
    ]
    return [
        {
            "label": label,
            "address": address,
            "is_current": request.path == address,
            "is_open": request.path.startswith(address),
        }
        for label, address in places
    ]


def _other_languages(request) -> list[tuple[str, str]]:
    other = "en" if get_language() == "id" else "id"
    return [(other, translate_url(request.get_full_path(), other))]
