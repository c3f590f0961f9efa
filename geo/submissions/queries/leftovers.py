"""What a partial approval left out, and where these rows are now."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from geo.submissions.models import Act, Publication, Submission, SubmissionEvent


def leftover_of(publication: Publication) -> Submission | None:
    """The submission into which the rows that ``publication`` left out were returned.

    It begins by being returned, in words that name the number it was part of; whatever else
    there is about the same form was received or sent first.
    """
    if not publication.left_out:
        return None
    first = publication.submission
    earlier = SubmissionEvent.objects.filter(
        submission=OuterRef("submission"), pk__lt=OuterRef("pk")
    )
    begun = SubmissionEvent.objects.filter(
        ~Exists(earlier), act=Act.RETURNED, note__contains=first.number
    )
    alike = Submission.objects.about(first.dataset, first.period, first.area)
    rows = alike.filter(pk__gt=first.pk, pk__in=begun.values("submission"))
    return rows.order_by("pk").first()


def rows_left_out(publication: Publication) -> list[str]:
    """Names of the rows that ``publication`` left out."""
    if not publication.left_out:
        return []
    rows = (publication.version.content or {}).get("rows", [])
    names = {row["key"]: row["label"] or row["key"] for row in rows}
    return [names.get(key, key) for key in publication.left_out]
