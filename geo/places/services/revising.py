"""Single places, known by their id: written, verified, and taken back to what stood before.

Every change leaves a revision that names the source which replaced it, so that
all that one source wrote can be found again and undone.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from geo.areas.models import Area
from geo.indicators.models import Observation, Source, Status
from geo.indicators.services import BuiltUpon
from geo.lib.errors import GeoError
from geo.lib.names import name_key
from geo.places.models import Place, PlaceKind, PlaceRevision, Precision
from geo.places.services.lists import publish_figures, refresh_layer, remove_demo_places

# All of a place that a revision keeps beside its description, to put it back to the letter.
KEPT = ("name", "village_id", "precision", "attributes", "identifier", "register", "source_row")
DAYS = ("opened_on", "closed_on")
# Under this key a revision names the source that came after it.
REPLACED_BY = "replaced_by"


class PlaceOfOthers(GeoError):
    """A demonstration account would change a real place."""

    status = 409
    template = gettext_lazy(
        "“%(name)s” is a real place, which a demonstration account cannot change. Use a village "
        "or a kind that has demonstration places only."
    )


@dataclass(frozen=True, slots=True)
class GivenPlace:
    """One place as somebody states it, checked; ``pk`` is None where it is new.

    lon, lat are in degrees (EPSG:4326), both or neither.
    """

    pk: int | None
    kind: PlaceKind
    name: str
    village_id: int
    lon: float | None = None
    lat: float | None = None
    precision: str = Precision.VILLAGE_ONLY
    identifier: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    closed_on: datetime.date | None = None
    row: int | None = None


@dataclass(slots=True)
class Revised:
    """How many places are new, changed (closed ones too) or as before."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    # (kind, village) of all that is new or changed, in ids.
    villages: set[tuple[int, int]] = field(default_factory=set)


@transaction.atomic
def revise_places(
    *,
    places: Sequence[GivenPlace],
    source: Source,
    period: str,
    moment: datetime.datetime,
    status: str = Status.UNVERIFIED,
    whole: Mapping[str, Sequence[Area]] | None = None,
) -> Revised:
    """Write places by id, and the figures counted from them.

    Demonstration places of a kind give way altogether to the first real ones;
    what is stated of them is then written as new places.

    Parameters
    ----------
    places
        Checked; those that are not named stay as they are.
    period
        The year for which they are counted.
    whole
        By code of a kind, the villages of which all places of that kind are known now,
        and which are counted anew: one without any has a true zero.

    Raises
    ------
    PlaceOfOthers
    """
    kinds = {one.kind.code: one.kind for one in places}
    if not source.is_demo:
        for kind in kinds.values():
            remove_demo_places(kind)
    stored = _locked([one.pk for one in places if one.pk is not None])
    done = Revised()
    for one in places:
        before = stored.get(one.pk) if one.pk is not None else None
        _write(one, before, source, moment, done)
    for code, villages in (whole or {}).items():
        kind = PlaceKind.objects.get(code=code)
        publish_figures(
            kind=kind,
            villages=_to_count(kind, villages, done.villages, period),
            period=period,
            source=source,
            status=status,
            moment=moment,
        )
    _refresh(kinds.values())
    return done


@transaction.atomic
def verify_places(*, source: Source, by: Source, moment: datetime.datetime) -> int:
    """Let what ``source`` wrote, and still stands, stand under ``by``; return how many."""
    rows = Place.objects.select_for_update().filter(source=source)
    for place in rows:
        _keep(place, by, moment)
        place.source, place.recorded_at = by, moment
        place.save(update_fields=["source", "recorded_at"])
    return len(rows)


@transaction.atomic
def withdraw_places(*, source: Source, moment: datetime.datetime) -> int:
    """Make stand again what stood before ``source``; what it had added is closed.

    Returns
    -------
    int
        How many places were put back or closed.

    Raises
    ------
    BuiltUpon
        If any of them has been changed by another source since.
    """
    revisions = PlaceRevision.objects.filter(**{f"before__{REPLACED_BY}": source.pk})
    before: dict[int, PlaceRevision] = {}
    for revision in revisions.select_related("source").order_by("replaced_at", "pk"):
        # The first of them is what stood before the source wrote anything.
        before.setdefault(revision.place_id, revision)
    added = Place.objects.filter(source=source).exclude(pk__in=before)
    since = PlaceRevision.objects.filter(source=source).exclude(place__in=before)
    ids = {*before, *added.values_list("pk", flat=True), *since.values_list("place_id", flat=True)}
    places = _locked(ids)
    _refuse_if_built_upon([one for one in places.values() if one.source_id != source.pk])
    for pk, place in places.items():
        if place.closed_on is None or pk in before:
            _keep(place, None, moment)
        if pk in before:
            _put_back(place, before[pk])
        else:
            place.closed_on = max(timezone.localdate(), place.opened_on or datetime.date.min)
        place.save()
    _refresh({place.kind_id: place.kind for place in places.values()}.values())
    return len(places)


