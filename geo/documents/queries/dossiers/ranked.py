"""The ranking that a shortlist comes from, written out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from geo.areas.models import Area, Level
from geo.documents.queries.words import number
from geo.investment.queries import Criterion, Entry, Exclusion, Ranking, wording
from geo.investment.queries.rankings import Part
from geo.templatetags import geo as words

# Colours of the parts of a score, the weightiest criterion first.
COLOURS = (
    "#0d5c63", "#c8791a", "#7b4fa3", "#3b8f96", "#a3262a", "#5f8f3e",
    "#15596f", "#b2558a", "#8a6d1f", "#46606a", "#d08f6a", "#6a7fb5",
)  # fmt: skip


def ranking_part(ranking: Ranking, areas: Sequence[Area]) -> dict[str, Any]:
    """Criteria, contributions and firmness of the areas of a dossier; the first place too."""
    chosen = {area.code for area in areas}
    shown = [entry for entry in ranking.entries if entry.area.code in chosen]
    ranked = {entry.area.code for entry in shown}
    return {
        "summary": _summary(ranking, shown),
        "counts": _counts(ranking),
        "limits": [_limit(one) for one in ranking.exclusions],
        "criteria": [_criterion(one) for one in ranking.criteria_in_order],
        "entries": [_entry(entry, ranking) for entry in shown],
        "unranked": [_unranked(area, ranking) for area in areas if area.code not in ranked],
        "method": [list(step) for step in wording.method_steps(ranking.wish, ranking.n_variations)],
        "method_sources": wording.method_sources(),
        "no_advice": wording.no_advice(),
        "query": ranking.wish.query,
        "words": _words(ranking),
    }


def _words(ranking: Ranking) -> dict[str, str]:
    return {
        "criterion": _("Criterion"),
        "weight": _("Weight"),
        "direction": _("Wanted"),
        "period": _("Period"),
        "reported": _("Reported"),
        "unit": _("Unit"),
        "place": _("Place"),
        "score": _("Points of 100"),
        "parts": _("What each criterion adds"),
        "tops": _("Stays in the first 5 / 10, of %(n)s variations")
        % {"n": number(ranking.n_variations, 0)},
        "limits": _("Hard limits"),
    }


def _summary(ranking: Ranking, shown: Sequence[Entry]) -> str:
    if not shown:
        return _("None of these areas is ranked by these criteria.")
    best = shown[0]
    n_sharing = sum(entry.rank == best.rank for entry in ranking.entries)
    facts = {
        "n": n_sharing,
        "name": words.title(best.area),
        "rank": best.rank,
        "of": len(ranking.entries),
        "score": number(best.score, 1),
        "top": number(best.tops[0], 0),
        "all": number(ranking.n_variations, 0),
    }
    if n_sharing > 1:
        text = _(
            "%(name)s is one of %(n)s places that share rank %(rank)s of %(of)s, each with "
            "%(score)s of 100 points: these criteria do not tell them apart."
        )
        return text % facts
    return (
        _(
            "%(name)s has rank %(rank)s of %(of)s with %(score)s of 100 points, and stays among "
            "the first five in %(top)s of %(all)s variations of the weights."
        )
        % facts
    )


def _counts(ranking: Ranking) -> str:
    facts = {
        "all": len(ranking.places),
        "out": len(ranking.excluded),
        "ranked": len(ranking.entries),
        "apart": len(ranking.apart),
    }
    return (
        _(
            "%(all)s places were looked at; %(out)s were left out by limits, %(ranked)s were "
            "ranked, and of %(apart)s too little is known."
        )
        % facts
    )


def _limit(one: Exclusion) -> str:
    facts = {"limit": one.said, "n": one.n_left}
    return _("%(limit)s (leaves %(n)s places)") % facts


def _criterion(one: Criterion) -> dict[str, Any]:
    column = one.column
    weight = _("a limit only")
    if one.weight:
        weight = f"{one.weight} ({number(one.share_percent, 0)}%)"
    return {
        "name": one.indicator.name,
        "unit": words.unit_name(one.indicator),
        "period": words.period(column.period),
        "weight": weight,
        "direction": _("less is better") if one.is_lower else _("more is better"),
        "reported": f"{column.reported}/{column.expected}",
        "colour": COLOURS[(one.number - 1) % len(COLOURS)],
    }


def _entry(entry: Entry, ranking: Ranking) -> dict[str, Any]:
    above = entry.area.parent
    within = above.name if above and entry.area.level == Level.VILLAGE else ""
    top5, top10 = entry.tops
    return {
        "code": entry.area.code,
        "rank": str(entry.rank),
        "name": words.title(entry.area),
        "within": within,
        "score": number(entry.score, 1),
        "tops": f"{number(top5, 0)} / {number(top10, 0)}",
        "known": _known(entry),
        "parts": [_part(part) for part in entry.parts],
    }


def _known(entry: Entry) -> str:
    """What a gap can do to the score; blank where there is none."""
    if not entry.is_partly_known:
        return ""
    facts = {
        "percent": number(entry.known_percent, 0),
        "low": number(entry.lowest_score, 1),
        "high": number(entry.highest_score, 1),
    }
    text = _("scored on %(percent)s%% of the weight; %(low)s to %(high)s once all is known")
    return text % facts


def _part(part: Part) -> dict[str, Any]:
    criterion = part.criterion
    figure = words.with_unit(part.figure, criterion.indicator)
    return {
        "name": criterion.indicator.name,
        "figure": f"{figure} ({part.coverage})" if part.coverage else figure,
        "adds": number(part.adds, 1) if part.points is not None else "–",
        "start": round(part.start, 2),
        "width": round(part.adds, 2),
        "colour": COLOURS[(criterion.number - 1) % len(COLOURS)],
    }


def _unranked(area: Area, ranking: Ranking) -> str:
    reason = _("left out by a limit")
    if any(area.code == one.code for one, _share in ranking.apart):
        reason = _("too little is known of it")
    elif area.code not in {place.code for place in ranking.places}:
        reason = _("not of the level that was ranked")
    return _("%(name)s is not ranked: %(reason)s.") % {
        "name": words.title(area),
        "reason": reason,
    }
