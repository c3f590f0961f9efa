"""The profile of an area."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.areas.queries import find_area, regency, search_areas
from geo.indicators.queries import has_demo
from geo.lib.pictures import draw_areas
from geo.profiles.forms import compare_address, read_areas, read_asked
from geo.profiles.queries import (
    MOST_COMPARED,
    nearby_areas,
    read_comparison,
    read_profile,
    small_maps,
)

LAND = "#d5e1d8"
CHOSEN = "#f4d6a6"


@require_safe
def areas(request):
    return redirect("profile", regency().code)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def profile(request, code):
    found = read_profile(find_area(code))
    return render(request, "profiles/profile.html", {"profile": found, "picture": _picture(found)})


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def compare(request):
    """Two to four areas side by side; the address names them."""
    text = request.GET.get("q", "").strip()
    chosen, asked = read_areas(request.GET), read_asked(request.GET)
    hits = [hit for hit in search_areas(text, limit=20) if hit not in chosen] if text else []
    if len(hits) == 1:
        return redirect(compare_address([*chosen, hits[0]], asked))
    nearby = nearby_areas(chosen[0]) if len(chosen) == 1 and not text else []
    shapes, maps = small_maps(chosen)
    context = {
        "asked": asked,
        "areas": [(a, compare_address([b for b in chosen if b != a], asked)) for a in chosen],
        "comparison": read_comparison(chosen, asked) if len(chosen) > 1 else None,
        "shapes": mark_safe(shapes),  # noqa: S308 draw_shapes escapes what it is given
        "maps": [(one.area, mark_safe(one.svg)) for one in maps],  # noqa: S308 the same
        "is_full": len(chosen) >= MOST_COMPARED,
        "go": compare_address(chosen, asked, "CODE"),
        "text": text,
        "hits": [(hit, compare_address([*chosen, hit], asked)) for hit in hits],
        "nearby": [(near, compare_address([*chosen, near], asked)) for near in nearby],
        "is_demo": has_demo(),
    }
    return render(request, "profiles/compare.html", context)


def _picture(profile):
    """The little map: the area among its neighbours, each a way to its own profile."""
    if profile.outline is None:
        return ""
    picture = profile.outline.picture
    svg = draw_areas(
        picture,
        dict.fromkeys(picture["paths"], LAND) | {profile.area.code: CHOSEN},
        selected=profile.area.code,
        address=lambda code: reverse("profile", args=[code]),
    )
    return mark_safe(svg)  # noqa: S308 draw_areas escapes what it is given
