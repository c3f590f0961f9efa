"""Kinds of places, whole lists of places, and the figures that follow from them."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from geo.areas.models import Area, Level
from geo.indicators.models import Indicator, Observation, Sector, Source, Status
from geo.indicators.services import (
    NewValue,
    Published,
    note_change,
    publish_observations,
    read_declarations,
)
from geo.lib.names import name_key
from geo.places.models import Place, PlaceKind, PlaceRevision, Precision
from geo.places.queries import layer_json

# What a revision is about; the rest of a row says where it came from.
DESCRIBED = ("name", "village_id", "point", "precision", "attributes", "identifier")


@dataclass(slots=True)
class KindReport:
    """What loading the kinds of places changed."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@transaction.atomic
def load_place_kinds(*, folder: Path, dry_run: bool = False) -> KindReport:
    """Make the table of kinds say what the sectors in ``folder`` declare.

    The sectors themselves must be loaded already. A kind that is no longer
    declared is removed unless there are places of it.

    Raises
    ------
    BadDeclaration
        With every fault of every sector; nothing is written.
    """
    report = KindReport()
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    declared = [
        (sector.code, kind) for sector in read_declarations(folder) for kind in sector.places
    ]
    for sector_code, kind in declared:
        wanted = {"sector": sectors[sector_code], **kind.fields, "feeds": kind.feeds}
        stored = PlaceKind.objects.filter(code=kind.code).first()
        if stored is None:
            PlaceKind.objects.create(code=kind.code, **wanted)
            report.new.append(kind.code)
        elif any(getattr(stored, name) != value for name, value in wanted.items()):
            PlaceKind.objects.filter(pk=stored.pk).update(**wanted)
            report.changed.append(kind.code)
        else:
            report.unchanged.append(kind.code)
    for former in PlaceKind.objects.exclude(code__in=[kind.code for _sector, kind in declared]):
        if former.places.exists():
            report.kept.append(former.code)
        else:
            former.delete()
            report.removed.append(former.code)
    if dry_run:
        transaction.set_rollback(True)
    return report


# --- places ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewPlace:
    """One place as a list describes it, checked; lon, lat in degrees or both None."""

    name: str
    village_id: int
    lon: float | None
    lat: float | None
    precision: str
    identifier: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None
    opened_on: datetime.date | None = None

    @property
    def key(self) -> tuple:
        """What makes it the same place in the next list: its number, else village and name."""
        if self.identifier:
            return (self.identifier,)
        return (self.village_id, name_key(self.name))


@dataclass(frozen=True, slots=True)
class PublishedPlaces:
    """How many places were new, changed, as before, or closed; and the figures that followed."""

    new: int
    changed: int
    unchanged: int
    closed: int
    figures: Published


@transaction.atomic
def publish_places(
    *,
    kind: PlaceKind,
    places: Sequence[NewPlace],
    source: Source,
    period: str,
    covers: Area,
    is_complete: bool = True,
    status: str = Status.UNVERIFIED,
) -> PublishedPlaces:
    """Record a list of places of one kind, and the figures that are counted from it.

    Demonstration places of the kind, and figures counted from them, give way
    to the first real list. A changed place keeps its id and a revision.

    Parameters
    ----------
    places
        Checked: each key once, villages inside ``covers``.
    period
        The year for which the list holds.
    covers
        The area of which the list is complete: places of the kind there that
        it lacks are closed, and villages without any count a true zero.
    is_complete
        Without it nothing is closed, and only villages that an earlier list
        covered are counted anew: an absence in a part of a list is no zero.
    """
    if not source.is_demo:
        remove_demo_places(kind)
    standing = {_key_of(place): place for place in kind.places.open()}
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    fresh = []
    for one in places:
        before = standing.pop(one.key, None)
        row = _row(kind, one, source)
        if before is None:
            fresh.append(row)
            counts["new"] += 1
        elif _is_same(before, row):
            counts["unchanged"] += 1
        else:
            _revise(before, row)
            counts["changed"] += 1
    closed = _close_missing(standing.values(), covers) if is_complete else 0
    Place.objects.bulk_create(fresh, batch_size=1000)
    villages = _villages(kind, covers, is_complete)
    figures = publish_figures(
        kind=kind, villages=villages, period=period, source=source, status=status
    )
    refresh_layer(kind)
    return PublishedPlaces(**counts, closed=closed, figures=figures)


