"""Kabupaten Kotak with figures that can be added up by hand.

Values by the last two parts of the code. ``size`` is people ÷ homes:

    village   01.2001 01.2002 01.2003 01.2004  02.2001 02.2002 02.2003  04.2001…4  04.1005
    people         10      20      30       0       40      50      60         10      100
    homes          10      10       5       5       10      10       –          2       20
    size            1       2       6       0        4       5       –          5        5
"""

from dataclasses import dataclass

from geo.areas.batch.outlines import refresh_outlines
from geo.indicators.models import ClassBreaks, Indicator
from tests.factories import Kotak
from tests.indicators.world import make_indicator, make_source, observe

PEOPLE = {
    **{"01.2001": 10, "01.2002": 20, "01.2003": 30, "01.2004": 0},
    **{"02.2001": 40, "02.2002": 50, "02.2003": 60},
    **{"04.2001": 10, "04.2002": 10, "04.2003": 10, "04.2004": 10, "04.1005": 100},
}
HOMES = {
    **{"01.2001": 10, "01.2002": 10, "01.2003": 5, "01.2004": 5},
    **{"02.2001": 10, "02.2002": 10},
    **{"04.2001": 2, "04.2002": 2, "04.2003": 2, "04.2004": 2, "04.1005": 20},
}
SIZE_EDGES = [0, 2, 4, 6]


@dataclass(frozen=True)
class Measured:
    people: Indicator
    homes: Indicator
    size: Indicator


def draw(kotak: Kotak) -> None:
    """Compute the outlines from the stored squares, as a load does."""
    refresh_outlines(kotak.regency)


def measure() -> Measured:
    people = make_indicator("people", name_id="Penduduk", name_en="Population", position=1)
    homes = make_indicator("homes", name_id="Keluarga", name_en="Homes", unit="household")
    size = make_indicator(
        "size",
        name_id="Anggota keluarga",
        name_en="Persons per home",
        unit="person_per_household",
        decimals=2,
        roll_up="ratio",
        numerator=people,
        denominator=homes,
    )
    source = make_source(title="Register 2024", publisher="Dinas Uji")
    observe(people, "2023", {"01.2001": 7}, source=source)
    observe(people, "2024", PEOPLE, source=source)
    observe(homes, "2024", HOMES, source=source)
    for level in ("district", "village"):
        for scheme in ("quantile", "equal"):
            store_breaks(size, level, SIZE_EDGES, scheme)
    store_breaks(people, "district", [0, 100, 200])
    store_breaks(people, "village", [0, 10, 50, 100])
    return Measured(people, homes, size)


def store_breaks(indicator, level, edges, scheme="quantile"):
    ClassBreaks.objects.create(indicator=indicator, level=level, scheme=scheme, edges=edges)
