"""What can be chosen instead of what the map shows, each with the address where it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from geo.areas.models import Level
from geo.indicators.models import Indicator, Scheme, Sector
from geo.maps.models import MapState, levels_of, schemes_of
from geo.places.queries import layers as place_layers
from geo.roads.queries import layer_address as road_layer_address
from geo.travel.queries import layer_address as barred_layer_address

ROADS, BARRED = "jalan", "hambatan"  # codes of their layers in the address


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen instead, with the address where it is."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class LayerChoice:
    """One layer that can be laid over the areas: where its data and its cards are."""

    code: str
    name: str
    kind: str
    icon: str
    n_things: int | None
    address: str
    card: str
    is_shown: bool


def read_layers(state: MapState) -> list[tuple[str, list[LayerChoice]]]:
    """Layers that have something to show, by heading; CODE stands for what was touched."""
    groups: dict[str, list[LayerChoice]] = {}
    roads = road_layer_address()
    card = reverse("road_card", args=["CODE"])
    if roads:
        shown = ROADS in state.layers
        choice = LayerChoice(ROADS, _("Roads"), "lines", "road", None, roads, card, shown)
        groups[_("Roads")] = [choice]
    barred = barred_layer_address()
    if barred:
        name, shown = _("What bars ambulances"), BARRED in state.layers
        choice = LayerChoice(BARRED, name, "lines", "road", None, barred, card, shown)
        groups.setdefault(_("Roads"), []).append(choice)
    card = reverse("place_card", args=[0]).replace("/0/", "/CODE/")
    for layer in place_layers():
        groups.setdefault(layer.sector, []).append(
            LayerChoice(
                code=layer.code,
                name=layer.name,
                kind="points",
                icon=layer.icon,
                n_things=layer.n_points,
                address=layer.address,
                card=card,
                is_shown=layer.code in state.layers,
            )
        )
    return list(groups.items())


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be changed about a view of the map."""

    sectors: list[tuple[Sector, list[tuple[Indicator, Choice]]]]
    periods: list[Choice]
    schemes: list[Choice]
    levels: list[Choice]
    layers: list[tuple[str, list[LayerChoice]]]
    earlier: list[Choice]
    class_periods: list[Choice]

    @property
    def n_layers_shown(self) -> int:
        """How many layers lie over the areas."""
        return sum(layer.is_shown for _, group in self.layers for layer in group)


def read_choices(state: MapState, *, has_lists: bool = True) -> Choices:
    """All that can be chosen instead of what ``state`` shows.

    Parameters
    ----------
    has_lists
        With the long lists of indicators and layers, which a step of the map leaves as they are.
    """
    return Choices(
        sectors=_sectors(state) if has_lists else [],
        periods=[Choice(p, state.address(period=p), p == state.period) for p in state.periods],
        schemes=[
            Choice(str(Scheme(s).label), state.address(scheme=s), s == state.scheme)
            for s in schemes_of(state.indicator)
        ],
        levels=_levels(state),
        layers=read_layers(state) if has_lists else [],
        earlier=[
            Choice(p, state.address(since=p), p == state.since) for p in state.earlier_periods
        ],
        class_periods=_class_periods(state),
    )


def _class_periods(state: MapState) -> list[Choice]:
    """Whether classes hold for all periods, where there are several."""
    if len(state.periods) < 2:
        return []
    labels = {False: _("the same in all periods"), True: _("of this period alone")}
    return [
        Choice(label, state.address(has_own_classes=own), own == state.has_own_classes)
        for own, label in labels.items()
    ]


def _sectors(state: MapState) -> list[tuple[Sector, list[tuple[Indicator, Choice]]]]:
    sectors = []
    for sector in Sector.objects.prefetch_related("indicators"):
        offered = [
            (i, Choice(i.name, state.address_with_indicator(i), i == state.indicator))
            for i in sector.indicators.all()
        ]
        if offered:
            sectors.append((sector, offered))
    return sectors


def _levels(state: MapState) -> list[Choice]:
    """Districts or villages, where both can be drawn."""
    levels = levels_of(state.indicator, state.area)
    if len(levels) < 2:
        return []
    return [
        Choice(str(Level(level).label), state.address(level=level), level == state.level)
        for level in levels
    ]
