"""Reading a wish from its address, with everything in it that cannot be understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from django.http import QueryDict
from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.investment.queries import LEVELS, SPREADS_PERCENT, Limit, Offered, Wish
from geo.lib.errors import UnknownChoice
from geo.lib.normalising import HIGHER, LOWER, METHODS
from geo.lib.presets import MOST_WEIGHT, Preset

NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
DIGITS = re.compile(r"[0-9]{1,15}")
MOST_SEED = 999_999_999
# What belongs to one criterion begins with one of these, then its code.
ENDS = {"min": "at_least", "max": "at_most"}
PREFIXES = ("w", "d", *ENDS)


def read_level(query: QueryDict) -> str:
    """The level that is ranked; villages where the address says nothing that is known."""
    level = query.get("l", "")
    return level if level in LEVELS else Level.VILLAGE


def _whole_number(text: str, most: int) -> int | None:
    """The number from 0 to ``most`` that ``text`` writes in digits; None where it writes none."""
    if not DIGITS.fullmatch(text) or int(text) > most:
        return None
    return int(text)


class WishReader:
    """One address being read. ``problems`` are sentences; ``wish`` is what could be understood.

    Parameters
    ----------
    query
        The address after its question mark.
    offered
        Every criterion there is.
    districts
        In which places can be looked for.
    presets
        Typical needs: ``p`` names one to begin with, what else is said changes it. An
        address that says nothing of weights begins with the first.
    """

    def __init__(
        self,
        query: QueryDict,
        offered: Sequence[Offered],
        districts: Sequence[Area],
        presets: Sequence[Preset],
    ) -> None:
        self.query = query
        self.offered = {one.code: one for one in offered}
        self.districts = [area.code for area in districts]
        self.problems: list[str] = []
        base = self._base(presets)
        asked = self._asked()
        self.wish = Wish(
            level=self._choice("l", [str(level) for level in LEVELS]) or Level.VILLAGE,
            weights=self._weights(asked["w"], base),
            directions=self._directions(asked["d"], base),
            limits=self._limits(asked, base),
            districts=self._districts(),
            method=self._choice("n", list(METHODS)) or Wish().method,
            is_strict=self._choice("m", ["strict", "known"]) == "strict",
            spread_percent=int(self._choice("v", [str(n) for n in SPREADS_PERCENT]) or 25),
            seed=self._seed(),
            shows_all=self._choice("all", ["1"]) == "1",
        )

    def _base(self, presets: Sequence[Preset]) -> Preset | None:
        code = self.query.get("p", "")
        found = next((one for one in presets if one.code == code), None)
        if code and found is None:
            self._refuse("p", code, [one.code for one in presets])
        says_weights = any(name.startswith("w.") for name in self.query)
        if not code and not says_weights and presets:
            return presets[0]
        return found

    def _asked(self) -> dict[str, dict[str, str]]:
        """What is said of criteria, by prefix and code; blank fields of the form say nothing."""
        asked: dict[str, dict[str, str]] = {prefix: {} for prefix in PREFIXES}
        for name in self.query:
            prefix, dot, code = name.partition(".")
            text = self.query.get(name, "").strip()
            if not dot or prefix not in PREFIXES or not text:
                continue
            if code in self.offered:
                asked[prefix][code] = text
            else:
                self._refuse_criterion(code)
        return asked

    def _refuse_criterion(self, code: str) -> None:
        said = _("There is no criterion with code “%(code)s”.") % {"code": code[:40]}
        close = get_close_matches(code, self.offered, n=1)
        if close:
            said += " " + _("Did you mean “%(code)s”?") % {"code": close[0]}
        self.problems.append(said)

    def _weights(self, asked: dict[str, str], base: Preset | None) -> dict[str, int]:
        weights = dict(base.weights) if base else {}
        for code, text in asked.items():
            weight = self._weight(code, text)
            if weight is not None:
                weights[code] = weight
        return {code: weights[code] for code in self.offered if weights.get(code)}

    def _weight(self, code: str, text: str) -> int | None:
        weight = _whole_number(text, MOST_WEIGHT)
        if weight is not None:
            return weight
        said = _(
            "The weight of “%(name)s” is “%(found)s”. A weight is a whole number from 0 (does "
            "not matter) to %(most)s (matters most)."
        )
        facts = {"name": self._name(code), "found": text[:40], "most": MOST_WEIGHT}
        self.problems.append(said % facts)
        return None

    def _directions(self, asked: dict[str, str], base: Preset | None) -> dict[str, str]:
        """The directions that differ from the usual ones."""
        directions = dict(base.directions) if base else {}
        for code, text in asked.items():
            if text in (HIGHER, LOWER):
                directions[code] = text
            else:
                self._refuse(f"d.{code}", text, [HIGHER, LOWER])
        return {
            code: directions[code]
            for code, one in self.offered.items()
            if code in directions and directions[code] != one.direction
        }

    def _limits(self, asked: dict[str, dict[str, str]], base: Preset | None) -> dict[str, Limit]:
        limits = {}
        for code in self.offered:
            at_least, at_most = base.limits.get(code, (None, None)) if base else (None, None)
            limit = Limit(
                at_least=self._end(asked["min"], code, at_least),
                at_most=self._end(asked["max"], code, at_most),
            )
            if limit.is_set:
                limits[code] = limit
        return limits

    def _end(self, asked: dict[str, str], code: str, usual: float | None) -> float | None:
        text = asked.get(code, "")
        if not text or NUMBER.fullmatch(text):
            return float(text) if text else usual
        said = _(
            "A limit of “%(name)s” is “%(found)s”, which is no number. Write it in digits with "
            "a point before the decimals, such as 50 or 12.5."
        )
        self.problems.append(said % {"name": self._name(code), "found": text[:40]})
        return usual

    def _districts(self) -> tuple[str, ...]:
        found = [code for code in self.query.getlist("in") if code]
        for code in found:
            if code not in self.districts:
                said = _(
                    "There is no district with code “%(code)s” here. A code looks like %(like)s."
                )
                like = self.districts[0] if self.districts else "16.07.10"
                self.problems.append(said % {"code": code[:40], "like": like})
        return tuple(code for code in self.districts if code in found)

    def _seed(self) -> int:
        text = self.query.get("s", "").strip()
        seed = _whole_number(text, MOST_SEED)
        if seed is not None:
            return seed
        if text:
            said = _("The seed is “%(found)s”. It is a whole number from 0 to %(most)s.")
            self.problems.append(said % {"found": text[:40], "most": MOST_SEED})
        return Wish().seed

    def _choice(self, name: str, allowed: list[str]) -> str:
        found = self.query.get(name, "")
        if found and found not in allowed:
            self._refuse(name, found, allowed)
            return ""
        return found

    def _refuse(self, name: str, found: str, allowed: list[str]) -> None:
        facts = {"found": found[:40], "name": name, "allowed": ", ".join(allowed) or "–"}
        self.problems.append(str(UnknownChoice(**facts)))

    def _name(self, code: str) -> str:
        return self.offered[code].indicator.name
