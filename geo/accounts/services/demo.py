"""The cast of a demonstration: one account for each role, in whichever regency is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from geo.accounts.models import Assignment, Role, User
from geo.areas.models import Area, Level
from geo.areas.queries import regency
from geo.indicators.models import Observation, Sector


@dataclass(frozen=True)
class Member:
    """Somebody of the cast; ``place`` counts villages of the demonstration's district."""

    username: str
    full_name: str
    role: str
    office_title: str = ""
    place: int | None = None
    sector: str = ""


DEMO_CAST = (
    Member("admin", "Ayu Admin", Role.ADMINISTRATOR, "Administrator"),
    Member("desa", "Dewi Desa", Role.VILLAGE_OPERATOR, "Kaur Perencanaan", place=0),
    Member("desa2", "Danu Desa", Role.VILLAGE_OPERATOR, "Kasi Pemerintahan", place=1),
    Member("kecamatan", "Kartika Kecamatan", Role.DISTRICT_VERIFIER, "Kasi Pemerintahan"),
    Member("kesehatan", "Hendra Sehat", Role.OFFICE_OFFICER, "Dinas Kesehatan", sector="health"),
    Member("dukcapil", "Putri Penduduk", Role.OFFICE_OFFICER, "Dukcapil", sector="population"),
    Member("investasi", "Intan Investasi", Role.OFFICE_OFFICER, "DPMPTSP", sector="investment"),
    Member("walidata", "Wira Walidata", Role.WALIDATA, "Diskominfo"),
    Member("bupati", "Bupati", Role.REGENT, "Bupati"),
)


def create_demo_cast(passwords: Mapping[str, str]) -> tuple[list[User], list[str]]:
    """Make those accounts of the cast that do not exist.

    Parameters
    ----------
    passwords : mapping of str to str
        Password by user name.

    Returns
    -------
    tuple
        The people made, and the user names of those whose area or sector is missing.
    """
    villages = _villages_of_demo_district()
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    existing = set(User.objects.values_list("username", flat=True))
    made, missing = [], []
    for member in DEMO_CAST:
        if member.username in existing:
            continue
        area = _area(member, villages)
        sector = sectors.get(member.sector)
        if (member.sector and not sector) or (_needs_area(member) and not area):
            missing.append(member.username)
            continue
        user = _make(member, passwords[member.username])
        Assignment.objects.create(user=user, role=member.role, area=area, sector=sector)
        made.append(user)
    return made, missing


def _make(member: Member, password: str) -> User:
    make = User.objects.create_user
    if member.role == Role.ADMINISTRATOR:
        make = User.objects.create_superuser
    return make(
        username=member.username,
        password=password,
        full_name=member.full_name,
        office_title=member.office_title,
        is_demo=True,
    )


def _needs_area(member: Member) -> bool:
    return member.place is not None or member.role == Role.DISTRICT_VERIFIER


def _area(member: Member, villages: list[Area]) -> Area | None:
    if member.role == Role.DISTRICT_VERIFIER:
        return villages[0].parent if villages else None
    if member.place is None or member.place >= len(villages):
        return None
    return villages[member.place]


def _villages_of_demo_district() -> list[Area]:
    """Villages with figures and a boundary, of the district that has most of them."""
    villages = Area.objects.current().at_level(Level.VILLAGE).within(regency())
    drawn = villages.with_boundary().filter(Exists(Observation.objects.filter(area=OuterRef("pk"))))
    if not drawn.exists():
        drawn = villages
    best = (
        drawn.values("parent").annotate(n=Count("pk", distinct=True)).order_by("-n", "parent__code")
    )
    if not best:
        return []
    found = drawn.filter(parent=best[0]["parent"]).select_related("parent")
    # Desa before kelurahan: the demonstration is of a village office.
    found = found.order_by("kind", "code")
    return list(found.defer("boundary", "parent__boundary"))
