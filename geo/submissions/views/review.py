"""The desk of those who review: the queue, one submission, and what is decided about it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from geo.accounts.permits import requires
from geo.accounts.queries import Act
from geo.lib.errors import GeoError
from geo.submissions.forms.review import ReviewPage
from geo.submissions.queries.history import read_history
from geo.submissions.queries.numbers import find_submission
from geo.submissions.queries.review import read_queue
from geo.submissions.queries.timeline import days_by_desk
from geo.submissions.rules.reviewing import StaleApproval
from geo.submissions.services import countering, reviewing

PER_PAGE = 25
ASKED = ("kecamatan", "data", "q")


@require_safe
@requires(Act.REVIEW)
def queue(request):
    district, dataset, q = (request.GET.get(name, "") for name in ASKED)
    shelf = request.GET.get("rak", "")
    found = read_queue(request.user, shelf=shelf, district=district, dataset=dataset, q=q)
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "queue": found,
        "page": page,
        "waiting": found.as_waiting(list(page)),
        "query": query.urlencode(),
    }
    return render(request, "submissions/queue.html", context)


@require_safe
@requires(Act.REVIEW)
def review(request, number):
    return _page(request, find_submission(request.user, number, Act.REVIEW))


def _page(request, submission, stale=None):
    page = ReviewPage(submission, request.user, request.GET.get("i", ""), stale)
    context = {"review": page, "submission": submission, "at_desks": days_by_desk(page.page.steps)}
    status = stale.status if stale else 200
    return render(request, "submissions/review.html", context, status=status)


def _decide(request, number, act, done, **given):
    """Let ``act`` happen, and say on the page what came of it; both versions if one is stale."""
    found = find_submission(request.user, number, Act.REVIEW)
    try:
        act(submission=found, by=request.user, note=request.POST.get("note", ""), **given)
    except StaleApproval as stale:
        return _page(request, find_submission(request.user, number, Act.REVIEW), stale)
    except GeoError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("review", number)


@require_POST
@requires(Act.REVIEW)
def comment(request, number):
    found = find_submission(request.user, number, Act.REVIEW)
    row, column, text = (request.POST.get(name, "") for name in ("row", "column", "text"))
    try:
        reviewing.comment(
            submission=found, by=request.user, text=text, row_key=row[:40], column=column[:100]
        )
    except GeoError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
    return redirect("review", number)


@require_POST
@requires(Act.REVIEW)
def return_to_sender(request, number):
    seen = request.POST.get("seen", "")
    done = _("Returned. The sender is told, and sees what you wrote.")
    return _decide(request, number, reviewing.return_to_sender, done, content_hash=seen)


@require_POST
@requires(Act.REVIEW)
def approve(request, number):
    seen, left_out = request.POST.get("seen", ""), request.POST.getlist("left_out")
    done = _("Approved. It is being published now; this takes a few seconds.")
    return _decide(request, number, reviewing.approve, done, content_hash=seen, left_out=left_out)


@require_POST
@requires(Act.REVIEW)
def verify(request, number):
    return _decide(request, number, reviewing.verify, _("It is being marked as verified now."))


@require_POST
@requires(Act.REVIEW)
def undo(request, number):
    done = _("It is being undone now: what stood before will stand again.")
    return _decide(request, number, reviewing.undo, done)


@require_POST
@requires(Act.REVIEW)
def counter(request, number):
    done = _("A counter-entry was made. Somebody else has to approve it; until then all stands.")
    return _decide(request, number, countering.counter, done)


@require_safe
@requires(Act.SEE)
def history(request, indicator, area, period):
    found = read_history(request.user, indicator, area, period)
    return render(request, "submissions/history.html", {"history": found})
