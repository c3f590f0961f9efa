"""From which states something can happen to a submission, and where it leads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from geo.lib.errors import GeoError
from geo.submissions.models import Act, Job, State, Submission

WORKING = frozenset({State.RECEIVED, State.FAULTY, State.READY, State.RETURNED, State.QUARANTINED})

# What may happen in which states; None leaves the state as it is.
TRANSITIONS: dict[str, tuple[frozenset[str], str | None]] = {
    # A new file may also come while the last one waits for review: then that one is not
    # approved any more, because approval is bound to the version that was seen.
    Act.RECEIVED: (WORKING | {State.SENT}, State.RECEIVED),
    Act.CHECKED: (frozenset({State.RECEIVED}), None),
    Act.MENDED: (WORKING, None),
    Act.SENT: (frozenset({State.READY}), State.SENT),
    Act.COMMENTED: (frozenset({State.SENT, State.PUBLISHED}), None),
    Act.RETURNED: (frozenset({State.SENT}), State.RETURNED),
    Act.APPROVED: (frozenset({State.SENT}), State.PUBLISHED),
    Act.VERIFIED: (frozenset({State.PUBLISHED}), State.VERIFIED),
    Act.UNDONE: (frozenset({State.PUBLISHED}), State.UNDONE),
    Act.COUNTERED: (frozenset({State.VERIFIED}), State.UNDONE),
    # What others did to its figures is told on it, and moves it nowhere.
    Act.REPLACED: (frozenset({State.PUBLISHED, State.VERIFIED}), None),
    Act.RESTORED: (frozenset({State.PUBLISHED, State.VERIFIED}), None),
    Act.WITHDRAWN: (WORKING | {State.SENT}, State.WITHDRAWN),
    Act.QUARANTINED: (frozenset({State.RECEIVED}), State.QUARANTINED),
}


class NotNow(GeoError):
    """The submission is not in a state in which that can happen."""

    status = 409
    template = gettext_lazy(
        "%(number)s is %(state)s; it cannot be %(act)s now. Open its page to see where it stands."
    )


class WorkGoesOn(GeoError):
    """A worker is busy with the submission."""

    status = 409
    template = gettext_lazy("%(number)s is %(job)s just now. Wait a moment, then try again.")


def require(submission: Submission, act: str) -> None:
    """Refuse an act that cannot happen now.

    Raises
    ------
    NotNow, WorkGoesOn
    """
    if submission.job and submission.job != Job.CHECK:
        raise WorkGoesOn(number=submission.number, job=submission.get_job_display())
    allowed, _to = TRANSITIONS[act]
    if submission.state not in allowed:
        raise NotNow(
            number=submission.number,
            state=submission.get_state_display(),
            act=Act(act).label,
        )