# --- parts -------------------------------------------------------------------------


def _locked(ids: Collection[int]) -> dict[int, Place]:
    rows = Place.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    return {place.pk: place for place in rows.select_related("kind", "source").order_by("pk")}


def _write(
    one: GivenPlace,
    before: Place | None,
    source: Source,
    moment: datetime.datetime,
    done: Revised,
) -> None:
    if before is None:
        # What was invented and is closed in the same breath never was.
        if one.closed_on is None:
            _create(one, source, moment)
            done.new += 1
            done.villages.add((one.kind.pk, one.village_id))
    elif _is_as_before(before, one):
        done.unchanged += 1
    else:
        if source.is_demo and not before.source.is_demo:
            raise PlaceOfOthers(name=before.name)
        places = {before.village_id, one.village_id}
        done.villages |= {(one.kind.pk, village_id) for village_id in places}
        _change(before, one, source, moment)
        done.changed += 1


def _to_count(
    kind: PlaceKind, villages: Sequence[Area], touched: Collection[tuple[int, int]], period: str
) -> list[Area]:
    """Villages where something changed, and those not counted yet: other counts stand."""
    counted = set(
        Observation.objects.as_of()
        .filter(indicator__code__in=kind.feeds.values(), period=period)
        .values_list("area_id", flat=True)
    )
    return [
        village
        for village in villages
        if village.pk not in counted or (kind.pk, village.pk) in touched
    ]


def _refresh(kinds: Collection[PlaceKind]) -> None:
    for kind in kinds:
        refresh_layer(kind)


def _fields(one: GivenPlace) -> dict[str, Any]:
    has_point = one.lon is not None and one.lat is not None
    return {
        "kind": one.kind,
        "register": one.kind.register if one.identifier else "",
        "identifier": one.identifier,
        "name": one.name,
        "name_key": name_key(one.name),
        "village_id": one.village_id,
        "point": Point(one.lon, one.lat, srid=4326) if has_point else None,
        "precision": one.precision if has_point else Precision.VILLAGE_ONLY,
        "attributes": dict(one.attributes),
        "closed_on": one.closed_on,
    }


def _is_as_before(place: Place, one: GivenPlace) -> bool:
    wanted = _fields(one)
    point = wanted.pop("point")
    same = all(getattr(place, name) == value for name, value in wanted.items())
    return same and _position(place.point) == _position(point)


def _position(point: Point | None) -> list[float] | None:
    # A ten-millionth of a degree is a centimetre: finer differences are of writing.
    return [round(point.x, 7), round(point.y, 7)] if point else None


def _create(one: GivenPlace, source: Source, moment: datetime.datetime) -> None:
    Place.objects.create(**_fields(one), source=source, source_row=one.row, recorded_at=moment)


def _change(place: Place, one: GivenPlace, source: Source, moment: datetime.datetime) -> None:
    _keep(place, source, moment)
    given = _fields(one)
    if _position(place.point) == _position(given["point"]):
        del given["point"]
    for name, value in given.items():
        setattr(place, name, value)
    place.source, place.source_row, place.recorded_at = source, one.row, moment
    place.save()


def _keep(place: Place, by: Source | None, moment: datetime.datetime) -> None:
    """Write down how a place stands, before ``by`` (None: an undoing) changes it."""
    before: dict[str, Any] = {name: getattr(place, name) for name in KEPT}
    before |= {name: day.isoformat() if (day := getattr(place, name)) else None for name in DAYS}
    # Whole, not rounded: what is put back is the same to the last digit.
    before["point"] = [place.point.x, place.point.y] if place.point else None
    before["recorded_at"] = place.recorded_at.isoformat()
    before[REPLACED_BY] = by.pk if by else None
    PlaceRevision.objects.create(
        place=place, before=before, source=place.source, replaced_at=moment
    )


def _put_back(place: Place, revision: PlaceRevision) -> None:
    before = revision.before
    for name in KEPT:
        setattr(place, name, before[name])
    for name in DAYS:
        setattr(place, name, datetime.date.fromisoformat(before[name]) if before[name] else None)
    place.name_key = name_key(place.name)
    place.point = _point(before["point"])
    place.recorded_at = datetime.datetime.fromisoformat(before["recorded_at"])
    place.source = revision.source


def _point(position: Sequence[float] | None) -> Point | None:
    return Point(position[0], position[1], srid=4326) if position else None


def _refuse_if_built_upon(changed: Sequence[Place]) -> None:
    if changed:
        titles = "”, “".join(sorted({place.source.title for place in changed}))
        raise BuiltUpon(n=len(changed), titles=titles)
