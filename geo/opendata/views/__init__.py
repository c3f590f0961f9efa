"""The interface for machines: areas, indicators and figures, for reading only."""

import hashlib
import re
import threading
from collections import OrderedDict
from functools import wraps

from django.http import HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.encoding import iri_to_uri
from django.utils.translation import get_language, get_language_from_request, gettext_lazy, override
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Swagger
from ninja.errors import ValidationError

from geo.lib.errors import GeoError
from geo.opendata import forms, queries, rules
from geo.places.queries import places_geojson as read_places_geojson
from geo.places.queries import places_json, places_version
from geo.roads.queries import roads_geojson as read_roads_geojson
from geo.roads.queries import roads_json, roads_version

SHAPE = "1"  # rises when an answer to the same question changes its shape
READING = ("GET", "HEAD", "OPTIONS")

api = NinjaAPI(
    title=gettext_lazy("Open data"),
    version="1",
    description=gettext_lazy(
        "Areas, indicators and figures for other systems. Everything is open, for reading, "
        "and needs no key. Codes of areas are texts with dots, as the Ministry of Home Affairs "
        "writes them. An answer carries an ETag: send it back in If-None-Match and an "
        "unchanged answer costs almost nothing."
    ),
    urls_namespace="api-v1",
    docs_url="/",
    # Without this the page asks a foreign host whether the description is valid.
    docs=Swagger(settings={"validatorUrl": None, "deepLinking": True}),
)

WRONG = {400: forms.ErrorOut, 404: forms.ErrorOut}


# --- how every answer is given ----------------------------------------------


