"""The closed list of units, in both languages.

``kind`` says how a map should draw the figure: a ``count`` as a circle whose
area grows with it, a ``rate`` or ``measure`` as a filled area.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: how it follows a number, and its full name."""

    symbol_id: str
    symbol_en: str
    name_id: str
    name_en: str
    kind: str

    def symbol(self, language: str = "id") -> str:
        """Return what follows the number."""
        return self.symbol_en if language == "en" else self.symbol_id

    def name(self, language: str = "id") -> str:
        """Return the full name."""
        return self.name_en if language == "en" else self.name_id


COUNT, RATE, MEASURE = "count", "rate", "measure"

UNITS: dict[str, Unit] = {
    "person": Unit("jiwa", "persons", "jiwa", "persons", COUNT),
    "household": Unit("keluarga", "households", "keluarga", "households", COUNT),
    "facility": Unit("unit", "facilities", "unit", "facilities", COUNT),
    "school": Unit("sekolah", "schools", "sekolah", "schools", COUNT),
    "event": Unit("kejadian", "events", "kejadian", "events", COUNT),
    "visitor": Unit("kunjungan", "visits", "kunjungan", "visits", COUNT),
    "person_per_km2": Unit(
        "jiwa/km²",
        "persons/km²",
        "jiwa per kilometer persegi",
        "persons per square kilometre",
        RATE,
    ),
    "household_per_km2": Unit(
        "keluarga/km²",
        "households/km²",
        "keluarga per kilometer persegi",
        "households per square kilometre",
        RATE,
    ),
    "person_per_household": Unit(
        "jiwa/keluarga", "persons/household", "jiwa per keluarga", "persons per household", RATE
    ),
    "per_10000_persons": Unit(
        "per 10.000 jiwa", "per 10,000 persons", "per 10.000 jiwa", "per 10,000 persons", RATE
    ),
    "village": Unit("desa", "villages", "desa", "villages", COUNT),
    "attraction": Unit("tempat", "places", "tempat wisata", "places to visit", COUNT),
    "opportunity": Unit("peluang", "opportunities", "peluang", "opportunities", COUNT),
    "seat": Unit("tempat", "places", "tempat belajar", "places for pupils", COUNT),
    "classroom": Unit("ruang", "rooms", "ruang kelas", "classrooms", COUNT),
    "bed": Unit("tempat tidur", "beds", "tempat tidur", "beds", COUNT),
    "pupil_per_teacher": Unit(
        "murid/guru", "pupils/teacher", "murid per guru", "pupils per teacher", RATE
    ),
    "per_1000_persons": Unit("‰", "‰", "per 1.000 jiwa", "per 1,000 persons", RATE),
    "males_per_100": Unit(
        "L per 100 P",
        "males per 100 females",
        "laki-laki per 100 perempuan",
        "males per 100 females",
        RATE,
    ),
    "percent": Unit("%", "%", "persen", "per cent", RATE),
    "percent_point": Unit("poin persen", "points", "poin persen", "percentage points", RATE),
    "index": Unit("", "", "indeks", "index", MEASURE),
    "m": Unit("m", "m", "meter", "metres", MEASURE),
    "km": Unit("km", "km", "kilometer", "kilometres", MEASURE),
    "km2": Unit("km²", "km²", "kilometer persegi", "square kilometres", MEASURE),
    "ha": Unit("ha", "ha", "hektare", "hectares", MEASURE),
    "tonne": Unit("ton", "tonnes", "ton", "tonnes", COUNT),
    "tonne_per_ha": Unit("ton/ha", "t/ha", "ton per hektare", "tonnes per hectare", RATE),
    "minute": Unit("menit", "minutes", "menit", "minutes", MEASURE),
    "rupiah": Unit("rupiah", "rupiah", "rupiah", "rupiah", COUNT),
}
