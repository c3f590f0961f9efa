"""Signing in: the password, then the code of those who have a second factor."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate, login
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from geo.accounts.models import User
from geo.accounts.queries import has_second_factor
from geo.accounts.services.second_factor import takes_code
from geo.accounts.services.turns import take_turn

PENDING = "signing_in"
PENDING_S = 600  # from the password to the code
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Verdict(enum.Enum):
    """How a try ended."""

    WRONG = enum.auto()
    WAIT = enum.auto()  # too many tries: nothing was compared
    CODE_WANTED = enum.auto()
    IN = enum.auto()


@transaction.atomic
def check_password(*, request: HttpRequest, username: str, password: str) -> Verdict:
    """Compare name and password; who has no second factor is signed in.

    Tries for one name go one after the other: many at once would all be compared
    before the first of them is counted.
    """
    take_turn(username)
    user = authenticate(request, username=username, password=password)
    if getattr(request, "axes_locked_out", False):
        return Verdict.WAIT
    if not isinstance(user, User):
        return Verdict.WRONG
    if not has_second_factor(user):
        admit(request, user)
        return Verdict.IN
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": int(time.time()),
    }
    return Verdict.CODE_WANTED


def pending_user(request: HttpRequest) -> User | None:
    """Who has given the right password a short while ago and now owes the code."""
    pending = request.session.get(PENDING)
    if not pending or time.time() - pending["at"] > PENDING_S:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or not constant_time_compare(pending["hash"], user.get_session_auth_hash()):
        return None
    return user


def check_code(*, request: HttpRequest, user: User, code: str) -> Verdict:
    """Compare the code of ``pending_user``, who is signed in if it is right."""
    verdict = confirm_code(request=request, user=user, code=code)
    if verdict is Verdict.IN:
        admit(request, user)
    elif verdict is Verdict.WAIT:
        request.session.pop(PENDING, None)
    return verdict


def confirm_code(*, request: HttpRequest, user: User, code: str) -> Verdict:
    """Compare a code, also of somebody signed in; wrong ones count as wrong passwords do."""
    return _counted(request, user, lambda: takes_code(user, code))


def confirm_password(*, request: HttpRequest, user: User, password: str) -> Verdict:
    """Compare the password of somebody signed in; wrong ones count as at the sign-in."""
    return _counted(request, user, lambda: user.check_password(password))


@transaction.atomic
def _counted(request: HttpRequest, user: User, is_right: Callable[[], bool]) -> Verdict:
    """How one try ends, among those that are counted together.

    Without the count, whoever found a browser left open could try until one fits.
    """
    take_turn(user.username)
    credentials = {"username": user.username}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return Verdict.WAIT
    if is_right():
        return Verdict.IN
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return Verdict.WRONG


def admit(request: HttpRequest, user: User) -> None:
    """Open a session under a new key; the number of wrong tries is forgotten."""
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
