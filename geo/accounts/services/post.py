"""What all mails of this site share: sent in rounds by the worker, each in its own transaction.

Mail is sent apart from what it tells, so that a mail server that is away delays nothing but
the mail: what is left waits for the next round.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet

# So many at a time, so that a sweep never holds the worker for long.
MOST_AT_ONCE = 50
logger = logging.getLogger(__name__)


def mail_round(waiting: QuerySet, send: Callable[[int, BaseEmailBackend], int]) -> int:
    """Send the first mails that wait; say how many were sent. Nothing without a mail server.

    Parameters
    ----------
    waiting
        Reminders of mails, in the order in which they shall be sent.
    send
        Sends the one with this key over this connection, and says whether one was sent. It
        has to hold the row, so that no other worker sends it too.
    """
    keys = list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not (settings.SENDS_MAIL and keys):
        return 0
    n_sent = 0
    connection = get_connection(fail_silently=False)
    try:
        connection.open()
        for key in keys:
            n_sent += send(key, connection)
    except (OSError, SMTPException) as error:
        # The class alone: what servers answer may hold somebody's address.
        logger.warning("Mail could not be sent, and will be tried again: %s", type(error).__name__)
    finally:
        connection.close()
    return n_sent


def message_of(text: str, *, to: str, connection: BaseEmailBackend) -> EmailMessage:
    """A rendered mail, whose first line is its subject."""
    subject, _line, body = text.strip().partition("\n")
    return EmailMessage(subject.strip(), body.strip() + "\n", to=[to], connection=connection)
