"""Mailing people about their own accounts, apart from what the mails tell."""

from __future__ import annotations

import datetime
import logging
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from geo.accounts.models import AccountMail, User
from geo.accounts.services.forgotten import link_tokens
from geo.accounts.services.post import mail_round, message_of

KEPT = datetime.timedelta(days=1)
logger = logging.getLogger(__name__)


def mail_accounts() -> int:
    """Mail what waits, each once; say how many were sent. Forget what is a day old.

    A server that cannot be reached ends the round: what is left waits for the next.
    """
    AccountMail.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
    waiting = AccountMail.objects.filter(mailed_at=None, user__isnull=False).order_by("pk")
    return mail_round(waiting, _mail)


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
    return message_of(text, to=user.email, connection=connection)


def link_of(user: User) -> str:
    """The path of the page that sets the user's password; it holds for an hour and works once."""
    number = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("new_forgotten_password", args=[number, link_tokens.make_token(user)])
