"""Demonstration opportunities, read from data/demo/opportunities.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction

from geo.areas.models import Area
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Indicator, Source
from geo.lib.demo import Counts
from geo.opportunities.models import LandStatus, Opportunity, Zoning
from geo.opportunities.services import (
    COUNTED,
    NewOpportunity,
    publish_opportunities,
    remove_demo_opportunities,
)

FILE = "opportunities.toml"
OFFICE = "Dinas Penanaman Modal dan PTSP (contoh)"
EMAIL = "peluang@example.org"


@transaction.atomic
def load_demo(*, seed: int, progress: Callable[[Iterable[Any]], Iterable[Any]] = iter) -> Counts:
    """Publish the invented opportunities, unless there are real ones.

    ``seed`` changes nothing here: each of them is written out.
    """
    if Opportunity.objects.as_of().exclude(source__is_demo=True).exists():
        return Counts()
    written = tomllib.loads((settings.DATA_DIR / "demo" / FILE).read_text(encoding="utf-8"))
    rows = written["opportunities"]
    areas = Area.objects.current().filter(code__in=[row["area"] for row in rows])
    inside = {area.code: area for area in areas.defer("boundary")}
    codes = dict(Opportunity.objects.as_of().values_list("title_id", "code"))
    entries = [
        NewOpportunity(codes.get(row["title"]["id"], ""), _described(row, inside[row["area"]]), n)
        for n, row in enumerate(progress(rows), 1)
        if row["area"] in inside and row["area"].startswith(settings.REGENCY_CODE)
    ]
    if not entries:
        return Counts()
    year = str(max(row["status_on"] for row in rows).year)
    done = publish_opportunities(entries=entries, source=_source(), period=year)
    if done.new or done.changed:
        compute_breaks(list(Indicator.objects.filter(checks__has_key=COUNTED)))
    return Counts(done.new, done.changed, done.unchanged)


@transaction.atomic
def remove_demo() -> int:
    """Delete the demonstration opportunities and the figures counted from them."""
    return remove_demo_opportunities()


def _source() -> Source:
    found = Source.objects.filter(is_demo=True).order_by("pk").first()
    if found is not None:
        return found
    text = (settings.DATA_DIR / "demo" / "demo.toml").read_text(encoding="utf-8")
    source = tomllib.loads(text)["source"]
    return Source.objects.create(is_demo=True, entered_by="load_demo", **source)


def _described(row: Mapping[str, Any], area: Area) -> dict[str, Any]:
    land, zoning, money = row["land"], row.get("zoning", {}), row["money"]
    position = row.get("position")
    return {
        "title_id": row["title"]["id"],
        "title_en": row["title"]["en"],
        "summary_id": row["summary"]["id"],
        "summary_en": row["summary"]["en"],
        "business": row["business"],
        "kbli": row["kbli"],
        "area_id": area.pk,
        "place": Point(*position, srid=4326) if position else None,
        "land_status": land.get("status", LandStatus.UNSTATED),
        "land_ha": land.get("ha"),
        "zoning": zoning.get("is", Zoning.UNSTATED),
        "zoning_source": zoning.get("source", ""),
        "zoning_on": zoning.get("on"),
        "value_rupiah": money.get("value"),
        "npv_rupiah": money.get("npv"),
        "irr_percent": money.get("irr"),
        "payback_years": money.get("payback"),
        "stage": row["stage"],
        "status_on": row["status_on"],
        "valid_until": row.get("valid_until"),
        "contact_office": OFFICE,
        "contact_name": "",
        "contact_phone": "",
        "contact_email": EMAIL,
        "document_name": "",
        "document_url": "",
    }
