"""The book of population changes (LAMPID): what balances, what follows, what a correction moves.

A month of a village balances, for each sex by itself:
closing = opening + births + arrivals − deaths − departures − missing, and its
opening is the closing of the month before. Source: Permendagri 47/2016, book B.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

SEXES = ("male", "female")
GAINS = ("births", "arrivals")
LOSSES = ("deaths", "departures", "missing")
FLOWS = (*GAINS, *LOSSES)
PARTS = {"arrivals_within": "arrivals", "departures_within": "departures"}
FIGURES = ("opening", *FLOWS, "closing", *PARTS)
HOUSEHOLDS = ("opening_households", "closing_households")


@dataclass(frozen=True, slots=True)
class Balance:
    """One sex in one month, in persons.

    ``arrivals_within`` and ``departures_within`` are the moves inside the
    regency among all moves; None where nobody asked whence or whither.
    """

    opening: int
    closing: int
    births: int = 0
    arrivals: int = 0
    deaths: int = 0
    departures: int = 0
    missing: int = 0
    arrivals_within: int | None = None
    departures_within: int | None = None

    @property
    def change(self) -> int:
        """What the month adds, in persons; may be negative."""
        gained = self.births + self.arrivals
        return gained - self.deaths - self.departures - self.missing

    @property
    def expected_closing(self) -> int:
        """What the closing must be."""
        return self.opening + self.change

    def carried(self, opening: int) -> Balance:
        """The same events after another opening."""
        return replace(self, opening=opening, closing=opening + self.change)


@dataclass(frozen=True, slots=True)
class Month:
    """One village in one month (``2024-03``), by sex; households are None where not counted."""

    period: str
    male: Balance
    female: Balance
    opening_households: int | None = None
    closing_households: int | None = None

    def of(self, sex: str) -> Balance:
        """The balance of ``male`` or ``female``."""
        return self.male if sex == "male" else self.female

    def total(self, figure: str) -> int | None:
        """Both sexes of a figure; None where either is unknown."""
        male, female = getattr(self.male, figure), getattr(self.female, figure)
        return None if male is None or female is None else male + female

    def columns(self) -> dict[str, int | None]:
        """Every figure under the name of its column: ``births_male``, ``closing_households``."""
        wide = {f"{name}_{sex}": getattr(self.of(sex), name) for name in FIGURES for sex in SEXES}
        return wide | {name: getattr(self, name) for name in HOUSEHOLDS}

    def carried(self, before: Month, was_before: Month) -> Month:
        """The same events after another month before.

        Households have no events of their own: both their figures move by as
        much as the closing before them did.
        """
        moved = _difference(before.closing_households, was_before.closing_households)
        return replace(
            self,
            male=self.male.carried(before.male.closing),
            female=self.female.carried(before.female.closing),
            opening_households=_moved(self.opening_households, moved),
            closing_households=_moved(self.closing_households, moved),
        )


def month_from_columns(period: str, columns: Mapping[str, int | None]) -> Month:
    """Build a month from figures under the names of their columns."""
    sides = {
        sex: Balance(**{name: columns.get(f"{name}_{sex}") for name in FIGURES})  # type: ignore[arg-type]
        for sex in SEXES
    }
    households = (columns.get(name) for name in HOUSEHOLDS)
    return Month(period, sides["male"], sides["female"], *households)


def _difference(now: int | None, before: int | None) -> int:
    return 0 if now is None or before is None else now - before


def _moved(count: int | None, by: int) -> int | None:
    return None if count is None else count + by


# --- months as numbers -----------------------------------------------------------


def month_index(period: str) -> int:
    """Months since the year 0, so that neighbours differ by one: ``2024-03`` → 24291."""
    return int(period[:4]) * 12 + int(period[5:])


def month_of(index: int) -> str:
    """The period of an index: 24291 → ``2024-03``."""
    year, month = divmod(index - 1, 12)
    return f"{year:04d}-{month + 1:02d}"


def months_of_year(year: int | str) -> list[str]:
    """The twelve periods of a year."""
    return [f"{year}-{month:02d}" for month in range(1, 13)]


# --- what is wrong ---------------------------------------------------------------

NEGATIVE, IDENTITY, PART, CHAIN, GAP, OVERDRAWN = (
    "negative",
    "identity",
    "part",
    "chain",
    "gap",
    "overdrawn",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not balance.

    ``found`` and ``expected`` are persons or households; ``figure`` names what
    is meant, ``other`` the period that it is compared with.
    """

    kind: str
    period: str
    sex: str = ""
    figure: str = ""
    found: int = 0
    expected: int = 0
    other: str = ""


def faults_of(month: Month) -> list[Fault]:
    """What is wrong with a month by itself: negative figures, parts, the identity."""
    faults = [
        Fault(NEGATIVE, month.period, "", name, value)
        for name in HOUSEHOLDS
        if (value := getattr(month, name)) is not None and value < 0
    ]
    return [fault for sex in SEXES for fault in _faults_of_side(month, sex)] + faults


