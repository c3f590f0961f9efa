"""The form that is typed in, on a page or a telephone, also without a connection."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from geo.accounts.permits import requires
from geo.accounts.queries import Act
from geo.lib.errors import GeoError
from geo.submissions.forms.filling import (
    REASON,
    FillPage,
    conflict_as_json,
    problems_as_json,
    read_typed,
)
from geo.submissions.kinds.filling import Filling, find_form_to_fill
from geo.submissions.rules.countering import waiting_words
from geo.submissions.services import filling as service
from geo.submissions.services.mending import EditConflict

WORKER = "geo/js/sw.js"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.REPORT)
def fill(request, dataset, period, area):
    form = find_form_to_fill(request.user, dataset, period, area)
    if len(form.areas) > 1:
        return render(request, "submissions/fill_areas.html", {"form": form})
    filling = Filling(form, request.user)
    if request.method != "POST":
        return _page(request, filling)
    answer = _answer_script if _is_script(request) else _answer_page
    return answer(request, filling, lambda: _fill(request, filling))


@require_safe
@requires(Act.REPORT)
def fill_state(request, dataset, period, area):
    """What has to be known before something that was typed earlier is sent."""
    form = find_form_to_fill(request.user, dataset, period, area)
    filling = Filling(form, request.user)
    return JsonResponse(
        {
            "user": request.user.pk,
            "token": get_token(request),
            "edit": filling.edit,
            "seen": filling.seen,
        }
    )


@require_safe
@requires(Act.REPORT)
def phone(request):
    """What this telephone keeps: drafts, and forms that wait to be sent."""
    return render(request, "submissions/phone.html")


@require_safe
@never_cache
def service_worker(request):
    """The service worker, from an address that confines it to /unggah/."""
    text = f'import "{static(WORKER)}";\n'
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def _is_script(request) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _fill(request, filling):
    posted = request.POST
    edit = posted.get("edit", "")
    return service.fill(
        filling=filling,
        by=request.user,
        typed=read_typed(posted),
        reasons=read_typed(posted, REASON),
        edit=int(edit) if edit.isdecimal() and len(edit) < 10 else None,
        seen=posted.get("seen", "")[:16],
        note=posted.get("note", ""),
        is_to_be_sent=posted.get("act") != "save",
    )


def _page(request, filling, **given):
    page = FillPage(filling, **given)
    counter = filling.counter
    context = {"page": page, "filling": filling, "form": filling.form}
    context["closed"] = waiting_words(counter) if counter else ""
    return render(request, "submissions/fill.html", context)


def _answer_page(request, filling, act):
    """Without scripts: the receipt, or the form again with everything that was typed."""
    try:
        filled = act()
    except (EditConflict, service.PublishedSince) as conflict:
        messages.warning(request, str(conflict))
        typed = read_typed(request.POST)
        return _page(request, _anew(filling), conflict=conflict.cells, typed=typed)
    except GeoError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
        return _page(request, _anew(filling), typed=read_typed(request.POST))
    if filled.is_sent:
        number = filled.submission.number
        messages.success(
            request,
            _("Sent. This page is your receipt: keep the number %(number)s.") % {"number": number},
        )
        return redirect("submission", number)
    messages.info(request, filled.problem or _("Saved here and checked. It is not sent yet."))
    form = filling.form
    return redirect("fill", form.dataset.code, form.period, form.area.code)


def _answer_script(request, filling, act):
    try:
        filled = act()
    except (EditConflict, service.PublishedSince) as conflict:
        now = _anew(filling)
        answer = {"conflict": conflict_as_json(conflict.cells), "detail": str(conflict)}
        return JsonResponse(answer | {"edit": now.edit, "seen": now.seen}, status=conflict.status)
    except GeoError as error:
        return JsonResponse({"detail": str(error)}, status=error.status)
    number = filled.submission.number
    answer = {"sent": filled.is_sent, "number": number, "detail": filled.problem}
    answer["address"] = reverse("submission", args=[number])
    if not filled.is_sent:
        now = _anew(filling)
        problems = problems_as_json(FillPage(now).problems)
        answer |= {"problems": problems, "edit": now.edit, "seen": now.seen}
    return JsonResponse(answer)


def _anew(filling) -> Filling:
    """The form as it stands now, after something was written."""
    return Filling(filling.form, filling.by)
