"""Telling people: marking notices as read, and mailing those that wait.

Mail is sent apart from what it tells, by the sweep of the worker, so that a
mail server that is away delays nothing but the mail: it is tried again every
minute for a day.
"""

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
from geo.accounts.services.post import mail_round, message_of
from geo.submissions.kinds.news import read_news
from geo.submissions.models import Notice
from geo.submissions.queries.notices import to_be_mailed

logger = logging.getLogger(__name__)


def mark_read(*, user: User) -> int:
    """Mark all notices of a person as read; say how many."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())


def mail_notices() -> int:
    """Mail what waits, each once; say how many were sent. Nothing without a mail server.

    A server that cannot be reached ends the round: what is left waits for the
    next. An address that the server refuses for good is not tried again.
    """
    return mail_round(to_be_mailed(), _mail)


@transaction.atomic
def _mail(pk: int, connection: BaseEmailBackend) -> int:
    """Send one, held so that no other worker sends it too."""
    held = Notice.objects.select_for_update(skip_locked=True, of=("self",))
    if not held.filter(pk=pk, emailed_at=None).exists():
        return 0
    notice = to_be_mailed().filter(pk=pk).first()
    if notice is None:
        return 0
    try:
        _message(notice, connection).send()
    except SMTPRecipientsRefused:
        logger.warning("The mail server refuses the address of user %s", notice.user_id)
    Notice.objects.filter(pk=pk).update(emailed_at=timezone.now())
    return 1


def _message(notice: Notice, connection: BaseEmailBackend) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        facts: dict[str, object] = {
            "notice": notice,
            "news": read_news([notice], notice.user)[0],
            "event": notice.event,
            "submission": notice.event.submission,
        }
        facts["site"] = settings.SITE_ADDRESS
        text = render_to_string("submissions/notice.txt", facts)
    return message_of(text, to=notice.user.email, connection=connection)
