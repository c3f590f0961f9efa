"""The monthly report of population changes (LAMPID) of a village, or of a district's villages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from geo.areas.models import Area, Kind, Level
from geo.areas.queries import ancestors
from geo.documents.queries.words import common_facts, mark_of, number, source_line
from geo.indicators.models import Source
from geo.lib.errors import UnknownPeriod
from geo.lib.periods import format_period
from geo.lib.workbooks.official import OfficialForm, Signature
from geo.population.models import LedgerMonth
from geo.population.queries import book_rows
from geo.population.rules import FIGURE_WORDS

BLOCKS = ("opening", "births", "deaths", "arrivals", "departures", "missing", "closing")
PARTS = ("arrivals_within", "departures_within")
DOTS = "……………………………………"  # to be written over
Cell = str | int | None


@dataclass(frozen=True)
class MonthReport:
    """One month of an area's book: rows of its villages, and the villages that are late."""

    area: Area
    period: str
    rows: Sequence[LedgerMonth]
    late: Sequence[Area]
    sources: Sequence[Source]

    @property
    def is_demo(self) -> bool:
        """Whether anything in it is demonstration data."""
        return any(source.is_demo for source in self.sources)


def read_month(area: Area, period: str) -> MonthReport:
    """Read one month of the book of a village or of a district's villages; three queries.

    Raises
    ------
    UnknownPeriod
        Nobody has reported that month, or the area is the whole regency.
    """
    found = book_rows(area).filter(period=period).select_related("area", "source")
    rows = list(found.defer("area__boundary").order_by("area__code"))
    if not rows or area.level == Level.REGENCY:
        name = _("The book of population changes")
        periods = sorted(set(book_rows(area).values_list("period", flat=True)))
        known = ", ".join(periods[-12:]) or "–"
        raise UnknownPeriod(indicator=name, period=period, known=known)
    reported = {row.area_id for row in rows}
    late: list[Area] = []
    if area.level == Level.DISTRICT:
        villages = Area.objects.current().filter(parent=area).exclude(pk__in=reported)
        late = list(villages.defer("boundary").order_by("code"))
    sources = {row.source_id: row.source for row in rows}
    return MonthReport(area, period, rows, late, list(sources.values()))


def lampid_form(report: MonthReport) -> OfficialForm:
    """The report as an official form: one village downwards, a district one row a village."""
    is_village = report.area.level == Level.VILLAGE
    return OfficialForm(
        title=_("Monthly report of population changes (LAMPID)"),
        sheet="LAMPID",
        facts=_facts(report),
        lead=[_("No."), _("Item") if is_village else _("Village or ward")],
        groups=_village_groups() if is_village else _district_groups(),
        rows=_village_rows(report.rows[0]) if is_village else _district_rows(report),
        total=() if is_village else _total(report.rows),
        notes=_notes(report),
        signatures=_signatures(report),
    )


def lampid_sheet(report: MonthReport, *, address: str) -> dict[str, Any]:
    """All that the printed report says, every number as text."""
    form = lampid_form(report)
    common = common_facts(address)
    return {
        **common,
        "title": form.title,
        "is_wide": report.area.level != Level.VILLAGE,
        "mark": mark_of(report.is_demo),
        "facts": [list(fact) for fact in form.facts],
        "lead": list(form.lead),
        "groups": [[text, list(below)] for text, below in form.groups],
        "rows": [_written(row) for row in form.rows],
        "total": _written(form.total),
        "notes": list(form.notes),
        "signatures": [
            {"above": list(one.above), "below": list(one.below)} for one in form.signatures
        ],
        "footer": f"{common['site']} · {report.area} · {_month(report.period)}",
    }


def _written(row: Sequence[Cell]) -> list[str]:
    return [
        cell if isinstance(cell, str) else "–" if cell is None else number(cell, 0) for cell in row
    ]


def _month(period: str) -> str:
    return format_period(period, get_language() or "id")


