"""What reading gives: one figure, and the figures of one indicator and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.functional import cached_property

from geo.areas.models import Area, Level
from geo.indicators.models import ClassBreaks, Indicator, Source

DEPTH: dict[str, int] = {Level.REGENCY: 0, Level.DISTRICT: 1, Level.VILLAGE: 2}

# Why an area that exists has no figure of its own for an old period.
SPLIT, NOT_YET = "split", "not_yet"
# Scheme of the edges of changes between two periods.
CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Figure:
    """One area's figure.

    ``reported`` of ``expected`` areas of the indicator's lowest level stand
    behind it. Zero is a value; None is not, and ``status`` says why; ``note``
    is ``SPLIT`` where the area was part of another in that period (whose figure
    enters the totals), ``NOT_YET`` where it did not exist.
    """

    code: str
    value: float | None
    status: str
    reported: int
    expected: int
    note: str = ""

    @property
    def is_partial(self) -> bool:
        """Whether some areas below have not reported."""
        return self.reported < self.expected


@dataclass(frozen=True)
class Figures:
    """The figures of one indicator and period; limits and sources are read when asked for.

    ``has_own_classes`` asks for the class limits of this period alone.
    ``former_codes`` are the codes under which areas were observed that have been
    recoded since, by their present code.
    """

    indicator: Indicator
    period: str
    level: str
    parent: Area
    items: list[Figure]
    scheme: str
    reported: int
    expected: int
    source_ids: frozenset[int]
    n_not_yet: int = 0
    former_codes: Mapping[str, str] = field(default_factory=dict)
    has_own_classes: bool = False

    @cached_property
    def edges(self) -> list[float]:
        """The stored class edges, k + 1 rising numbers; empty where none are stored."""
        period = self.period if self.has_own_classes else None
        return class_edges(self.indicator, self.level, self.scheme, period=period)

    @cached_property
    def sources(self) -> list[Source]:
        """The sources of what stands behind the figures."""
        return list(Source.objects.filter(pk__in=self.source_ids).order_by("pk"))

    def by_code(self) -> dict[str, Figure]:
        """Return the figures by area code."""
        return {item.code: item for item in self.items}

    @property
    def values(self) -> list[float | None]:
        """The values in the order of ``items``."""
        return [item.value for item in self.items]

    @property
    def is_demo(self) -> bool:
        """Whether any figure rests on demonstration data."""
        return any(source.is_demo for source in self.sources)


def class_edges(
    indicator: Indicator, level: str, scheme: str, *, period: str | None = None
) -> list[float]:
    """Return the stored class edges, k + 1 rising numbers; empty where there are none.

    Parameters
    ----------
    period
        Edges of this period alone, where they are stored; without it, those
        that hold for all periods.
    """
    stored = ClassBreaks.objects.filter(indicator=indicator, level=level, scheme=scheme)
    wanted = stored.filter(Q(period=period) | Q(period=None)).order_by(
        F("period").asc(nulls_last=True)
    )
    return wanted.values_list("edges", flat=True).first() or []
