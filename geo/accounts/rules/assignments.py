"""Which areas and sectors go with which role."""

from __future__ import annotations

from django.utils.translation import gettext as _

from geo.accounts.models import Role
from geo.areas.models import Level

LEVEL_OF_ROLE = {Role.VILLAGE_OPERATOR: Level.VILLAGE, Role.DISTRICT_VERIFIER: Level.DISTRICT}


def faults_of_assignment(role: str, level: str | None, *, has_sector: bool) -> dict[str, str]:
    """What keeps a role from being given over such an area and sector.

    Parameters
    ----------
    role : str
        One of ``Role``.
    level : str or None
        Level of the area; None without one.
    has_sector : bool

    Returns
    -------
    dict of str to str
        A sentence under ``area`` or ``sector``; empty when all is well.
    """
    faults: dict[str, str] = {}
    wanted = LEVEL_OF_ROLE.get(Role(role))
    if wanted == Level.VILLAGE and level != Level.VILLAGE:
        faults["area"] = _("A village operator needs one village. Choose it.")
    elif wanted == Level.DISTRICT and level != Level.DISTRICT:
        faults["area"] = _("A district verifier needs one district. Choose it.")
    elif wanted is None and level is not None:
        faults["area"] = _("This role covers the whole regency. Leave the area empty.")
    if role == Role.OFFICE_OFFICER and not has_sector:
        faults["sector"] = _("An officer of a regency office needs a sector. Choose it.")
    elif role in (Role.WALIDATA, Role.REGENT, Role.ADMINISTRATOR) and has_sector:
        faults["sector"] = _("This role covers all sectors. Leave the sector empty.")
    return faults
