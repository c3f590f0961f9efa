"""Turns a GeoError into an answer, for people or for machines."""

from django.http import JsonResponse
from django.shortcuts import render

from geo.lib.errors import GeoError


class ErrorPageMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, GeoError):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": str(exception)}, status=exception.status)
        context = {"sentence": str(exception)}
        return render(request, "pages/error.html", context, status=exception.status)
