"""Mailing people about their own accounts, apart from what the mails tell."""

from __future__ import annotations

import datetime
import logging
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from geo.accounts.models import AccountMail, User
from geo.accounts.services.forgotten import link_tokens

# So many at a time, so that a sweep never holds the worker for long.
MOST_AT_ONCE = 50
KEPT = datetime.timedelta(days=1)
logger = logging.getLogger(__name__)


def mail_accounts() -> int:
    """Mail what waits, each once; say how many were sent. Forget what is a day old.

    A server that cannot be reached ends the round: what is left waits for the next.
    """
    AccountMail.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
    waiting = AccountMail.objects.filter(mailed_at=None, user__isnull=False).order_by("pk")
    numbers = list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not (settings.SENDS_MAIL and numbers):
        return 0
    n_sent = 0
    connection = get_connection(fail_silently=False)
    try:
        connection.open()
        for pk in numbers:
            n_sent += _mail(pk, connection)
    except (OSError, SMTPException) as error:
        # The class alone: what servers answer may hold an address.
        logger.warning("Mail could not be sent, and will be tried again: %s", type(error).__name__)
    finally:
        connection.close()
    return n_sent


@transaction.atomic
def _mail(pk: int, connection: BaseEmailBackend) -> int:
    """Send one, held so that no other worker sends it too."""
    held = AccountMail.objects.select_for_update(skip_locked=True, of=("self",))
    mail = held.filter(pk=pk, mailed_at=None).first()
    if mail is None or mail.user is None:
        return 0
    n_sent = 0
    if mail.user.is_active and mail.user.email:
        try:
            n_sent = _message(mail, mail.user, connection).send()
        except SMTPRecipientsRefused:
            logger.warning("The mail server refuses the address of user %s", mail.user_id)
    AccountMail.objects.filter(pk=pk).update(mailed_at=timezone.now())
    return n_sent


def _message(mail: AccountMail, user: User, connection: BaseEmailBackend) -> EmailMessage:
    with translation.override(mail.language):
        facts = {
            "kind": mail.kind,
            "account": user,
            "site": settings.SITE_ADDRESS,
            "sign_in": settings.SITE_ADDRESS + reverse("sign_in"),
            "link": settings.SITE_ADDRESS + link_of(user),
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        }
        text = render_to_string("accounts/mail.txt", facts)
    subject, _line, body = text.strip().partition("\n")
    return EmailMessage(
        subject.strip(), body.strip() + "\n", to=[user.email], connection=connection
    )


def link_of(user: User) -> str:
    """The path of the page that sets the user's password; it holds for an hour and works once."""
    number = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("new_forgotten_password", args=[number, link_tokens.make_token(user)])
