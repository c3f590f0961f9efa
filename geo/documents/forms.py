"""What a dossier shall be about, as an address says it."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area
from geo.areas.queries import find_areas
from geo.documents.queries.dossiers import (
    MOST_AREAS,
    Subject,
    find_dossier,
    first_published_on,
)
from geo.documents.queries.words import day_line
from geo.indicators.queries import end_of_day, read_day
from geo.investment import queries as investment
from geo.investment.forms import WishReader, read_level
from geo.investment.queries import Ranking
from geo.investment.rules import findings_of, problems_of
from geo.lib.errors import GeoError, UnknownChoice
from geo.opportunities.queries import find_opportunity

N_FIRST = 5
WISH_PREFIXES = ("w.", "d.", "min.", "max.")


class NoDossier(GeoError):
    """Nothing was named that a dossier could be about."""

    template = _(
        "The link names no area. Choose villages or districts on the page to compare, or let the "
        "page to find a place rank them, and ask for the dossier there."
    )


class TooManyForDossier(GeoError):
    """More areas than a table on paper can hold."""

    template = _("%(found)s areas are too many for one dossier; choose up to %(most)s.")


class NotRanked(GeoError):
    """The ranking that the dossier shall hold does not exist."""

    template = _("There is no ranking for the dossier. %(problems)s")


class BeforeAll(GeoError):
    """The pinned day lies before anything was published."""

    template = _(
        "On %(day)s nothing had been published yet: the first figures on this site are of "
        "%(first)s. Choose that day or a later one."
    )


class NotYet(GeoError):
    """The pinned day lies in the future."""

    template = _("%(day)s lies in the future. Choose today, %(today)s, or an earlier day.")


def read_subject(query: QueryDict, *, moment: datetime.datetime | None = None) -> Subject:
    """What the dossier of an address is about.

    Parameters
    ----------
    moment
        Stands before what the address says; a job gives that of its dossier.

    Raises
    ------
    NoDossier, TooManyForDossier, NotRanked, BeforeAll, NotYet, UnknownArea, UnknownChoice,
    UnknownDossier, UnknownOpportunity
    """
    pinned = _pinned(query) if moment is None else moment
    past = pinned if pinned and _is_over(pinned) else None
    if query.get("peluang"):
        offer = find_opportunity(query["peluang"], past)
        now = pinned or timezone.now()
        areas = find_areas([offer.area.code])
        return Subject(areas, None, now, is_past=past is not None, opportunity=offer)
    ranking = _ranking(query, past)
    return Subject(
        areas=_areas(query, ranking),
        ranking=ranking,
        moment=pinned or timezone.now(),
        is_past=past is not None,
    )


def _is_over(moment: datetime.datetime) -> bool:
    return moment < timezone.now()


def _areas(query: QueryDict, ranking: Ranking | None) -> list[Area]:
    codes = list(dict.fromkeys(code for code in query.getlist("a") if code))
    if len(codes) > MOST_AREAS:
        raise TooManyForDossier(found=len(codes), most=MOST_AREAS)
    if codes:
        areas = find_areas(codes)
    else:
        areas = [entry.area for entry in ranking.entries[:N_FIRST]] if ranking else []
    if not areas:
        raise NoDossier
    return areas


def _ranking(query: QueryDict, moment: datetime.datetime | None) -> Ranking | None:
    """The ranking of the address; None where it asks for none."""
    if not any(name.startswith(WISH_PREFIXES) for name in query):
        return None
    offered = investment.offered_criteria(read_level(query), moment)
    reader = WishReader(query, offered, investment.districts(), investment.presets())
    problems = reader.problems + problems_of(
        reader.wish, offered, is_understood=not reader.problems
    )
    ranking = None if problems else investment.read_ranking(reader.wish, offered, moment)
    problems += findings_of(ranking) if ranking else []
    if ranking is None or problems:
        raise NotRanked(problems=" ".join(problems))
    return ranking


def _pinned(query: QueryDict) -> datetime.datetime | None:
    """The moment that the address names: that of another dossier, or the end of a day."""
    twin = query.get("kembaran")
    return find_dossier(twin).pinned_at if twin else _moment(query.get("per", ""))


def _moment(found: str) -> datetime.datetime | None:
    """The end of the day that ``found`` names; None where it is today, or none is named."""
    day = read_day(found)
    if day is None:
        return None
    today, first = timezone.localdate(), first_published_on()
    if day > today:
        raise NotYet(day=day_line(day), today=day_line(today))
    if first is None or day < first:
        raise BeforeAll(day=day_line(day), first=day_line(first))
    if day == today:
        return None
    return end_of_day(day)


def candidates(subject: Subject) -> list[Area]:
    """The areas to choose from: those named, and the first of the ranking."""
    ranked = [entry.area for entry in subject.ranking.entries] if subject.ranking else []
    found = {area.code: area for area in [*subject.areas, *ranked[:MOST_AREAS]]}
    return list(found.values())[:MOST_AREAS]


def read_language(query: QueryDict) -> str:
    """The language the dossier shall be in; that of the page where none is named."""
    found = query.get("bahasa") or get_language() or settings.LANGUAGE_CODE
    allowed = [code for code, _name in settings.LANGUAGES]
    if found not in allowed:
        raise UnknownChoice(name="bahasa", found=found[:40], allowed=", ".join(allowed))
    return found
