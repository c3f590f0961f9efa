"""Mailing who asked and those who answer, apart from what the mails tell.

A mail holds the number and where to read, never the question or the answer: so
the form cannot be used to send words of one's own to somebody else's address.
"""

from __future__ import annotations

import logging
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from geo.accounts.services.post import mail_round, message_of
from geo.inquiries.models import Inquiry, InquiryMail
from geo.inquiries.queries import office_name, to_be_mailed
from geo.inquiries.services.asking import make_key

logger = logging.getLogger(__name__)


def mail_inquiries() -> int:
    """Mail what waits, each once; say how many were sent. Nothing without a mail server.

    A server that cannot be reached ends the round: what is left waits for the next.
    """
    return mail_round(to_be_mailed(), _mail)


@transaction.atomic
def _mail(pk: int, connection: BaseEmailBackend) -> int:
    """Send one, held so that no other worker sends it too."""
    held = InquiryMail.objects.select_for_update(skip_locked=True, of=("self",))
    if not held.filter(pk=pk, sent_at=None).exists():
        return 0
    mail = to_be_mailed().get(pk=pk)
    address, language = _recipient(mail)
    n_sent = 0
    if address:
        try:
            _message(mail, address, language, connection).send()
            n_sent = 1
        except SMTPRecipientsRefused:
            logger.warning("The mail server refuses the address for %s", mail.inquiry.number)
    InquiryMail.objects.filter(pk=pk).update(sent_at=timezone.now())
    return n_sent


def _recipient(mail: InquiryMail) -> tuple[str, str]:
    """Address and language; no address where it has been deleted meanwhile."""
    if mail.user is not None:
        return mail.user.email if mail.user.is_active else "", settings.LANGUAGE_CODE
    contact = getattr(mail.inquiry, "contact", None)
    return contact.email if contact else "", mail.inquiry.language


def _message(
    mail: InquiryMail, address: str, language: str, connection: BaseEmailBackend
) -> EmailMessage:
    inquiry = mail.inquiry
    with translation.override(language):
        facts = {
            "mail": mail,
            "inquiry": inquiry,
            "office": office_name(inquiry.sector),
            "link": settings.SITE_ADDRESS + _path(mail, inquiry),
        }
        text = render_to_string("inquiries/mail.txt", facts)
    return message_of(text, to=address, connection=connection)


def _path(mail: InquiryMail, inquiry: Inquiry) -> str:
    if mail.user is not None:
        return reverse("inquiry", args=[inquiry.number])
    return reverse("inquiry_thread", args=[inquiry.number, make_key(inquiry)])
