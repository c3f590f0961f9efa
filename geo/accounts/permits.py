"""Who may open a page: decorators for the views of every room.

Nobody signed in is sent to the sign-in page; who may not is told that there is
no such page (404, never 403), so that nothing can be learnt by trying.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from geo.accounts.models import Role, User
from geo.accounts.queries import NEED_SECOND_FACTOR, Act, access_of, has_second_factor

View = Callable[..., HttpResponse]


def known(view: View) -> View:
    """Let in whoever is signed in, even with a password that must be changed first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return send_to(request, "sign_in")
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def signed_in(view: View) -> View:
    """Let in whoever is signed in with a password of their own."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.must_change_password:
            return send_to(request, "password")
        return view(request, *args, **kwargs)

    return known(guarded)


def requires(act: Act) -> Callable[[View], View]:
    """Let in whoever may do ``act`` somewhere; the view asks about the place itself.

    Reviewing, verifying and managing also take a second factor: who has none
    yet is sent to the page that sets it up.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            user = request.user
            if not access_of(user).holds(act):
                raise Http404
            if user.must_change_password:
                return send_to(request, "password")
            if act in NEED_SECOND_FACTOR and not (user.is_demo or has_second_factor(user)):
                return send_to(request, "second_factor")
            return view(request, *args, **kwargs)

        return known(guarded)

    return decorate


def send_to(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """Go to another page first, and come back afterwards where a page was asked for."""
    address = reverse(name)
    if request.method in ("GET", "HEAD"):
        address += "?" + urlencode({"next": request.get_full_path()}, safe="/")
    return HttpResponseRedirect(address)


def wanted_address(request: HttpRequest) -> str:
    """Where ``next`` leads, if that is a page of this very site; else nowhere."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A plain path only: what Django takes for relative, a browser might not.
    return address if is_ours and address.startswith("/") else ""


def desks(user: User) -> list[tuple[str, str]]:
    """The pages from which the person works, the likeliest first."""
    access = access_of(user)
    wanted = [
        (Act.REVIEW, _("To check"), "queue"),
        (Act.REPORT, _("My data"), "desk"),
        (Act.VERIFY, _("Questions"), "inquiries"),
        (Act.MANAGE, _("Manage accounts"), "people"),
    ]
    found = [(label, reverse(name)) for act, label, name in wanted if access.holds(act)]
    overview = (_("Overview"), reverse("overview"))
    if {grant.role for grant in access.grants} == {Role.REGENT}:
        return [overview, (_("Questions"), reverse("inquiries"))]
    return [*found, overview] if access.may(Act.SEE, area=None) else found


def first_page(user: User) -> str:
    """Where to go after signing in."""
    return next((address for _label, address in desks(user)), reverse("account"))
