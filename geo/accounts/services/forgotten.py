"""A forgotten password is set anew by a link that is mailed to its owner.

Whoever asks learns nothing: the same row is written, and the same page shown, whether or
not there is such an account. A worker makes the link when it mails it; it is kept nowhere.
"""

from __future__ import annotations

import datetime

import pghistory
from axes.utils import reset
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import AccountMail, User
from geo.accounts.queries import BY_LINK, people_with_address
from geo.accounts.services.turns import take_turn
from geo.lib.errors import GeoError

# Wishes taken: from one address on the network, for one account, and in all.
MOST_BY_SENDER_AN_HOUR = 10
MOST_FOR_ONE_AN_HOUR = 3
MOST_IN_TEN_MINUTES = 60


class TooManyWishes(GeoError):
    """One sender, or everybody together, asked for too many links in a short time."""

    status = 429
    template = _(
        "No mail was sent: too many have been asked for in a short time. Wait an hour and try "
        "again, or ask those who manage accounts for a new password on paper."
    )


class LinkTokens(PasswordResetTokenGenerator):
    """Django's, which a new password, a sign-in or a new e-mail address ends.

    Signing out everywhere and no longer being let in end it too.
    """

    key_salt = "geo.accounts.services.forgotten.LinkTokens"

    def _make_hash_value(self, user: User, timestamp: int) -> str:  # type: ignore[override]
        return f"{super()._make_hash_value(user, timestamp)}{user.session_round}"


link_tokens = LinkTokens()


@transaction.atomic
def ask_for_link(*, name: str, address: str | None) -> None:
    """Have a link mailed to whoever has this user name or e-mail address, if anybody has.

    Parameters
    ----------
    name : str
        What was typed; it is not kept.
    address : str or None
        Of the sender on the network; None where it is unknown.

    Raises
    ------
    TooManyWishes
    """
    take_turn("forgotten passwords")
    sender_hash = salted_hmac("geo.accounts.sender", address or "", algorithm="sha256").hexdigest()
    _demand_room(sender_hash if address else "")
    found: list[User | None] = [user for user in people_with_address(name) if _has_room(user)]
    wishes = [_mail(user, AccountMail.Kind.LINK) for user in found or [None]]
    # One wish counts once, however many accounts share the address.
    wishes[0].sender_hash = sender_hash
    AccountMail.objects.bulk_create(wishes)


def _demand_room(sender_hash: str) -> None:
    now = timezone.now()
    wishes = AccountMail.objects.exclude(sender_hash="")
    lately = wishes.filter(asked_at__gt=now - datetime.timedelta(minutes=10)).count()
    own = wishes.filter(sender_hash=sender_hash, asked_at__gt=now - datetime.timedelta(hours=1))
    if lately >= MOST_IN_TEN_MINUTES or own.count() >= MOST_BY_SENDER_AN_HOUR:
        raise TooManyWishes


def _has_room(user: User) -> bool:
    since = timezone.now() - datetime.timedelta(hours=1)
    links = AccountMail.objects.filter(user=user, kind=AccountMail.Kind.LINK, asked_at__gt=since)
    return links.count() < MOST_FOR_ONE_AN_HOUR


@transaction.atomic
def set_forgotten_password(*, user: User, password: str) -> None:
    """Set the password that the owner of a link has chosen.

    All sessions end, and waiting after wrong tries; the second factor is asked for as before.
    """
    user.set_password(password)
    user.must_change_password = False
    with pghistory.context(way=BY_LINK):
        user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    reset(username=user.username)
    tell(user, AccountMail.Kind.PASSWORD_SET)


def tell(user: User, kind: AccountMail.Kind) -> None:
    """Have a person mailed about the own account, where there is an address."""
    if user.email:
        _mail(user, kind).save()


def _mail(user: User | None, kind: AccountMail.Kind) -> AccountMail:
    return AccountMail(user=user, kind=kind, language=get_language() or "")
