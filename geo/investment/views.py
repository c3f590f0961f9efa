"""Finding a place: limits and weights in, ranked places out."""

from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.investment import queries
from geo.investment.forms import WishReader, read_level
from geo.investment.rules import findings_of, notes_of, problems_of

N_ROWS = 20


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def find_place(request):
    """The whole page, or for scripts the result alone."""
    page = _read_page(request.GET)
    if "f" in request.GET and not page["problems"]:
        # A form sends every field; what is shared is the short address.
        return redirect(page["wish"].address())
    is_part = request.GET.get("bagian") == "hasil"
    template = "investment/_result.html" if is_part else "investment/find.html"
    return render(request, template, page, status=400 if page["problems"] else 200)


def _read_page(query):
    offered = queries.offered_criteria(read_level(query))
    districts = queries.districts()
    reader = WishReader(query, offered, districts, queries.presets())
    wish = reader.wish
    problems = reader.problems + problems_of(wish, offered)
    ranking = None if problems else queries.read_ranking(wish, offered)
    problems += findings_of(ranking) if ranking else []
    asked, others = queries.form_rows(wish, offered, ranking)
    return {
        "wish": wish,
        "districts": districts,
        "problems": problems,
        "asked": asked,
        "others": others,
        "presets": queries.preset_choices(wish, offered),
        **(_result(ranking) if ranking and not problems else {}),
    }


def _result(ranking):
    picture = queries.score_map(ranking)
    shown = ranking.entries if ranking.wish.shows_all else ranking.entries[:N_ROWS]
    return {
        "ranking": ranking,
        "shown": shown,
        "notes": notes_of(ranking),
        "address_of_all": ranking.wish.address(shows_all=True),
        "picture": picture,
        "areas_svg": mark_safe(picture.areas) if picture else "",  # noqa: S308 draw_areas escapes
        "pins_svg": mark_safe(picture.pins) if picture else "",  # noqa: S308 draw_pins escapes
    }
