"""The areas that rows of a table can mean, with their names, aliases and predecessors."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from geo.areas.models import Area, AreaAlias, AreaChange
from geo.lib.matching import AreaIndex, Candidate
from geo.lib.names import name_key

# These say beyond doubt that the name means the area; a former name may have
# been taken by a neighbour since, so a person confirms it once.
SURE = {AreaAlias.Origin.SPELLING, AreaAlias.Origin.CONFIRMED}
YES = {"yes", "y", "ya", "1", "true", "x", "v"}


def build_index(*, level: str, regency_code: str) -> AreaIndex:
    """Gather the current areas of a level of one regency; four queries."""
    areas = list(
        Area.objects.current()
        .at_level(level)
        .filter(code__startswith=regency_code)
        .select_related("parent")
        .only("code", "name", "bps_code", "parent__code", "parent__name")
    )
    sure, proposed = _aliases(regency_code)
    candidates = [
        Candidate(
            code=area.code,
            name=area.name,
            bps_code=area.bps_code,
            district_code=area.parent.code if area.parent else "",
            keys=frozenset({name_key(area.name)} | sure[area.code]),
            proposed_keys=frozenset(proposed[area.code]),
        )
        for area in areas
    ]
    parents = {area.parent.code: area.parent.name for area in areas if area.parent}
    districts = {
        key: code
        for code, name in parents.items()
        for key in {name_key(name)} | sure[code] | proposed[code]
    }
    return AreaIndex(candidates, districts, _successors(regency_code))


def _aliases(regency_code: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    sure: dict[str, set[str]] = defaultdict(set)
    proposed: dict[str, set[str]] = defaultdict(set)
    rows = AreaAlias.objects.filter(
        area__valid_to=None, area__code__startswith=regency_code
    ).values_list("area__code", "key", "origin")
    for code, key, origin in rows:
        (sure if origin in SURE else proposed)[code].add(key)
    return sure, proposed


def _successors(regency_code: str) -> dict[str, str]:
    """Old codes of areas that passed whole into one that is in force."""
    rows = AreaChange.objects.filter(
        share=1,
        predecessor__code__startswith=regency_code,
        predecessor__valid_to__isnull=False,
        successor__valid_to=None,
    )
    return dict(rows.values_list("predecessor__code", "successor__code"))


def read_confirmations(path: Path, index: AreaIndex) -> list[tuple[str, str, str]]:
    """Read a file of proposals in which a person has marked the right ones.

    Returns
    -------
    list of tuple
        (name as in the table, district as in the table, code of the area).
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if _is_yes(row.get("accept"))]
    accepted = []
    for row in rows:
        district_code = index.districts.get(name_key(row["district"]))
        candidate = index.by_code.get(row["code"])
        if candidate is not None and candidate.district_code == district_code:
            accepted.append((row["name"], row["district"], row["code"]))
    return accepted


def _is_yes(text: str | None) -> bool:
    return (text or "").strip().lower() in YES


def remember_confirmations(accepted: Iterable[tuple[str, str, str]]) -> int:
    """Keep accepted names as aliases, so that they match by themselves from now on."""
    areas = {a.code: a for a in Area.objects.current().filter(code__in={c for *_, c in accepted})}
    made = 0
    for name, _district, code in accepted:
        alias, created = AreaAlias.objects.get_or_create(
            area=areas[code],
            key=name_key(name),
            defaults={"name": name, "origin": AreaAlias.Origin.CONFIRMED},
        )
        if alias.origin not in SURE:
            alias.origin = AreaAlias.Origin.CONFIRMED
            alias.save(update_fields=["origin"])
        made += created
    return made
