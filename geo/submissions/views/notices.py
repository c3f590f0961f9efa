"""What happened to what concerns me."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from geo.accounts.permits import signed_in
from geo.submissions.queries.notices import notices_of
from geo.submissions.services.notices import mark_read

PER_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notices(request):
    if request.method == "POST":
        mark_read(user=request.user)
        return redirect("notices")
    page = Paginator(notices_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "submissions/notices.html", {"page": page})
