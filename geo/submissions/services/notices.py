"""Telling people: marking notices as read, and mailing those that wait.

Mail is sent apart from what it tells, by the sweep of the worker, so that a
mail server that is away delays nothing but the mail: it is tried again every
minute for a day.
"""

from __future__ import annotations

import logging
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from geo.accounts.models import User
from geo.submissions.models import Notice
from geo.submissions.queries.notices import to_be_mailed

# So many at a time, so that a sweep never holds the worker for long.
MOST_AT_ONCE = 50
logger = logging.getLogger(__name__)


def mark_read(*, user: User) -> int:
    """Mark all notices of a person as read; say how many."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())


def mail_notices() -> int:
    """Mail what waits, each once; say how many were sent. Nothing without a mail server.

    A server that cannot be reached ends the round: what is left waits for the
    next. An address that the server refuses for good is not tried again.
    """
    waiting = list(to_be_mailed().values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not (settings.SENDS_MAIL and waiting):
        return 0
    n_sent = 0
    connection = get_connection(fail_silently=False)
    try:
        connection.open()
        for pk in waiting:
            n_sent += _mail(pk, connection)
    except (OSError, SMTPException) as error:
        logger.warning("Mail could not be sent, and will be tried again: %s", error)
    finally:
        connection.close()
    return n_sent


@transaction.atomic
def _mail(pk: int, connection) -> int:  # type: ignore[no-untyped-def]
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


def _message(notice: Notice, connection) -> EmailMessage:  # type: ignore[no-untyped-def]
    with translation.override(settings.LANGUAGE_CODE):
        facts: dict[str, object] = {
            "notice": notice,
            "event": notice.event,
            "submission": notice.event.submission,
        }
        facts["site"] = settings.SITE_ADDRESS
        text = render_to_string("submissions/notice.txt", facts)
    subject, _line, body = text.strip().partition("\n")
    to = [notice.user.email]
    return EmailMessage(subject.strip(), body.strip() + "\n", to=to, connection=connection)
