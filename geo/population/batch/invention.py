"""Invented books of population changes that end where the invented population does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from geo.lib.ledger import SEXES, Balance, Month, month_index, month_of

# A year, per 1 000 persons: about those of South Sumatra.
BIRTHS, DEATHS, MISSING = 17.0, 6.0, 0.05
# Persons who come and as many who go, a year, per 1 000, in a village and in a town.
TURNOVER = {False: 7.0, True: 14.0}
WITHIN = (0.45, 0.75)
MOST_LATE_MONTHS = 2
LATE_SHARE, UNSPLIT_SHARE = 0.02, 0.03


@dataclass(frozen=True, slots=True)
class Village:
    """What the invention needs of a village.

    ``persons`` and ``households`` are counts at the end of December by year,
    the year before the first included; ``first`` is the month its book begins.
    """

    code: str
    is_urban: bool
    first: str
    persons: Mapping[int, float]
    households: Mapping[int, float]


def invent_books(
    villages: Sequence[Village], years: Sequence[int], seed: int, last: str
) -> dict[str, list[Month]]:
    """A balanced book for every village, by code, up to the month ``last``.

    Some end early, some do not know the split.
    """
    books = {village.code: invent_book(village, years, seed) for village in villages}
    unsplit = chosen(books, seed, "unsplit", UNSPLIT_SHARE)
    for code in unsplit:
        books[code] = [_without_split(month) for month in books[code]]
    split = {code: book for code, book in books.items() if code not in unsplit}
    for code, book in _settle_moves(split).items():
        books[code] = book
    books = {code: [m for m in book if m.period <= last] for code, book in books.items()}
    for code in chosen(books, seed, "late", LATE_SHARE):
        books[code] = books[code][: -_random(seed, "late", code).randint(1, MOST_LATE_MONTHS)]
    return {code: book for code, book in books.items() if book}


def chosen(books: Mapping[str, object], seed: int, purpose: str, share: float) -> list[str]:
    """A share of the villages, at least one of them."""
    order = sorted(books, key=lambda code: _random(seed, purpose, code).random())
    return order[: max(round(share * len(order)), 1)] if order else []


def invent_book(village: Village, years: Sequence[int], seed: int) -> list[Month]:
    """The months of one village, in balance to the unit."""
    random = _random(seed, "book", village.code)
    male_share = random.uniform(0.495, 0.519)
    first, last = month_index(village.first), month_index(f"{years[-1]}-12")
    sides: dict[str, list[Balance]] = {sex: [] for sex in SEXES}
    for year in years:
        begin, end = max(first, month_index(f"{year}-01")), month_index(f"{year}-12")
        if begin > end:
            continue
        opening = _level(village.persons, begin - 1)
        closing = _level(village.persons, end)
        males = (round(male_share * opening), round(male_share * closing))
        ends = {"male": males, "female": (opening - males[0], closing - males[1])}
        for sex in SEXES:
            n_months = end - begin + 1
            sides[sex] += _side(*ends[sex], n_months, village.is_urban, random)
    return [
        Month(
            month_of(index),
            sides["male"][index - first],
            sides["female"][index - first],
            _level(village.households, index - 1),
            _level(village.households, index),
        )
        for index in range(first, last + 1)
    ]


def _random(seed: int, purpose: str, code: str) -> Random:
    return Random(f"{seed}-ledger-{purpose}-{code}")  # noqa: S311 (nothing secret)


def _level(counts: Mapping[int, float], index: int) -> int:
    """The count at the end of a month, on the line between two Decembers."""
    year, month = divmod(index, 12)
    if month == 0:  # December: the line's end itself, to the unit
        return round(counts[year - 1])
    begin, end = counts[year - 1], counts[year]
    return round(begin + (end - begin) * month / 12)


def _side(opening: int, closing: int, n: int, is_urban: bool, random: Random) -> list[Balance]:
    """One sex over ``n`` months of a year, from one count to the other."""

    def events(per_1000: float) -> list[int]:
        return [_poisson(opening * per_1000 / 12000, random) for _ in range(n)]

    births, deaths, missing = events(BIRTHS), events(DEATHS), events(MISSING)
    turnover = events(TURNOVER[is_urban])
    wanted = closing - opening - sum(births) + sum(deaths) + sum(missing)
    # What is left to moves, spread over the months as evenly as whole persons allow.
    nets = [wanted * (k + 1) // n - wanted * k // n for k in range(n)]
    balances = []
    for k in range(n):
        arrivals, departures = turnover[k] + max(nets[k], 0), turnover[k] + max(-nets[k], 0)
        share = random.uniform(*WITHIN)
        balance = Balance(
            opening=opening,
            closing=0,
            births=births[k],
            deaths=deaths[k],
            missing=missing[k],
            arrivals=arrivals,
            departures=departures,
            arrivals_within=round(share * arrivals),
            departures_within=round(share * departures),
        ).carried(opening)
        balances.append(balance)
        opening = balance.closing
    return balances


def _poisson(mean: float, random: Random) -> int:
    """Knuth's method for few events, a rounded normal for many."""
    if mean > 30:
        return max(round(random.gauss(mean, math.sqrt(mean))), 0)
    count, product, limit = 0, random.random(), math.exp(-mean)
    while product > limit:
        count += 1
        product *= random.random()
    return count


# --- moves inside the regency -----------------------------------------------------


def _settle_moves(books: Mapping[str, list[Month]]) -> dict[str, list[Month]]:
    """Let as many persons leave for within as arrive from within, each month and sex."""
    by_period: dict[str, dict[str, Month]] = {}
    for code, book in books.items():
        for month in book:
            by_period.setdefault(month.period, {})[code] = month
    for months in by_period.values():
        for sex in SEXES:
            _settle(months, sex)
    return {code: [by_period[m.period][code] for m in book] for code, book in books.items()}


def _settle(months: dict[str, Month], sex: str) -> None:
    """Call some of the moves of the larger side moves across the border."""
    sums = {
        part: sum(getattr(month.of(sex), part) for month in months.values())
        for part in ("arrivals_within", "departures_within")
    }
    larger = max(sums, key=lambda part: sums[part])
    surplus = sums[larger] - min(sums.values())
    left = sums[larger]
    for code, month in months.items():
        # Each village gives up its share of what is left to give up.
        own = getattr(month.of(sex), larger)
        taken = min(round(own * surplus / left), own) if left else 0
        left, surplus = left - own, surplus - taken
        months[code] = replace(month, **{sex: replace(month.of(sex), **{larger: own - taken})})


def _without_split(month: Month) -> Month:
    nothing = {"arrivals_within": None, "departures_within": None}
    return replace(
        month, male=replace(month.male, **nothing), female=replace(month.female, **nothing)
    )
