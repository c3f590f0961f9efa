"""Handing in, publishing, refusing and taking back: one row, one decision, another hand."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from geo.accounts.models import User
from geo.accounts.queries import Act
from geo.areas.models import Area
from geo.attachments.models import KEPT_STATES, Attachment, State
from geo.attachments.queries.finding import UnknownAttachment, find_attachment, is_theirs
from geo.attachments.queries.subjects import Subject
from geo.attachments.rules import (
    MOST_OF_ONE,
    AlreadyHere,
    FileNotTaken,
    NoRoomLeft,
    NotAsItWas,
    NotYoursToAdd,
    OwnAttachment,
    SayWhyNot,
    TooManyHere,
    fault_sentence,
)
from geo.attachments.services import storing
from geo.attachments.services.telling import tell
from geo.lib.errors import GeoError
from geo.lib.file_store import NoRoom
from geo.lib.uploads.personal import masked

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says of a photo or document."""

    caption_id: str
    caption_en: str
    taken_on: datetime.date | None
    credit: str
    licence: str


def hand_in(
    *, subject: Subject, by: User, name: str, incoming: storing.Incoming, words: Words
) -> Attachment:
    """Keep a photo or document until somebody else looks at it.

    The files are on the disk before a row names them.

    Raises
    ------
    NotYoursToAdd, FileNotTaken, AlreadyHere, TooManyHere
        Nothing was kept.
    """
    if not subject.may(by, Act.REPORT):
        raise NotYoursToAdd
    checked = incoming.checked
    if not checked.ok:
        raise FileNotTaken(why=fault_sentence(checked))
    row = Attachment(
        uuid=uuid.uuid4(),
        kind=checked.kind,
        area=subject.area,
        opportunity_code=subject.opportunity_code,
        sector_id=subject.sector_id,
        name=masked(name)[:200],
        sha256=incoming.sha256,
        n_pages=checked.n_pages,
        received_by=by,
        caption_id=words.caption_id,
        caption_en=words.caption_en,
        taken_on=words.taken_on,
        credit=words.credit,
        licence=words.licence,
    )
    if checked.large and checked.thumbnail:
        row.width, row.height = checked.large.width, checked.large.height
        row.thumbnail_width = checked.thumbnail.width
        row.thumbnail_height = checked.thumbnail.height
    return _kept(row, subject, incoming)


def _kept(row: Attachment, subject: Subject, incoming: storing.Incoming) -> Attachment:
    try:
        row.size_bytes = storing.keep(row.uuid, incoming)
        with transaction.atomic():
            # One at a time for an area, so that of two same files one is told.
            Area.objects.select_for_update(no_key=True).only("pk").get(pk=subject.area.pk)
            _require_room(subject, row.sha256)
            row.save(force_insert=True)
    except NoRoom as error:
        storing.forget(row)
        raise NoRoomLeft from error
    except GeoError:
        storing.forget(row)
        raise
    # After any other failure the row may have been written: tidying decides, days later.
    return row


def _require_room(subject: Subject, sha256: str) -> None:
    here = subject.attachments.filter(state__in=KEPT_STATES)
    same = here.filter(sha256=sha256).first()
    if same is not None:
        raise AlreadyHere(caption=same.caption, state=same.get_state_display())
    n_here = here.count()
    if n_here >= MOST_OF_ONE:
        raise TooManyHere(found=n_here, most=MOST_OF_ONE)


@transaction.atomic
def publish(*, identifier: uuid.UUID, by: User) -> Attachment:
    """Show it to everybody.

    Raises
    ------
    UnknownAttachment, OwnAttachment, NotAsItWas
    """
    row = _to_decide(identifier, by)
    row.state, row.decided_by, row.decided_at = State.PUBLISHED, by, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    tell(row, by)
    return row


@transaction.atomic
def refuse(*, identifier: uuid.UUID, by: User, reason: str) -> Attachment:
    """Not show it, and say why; its files are deleted.

    Raises
    ------
    UnknownAttachment, OwnAttachment, NotAsItWas, SayWhyNot
    """
    row = _to_decide(identifier, by)
    row.reason = _stated(reason, row)
    row.state, row.decided_by, row.decided_at = State.REFUSED, by, timezone.now()
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    tell(row, by)
    transaction.on_commit(lambda: storing.forget(row))
    return row


@transaction.atomic
def withdraw(*, identifier: uuid.UUID, by: User, reason: str = "") -> Attachment:
    """Take it back: by who handed it in, or, with a reason, by who reviews there.

    It is gone from every page at once and its files are deleted, for somebody may be
    seen on it who does not want to be. The row tells that it was there.

    Raises
    ------
    UnknownAttachment, NotAsItWas, SayWhyNot
    """
    row = find_attachment(by, identifier, lock=True)
    if not is_theirs(by, row):
        raise UnknownAttachment
    _require_state(row, *KEPT_STATES)
    row.reason = _kept_reason(reason) if row.received_by == by else _stated(reason, row)
    row.state, row.withdrawn_by, row.withdrawn_at = State.WITHDRAWN, by, timezone.now()
    row.save(update_fields=["state", "reason", "withdrawn_by", "withdrawn_at"])
    tell(row, by)
    transaction.on_commit(lambda: storing.forget(row))
    return row


def _to_decide(identifier: uuid.UUID, by: User) -> Attachment:
    row = find_attachment(by, identifier, lock=True)
    if not Attachment.objects.in_hand_of(by, Act.REVIEW).filter(pk=row.pk).exists():
        raise UnknownAttachment
    if row.received_by_id == by.pk:
        raise OwnAttachment(caption=row.caption)
    _require_state(row, State.WAITING)
    return row


def _require_state(row: Attachment, *allowed: str) -> None:
    if row.state not in allowed:
        raise NotAsItWas(caption=row.caption, state=row.get_state_display())


def _stated(reason: str, row: Attachment) -> str:
    if not reason.strip():
        raise SayWhyNot(caption=row.caption)
    return _kept_reason(reason)


def _kept_reason(reason: str) -> str:
    """As it is told in news and mails: without numbers of persons, also those that are cut."""
    return masked(reason.strip())[:LONGEST_REASON]
