"""People as the public reads of them: by what they are, never by name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from geo.accounts.models import Role, User
from geo.accounts.queries import access_of
from geo.areas.models import Area

# Of several roles, the one that stands nearest to the figures is told.
ORDER = (
    Role.VILLAGE_OPERATOR,
    Role.DISTRICT_VERIFIER,
    Role.OFFICE_OFFICER,
    Role.WALIDATA,
    Role.ADMINISTRATOR,
    Role.REGENT,
)


def role_words(user: User, *, area: Area, sector_id: int) -> str:
    """What ``user`` is for this area and sector, such as “Village operator, Ubin 11”."""
    held = {
        grant.role: grant
        for grant in access_of(user).grants
        if grant.covers_area(area) and grant.covers_sector(sector_id)
    }
    role = next((one for one in ORDER if one in held), None)
    if role is None:
        return _("A person with an account")
    where = held[role].area_id
    named = Area.objects.filter(pk=where).only("name", "kind").first() if where else None
    return f"{role.label}, {named}" if named else str(role.label)
