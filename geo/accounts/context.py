"""Who is signed in, for the head and foot of every page."""

from django.conf import settings

from geo.accounts.permits import desks


def person(request):
    """The person and where they work.

    Without a session cookie nobody is asked for: pages for everybody do not depend
    on cookies, and may be kept by every cache.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "user"):
        return {"person": None}
    if not request.user.is_authenticated:
        return {"person": None}
    return {"person": request.user, "desks": desks(request.user)}
