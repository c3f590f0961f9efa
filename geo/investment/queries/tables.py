"""A ranking as a table, and what has to be known of it, for files that leave the site."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from geo.areas.models import Area
from geo.indicators.models import Source
from geo.indicators.queries import Figure
from geo.investment.queries.rankings import Criterion, Part, Ranking
from geo.investment.queries.wording import method_sources, method_steps, no_advice
from geo.lib.periods import format_period
from geo.lib.units import UNITS

Cell = str | int | float | None
DECIMALS = 5  # of a degree: about one metre
FIRST = ["rank", "code", "name", "district", "state", "points", "known_percent"]
KEEPING = ["topic", "id", "en"]


def table_header(ranking: Ranking) -> list[str]:
    """Names of the columns; six for each criterion, under the indicator's code."""
    tops = [f"{top}_of_{ranking.n_variations}" for top in ("top5", "top10")]
    parts = ("", "_status", "_reported", "_expected", "_points", "_adds")
    codes = [one.offered.code for one in ranking.criteria_in_order]
    return [*FIRST, *tops, *(f"{code}{part}" for code in codes for part in parts)]


def table_rows(ranking: Ranking) -> Iterator[list[Cell]]:
    """Every place of the level: the ranked ones first, then those that are not, and why not."""
    places = {place.code: i for i, place in enumerate(ranking.places)}
    for entry in ranking.entries:
        adds = {part.criterion.number: part for part in entry.parts}
        yield [
            entry.rank,
            *_named(entry.area),
            "ranked",
            round(entry.score, 4),
            round(entry.known_percent, 2),
            *entry.tops,
            *_cells(ranking, places[entry.area.code], adds),
        ]
    apart = {area.code: known for area, known in ranking.apart}
    for place in ranking.places:
        if place.code in ranking.excluded or place.code in apart:
            state = "not_judged" if place.code in apart else "left_out"
            known = round(apart[place.code], 2) if place.code in apart else None
            cells = _cells(ranking, places[place.code], {})
            yield [None, *_named(place), state, None, known, None, None, *cells]


def _named(area: Area) -> list[Cell]:
    district = area.parent.name if area.parent and area.level == "village" else ""
    return [area.code, area.name, district]


def _cells(ranking: Ranking, i: int, adds: dict[int, Part]) -> Iterator[Cell]:
    for one in ranking.criteria_in_order:
        figure: Figure = one.column.figures[i]
        part = adds.get(one.number)
        points = part.points if part else None
        yield figure.value
        yield str(figure.status)
        yield figure.reported
        yield figure.expected
        yield None if points is None else round(100 * points, 4)
        yield None if part is None or points is None else round(part.adds, 4)


def features(ranking: Ranking) -> Iterator[str]:
    """Every place as a GeoJSON feature; one without a boundary has no geometry."""
    codes = [place.code for place in ranking.places]
    drawn = Area.objects.current().filter(code__in=codes)
    shapes = dict(
        drawn.annotate(shape=AsGeoJSON("boundary", precision=DECIMALS)).values_list("code", "shape")
    )
    header = table_header(ranking)
    for row in table_rows(ranking):
        known = json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False)
        yield (
            f'{{"type":"Feature","id":"{row[1]}","properties":{known},'
            f'"geometry":{shapes.get(str(row[1])) or "null"}}}'
        )


# --- what has to be known of it ------------------------------------------------------


def description_rows(ranking: Ranking, address: str) -> list[list[str]]:
    """Method, criteria and sources: topic (in both languages), Indonesian, English."""
    rows = []
    for say in _topics(ranking, address):
        said = {}
        for language in ("id", "en"):
            with override(language):
                said[language] = say()
        topics = " / ".join(said[side][0] for side in ("id", "en"))
        rows.append([topics, said["id"][1], said["en"][1]])
    return rows


def _topics(ranking: Ranking, address: str) -> Iterator[Callable[[], tuple[str, str]]]:
    """What is said, each as a function that says it in the language of the moment."""
    yield lambda: (_("Contents"), _("Places ranked by your own weights"))
    yield lambda: (_("Made on"), timezone.localdate().isoformat())
    yield lambda: (_("Address"), address)
    if ranking.is_demo:
        yield lambda: (_("Sample data"), _("Some figures are invented. Do not use this ranking."))
    for one in ranking.criteria_in_order:
        yield lambda one=one: (_("Criterion"), _criterion(one))  # type: ignore[misc]
        for source in one.sources:
            yield lambda source=source: (_("Source"), _source(source))  # type: ignore[misc]
    for limit in ranking.exclusions:
        yield lambda limit=limit: (_("Limit"), limit.said)  # type: ignore[misc]
    for step in range(len(method_steps(ranking.wish, ranking.n_variations))):
        yield lambda step=step: _step(ranking, step)  # type: ignore[misc]
    yield lambda: (_("Source of the method"), method_sources())
    yield lambda: (_("Mind"), no_advice())


def _step(ranking: Ranking, step: int) -> tuple[str, str]:
    heading, text = method_steps(ranking.wish, ranking.n_variations)[step]
    return heading.rstrip("."), text


def _criterion(one: Criterion) -> str:
    text = _(
        "%(name)s (%(code)s), %(unit)s, %(period)s: weight %(weight)s of 5, %(direction)s; "
        "%(reported)s of %(expected)s reported, %(unverified)s not verified"
    )
    side = "en" if get_language() == "en" else "id"
    return text % {
        "name": one.indicator.name,
        "code": one.offered.code,
        "unit": UNITS[one.indicator.unit].name(side),
        "period": format_period(one.column.period, side),
        "weight": one.weight,
        "direction": _("less is better") if one.is_lower else _("more is better"),
        "reported": one.column.reported,
        "expected": one.column.expected,
        "unverified": one.column.n_unverified,
    }


def _source(source: Source) -> str:
    said = [source.title, source.publisher, source.licence, source.address]
    return ", ".join(part for part in said if part)


def description_text(rows: list[list[str]]) -> str:
    """The description as a plain text, first in Indonesian, then in English."""
    sides = [[f"{row[0].split(' / ')[side]}: {row[1 + side]}" for row in rows] for side in (0, 1)]
    return "\r\n".join([*sides[0], "", "—" * 60, "", *sides[1]]) + "\r\n"


def described(rows: list[list[str]]) -> list[dict[str, Any]]:
    """The description for machines."""
    return [dict(zip(KEEPING, row, strict=True)) for row in rows]