def remove_demo_places(kind: PlaceKind | None = None) -> int:
    """Delete demonstration places, of one kind or all, and the figures counted from them."""
    kinds = [kind] if kind else list(PlaceKind.objects.all())
    # Also of a kind without any place: its zeros are invented too.
    codes = {code for one in kinds for code in one.feeds.values()}
    # By ids, so that the database need not plan a join over all that was ever observed.
    indicators = list(Indicator.objects.filter(code__in=codes).values_list("pk", flat=True))
    sources = list(Source.objects.filter(is_demo=True).values_list("pk", flat=True))
    figures = Observation.objects.filter(indicator__in=indicators, source__in=sources)
    note_change(figures.values_list("indicator_id", "period").order_by().distinct())
    figures.delete()
    places = Place.objects.filter(source__is_demo=True, kind__in=kinds)
    touched = list(PlaceKind.objects.filter(places__in=places).distinct())
    n_removed = places.count()
    places.delete()
    for one in touched:
        refresh_layer(one)
    return n_removed


def _key_of(place: Place) -> tuple:
    if place.identifier:
        return (place.identifier,)
    return (place.village_id, place.name_key)


def _row(kind: PlaceKind, one: NewPlace, source: Source) -> Place:
    has_point = one.lon is not None and one.lat is not None
    return Place(
        kind=kind,
        register=kind.register if one.identifier else "",
        identifier=one.identifier,
        name=one.name,
        name_key=name_key(one.name),
        village_id=one.village_id,
        point=Point(one.lon, one.lat, srid=4326) if has_point else None,
        precision=one.precision if has_point else Precision.VILLAGE_ONLY,
        attributes=dict(one.attributes),
        source=source,
        source_row=one.row,
        opened_on=one.opened_on,
    )


def _described(place: Place) -> dict[str, Any]:
    found = {name: getattr(place, name) for name in DESCRIBED}
    point = found["point"]
    found["point"] = [round(point.x, 7), round(point.y, 7)] if point else None
    return found


def _is_same(before: Place, row: Place) -> bool:
    return _described(before) == _described(row)


def _revise(before: Place, row: Place) -> None:
    PlaceRevision.objects.create(place=before, before=_described(before), source=before.source)
    row.pk, row.opened_on = before.pk, before.opened_on
    row.save()


def _close_missing(places: Iterable[Place], covers: Area) -> int:
    inside = set(Place.objects.open().within(covers).values_list("pk", flat=True))
    gone = [place.pk for place in places if place.pk in inside]
    today = timezone.localdate()
    return Place.objects.filter(pk__in=gone).update(closed_on=today)


def _villages(kind: PlaceKind, covers: Area, is_complete: bool) -> list[Area]:
    """Villages that can be counted: all that a complete list covers, else those counted before."""
    villages = Area.objects.current().at_level(Level.VILLAGE).defer("boundary")
    if covers.level == Level.VILLAGE:
        villages = villages.filter(pk=covers.pk)
    else:
        villages = villages.within(covers)
    if not is_complete:
        counted = Observation.objects.as_of().filter(
            indicator__code__in=kind.feeds.values(), value__isnull=False
        )
        villages = villages.filter(pk__in=counted.values("area"))
    return list(villages)


# --- figures that follow from places -----------------------------------------------


def publish_figures(
    *,
    kind: PlaceKind,
    villages: Sequence[Area],
    period: str,
    source: Source,
    status: str = Status.UNVERIFIED,
    moment: datetime.datetime | None = None,
) -> Published:
    """Count the open places of ``kind`` and sum their attributes, for each of ``villages``.

    A village without any place has 0. Where one place does not say an
    attribute, the village's sum is missing: part of a sum is no sum.
    """
    found: dict[int, list[dict]] = defaultdict(list)
    rows = kind.places.open().filter(village__in=villages)
    for village_id, attributes in rows.values_list("village_id", "attributes"):
        found[village_id].append(attributes)
    indicators = {one.code: one for one in Indicator.objects.filter(code__in=kind.feeds.values())}
    values = []
    for attribute, code in kind.feeds.items():
        if code not in indicators:
            continue
        for village in villages:
            value = total(found[village.pk], attribute)
            known = status if value is not None else Status.MISSING
            values.append(NewValue(village.pk, indicators[code], period, value, known))
    return publish_observations(values=values, source=source, moment=moment)


def total(places: Sequence[Mapping[str, Any]], attribute: str) -> float | None:
    """The count of places, or the sum of one attribute; None where any place lacks it."""
    if not attribute:
        return float(len(places))
    numbers = [float(one[attribute]) for one in places if one.get(attribute) is not None]
    return sum(numbers) if len(numbers) == len(places) else None


def refresh_layer(kind: PlaceKind) -> None:
    """Give the kind's map layer a new address where its content has changed."""
    content_hash = hashlib.sha256(layer_json(kind).encode()).hexdigest()[:16]
    PlaceKind.objects.filter(pk=kind.pk).update(content_hash=content_hash)
    kind.content_hash = content_hash
