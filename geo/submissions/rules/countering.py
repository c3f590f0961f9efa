"""What may happen to a counter-entry: it is decided about as it was made, or taken back."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.lib.errors import GeoError
from geo.submissions.models import Act, Origin, State, Submission, SubmissionVersion
from geo.submissions.rules.reviewing import is_reviewer
from geo.submissions.rules.transitions import TRANSITIONS, NotNow, require

# From which states its maker may do what. Nobody may do anything else: its cells are what
# would stand again, and other cells in their place would be approved and never published.
MAKER_MAY: dict[str, frozenset[str]] = {
    Act.SENT: frozenset({State.RETURNED}),
    Act.WITHDRAWN: TRANSITIONS[Act.WITHDRAWN][0],
}


class CounterWaits(GeoError):
    """The form is closed for as long as a counter-entry is to be decided about."""

    status = 409
    template = gettext_lazy("Nothing can be brought in or changed here now. %(waits)s")


class NotYourCounter(GeoError):
    """Only its maker sends a counter-entry again or takes it back."""

    status = 409
    template = gettext_lazy(
        "Only %(maker)s, who made it, can send it again or take it back. %(waits)s"
    )


class OtherFigures(GeoError):
    """Cells were put into a counter-entry, which would be approved and never published."""

    status = 409
    template = gettext_lazy(
        "%(number)s cannot be approved: it is a counter-entry, but other figures were put into it "
        "since. Return it; when its maker has taken it back, make a new one."
    )


def waiting_words(counter: Submission) -> str:
    """Where a counter-entry waits, and what happens next."""
    facts = {"number": counter.number, "office": counter.dataset.office}
    facts |= {"first": _first(counter), "maker": str(counter.created_by)}
    if counter.state == State.RETURNED:
        text = _(
            "%(number)s is a counter-entry, which is to take back what %(first)s published. It "
            "was returned to %(maker)s, who sends it again as it is or takes it back; then the "
            "form is open again."
        )
    else:
        text = _(
            "%(number)s is a counter-entry, which is to take back what %(first)s published. It "
            "waits at %(office)s for a second person to decide; then the form is open again."
        )
    return text % facts


def correction_words(counter: Submission) -> str:
    """What is said of a publication that a counter-entry is to take back."""
    text = _(
        "A correction waits since %(day)s: %(maker)s asks in %(number)s to take back what stands "
        "here. Until somebody else has decided at %(office)s, all stays as it is."
    )
    day = date_format(timezone.localdate(counter.created_at))
    facts = {"number": counter.number, "office": counter.dataset.office}
    return text % {**facts, "day": day, "maker": counter.created_by}


def ended_words(counter: Submission) -> str:
    """What became of a counter-entry."""
    facts = {"first": _first(counter)}
    if counter.state == State.WITHDRAWN:
        text = _("It was a counter-entry and was taken back: what %(first)s published stands.")
    else:
        text = _(
            "It was a counter-entry and was approved: what %(first)s published is taken back, and "
            "what stood before stands again."
        )
    return text % facts


def require_no_counter(submission: Submission) -> None:
    """Refuse files and cells for a form of which a counter-entry is on its way.

    Raises
    ------
    CounterWaits
    """
    if submission.counter_to_id:
        raise CounterWaits(waits=waiting_words(submission))


def may_settle(counter: Submission, by: User) -> bool:
    """Whether ``by`` made it; anybody who reviews it, once its maker does so no longer."""
    if by.pk == counter.created_by_id:
        return True
    return not is_reviewer(counter, counter.created_by) and is_reviewer(counter, by)


def require_maker(counter: Submission, by: User, act: Act) -> None:
    """Refuse whoever did not make a counter-entry, and what cannot happen to it now.

    Raises
    ------
    NotNow, WorkGoesOn, NotYourCounter
    """
    require(counter, Act.WITHDRAWN)
    if not may_settle(counter, by):
        raise NotYourCounter(maker=counter.created_by, waits=waiting_words(counter))
    if counter.state not in MAKER_MAY[act]:
        state = counter.get_state_display()
        raise NotNow(number=counter.number, state=state, act=act.label)


def require_untouched(counter: Submission, version: SubmissionVersion) -> None:
    """Refuse to approve a counter-entry that does not hold what it was made with.

    Raises
    ------
    OtherFigures
    """
    if version.origin != Origin.COUNTER:
        raise OtherFigures(number=counter.number)


def _first(counter: Submission) -> str:
    first = counter.counter_to
    return first.submission.number if first else ""
