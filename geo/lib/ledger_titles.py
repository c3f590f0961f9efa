"""What the title above a LAMPID form says: its month and its district."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.lib.periods import MONTHS, is_period

MONTH_NUMBERS = {
    word.lower()[:length]: number
    for words in MONTHS.values()
    for number, word in enumerate(words, start=1)
    for length in (3, len(word))
} | {"agu": 8, "agt": 8, "nop": 11, "nopember": 11, "pebruari": 2}


def period_in(text: str) -> str | None:
    """The month that a text names: “Bulan : Maret 2024”, “03/2024”, “2024-03”; None without one."""
    found = re.search(r"\b([a-z]{3,10})\W{0,3}(?:tahun\W{0,3})?(\d{4})\b", text.lower())
    while found:
        month = MONTH_NUMBERS.get(found[1])
        if month:
            return f"{found[2]}-{month:02d}"
        found = re.compile(r"\b([a-z]{3,10})\W{0,3}(?:tahun\W{0,3})?(\d{4})\b").search(
            text.lower(), found.end()
        )
    iso = re.search(r"\b(\d{4})-(\d{2})(-\d{2})?\b", text)
    if iso and is_period(f"{iso[1]}-{iso[2]}"):
        return f"{iso[1]}-{iso[2]}"
    numeric = re.search(r"\b(0?[1-9]|1[0-2])\s*/\s*(\d{4})\b", text)
    return f"{numeric[2]}-{int(numeric[1]):02d}" if numeric else None


def district_in(titles: Sequence[str]) -> str | None:
    """The district that a title names: “KECAMATAN : BETUNG”; None without one."""
    filled = [title.strip() for title in titles if title.strip()]
    for place, title in enumerate(filled):
        found = re.search(
            r"\bkecamatan\b[\s:]*(.*?)\s*(?:[,;(]|\b(?:bulan|tahun|kabupaten|kab|per)\b|$)",
            title,
            re.IGNORECASE,
        )
        if found and found[1]:
            return found[1]
        if found and place + 1 < len(filled):
            return filled[place + 1].lstrip(": ")
    return None
