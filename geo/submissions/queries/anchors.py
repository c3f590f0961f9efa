"""Anchors: one short text that stands for all that ever happened to submissions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from geo.submissions.models import SubmissionEvent

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Anchor:
    """The chain of events up to one of them; ``sha256`` changes with any of them."""

    last_id: int
    n_events: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.last_id} {self.n_events} {self.sha256}"


def read_anchor(until: int | None = None) -> Anchor:
    """Chain all events, or those up to the event ``until``, in the order of their ids.

    Each link is the SHA-256 of the link before and of the event with the hash of
    the content that it was about, so that nothing can be changed, taken out or
    put in between without changing all that follows.
    """
    rows = SubmissionEvent.objects.order_by("pk")
    if until is not None:
        rows = rows.filter(pk__lte=until)
    columns = ("pk", "submission", "version", "version__content_hash", "act", "by", "by_name")
    link, n_events, last = BEGINNING, 0, 0
    for *told, at, note in rows.values_list(*columns, "at", "note").iterator():
        text = json.dumps([link, *told, at.isoformat(), note], ensure_ascii=False)
        link = hashlib.sha256(text.encode()).hexdigest()
        n_events, last = n_events + 1, told[0]
    return Anchor(last, n_events, link)
