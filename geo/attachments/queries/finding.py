"""Photos and documents by what they show, by name, and by who has to look at them."""

from __future__ import annotations

import datetime
import uuid

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.accounts.queries import Act, access_of
from geo.areas.models import Area
from geo.attachments.models import Attachment, State
from geo.lib.errors import GeoError

WITH_AREA = ("area__parent", "sector", "received_by", "decided_by", "withdrawn_by")
WITHOUT = ("area__boundary", "area__parent__boundary")


class UnknownAttachment(GeoError):
    """There is none, or it is not theirs to see."""

    status = 404
    template = gettext_lazy(
        "There is no such photo or document, or it is not published or was taken back."
    )


def with_relations(rows: QuerySet[Attachment]) -> QuerySet[Attachment]:
    """With what a page says of each: area and people, without boundaries."""
    return rows.select_related(*WITH_AREA).defer(*WITHOUT)


def published_photos(
    *,
    area: Area | None = None,
    opportunity_code: str = "",
    moment: datetime.datetime | None = None,
    limit: int = 8,
) -> list[Attachment]:
    """The latest photos that everybody may see, or might at ``moment``; one query."""
    rows = Attachment.objects.as_of(moment).photos()
    if opportunity_code:
        rows = rows.of_opportunity(opportunity_code)
    elif area is not None:
        rows = rows.of_area(area)
    return list(rows.order_by("-decided_at", "-pk")[:limit])


def waiting_for(user: User) -> QuerySet[Attachment]:
    """What ``user`` may publish or refuse, the longest waiting first; never their own."""
    rows = Attachment.objects.in_hand_of(user, Act.REVIEW).filter(state=State.WAITING)
    return with_relations(rows.exclude(received_by=user)).order_by("received_at", "pk")


def find_attachment(user: User, identifier: uuid.UUID, *, lock: bool = False) -> Attachment:
    """One that everybody may see, or that ``user`` handed in or reviews.

    Raises
    ------
    UnknownAttachment
        Also where it is not theirs.
    """
    rows = Attachment.objects.select_related("area__parent").defer(*WITHOUT)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(uuid=identifier).first()
    if found is None or not (found.state == State.PUBLISHED or is_theirs(user, found)):
        raise UnknownAttachment
    return found


def visible_among(user: User, rows: QuerySet[Attachment]) -> list[Attachment]:
    """Those that everybody may see, or that are the person's to see."""
    shown = with_relations(rows)
    return [row for row in shown if row.state == State.PUBLISHED or is_theirs(user, row)]


def is_theirs(user: User, attachment: Attachment) -> bool:
    """Whether ``user`` reviews there; or reports there, and handed it in or follows who did."""
    if _may(user, Act.REVIEW, attachment):
        return True
    if not _may(user, Act.REPORT, attachment):
        return False
    sender = attachment.received_by
    return sender == user or not _may(sender, Act.REPORT, attachment)


def _may(user: User, act: Act, attachment: Attachment) -> bool:
    return access_of(user).may(act, area=attachment.area, sector_id=attachment.sector_id)


def attachments_version() -> str:
    """A text that changes whenever one is published or taken back; one query."""
    shown = Attachment.objects.exclude(decided_at=None)
    found = shown.aggregate(n=Count("pk"), decided=Max("decided_at"), withdrawn=Max("withdrawn_at"))
    return f"{found['n']} {found['decided']} {found['withdrawn']}"