def _facts(report: MonthReport) -> list[tuple[str, str]]:
    above = [str(one) for one in reversed(ancestors(report.area))]
    return [
        (_("Area"), ", ".join([str(report.area), *above])),
        (_("Code"), report.area.code),
        (_("Month"), _month(report.period)),
    ]


# --- columns and rows ----------------------------------------------------------------


def _sides() -> list[str]:
    male, female = pgettext("males, short", "M"), pgettext("females, short", "F")
    return [male, female, f"{male}+{female}"]


def _village_groups() -> list[tuple[str, list[str]]]:
    return [(_("Persons"), _sides()), (_("Families (KK)"), [_("Total")])]


def _district_groups() -> list[tuple[str, list[str]]]:
    blocks = [(_name(block), _sides()) for block in BLOCKS]
    return [*blocks, (_("Families (KK)"), [_name("closing")])]


def _name(figure: str) -> str:
    words = str(FIGURE_WORDS[figure])
    return words[:1].upper() + words[1:]


def _counts(row: LedgerMonth, figure: str) -> list[int | None]:
    male, female = (getattr(row, f"{figure}_{sex}") for sex in ("male", "female"))
    return [male, female, None if male is None or female is None else male + female]


def _village_rows(row: LedgerMonth) -> list[list[Cell]]:
    families = {"opening": row.opening_households, "closing": row.closing_households}
    return [
        [str(n), _name(figure), *_counts(row, figure), families.get(figure, "")]
        for n, figure in enumerate((*BLOCKS, *PARTS), start=1)
    ]


def _district_rows(report: MonthReport) -> list[list[Cell]]:
    told = {row.area.code: _district_row(row) for row in report.rows}
    width = 3 * len(BLOCKS) + 1
    late = {area.code: [str(area), *[None] * width] for area in report.late}
    rows = sorted((told | late).items())
    return [[str(n), *cells] for n, (_code, cells) in enumerate(rows, start=1)]


def _district_row(row: LedgerMonth) -> list[Cell]:
    counts = [count for block in BLOCKS for count in _counts(row, block)]
    return [str(row.area), *counts, row.closing_households]


def _total(rows: Sequence[LedgerMonth]) -> list[Cell]:
    columns = zip(*(_district_row(row)[1:] for row in rows), strict=True)
    sums = [sum(c for c in column if isinstance(c, int)) for column in columns]
    return ["", _("Total"), *sums]


# --- below the table -----------------------------------------------------------------


def _notes(report: MonthReport) -> list[str]:
    notes = [
        _("opening + births + arrivals − deaths − departures − missing = closing"),
        _("Citizens and foreigners together."),
    ]
    if report.late:
        told, late = len(report.rows), len(report.late)
        text = _("%(told)s of %(all)s villages have reported; the others show a dash.")
        notes.append(text % {"told": told, "all": told + late})
    heading = _("Source:")
    notes += [f"{heading} {source_line(source)}" for source in report.sources[:3]]
    if report.is_demo:
        notes.insert(0, _("SAMPLE DATA"))
    return notes


def _signatures(report: MonthReport) -> list[Signature]:
    """The head of the village on the right; on the left whom the report goes to."""
    day = f"{report.area.name}, {DOTS}"
    head = _head_of(report.area)
    above = report.area.parent
    left = [_("Seen by"), _head_of(above) if above else "", ""]
    name, number_of_staff = f"( {DOTS} )", f"NIP. {DOTS}"
    return [
        Signature(left, [name, number_of_staff]),
        Signature([day, head, ""], [name, number_of_staff]),
    ]


def _head_of(area: Area) -> str:
    titles = {
        Kind.DESA: _("Head of village"),
        Kind.KELURAHAN: _("Head of ward"),
        Kind.KECAMATAN: _("Head of district"),
    }
    title = titles.get(Kind(area.kind), _("Civil Registry Office"))
    return f"{title} {area.name}"
