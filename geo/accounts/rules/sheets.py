"""A sheet of people for whom accounts are to be made: what each row says, and all its faults."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from geo.accounts.models import Role
from geo.accounts.rules.assignments import faults_of_assignment
from geo.accounts.rules.names import is_name
from geo.areas.models import Level
from geo.lib.names import name_key
from geo.lib.tables import ERROR, Issue

MOST_ACCOUNTS = 1000
ROWS_ABOVE = 10  # among so many the headings are looked for: a title may stand above them
# Field → how its column may be headed, in letters and single blanks; the first is ours.
HEADINGS: dict[str, tuple[str, ...]] = {
    "area": ("kode wilayah", "kode desa", "kode", "area code", "code"),
    # Not needed; but where it contradicts the code, some columns were sorted without the others.
    "place": ("wilayah", "nama wilayah", "desa", "nama desa", "desa kelurahan", "area"),
    "name": ("nama", "nama lengkap", "nama petugas", "name", "full name"),
    "title": ("jabatan", "position"),
    "role": ("peran", "role"),
    "sector": ("sektor", "bidang", "sector"),
    "phone": ("telepon", "telp", "no telepon", "hp", "no hp", "nomor hp", "wa", "phone"),
    "email": ("email", "e mail", "surel"),
}
ROLE_WORDS: dict[str, tuple[str, ...]] = {
    Role.VILLAGE_OPERATOR: ("operator", "operator desa", "village operator"),
    Role.DISTRICT_VERIFIER: (
        "verifikator",
        "verifikator kecamatan",
        "kecamatan",
        "district verifier",
    ),
    Role.OFFICE_OFFICER: ("opd", "petugas opd", "dinas", "petugas dinas", "office officer"),
    Role.WALIDATA: ("walidata", "diskominfo", "data steward"),
    Role.REGENT: ("bupati", "regent"),
    Role.ADMINISTRATOR: ("administrator", "admin"),
}
ROLES = {word: role for role, words in ROLE_WORDS.items() for word in words}


@dataclass(frozen=True)
class NewAccount:
    """One person and the assignment to begin with, as a row of the sheet says."""

    row: int
    full_name: str
    role: str
    area_id: int | None = None
    sector_id: int | None = None
    office_title: str = ""
    phone: str = ""
    email: str = ""


class KnownArea(NamedTuple):
    """An area as a row may name it."""

    pk: int
    level: str
    name: str


@dataclass(frozen=True)
class Known:
    """What a row can name, and who holds what already.

    Areas by code; sectors by their names, of each the one first that people are told.
    """

    areas: dict[str, KnownArea]
    sectors: dict[str, int]
    held: set[tuple[str, int | None, int | None, str]] = field(default_factory=set)


def read_accounts(
    lines: Iterable[tuple[int, list[str]]], known: Known
) -> tuple[list[NewAccount], list[Issue]]:
    """Read a sheet whole; every fault of every row is told at once.

    Parameters
    ----------
    lines : iterable of (int, list of str)
        Number of the row in the file and its cells; the headings among the first.
    known : Known

    Returns
    -------
    tuple
        The accounts that can be made, and what is wrong with the other rows.
    """
    filled = [(row, cells) for row, cells in lines if any(cells)]
    filled = filled[_place_of_headings(filled) or 0 :]
    if len(filled) < 2:
        words = _(
            "The sheet holds no people. The first row names the columns, each other a person."
        )
        return [], [_issue(None, "", "", words)]
    columns, issues = _columns(*filled[0])
    if issues:
        return [], issues
    if len(filled) > MOST_ACCOUNTS + 1:
        words = _(
            "The sheet has %(found)s people; at most %(most)s are taken at a time. Divide it."
        )
        text = words % {"found": len(filled) - 1, "most": MOST_ACCOUNTS}
        return [], [_issue(None, "", str(len(filled) - 1), text)]
    reader = _Reader(columns, known)
    accounts = [account for account in (reader.read(*line) for line in filled[1:]) if account]
    if not accounts and not reader.issues:
        words = _("No person is named in the sheet. Write at least one name.")
        return [], [_issue(None, "", "", words)]
    return accounts, reader.issues


def names_people(lines: Iterable[tuple[int, list[str]]]) -> bool:
    """Whether a sheet has the headings of a list of people."""
    return _place_of_headings([(row, cells) for row, cells in lines if any(cells)]) is not None


def _place_of_headings(filled: list[tuple[int, list[str]]]) -> int | None:
    for place, (row, cells) in enumerate(filled[:ROWS_ABOVE]):
        if not _columns(row, cells)[1]:
            return place
    return None


def plain(text: str) -> str:
    """A heading or word in small letters and single blanks."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def _columns(row: int, cells: list[str]) -> tuple[dict[str, int], list[Issue]]:
    headings = [plain(cell) for cell in cells]
    columns: dict[str, int] = {}
    for name, words in HEADINGS.items():
        found = [place for place, heading in enumerate(headings) if heading in words]
        if found:
            columns[name] = found[0]
    missing = [HEADINGS[name][0] for name in ("name",) if name not in columns]
    if "area" not in columns and "role" not in columns:
        missing.append(f"{HEADINGS['area'][0]} / {HEADINGS['role'][0]}")
    text = _("There is no column “%(column)s”. The first row must name the columns: %(all)s.")
    all_names = ", ".join(words[0] for words in HEADINGS.values())
    return columns, [
        _issue(row, column, ", ".join(cells), text % {"column": column, "all": all_names})
        for column in missing
    ]


