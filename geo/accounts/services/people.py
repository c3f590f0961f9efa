"""People: making accounts, changing them, passwords and sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from axes.utils import reset
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import AccountMail, Assignment, User
from geo.accounts.rules import NewAccount
from geo.accounts.services.forgotten import tell
from geo.lib.credentials import make_first_password, make_username
from geo.lib.errors import GeoError

HASHED_AT_ONCE = 2  # each takes 19 MiB


class NotAboveYou(GeoError):
    """Only somebody who runs the site changes the account of somebody who does."""

    template = _(
        "%(person)s runs this site itself. Only another person who does can change this account."
    )


@dataclass(frozen=True)
class Slip:
    """What is handed to a person on paper, once: the password is kept nowhere."""

    user: User
    password: str
    assignment: Assignment | None = None


def guard(user: User, by: User | None) -> None:
    """Refuse whom ``by`` may not change; None is the command line.

    Raises
    ------
    NotAboveYou
    """
    if by is not None and user.is_superuser and not by.is_superuser:
        raise NotAboveYou(person=str(user))


def _taken_usernames() -> set[str]:
    return {name.lower() for name in User.objects.values_list("username", flat=True)}


@transaction.atomic
def create_person(
    *, full_name: str, office_title: str = "", phone: str = "", email: str = ""
) -> Slip:
    """Make an account with a first password that must be changed at the first sign-in."""
    return _create([NewAccount(0, full_name, "", None, None, office_title, phone, email)])[0]


@transaction.atomic
def create_accounts(*, accounts: Sequence[NewAccount], by: User | None) -> list[Slip]:
    """Make all accounts with their assignments, or none.

    Returns
    -------
    list of Slip
        In the order of ``accounts``; the only place where the passwords are readable.
    """
    slips = _create(accounts)
    assignments = Assignment.objects.bulk_create(
        Assignment(
            user=slip.user,
            role=account.role,
            area_id=account.area_id,
            sector_id=account.sector_id,
            granted_by=by,
        )
        for slip, account in zip(slips, accounts, strict=True)
    )
    pairs = zip(slips, assignments, strict=True)
    return [Slip(slip.user, slip.password, assignment) for slip, assignment in pairs]


def _create(accounts: Sequence[NewAccount]) -> list[Slip]:
    taken = _taken_usernames()
    slips = []
    for account in accounts:
        user = User(
            username=make_username(account.full_name, taken),
            full_name=account.full_name,
            office_title=account.office_title,
            phone=account.phone,
            email=account.email,
            must_change_password=True,
        )
        taken.add(user.username)
        slips.append(Slip(user, make_first_password()))
    # Three hundred hashes take many seconds, and nobody sees the slips before the last is made.
    with ThreadPoolExecutor(HASHED_AT_ONCE) as pool:
        list(pool.map(lambda slip: slip.user.set_password(slip.password), slips))
    User.objects.bulk_create(slip.user for slip in slips)
    return slips


def change_person(
    *, user: User, full_name: str, office_title: str, phone: str, email: str, by: User | None
) -> User:
    """Correct how a person is called and reached.

    Raises
    ------
    NotAboveYou
    """
    guard(user, by)
    user.full_name, user.office_title = full_name, office_title
    user.phone, user.email = phone, email
    user.save(update_fields=["full_name", "office_title", "phone", "email"])
    return user


def set_active(*, user: User, is_active: bool, by: User | None) -> User:
    """Let a person sign in, or no longer; open sessions end.

    Raises
    ------
    NotAboveYou
    """
    guard(user, by)
    user.is_active = is_active
    user.session_round = F("session_round") + 1
    user.save(update_fields=["is_active", "session_round"])
    user.refresh_from_db()
    return user


@transaction.atomic
def reset_password(*, user: User, by: User | None) -> Slip:
    """Set a first password anew; all sessions of the person end, and waiting after wrong tries.

    Who has signed in before is mailed: the slip might be in somebody else's hand.

    Raises
    ------
    NotAboveYou
    """
    guard(user, by)
    password = make_first_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    reset(username=user.username)
    if user.last_login:
        tell(user, AccountMail.Kind.PASSWORD_RESET)
    return Slip(user, password)


@transaction.atomic
def renew_first_passwords(*, people: Iterable[User], by: User | None) -> list[Slip]:
    """Set first passwords anew for those of ``people`` who never signed in: slips were lost.

    Others keep theirs, as do those whom ``by`` may not change.
    """
    untouched = [user for user in people if user.must_change_password and not user.last_login]
    may_change = [
        user for user in untouched if by is None or by.is_superuser or not user.is_superuser
    ]
    return [reset_password(user=user, by=by) for user in may_change]


def change_password(*, request: HttpRequest, user: User, password: str) -> None:
    """Set a password of the person's own; every session but this one ends."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    update_session_auth_hash(request, user)


def end_other_sessions(*, request: HttpRequest, user: User) -> None:
    """Sign the person out everywhere but here."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    update_session_auth_hash(request, user)
