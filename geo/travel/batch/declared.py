"""The two declared tables, read and checked; a fault is a sentence that names file and key."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from geo.indicators.models import Indicator
from geo.indicators.rules import sentence
from geo.lib.declarations import Fault
from geo.lib.destinations import Destinations, read_destinations
from geo.lib.errors import GeoError
from geo.lib.travel_speeds import SpeedTable, read_speeds

SPEEDS = ("roads", "speeds.toml")
DESTINATIONS = ("travel", "destinations.toml")


class BadTable(GeoError):
    """A declared table that cannot be used; the sentence holds every fault."""

    template = _("Travel times were not computed; nothing was changed.\n%(faults)s")


@dataclass(frozen=True, slots=True)
class Declared:
    """Speeds and destinations, with the texts that they were read from."""

    speeds: SpeedTable
    destinations: Destinations
    texts: tuple[str, str]


def read_declared() -> Declared:
    """Read both tables below ``DATA_DIR``.

    Raises
    ------
    BadTable
        With every fault of both.
    """
    texts, names = [], []
    for parts in (SPEEDS, DESTINATIONS):
        names.append("/".join(parts))
        texts.append(settings.DATA_DIR.joinpath(*parts).read_text(encoding="utf-8"))
    speeds, faults = read_speeds(texts[0], names[0])
    destinations, others = read_destinations(texts[1], names[1])
    faults = [*faults, *others]
    if destinations is not None:
        faults += _undeclared(destinations, names[1])
    if faults or speeds is None or destinations is None:
        raise BadTable(faults="\n".join(sentence(fault) for fault in faults))
    return Declared(speeds, destinations, (texts[0], texts[1]))


def _undeclared(destinations: Destinations, name: str) -> list[Fault]:
    """Indicators that no sector declares as computed from travel."""
    known = set(Indicator.objects.filter(checks__from_travel=True).values_list("code", flat=True))
    return [
        Fault(name, f"targets.{code}", code, "travel_indicator")
        for code in destinations.indicators
        if code not in known
    ]
