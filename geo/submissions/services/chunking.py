"""Large files on a weak line: taken in pieces, resumed where they were cut."""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy

from geo.accounts.models import User
from geo.lib.errors import GeoError
from geo.lib.file_store import NoRoom, read_chunks, write_at
from geo.submissions.models import PartialUpload, Submission, SubmissionVersion
from geo.submissions.queries.forms import Form
from geo.submissions.rules.countering import require_no_counter
from geo.submissions.services import storing
from geo.submissions.services.receiving import Received, receive_file
from geo.submissions.services.subjects import demand_right

KEPT = datetime.timedelta(hours=48)
LARGEST_PIECE = 1 << 20
MOST_AT_ONCE = 10
SHA256 = re.compile(r"[0-9a-f]{64}")


class UnknownUpload(GeoError):
    """Nobody began this upload, it was finished or has expired, or it is somebody else's."""

    status = 404
    template = gettext_lazy(
        "This upload is not known any more: it was finished, or nothing came for 48 hours. Begin "
        "it again; if the file was complete, that is noticed at once."
    )


class WrongOffset(GeoError):
    """The piece does not join the one before; ``received`` says where to go on."""

    status = 409
    template = gettext_lazy(
        "The piece began at byte %(found)s, but %(expected)s bytes are there. Go on from there."
    )

    @property
    def received(self) -> int:
        """How many bytes are there."""
        return self.facts["expected"]


class WrongPiece(GeoError):
    """A piece is too long, or what was said of the file cannot be."""

    template = gettext_lazy(
        "What was said of the file cannot be right (%(found)s). Load the page again and choose the "
        "file once more."
    )


class WrongFile(GeoError):
    """All bytes are there, but they are not those of the file that was announced."""

    status = 422
    template = gettext_lazy(
        "“%(name)s” did not arrive as it was sent: its checksum differs. It is uploaded again from "
        "the beginning."
    )


class TooManyUploads(GeoError):
    """One person has begun many uploads and finished none."""

    status = 429
    template = gettext_lazy(
        "You have begun %(n)s uploads without finishing them. Finish one, or wait until they "
        "expire after 48 hours."
    )


def start(
    *, form: Form, by: User, name: str, size_bytes: int, sha256: str
) -> PartialUpload | Received:
    """Begin an upload in pieces, or go on with the one of the same file.

    Returns
    -------
    PartialUpload or Received
        ``Received`` where the very file is the current version already.

    Raises
    ------
    UnknownForm, UploadTooLarge, EmptyUpload, WrongPiece, TooManyUploads, CounterWaits
    """
    demand_right(by, form)
    if not SHA256.fullmatch(sha256):
        raise WrongPiece(found=sha256[:64])
    if size_bytes <= 0:
        raise storing.EmptyUpload
    if size_bytes > storing.most_bytes():
        raise storing.UploadTooLarge(most_mb=settings.UPLOAD_LARGEST_MB)
    # Before megabytes are sent over a slow line for nothing.
    for open_one in Submission.objects.open().about(form.dataset, form.period, form.area):
        require_no_counter(open_one)
    known = _known(form, sha256)
    if known is not None:
        return Received(known.submission, known, is_repeat=True)
    mine = PartialUpload.objects.filter(user=by, expires_at__gt=timezone.now())
    subject = {"dataset": form.dataset, "period": form.period, "area": form.area}
    begun = mine.filter(sha256=sha256, size_bytes=size_bytes, **subject).first()
    if begun is not None:
        return begun
    if mine.count() >= MOST_AT_ONCE:
        raise TooManyUploads(n=MOST_AT_ONCE)
    return PartialUpload.objects.create(
        user=by,
        name=storing.shown_name(name),
        size_bytes=size_bytes,
        sha256=sha256,
        expires_at=timezone.now() + KEPT,
        **subject,
    )


def find(by: User, identifier: uuid.UUID) -> PartialUpload:
    """The upload that ``by`` has begun.

    Raises
    ------
    UnknownUpload
    """
    mine = PartialUpload.objects.filter(user=by, expires_at__gt=timezone.now())
    found = mine.select_related("dataset__sector", "area__parent__parent")
    upload = found.filter(uuid=identifier).first()
    if upload is None:
        raise UnknownUpload
    return upload


def add(*, upload: PartialUpload, offset: int, piece: bytes) -> PartialUpload:
    """Write one piece; it is on the disk before the count says so.

    Raises
    ------
    WrongOffset, WrongPiece, UnknownUpload, DiskFull
    """
    with transaction.atomic():
        rows = PartialUpload.objects.select_for_update(of=("self",))
        now = rows.filter(pk=upload.pk).select_related("dataset__sector", "area", "user").first()
        if now is None:
            raise UnknownUpload
        if offset != now.received_bytes:
            raise WrongOffset(found=offset, expected=now.received_bytes)
        if not piece or len(piece) > LARGEST_PIECE or offset + len(piece) > now.size_bytes:
            raise WrongPiece(found=len(piece))
        try:
            write_at(part_path(now), offset, piece)
        except NoRoom as error:
            raise storing.DiskFull from error
        now.received_bytes += len(piece)
        now.expires_at = timezone.now() + KEPT
        now.save(update_fields=["received_bytes", "expires_at"])
    return now


def finish(*, upload: PartialUpload, by: User) -> Received:
    """Hand the whole file in, if it is the one that was announced.

    Raises
    ------
    WrongFile
        What came is thrown away; the upload may begin again.
    """
    path = part_path(upload)
    if upload.received_bytes != upload.size_bytes or not path.exists():
        raise WrongOffset(found=upload.size_bytes, expected=upload.received_bytes)
    digest = hashlib.sha256()
    for chunk in read_chunks(path):
        digest.update(chunk)
    if digest.hexdigest() != upload.sha256:
        PartialUpload.objects.filter(pk=upload.pk).update(received_bytes=0)
        path.unlink(missing_ok=True)
        raise WrongFile(name=upload.name)
    form = Form(upload.dataset, upload.period, upload.area, by.is_demo)
    received = receive_file(form=form, by=by, name=upload.name, chunks=read_chunks(path))
    drop(upload)
    return received


def drop(upload: PartialUpload) -> None:
    """Remove an upload and what came of it."""
    part_path(upload).unlink(missing_ok=True)
    PartialUpload.objects.filter(pk=upload.pk).delete()


def part_path(upload: PartialUpload) -> Path:
    """Where the pieces of an upload are put together."""
    return Path(settings.MEDIA_ROOT) / "partial" / str(upload.uuid)


def _known(form: Form, sha256: str) -> SubmissionVersion | None:
    """The current version of the form's open submission, where it is that very file."""
    return (
        SubmissionVersion.objects.filter(
            submission__in=Submission.objects.open().about(form.dataset, form.period, form.area),
            submission__current=F("pk"),
            file__sha256=sha256,
        )
        .select_related("submission", "file")
        .first()
    )
