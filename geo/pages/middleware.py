"""What every request passes: errors become answers, and inline parts are allowed by their hash."""

from django.db import DataError
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from geo.lib.errors import GeoError


class NoSuchText(GeoError):
    """An address holds the character NUL, which no text in the database can."""

    status = 404
    template = _("The address holds a character that no name or code has.")


class NoSuchTextTyped(GeoError):
    """A form holds the character NUL; the database has refused it, and nothing is written."""

    status = 400
    template = _(
        "Something that was typed or pasted holds a character that no text can have (NUL). "
        "Nothing was saved. Go back, type the text anew, and save again."
    )


def _is_nul(exception: Exception) -> bool:
    # As the driver says it of text, and as the server says it of JSON.
    said = str(exception)
    return (isinstance(exception, ValueError) and "NUL (0x00)" in said) or (
        isinstance(exception, DataError) and "\\u0000" in said
    )


class ErrorPageMiddleware:
    """Turns a GeoError into an answer, for people or for machines."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_text = "\x00" not in request.path and "%00" not in request.META.get("QUERY_STRING", "")
        # The interface for machines says itself what it does not know.
        if not is_text and not request.path.startswith("/api/"):
            return self.process_exception(request, NoSuchText())
        return self.get_response(request)

    def process_exception(self, request, exception):
        if _is_nul(exception):
            exception = NoSuchTextTyped()
        if not isinstance(exception, GeoError):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": str(exception)}, status=exception.status)
        context = {"sentence": str(exception)}
        return render(request, "pages/error.html", context, status=exception.status)


class InlineHashMiddleware:
    """Allows the page's own inline style and script by their SHA-256.

    A nonce would make every answer different: no page could be answered with
    304 or kept by a proxy.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        hashes = getattr(request, "inline_hashes", None)
        if hashes:
            response._csp_update = hashes
        return response
