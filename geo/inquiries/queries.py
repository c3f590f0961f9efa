"""Questions by number or by private link, what can be asked about, and the desk of the offices."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from geo.accounts.models import User
from geo.areas.models import Area
from geo.areas.queries import find_area, regency, title_of
from geo.indicators.models import Dataset, Sector
from geo.inquiries.models import Inquiry, InquiryMail, State, Subject
from geo.lib.errors import GeoError
from geo.opportunities.models import Opportunity

NUMBER = re.compile(r"TN-([0-9]{4})-([0-9]{6,18})")
DOSSIER = re.compile(r"[A-Z0-9]{10}")
INVESTMENT = "investment"
# What the address of the form calls each kind of subject.
ASKED_ABOUT = {"a": Subject.AREA, "peluang": Subject.OPPORTUNITY, "dosir": Subject.DOSSIER}
PAGES = {
    Subject.AREA: "profile",
    Subject.OPPORTUNITY: "opportunity",
    Subject.DOSSIER: "dossier",
}
# A mail that could not be sent for so long is not sent any more.
PATIENCE = datetime.timedelta(hours=24)


class UnknownInquiry(GeoError):
    """No question has this number, or it is not theirs, or the link is wrong."""

    status = 404
    template = gettext_lazy(
        "There is no question under this address. A number looks like TN-2026-000123; the private "
        "link must be complete, as the receipt shows it."
    )


class UnknownSubject(GeoError):
    """A link to the form names something that does not exist."""

    status = 404
    template = gettext_lazy(
        "There is nothing with the code “%(code)s” to ask about. Open the page of the village or "
        "opportunity, and choose “Ask a question” there."
    )


@dataclass(frozen=True)
class AskedAbout:
    """What a question is about, with the area it lies in."""

    kind: str
    code: str
    name: str
    area: Area | None

    @property
    def address(self) -> str:
        """The page of the subject; "" where there is none."""
        return address_of(self.kind, self.code)


def address_of(kind: str, code: str) -> str:
    """The page of a subject; "" where there is none."""
    try:
        return reverse(PAGES[Subject(kind)], args=[code])
    except NoReverseMatch:
        return ""


def ask_again(inquiry: Inquiry) -> str:
    """The address of a new form about the same subject."""
    name = next(name for name, kind in ASKED_ABOUT.items() if kind == inquiry.subject)
    return f"{reverse('ask')}?{urlencode({name: inquiry.subject_code})}"


def find_subject(asked) -> AskedAbout:  # type: ignore[no-untyped-def]
    """What the address of the form asks about; the whole regency where it says nothing.

    Raises
    ------
    UnknownArea, UnknownSubject
    """
    for name, kind in ASKED_ABOUT.items():
        code = asked.get(name, "").strip()
        if code:
            return _find(kind, code)
    top = regency()
    return AskedAbout(Subject.AREA, top.code, title_of(top), top)


def _find(kind: str, code: str) -> AskedAbout:
    if kind == Subject.AREA:
        area = find_area(code[:20])
        return AskedAbout(kind, area.code, title_of(area), area)
    code = code.upper()
    if kind == Subject.OPPORTUNITY:
        rows = Opportunity.objects.as_of().select_related("area").defer("area__boundary")
        one = rows.filter(code=code[:20]).first()
        if one is not None:
            return AskedAbout(kind, one.code, one.title, one.area)
    elif _is_dossier(code):
        return AskedAbout(kind, code, gettext("Dossier %(code)s") % {"code": code}, None)
    raise UnknownSubject(code=code[:60])


def _is_dossier(code: str) -> bool:
    # By its name: dossiers carry the link to this form, so their room lies above this one.
    dossiers = apps.get_model("geo", "Dossier").objects
    return bool(DOSSIER.fullmatch(code)) and dossiers.filter(code=code).exists()


def offices() -> dict[Sector, str]:
    """Every sector whose data an office answers for, with the name of that office."""
    names = dict.fromkeys(Sector.objects.exclude(datasets=None).distinct(), "")
    for dataset in Dataset.objects.select_related("sector"):
        if dataset.office_id and not names.get(dataset.sector):
            names[dataset.sector] = dataset.office
    return {
        sector: f"{name} · {sector.name}" if name else sector.name for sector, name in names.items()
    }


def office_name(sector: Sector) -> str:
    """The office that answers for a sector; the sector's own name where none is declared."""
    rows = Dataset.objects.filter(sector=sector).exclude(office_id="")
    first = rows.select_related("sector").first()
    return first.office if first else sector.name


def likely_office(subject: AskedAbout) -> str:
    """The code of the office that a form proposes; "" where who asks has to choose.

    Opportunities and dossiers are the investment office's; of a village anything may be asked.
    """
    if subject.kind != Subject.AREA and Sector.objects.filter(code=INVESTMENT).exists():
        return INVESTMENT
    return ""


