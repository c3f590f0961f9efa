"""What has to go along with figures that leave the site, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from geo.indicators.models import Frequency, Indicator, RollUp, Source, Status
from geo.indicators.queries import Figures
from geo.lib.units import UNITS
from geo.opendata.queries import DEMO_MARK, TABLE_HEADER
from geo.opendata.queries.sectors import Reading

COLUMNS = {
    "code": _("code of the area by the Ministry of Home Affairs"),
    "bps_code": _("code of the area by Statistics Indonesia"),
    "name": _("name of the area"),
    "district": _("district in which a village lies"),
    "indicator": _("code of what is measured"),
    "period": _("2024, 2024-Q1 (quarter) or 2024-03 (month)"),
    "value": _("the figure; empty where there is none, zero is a figure"),
    "unit": _("code of the unit"),
    "status": _("what stands behind the figure, or behind its absence"),
    "reported": _("lowest areas that have reported"),
    "expected": _("lowest areas that should report"),
    "source": _("source of the figure"),
}
TOPICS = {
    "about": _("Contents"),
    "made": _("Made on"),
    "filter": _("Filter"),
    "definition": _("Definition"),
    "caveat": _("Mind"),
    "unit": _("Unit"),
    "roll_up": _("Rolled up"),
    "reported": _("Reported"),
    "periods": _("Periods"),
    "coverage": _("Coverage in the latest period"),
    "source": _("Source"),
    "licence": _("Licence"),
    "verified": _("Verified by"),
    "column": _("Column"),
    "status": _("Status"),
    "demo": _("Sample data"),
}
MADE_UP = _("Figures marked %(mark)s are invented for demonstration. Do not use them.")
NOT_STATED = _("not stated")


def both(text: Any) -> dict[str, str]:
    """A translated text in both languages."""
    said = {}
    for language in ("id", "en"):
        with override(language):
            said[language] = str(text)
    return said


def describe(reading: Reading, *, title: dict[str, str], asked: dict[str, Any]) -> dict[str, Any]:
    """What is said of figures that have been read to the end.

    Parameters
    ----------
    reading
        Already iterated: its sources and coverage are known.
    title
        What the file holds, by language.
    asked
        The parameters of the question; empty ones are left out.
    """
    sources = [reading.sources[pk] for pk in sorted(reading.sources)]
    return {
        "title": title,
        "made": timezone.localdate().isoformat(),
        "filters": {name: str(value) for name, value in asked.items() if value is not None},
        "demo": any(source.is_demo for source in sources),
        "indicators": [_indicator(ends) for ends in reading.covered.values()],
        "sources": [_source(source) for source in sources],
        "columns": [{"name": name, **both(COLUMNS[name])} for name in TABLE_HEADER],
        "statuses": [{"code": one.value, **both(one.label)} for one in Status],
    }


def _indicator(ends: list[Figures]) -> dict[str, Any]:
    first, last = ends
    one: Indicator = last.indicator
    unit = UNITS[one.unit]
    return {
        "code": one.code,
        "name": {"id": one.name_id, "en": one.name_en},
        "definition": {"id": one.definition_id, "en": one.definition_en},
        "caveat": {"id": one.caveat_id, "en": one.caveat_en},
        "unit": {"code": one.unit, "id": unit.name("id"), "en": unit.name("en")},
        "decimals": one.decimals,
        "roll_up": {"code": one.roll_up, **both(RollUp(one.roll_up).label)},
        "frequency": {"code": one.frequency, **both(Frequency(one.frequency).label)},
        "level": last.level,
        "sensitive": one.sensitive,
        "periods": {"first": first.period, "last": last.period},
        "coverage": {"reported": last.reported, "expected": last.expected},
        "source": {"id": one.source_id_text, "en": one.source_en_text},
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "licence": source.licence,
        "address": source.address,
        "is_demo": source.is_demo,
        "verified_by": source.verified_by,
        "verified_on": source.verified_on and source.verified_on.isoformat(),
        "recorded": timezone.localtime(source.recorded_at).date().isoformat(),
    }


KEEPING = ["topic", "name", "id", "en"]


def description_rows(described: dict[str, Any]) -> list[list[str]]:
    """The description as a table: topic (in both languages), of what, Indonesian, English."""
    rows = [_row("about", "", described["title"]), _row("made", "", described["made"])]
    if described["demo"]:
        said = {language: text % {"mark": DEMO_MARK} for language, text in both(MADE_UP).items()}
        rows.append(_row("demo", "", said))
    rows += [_row("filter", name, value) for name, value in described["filters"].items()]
    for one in described["indicators"]:
        rows += _indicator_rows(one)
    for source in described["sources"]:
        rows += _source_rows(source)
    rows += [_row("column", one["name"], one) for one in described["columns"]]
    return rows + [_row("status", one["code"], one) for one in described["statuses"]]


def _row(topic: str, name: str, said: dict[str, str] | str) -> list[str]:
    words = both(TOPICS[topic])
    by_language = {"id": said, "en": said} if isinstance(said, str) else said
    return [f"{words['id']} / {words['en']}", name, by_language["id"], by_language["en"]]


def _indicator_rows(one: dict[str, Any]) -> list[list[str]]:
    code = one["code"]
    ends = one["periods"]
    counts = f"{one['coverage']['reported']}/{one['coverage']['expected']}"
    rows = [
        _row("about", code, one["name"]),
        _row("definition", code, one["definition"]),
        _row("caveat", code, one["caveat"]),
        _row("unit", code, one["unit"]),
        _row("roll_up", code, one["roll_up"]),
        _row("reported", code, one["frequency"]),
        _row("periods", code, f"{ends['first']} – {ends['last']}"),
        _row("coverage", code, counts),
        _row("source", code, one["source"]),
    ]
    return [row for row in rows if row[2]]


def _source_rows(source: dict[str, Any]) -> list[list[str]]:
    title = f"{source['title']} ({DEMO_MARK})" if source["is_demo"] else source["title"]
    said = ", ".join(filter(None, [source["publisher"], source["address"], source["recorded"]]))
    rows = [_row("source", title, said)]
    rows.append(_row("licence", title, source["licence"] or both(NOT_STATED)))
    if source["verified_by"]:
        by = f"{source['verified_by']}, {source['verified_on'] or '–'}"
        return [*rows, _row("verified", title, by)]
    return [*rows, _row("verified", title, both(NOT_STATED))]


def description_text(described: dict[str, Any]) -> str:
    """The description as a plain text, first in Indonesian, then in English."""
    rows = description_rows(described)
    return "\r\n".join([*_lines(rows, 2), "", "—" * 60, "", *_lines(rows, 3)]) + "\r\n"


def _lines(rows: Iterable[list[str]], column: int) -> list[str]:
    return [
        f"{row[0].split(' / ')[column - 2]}{f' ({row[1]})' if row[1] else ''}: {row[column]}"
        for row in rows
    ]
