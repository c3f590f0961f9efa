"""Writing areas: the register of codes and names."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area, AreaAlias, AreaChange, Level
from geo.lib.errors import GeoError
from geo.lib.names import name_key
from geo.lib.register import AreaRow, ChangeRow, Register, read_register

REGISTER_FIELDS = ["level", "kind", "name", "parent_id", "bps_code", "valid_from"]


class NoRegister(GeoError):
    """The project holds no list of the areas of this regency."""

    template = _(
        "There is no register of areas for the regency “%(code)s”: the file “%(path)s” is "
        "missing. Run script/manage load_boundaries with a boundary source for this regency; "
        "the register is then derived from its codes and names."
    )


@dataclass(frozen=True)
class RegisterReport:
    """What loading a register did; counts are areas, except for aliases and changes."""

    regency_code: str
    n_areas: int
    n_created: int
    n_changed: int
    n_former: int
    n_aliases: int
    is_derived: bool
    unlisted: tuple[str, ...]


def load_register(*, regency_code: str) -> RegisterReport:
    """Bring areas, former areas and aliases of one regency to what its register says.

    Parameters
    ----------
    regency_code : str
        Such as ``"16.07"``; its files lie in ``data/boundaries/register``.

    Returns
    -------
    RegisterReport
        All zeros but ``n_areas``, ``n_former``, ``n_aliases`` when nothing changed.

    Raises
    ------
    NoRegister
        The project has no register for this regency.
    """
    folder = settings.DATA_DIR / "boundaries" / "register"
    register = read_register(folder, regency_code)
    if register is None:
        raise NoRegister(code=regency_code, path=folder / f"{regency_code}.csv")
    return save_register(register=register, regency_code=regency_code)


@transaction.atomic
def save_register(*, register: Register, regency_code: str) -> RegisterReport:
    """Write a register that has been read or derived; boundaries stay as they are.

    Parameters
    ----------
    register : Register
        Upper levels first.
    regency_code : str

    Returns
    -------
    RegisterReport
        ``unlisted`` are current areas of the regency that the register lacks;
        they are left alone, because only a person knows what became of them.
    """
    current = {a.code: a for a in Area.objects.current().filter(code__startswith=regency_code)}
    for change in register.changes:
        _close_predecessor(change, current)
    n_created = n_changed = 0
    for level in Level.values:  # upper levels first, because the lower ones point at them
        rows = [row for row in register.areas if row.level == level]
        n_changed += sum(
            _update_area(current[row.code], row, current) for row in rows if row.code in current
        )
        new = [row for row in rows if row.code not in current]
        areas = [Area(code=row.code, **_fields(row, current)) for row in new]
        current.update((area.code, area) for area in Area.objects.bulk_create(areas))
        n_created += len(new)
    for change in register.changes:
        _record_change(change, current)
    for alias in register.aliases:
        _record_alias(current[alias.code], alias.name, alias.origin)
    return RegisterReport(
        regency_code=regency_code,
        n_areas=len(register.areas),
        n_created=n_created,
        n_changed=n_changed,
        n_former=len(register.changes),
        n_aliases=len(register.aliases),
        is_derived=register.is_derived,
        unlisted=tuple(sorted(current.keys() - register.codes)),
    )


def _fields(row: AreaRow, current: dict[str, Area]) -> dict:
    parent = current[row.parent_code] if row.parent_code else None
    return {
        "level": row.level,
        "kind": row.kind,
        "name": row.name,
        "parent_id": parent.pk if parent else None,
        "bps_code": row.bps_code,
        "valid_from": row.valid_from,
    }


def _update_area(area: Area, row: AreaRow, current: dict[str, Area]) -> bool:
    wanted = _fields(row, current)
    if all(getattr(area, field) == value for field, value in wanted.items()):
        return False
    if area.name != row.name:
        _record_alias(area, area.name, AreaAlias.Origin.FORMER)
    for field, value in wanted.items():
        setattr(area, field, value)
    area.save(update_fields=[field.removesuffix("_id") for field in wanted])
    return True


def _close_predecessor(change: ChangeRow, current: dict[str, Area]) -> None:
    # An area that was current until now and has been replaced keeps its row and its history.
    area = current.get(change.predecessor.code)
    if area is not None and area.valid_from < change.date:
        area.valid_to = change.date
        area.save(update_fields=["valid_to"])
        del current[area.code]


def _record_change(change: ChangeRow, current: dict[str, Area]) -> None:
    row, successor = change.predecessor, current[change.successor_code]
    predecessor = Area.objects.filter(code=row.code, valid_to=change.date).first()
    if predecessor is None:
        predecessor = Area.objects.create(
            code=row.code, valid_to=change.date, **_fields(row, current)
        )
    AreaChange.objects.update_or_create(
        predecessor=predecessor,
        successor=successor,
        defaults={
            "nature": change.nature,
            "date": change.date,
            "share": change.share,
            "legal_basis": change.legal_basis,
        },
    )


def _record_alias(area: Area, name: str, origin: str) -> None:
    # The first origin stands: a name a person has confirmed stays confirmed.
    AreaAlias.objects.get_or_create(
        area=area, key=name_key(name), defaults={"name": name, "origin": origin}
    )
