"""What the catalogue is asked for, as its address says it."""

import re
from contextlib import suppress

from django.db.models import Choices
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from geo.areas.queries import find_area
from geo.lib.errors import GeoError, UnknownChoice
from geo.lib.kbli import read_classification
from geo.lib.numbers import SEPARATORS, AmbiguousNumber, NotANumber, read_number
from geo.opportunities.models import Business, Stage, Zoning
from geo.opportunities.queries import Wanted
from geo.opportunities.queries.catalogue import SORTS


class NotUnderstood(GeoError):
    """An address asks a file of the catalogue for what there is not."""

    template = gettext_lazy("This was not understood: %(problems)s")


class WantedReader:
    """Reads an address; what is not understood is told, all at once, and asks for nothing."""

    def __init__(self, query: QueryDict) -> None:
        self.query = query
        self.problems: list[str] = []
        self.wanted = self._read()

    def demand(self) -> Wanted:
        """What is wanted, for a file, which has no room for a notice.

        Raises
        ------
        NotUnderstood
        """
        if self.problems:
            raise NotUnderstood(problems=" ".join(self.problems))
        return self.wanted

    def _read(self) -> Wanted:
        query = self.query
        sections = {one.letter: one for one in read_classification().sections}
        letter = self._one_of(list(sections), "kbli", query.get("kbli", "").upper())
        least_ha, most_ha = self._hectares("dari"), self._hectares("sampai")
        if least_ha is not None and most_ha is not None and least_ha > most_ha:
            text = _("No land is at least %(least)s and at most %(most)s hectares: swap the two.")
            self.problems.append(text % {"least": query["dari"], "most": query["sampai"]})
        district = query.get("a", "")
        return Wanted(
            text=query.get("q", "").strip()[:100],
            business=self._one_of(_words(Business), "bidang"),
            section=sections.get(letter),
            district=find_area(district) if district else None,
            stage=self._one_of(_words(Stage), "tahap"),
            zoning=self._one_of(_words(Zoning), "zonasi"),
            least_ha=least_ha,
            most_ha=most_ha,
            sort=self._one_of(list(SORTS), "urut"),
            with_closed=bool(query.get("semua")),
        )

    def _one_of(self, allowed: list[str], name: str, word: str | None = None) -> str:
        word = self.query.get(name, "") if word is None else word
        if not word or word in allowed:
            return word
        shown = ", ".join(one for one in allowed if one)
        self.problems.append(str(UnknownChoice(name=name, found=word[:40], allowed=shown)))
        return ""

    def _hectares(self, name: str) -> float | None:
        text = self.query.get(name, "").strip()
        if not text:
            return None
        with suppress(NotANumber):
            value = _read_number(text)
            if value >= 0:
                return value
        said = _("“%(found)s” is no size of land. Write hectares as a number, such as 2,5.")
        self.problems.append(said % {"found": text[:40]})
        return None


def as_query(wanted: Wanted) -> dict[str, str]:
    """The words of an address that asks for the same, without those that ask for nothing."""
    words = {
        "q": wanted.text,
        "bidang": wanted.business,
        "kbli": wanted.section.letter if wanted.section else "",
        "a": wanted.district.code if wanted.district else "",
        "tahap": wanted.stage,
        "zonasi": wanted.zoning,
        "dari": _written(wanted.least_ha),
        "sampai": _written(wanted.most_ha),
        "urut": wanted.sort,
        "semua": "1" if wanted.with_closed else "",
    }
    return {key: word for key, word in words.items() if word}


def _words(choices: type[Choices]) -> list[str]:
    return [str(value) for value in choices.values]


def _read_number(text: str) -> float:
    """A number as people write it; “1.000” is a thousand in Indonesian, and one in English."""
    try:
        return read_number(text)
    except AmbiguousNumber:
        return read_number(text, SEPARATORS["en" if get_language() == "en" else "id"][1])


def _written(value: float | None) -> str:
    if value is None:
        return ""
    text = f"{value:.10g}"
    # Three decimals might be thousands in another language; four are not.
    return f"{text}0" if re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", text) else text
