"""The cast of Kabupaten Kotak: one person for each role, and some who may nothing."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from geo.accounts.models import Assignment, Role, User
from geo.accounts.services import recovery_codes
from geo.areas.models import Area
from geo.indicators.models import Sector

PASSWORD = "sebuah-sandi-panjang"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
VILLAGE, OTHER_VILLAGE, DISTRICT = "99.01.01.2001", "99.01.02.2001", "99.01.01"
# Person → role, area, sector.
CAST = {
    "stranger": None,
    "operator": (Role.VILLAGE_OPERATOR, VILLAGE, None),
    "other_operator": (Role.VILLAGE_OPERATOR, OTHER_VILLAGE, None),
    "verifier": (Role.DISTRICT_VERIFIER, DISTRICT, None),
    "officer": (Role.OFFICE_OFFICER, None, "health"),
    "other_officer": (Role.OFFICE_OFFICER, None, "roads"),
    "walidata": (Role.WALIDATA, None, None),
    "regent": (Role.REGENT, None, None),
    "administrator": (Role.ADMINISTRATOR, None, None),
}


def make_sector(code: str) -> Sector:
    names = {"name_id": code.title(), "name_en": code.title()}
    return Sector.objects.get_or_create(code=code, defaults=names)[0]


def make_person(username: str, *, password: str | None = PASSWORD, **given) -> User:
    given.setdefault("full_name", username.replace("_", " ").title())
    return User.objects.create_user(username, password=password, **given)


def give(user: User, role: str, area: str | None = None, sector: str | None = None, **given):
    return Assignment.objects.create(
        user=user,
        role=role,
        area=Area.objects.current().get(code=area) if area else None,
        sector=make_sector(sector) if sector else None,
        **given,
    )


def add_second_factor(user: User) -> list[str]:
    """Their telephone holds ``KEY``; returns the emergency codes."""
    totp.TOTP.activate(user, KEY)
    RecoveryCodes.activate(user)
    return recovery_codes(user)


def code_now(shift: int = 0, *, key: str = KEY) -> str:
    """What the telephone shows now, or ``shift`` half minutes later.

    "Now" stands still while a test runs (conftest.py): a code holds for half a minute, and a
    test may begin at the end of one.
    """
    counter = int(totp.time.time()) // 30 + shift
    return totp.format_hotp_value(totp.hotp_value(key, counter))


def make_cast() -> dict[str, User]:
    """Everybody of CAST, with second factors where the role needs one. Passwords cost time."""
    people = {}
    for name, task in CAST.items():
        user = people[name] = make_person(name, password=None)
        if task:
            give(user, *task)
        if name in {"verifier", "officer", "other_officer", "walidata", "administrator"}:
            totp.TOTP.activate(user, KEY)
    return people
