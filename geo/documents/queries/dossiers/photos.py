"""Photos of what a dossier is about: as they were published at its moment."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from geo.attachments.models import Attachment
from geo.attachments.queries import published_photos
from geo.attachments.services.storing import LARGE, path_of
from geo.documents.queries.dossiers.subjects import Subject
from geo.documents.queries.words import day_line
from geo.templatetags import geo as wording

MOST_OF_ONE, MOST_OF_SEVERAL = 4, 2
LICENCES = {"cc_by": "CC BY 4.0", "cc0": "CC0"}


def photo_parts(subject: Subject) -> list[dict[str, Any]]:
    """What is said of each photo; the pictures themselves stay where they are kept."""
    limit = MOST_OF_ONE if len(subject.areas) == 1 else MOST_OF_SEVERAL
    found: list[Attachment] = []
    if subject.opportunity:
        code = subject.opportunity.code
        found += published_photos(opportunity_code=code, moment=subject.moment, limit=MOST_OF_ONE)
    for area in subject.areas:
        found += published_photos(area=area, moment=subject.moment, limit=limit)
    return [_part(row) for row in found]


def _part(row: Attachment) -> dict[str, Any]:
    by = _("Photo: %(name)s") % {"name": row.credit}
    day = day_line(row.taken_on) if row.taken_on else ""
    facts = [wording.title(row.area), by, day, LICENCES.get(row.licence, "")]
    return {
        "uuid": str(row.uuid),
        "caption": row.caption,
        "line": " · ".join(fact for fact in facts if fact),
        "width": row.width,
        "height": row.height,
        "thumbnail_width": row.thumbnail_width,
        "thumbnail_height": row.thumbnail_height,
    }


def still_shown(contents: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Photos of a dossier that nobody has taken back since; one query where there are any."""
    parts = contents.get("photos", [])
    wanted = [part["uuid"] for part in parts]
    shown = Attachment.objects.as_of().filter(uuid__in=wanted).values_list("uuid", flat=True)
    there = {str(identifier) for identifier in shown} if wanted else set()
    return [part for part in parts if part["uuid"] in there]


def with_pictures(contents: Mapping[str, Any]) -> dict[str, Any]:
    """The contents, with each photo as a drawing that holds it, as the typesetter wants it.

    What was taken back since is left out: somebody may be seen on it who does not want to
    be, and that goes before an unchanged page.
    """
    photos = []
    for part in still_shown(contents):
        path = path_of(UUID(part["uuid"]), LARGE)
        # A file that is missing is told by `script/manage cek`; the rest of the dossier stands.
        if path.is_file():
            photos.append(part | {"svg": _drawing(part, path.read_bytes())})
    # Boundaries are for the GeoPackage; on paper they are drawn already.
    said = {name: part for name, part in contents.items() if name != "shapes"}
    return said | {"photos": photos}


def _drawing(part: Mapping[str, Any], content: bytes) -> str:
    width, height = int(part["width"]), int(part["height"])
    size = f'width="{width}" height="{height}"'
    picture = base64.b64encode(content).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}" {size}>'
        f'<image {size} xlink:href="data:image/jpeg;base64,{picture}"/></svg>'
    )
