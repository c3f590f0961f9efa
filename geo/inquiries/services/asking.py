"""Taking a question from somebody without an account."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from geo.accounts.queries import Act, people_who_may
from geo.indicators.models import Sector
from geo.inquiries.models import (
    InquirerContact,
    Inquiry,
    InquiryKey,
    InquiryMail,
    InquiryMessage,
    State,
    hash_token,
)
from geo.inquiries.queries import AskedAbout
from geo.inquiries.rules import (
    MOST_BY_CONTACT_A_DAY,
    MOST_BY_SENDER_AN_HOUR,
    MOST_FOLLOW_UPS_A_DAY,
    MOST_IN_TEN_MINUTES,
    AlreadyClosed,
    AskedAlready,
    Personal,
    TooManyFollowUps,
    TooManyQuestions,
    mask_personal,
)

TOKEN_BYTES = 16  # 128 bits


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as they say; ``address`` is that on the network, None where unknown."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str | None = None

    @property
    def is_stated(self) -> bool:
        return bool(self.name or self.email or self.phone)

    @property
    def contact(self) -> str:
        """What tells this person from others, however it is written."""
        digits = "".join(digit for digit in self.phone if digit.isdigit())
        return self.email.strip().lower() or digits.removeprefix("62").lstrip("0")


@dataclass(frozen=True)
class Receipt:
    """A question that was taken; the token is known here, and nowhere afterwards."""

    inquiry: Inquiry
    token: str
    masked: frozenset[Personal]
    delete_after: datetime.date
    is_mailed: bool


@transaction.atomic
def ask(
    *,
    subject: AskedAbout,
    sector: Sector,
    text: str,
    language: str,
    asker: Asker,
    form_key: str,
) -> Receipt:
    """Take a question, and put the mails about it in line.

    Raises
    ------
    AskedAlready, TooManyQuestions
        Nothing is kept then.
    """
    _one_at_a_time()
    form_hash = hash_token(form_key)
    earlier = Inquiry.objects.filter(form_hash=form_hash).first()
    if earlier is not None:
        raise AskedAlready(number=earlier.number)
    sender_hash = _keyed("sender", asker.address or "")
    contact_hash = _keyed("contact", asker.contact)
    _demand_room(sender_hash, contact_hash)
    masked = mask_personal(text)
    now = timezone.now()
    inquiry = Inquiry.objects.create(
        subject=subject.kind,
        subject_code=subject.code,
        subject_name=subject.name[:200],
        area=subject.area,
        sector=sector,
        language=language,
        text=masked.text,
        asked_at=now,
        waiting_since=now,
        form_hash=form_hash,
    )
    contact = _keep_contact(inquiry, asker, sender_hash, contact_hash)
    is_mailed = bool(contact.email) and settings.SENDS_MAIL
    if is_mailed:
        InquiryMail.objects.create(inquiry=inquiry, kind=InquiryMail.Kind.RECEIVED)
    tell_office(inquiry)
    return Receipt(inquiry, make_key(inquiry), masked.found, contact.delete_after, is_mailed)


def make_key(inquiry: Inquiry) -> str:
    """A new private link to a question: its token, of which only the hash is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    InquiryKey.objects.create(inquiry=inquiry, token_hash=hash_token(token))
    return token


def tell_office(inquiry: Inquiry) -> None:
    """Put a mail in line for everybody who may answer and has an address."""
    if not settings.SENDS_MAIL:
        return
    people = people_who_may(Act.VERIFY, area=inquiry.area, sector_id=inquiry.sector_id)
    InquiryMail.objects.bulk_create(
        InquiryMail(inquiry=inquiry, kind=InquiryMail.Kind.ARRIVED, user=person)
        for person in people.exclude(email="")
    )


@transaction.atomic
def follow_up(*, inquiry: Inquiry, text: str) -> frozenset[Personal]:
    """Add what the asker writes under the question; an answer is due again.

    Raises
    ------
    AlreadyClosed, TooManyFollowUps
    """
    inquiry = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    if inquiry.is_closed:
        raise AlreadyClosed(number=inquiry.number)
    since = timezone.now() - datetime.timedelta(days=1)
    own = inquiry.messages.filter(kind=InquiryMessage.Kind.FOLLOW_UP, at__gte=since)
    if own.count() >= MOST_FOLLOW_UPS_A_DAY:
        raise TooManyFollowUps(most=MOST_FOLLOW_UPS_A_DAY)
    masked = mask_personal(text)
    InquiryMessage.objects.create(
        inquiry=inquiry,
        kind=InquiryMessage.Kind.FOLLOW_UP,
        sector=inquiry.sector,
        text=masked.text,
    )
    if not inquiry.is_waiting:
        inquiry.state, inquiry.waiting_since = State.ASSIGNED, timezone.now()
        inquiry.save(update_fields=["state", "waiting_since"])
        tell_office(inquiry)
    return masked.found


def _one_at_a_time() -> None:
    """Let questions in one by one, so that many at once do not slip past the counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('inquiries', 0))")


def _keyed(purpose: str, text: str) -> str:
    """A keyed hash by which the same sender is known again; "" of nothing."""
    if not text:
        return ""
    return salted_hmac(f"geo.inquiries.{purpose}", text, algorithm="sha256").hexdigest()


def _demand_room(sender_hash: str, contact_hash: str) -> None:
    now, rows = timezone.now(), Inquiry.objects.order_by()
    limits = [
        (MOST_IN_TEN_MINUTES, datetime.timedelta(minutes=10), {}),
        (MOST_BY_SENDER_AN_HOUR, datetime.timedelta(hours=1), {"sender_hash": sender_hash}),
        (MOST_BY_CONTACT_A_DAY, datetime.timedelta(days=1), {"contact_hash": contact_hash}),
    ]
    for most, span, known_by in limits:
        if "" in known_by.values():
            continue
        lookups = {f"contact__{name}": value for name, value in known_by.items()}
        if rows.filter(asked_at__gt=now - span, **lookups).count() >= most:
            raise TooManyQuestions()


def _keep_contact(
    inquiry: Inquiry, asker: Asker, sender_hash: str, contact_hash: str
) -> InquirerContact:
    return InquirerContact.objects.create(
        inquiry=inquiry,
        name=asker.name,
        email=asker.email,
        phone=asker.phone,
        consented_at=inquiry.asked_at if asker.is_stated else None,
        delete_after=delete_after(),
        sender_hash=sender_hash,
        contact_hash=contact_hash,
    )


def delete_after() -> datetime.date:
    """The day on which what is stated today is deleted."""
    return timezone.localdate() + datetime.timedelta(days=settings.INQUIRY_RETENTION_DAYS)
