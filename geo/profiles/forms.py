"""Which areas are compared, as the address holds it."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area
from geo.areas.queries import find_areas
from geo.lib.errors import GeoError
from geo.profiles.queries import MOST_COMPARED


class TooManyAreas(GeoError):
    """More areas than fit side by side."""

    template = _("%(found)s areas are too many to compare; choose up to %(most)s.")


def read_areas(query: QueryDict) -> list[Area]:
    """The areas that an address names, each once.

    Raises UnknownArea or TooManyAreas.
    """
    codes = list(dict.fromkeys(code for code in query.getlist("a") if code))
    if len(codes) > MOST_COMPARED:
        raise TooManyAreas(found=len(codes), most=MOST_COMPARED)
    return find_areas(codes)


def compare_address(areas: list[Area], placeholder: str = "") -> str:
    """The address where these areas are compared; a placeholder stands for one more."""
    codes = [area.code for area in areas] + ([placeholder] if placeholder else [])
    return f"{reverse('compare')}?{urlencode([('a', code) for code in codes])}"
