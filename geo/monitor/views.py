"""The regent's page: what is late, at whose desk it lies, which questions are open."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from geo.accounts.permits import requires
from geo.accounts.queries import Act, access_of
from geo.monitor.queries import read_overview


@require_safe
@requires(Act.SEE)
def overview(request):
    if not access_of(request.user).may(Act.SEE, area=None):
        raise Http404
    context = {"overview": read_overview(request.user)}
    return render(request, "monitor/overview.html", context)
