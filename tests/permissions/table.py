"""Who gets what from which address: the one table of all routes.

Each row says for a route, by its name, who gets an answer to GET and to POST. Everybody else
gets what a stranger gets: somebody signed in 404, somebody not signed in the sign-in page. A
method that a row does not name is answered with 405. HEAD follows GET.

To add a route
    add a row; ``where`` holds what its address needs, or a function that makes the object in
    Kabupaten Kotak and returns it. ``fields`` are sent with POST.
To add the states of an object
    one row for each, named ``route@state``: ``"review@sent": Row(where=a_sent_submission, …)``.

A route that is missing here, and a row without route, fail ``test_matrix.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.utils import timezone

from geo.accounts.models import Assignment, User
from geo.areas.models import Outline
from geo.documents.models import Dossier
from tests.accounts.world import CAST, VILLAGE
from tests.attachments.world import make_row
from tests.inquiries.world import asked

ANONYMOUS = "anonymous"
EVERYBODY = frozenset({ANONYMOUS, *CAST})
SIGNED_IN = frozenset(CAST)
NOBODY: frozenset[str] = frozenset()
MANAGERS = frozenset({"walidata", "administrator"})
REVIEWERS = frozenset({"verifier", "officer", "other_officer", "walidata"})
REPORTERS = REVIEWERS | {"operator", "other_operator"}

Where = Mapping[str, object] | Callable[[], Mapping[str, object]]


@dataclass(frozen=True)
class Row:
    """Who is answered; the others are sent to sign in, or told that there is nothing."""

    GET: frozenset[str] | None = None
    POST: frozenset[str] | None = None
    PUT: frozenset[str] | None = None
    where: Where = field(default_factory=dict)
    query: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    # Who also needs a second factor; and whether it takes a password of one's own.
    factor: frozenset[str] = NOBODY
    own_password: bool = True
    # What those who are answered get, and those who are signed in but not answered.
    answer: str = "answered"
    otherwise: str = "hidden"

    def who(self, method: str) -> frozenset[str] | None:
        """Who is answered by this method; None where the method is not known."""
        if method == "HEAD":
            return self.GET
        return {"GET": self.GET, "POST": self.POST, "PUT": self.PUT}.get(method)

    def arguments(self) -> Mapping[str, object]:
        return self.where() if callable(self.where) else self.where


def public(**given) -> Row:
    """Read by everybody, changed by nobody."""
    return Row(GET=EVERYBODY, own_password=False, **given)


def managed(**given) -> Row:
    return Row(factor=EVERYBODY, **given)


def a_dossier():
    """One that could not be made."""
    dossier = Dossier.objects.create(
        kind="area",
        query=f"a={VILLAGE}",
        language="id",
        pinned_at=timezone.now(),
        address="http://testserver/dossier/",
        digest=uuid4().hex,
        state="failed",
        failure="Too late.",
    )
    return {"code": dossier.code}


def an_outline():
    outline = Outline.objects.get(parent__level="regency", level="district")
    return {
        "parent_code": outline.parent.code,
        "level": outline.level,
        "content_hash": outline.content_hash,
    }


def a_task():
    task = Assignment.objects.get(user__username="operator")
    return {"number": task.pk}


def a_question():
    return {"number": asked("health").inquiry.number}


def a_photo():
    """Of the village, handed in by its operator; it has no files."""
    row = make_row(User.objects.get(username="operator"))
    return {"identifier": row.uuid}


VILLAGE_PAGE = {"code": VILLAGE}
A_PERSON = {"username": "stranger"}

# What everybody may read. Where Kabupaten Kotak has no such object, all get the same 404.
PUBLIC = {
    "health": public(),
    "version": public(),
    "home": public(),
    "about": public(),
    "style": public(),
    "map": public(),
    "map_fragment": public(),
    "map_series": public(),
    "map_origin": public(),
    "map_origin_fragment": public(),
    "map_pdf": public(query="i=nothing"),
    "map_png": public(query="i=nothing"),
    "search": public(),
    "outlines": public(where=an_outline),
    "areas": public(),
    "profile": public(where=VILLAGE_PAGE),
    "profile_pdf": public(where={"code": "99.99"}),
    "ask_dossier": Row(GET=EVERYBODY, POST=EVERYBODY, own_password=False),
    "dossier": Row(GET=EVERYBODY, POST=EVERYBODY, own_password=False, where=a_dossier),
    "dossier_progress": public(where=a_dossier),
    "dossier_file": public(where={"code": "ABSENT", "file_format": "pdf"}),
    "compare": public(),
    "roads": public(),
    "road": public(where={"number": "1"}),
    "road_card": public(where={"number": "1"}),
    "road_layer": public(where={"regency_code": "99.01", "content_hash": "0"}),
    "places": public(),
    "place": public(where={"number": 1}),
    "place_card": public(where={"number": 1}),
    "place_layer": public(where={"code": "school", "content_hash": "0"}),
    "ledgers": public(),
    "ledger": public(where=VILLAGE_PAGE),
    "lampid_pdf": public(where={"code": VILLAGE, "period": "1999-01"}),
    "lampid_xlsx": public(where={"code": VILLAGE, "period": "1999-01"}),
    "ambulance_access": public(),
    "road_network": public(),
    "barred_layer": public(where={"regency_code": "99.01", "content_hash": "0"}),
    "find_place": public(),
    "ranking_file": public(where={"kind": "csv"}),
    "opportunities": public(),
    "opportunities_csv": public(),
    "opportunities_geojson": public(),
    "opportunity": public(where={"code": "PI-0000"}),
    "opportunity_card": public(where={"code": "PI-0000"}),
}

# The interface for machines reads what is published, whoever asks.
INTERFACE = {
    f"api-v1:{name}": public(where=where)
    for name, where in {
        "openapi-json": {},
        "openapi-view": {},
        "api-root": {},
        "areas": {},
        "areas_geojson": {},
        "search": {},
        "area": VILLAGE_PAGE,
        "places": {},
        "places_geojson": {},
        "roads": {},
        "roads_geojson": {},
        "opportunities": {},
        "opportunities_csv": {},
        "opportunities_geojson": {},
        "indicators": {},
        "values": {},
        "values_csv": {},
        "values_geojson": {},
        "values_xlsx": {},
        "values_gpkg": {},
        "values_meta": {},
        "sector_xlsx": {"code": "nothing"},
        "sector_gpkg": {"code": "nothing"},
        "sector_geojson": {"code": "nothing"},
        "sector_csv": {"code": "nothing"},
        "sector_meta": {"code": "nothing"},
        "ledger": {},
        "ledger_csv": {},
    }.items()
}

ACCOUNTS = {
    "sign_in": Row(GET=EVERYBODY, POST=EVERYBODY, own_password=False),
    # Only between the password and the code; else back to the beginning.
    "sign_in_code": Row(GET=NOBODY, POST=NOBODY, own_password=False, otherwise="sign_in"),
    "forgotten": Row(GET=EVERYBODY, POST=EVERYBODY, own_password=False),
    "forgotten_sent": public(),
    # Without a key of its own it says the same to everybody: the link no longer holds.
    "new_forgotten_password": Row(
        GET=EVERYBODY,
        POST=EVERYBODY,
        own_password=False,
        where={"uidb64": "MQ", "token": "none"},
    ),
    "sign_out": Row(POST=EVERYBODY, own_password=False),
    "account": Row(GET=SIGNED_IN, own_password=False),
    "password": Row(GET=SIGNED_IN, POST=SIGNED_IN, own_password=False),
    "end_sessions": Row(POST=SIGNED_IN, own_password=False),
    "second_factor": Row(GET=SIGNED_IN, POST=SIGNED_IN),
    # Without the right code back to its page.
    "recovery_codes": Row(POST=SIGNED_IN, answer="second_factor"),
    "change_telephone": Row(POST=SIGNED_IN, answer="second_factor"),
    "people": managed(GET=MANAGERS),
    "new_slips": managed(POST=MANAGERS),
    "villages_without_operator": managed(GET=MANAGERS),
    "new_person": managed(GET=MANAGERS, POST=MANAGERS),
    "accounts_sheet": managed(GET=MANAGERS, POST=MANAGERS),
    "accounts_sheet_template": managed(GET=MANAGERS),
    "person": managed(GET=MANAGERS, where=A_PERSON),
    "person_change": managed(GET=MANAGERS, POST=MANAGERS, where=A_PERSON),
    "new_password": managed(POST=MANAGERS, where=A_PERSON),
    "forget_second_factor": managed(POST=MANAGERS, where=A_PERSON),
    "let_in": managed(POST=MANAGERS, where=A_PERSON, fields={"active": "0"}),
    "new_assignment": managed(POST=MANAGERS, where=A_PERSON),
    "end_assignment": managed(POST=MANAGERS, where=a_task),
    "hand_over": managed(GET=MANAGERS, POST=MANAGERS, where=a_task),
}

ACCOUNTS["overview"] = Row(GET=MANAGERS | {"regent"})

# What nobody may touch, because it does not exist, answers as what belongs to others does.
ABSENT = {"number": "PB-1999-000001"}
STEPS = ["mend", "reasons", "answer", "go_back", "send", "withdraw"]
STEPS += ["comment", "return", "approve", "verify", "undo", "counter"]
SUBMISSIONS = {
    "desk": Row(GET=REPORTERS),
    "phone": Row(GET=REPORTERS),
    # The same for everybody: a script that holds no figures.
    "service_worker": public(),
    "notices": Row(GET=SIGNED_IN, POST=SIGNED_IN),
    "queue": Row(GET=REVIEWERS, factor=EVERYBODY),
    "chunk_start@absent": Row(POST=NOBODY),
    "chunk@absent": Row(GET=NOBODY, PUT=NOBODY, where={"identifier": UUID(int=1)}),
    **{
        f"{name}@absent": Row(GET=NOBODY, where=ABSENT)
        for name in ("submission", "progress", "returned", "original", "review")
    },
    **{f"{name}@absent": Row(POST=NOBODY, where=ABSENT) for name in STEPS},
    "history@absent": Row(
        GET=NOBODY, where={"indicator": "nothing", "area": VILLAGE, "period": "2024"}
    ),
    **{
        f"{name}@absent": Row(
            **{method: NOBODY},
            where={"dataset": "nothing", "period": "2024-01", "area": VILLAGE},
        )
        for name, method in (
            ("form", "GET"),
            ("workbook", "GET"),
            ("upload", "POST"),
            ("fill_state", "GET"),
        )
    },
    "fill@absent": Row(
        GET=NOBODY,
        POST=NOBODY,
        where={"dataset": "nothing", "period": "2024-01", "area": VILLAGE},
    ),
}

# Questions to offices: anybody asks; the offices answer; the regent reads how long they wait.
ANSWERERS = frozenset({"officer", "other_officer", "walidata"})
NO_QUESTION = {"number": "TN-1999-000001"}
INQUIRIES = {
    "ask": Row(GET=EVERYBODY, POST=EVERYBODY, own_password=False),
    "inquiry_thread": Row(
        GET=EVERYBODY, POST=EVERYBODY, own_password=False, where={**NO_QUESTION, "token": "none"}
    ),
    "inquiries": Row(GET=ANSWERERS | {"regent"}, factor=ANSWERERS),
    "inquiry@absent": Row(GET=NOBODY, where=NO_QUESTION),
    "inquiry@asked": Row(
        GET=frozenset({"officer", "walidata", "regent"}), where=a_question, factor=ANSWERERS
    ),
    **{
        f"inquiry_{step}@asked": Row(
            POST=frozenset({"officer", "walidata"}), where=a_question, factor=EVERYBODY
        )
        for step in ("take", "answer", "forward", "close")
    },
    **{
        f"inquiry_{step}@absent": Row(POST=NOBODY, where=NO_QUESTION)
        for step in ("take", "answer", "forward", "close")
    },
}

# Photos and documents of a village: what has no sector is in the hand of all sectors alone; who
# answers for one hands in what belongs to it.
OF_ALL_SECTORS = frozenset({"verifier", "walidata"})
NO_PHOTO = {"identifier": UUID(int=1)}
ATTACHMENTS = {
    "attachments": Row(
        GET=REPORTERS - {"other_operator"},
        POST=REPORTERS - {"other_operator"},
        query=f"a={VILLAGE}",
    ),
    "attachment_queue": Row(GET=REVIEWERS, factor=EVERYBODY),
    "attachment_publish@waiting": Row(POST=OF_ALL_SECTORS, where=a_photo, factor=EVERYBODY),
    "attachment_refuse@waiting": Row(POST=OF_ALL_SECTORS, where=a_photo, factor=EVERYBODY),
    "attachment_withdraw@waiting": Row(POST=OF_ALL_SECTORS | {"operator"}, where=a_photo),
    **{
        f"attachment_{step}@absent": Row(POST=NOBODY, where=NO_PHOTO)
        for step in ("publish", "refuse", "withdraw")
    },
    # What waits and what does not exist look alike to everybody.
    "attachment_file": public(where={**NO_PHOTO, "file": "besar.jpg"}),
}

TABLE: dict[str, Row] = {
    **PUBLIC, **INTERFACE, **ACCOUNTS, **SUBMISSIONS, **INQUIRIES, **ATTACHMENTS
}  # fmt: skip
