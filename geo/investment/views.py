"""Finding a place: limits and weights in, ranked places out."""

from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.investment import queries
from geo.investment.forms import WishReader, read_level
from geo.investment.queries import wording
from geo.investment.rules import NoRanking, findings_of, notes_of, problems_of
from geo.investment.services import WRITERS, open_ranking_file

N_ROWS = 20
FILE_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/zip",
    "geojson": "application/geo+json",
}
PACKED = {"xlsx", "csv"}


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def find_place(request):
    """The whole page, or for scripts the result alone."""
    page = _read_page(request.GET)
    if "f" in request.GET and not page["problems"]:
        # A form sends every field; what is shared is the short address.
        return redirect(page["wish"].address())
    is_part = request.GET.get("bagian") == "hasil"
    template = "investment/_part.html" if is_part else "investment/find.html"
    return render(request, template, page, status=400 if page["problems"] else 200)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def ranking_file(request, kind):
    """The ranking of an address as a file, with all that is not shown on the page."""
    if kind not in WRITERS:
        raise Http404
    page = _read_page(request.GET)
    if page["problems"]:
        raise NoRanking(problems=" ".join(page["problems"]))
    address = request.build_absolute_uri(page["wish"].address())
    file = open_ranking_file(kind=kind, ranking=page["ranking"], address=address)
    ending = "zip" if kind == "csv" else kind
    response = FileResponse(
        file, as_attachment=True, filename=f"peringkat.{ending}", content_type=FILE_TYPES[kind]
    )
    if kind in PACKED:
        # It is compressed already: doing it again would only hide its length.
        response["Content-Encoding"] = "identity"
    return response


def _read_page(query):
    offered = queries.offered_criteria(read_level(query))
    districts = queries.districts()
    reader = WishReader(query, offered, districts, queries.presets())
    wish = reader.wish
    problems = reader.problems + problems_of(wish, offered, is_understood=not reader.problems)
    ranking = None if problems else queries.read_ranking(wish, offered)
    problems += findings_of(ranking) if ranking else []
    asked, others = queries.form_rows(wish, offered, ranking)
    return {
        "wish": wish,
        "pinned": query.get("per", ""),
        "districts": districts,
        "problems": problems,
        "asked": asked,
        "others": others,
        "presets": queries.preset_choices(wish, offered),
        **(_result(ranking) if ranking and not problems else {}),
    }


def _result(ranking):
    picture = queries.score_map(ranking)
    return {
        "ranking": ranking,
        "shown": ranking.entries[:N_ROWS],
        "further": ranking.entries[N_ROWS:] if ranking.wish.shows_all else [],
        "notes": notes_of(ranking),
        "method": wording.method_steps(ranking.wish, ranking.n_variations),
        "method_sources": wording.method_sources(),
        "no_advice": wording.no_advice(),
        "files": [
            (kind.upper().replace("GEOJSON", "GeoJSON"), ranking.wish.address("ranking_file", kind))
            for kind in WRITERS
        ],
        "address_of_all": ranking.wish.address(shows_all=True),
        "picture": picture,
        "areas_svg": mark_safe(picture.areas) if picture else "",  # noqa: S308 draw_areas escapes
        "pins_svg": mark_safe(picture.pins) if picture else "",  # noqa: S308 draw_pins escapes
    }
