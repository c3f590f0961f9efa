"""What may this person see and do? One function answers, for one row and for querysets."""

from __future__ import annotations

import datetime
import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from geo.accounts.models import Assignment, Role, User
from geo.areas.models import Area, Level


class Act(enum.StrEnum):
    """Something that a role allows, over some areas and sectors."""

    SEE = "see"  # what is not published yet
    REPORT = "report"  # bring in figures
    REVIEW = "review"  # pass on or return what was reported
    VERIFY = "verify"  # approve it, which publishes it
    MANAGE = "manage"  # people and their assignments


class AnySector(enum.Enum):
    """Stands for “in whichever sector”, where None means “in no sector at all”."""

    ANY_SECTOR = enum.auto()


ANY_SECTOR: Final = AnySector.ANY_SECTOR

ACTS: Final[dict[str, frozenset[Act]]] = {
    Role.VILLAGE_OPERATOR: frozenset({Act.SEE, Act.REPORT}),
    Role.DISTRICT_VERIFIER: frozenset({Act.SEE, Act.REPORT, Act.REVIEW}),
    Role.OFFICE_OFFICER: frozenset({Act.SEE, Act.REPORT, Act.REVIEW, Act.VERIFY}),
    Role.WALIDATA: frozenset(Act),
    Role.REGENT: frozenset({Act.SEE}),
    Role.ADMINISTRATOR: frozenset({Act.SEE, Act.MANAGE}),
}
# Whoever passes on, approves or hands out rights has a second factor.
NEED_SECOND_FACTOR: Final = frozenset({Act.REVIEW, Act.VERIFY, Act.MANAGE})

NOTHING: Final = Q(pk__in=[])


@dataclass(frozen=True)
class Grant:
    """One assignment as it holds on the day that was asked for."""

    role: str
    area_id: int | None
    area_level: str | None
    sector_id: int | None

    def allows(self, act: Act) -> bool:
        """Whether the role allows the act at all."""
        return act in ACTS[self.role]

    def covers_area(self, area: Area | None) -> bool:
        """Whether ``area`` is the grant's own or lies below it."""
        if self.area_id is None:
            return True
        if area is None:
            return False
        chain: list[int | None] = [area.pk]
        if self.area_level != Level.VILLAGE:
            chain.append(area.parent_id)
        if self.area_level == Level.REGENCY and area.parent is not None:
            chain.append(area.parent.parent_id)
        return self.area_id in chain

    def covers_sector(self, sector_id: int | AnySector | None) -> bool:
        """Whether the grant is for all sectors or for this one."""
        return sector_id is ANY_SECTOR or self.sector_id in (None, sector_id)

    def area_filter(self, lookup: str) -> Q:
        """``covers_area`` as a filter; ``lookup`` "" where the row itself is the area."""
        if self.area_id is None:
            return Q()
        steps = [lookup or "pk"]
        if self.area_level != Level.VILLAGE:
            steps.append(_joined(lookup, "parent"))
        if self.area_level == Level.REGENCY:
            steps.append(_joined(lookup, "parent__parent"))
        found = Q()
        for step in steps:
            found |= Q(**{step: self.area_id})
        return found

    def sector_filter(self, lookup: str | AnySector | None) -> Q:
        """``covers_sector`` as a filter; None where rows belong to no sector."""
        if self.sector_id is None or isinstance(lookup, AnySector):
            return Q()
        return NOTHING if lookup is None else Q(**{lookup: self.sector_id})


def _joined(lookup: str, step: str) -> str:
    return f"{lookup}__{step}" if lookup else step


