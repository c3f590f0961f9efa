"""How a dossier was made, what to mind, and how to cite it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from geo.areas.queries import regency
from geo.documents.queries.dossiers.figures import Line
from geo.documents.queries.dossiers.subjects import Subject
from geo.documents.queries.words import boundary_line, day_line
from geo.investment.queries import wording


def method_steps(subject: Subject) -> list[str]:
    """How the dossier came about, in plain sentences."""
    moment = date_format(timezone.localtime(subject.moment), "DATETIME_FORMAT")
    steps = [
        _(
            "Every figure was read as it stood on this site on %(moment)s. What was published or "
            "corrected later does not change this dossier."
        )
        % {"moment": moment},
        _(
            "Shown are the figures that this site offers to investors, each in its latest period "
            "that most areas have reported."
        ),
        _(
            "Totals of districts and of the regency add up those of their villages; rates are "
            "computed from the totals, never as a mean of percentages."
        ),
        _(
            "Verified: an office named under the sources has confirmed the figure. Not yet "
            "verified: it was entered, and nobody has confirmed it. Estimated: it was computed, "
            "not counted. Withheld: so few persons that they could be recognised."
        ),
    ]
    if subject.ranking:
        steps += [f"{head} {text}" for head, text in _ranking_steps(subject)]
        steps.append(wording.method_sources())
    return steps


def _ranking_steps(subject: Subject) -> list[tuple[str, str]]:
    assert subject.ranking is not None  # noqa: S101 for the type checker: asked by the caller
    return wording.method_steps(subject.ranking.wish, subject.ranking.n_variations)


def caveats(subject: Subject, lines: Sequence[Line]) -> list[str]:
    """What a reader has to keep in mind."""
    said = [
        _(
            "This dossier is information. It is not an offer, not a permit and not advice; land "
            "prices, ownership and zoning have to be asked of the offices in charge."
        ),
        boundary_line(subject.areas[0]),
        _(
            "A missing figure is not zero: nobody has reported it. Facilities, ways and "
            "opportunities are those known to this site on the day the dossier was made."
        ),
    ]
    partial = [cell.coverage for line in lines for cell in line.cells if cell.coverage]
    if partial:
        text = _(
            "“%(coverage)s” beside a figure says of how many villages it is made, and how many "
            "there are: of the others there is none. A partial total, and a rate or mean of less "
            "than two thirds of the villages, has no rank and no bar."
        )
        said.append(text % {"coverage": partial[0]})
    return said + [f"{'; '.join(names)}: {text}" for text, names in _by_caveat(lines).items()]


def _by_caveat(lines: Sequence[Line]) -> dict[str, list[str]]:
    """What the sectors say of their figures, each once, with the figures it is said of."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.indicator.caveat:
            found.setdefault(line.indicator.caveat, []).append(line.indicator.name)
    return found


def citation(subject: Subject, code: str, address: str) -> str:
    """One line for a list of references."""
    facts = {
        "site": f"Peta {regency().name}",
        "title": subject.title,
        "code": code,
        "day": day_line(subject.moment),
        "address": address,
    }
    return _("%(site)s: “%(title)s”, dossier %(code)s, figures of %(day)s. %(address)s") % facts
