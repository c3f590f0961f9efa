"""What the catalogue is asked for, as its address says it."""

import math

from django.http import QueryDict

from geo.areas.queries import find_area
from geo.lib.kbli import read_classification
from geo.opportunities.models import Business, Stage, Zoning
from geo.opportunities.queries import Wanted
from geo.opportunities.queries.catalogue import SORTS


def read_wanted(query: QueryDict) -> Wanted:
    """Words that are not known ask for nothing; an unknown district is told."""
    letter, district = query.get("kbli", "").upper(), query.get("a", "")
    sections = {one.letter: one for one in read_classification().sections}
    sort = query.get("urut", "")
    return Wanted(
        text=query.get("q", "").strip()[:100],
        business=_one_of(Business, query.get("bidang", "")),
        section=sections.get(letter),
        district=find_area(district) if district else None,
        stage=_one_of(Stage, query.get("tahap", "")),
        zoning=_one_of(Zoning, query.get("zonasi", "")),
        least_ha=_hectares(query.get("dari", "")),
        most_ha=_hectares(query.get("sampai", "")),
        sort=sort if sort in SORTS else "",
        with_closed=bool(query.get("semua")),
    )


def as_query(wanted: Wanted) -> dict[str, str]:
    """The words of an address that asks for the same, without those that ask for nothing."""
    words = {
        "q": wanted.text,
        "bidang": wanted.business,
        "kbli": wanted.section.letter if wanted.section else "",
        "a": wanted.district.code if wanted.district else "",
        "tahap": wanted.stage,
        "zonasi": wanted.zoning,
        "dari": _written(wanted.least_ha),
        "sampai": _written(wanted.most_ha),
        "urut": wanted.sort,
        "semua": "1" if wanted.with_closed else "",
    }
    return {key: word for key, word in words.items() if word}


def _one_of(choices, word: str) -> str:
    return word if word in choices.values else ""


def _hectares(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _written(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
