"""What others did to a submission: counter-entries, and what replaced its figures."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from geo.submissions.models import Act, Publication, Replacement, Submission, SubmissionEvent


def waiting_counter(submission: Submission) -> Submission | None:
    """The counter-entry on its way that is to take back what ``submission`` published."""
    rows = Submission.objects.open().filter(counter_to__submission=submission)
    return rows.select_related("created_by", "dataset__sector", "counter_to__submission").first()


def counter_done(submission: Submission) -> Publication | None:
    """What the counter-entry made public that took ``submission`` back."""
    rows = Publication.objects.filter(submission__counter_to__submission=submission)
    return rows.select_related("submission__created_by", "published_by").first()


def publications_told_of(events: Sequence[SubmissionEvent]) -> dict[int, Publication]:
    """By id of an event, what it made public; of one taken back, the counter-entry's; one query."""
    approved = {one.submission_id: one.pk for one in events if one.act == Act.APPROVED}
    countered = {one.submission_id: one.pk for one in events if one.act == Act.COUNTERED}
    if not (approved or countered):
        return {}
    rows = Publication.objects.filter(
        Q(submission__in=approved) | Q(submission__counter_to__submission__in=countered)
    ).select_related("submission__created_by", "submission__counter_to")
    found: dict[int, Publication] = {}
    for one in rows.order_by("pk"):
        first = one.submission.counter_to
        if one.submission_id in approved:
            found[approved[one.submission_id]] = one
        if first is not None and first.submission_id in countered:
            found[countered[first.submission_id]] = one
    return found


def replacements_of(submission: Submission) -> list[Replacement]:
    """What others replaced of a submission and did not take back since, the latest first."""
    related = ("created_by", "dataset", "area__parent__parent")
    other = "publication__submission"
    rows = Replacement.objects.filter(event__submission=submission).order_by("event")
    boundaries = ("boundary", "parent__boundary", "parent__parent__boundary")
    latest = {
        one.publication_id: one
        for one in rows.select_related("event", *(f"{other}__{name}" for name in related)).defer(
            "publication__changes", *(f"{other}__area__{name}" for name in boundaries)
        )
    }
    return [one for one in reversed(latest.values()) if one.event.act == Act.REPLACED]
