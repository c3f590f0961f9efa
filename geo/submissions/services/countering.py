"""Counter-entries: taking back what is verified already, with another person's consent."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.accounts.queries import Act as Right
from geo.indicators.models import Observation, Status
from geo.indicators.services import BuiltUpon
from geo.lib.errors import GeoError
from geo.lib.grids import NO_DATA, Cell, Grid, GridRow, content_hash
from geo.lib.uploads.personal import masked
from geo.population.services import MonthsFollow
from geo.submissions.kinds import kind_of
from geo.submissions.kinds.base import Standing
from geo.submissions.models import (
    OPEN_STATES,
    Act,
    Origin,
    Publication,
    State,
    Submission,
    SubmissionVersion,
)
from geo.submissions.queries.forms import Form
from geo.submissions.rules.reviewing import SayWhy, require_reviewer
from geo.submissions.rules.transitions import require
from geo.submissions.services.events import record
from geo.submissions.services.reviewing import LONGEST_NOTE, locked
from geo.submissions.services.subjects import form_of, lock_subject


class AnotherIsOpen(GeoError):
    """A submission for the same form is on its way already."""

    status = 409
    template = gettext_lazy(
        "For this data set, period and area %(number)s is on its way. Decide about it first; then "
        "a counter-entry can be made."
    )


class AnotherIsWithItsSender(AnotherIsOpen):
    """Nobody but those who bring in can end it: no reviewer decides about it."""

    template = gettext_lazy(
        "For this data set, period and area %(number)s lies with %(maker)s: %(state)s. Ask "
        "%(maker)s to send it or to take it back; then a counter-entry can be made."
    )


class NothingToCounter(GeoError):
    """Taking it back would change no figure of the form."""

    status = 409
    template = gettext_lazy(
        "%(number)s changed no figure that still stands; there is nothing to take back."
    )


@transaction.atomic
def counter(*, submission: Submission, by: User, note: str) -> Submission:
    """Ask for a verified submission to be taken back; somebody else has to approve it.

    Returns
    -------
    Submission
        A new one, waiting for review; it shows what would stand again.

    Raises
    ------
    NotYours, NotNow, WorkGoesOn, SayWhy, AnotherIsOpen, NothingToCounter
    BuiltUpon
        If later publications rest on it.
    """
    lock_subject(form_of(submission))
    submission = locked(submission.pk)
    require_reviewer(submission, by, Right.REVIEW)
    require(submission, Act.COUNTERED)
    note = note.strip()[:LONGEST_NOTE]
    if not note:
        raise SayWhy
    form = form_of(submission)
    _refuse_if_open(form)
    published = submission.publications.latest("published_at")
    grid = _what_would_stand(form, published)
    if not grid.rows:
        raise NothingToCounter(number=submission.number)
    return _written(submission, published, grid, by, note)


def _refuse_if_open(form: Form) -> None:
    others = Submission.objects.about(form.dataset, form.period, form.area)
    open_one = others.filter(state__in=OPEN_STATES).select_related("created_by").first()
    if open_one is None:
        return
    if open_one.state == State.SENT:
        raise AnotherIsOpen(number=open_one.number)
    state, maker = open_one.get_state_display(), open_one.created_by
    raise AnotherIsWithItsSender(number=open_one.number, maker=maker, state=state)


def _what_would_stand(form: Form, published: Publication) -> Grid:
    """The cells that differ if the publication is taken back: tried, read, and rolled back."""
    kind = kind_of(form.dataset)
    now = kind.standing(form)
    trial = transaction.savepoint()
    try:
        take_back(form, published)
        then = kind.standing(form)
    finally:
        transaction.savepoint_rollback(trial)
    labels = {row.key: row.label for row in kind.rows(form)}
    columns = [column.code for column in kind.columns(form)]
    return Grid(columns, _differences(now, then, labels))


def _differences(now: Standing, then: Standing, labels: Mapping[str, str]) -> list[GridRow]:
    rows: list[GridRow] = []
    for key in sorted(now.keys() | then.keys()):
        was, will = now.get(key, {}), then.get(key, {})
        cells: dict[str, Cell] = {
            code: will.get(code, NO_DATA)
            for code in sorted(was.keys() | will.keys())
            if was.get(code) != will.get(code)
        }
        if cells:
            rows.append(GridRow(len(rows) + 1, key, labels.get(key, key), cells))
    return rows


def take_back(form: Form, published: Publication) -> None:
    """Make stand again what stood before a publication: first the verification, then itself."""
    kind, moment = kind_of(form.dataset), timezone.now()
    for source in (published.verified_source, published.source):
        if source is not None:
            with _named_by_number():
                kind.undo(form, source=source, moment=moment)
    _verify_again(form, moment)


def _verify_again(form: Form, moment: datetime.datetime) -> None:
    """Let figures that stand again be as verified as the submission that they are part of.

    When it was verified, others stood in their place, so that nothing was written then.
    """
    unverified = Observation.objects.as_of().filter(
        source=OuterRef("source"), status=Status.UNVERIFIED
    )
    kind = kind_of(form.dataset)
    found = Publication.objects.filter(
        Exists(unverified), submission__dataset=form.dataset, verified_source__isnull=False
    )
    for one in found.select_related("submission", "source", "verified_source"):
        if one.verified_source is not None:
            about = form_of(one.submission)
            kind.verify(about, source=one.source, by=one.verified_source, moment=moment)


@contextmanager
def _named_by_number() -> Iterator[None]:
    """Let a refusal name the submissions that came later: their titles are often the same."""
    try:
        yield
    except (BuiltUpon, MonthsFollow) as refused:
        ids = [source.pk for source in refused.later]
        found = Publication.objects.filter(Q(source__in=ids) | Q(verified_source__in=ids))
        numbers = [one.submission.number for one in found.select_related("submission")]
        if numbers:
            refused.facts["titles"] = "”, “".join(dict.fromkeys(numbers))
        raise


def _written(
    submission: Submission, published: Publication, grid: Grid, by: User, note: str
) -> Submission:
    made = Submission.objects.create(
        dataset=submission.dataset,
        period=submission.period,
        area=submission.area,
        state=State.READY,
        created_by=by,
        note=masked(note),
        is_demo=submission.is_demo,
        counter_to=published,
    )
    now = timezone.now()
    made.current = SubmissionVersion.objects.create(
        submission=made,
        number=1,
        origin=Origin.COUNTER,
        content=grid.as_json(),
        content_hash=content_hash(grid, {}),
        created_by=by,
        checked_at=now,
        sealed_at=now,
    )
    made.save(update_fields=["current"])
    record(submission=made, act=Act.SENT, by=by, note=note)
    return made
