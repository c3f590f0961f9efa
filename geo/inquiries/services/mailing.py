"""Mailing who asked and those who answer, apart from what the mails tell.

A mail holds the number and where to read, never the question or the answer: so
the form cannot be used to send words of one's own to somebody else's address.
"""

from __future__ import annotations

import logging
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from geo.inquiries.models import Inquiry, InquiryMail
from geo.inquiries.queries import office_name, to_be_mailed
from geo.inquiries.services.asking import make_key

# So many at a time, so that a sweep never holds the worker for long.
MOST_AT_ONCE = 50
logger = logging.getLogger(__name__)


def mail_inquiries() -> int:
    """Mail what waits, each once; say how many were sent. Nothing without a mail server.

    A server that cannot be reached ends the round: what is left waits for the next.
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
        # The class alone: what servers answer may hold the address of who asked.
        logger.warning("Mail could not be sent, and will be tried again: %s", type(error).__name__)
    finally:
        connection.close()
    return n_sent


@transaction.atomic
def _mail(pk: int, connection) -> int:  # type: ignore[no-untyped-def]
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


def _message(mail: InquiryMail, address: str, language: str, connection) -> EmailMessage:  # type: ignore[no-untyped-def]
    inquiry = mail.inquiry
    with translation.override(language):
        facts = {
            "mail": mail,
            "inquiry": inquiry,
            "office": office_name(inquiry.sector),
            "link": settings.SITE_ADDRESS + _path(mail, inquiry),
        }
        text = render_to_string("inquiries/mail.txt", facts)
    subject, _line, body = text.strip().partition("\n")
    return EmailMessage(subject.strip(), body.strip() + "\n", to=[address], connection=connection)


def _path(mail: InquiryMail, inquiry: Inquiry) -> str:
    if mail.user is not None:
        return reverse("inquiry", args=[inquiry.number])
    return reverse("inquiry_thread", args=[inquiry.number, make_key(inquiry)])
