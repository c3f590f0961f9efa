"""Which area a row of a table means: by code, BPS code, or name within a district.

Only equality matches by itself. Names that are merely alike, and former names,
are proposed to a person; what is ambiguous or unknown is said, never guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from geo.lib.names import name_key

MATCHED, PROPOSED, AMBIGUOUS, UNKNOWN, UNKNOWN_DISTRICT = (
    "matched",
    "proposed",
    "ambiguous",
    "unknown",
    "unknown_district",
)
LEAST_LIKENESS = 70.0
DOTTED = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})?\.?(\d{4})?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One area that rows can mean.

    ``keys`` match by themselves (name, other spellings, confirmed ones);
    ``proposed_keys`` (former names, names used by others) only propose.
    """

    code: str
    name: str
    bps_code: str | None
    district_code: str
    keys: frozenset[str]
    proposed_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """What became of one row: ``code`` is set only for ``matched``."""

    outcome: str
    code: str | None = None
    near: tuple[tuple[str, float], ...] = ()
    former_code: str | None = None


@dataclass(slots=True)
class AreaIndex:
    """Current areas of one level, ready to be looked up.

    ``districts`` maps name keys to the codes of districts; ``successors`` maps
    codes that are no longer in force to the one that took over whole.
    """

    candidates: list[Candidate]
    districts: dict[str, str] = field(default_factory=dict)
    successors: dict[str, str] = field(default_factory=dict)
    confirmed: dict[tuple[str, str], str] = field(default_factory=dict)
    by_code: dict[str, Candidate] = field(init=False)
    by_bps: dict[str, str] = field(init=False)
    by_key: dict[str, list[Candidate]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {one.code: one for one in self.candidates}
        self.by_bps = {one.bps_code: one.code for one in self.candidates if one.bps_code}
        self.by_key = defaultdict(list)
        for one in self.candidates:
            for key in one.keys:
                self.by_key[key].append(one)

    def match_code(self, text: str) -> Match:
        """By the Ministry's code, with or without dots; an old code leads to its successor."""
        code = dotted(text)
        if code in self.by_code:
            return Match(MATCHED, code)
        successor = self.successors.get(code)
        return Match(MATCHED, successor, former_code=code) if successor else Match(UNKNOWN)

    def match_bps(self, text: str) -> Match:
        """By the code of Statistics Indonesia, digits only."""
        code = self.by_bps.get(re.sub(r"\D", "", text))
        return Match(MATCHED, code) if code else Match(UNKNOWN)

    def match_name(self, name: str, district: str | None = None) -> Match:
        """By name, within the district where one is given."""
        key = name_key(name)
        if district is None:
            return self._decide(self.by_key.get(key, []), [])
        district_code = self.districts.get(name_key(district))
        if district_code is None:
            return Match(UNKNOWN_DISTRICT)
        confirmed = self.confirmed.get((key, district_code))
        if confirmed:
            return Match(MATCHED, confirmed)
        equal = [c for c in self.by_key.get(key, []) if c.district_code == district_code]
        there = [c for c in self.candidates if c.district_code == district_code]
        return self._decide(equal, self.alike(key, there) if not equal else [])

    def _decide(self, equal: list[Candidate], alike: list[tuple[str, float]]) -> Match:
        if len(equal) == 1:
            return Match(MATCHED, equal[0].code)
        if equal:
            return Match(AMBIGUOUS, near=tuple((one.code, 100.0) for one in equal))
        return Match(PROPOSED, near=tuple(alike)) if alike else Match(UNKNOWN)

    @staticmethod
    def alike(key: str, candidates: Iterable[Candidate]) -> list[tuple[str, float]]:
        """The three areas whose names are most alike, best first: (code, likeness 0–100)."""
        # Web workers import this module but never ask this: 3 MB in each of them.
        from rapidfuzz import fuzz

        scored = []
        for one in candidates:
            names = one.keys | one.proposed_keys
            best = max((fuzz.ratio(key, other) for other in names), default=0.0)
            if best >= LEAST_LIKENESS:
                scored.append((one.code, round(best, 1)))
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:3]


def dotted(text: str) -> str:
    """Write a code with its dots: ``1607101003`` → ``16.07.10.1003``."""
    found = DOTTED.fullmatch(text.strip())
    return ".".join(part for part in found.groups() if part) if found else text.strip()
