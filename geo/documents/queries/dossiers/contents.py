"""All that a dossier says, every word and number ready for its page and for the typesetter."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.areas.queries import regency
from geo.documents.queries.dossiers.around import area_parts, opportunity_rows
from geo.documents.queries.dossiers.caveats import caveats, citation, method_steps
from geo.documents.queries.dossiers.figures import Told, read_lines, sources_of
from geo.documents.queries.dossiers.offers import offer_part
from geo.documents.queries.dossiers.photos import photo_parts
from geo.documents.queries.dossiers.pictures import overview
from geo.documents.queries.dossiers.ranked import ranking_part
from geo.documents.queries.dossiers.sections import figure_sections, highlights
from geo.documents.queries.dossiers.shapes import shapes_of
from geo.documents.queries.dossiers.subjects import Subject
from geo.documents.queries.words import common_facts, mark_of, number, source_line
from geo.indicators.models import Source
from geo.templatetags import geo as wording

# Rises when contents are put together in another way.
EDITION = 3


def dossier_contents(
    subject: Subject, *, code: str, address: str, progress: Told = lambda _share: None
) -> dict[str, Any]:
    """Everything about a subject, as of its moment, in the language that is active.

    Parameters
    ----------
    address
        Where the dossier itself is found.
    progress
        Is told which share has been read.
    """
    codes = subject.ranking.wish.codes if subject.ranking else []
    lines = read_lines(subject.beside, codes, subject.moment, progress)
    sources = sources_of(lines)
    numbers = {pk: n for n, pk in enumerate(sources, start=1)}
    return {
        **common_facts(address),
        "edition": EDITION,
        "code": code,
        "title": subject.title,
        "subtitle": _subtitle(subject),
        "pinned": _pinned(subject),
        "mark": mark_of(_is_demo(subject, sources)),
        "cover_facts": _cover_facts(subject, code),
        "areas": [
            area_parts(area, n, subject, lines) for n, area in enumerate(subject.areas, start=1)
        ],
        "columns": [_column(area, n) for n, area in enumerate(subject.beside, start=1)],
        "highlights": highlights(lines) if len(subject.areas) == 1 else [],
        "sections": figure_sections(lines, subject.beside, numbers),
        "ranking": ranking_part(subject.ranking, subject.areas) if subject.ranking else None,
        "opportunity": offer_part(subject.opportunity) if subject.opportunity else None,
        "photos": photo_parts(subject),
        "opportunities": opportunity_rows(subject),
        "sources": [[str(numbers[pk]), source_line(one)] for pk, one in sources.items()],
        "method": method_steps(subject),
        "caveats": caveats(subject, lines),
        "citation": citation(subject, code, address),
        "footer": f"{subject.title} · {code}",
        "words": {**common_facts(address)["words"], **_headings(subject)},
        **overview(subject),
        "shapes": shapes_of([area.code for area in subject.beside], subject.moment),
    }


def _subtitle(subject: Subject) -> str:
    if len(subject.areas) > 1:
        return wording.title(regency())
    if subject.opportunity:
        return " · ".join(wording.title(area) for area in subject.beside)
    return " · ".join(wording.title(area) for area in subject.beside[1:])


def _pinned(subject: Subject) -> str:
    moment = date_format(timezone.localtime(subject.moment), "DATETIME_FORMAT")
    return _("Figures as they stood on %(moment)s.") % {"moment": moment}


def _is_demo(subject: Subject, sources: dict[int, Source]) -> bool:
    ranked = subject.ranking is not None and subject.ranking.is_demo
    offered = subject.opportunity is not None and subject.opportunity.source.is_demo
    return ranked or offered or any(source.is_demo for source in sources.values())


def _cover_facts(subject: Subject, code: str) -> list[list[str]]:
    entries = [
        [_("Dossier"), code],
        [_("Figures of"), date_format(timezone.localtime(subject.moment), "DATETIME_FORMAT")],
    ]
    if len(subject.areas) == 1:
        area = subject.areas[0]
        entries.append([_("Code of the area"), area.code])
        entries.append([_("Surface area"), _surface(area)])
        boundary = str(area.get_boundary_status_display()) if area.boundary_status else ""
        entries.append([_("Boundary"), boundary or _("No boundary yet")])
    return entries


def _surface(area: Area) -> str:
    return f"{number(area.area_km2, 1)} km²" if area.area_km2 else _("No boundary yet")


def _column(area: Area, n: int) -> dict[str, str]:
    within = area.parent.name if area.level == Level.VILLAGE and area.parent else ""
    return {"number": str(n), "name": area.name, "within": within, "code": area.code}


def _headings(subject: Subject) -> dict[str, str]:
    is_one = len(subject.areas) == 1
    return {
        "eyebrow": _("Investment dossier"),
        "areas": _("The area") if is_one else _("The areas"),
        "figures": _("Key figures") if is_one else _("Figures side by side"),
        "figures_note": _figures_note(is_one),
        "indicator": _("Figure"),
        "rank": _("Rank"),
        "status": _("State"),
        "period": _("Period"),
        "source": _("Source"),
        "access": _("How to get there"),
        "nearest": _("Nearest facilities"),
        "ambulance": _("Ambulance"),
        "ranking": _("How the places were chosen"),
        "opportunity": _("The opportunity"),
        "photos": _("Photos"),
        "opportunities": _("Investment opportunities nearby"),
        "method": _("How this was made"),
        "caveats": _("What to mind"),
        "sources": _("Sources"),
        "cite": _("How to cite"),
        "contents": _("Contents"),
    }


def _figures_note(is_one: bool) -> str:
    if is_one:
        return _(
            "Each figure in its latest period. The rank counts from the highest figure of all "
            "areas of the same level that can be compared: of minutes, distances and hazards the "
            "last rank is the best."
        )
    return _(
        "Each figure in its latest period. Bars of one line share a scale that begins at zero. "
        "A figure without a remark is verified; the small number is its rank, from the highest, "
        "among all areas of the same level that can be compared: of minutes, distances and "
        "hazards the last rank is the best."
    )
