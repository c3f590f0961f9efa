"""Which areas are compared, as the address holds it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area
from geo.areas.queries import find_areas
from geo.indicators.queries import find_indicator
from geo.lib.errors import GeoError
from geo.profiles.queries import MOST_COMPARED

# As many criteria as can be limited and weighed at once; who asks for more sees the first.
MOST_ASKED = 30


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


def read_asked(query: QueryDict) -> list[str]:
    """Codes of the indicators that an address asks for, which come first; often none.

    Raises UnknownIndicator.
    """
    codes = dict.fromkeys(code for code in query.getlist("i")[:MOST_ASKED] if code)
    return [find_indicator(code).code for code in codes]


def compare_address(areas: list[Area], asked: Sequence[str] = (), placeholder: str = "") -> str:
    """The address where these areas are compared; a placeholder stands for one more."""
    codes = [area.code for area in areas] + ([placeholder] if placeholder else [])
    pairs = [*(("a", code) for code in codes), *(("i", code) for code in asked)]
    return f"{reverse('compare')}?{urlencode(pairs)}"
