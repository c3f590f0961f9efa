"""Telling an area on its own submission that others replaced its figures, or gave them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.accounts.queries import people_of_each
from geo.lib.grids import Change
from geo.submissions.kinds import kind_of
from geo.submissions.models import Act, Publication, Replacement, Submission, SubmissionEvent
from geo.submissions.queries.forms import Form
from geo.submissions.rules.reviewing import AUTHORSHIP, authors_of
from geo.submissions.services.events import record_each

# By id of a submission, cells of it.
Cells = Mapping[int, Sequence[Change]]
CONTENT = [f"current__{name}" for name in ("content", "issues", "reasons", "answers")]


def tell_replaced(
    *, publication: Publication, form: Form, changes: Sequence[Change], by: User
) -> list[SubmissionEvent]:
    """Tell each area on its own submission which of its figures a publication replaced.

    Call it in the transaction that published. An area is told once, on the
    latest of its submissions that lost a figure; what it sent itself replaces
    without a word, and so does what leaves a figure as it was. The number of
    queries does not grow with the areas.

    Parameters
    ----------
    changes
        Cells before and after, as ``Kind.changes`` found them before publishing.
    """
    cells = _replaced(publication, form, changes)
    note = publication.submission.note
    return _tell(Act.REPLACED, publication, cells, by=by, note=note)


def tell_restored(
    *, publication: Publication, form: Form, by: User, note: str
) -> list[SubmissionEvent]:
    """Tell those who were told of a replacement which of their figures stand again.

    Call it in the transaction that took ``publication`` back.
    """
    told = Replacement.objects.filter(publication=publication, event__act=Act.REPLACED)
    noted = list(told.values_list("event__submission", "changes"))
    standing = kind_of(form.dataset).standing(form) if noted else {}
    cells: dict[int, list[Change]] = {}
    for submission_id, changes in noted:
        were = [Change(*one) for one in changes]
        again = [one for one in were if standing.get(one.key, {}).get(one.column) == one.old]
        if again:
            cells[submission_id] = [_turned(one) for one in again]
    return _tell(Act.RESTORED, publication, cells, by=by, note=note)


def _turned(one: Change) -> Change:
    return Change(one.key, one.label, one.column, old=one.new, new=one.old)


def _replaced(publication: Publication, form: Form, changes: Sequence[Change]) -> Cells:
    """By the latest submission of an area itself, which of its cells were replaced."""
    lost = [one for one in changes if one.old is not None]
    own = _own_sources(publication, form) if lost else {}
    if not own:
        return {}
    moment = publication.published_at
    ended = kind_of(form.dataset).ended(form, sources=own.keys(), moment=moment)
    by_area: dict[str, list[Change]] = defaultdict(list)
    latest: dict[str, int] = {}
    for one in lost:
        source = ended.get((one.key, one.column))
        if source is not None:
            by_area[one.key].append(one)
            latest[one.key] = max(latest.get(one.key, 0), own[source])
    return {latest[key]: cells for key, cells in by_area.items()}


def _own_sources(publication: Publication, form: Form) -> dict[int, int]:
    """Sources under which the form's areas published themselves, with their submissions."""
    rows = Publication.objects.filter(
        submission__dataset=form.dataset,
        submission__period=form.period,
        submission__area__in=[area.pk for area in form.areas],
    ).exclude(submission=publication.submission_id)
    found = rows.order_by().values_list("source", "verified_source", "submission")
    return {source: submission for *sources, submission in found for source in sources if source}


def _tell(
    act: str, publication: Publication, cells: Cells, *, by: User, note: str
) -> list[SubmissionEvent]:
    if not cells:
        return []
    told = _people(publication, cells, by)
    events = record_each(told=told, act=act, by=by, note=note)
    Replacement.objects.bulk_create(
        Replacement(
            event=event, publication=publication, changes=_noted(cells[event.submission_id])
        )
        for event in events
    )
    return events


def _noted(changes: Iterable[Change]) -> list[list[Any]]:
    return [[one.key, one.label, one.column, one.old, one.new] for one in changes]


def _people(publication: Publication, cells: Cells, by: User) -> dict[Submission, set[int]]:
    """By submission, whom to tell of it; without those whose area brought it about itself."""
    rows = Submission.objects.filter(pk__in=cells).order_by("pk")
    # Their cells are not wanted here.
    theirs = list(rows.select_related("current").defer(*CONTENT))
    sector_id = publication.submission.dataset.sector_id
    areas = {one.area_id for one in theirs}
    answering = people_of_each(Right.REPORT, area_ids=areas, sector_id=sector_id)
    authors = _active_authors(theirs)
    hands = authors_of(publication.submission)
    return {
        one: (authors[one.pk] | answering.get(one.area_id, set())) - hands - {by.pk}
        for one in theirs
        if not hands & answering.get(one.area_id, set())
    }


def _active_authors(submissions: Sequence[Submission]) -> dict[int, set[int]]:
    """By id of a submission, everybody who had a hand in its current version and is still here."""
    found: dict[int, set[int]] = defaultdict(set)
    for one in submissions:
        found[one.pk].add(one.created_by_id)
        if one.current is not None:
            found[one.pk].add(one.current.created_by_id)
    events = SubmissionEvent.objects.filter(
        submission__in=submissions, act__in=AUTHORSHIP, version=F("submission__current")
    )
    for submission_id, person in events.order_by().values_list("submission", "by"):
        found[submission_id].add(person)
    everybody = {person for people in found.values() for person in people}
    active = set(User.objects.filter(pk__in=everybody, is_active=True).values_list("pk", flat=True))
    return {submission_id: people & active for submission_id, people in found.items()}
