"""Publishing, verifying and undoing as a worker does it, for tests."""

from geo.submissions.batch import publishing
from geo.submissions.models import Submission
from geo.submissions.services import countering, reviewing


def again(submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def approve(submission, by, **more) -> Submission:
    """Ask for it to be published, having seen what waits now."""
    seen = submission.current.content_hash
    return reviewing.approve(submission=submission, by=by, content_hash=seen, **more)


def published(submission, by, **more) -> Submission:
    """What a worker makes of an approval."""
    publishing.publish(approve(submission, by, **more))
    return again(submission)


def verified(submission, by) -> Submission:
    publishing.verify(reviewing.verify(submission=submission, by=by))
    return again(submission)


def undone(submission, by, note="Keliru.") -> Submission:
    publishing.undo(reviewing.undo(submission=submission, by=by, note=note))
    return again(submission)


def countered(submission, by, approved_by, note="Keliru.") -> tuple[Submission, Submission]:
    """The submission, and the counter-entry that took it back."""
    entry = countering.counter(submission=submission, by=by, note=note)
    return again(submission), published(entry, approved_by)