def _faults_of_side(month: Month, sex: str) -> list[Fault]:
    balance = month.of(sex)
    faults = [
        Fault(NEGATIVE, month.period, sex, name, value)
        for name in FIGURES
        if (value := getattr(balance, name)) is not None and value < 0
    ]
    for part, whole in PARTS.items():
        few, every = getattr(balance, part), getattr(balance, whole)
        if few is not None and few > every:
            faults.append(Fault(PART, month.period, sex, part, few, every))
    if balance.closing != balance.expected_closing:
        facts = (balance.closing, balance.expected_closing)
        faults.append(Fault(IDENTITY, month.period, sex, "closing", *facts))
    return faults


def chain_faults(before: Month, month: Month) -> list[Fault]:
    """Where the opening of a month is not the closing of the month before it."""
    return [
        Fault(CHAIN, month.period, sex, "opening", opening, closing, before.period)
        for sex in SEXES
        for opening, closing in [(month.of(sex).opening, before.of(sex).closing)]
        if opening != closing
    ]


# --- a village's book ------------------------------------------------------------


@dataclass(slots=True)
class Applied:
    """What a village's book becomes: the months that change, and everything wrong.

    ``new`` and ``corrected`` were given; ``recomputed`` follow from them, each
    with the period of the correction that moved its opening.
    """

    new: dict[str, Month] = field(default_factory=dict)
    corrected: dict[str, Month] = field(default_factory=dict)
    recomputed: dict[str, tuple[Month, str]] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def written(self) -> dict[str, Month]:
        """Every month that gets a new revision."""
        moved = {period: month for period, (month, _origin) in self.recomputed.items()}
        return self.new | self.corrected | moved


def apply_months(standing: Iterable[Month], given: Iterable[Month]) -> Applied:
    """Put ``given`` months into a village's book and carry what follows forward.

    Parameters
    ----------
    standing
        The book as it stands: months without a gap, in balance.
    given
        New months and corrections, each period once, in any order.

    Returns
    -------
    Applied
        With faults nothing of it may be written. A given month is never
        changed to fit; a standing one that follows a correction is.
    """
    was = {month.period: month for month in standing}
    asked = {month.period: month for month in given}
    applied = Applied()
    before: Month | None = None
    origin = ""
    for period in sorted(was.keys() | asked.keys()):
        if before is not None and month_index(period) != month_index(before.period) + 1:
            applied.faults.append(Fault(GAP, period, other=before.period))
            before = None
        if period in asked:
            origin = _take(asked[period], was.get(period), before, applied) or origin
            before = asked[period]
        else:
            before = _carry(was[period], before, was, origin, applied)
    return applied


def _take(month: Month, was: Month | None, before: Month | None, applied: Applied) -> str:
    """Take a given month; the period, where it changes what stood."""
    applied.faults += faults_of(month)
    if before is not None:
        applied.faults += chain_faults(before, month)
    if month == was:
        applied.unchanged.append(month.period)
        return ""
    (applied.new if was is None else applied.corrected)[month.period] = month
    return month.period


def _carry(
    month: Month, before: Month | None, was: Mapping[str, Month], origin: str, applied: Applied
) -> Month:
    """Let a standing month follow the month before it, as that is now."""
    if before is None or before == was.get(before.period):
        return month
    was_before = was.get(before.period)
    if was_before is None:
        # The book is lengthened backwards: then nothing says that the opening was wrong.
        applied.faults += chain_faults(before, month)
        return month
    carried = month.carried(before, was_before)
    if carried != month:
        applied.recomputed[month.period] = (carried, origin)
        applied.faults += [
            Fault(OVERDRAWN, month.period, sex, "closing", carried.of(sex).closing, 0, origin)
            for sex in SEXES
            if carried.of(sex).closing < 0
        ]
        applied.faults += [one for one in faults_of(carried) if not one.sex]
    return carried


# --- sums ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Year:
    """A whole year of one village, in persons; ``*_outside`` is None where the split is unknown.

    ``mid_year`` is the closing of June: the population of 30 June.
    """

    opening: int
    closing: int
    mid_year: int
    births: int
    deaths: int
    arrivals: int
    departures: int
    missing: int
    arrivals_outside: int | None
    departures_outside: int | None


def outside(month: Month, flow: str) -> int | None:
    """Moves across the border of the regency: all of ``flow`` but those within."""
    within = month.total(f"{flow}_within")
    every = month.total(flow)
    return None if within is None or every is None else every - within


def sum_year(months: Sequence[Month]) -> Year | None:
    """Add twelve months up, January first; None where the year is not whole."""
    if len(months) != 12 or months[0].period[5:] != "01" or months[11].period[5:] != "12":
        return None
    sums = {flow: sum(month.total(flow) or 0 for month in months) for flow in FLOWS}
    across: dict[str, int | None] = {}
    for flow in ("arrivals", "departures"):
        known = [count for month in months if (count := outside(month, flow)) is not None]
        across[flow] = sum(known) if len(known) == len(months) else None
    return Year(
        opening=months[0].total("opening") or 0,
        closing=months[11].total("closing") or 0,
        mid_year=months[5].total("closing") or 0,
        **sums,
        arrivals_outside=across["arrivals"],
        departures_outside=across["departures"],
    )
