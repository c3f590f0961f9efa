"""What happened to what concerns me."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from geo.accounts.permits import signed_in
from geo.attachments.services.telling import mark_read as mark_decisions_read
from geo.submissions.kinds.news import read_news
from geo.submissions.queries.notices import notices_of
from geo.submissions.services.notices import mark_read

PER_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notices(request):
    if request.method == "POST":
        mark_read(user=request.user)
        mark_decisions_read(user=request.user)
        return redirect("notices")
    page = Paginator(notices_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = read_news(page.object_list, request.user)
    return render(request, "submissions/notices.html", {"page": page})
