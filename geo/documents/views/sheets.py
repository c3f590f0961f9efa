"""Maps and profiles to take along: PDF and PNG."""

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.areas.queries import find_area
from geo.documents.queries import (
    lampid_form,
    lampid_sheet,
    map_sheet,
    profile_sheet,
    read_month,
)
from geo.documents.services import open_document
from geo.lib.workbooks.official import write_official_form
from geo.maps.forms import read_state
from geo.profiles.queries import read_profile

TYPES = {"pdf": "application/pdf", "png": "image/png"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _answer(template, file_format, page, name):
    document = open_document(template=template, file_format=file_format, page=page)
    response = FileResponse(
        document, content_type=TYPES[file_format], filename=f"{name}.{file_format}"
    )
    # It is compressed already: doing it again would only hide its length.
    response["Content-Encoding"] = "identity"
    return response


def _map(request, file_format):
    state = read_state(request.GET)
    pinned = state.address(moment=state.moment or timezone.localtime())
    page = map_sheet(state, address=request.build_absolute_uri(pinned))
    parts = [state.indicator.code, state.period, state.level, state.area.code]
    return _answer("map.typ", file_format, page, "_".join(filter(None, parts)))


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def map_pdf(request):
    return _map(request, "pdf")


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def map_png(request):
    return _map(request, "png")


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def profile_pdf(request, code):
    area = find_area(code)
    address = request.build_absolute_uri(reverse("profile", args=[area.code]))
    page = profile_sheet(read_profile(area), address=address)
    return _answer("profile.typ", "pdf", page, f"profil_{area.code}")


# Official forms are in the language of the offices that take them, whatever the page's is.
@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
@translation.override("id")
def lampid_pdf(request, code, period):
    report = read_month(find_area(code), period)
    book = reverse("ledger", args=[code])
    address = request.build_absolute_uri(f"{book}?t={period[:4]}")
    page = lampid_sheet(report, address=address)
    return _answer("lampid.typ", "pdf", page, f"lampid_{code}_{period}")


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
@translation.override("id")
def lampid_xlsx(request, code, period):
    report = read_month(find_area(code), period)
    response = HttpResponse(write_official_form(lampid_form(report)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="lampid_{code}_{period}.xlsx"'
    return response