def _issue(row: int | None, column: str, found: str, message: str) -> Issue:
    return Issue(row, column, found, message, ERROR)


class _Reader:
    """Reads row after row, and remembers who came before."""

    def __init__(self, columns: dict[str, int], known: Known) -> None:
        self.columns, self.known = columns, known
        self.issues: list[Issue] = []
        self.seen: dict[tuple[str, int | None, int | None, str], int] = {}

    def read(self, row: int, cells: list[str]) -> NewAccount | None:
        """Turn a row into an account, or note why it cannot be one.

        A row that has only its area, as we hand them out, is nobody yet.
        """
        said = {
            name: " ".join(cells[place].split()) if place < len(cells) else ""
            for name, place in self.columns.items()
        }
        said = {name: said.get(name, "") for name in HEADINGS}
        if not any(text for name, text in said.items() if name not in ("area", "place")):
            return None
        before = len(self.issues)
        area_id, level = self._area(row, said["area"], said["place"])
        sector_id = self._sector(row, said["sector"])
        role = self._role(row, said, level)
        self._person(row, said)
        if len(self.issues) == before and role:
            has_sector = sector_id is not None
            for name, text in faults_of_assignment(role, level, has_sector=has_sector).items():
                self._fault(row, name, said[name], text)
        if len(self.issues) > before or not role:
            return None
        account = NewAccount(
            row,
            said["name"],
            role,
            area_id,
            sector_id,
            said["title"],
            _phone(said["phone"]),
            said["email"].lower(),
        )
        return account if self._is_new(account) else None

    def _fault(self, row: int, name: str, found: str, text: str) -> None:
        self.issues.append(_issue(row, HEADINGS[name][0], found, text))

    def _area(self, row: int, code: str, place: str) -> tuple[int | None, str | None]:
        if not code:
            return None, None
        area = self.known.areas.get(code)
        if area is None:
            text = _(
                "There is no village or district with this code. A village code looks like "
                "16.07.10.1003, with its dots."
            )
            self._fault(row, "area", code, text)
            return None, None
        if place and not _is_called(place, area.name):
            text = _(
                "The code %(code)s is that of %(name)s. Correct the code or the name; if rows "
                "were sorted, all columns have to be sorted together."
            )
            self._fault(row, "place", place, text % {"code": code, "name": area.name})
        return area.pk, area.level

    def _sector(self, row: int, name: str) -> int | None:
        if not name:
            return None
        found = self.known.sectors.get(plain(name))
        if found is None:
            text = _("There is no sector of this name. Known are: %(known)s.")
            names = {pk: name for name, pk in reversed(self.known.sectors.items())}
            known = ", ".join(sorted(names.values()))
            self._fault(row, "sector", name, text % {"known": known})
        return found

    def _role(self, row: int, said: dict[str, str], level: str | None) -> str | None:
        # An unknown code was told already; whoever names one usually means a village.
        if not said["role"] and said["area"] and level in (Level.VILLAGE, None):
            return Role.VILLAGE_OPERATOR
        role = ROLES.get(plain(said["role"].replace("_", " ")))
        if role is None:
            text = _("This is not a role. Write one of: %(known)s.")
            if not said["role"]:
                text = _(
                    "Neither a village nor a role is given. Write the code of the village, or one "
                    "of these roles: %(known)s."
                )
            known = ", ".join(words[0] for words in ROLE_WORDS.values())
            self._fault(row, "role", said["role"], text % {"known": known})
        return role

    def _person(self, row: int, said: dict[str, str]) -> None:
        if not is_name(said["name"]):
            text = _("The person's name is missing. Write it, or empty the row.")
            self._fault(row, "name", said["name"], text)
        for name in ("name", "title"):
            if len(said[name]) > 150:
                text = _("The text is too long: at most 150 letters.")
                self._fault(row, name, said[name][:40], text)
        if said["phone"] and not re.fullmatch(r"\+?[0-9 ().-]{6,25}", said["phone"]):
            text = _("This is not a telephone number. Write digits only, or leave it empty.")
            self._fault(row, "phone", said["phone"], text)
        if said["email"]:
            try:
                validate_email(said["email"])
            except ValidationError:
                text = _("This is not an e-mail address. Correct it, or leave it empty.")
                self._fault(row, "email", said["email"], text)

    def _is_new(self, account: NewAccount) -> bool:
        key = (account.role, account.area_id, account.sector_id, name_key(account.full_name))
        if key in self.known.held:
            text = _("This person has this role already. Take the row out of the sheet.")
            self._fault(account.row, "name", account.full_name, text)
            return False
        if key in self.seen:
            text = _("The same person stands in row %(row)s already. Take one of them out.")
            self._fault(account.row, "name", account.full_name, text % {"row": self.seen[key]})
            return False
        self.seen[key] = account.row
        return True


def _is_called(text: str, name: str) -> bool:
    """Whether a text names an area; its district may follow."""
    called = re.split(r",|\bkec\b|\bkecamatan\b", text, maxsplit=1, flags=re.IGNORECASE)[0]
    return name_key(called) == name_key(name)


def _phone(text: str) -> str:
    """Give back the zero that a spreadsheet took for a number's."""
    return f"0{text}" if text.startswith("8") else text
