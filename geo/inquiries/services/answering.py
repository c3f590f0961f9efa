"""What an office does with a question: take it on, answer, pass it on, close it."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from geo.accounts.models import User
from geo.accounts.queries import Act, access_of
from geo.indicators.models import Sector
from geo.inquiries.models import InquirerContact, Inquiry, InquiryMail, InquiryMessage, State
from geo.inquiries.queries import UnknownInquiry
from geo.inquiries.rules import AlreadyClosed, NotYetAnswered, SameOffice, mask_personal
from geo.inquiries.services.asking import tell_office

Kind = InquiryMessage.Kind


@transaction.atomic
def take(*, inquiry: Inquiry, by: User) -> Inquiry:
    """Say that one is at it, so that nobody else begins too."""
    inquiry = _held(inquiry, by)
    if inquiry.handler == by and inquiry.state != State.NEW:
        return inquiry
    inquiry.handler = by
    if inquiry.state == State.NEW:
        inquiry.state = State.ASSIGNED
    inquiry.save(update_fields=["handler", "state"])
    _note(inquiry, Kind.TAKEN, by)
    return inquiry


@transaction.atomic
def answer(*, inquiry: Inquiry, by: User, text: str, and_close: bool = False) -> Inquiry:
    """Write an answer, which who asked reads on the private link.

    Raises
    ------
    AlreadyClosed, UnknownInquiry
    """
    inquiry = _held(inquiry, by)
    text = mask_personal(text, with_contacts=False).text
    _note(inquiry, Kind.ANSWER, by, text)
    inquiry.state, inquiry.waiting_since, inquiry.handler = State.ANSWERED, None, by
    inquiry.first_answered_at = inquiry.first_answered_at or timezone.now()
    inquiry.save(update_fields=["state", "waiting_since", "handler", "first_answered_at"])
    _tell_asker(inquiry)
    return close(inquiry=inquiry, by=by) if and_close else inquiry


@transaction.atomic
def forward(*, inquiry: Inquiry, by: User, sector: Sector, note: str) -> Inquiry:
    """Pass a question on to the office that can answer it; the days go on counting.

    Raises
    ------
    AlreadyClosed, SameOffice, UnknownInquiry
    """
    inquiry = _held(inquiry, by)
    if inquiry.sector == sector:
        raise SameOffice(number=inquiry.number)
    inquiry.sector, inquiry.handler = sector, None
    if inquiry.state == State.NEW:
        inquiry.state = State.ASSIGNED
    inquiry.save(update_fields=["sector", "handler", "state"])
    _note(inquiry, Kind.FORWARDED, by, mask_personal(note, with_contacts=False).text)
    tell_office(inquiry)
    return inquiry


@transaction.atomic
def close(*, inquiry: Inquiry, by: User) -> Inquiry:
    """Close a question whose last word is an answer.

    Raises
    ------
    AlreadyClosed, NotYetAnswered, UnknownInquiry
    """
    inquiry = _held(inquiry, by)
    if inquiry.state != State.ANSWERED:
        raise NotYetAnswered(number=inquiry.number)
    inquiry.state, inquiry.closed_at = State.CLOSED, timezone.now()
    inquiry.save(update_fields=["state", "closed_at"])
    _note(inquiry, Kind.CLOSED, by)
    return inquiry


def _held(inquiry: Inquiry, by: User) -> Inquiry:
    """The question, locked as it stands now, if it is theirs to answer and not closed."""
    rows = Inquiry.objects.select_for_update(of=("self",)).select_related("sector", "handler")
    held = rows.get(pk=inquiry.pk)
    if not access_of(by).may(Act.VERIFY, area=held.area, sector_id=held.sector_id):
        raise UnknownInquiry()
    if held.is_closed:
        raise AlreadyClosed(number=held.number)
    return held


def _note(inquiry: Inquiry, kind: str, by: User, text: str = "") -> None:
    InquiryMessage.objects.create(
        inquiry=inquiry, kind=kind, author=by, sector=inquiry.sector, text=text
    )


def _tell_asker(inquiry: Inquiry) -> None:
    has_address = InquirerContact.objects.filter(inquiry=inquiry).exclude(email="").exists()
    if settings.SENDS_MAIL and has_address:
        InquiryMail.objects.create(inquiry=inquiry, kind=InquiryMail.Kind.ANSWERED)
