"""What an investor asks for. It has no table: its address holds it whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from geo.areas.models import Level

MIN_MAX, PERCENTILE = "minmax", "percentile"
SPREADS_PERCENT = [25, 50]
LEVELS = [Level.VILLAGE, Level.DISTRICT]


@dataclass(frozen=True, slots=True)
class Limit:
    """The least and the most that a place may have of one criterion; None is no limit."""

    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_set(self) -> bool:
        """Whether it excludes anything at all."""
        return self.at_least is not None or self.at_most is not None

    @property
    def contradicts_itself(self) -> bool:
        """Whether no number can meet it."""
        return (
            self.at_least is not None and self.at_most is not None and self.at_least > self.at_most
        )

    def allows(self, value: float) -> bool:
        """Whether a place with this figure stays; both ends belong to what is allowed."""
        if self.at_least is not None and value < self.at_least:
            return False
        return self.at_most is None or value <= self.at_most


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: limits, weights from 1 to 5, and how they are put together.

    ``directions`` hold only those that differ from what the sector file says. All that is
    keyed by a code is in the order in which sectors declare their indicators.
    """

    level: str = Level.VILLAGE
    weights: Mapping[str, int] = field(default_factory=dict)
    directions: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    districts: tuple[str, ...] = ()
    method: str = MIN_MAX
    is_strict: bool = False
    spread_percent: int = SPREADS_PERCENT[0]
    seed: int = 1
    shows_all: bool = False

    @property
    def codes(self) -> list[str]:
        """Codes of all criteria that are weighted or limited, each once."""
        return list(dict.fromkeys([*self.weights, *self.limits]))

    @property
    def n_limits(self) -> int:
        """How many hard limits there are; the choice of districts is one."""
        return len(self.limits) + bool(self.districts)

    def pairs(self) -> list[tuple[str, str]]:
        """The address as names and values; what is usual is left out."""
        usual = Wish()
        pairs = [("l", self.level)] if self.level != usual.level else []
        pairs += [(f"w.{code}", str(weight)) for code, weight in self.weights.items()]
        pairs += [(f"d.{code}", direction) for code, direction in self.directions.items()]
        for code, limit in self.limits.items():
            ends = (("min", limit.at_least), ("max", limit.at_most))
            pairs += [
                (f"{end}.{code}", f"{value:.12g}") for end, value in ends if value is not None
            ]
        pairs += [("in", code) for code in self.districts]
        others: dict[str, Any] = {
            "n": (self.method, usual.method),
            "m": ("strict" if self.is_strict else "", ""),
            "v": (self.spread_percent, usual.spread_percent),
            "s": (self.seed, usual.seed),
            "all": ("1" if self.shows_all else "", ""),
        }
        return pairs + [(name, str(now)) for name, (now, before) in others.items() if now != before]

    @property
    def query(self) -> str:
        """The address after its question mark."""
        return urlencode(self.pairs())

    def address(self, route: str = "find_place", *parts: str, **changed: Any) -> str:
        """Where this is answered, or the same with something changed."""
        wish = replace(self, **changed) if changed else self
        return f"{reverse(route, args=parts)}?{wish.query}"
