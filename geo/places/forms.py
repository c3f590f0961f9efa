"""What the page of places is asked: a part of a name, a kind, an area."""

from dataclasses import dataclass

from django.http import QueryDict

from geo.areas.models import Area
from geo.areas.queries import find_area
from geo.places.models import PlaceKind
from geo.places.queries import find_kind

FIRST_SHOWN = 60
MOST_SHOWN = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """The state of the page, as its address says it."""

    text: str
    kind: PlaceKind | None
    area: Area | None
    limit: int


def read_asked(query: QueryDict) -> Asked:
    code, area = query.get("jenis", ""), query.get("a", "")
    return Asked(
        text=query.get("q", "").strip()[:100],
        kind=find_kind(code) if code else None,
        area=find_area(area) if area else None,
        limit=MOST_SHOWN if query.get("semua") else FIRST_SHOWN,
    )
