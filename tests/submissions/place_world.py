"""Two kinds of places in Kabupaten Kotak, and forms about them filled in."""

from django.utils import timezone

from geo.indicators.models import Sector
from geo.lib.grids import Grid, GridRow, content_hash
from geo.places.models import PlaceKind
from geo.places.services import refresh_layer
from geo.submissions.kinds import kind_of
from geo.submissions.models import Act, Origin, State, Submission, SubmissionVersion
from geo.submissions.queries.forms import Form
from geo.submissions.services.events import record
from tests.indicators.world import make_indicator

CHOICES = {"negeri": {"id": "Negeri", "en": "Public"}, "swasta": {"id": "Swasta", "en": "Private"}}
NPSN = {
    "code": "npsn",
    "name_id": "NPSN",
    "name_en": "NPSN",
    "pattern": "[A-Z0-9][0-9]{7}",
    "required": True,
    "aliases": [],
}


def attribute(code, type_, name, **more):
    given = {"unit": "", "range": None, "required": False, "choices": {}, "aliases": []}
    return {"code": code, "name_id": name, "name_en": name, "type": type_, **given, **more}


def make_kinds(world) -> None:
    """``school`` with a number, pupils and status; ``post`` with nothing but a bed count."""
    sector = Sector.objects.get(code="test")
    for code in ("schools", "pupils", "posts"):
        make_indicator(code, roll_up="sum")
    shared = {"sector": sector, "icon": "place"}
    PlaceKind.objects.create(
        code="school",
        name_id="Sekolah",
        name_en="School",
        plural_id="Sekolah",
        plural_en="Schools",
        identifier=NPSN,
        attributes=[
            attribute("status", "choice", "Status", choices=CHOICES),
            attribute("pupils", "whole", "Pupils", range=[0, 2000]),
        ],
        feeds={"": "schools", "pupils": "pupils"},
        **shared,
    )
    PlaceKind.objects.create(
        code="post",
        name_id="Pos",
        name_en="Post",
        plural_id="Pos",
        plural_en="Posts",
        attributes=[attribute("beds", "whole", "Beds", range=[0, 50])],
        feeds={"": "posts"},
        position=200,
        **shared,
    )
    for kind in PlaceKind.objects.all():
        refresh_layer(kind)
    world.lists.contents = ["school", "post"]
    world.lists.save()


def inside(area, east=0.5, north=0.5) -> dict[str, float]:
    """Cells of a point in a square area: ``east`` and ``north`` are parts of its sides."""
    west, south, eastern, northern = area.boundary.extent
    lon, lat = west + east * (eastern - west), south + north * (northern - south)
    return {"lon": round(lon, 6), "lat": round(lat, 6)}


def grid(form: Form, *rows: dict, keys=()) -> Grid:
    """New rows, or, with ``keys``, rows about what stands; numbered from line 8."""
    columns = [column.code for column in kind_of(form.dataset).columns(form)]
    keys = [*keys, *[""] * (len(rows) - len(keys))]
    filled = [
        GridRow(8 + n, key, str(cells.get("name", "")), dict(cells))
        for n, (key, cells) in enumerate(zip(keys, rows, strict=True))
    ]
    return Grid(columns, filled)


def sent_grid(form: Form, by, content: Grid) -> Submission:
    """A submission of rows that waits for review."""
    now = timezone.now()
    submission = Submission.objects.create(
        dataset=form.dataset,
        period=form.period,
        area=form.area,
        state=State.READY,
        created_by=by,
    )
    submission.current = SubmissionVersion.objects.create(
        submission=submission,
        number=1,
        origin=Origin.FORM,
        content=content.as_json(),
        content_hash=content_hash(content, {}),
        created_by=by,
        checked_at=now,
        sealed_at=now,
    )
    submission.save()
    record(submission=submission, act=Act.SENT, by=by)
    return submission
