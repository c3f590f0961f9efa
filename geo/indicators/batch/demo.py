"""Demonstration data: invented figures for every area, marked as such, removable."""

from __future__ import annotations

import contextlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area, Kind
from geo.indicators.batch.breaks import compute_breaks
from geo.indicators.models import Frequency, Indicator, Observation, RollUp, Source, Status
from geo.indicators.services import NewValue, note_change, publish_observations
from geo.lib.demo import Place, Recipe, World, is_left_out, settings_of
from geo.lib.errors import GeoError

PARTS: dict[str, list[str]] = {
    Frequency.YEAR: [""],
    Frequency.QUARTER: ["-Q1", "-Q2", "-Q3", "-Q4"],
    Frequency.MONTH: [f"-{month:02d}" for month in range(1, 13)],
}


TYPICAL_SHARE = 40


class NothingToShow(GeoError):
    """There are no areas or no indicators yet."""

    template = _(
        "There is nothing to make demonstration data for: %(areas)d areas of regency %(code)s "
        "and %(indicators)d indicators are loaded. Run load_boundaries and load_sectors first."
    )


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was written, and which (indicator, period) were left to real data."""

    new: int
    changed: int
    unchanged: int
    left_to_real: list[tuple[str, str]]


@transaction.atomic
def load_demo(*, settings_file: Path, regency_code: str, dry_run: bool = False) -> DemoReport:
    """Make demonstration figures for every area and every observed indicator.

    An indicator and period of which anything real is known is left alone:
    invented figures never stand beside measured ones in a total.
    """
    chosen = tomllib.loads(settings_file.read_text(encoding="utf-8"))
    # What other rooms publish (roads, places …) is made there, consistent with their own rows.
    elsewhere = chosen.get("left_to_rooms", [])
    observed = Indicator.objects.exclude(roll_up=RollUp.RATIO).exclude(code__in=elsewhere)
    # What follows from other figures is published with them.
    indicators = [i for i in observed if not i.is_derived and "sum_of" not in i.checks]
    areas = list(_areas(regency_code))
    if not areas or not indicators:
        raise NothingToShow(areas=len(areas), code=regency_code, indicators=len(indicators))
    real = set(
        Observation.objects.as_of()
        .filter(source__is_demo=False)
        .values_list("indicator_id", "period")
        .distinct()
    )
    values = [
        value
        for level in {indicator.level for indicator in indicators}
        for value in _values(
            chosen, [a for a in areas if a.level == level], indicators, level, real
        )
    ]
    source, _created = Source.objects.get_or_create(
        is_demo=True, entered_by="load_demo", defaults=chosen["source"]
    )
    done = publish_observations(values=values, source=source)
    if done.new or done.changed:
        compute_breaks()
    if dry_run:
        transaction.set_rollback(True)
    codes = {indicator.pk: indicator.code for indicator in indicators}
    left = sorted((codes[pk], period) for pk, period in real if pk in codes)
    return DemoReport(done.new, done.changed, done.unchanged, left)


@transaction.atomic
def remove_demo() -> int:
    """Delete every demonstration figure and its source; real ones are not touched."""
    # By ids, so that the database need not plan a join over all that was ever observed.
    sources = list(Source.objects.filter(is_demo=True).values_list("pk", flat=True))
    invented = Observation.objects.filter(source__in=sources)
    note_change(invented.values_list("indicator_id", "period").order_by().distinct())
    removed, _by_table = invented.delete()
    for source in Source.objects.filter(pk__in=sources):
        # One under which a demonstration account published stays with its submission.
        with contextlib.suppress(ProtectedError):
            source.delete()
    compute_breaks()
    return removed


def _areas(regency_code: str):
    return (
        Area.objects.current()
        .filter(code__startswith=regency_code)
        .defer("boundary")
        .order_by("code")
    )


def _values(chosen, areas, indicators, level, real) -> list[NewValue]:
    seed, gaps = chosen["seed"], chosen["missing_share"]
    places = [_place(area) for area in areas]
    settings = settings_of(places, seed)
    here = [item for item in indicators if item.level == level]
    recipes = _recipes(here, chosen["indicators"])
    world = World(settings, seed, tuple(chosen["growth_percent"]), recipes)
    made = []
    for indicator in here:
        recipe = recipes[indicator.code]
        for period, years in _periods(indicator, chosen):
            if (indicator.pk, period) in real:
                continue
            made += [
                NewValue(
                    area.pk,
                    indicator,
                    period,
                    world.value(indicator.code, recipe, setting, years),
                    # Never "verified": nobody has verified what was invented.
                    Status.UNVERIFIED if area.has_boundary else Status.ESTIMATED,
                )
                for area, setting in zip(areas, settings, strict=True)
                if area.kind == indicator.checks.get("only", area.kind)
                and not is_left_out(seed, indicator.code, area.code, period, gaps)
            ]
    return made


def _place(area: Area) -> Place:
    point = area.interior_point
    return Place(
        code=area.code,
        is_urban=area.kind in {Kind.KELURAHAN, Kind.KOTA},
        lon=point.x if point else None,
        lat=point.y if point else None,
        area_km2=area.area_km2,
    )


def _periods(indicator: Indicator, chosen: dict) -> list[tuple[str, float]]:
    """Periods with the years since the first; below the year only the last three years."""
    begin = chosen["first_year"]
    recipe = chosen["indicators"].get(indicator.code, {})
    first, last = recipe.get("years", (begin, chosen["last_year"]))
    parts = PARTS[indicator.frequency]
    start = first if len(parts) == 1 else max(first, last - 2)
    return [
        (f"{year}{part}", year - begin + place / len(parts))
        for year in range(start, last + 1)
        for place, part in enumerate(parts)
    ]


def _recipes(indicators: list[Indicator], given: dict[str, dict]) -> dict[str, Recipe]:
    """The declared recipes; what nobody declared gets a plain one from its range.

    An undeclared numerator is made of its denominator, so that their ratio is believable.
    """
    codes = {indicator.pk: indicator.code for indicator in indicators}
    ratios = Indicator.objects.filter(
        roll_up=RollUp.RATIO, numerator__in=codes, denominator__in=codes, valid_max__isnull=False
    )
    ratio_of = {ratio.numerator_id: ratio for ratio in ratios}
    recipes = {}
    for one in indicators:
        ratio = ratio_of.get(one.pk)
        # Not of a count that is itself made of another: two could be made of each other.
        is_free = ratio is not None and ratio.denominator_id not in ratio_of
        if one.code in given or not is_free:
            recipes[one.code] = _recipe(one, given.get(one.code))
        else:
            recipes[one.code] = _numerator_recipe(one, ratio, codes[ratio.denominator_id])
    return recipes


def _numerator_recipe(indicator: Indicator, ratio: Indicator, denominator: str) -> Recipe:
    low, high = (limit / ratio.factor for limit in (ratio.valid_min, ratio.valid_max))
    limits = {"low": indicator.valid_min, "high": indicator.valid_max}
    spread = (high - low) / 8
    return Recipe(
        "times",
        of=denominator,
        base=(low + high) / 2,
        town=spread,
        remote=-spread,
        spread=spread,
        decimals=indicator.decimals,
        **limits,
    )


def _recipe(indicator: Indicator, given: dict | None) -> Recipe:
    low, high = indicator.valid_min, indicator.valid_max
    limits: dict[str, Any] = {"low": low, "high": high, "decimals": indicator.decimals}
    if given is not None:
        return Recipe(**{key: value for key, value in given.items() if key != "years"} | limits)
    if indicator.is_count:
        return Recipe("count", **limits, **_per_household(indicator))
    low, high = low or 0, high if high is not None else 100
    middle, spread = (low + high) / 2, (high - low) / 8
    return Recipe("level", base=middle, town=spread, remote=-spread, spread=spread, **limits)


def _per_household(indicator: Indicator) -> dict[str, float]:
    """So many that a typical village has a fortieth of what an import would accept at most."""
    if not indicator.valid_max or indicator.valid_max < TYPICAL_SHARE:
        return {}
    return {"per_household": indicator.valid_max / TYPICAL_SHARE / World.households.base}
