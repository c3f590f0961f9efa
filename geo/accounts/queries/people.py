"""Lists of people, of what they answer for, and of what nobody answers for."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from geo.accounts.models import Assignment, Role, User
from geo.areas.models import Area, Level
from geo.areas.queries import regency

# Changes of these are told in the history of a person; others are numbers for machines.
TOLD = (
    "full_name",
    "office_title",
    "phone",
    "email",
    "is_active",
    "password_changed_at",
    "second_factor_since",
)
BY_LINK = "link"  # noted beside a password that was set by a link sent by e-mail


@dataclass(frozen=True)
class Change:
    """One thing that was changed about a person, and by whom."""

    at: datetime.datetime
    field: str
    before: Any
    after: Any
    by: User | None
    way: str = ""

    @property
    def label(self) -> str:
        """What was changed, in words."""
        if self.field == "is_active":
            return gettext("Let in again") if self.after else gettext("No longer let in")
        if self.field == "password_changed_at":
            by_link = gettext("Password set by a link sent by e-mail")
            return by_link if self.way == BY_LINK else gettext("Password set")
        if self.field == "second_factor_since":
            is_on = gettext("Second factor switched on")
            return is_on if self.after else gettext("Second factor taken away")
        return str(getattr(User._meta.get_field(self.field), "verbose_name", self.field))

    @property
    def shows_values(self) -> bool:
        """Whether old and new say more than the label."""
        return self.field not in ("is_active", "password_changed_at", "second_factor_since")


def find_person(username: str) -> User:
    """The person with this user name; 404 where there is none."""
    found = User.objects.filter(username=username.replace("\x00", "")).first()
    if found is None:
        raise Http404
    return found


def people_with_address(name: str) -> list[User]:
    """Those who may sign in, have this user name or e-mail address, and can be mailed.

    A look-alike of an address finds nobody else's mail: it goes to the one that is kept.
    """
    wanted = Q(username=User.normalize_username(name)) | Q(email__iexact=name)
    found = User.objects.filter(wanted, is_active=True).exclude(email="").order_by("pk")
    return [user for user in found if user.has_usable_password()]


def find_assignment(number: int) -> Assignment:
    """The assignment with this number; 404 where there is none."""
    found = _with_places(Assignment.objects.filter(pk=number)).first()
    if found is None:
        raise Http404
    return found


def _with_places(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    related = assignments.select_related("user", "area__parent", "sector", "granted_by")
    return related.defer("area__boundary", "area__parent__boundary")


def assignments_of(user: User) -> tuple[list[Assignment], list[Assignment]]:
    """What the person answers for now or soon, and what has ended."""
    today = timezone.localdate()
    rows = list(_with_places(Assignment.objects.filter(user=user)))
    now = [row for row in rows if row.valid_to is None or row.valid_to > today]
    return now, [row for row in rows if row not in now]


def tasks_of(people: Iterable[User]) -> dict[int, list[Assignment]]:
    """What each of many people answers for now or soon, by the key of the person."""
    found: dict[int, list[Assignment]] = {user.pk: [] for user in people}
    for row in _with_places(Assignment.objects.not_ended().filter(user__in=found)):
        found[row.user_id].append(row)
    return found


def search_people(*, q: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """People with their present assignments, by name.

    Parameters
    ----------
    q : str
        Part of a name, a user name, or of the name or code of an area.
    role : str
        One of ``Role``; those who hold it now.
    state : str
        ``never`` signed in, ``ended``: no assignment now, ``inactive``.
    """
    current = Assignment.objects.not_ended()
    held = current.filter(user=OuterRef("pk"))
    found = User.objects.prefetch_related(
        Prefetch("assignments", queryset=_with_places(current), to_attr="present")
    )
    for word in q.replace("\x00", "").split():
        by_area = held.filter(Q(area__name__icontains=word) | Q(area__code__startswith=word))
        found = found.filter(
            Q(full_name__icontains=word) | Q(username__icontains=word) | Exists(by_area)
        )
    if role:
        found = found.filter(Exists(held.filter(role=role)))
    if state == "never":
        found = found.filter(last_login=None)
    elif state == "ended":
        found = found.filter(~Exists(held), is_superuser=False)
    elif state == "inactive":
        found = found.filter(is_active=False)
    return found.order_by("full_name", "username")


def must_wait(user: User) -> bool:
    """Whether the person is kept from signing in somewhere, after too many wrong tries."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    tries = AccessAttempt.objects.filter(username=user.username, attempt_time__gt=since)
    return tries.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists()


def villages_without_operator() -> QuerySet[Area]:
    """Villages of the regency for which nobody reports today."""
    operators = Assignment.objects.current().filter(
        role=Role.VILLAGE_OPERATOR, area=OuterRef("pk"), user__is_active=True
    )
    villages = Area.objects.current().at_level(Level.VILLAGE).within(regency())
    villages = villages.filter(~Exists(operators)).select_related("parent")
    return villages.defer("boundary", "parent__boundary").order_by("code")


def area_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Districts and villages of the regency by code, villages under their district."""
    rows = Area.objects.current().within(regency()).order_by("code")
    groups: dict[str, list[tuple[str, str]]] = {}
    titles: dict[str, str] = {}
    for area in rows.only("code", "name", "kind", "level"):
        if area.level == Level.DISTRICT:
            titles[area.code] = str(area)
            groups[area.code] = [(area.code, str(area))]
        else:
            district = area.code.rpartition(".")[0]
            groups.setdefault(district, []).append((area.code, str(area)))
    return [(titles.get(code, code), choices) for code, choices in groups.items()]


def history_of(user: User, limit: int = 30) -> list[Change]:
    """What was changed about a person, the latest first, as the triggers wrote it down."""
    model = apps.get_model("geo", "UserEvent")
    events = list(
        model.objects.filter(pgh_obj_id=user.pk)
        .select_related("pgh_context")
        .order_by("-pgh_id")[: 3 * limit]
    )
    people = User.objects.in_bulk({n for n in map(_actor_id, events) if n})
    changes = []
    for after, before in itertools.pairwise(events):
        for field in TOLD:
            old, new = getattr(before, field), getattr(after, field)
            if old != new:
                by = people.get(_actor_id(after) or 0)
                way = _noted(after).get("way", "")
                changes.append(Change(after.pgh_created_at, field, old, new, by, way))
    return changes[:limit]


def _actor_id(event: Any) -> int | None:
    return _noted(event).get("user")


def _noted(event: Any) -> dict[str, Any]:
    return (event.pgh_context.metadata or {}) if event.pgh_context else {}
