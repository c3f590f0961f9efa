"""Pictures of 1200 × 630 that stand for a page where its link is shared."""

from django.http import FileResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.documents.queries.cards import opportunity_card
from geo.documents.services import open_document
from geo.opportunities.queries import find_opportunity

A_DAY_SECONDS = 86_400


@require_safe
@cache_control(public=True, max_age=A_DAY_SECONDS)
def opportunity_png(request, code):
    page = opportunity_card(
        find_opportunity(code), address=request.build_absolute_uri(request.path)
    )
    picture = open_document(template="card.typ", file_format="png", page=page)
    response = FileResponse(picture, content_type="image/png", filename=f"{code}.png")
    # It is compressed already: doing it again would only hide its length.
    response["Content-Encoding"] = "identity"
    return response
