"""One page, one state: whoever reads figures sees them all as they stood at one moment."""

from contextlib import contextmanager

from django.db import connection, transaction
from django.urls import Resolver404, resolve

from geo.areas.queries import one_regency

READING = ("GET", "HEAD")
# Rooms whose pages show published figures, and write nothing; ninja answers for the interface.
ROOMS = (
    "maps",
    "profiles",
    "investment",
    "opendata",
    "documents",
    "pages",
    "places",
    "population",
    "roads",
    "travel",
)
MODULES = (*(f"geo.{room}.views" for room in ROOMS), "ninja.")


class OneStateMiddleware:
    """Answers the open pages from one snapshot of the database.

    A publication is one transaction; without this, a page of several queries
    could take figures from before it and class edges from after.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in READING or not _reads(request):
            return self.get_response(request)
        with _one_state(), one_regency():
            return self.get_response(request)


@contextmanager
def _one_state():
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _reads(request) -> bool:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "__module__", "").startswith(MODULES)
