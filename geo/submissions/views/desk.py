"""My desk, and the page of one form."""

from dataclasses import replace

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from geo.accounts.permits import requires
from geo.accounts.queries import Act
from geo.submissions.forms.published import read_published
from geo.submissions.kinds.news import read_news
from geo.submissions.kinds.registry import KINDS, kind_of
from geo.submissions.queries.desk import read_desk
from geo.submissions.queries.forms import UnknownForm, find_form
from geo.submissions.queries.standings import submissions_of
from geo.submissions.rules.countering import waiting_words


@require_safe
@requires(Act.REPORT)
def desk(request):
    found = read_desk(request.user, KINDS)
    wanted = request.GET.get("s", "")
    opened = next((one for one in found.rounds if one.key == wanted), None)
    found = replace(found, notices=read_news(found.notices, request.user))
    return render(request, "submissions/desk.html", {"desk": found, "opened": opened})


@require_safe
@requires(Act.REPORT)
def form(request, dataset, period, area):
    form = find_form(request.user, dataset, period, area)
    if form.dataset.kind not in KINDS:
        raise UnknownForm(dataset=dataset, area=area, period=period)
    kind = kind_of(form.dataset)
    submissions = submissions_of(form.dataset, form.period, form.area)
    open_one = next((one for one in submissions if one.is_open), None)
    context = {
        "form": form,
        "takes_maps": kind.has_geometry,
        "published": read_published(kind, form),
        "submissions": submissions,
        "open": open_one,
        "closed": waiting_words(open_one) if open_one and open_one.counter_to_id else "",
        "days_late": (timezone.localdate() - form.due_on).days,
    }
    return render(request, "submissions/form.html", context)