@dataclass(frozen=True)
class Access:
    """All that one person may do on one day. Every room asks this, and nothing else."""

    grants: tuple[Grant, ...] = ()

    def holds(self, act: Act) -> bool:
        """Whether the person may do it anywhere at all."""
        return any(grant.allows(act) for grant in self.grants)

    def may(self, act: Act, *, area: Area | None, sector_id: int | AnySector | None = None) -> bool:
        """Whether the person may do it there.

        Parameters
        ----------
        act : Act
        area : Area or None
            None for what belongs to no area: only those responsible for the
            whole regency may. An area's parent is read if it was not selected.
        sector_id : int, None or ANY_SECTOR
            None for what belongs to no sector: only those with all sectors may.
        """
        return any(
            grant.allows(act) and grant.covers_area(area) and grant.covers_sector(sector_id)
            for grant in self.grants
        )

    def sectors(self, act: Act, *, area: Area | None) -> list[int] | AnySector:
        """The sectors in which the person may do it there; ANY_SECTOR where in all of them."""
        grants = [one for one in self.grants if one.allows(act) and one.covers_area(area)]
        found = {one.sector_id for one in grants}
        return ANY_SECTOR if None in found else sorted(pk for pk in found if pk is not None)

    def scope(
        self,
        act: Act,
        area: str = "area",
        sector: str | AnySector | None = "dataset__sector",
    ) -> Q:
        """The same rule as ``may``, as a filter of a queryset.

        Parameters
        ----------
        act : Act
        area : str
            Lookup that leads to the area; "" for a queryset of areas.
        sector : str, None or ANY_SECTOR
            Lookup that leads to the sector; None where rows have no sector.
        """
        found = NOTHING
        for grant in self.grants:
            if not grant.allows(act):
                continue
            condition = grant.area_filter(area) & grant.sector_filter(sector)
            if not condition:
                return Q()
            found |= condition
        return found

    @property
    def needs_second_factor(self) -> bool:
        """Whether the password alone is too little for what the person may do."""
        return any(self.holds(act) for act in NEED_SECOND_FACTOR)


def access_of(user: User | AnonymousUser, on: datetime.date | None = None) -> Access:
    """What ``user`` may do on that day, today unless told; one query, kept on the user.

    Nobody signed in, or somebody inactive, may do nothing. A superuser without
    assignments counts as administrator: somebody must make the first accounts.
    """
    if not isinstance(user, User) or not user.is_active:
        return Access()
    if on is not None:
        return _read_access(user, on)
    kept = getattr(user, "_access", None)
    if kept is None:
        kept = user._access = _read_access(user, timezone.localdate())  # type: ignore[attr-defined]
    return kept


def _read_access(user: User, day: datetime.date) -> Access:
    rows = Assignment.objects.on(day).filter(user=user).order_by("pk")
    grants = [Grant(*row) for row in rows.values_list("role", "area", "area__level", "sector")]
    if user.is_superuser:
        grants.append(Grant(Role.ADMINISTRATOR, None, None, None))
    return Access(tuple(grants))


def as_reporter_of_all(user: User) -> User:
    """The same person, as if reporting for the whole regency: to count what is due, not to act.

    For pages that are open to those alone who may see everything.
    """
    reader = User(pk=user.pk, username=user.username)
    everywhere = Access((Grant(Role.WALIDATA, None, None, None),))
    reader._access = everywhere  # type: ignore[attr-defined]
    return reader


def has_second_factor(user: User) -> bool:
    """Whether the person's phone shows a code at every sign-in."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def lacks_second_factor(user: User) -> bool:
    """Whether the person must set up a second factor before reviewing, approving or managing.

    Accounts of a demonstration need none: they exist nowhere else.
    """
    if user.is_demo or not access_of(user).needs_second_factor:
        return False
    return not has_second_factor(user)


def people_of_each(act: Act, *, area_ids: Iterable[int], sector_id: int) -> dict[int, set[int]]:
    """By id of an area, ids of active people who may do it there by an assignment to that area."""
    roles = [role for role, acts in ACTS.items() if act in acts]
    rows = Assignment.objects.current().filter(
        Q(sector=None) | Q(sector=sector_id),
        area__in=area_ids,
        role__in=roles,
        user__is_active=True,
    )
    found: dict[int, set[int]] = defaultdict(set)
    for area, person in rows.order_by().values_list("area", "user"):
        found[area].add(person)
    return found


def people_who_may(
    act: Act, *, area: Area | None, sector_id: int | AnySector | None = None
) -> QuerySet[User]:
    """Active people for whom ``access_of(person).may(act, …)`` holds today: whom to tell."""
    roles = [role for role, acts in ACTS.items() if act in acts]
    held = Assignment.objects.current().filter(user=OuterRef("pk"), role__in=roles)
    covering = Q(area=None)
    if area is not None:
        above = [area.pk, area.parent_id, area.parent.parent_id if area.parent else None]
        covering |= Q(area__in=[pk for pk in above if pk is not None])
    held = held.filter(covering)
    if sector_id is None:
        held = held.filter(sector=None)
    elif not isinstance(sector_id, AnySector):
        held = held.filter(Q(sector=None) | Q(sector=sector_id))
    condition: Q | Exists = Exists(held)
    if act in ACTS[Role.ADMINISTRATOR]:
        condition = Q(condition) | Q(is_superuser=True)
    return User.objects.filter(condition, is_active=True).order_by("username")
