"""Invented facilities and attractions that look like a regency: seeded, in keeping with people.

Nothing here exists. Numbers of schools begin with 9, which no real one does, and
every place is marked by its source.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

EXACT, APPROXIMATE, VILLAGE_ONLY = "exact", "approximate", "village_only"
# Of all households: pupils in schools of each level, as in the regencies of the province.
PUPILS_PER_HOUSEHOLD = {"paud_tk": 0.09, "sd_mi": 0.45, "smp_mts": 0.18, "sma_ma": 0.1, "smk": 0.04}
HOUSEHOLDS_PER_SCHOOL = {"paud_tk": 420, "sd_mi": 340, "smp_mts": 1300, "sma_ma": 3200, "smk": 5600}
CLASS_SIZE = {"paud_tk": 15, "sd_mi": 26, "smp_mts": 29, "sma_ma": 31, "smk": 31}
TEACHERS_PER_CLASS = {"paud_tk": 1.1, "sd_mi": 1.25, "smp_mts": 1.7, "sma_ma": 1.9, "smk": 2.1}
SCHOOL_NAMES = {
    "paud_tk": ("TK Negeri Pembina", "PAUD"),
    "sd_mi": ("SD Negeri {n}", "MI"),
    "smp_mts": ("SMP Negeri {n}", "MTs"),
    "sma_ma": ("SMA Negeri {n}", "MA"),
    "smk": ("SMK Negeri {n}", "SMK"),
}
PATRONS = ("Harapan Bangsa", "Nurul Huda", "Tunas Muda", "Al Ikhlas", "Bina Karya", "Darul Ulum")
FLOWERS = ("Melati", "Mawar", "Anggrek", "Kenanga", "Dahlia", "Cempaka", "Flamboyan", "Teratai")
WATER = ("sungai", "muara", "danau", "pulau", "tanjung", "teluk", "rantau", "upang", "sungsang")
# With which chance a village has one of these posts.
POSTS = {"pustu": 0.34, "poskesdes": 0.55, "polindes": 0.32}
POST_NAMES = {"pustu": "Pustu", "poskesdes": "Poskesdes", "polindes": "Polindes"}


@dataclass(frozen=True, slots=True)
class Village:
    """One village as far as the invention needs it; ``points`` are (lon, lat) inside it.

    ``middle`` is where its roads meet; None where it has no boundary.
    """

    code: str
    name: str
    district: str
    households: float
    is_town: bool
    points: Sequence[tuple[float, float]] = ()
    middle: tuple[float, float] | None = None


@dataclass(slots=True)
class Invented:
    """One invented place; without a point only its village is known."""

    kind: str
    name: str
    village: str
    point: tuple[float, float] | None
    precision: str
    opened: int
    identifier: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)


def invent_places(villages: Sequence[Village], seed: int) -> list[Invented]:
    """Invent the places of a regency, the same for the same villages and seed."""
    made: list[Invented] = []
    seats = _seats(villages)
    for village in villages:
        spots = _Spots(village, seed)
        made += _posts(village, spots, seed)
        made += _health_centres(village, spots, seats)
        made += _clinics(village, spots, seed)
        made += _attractions(village, spots, seed)
    made += _schools(villages, seats, seed)
    return made


def _random(*parts: object) -> Random:
    return Random("-".join(map(str, parts)))  # noqa: S311 (nothing secret)


def _seats(villages: Sequence[Village]) -> dict[str, list[str]]:
    """By district, its villages from the most central: towns first, then the most populous."""
    seats: dict[str, list[str]] = {}
    for village in sorted(villages, key=lambda v: (not v.is_town, -v.households, v.code)):
        seats.setdefault(village.district, []).append(village.code)
    return seats


class _Spots:
    """Hands out points of one village, each once; none where it has no boundary."""

    def __init__(self, village: Village, seed: int) -> None:
        self.random = _random(seed, "spots", village.code)
        self.points = list(village.points)
        self.random.shuffle(self.points)
        self.middle = village.middle

    def put_central_first(self) -> None:
        """Hand out next the point nearest to the middle: an ambulance has to get away from it."""
        if self.points and self.middle is not None:
            central = min(self.points, key=lambda point: math.dist(point, self.middle or point))
            self.points.remove(central)
            self.points.append(central)

    def take(self, exact: float, approximate: float) -> tuple[tuple[float, float] | None, str]:
        """A point with its precision: exact or approximate with these chances, else none."""
        chance = self.random.random()
        if not self.points or chance >= exact + approximate:
            return None, VILLAGE_ONLY
        lon, lat = self.points.pop()
        if chance < exact:
            return (round(lon, 6), round(lat, 6)), EXACT
        return (round(lon, 5), round(lat, 5)), APPROXIMATE


def _place(
    kind: str,
    name: str,
    village: Village,
    spots: _Spots,
    chances: tuple[float, float],
    **facts: Any,
) -> Invented:
    point, precision = spots.take(*chances)
    opened = int(spots.random.triangular(1975, 2024, 2005))
    return Invented(kind, name, village.code, point, precision, opened, attributes=facts)


def _posts(village: Village, spots: _Spots, seed: int) -> Iterator[Invented]:
    random = _random(seed, "posts", village.code)
    for kind, chance in POSTS.items():
        if random.random() < chance * (0.4 if village.is_town else 1):
            name = f"{POST_NAMES[kind]} {village.name}"
            yield _place(kind, name, village, spots, (0.45, 0.4))
    n_posts = min(max(round(village.households / 130), 1), 14)
    for number in range(n_posts):
        flower = FLOWERS[number % len(FLOWERS)]
        name = flower if number < len(FLOWERS) else f"{flower} {number // len(FLOWERS) + 1}"
        stratum = random.choices(["pratama", "madya", "purnama", "mandiri"], [1, 4, 4, 2])[0]
        facts = {"stratum": stratum, "cadres": random.randint(3, 8)}
        yield _place("posyandu", f"Posyandu {name}", village, spots, (0.05, 0.2), **facts)


def _health_centres(
    village: Village, spots: _Spots, seats: Mapping[str, list[str]]
) -> Iterator[Invented]:
    ranked = seats[village.district]
    rank = ranked.index(village.code)
    if rank == 0 or (rank == 1 and len(ranked) > 15):
        is_inpatient = rank == 0
        spots.put_central_first()
        facts = {"inpatient": is_inpatient, "beds": 10 if is_inpatient else 0}
        yield _place("puskesmas", f"Puskesmas {village.name}", village, spots, (1, 0), **facts)
    if rank == 0 and village.is_town and village.households > 1500:
        spots.put_central_first()
        hospital = {"class": "c", "beds": 120, "owner": "pemerintah"}
        yield _place("rumah_sakit", f"RSUD {village.name}", village, spots, (1, 0), **hospital)


def _clinics(village: Village, spots: _Spots, seed: int) -> Iterator[Invented]:
    random = _random(seed, "clinics", village.code)
    n_clinics = random.randint(0, 2) if village.is_town else int(random.random() < 0.05)
    for number in range(n_clinics):
        name = f"Klinik {PATRONS[number]} {village.name}"
        yield _place("klinik", name, village, spots, (0.6, 0.4), owner="swasta")


def _attractions(village: Village, spots: _Spots, seed: int) -> Iterator[Invented]:
    """Few: on water where a name speaks of it, some in towns; one in three is a tourism village."""
    random = _random(seed, "attractions", village.code)
    by_water = any(word in village.name.lower() for word in WATER)
    if by_water and random.random() < 0.17:
        kind, word = random.choice(
            [("alam", "Wisata Sungai"), ("alam", "Hutan Bakau"), ("budaya", "Kampung Nelayan")]
        )
    elif village.is_town and random.random() < 0.35:
        kind, word = random.choice([("buatan", "Taman Kota"), ("budaya", "Rumah Adat")])
    else:
        return
    ticket = random.choice([0, 5000, 5000, 10000])
    facts = {"category": kind, "ticket_rupiah": ticket}
    name = f"{word} {village.name}"
    yield _place("daya_tarik_wisata", name, village, spots, (0.2, 0.8), **facts)
    if random.random() < 0.35:
        steps = ["rintisan", "rintisan", "berkembang", "maju"]
        facts = {"class": random.choice(steps), "homestay_rooms": random.randint(0, 14)}
        yield _place("desa_wisata", f"Desa Wisata {village.name}", village, spots, (0, 0), **facts)


# --- schools ------------------------------------------------------------------------


def _schools(
    villages: Sequence[Village], seats: Mapping[str, list[str]], seed: int
) -> Iterator[Invented]:
    number = 0
    for level, households in HOUSEHOLDS_PER_SCHOOL.items():
        in_district: dict[str, int] = {}
        for village in villages:
            spots = _Spots(village, _seed_of(seed, level))
            for _school in range(_n_schools(level, village, households, seats, seed)):
                number += 1
                in_district[village.district] = in_district.get(village.district, 0) + 1
                order = in_district[village.district]
                yield _school_of(level, village, spots, order, f"9{number:07d}", seed)


def _seed_of(seed: int, word: str) -> int:
    """A seed of its own for every word, the same on every machine."""
    return seed * 1000 + sum(map(ord, word))


def _n_schools(
    level: str, village: Village, households: float, seats: Mapping[str, list[str]], seed: int
) -> int:
    expected = village.households / households
    random = _random(seed, "schools", level, village.code)
    n_schools = int(expected) + int(random.random() < expected % 1)
    is_seat = seats[village.district][0] == village.code
    needed = level in {"paud_tk", "sd_mi"} or (is_seat and level in {"smp_mts", "sma_ma"})
    return max(n_schools, int(needed))


def _school_of(
    level: str, village: Village, spots: _Spots, order: int, npsn: str, seed: int
) -> Invented:
    random = _random(seed, "school", npsn)
    is_public = random.random() < (0.25 if level == "paud_tk" else 0.72)
    public, private = SCHOOL_NAMES[level]
    name = public.format(n=order) if is_public else f"{private} {random.choice(PATRONS)}"
    typical = PUPILS_PER_HOUSEHOLD[level] * HOUSEHOLDS_PER_SCHOOL[level]
    pupils = round(typical * random.triangular(0.35, 2.1, 0.85) * (1 if is_public else 0.6))
    classrooms = max(math.ceil(pupils / CLASS_SIZE[level]) + random.choice([-1, 0, 0, 1, 2]), 1)
    facts = {
        "status": "negeri" if is_public else "swasta",
        "pupils": pupils,
        "teachers": max(round(classrooms * TEACHERS_PER_CLASS[level] + random.uniform(0, 3)), 2),
        "classrooms": classrooms,
        "capacity": classrooms * (CLASS_SIZE[level] + 2),
    }
    place = _place(level, f"{name} {village.name}", village, spots, (0.72, 0.22), **facts)
    place.identifier = npsn
    return place


# --- figures ----------------------------------------------------------------------------


def visits(village: str, attractions: int, month: int, years: float, seed: int) -> tuple[int, int]:
    """Visits of domestic and foreign tourists to the attractions of a village in one month."""
    if not attractions:
        return 0, 0
    random = _random(seed, "visits", village)
    base = attractions * random.lognormvariate(6.3, 0.7)
    # School holidays, the end of the year, and Lebaran, which wanders: left out.
    season = {1: 1.25, 6: 1.3, 7: 1.45, 12: 1.6, 2: 0.7, 11: 0.8}.get(month, 0.95)
    noise = _random(seed, "visits", village, month, years).uniform(0.8, 1.2)
    domestic = round(base * season * noise * (1 + 0.06 * years))
    return domestic, round(domestic * random.uniform(0, 0.015))


def health_workers(kinds: Sequence[str], village: str, seed: int) -> dict[str, int]:
    """Doctors, nurses and midwives who work in the facilities of a village."""
    random = _random(seed, "workers", village)
    doctors = nurses = midwives = 0
    for kind in kinds:
        if kind == "rumah_sakit":
            doctors, nurses = doctors + random.randint(14, 26), nurses + random.randint(70, 130)
            midwives += random.randint(15, 30)
        elif kind == "puskesmas":
            doctors, nurses = doctors + random.randint(1, 4), nurses + random.randint(8, 20)
            midwives += random.randint(6, 14)
        elif kind == "klinik":
            doctors, nurses = doctors + 1, nurses + random.randint(1, 3)
        elif kind in {"pustu", "poskesdes", "polindes"}:
            nurses += int(kind == "pustu")
            midwives += 1
    return {"doctors": doctors, "nurses": nurses, "midwives": midwives}
