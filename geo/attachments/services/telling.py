"""Telling people what was decided about their photos and documents; mailing those that wait."""

from __future__ import annotations

import logging
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from geo.accounts.models import User
from geo.accounts.queries import Act, access_of, people_who_may
from geo.accounts.services.post import mail_round, message_of
from geo.attachments.models import Attachment, AttachmentNotice
from geo.attachments.queries.news import to_be_mailed

logger = logging.getLogger(__name__)


def tell(row: Attachment, by: User) -> None:
    """Leave notices of a decision that ``by`` has just made; nobody is told of their own."""
    people = [one for one in _concerned(row) if one != by]
    AttachmentNotice.objects.bulk_create(
        AttachmentNotice(user=one, attachment=row, state=row.state) for one in people
    )


def _concerned(row: Attachment) -> list[User]:
    """Who handed it in; where they do not report there any more, those who follow."""
    area, sector_id = row.area, row.sector_id
    if access_of(row.received_by).may(Act.REPORT, area=area, sector_id=sector_id):
        return [row.received_by]
    people = people_who_may(Act.REPORT, area=area, sector_id=sector_id)
    return list(people.filter(assignments__area=area).distinct())


def mark_read(*, user: User) -> int:
    """Mark all that a person was told as read; say how much."""
    unread = AttachmentNotice.objects.filter(user=user, read_at=None)
    return unread.update(read_at=timezone.now())


def mail_decisions() -> int:
    """Mail what waits, each once; say how many were sent. Nothing without a mail server."""
    return mail_round(to_be_mailed(), _mail)


@transaction.atomic
def _mail(pk: int, connection: BaseEmailBackend) -> int:
    """Send one, held so that no other worker sends it too."""
    held = AttachmentNotice.objects.select_for_update(skip_locked=True, of=("self",))
    if not held.filter(pk=pk, emailed_at=None).exists():
        return 0
    notice = to_be_mailed().filter(pk=pk).first()
    if notice is None:
        return 0
    n_sent = 0
    try:
        n_sent = _message(notice, connection).send()
    except SMTPRecipientsRefused:
        logger.warning("The mail server refuses the address of user %s", notice.user_id)
    AttachmentNotice.objects.filter(pk=pk).update(emailed_at=timezone.now())
    return n_sent


def _message(notice: AttachmentNotice, connection: BaseEmailBackend) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"news": notice, "row": notice.attachment, "site": settings.SITE_ADDRESS}
        text = render_to_string("attachments/mail.txt", facts)
    return message_of(text, to=notice.user.email, connection=connection)
