"""What is wrong with a wish, in words: before it is answered, and once the answer is known."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.indicators.models import Indicator
from geo.investment.queries import Limit, Offered, Ranking, Wish
from geo.investment.queries.wording import end_in_words, limit_in_words
from geo.lib.errors import GeoError


class NoRanking(GeoError):
    """A file was asked for, and there is no ranking to put into it."""

    template = gettext_lazy("There is no ranking to take along. %(problems)s")


# Whoever weighs more things at once has not decided what matters.
MOST_CRITERIA = 12


def problems_of(wish: Wish, offered: Sequence[Offered], *, is_understood: bool) -> list[str]:
    """Everything that stands against answering a wish; empty where nothing does.

    Parameters
    ----------
    is_understood
        Whether all of the address could be read: only then have weights that are all 0
        been meant.
    """
    by_code = {one.code: one.indicator for one in offered}
    problems = [
        _contradiction(by_code[code], limit)
        for code, limit in wish.limits.items()
        if limit.contradicts_itself
    ]
    if not wish.weights and is_understood:
        problems.append(
            _(
                "All weights are 0, so nothing tells the places apart. Give at least one "
                "criterion a weight from 1 to 5, or begin with one of the examples."
            )
        )
    if len(wish.weights) > MOST_CRITERIA:
        text = _(
            "%(found)s criteria have a weight; at most %(most)s can be weighed against each "
            "other. Set the least important ones to 0."
        )
        problems.append(text % {"found": len(wish.weights), "most": MOST_CRITERIA})
    return problems


def findings_of(ranking: Ranking) -> list[str]:
    """Why a wish that can be read has no answer; empty where it has one."""
    problems = [_unknown_limit(one, ranking) for one in ranking.empty if _limits(ranking, one)]
    if problems:
        return problems
    if not any(one.weight for one in ranking.criteria):
        names = ", ".join(f"“{one.name}”" for one in ranking.empty)
        text = _(
            "Nobody has reported %(names)s for this level yet, and no other criterion has a "
            "weight. Choose another criterion, or the other level."
        )
        return [text % {"names": names}]
    if ranking.entries or ranking.apart:
        return []
    return [_nothing_left(ranking)]


def notes_of(ranking: Ranking) -> list[str]:
    """What has to be known of an answer: criteria that could not count."""
    text = _("“%(name)s” has no figures for this level and does not count; the others do.")
    return [text % {"name": one.name} for one in ranking.empty]


def _contradiction(indicator: Indicator, limit: Limit) -> str:
    text = _(
        "Two limits contradict each other: “%(name)s” shall be at least %(low)s and at most "
        "%(high)s. No figure is both; change one of them."
    )
    low, high = end_in_words(indicator, limit.at_least), end_in_words(indicator, limit.at_most)
    return text % {"name": indicator.name, "low": low, "high": high}


def _limits(ranking: Ranking, indicator: Indicator) -> bool:
    limit = ranking.wish.limits.get(indicator.code)
    return limit is not None and limit.is_set


def _unknown_limit(indicator: Indicator, ranking: Ranking) -> str:
    text = _(
        "The limit “%(limit)s” excludes every place: nobody has reported this figure for this "
        "level yet. Take the limit away."
    )
    return text % {"limit": limit_in_words(indicator, ranking.wish.limits[indicator.code])}


def _nothing_left(ranking: Ranking) -> str:
    """Which limit alone excludes everything, or that only all of them together do."""
    alone = [one for one in ranking.exclusions if not one.n_left]
    if alone:
        text = _("No place is left. By itself, this excludes every one: %(limits)s. Loosen it.")
        return text % {"limits": "; ".join(one.said for one in alone)}
    counts = [
        _("%(limit)s (leaves %(n)s)") % {"limit": one.said, "n": one.n_left}
        for one in ranking.exclusions
    ]
    if ranking.n_elsewhere:
        n = len(ranking.places) - ranking.n_elsewhere
        counts.append(_("the chosen districts (leave %(n)s)") % {"n": n})
    if ranking.n_incomplete:
        text = _("every figure known (excludes %(n)s more)")
        counts.append(text % {"n": ranking.n_incomplete})
    text = _("No place meets everything at once: %(limits)s. Loosen one of them.")
    return text % {"limits": "; ".join(counts)}