def open_to_all(view):
    """Answer pages of other sites too, HEAD like GET, and refuse writing in a sentence."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method not in READING:
            response = _refusal(_("This address is only for reading: ask with GET."), 405)
            response["Allow"] = ", ".join(READING)
        elif request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = ", ".join(READING)
            response["Access-Control-Allow-Headers"] = "If-None-Match, Accept"
            response["Access-Control-Max-Age"] = "86400"
        else:
            response = _as_get(view, request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Content-Disposition, Link"
        return response

    return answer


def _as_get(view, request, *args, **kwargs):
    asked, request.method = request.method, "GET"
    # The address has no language in it: sentences follow the asker's Accept-Language.
    with override(get_language_from_request(request)):
        response = view(request, *args, **kwargs)
    request.method = asked
    if asked == "HEAD" and not response.streaming:
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


class KeptAnswers:
    """The last answers as bytes, by ETag; the least asked for go first.

    An ETag holds the version of the data, so that what is kept is never stale.
    """

    def __init__(self, most_bytes: int):
        self.most_bytes = most_bytes
        self.n_bytes = 0
        self.by_etag = OrderedDict()
        self.lock = threading.Lock()

    def find(self, etag: str) -> HttpResponse | None:
        with self.lock:
            if etag not in self.by_etag:
                return None
            self.by_etag.move_to_end(etag)
            content, headers = self.by_etag[etag]
        return HttpResponse(content, headers=headers)

    def keep(self, etag: str, response: HttpResponse) -> None:
        with self.lock:
            # What streams is a file, kept by itself.
            if response.streaming or etag in self.by_etag:
                return
            if len(response.content) > self.most_bytes // 4:
                return
            self.by_etag[etag] = (response.content, dict(response.headers))
            self.n_bytes += len(response.content)
            while self.n_bytes > self.most_bytes:
                _etag, (content, _headers) = self.by_etag.popitem(last=False)
                self.n_bytes -= len(content)


kept_answers = KeptAnswers(most_bytes=8_000_000)  # of the 120 MB that a worker may hold


def unless_unchanged(version):
    """Answer 304 when ``version()`` and the question are those that the asker has seen.

    Every answer may be kept but must be asked for again (``no-cache``): what is
    published or withheld has to show at once everywhere.
    """

    def decorate(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            seen = f"{SHAPE} {version()} {request.get_full_path()}"
            etag = f'"{hashlib.sha256(seen.encode()).hexdigest()[:24]}"'
            response = get_conditional_response(request, etag=etag) or kept_answers.find(etag)
            if response is None:
                response = view(request, *args, **kwargs)
                kept_answers.keep(etag, response)
            response["ETag"] = etag
            response["Cache-Control"] = "public, no-cache"
            return response

        return answer

    return decorate


def _json(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")


def _geojson(text: str, file_name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/geo+json")
    response["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response


def with_description(request, response):
    """Point to the description, which CSV and GeoJSON have no place for."""
    address = re.sub(r"\.\w+$", ".meta.json", request.path)
    query = request.META.get("QUERY_STRING", "")
    full = iri_to_uri(f"{address}?{query}" if query else address)
    response["Link"] = f'<{full}>; rel="describedby"; type="application/json"'
    return response


# --- what goes wrong --------------------------------------------------------


def _refusal(sentence: str, status: int) -> JsonResponse:
    dumping = {"ensure_ascii": False}
    response = JsonResponse({"detail": sentence}, status=status, json_dumps_params=dumping)
    response["Content-Language"] = get_language()
    return response


@api.exception_handler(GeoError)
def geo_error(request, error):
    return _refusal(str(error), error.status)


@api.exception_handler(ValidationError)
def bad_parameters(request, error):
    sentences = [_sentence(request, fault) for fault in error.errors]
    return _refusal(" ".join(sentences), 400)


def _sentence(request, fault) -> str:
    name = str(fault["loc"][-1])
    found = request.GET.get(name)
    if not found:
        return _("The parameter “%(name)s” is missing.") % {"name": name}
    if fault["type"].startswith("date"):
        allowed = _("a day such as 2026-11-22")
    elif fault["type"] == "literal_error":
        allowed = fault["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
    else:
        allowed = fault["msg"]
    facts = {"found": found[:100], "name": name, "allowed": allowed}
    return _("“%(found)s” is not a value of “%(name)s”. Allowed are: %(allowed)s.") % facts


def nothing_here(request):
    sentence = _("There is nothing at %(path)s. All addresses are listed at /api/v1/.")
    return _refusal(sentence % {"path": request.path[:200]}, 404)


# --- areas ------------------------------------------------------------------


@api.get("/areas", response={200: forms.AreasOut, **WRONG}, summary=gettext_lazy("Areas"))
@unless_unchanged(queries.areas_version)
def areas(request, asked: Query[forms.AreaFilter]):
    """Without `parent`: the regency of this installation and everything in it."""
    return _json(queries.areas_json(parent=asked.parent, level=asked.level))


@api.get(
    "/areas.geojson",
    response={200: None, **WRONG},
    openapi_extra=forms.GEOJSON_ANSWER,
    summary=gettext_lazy("Areas with their boundaries, as GeoJSON"),
)
@unless_unchanged(queries.areas_version)
def areas_geojson(request, asked: Query[forms.AreaFilter]):
    """The same areas as `/areas`; `geometry` is null where there is no boundary yet."""
    text = queries.areas_geojson(parent=asked.parent, level=asked.level)
    return _geojson(text, "areas.geojson")


@api.get(
    "/areas/search",
    response={200: forms.FoundAreasOut, **WRONG},
    summary=gettext_lazy("Areas found by name, former name or code"),
)
def search(request, asked: Query[forms.SearchFilter]):
    """At most ten, the likeliest first."""
    found = queries.found_areas(asked.q)
    return JsonResponse({"count": len(found), "items": found})


@api.get("/areas/{code}", response={200: forms.AreaOut, **WRONG}, summary=gettext_lazy("One area"))
@unless_unchanged(queries.areas_version)
def area(request, code: str):
    """One area of `/areas`."""
    return _json(queries.area_json(code.replace("\x00", "")))


# --- places -----------------------------------------------------------------


@api.get(
    "/places",
    response={200: forms.PlacesOut, **WRONG},
    summary=gettext_lazy("Facilities and attractions"),
)
@unless_unchanged(places_version)
def places(request, asked: Query[forms.PlaceFilter]):
    """By id. A place without position has null for `lon` and `lat`."""
    return _json(places_json(kind=asked.kind, area=asked.area))


@api.get(
    "/places.geojson",
    response={200: None, **WRONG},
    openapi_extra=forms.GEOJSON_ANSWER,
    summary=gettext_lazy("Facilities and attractions, as GeoJSON"),
)
@unless_unchanged(places_version)
def places_geojson(request, asked: Query[forms.PlaceFilter]):
    """The same places as `/places`; `geometry` is null where only the village is known."""
    text = read_places_geojson(kind=asked.kind, area=asked.area)
    return _geojson(text, "places.geojson")


# --- roads ------------------------------------------------------------------


@api.get(
    "/roads",
    response={200: forms.RoadsOut, **WRONG},
    summary=gettext_lazy("Numbered roads with their newest survey"),
)
@unless_unchanged(roads_version)
def roads(request, asked: Query[forms.RoadFilter]):
    """By number. Lengths are in metres; what no survey has seen is null."""
    return _json(roads_json(authority=asked.authority))


@api.get(
    "/roads.geojson",
    response={200: None, **WRONG},
    openapi_extra=forms.GEOJSON_ANSWER,
    summary=gettext_lazy("Numbered roads with their lines, as GeoJSON"),
)
@unless_unchanged(roads_version)
def roads_geojson(request, asked: Query[forms.RoadFilter]):
    """The same roads as `/roads`; `geometry` is null where there is no line yet."""
    return _geojson(read_roads_geojson(authority=asked.authority), "roads.geojson")


# --- figures ----------------------------------------------------------------


@api.get(
    "/indicators",
    response={200: forms.IndicatorsOut, **WRONG},
    summary=gettext_lazy("Everything that is measured, with its periods"),
)
@unless_unchanged(queries.figures_version)
def indicators(request):
    """Names in both languages, whatever the language of the asker."""
    items = queries.indicator_rows()
    return JsonResponse({"count": len(items), "items": items})


@api.get(
    "/values",
    response={200: forms.ValuesOut, **WRONG},
    summary=gettext_lazy("Figures of one indicator and period"),
)
@unless_unchanged(queries.figures_version)
def values(request, asked: Query[forms.FigureFilter]):
    """Parallel lists, by code: the first value and status belong to the first code."""
    return _json(queries.values_json(queries.asked_figures(**asked.dict())))


@api.get(
    "/values.csv",
    response={200: None, **WRONG},
    summary=gettext_lazy("The same figures as a table for a spreadsheet"),
    openapi_extra=forms.TABLE_ANSWER,
)
@unless_unchanged(queries.everything_version)
def values_csv(request, asked: Query[forms.FigureFilter]):
    """UTF-8 with byte order mark, semicolons, decimal commas."""
    figures = queries.asked_figures(**asked.dict())
    text = rules.table_text(queries.TABLE_HEADER, queries.table_rows(figures))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = queries.file_name(figures, "csv")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return with_description(request, response)


@api.get(
    "/values.geojson",
    response={200: None, **WRONG},
    openapi_extra=forms.GEOJSON_ANSWER,
    summary=gettext_lazy("The same figures with the boundaries, as GeoJSON"),
)
@unless_unchanged(queries.everything_version)
def values_geojson(request, asked: Query[forms.FigureFilter]):
    """Every area is one feature, also without figure or boundary."""
    figures = queries.asked_figures(**asked.dict())
    name = queries.file_name(figures, "geojson")
    return with_description(request, _geojson(queries.values_geojson(figures), name))