def _with_relations(rows: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    return rows.select_related("sector", "handler", "area").defer("area__boundary")


def _by_number(rows: QuerySet[Inquiry], number: str) -> Inquiry:
    matched = NUMBER.fullmatch(number)
    found = _with_relations(rows).filter(pk=int(matched[2])).first() if matched else None
    if found is None or found.number != number:
        raise UnknownInquiry()
    return found


def find_inquiry(user: User, number: str, *, to_answer: bool = False) -> Inquiry:
    """The question with this number, if it is theirs to read, or to answer.

    Raises
    ------
    UnknownInquiry
        Also where it exists and is not theirs.
    """
    rows = Inquiry.objects.all()
    return _by_number(rows.answerable_by(user) if to_answer else rows.visible_to(user), number)


def find_thread(number: str, token: str) -> Inquiry:
    """The question that a private link opens.

    Raises
    ------
    UnknownInquiry
        Where number and token do not belong together; nothing tells which is wrong.
    """
    found = _by_number(Inquiry.objects.all(), number)
    if not found.is_opened_by(token):
        raise UnknownInquiry()
    return found


@dataclass(frozen=True)
class OfficeLoad:
    """How many questions wait at one office, and for how long."""

    code: str
    name: str
    n_waiting: int
    longest_days: int
    mean_days: float
    n_answered: int


@dataclass(frozen=True)
class Desk:
    """The questions a person sees, by shelf and filter, and the counts of the offices."""

    shelf: str
    office: str
    q: str
    shelves: list[tuple[str, str, int]]
    rows: QuerySet[Inquiry]
    loads: list[OfficeLoad]


def shelf_names() -> dict[str, tuple[str, list[str]]]:
    """The parts of the desk: what each is called, and the states of what lies there."""
    return {
        "menunggu": (gettext("Waiting for an answer"), [State.NEW, State.ASSIGNED]),
        "dijawab": (gettext("Answered"), [State.ANSWERED]),
        "ditutup": (gettext("Closed"), [State.CLOSED]),
    }


def read_desk(user: User, *, shelf: str, office: str, q: str) -> Desk:
    """What lies on the desk of a person; what waits longest first."""
    named = shelf_names()
    shelf = shelf if shelf in named else "menunggu"
    visible = Inquiry.objects.visible_to(user)
    loads = office_loads(visible)
    rows = _with_relations(visible)
    if office:
        rows = rows.filter(sector__code=office[:50])
    if q := q.strip()[:100]:
        rows = rows.filter(_found_by(q))
    states = list(rows.order_by().values_list("state", flat=True))
    shelves = [
        (code, label, sum(state in held for state in states))
        for code, (label, held) in named.items()
    ]
    order = ["waiting_since", "pk"] if shelf == "menunggu" else ["-pk"]
    rows = rows.filter(state__in=named[shelf][1]).order_by(*order)
    return Desk(shelf, office, q, shelves, rows, loads)


def _found_by(q: str) -> Q:
    matched = NUMBER.fullmatch(q.upper())
    if matched:
        return Q(pk=int(matched[2]))
    return Q(subject_name__icontains=q) | Q(subject_code=q) | Q(text__icontains=q)


def office_loads(rows: QuerySet[Inquiry]) -> list[OfficeLoad]:
    """For each office, how many questions wait and since when; the longest waiting first."""
    waits: dict[int, list[int]] = defaultdict(list)
    answered: dict[int, int] = defaultdict(int)
    today = timezone.localdate()
    for sector_id, since in rows.order_by().values_list("sector", "waiting_since"):
        if since is None:
            answered[sector_id] += 1
        else:
            waits[sector_id].append((today - timezone.localdate(since)).days)
    sectors = Sector.objects.filter(pk__in={*waits, *answered})
    loads = [
        OfficeLoad(
            code=sector.code,
            name=office_name(sector),
            n_waiting=len(days := waits[sector.pk]),
            longest_days=max(days, default=0),
            mean_days=sum(days) / len(days) if days else 0.0,
            n_answered=answered[sector.pk],
        )
        for sector in sectors
    ]
    return sorted(loads, key=lambda load: (-load.longest_days, -load.n_waiting, load.name))


def to_be_mailed(now: datetime.datetime | None = None) -> QuerySet[InquiryMail]:
    """Mails that were not sent yet and are not too old."""
    since = (now or timezone.now()) - PATIENCE
    rows = InquiryMail.objects.filter(sent_at=None, made_at__gte=since)
    return rows.select_related("inquiry__sector", "inquiry__contact", "user").order_by("pk")
