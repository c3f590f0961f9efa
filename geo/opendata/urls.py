"""The addresses for machines: /api/v1/ and all below it."""

from django.urls import path, re_path

from geo.opendata.views import api, files, ledger, nothing_here, open_to_all, opportunities


def _opened(patterns):
    for pattern in patterns:
        pattern.callback = open_to_all(pattern.callback)
    return patterns


files.register(api)
ledger.register(api)
opportunities.register(api)
patterns, app_name, namespace = api.urls

urlpatterns = [
    path("api/v1/", (_opened(patterns), app_name, namespace)),
    re_path(r"^api/v1/.+$", open_to_all(nothing_here)),
]
