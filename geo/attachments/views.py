"""Handing in, looking at and deciding about photos and documents; and the files themselves."""

from contextlib import nullcontext

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from geo.accounts.permits import requires
from geo.accounts.queries import Act
from geo.attachments.forms import AttachmentForm
from geo.attachments.models import State
from geo.attachments.queries import (
    UnknownAttachment,
    find_attachment,
    find_subject,
    visible_among,
    waiting_for,
)
from geo.attachments.queries.finding import is_theirs
from geo.attachments.rules import NotYoursToAdd, fault_sentence
from geo.attachments.services import deciding, storing
from geo.lib.attachments.checking import Checked
from geo.lib.errors import GeoError

PER_PAGE = 12
TYPES = {
    storing.LARGE: "image/jpeg",
    storing.THUMBNAIL: "image/webp",
    storing.DOCUMENT: "application/pdf",
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.REPORT)
def attachments(request):
    """All of one area or opportunity, and the form to add to them."""
    subjects = find_subject(request.GET).open_to(request.user)
    if not subjects:
        raise NotYoursToAdd
    subject, is_sent = subjects[0], request.method == "POST"
    form = AttachmentForm(subjects, *([request.POST, request.FILES] if is_sent else []))
    if is_sent and (added := _hand_in(request, form)):
        done = _("“%(caption)s” has arrived. Somebody else looks at it before it is shown.")
        messages.success(request, done % {"caption": added.caption})
        return redirect(f"{reverse('attachments')}?{subject.query}")
    rows = visible_among(request.user, subject.attachments)
    rows = [(row, row.is_kept and is_theirs(request.user, row)) for row in rows]
    context = {"subject": subject, "form": form, "rows": rows}
    return render(request, "attachments/attachments.html", context, status=400 if is_sent else 200)


def _hand_in(request, form):
    """The new attachment, or None: then every fault, of file and words, stands in the form."""
    file = request.FILES.get("file")
    try:
        if getattr(request, "upload_too_large", False):
            raise storing.too_large()
        with storing.taken_in(file.chunks()) if file else nullcontext() as incoming:
            checked = incoming.checked if incoming else Checked(fault="empty")
            if not checked.ok:
                form.add_error("file", fault_sentence(checked))
            if not form.is_valid():
                return None
            given = {"name": file.name, "incoming": incoming, "words": form.words}
            return deciding.hand_in(subject=form.subject, by=request.user, **given)
    except GeoError as error:
        if error.status == 404:
            raise
        form.add_error("file", str(error))
    return None


@require_safe
@requires(Act.REVIEW)
def queue(request):
    """What waits to be looked at, the longest waiting first."""
    page = Paginator(waiting_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "attachments/queue.html", {"page": page, "query": ""})


def _decide(request, done, act, **given):
    try:
        act(by=request.user, **given)
    except GeoError as error:
        if error.status == 404:
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, done)


@require_POST
@requires(Act.REVIEW)
def publish(request, identifier):
    done = _("Published: everybody sees it now.")
    _decide(request, done, deciding.publish, identifier=identifier)
    return redirect("attachment_queue")


@require_POST
@requires(Act.REVIEW)
def refuse(request, identifier):
    reason = request.POST.get("reason", "")
    done = _("Refused. Who handed it in reads why.")
    _decide(request, done, deciding.refuse, identifier=identifier, reason=reason)
    return redirect("attachment_queue")


@require_POST
@requires(Act.REPORT)
def withdraw(request, identifier):
    found = find_attachment(request.user, identifier)
    reason = request.POST.get("reason", "")
    done = _("Taken back: it is shown nowhere any more, and its file is deleted.")
    _decide(request, done, deciding.withdraw, identifier=identifier, reason=reason)
    code = found.opportunity_code
    query = f"peluang={code}" if code else f"a={found.area.code}"
    return redirect(f"{reverse('attachments')}?{query}")


@require_safe
def file(request, identifier, file):
    """One file: open to everybody once it is published, and never more than shown or saved."""
    found = find_attachment(request.user, identifier)
    path = storing.path_of(found.uuid, file)
    if file not in storing.FILES[found.kind] or not found.is_kept or not path.is_file():
        raise UnknownAttachment
    is_document = file == storing.DOCUMENT
    name = f"{slugify(found.caption)[:60] or found.kind}{path.suffix}"
    response = FileResponse(
        path.open("rb"), content_type=TYPES[file], filename=name, as_attachment=is_document
    )
    is_open = found.state == State.PUBLISHED
    response["Cache-Control"] = "public, max-age=3600" if is_open else "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # It is compressed already: doing it again would only hide its length.
    response["Content-Encoding"] = "identity"
    return response
