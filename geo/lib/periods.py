"""Periods as ISO text: ``2024``, ``2024-Q1``, ``2024-03``."""

from __future__ import annotations

import datetime
import re

YEAR, QUARTER, MONTH = "year", "quarter", "month"
# Nothing is recorded of other centuries; a year 0 would be no date.
_YEAR = r"(?:19|20|21)[0-9]{2}"
SHAPES = {
    YEAR: re.compile(_YEAR),
    QUARTER: re.compile(rf"{_YEAR}-Q[1-4]"),
    MONTH: re.compile(rf"{_YEAR}-(?:0[1-9]|1[0-2])"),
}
MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
QUARTER_WORD = {"id": "Triwulan", "en": "Quarter"}


def frequency_of(period: str) -> str | None:
    """Return ``year``, ``quarter`` or ``month``; None where the text is not a period."""
    return next((name for name, shape in SHAPES.items() if shape.fullmatch(period)), None)


def is_period(period: str, frequency: str | None = None) -> bool:
    """Whether the text is a period, and of this frequency where one is given."""
    found = frequency_of(period)
    return found is not None and frequency in {None, found}


def order(period: str) -> tuple[int, int, str]:
    """Key that puts periods in order of their first day; a year comes before its parts."""
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        return int(year), 3 * int(part[1:]) - 2, "q"
    return (int(year), int(part), "m") if part else (int(year), 0, "")


def format_period(period: str, language: str = "id") -> str:
    """Write a period for people: ``2024``, ``Triwulan 1 2024``, ``Maret 2024``."""
    language = language if language in MONTHS else "id"
    frequency = frequency_of(period)
    if frequency == QUARTER:
        return f"{QUARTER_WORD[language]} {period[6]} {period[:4]}"
    if frequency == MONTH:
        return f"{MONTHS[language][int(period[5:]) - 1]} {period[:4]}"
    return period


def first_day(period: str) -> datetime.date:
    """Return the first day of a period."""
    return datetime.date(int(period[:4]), *_first_month(period), 1)


def last_day(period: str) -> datetime.date:
    """Return the last day of a period."""
    return first_day(shifted(period, 1)) - datetime.timedelta(days=1)


def _first_month(period: str) -> tuple[int]:
    part = period[5:]
    if part.startswith("Q"):
        return (3 * int(part[1:]) - 2,)
    return (int(part),) if part else (1,)


def shifted(period: str, steps: int) -> str:
    """Return the period ``steps`` later, of the same frequency; earlier where negative."""
    year, part = int(period[:4]), period[5:]
    if not part:
        return f"{year + steps:04}"
    n_parts = 4 if part.startswith("Q") else 12
    place = int(part.lstrip("Q")) - 1 + steps
    year, place = year + place // n_parts, place % n_parts + 1
    return f"{year:04}-Q{place}" if n_parts == 4 else f"{year:04}-{place:02}"
