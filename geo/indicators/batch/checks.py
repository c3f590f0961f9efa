"""What is wrong with the data of an installation, in sentences."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.db.models import F, Q
from django.utils.translation import gettext as _

from geo.areas.models import Level
from geo.indicators.models import Indicator, Observation, RollUp
from geo.indicators.queries import known_periods
from geo.indicators.rules import BadDeclaration
from geo.indicators.services import read_declarations

DATA_FILES = {".csv", ".json", ".geojson", ".gpkg", ".shp", ".sql"}


def check_data(*, data_folder: Path) -> list[str]:
    """Return a sentence for everything inconsistent; empty when all is well."""
    return [
        *_declarations(data_folder / "sectors"),
        *_breaks(),
        *_ranges(),
        *_parts(),
        *_mixtures(),
        *_sources(data_folder),
    ]


def _declarations(folder: Path) -> Iterator[str]:
    try:
        sectors = read_declarations(folder)
    except BadDeclaration as error:
        yield str(error)
        return
    declared = {item.code for sector in sectors for item in sector.indicators}
    loaded = set(Indicator.objects.values_list("code", flat=True))
    text = _("The indicator “%(code)s” is declared but not loaded. Run load_sectors.")
    yield from (text % {"code": code} for code in sorted(declared - loaded))
    text = _("The indicator “%(code)s” is loaded but no sector declares it any more.")
    yield from (text % {"code": code} for code in sorted(loaded - declared))


def _breaks() -> Iterator[str]:
    text = _("“%(code)s” has figures but no class breaks. Run load_sectors or import again.")
    # One area alone, the regency, makes no classes.
    mapped = Indicator.objects.exclude(level=Level.REGENCY)
    for indicator in mapped.filter(class_breaks__isnull=True):
        if known_periods(indicator):
            yield text % {"code": indicator.code}


def _ranges() -> Iterator[str]:
    outside = (
        Observation.objects.as_of()
        .filter(
            Q(value__lt=F("indicator__valid_min")) | Q(value__gt=F("indicator__valid_max")),
        )
        .values_list("indicator__code", "area__code", "period", "value")
        .order_by("indicator__code", "area__code", "period")
    )
    text = _("“%(code)s” of %(area)s in %(period)s is %(value)s: outside the valid range.")
    for code, area, period, value in outside:
        yield text % {"code": code, "area": area, "period": period, "value": value}


def _parts() -> Iterator[str]:
    observed = Observation.objects.as_of().filter(indicator__roll_up=RollUp.RATIO)
    text = _("“%(code)s” is a ratio and must not be observed itself.")
    for code in observed.values_list("indicator__code", flat=True).distinct().order_by():
        yield text % {"code": code}
    text = _("“%(code)s” has figures for %(period)s, but its weight “%(weight)s” has none.")
    for indicator in Indicator.objects.select_related("weight"):
        weight = indicator.weight
        lacking = set(known_periods(indicator)) - set(known_periods(weight)) if weight else set()
        for period in sorted(lacking):
            yield text % {"code": indicator.code, "period": period, "weight": weight}


def _mixtures() -> Iterator[str]:
    def pairs(*, is_demo: bool) -> set[tuple[str, str]]:
        found = Observation.objects.as_of().filter(source__is_demo=is_demo)
        return set(found.values_list("indicator__code", "period").order_by().distinct())

    text = _("“%(code)s” of %(period)s mixes real figures with demonstration data.")
    for code, period in sorted(pairs(is_demo=True) & pairs(is_demo=False)):
        yield text % {"code": code, "period": period}


def _sources(data_folder: Path) -> Iterator[str]:
    folders = {
        path.parent
        for path in data_folder.rglob("*")
        if path.suffix in DATA_FILES and path.is_file()
    }
    text = _("The data folder %(folder)s does not say its source and licence in source.toml.")
    for folder in sorted(folders):
        if not any(_names_licence(place) for place in (folder, folder.parent)):
            yield text % {"folder": folder.relative_to(data_folder)}


def _names_licence(folder: Path) -> bool:
    for name in ("source.toml", "sources.toml"):
        path = folder / name
        if path.is_file() and _has_licence(tomllib.loads(path.read_text(encoding="utf-8"))):
            return True
    return False


def _has_licence(table: dict) -> bool:
    if table.get("licence") or table.get("license"):
        return True
    return any(_has_licence(value) for value in table.values() if isinstance(value, dict))
