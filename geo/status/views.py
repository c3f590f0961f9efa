"""What machines ask about the installation itself: is it well, and which one is it."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geo.status import queries


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 while pages can be served, 503 with a sentence while they cannot."""
    condition = queries.condition()
    return JsonResponse(condition, status=200 if condition["status"] == "ok" else 503)


@require_safe
@never_cache
def version(request: HttpRequest) -> JsonResponse:
    """Say which edition of the software this is, and on which libraries it stands."""
    return JsonResponse(queries.versions())
