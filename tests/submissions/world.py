"""Submissions in Kabupaten Kotak: data sets of each kind, and everybody who takes part.

The cast is told apart by what they may do. The operator answers for village
99.01.01.2001, the neighbour for 99.01.01.2002 in the same district, the far
operator for 99.01.04.2001; the verifier for district 99.01.01, the far verifier
for 99.01.04; the officer for the sector ``test``, the other officer for ``other``.
"""

import datetime
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.utils import timezone

from geo.accounts.models import Assignment, Role, User
from geo.indicators.models import Dataset, Indicator, Sector
from geo.lib.grids import Grid, content_hash
from geo.population.rules import MONTHLY_CODES, YEARLY_CODES
from geo.submissions.kinds import kind_of
from geo.submissions.models import Origin, State, Submission, SubmissionVersion
from geo.submissions.queries.forms import Form
from tests.factories import Kotak
from tests.indicators.world import make_indicator

VILLAGE, NEIGHBOUR, FAR = "99.01.01.2001", "99.01.01.2002", "99.01.04.2001"
DISTRICT, FAR_DISTRICT, REGENCY = "99.01.01", "99.01.04", "99.01"
YEAR, MONTH = "2025", "2026-10"
DAY = datetime.date(2024, 1, 1)
# Who passes on or approves has a second factor, or is sent to set one up.
WITH_SECOND_FACTOR = {"verifier", "far_verifier", "officer", "other_officer", "walidata", "admin"}


@dataclass(frozen=True)
class Cast:
    operator: User
    neighbour: User
    far_operator: User
    verifier: User
    far_verifier: User
    officer: User
    other_officer: User
    walidata: User
    regent: User
    admin: User
    stranger: User

    def everybody(self) -> dict[str, User]:
        return dict(vars(self))


@dataclass(frozen=True)
class World:
    kotak: Kotak
    cast: Cast
    figures: Dataset  # by each village, yearly: nurses, midwives (at most nurses), electrified
    surveyed: Dataset  # by the office for all villages, yearly: flooded
    book: Dataset  # by each village, monthly: the ledger
    lists: Dataset  # by each village, yearly: places
    roads: Dataset  # by the office, yearly: road inventory

    def form(self, dataset: Dataset | None = None, area: str = VILLAGE, period: str = "") -> Form:
        dataset = dataset or self.figures
        period = period or (MONTH if dataset.frequency == "month" else YEAR)
        return Form(dataset, period, self.area(area))

    def area(self, code: str):
        areas = [self.kotak.regency, *self.kotak.districts, *self.kotak.villages]
        return next(area for area in areas if area.code == code)


def make_world(kotak: Kotak) -> World:
    sector, _made = Sector.objects.get_or_create(
        code="test", defaults={"name_id": "Uji", "name_en": "Test"}
    )
    Sector.objects.create(code="other", name_id="Lain", name_en="Other")
    make_indicator("nurses", name_id="Perawat", name_en="Nurses")
    make_indicator("midwives", name_id="Bidan", name_en="Midwives", checks={"at_most": "nurses"})
    rate = {"unit": "percent", "roll_up": "none", "decimals": 1, "valid_min": 0, "valid_max": 100}
    make_indicator("electrified", name_id="Berlistrik", name_en="Electrified", **rate)
    make_indicator("flooded", name_id="Banjir", name_en="Flooded days", valid_min=0)
    for code in MONTHLY_CODES:
        make_indicator(code, frequency="month")
    for code in YEARLY_CODES:
        make_indicator(code)
    declared = {"kind": "values", "frequency": "year", "reporter": "village", "due_days": 31}
    contents = ["nurses", "midwives", "electrified"]
    return World(
        kotak,
        make_cast(kotak, sector),
        figures=make_dataset(sector, "figures", declared | {"contents": contents}),
        surveyed=make_dataset(
            sector, "surveyed", declared | {"contents": ["flooded"], "reporter": "office"}
        ),
        book=make_dataset(
            sector, "book", declared | {"kind": "ledger", "frequency": "month", "due_days": 10}
        ),
        lists=make_dataset(sector, "lists", declared | {"kind": "places", "contents": ["school"]}),
        roads=make_dataset(
            sector, "roads", declared | {"kind": "road_inventory", "reporter": "office"}
        ),
    )


