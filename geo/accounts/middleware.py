"""What every answer to somebody signed in passes."""

from django.conf import settings
from django.utils.cache import patch_vary_headers


class PrivatePagesMiddleware:
    """Keeps pages that name the reader out of every cache but the reader's own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return response
        if response.get("Content-Type", "").startswith("text/html"):
            if "no-store" not in response.get("Cache-Control", ""):
                response["Cache-Control"] = "private, no-cache"
            patch_vary_headers(response, ["Cookie"])
        return response
