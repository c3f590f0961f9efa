"""Maps and profiles to take along: PDF and PNG."""

from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.areas.queries import find_area
from geo.documents.queries import map_sheet, profile_sheet
from geo.documents.services import open_document
from geo.maps.forms import read_state
from geo.profiles.queries import read_profile

TYPES = {"pdf": "application/pdf", "png": "image/png"}


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
