"""Giving a role over an area and sector, ending it, handing it over."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.accounts.models import Assignment, User
from geo.accounts.rules import faults_of_assignment
from geo.accounts.services.people import Slip, create_person, guard
from geo.accounts.services.turns import take_turn
from geo.areas.models import Area
from geo.indicators.models import Sector
from geo.lib.errors import GeoError
from geo.lib.names import name_key


class WrongScope(GeoError):
    """The role does not go with this area or sector."""

    template = _("The assignment was not made. %(why)s")


class AlreadyAssigned(GeoError):
    """The person has exactly this assignment."""

    template = _("%(person)s has this role there already. Nothing was changed.")


class AlreadyEnded(GeoError):
    """What has ended cannot be handed over."""

    template = _("This task of %(person)s has ended already. Nothing was changed.")


class NotLetIn(GeoError):
    """Who may not sign in cannot do a task."""

    template = _(
        "%(person)s may not sign in, so nobody would do this task. Let the person in again first, "
        "or choose somebody else."
    )


class NotByYourself(GeoError):
    """Nobody gives, ends or hands over an assignment of their own."""

    template = _("You cannot change what you may do yourself. Ask another administrator.")


def assign(
    *,
    user: User,
    role: str,
    area: Area | None = None,
    sector: Sector | None = None,
    by: User | None,
    valid_from: datetime.date | None = None,
    note: str = "",
) -> Assignment:
    """Give ``user`` a role over an area and sector, from today unless told.

    Raises
    ------
    WrongScope, AlreadyAssigned, NotLetIn, NotByYourself, NotAboveYou
    """
    _refuse_own(user, by)
    guard(user, by)
    if not user.is_active:
        raise NotLetIn(person=str(user))
    faults = faults_of_assignment(role, area.level if area else None, has_sector=sector is not None)
    if faults:
        raise WrongScope(why=" ".join(faults.values()))
    begins = valid_from or timezone.localdate()
    try:
        with transaction.atomic():
            return Assignment.objects.create(
                user=user,
                role=role,
                area=area,
                sector=sector,
                valid_from=begins,
                granted_by=by,
                note=note,
            )
    except IntegrityError as error:
        raise AlreadyAssigned(person=str(user)) from error


@transaction.atomic
def open_account(
    *,
    by: User | None,
    role: str,
    area: Area | None,
    sector: Sector | None,
    note: str,
    **person: str,
) -> Slip:
    """Make an account for one person together with what it is for.

    Raises
    ------
    AlreadyAssigned
        Somebody of this name has this role there: the form was sent twice.
    WrongScope
    """
    take_turn("new accounts")
    held = Assignment.objects.not_ended().filter(role=role, area=area, sector=sector)
    names = held.filter(user__is_active=True).values_list("user__full_name", flat=True)
    if name_key(person["full_name"]) in {name_key(name) for name in names}:
        raise AlreadyAssigned(person=person["full_name"])
    slip = create_person(**person)
    assign(user=slip.user, by=by, role=role, area=area, sector=sector, note=note)
    return slip


def _refuse_own(user: User, by: User | None) -> None:
    if by is not None and by.pk == user.pk:
        raise NotByYourself


@transaction.atomic
def end_assignment(
    *, assignment: Assignment, by: User | None, day: datetime.date | None = None, note: str = ""
) -> Assignment:
    """End an assignment; ``day`` is the first day without it, today unless told.

    One that has ended already stays as it is.

    Raises
    ------
    NotByYourself, NotAboveYou
    """
    locked = Assignment.objects.select_for_update().get(pk=assignment.pk)
    _refuse_own(locked.user, by)
    guard(locked.user, by)
    ends = max(day or timezone.localdate(), locked.valid_from)
    if locked.valid_to is None or locked.valid_to > ends:
        locked.valid_to = ends
        locked.note = note or locked.note
        locked.save(update_fields=["valid_to", "note"])
    return locked


@transaction.atomic
def hand_over(
    *,
    assignment: Assignment,
    to: User,
    by: User | None,
    day: datetime.date | None = None,
    note: str = "",
) -> Assignment:
    """Let ``to`` follow in an assignment: the old one ends on the day the new one begins.

    What was drafted and sent belongs to the area, and stays with it.

    Raises
    ------
    AlreadyAssigned, AlreadyEnded, NotLetIn, NotByYourself, NotAboveYou
    """
    begins = day or timezone.localdate()
    if assignment.user_id == to.pk:
        raise AlreadyAssigned(person=str(to))
    locked = Assignment.objects.select_for_update(of=("self",)).select_related("user")
    held = locked.get(pk=assignment.pk)
    if held.valid_to is not None and held.valid_to <= begins:
        raise AlreadyEnded(person=str(held.user))
    end_assignment(assignment=assignment, by=by, day=begins, note=note)
    return assign(
        user=to,
        role=assignment.role,
        area=assignment.area,
        sector=assignment.sector,
        by=by,
        valid_from=begins,
        note=note,
    )