def make_dataset(sector: Sector, code: str, declared: dict) -> Dataset:
    names = {"name_id": code.capitalize(), "name_en": code.capitalize()}
    return Dataset.objects.create(sector=sector, code=code, **names | declared)


def make_cast(kotak: Kotak, sector: Sector) -> Cast:
    areas = {area.code: area for area in [*kotak.districts, *kotak.villages]}
    other = Sector.objects.get(code="other")
    roles = {
        "operator": (Role.VILLAGE_OPERATOR, areas[VILLAGE], None),
        "neighbour": (Role.VILLAGE_OPERATOR, areas[NEIGHBOUR], None),
        "far_operator": (Role.VILLAGE_OPERATOR, areas[FAR], None),
        "verifier": (Role.DISTRICT_VERIFIER, areas[DISTRICT], None),
        "far_verifier": (Role.DISTRICT_VERIFIER, areas[FAR_DISTRICT], None),
        "officer": (Role.OFFICE_OFFICER, None, sector),
        "other_officer": (Role.OFFICE_OFFICER, None, other),
        "walidata": (Role.WALIDATA, None, None),
        "regent": (Role.REGENT, None, None),
        "admin": (Role.ADMINISTRATOR, None, None),
    }
    people = {name: make_person(name) for name in [*roles, "stranger"]}
    for name, (role, area, of_sector) in roles.items():
        Assignment.objects.create(
            user=people[name], role=role, area=area, sector=of_sector, valid_from=DAY
        )
    return Cast(**people)


def make_person(name: str) -> User:
    words = name.replace("_", " ").title()
    person = User.objects.create(
        username=name, full_name=words, email=f"{name}@example.org", office_title="Uji"
    )
    if name in WITH_SECOND_FACTOR:
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    return person


# --- submissions as they stand at some moment, without the services that lead there ----


def typed(form: Form, cells: dict[str, dict]) -> Grid:
    """The form's rows with ``cells`` typed in, by code of the village and of the column."""
    rows = kind_of(form.dataset).rows(form)
    for row in rows:
        row.cells |= cells.get(row.key, {})
    columns = [column.code for column in kind_of(form.dataset).columns(form)]
    return Grid(columns, [row for row in rows if row.key in cells])


def draft(form: Form, by: User, cells: dict[str, dict], state=State.READY) -> Submission:
    """A submission that was typed in on a page and checked without a problem."""
    submission = Submission.objects.create(
        dataset=form.dataset, period=form.period, area=form.area, state=state, created_by=by
    )
    grid = typed(form, cells)
    submission.current = SubmissionVersion.objects.create(
        submission=submission,
        number=1,
        origin=Origin.FORM,
        content=grid.as_json(),
        content_hash=content_hash(grid, {}),
        created_by=by,
        checked_at=timezone.now(),
    )
    submission.save()
    return submission


def sent(form: Form, by: User, cells: dict[str, dict]) -> Submission:
    """A submission that waits for review."""
    from geo.submissions.models import Act
    from geo.submissions.services.events import record

    submission = draft(form, by, cells)
    version = submission.current
    version.sealed_at = timezone.now()
    version.save()
    record(submission=submission, act=Act.SENT, by=by)
    return submission


def ledger_cells(opening=(600, 580), **events) -> dict[str, float]:
    """Cells of one village's month: ``ledger_cells(births=(2, 1))`` is (male, female)."""
    cells = {}
    for place, sex in enumerate(("male", "female")):
        cells[f"opening_{sex}"] = opening[place]
        for name in ("births", "deaths", "arrivals", "departures", "missing"):
            cells[f"{name}_{sex}"] = events.get(name, (0, 0))[place]
        gains = cells[f"births_{sex}"] + cells[f"arrivals_{sex}"]
        losses = sum(cells[f"{name}_{sex}"] for name in ("deaths", "departures", "missing"))
        cells[f"closing_{sex}"] = opening[place] + gains - losses
    return cells


def indicator(code: str) -> Indicator:
    return Indicator.objects.get(code=code)
