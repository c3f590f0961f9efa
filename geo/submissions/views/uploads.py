"""Bringing a file in: whole, or in pieces that are resumed where the line was cut."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from geo.accounts.permits import requires
from geo.accounts.queries import Act
from geo.lib.errors import GeoError
from geo.submissions.queries.forms import find_form
from geo.submissions.services import chunking, storing
from geo.submissions.services.receiving import Received, receive_file

FILE = "file"


def for_scripts(view):
    """Let what is wrong be answered as JSON, with the sentence and where to go on."""

    @wraps(view)
    def answering(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except GeoError as error:
            answer: dict[str, str | int] = {"detail": str(error)}
            if isinstance(error, chunking.WrongOffset):
                answer["received"] = error.received
            return JsonResponse(answer, status=error.status)

    return answering


@require_POST
@requires(Act.REPORT)
def upload(request, dataset, period, area):
    form = find_form(request.user, dataset, period, area)
    try:
        file = _file(request)
        received = receive_file(form=form, by=request.user, name=file.name, chunks=file.chunks())
    except GeoError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
        return redirect("form", dataset, period, area)
    if received.is_repeat:
        messages.info(request, _("This very file was here already: nothing was added."))
    return redirect("submission", received.submission.number)


def _file(request):
    # Only when files are asked for does Django read them.
    file = request.FILES.get(FILE)
    if getattr(request, "upload_too_large", False):
        raise storing.UploadTooLarge(most_mb=settings.UPLOAD_LARGEST_MB)
    if file is None:
        raise storing.EmptyUpload
    return file


@require_POST
@requires(Act.REPORT)
@for_scripts
def start_chunks(request):
    given = {name: request.POST.get(name, "") for name in ("dataset", "period", "area")}
    form = find_form(request.user, given["dataset"], given["period"], given["area"])
    size = request.POST.get("size", "")
    begun = chunking.start(
        form=form,
        by=request.user,
        name=request.POST.get("name", ""),
        size_bytes=int(size) if size.isdecimal() and len(size) < 16 else 0,
        sha256=request.POST.get("sha256", ""),
    )
    return _standing(begun)


@require_http_methods(["GET", "HEAD", "PUT"])
@requires(Act.REPORT)
@for_scripts
def chunk(request, identifier):
    upload = chunking.find(request.user, identifier)
    if request.method == "PUT":
        offset = request.GET.get("offset", "")
        if not offset.isdecimal() or len(offset) > 15:
            raise chunking.WrongPiece(found=offset[:20])
        upload = chunking.add(upload=upload, offset=int(offset), piece=_piece(request))
    if upload.received_bytes == upload.size_bytes:
        return _standing(chunking.finish(upload=upload, by=request.user))
    return _standing(upload)


def _piece(request):
    """The piece, and never more than one byte too many of it."""
    return request.read(chunking.LARGEST_PIECE + 1)


def _standing(found):
    """Where an upload stands: how much is there, or where it is followed."""
    if isinstance(found, Received):
        number = found.submission.number
        address = reverse("submission", args=[number])
        return JsonResponse({"number": number, "address": address, "is_repeat": found.is_repeat})
    return JsonResponse(
        {
            "address": reverse("chunk", args=[found.uuid]),
            "received": found.received_bytes,
            "size": found.size_bytes,
            "piece": 256 << 10,
        }
    )
