"""The second factor: a code that a telephone shows (TOTP), and ten codes for emergencies."""

from __future__ import annotations

import re
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    validate_totp_code,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import AccountMail, User
from geo.accounts.services.forgotten import tell
from geo.accounts.services.people import guard
from geo.lib.errors import GeoError
from regency_map.second_factor import UnreadableKey


class CodeIsWrong(GeoError):
    """The code does not fit the key."""

    template = _(
        "The code is not right. Enter the six digits that the telephone shows now; its clock "
        "must be right."
    )


def begin_second_factor(session: Any) -> str:
    """The key that is to be set up, kept in the session until its first code has come."""
    secret = session.get("second_factor_key")
    if not secret:
        secret = session["second_factor_key"] = generate_totp_secret()
    return str(secret)


def confirm_second_factor(*, session: Any, user: User, code: str) -> None:
    """Demand a code at every sign-in from now on, after the telephone has shown one.

    Raises
    ------
    CodeIsWrong
    """
    secret = begin_second_factor(session)
    if not validate_totp_code(secret, _digits(code)):
        raise CodeIsWrong
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)
        takes_code(user, code)  # and so it is used up
        User.objects.filter(pk=user.pk).update(second_factor_since=timezone.now())
    del session["second_factor_key"]


def recovery_codes(user: User) -> list[str]:
    """The codes that are not used up; empty without a second factor."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    try:
        return RecoveryCodes(found).get_unused_codes() if found else []
    except UnreadableKey:
        return []


@transaction.atomic
def renew_recovery_codes(*, user: User) -> list[str]:
    """Ten new codes in place of the old ones."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).get_unused_codes()


@transaction.atomic
def remove_second_factor(*, user: User, by: User | None) -> None:
    """Forget key and codes: the telephone was lost.

    Where somebody else did it, the person's sessions end, and the person is mailed.

    Raises
    ------
    NotAboveYou
    """
    guard(user, by)
    Authenticator.objects.filter(user=user).delete()
    is_by_other = by is not None and by.pk != user.pk
    User.objects.filter(pk=user.pk).update(
        second_factor_since=None, session_round=F("session_round") + int(is_by_other)
    )
    if is_by_other:
        tell(user, AccountMail.Kind.FACTOR_REMOVED)


def takes_code(user: User, code: str) -> bool:
    """Whether the code is right; it is used up thereby, whichever process asks next."""
    digits = _digits(code)
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user=user).order_by("pk")
        by_type = {row.type: row for row in rows}
        totp = by_type.get(Authenticator.Type.TOTP)
        codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
        try:
            if totp is not None and _takes_totp(totp, digits):
                return True
            return codes is not None and RecoveryCodes(codes).validate_code(digits)
        except UnreadableKey:
            # SECRET_KEY was changed and the old one is not among the fallbacks.
            return False


def _digits(code: str) -> str:
    return re.sub(r"\D", "", code)


def _takes_totp(totp: Authenticator, digits: str) -> bool:
    """Compare with the codes of this half minute and its neighbours, each usable once.

    allauth remembers used codes in a cache, which every process has for itself; the
    counter of the last code stands in the row instead.
    """
    secret = decrypt(totp.data["secret"])
    last = totp.data.get("last_counter", 0)
    for counter in yield_hotp_counters_from_time():
        expected = format_hotp_value(hotp_value(secret, counter))
        if counter > last and compare_user_code(actual=digits, expected=expected):
            totp.data["last_counter"] = counter
            totp.record_usage()
            totp.save(update_fields=["data"])
            return True
    return False
