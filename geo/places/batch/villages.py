"""In which village a row of a list stands: what it states, compared with its point."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.areas.queries import Located
from geo.indicators.batch.areas_index import build_index
from geo.lib.matching import AMBIGUOUS, MATCHED, PROPOSED, Match
from geo.lib.tables import ERROR, NOTICE, Cell, Issue, as_text
from geo.places.batch.columns import PlaceColumns
from geo.places.batch.positions import Position
from geo.places.rules import TOLERANCE_M, in_other_village, outside_regency

# The ministry of education's codes of regions, such as 110801 in lists of schools.
EDUCATION_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a row says of its village: the column, the text, and what it was found to mean."""

    column: str
    text: str
    match: Match


class VillageFinder:
    """Knows the villages of one regency, by every name and code."""

    def __init__(self, regency: Area) -> None:
        self.regency = regency
        self.index = build_index(level=Level.VILLAGE, regency_code=regency.code)
        villages = Area.objects.current().at_level(Level.VILLAGE).within(regency)
        light = villages.select_related("parent").only(
            "code", "name", "kind", "boundary_status", "parent__name"
        )
        self.by_id = {village.pk: village for village in light}
        self.ids = {village.code: village.pk for village in self.by_id.values()}

    def stated(self, cells: Mapping[str, Cell], chosen: PlaceColumns) -> Stated | None:
        """What the row states by code, BPS code, or name within the district; None if nothing."""
        for role in ("code", "bps", "village"):
            column = chosen.columns.get(role, "")
            text = as_text(cells.get(column)).strip()
            if text and text not in chosen.missing:
                return Stated(column, text, self._match(role, text, cells, chosen))
        return None

    def _match(
        self, role: str, text: str, cells: Mapping[str, Cell], chosen: PlaceColumns
    ) -> Match:
        if role == "code":
            return self.index.match_code(text)
        if role == "bps":
            return self.index.match_bps(text)
        district = as_text(cells.get(chosen.columns.get("district", ""))).strip()
        return self.index.match_name(text, district or None)

    def decide(
        self,
        row: int,
        stated: Stated | None,
        position: Position | None,
        located: Located | None,
        issues: list[Issue],
    ) -> int | None:
        """Choose the village of a row; what does not fit together goes into ``issues``."""
        if position is not None and (located is None or located.distance_m > TOLERANCE_M):
            issues.append(self._outside(row, position, located))
            return None
        by_point = located.village_id if located else None
        if stated is None:
            if by_point is None:
                sentence = _("Neither a village nor usable coordinates say where this place is.")
                issues.append(Issue(row, "", "", sentence, ERROR))
            return by_point
        if stated.match.outcome == MATCHED:
            village_id = self.ids[str(stated.match.code)]
            self._compare(row, stated, village_id, by_point, issues)
            return village_id
        return self._by_point_alone(row, stated, by_point, issues)

    def _outside(self, row: int, position: Position, located: Located | None) -> Issue:
        village = self.by_id[located.village_id] if located else None
        distance_m = located.distance_m if located else 0
        sentence = outside_regency(self.regency, village, distance_m)
        return Issue(row, position.column, position.text, sentence, ERROR)

    def _compare(
        self, row: int, stated: Stated, village_id: int, by_point: int | None, issues: list[Issue]
    ) -> None:
        if by_point in {None, village_id}:
            return
        sentence, severity = in_other_village(self.by_id[village_id], self.by_id[by_point])
        issues.append(Issue(row, stated.column, stated.text, sentence, severity))

    def _by_point_alone(
        self, row: int, stated: Stated, by_point: int | None, issues: list[Issue]
    ) -> int | None:
        """The name is not certain; the point decides among those that it can mean."""
        near = [code for code, _score in stated.match.near]
        if by_point is not None and self.by_id[by_point].code in near:
            if stated.match.outcome == PROPOSED:
                sentence = _("Taken for %(village)s, where its point lies and the name is alike.")
                facts = {"village": self._named(self.by_id[by_point])}
                issues.append(Issue(row, stated.column, stated.text, sentence % facts, NOTICE))
            return by_point
        issues.append(Issue(row, stated.column, stated.text, self._unclear(stated), ERROR))
        return None

    def _unclear(self, stated: Stated) -> str:
        near = ", ".join(
            f"{code} {self.index.by_code[code].name}" for code, _s in stated.match.near
        )
        if EDUCATION_CODE.fullmatch(stated.text):
            return _(
                "This is a regional code of the ministry of education, which names no village. "
                "Give the code of the Ministry of Home Affairs (16.07.10.1003), or desa and "
                "kecamatan."
            )
        if stated.match.outcome == AMBIGUOUS:
            sentence = _("Several villages have this name: %(near)s. Add the district or the code.")
            return sentence % {"near": near}
        if near:
            sentence = _("No village of the district has this name. Alike are: %(near)s.")
            return sentence % {"near": near}
        return _("No village of the regency answers to this. Check the spelling, or give its code.")

    def _named(self, village: Area) -> str:
        district = village.parent.name if village.parent else ""
        return f"{village} ({district})"
