"""Dossiers: asking for one, waiting for it, and its page in two years."""

from django.conf import settings
from django.http import FileResponse, Http404, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from geo.documents.forms import candidates, read_language, read_subject
from geo.documents.queries.dossiers import (
    MOST_AREAS,
    find_dossier,
    find_twin,
    still_shown,
    with_pictures,
)
from geo.documents.services import (
    ask_again,
    ask_for_dossier,
    open_document,
    open_dossier_table,
)
from regency_map.proxies import client_address

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """What the dossier will hold; sending the form has it made."""
    if request.method == "POST":
        return _ask(request)
    subject = read_subject(request.GET)
    context = {
        "subject": subject,
        "chosen": [area.code for area in subject.areas],
        "candidates": candidates(subject),
        "most": MOST_AREAS,
        "per": request.GET.get("per", ""),
        "twin": request.GET.get("kembaran", ""),
        "today": timezone.localdate().isoformat(),
        "others": subject.ranking.wish.pairs() if subject.ranking else [],
        "languages": settings.LANGUAGES,
    }
    return render(request, "documents/ask_dossier.html", context)


def _ask(request):
    subject = read_subject(request.POST)
    dossier = ask_for_dossier(
        subject=subject,
        language=read_language(request.POST),
        site=request.build_absolute_uri("/").rstrip("/"),
        asker=client_address(request),
    )
    return redirect(dossier)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request, code):
    """The page of one dossier: how far it is, or all that it says."""
    found = find_dossier(code)
    if request.method == "POST":
        return redirect(ask_again(dossier=found))
    if translation.get_language() != found.language:
        return redirect(find_twin(found, translation.get_language()) or _address_of_twin(found))
    pictures = _pictures(found.contents) if found.contents else {}
    photos = still_shown(found.contents) if found.contents else []
    context = {"dossier": found, "contents": found.contents, "pictures": pictures, "photos": photos}
    return render(request, "documents/dossier.html", context)


def _address_of_twin(found):
    """Its words are kept in one language; here the same can be asked for in the other."""
    query = QueryDict(found.query, mutable=True)
    query["kembaran"] = found.code
    return f"{reverse('ask_dossier')}?{query.urlencode()}"


def _pictures(contents):
    """The maps that were drawn for it, marked as the markup that they are."""
    drawn = {name: contents[name] for name in ("picture", "detail") if contents.get(name)}
    return {name: mark_safe(svg) for name, svg in drawn.items()}  # noqa: S308 draw_areas escapes


@never_cache
@require_safe
def progress(request, code):
    found = find_dossier(code)
    words = f"{found.get_state_display()}: {found.progress_percent}%"
    return JsonResponse(
        {
            "is_busy": found.is_busy and not found.is_stuck,
            "state": found.state,
            "percent": found.progress_percent,
            "words": words,
        }
    )


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def dossier_file(request, code, file_format):
    """The dossier on paper, or its figures as a table."""
    found = find_dossier(code)
    if file_format not in TYPES or found.contents is None:
        raise Http404
    if file_format == "pdf":
        page = with_pictures(found.contents)
        file = open_document(template="dossier.typ", file_format="pdf", page=page)
    else:
        file = open_dossier_table(dossier=found, file_format=file_format)
    response = FileResponse(
        file, content_type=TYPES[file_format], filename=f"dossier_{found.code}.{file_format}"
    )
    # It is compressed already: doing it again would only hide its length.
    response["Content-Encoding"] = "identity"
    return response
