"""The desk of the offices: the questions that wait, one question, and what is done with it."""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from geo.accounts.permits import requires, signed_in
from geo.accounts.queries import Act
from geo.inquiries.forms import AnswerForm, ForwardForm
from geo.inquiries.models import Inquiry, sees_all
from geo.inquiries.queries import address_of, find_inquiry, office_name, read_desk
from geo.inquiries.services import answering
from geo.lib.errors import GeoError

PER_PAGE = 25
answers = requires(Act.VERIFY)


def reads_questions(view):
    """Let in who answers questions, and the regent, who reads them."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        permit = signed_in if sees_all(request.user) else answers
        return permit(view)(request, *args, **kwargs)

    return guarded


@require_safe
@reads_questions
def inquiries(request):
    shelf, office, q = (request.GET.get(name, "") for name in ("rak", "kantor", "q"))
    desk = read_desk(request.user, shelf=shelf, office=office, q=q)
    page = Paginator(desk.rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"desk": desk, "page": page, "query": query.urlencode()}
    return render(request, "inquiries/desk.html", context)


@require_safe
@reads_questions
def inquiry(request, number):
    return _page(request, find_inquiry(request.user, number))


def _page(request, found, *, answer_form=None, forward_form=None, status=200):
    may_answer = Inquiry.objects.answerable_by(request.user).filter(pk=found.pk).exists()
    context = {
        "inquiry": found,
        "thread": found.messages.select_related("author", "sector"),
        "office": office_name(found.sector),
        "may_answer": may_answer,
        # Who only reads how long questions wait need not know who asked.
        "contact": getattr(found, "contact", None) if may_answer else None,
        "subject_address": address_of(found.subject, found.subject_code),
        "answer_form": answer_form or AnswerForm(),
        "forward_form": forward_form or ForwardForm(sector=found.sector),
    }
    return render(request, "inquiries/inquiry.html", context, status=status)


def _done(request, act, done, **given):
    """Let ``act`` happen, and say on the page what came of it."""
    found = given["inquiry"]
    try:
        act(by=request.user, **given)
    except GeoError as error:
        if error.status == 404:
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    # Passed on, it is perhaps not theirs to read any more.
    is_theirs = Inquiry.objects.visible_to(request.user).filter(pk=found.pk).exists()
    return redirect("inquiry", found.number) if is_theirs else redirect("inquiries")


@require_POST
@answers
def take(request, number):
    found = find_inquiry(request.user, number, to_answer=True)
    return _done(request, answering.take, _("You have taken it on."), inquiry=found)


@require_POST
@answers
def answer(request, number):
    found = find_inquiry(request.user, number, to_answer=True)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, answer_form=form)
    return _done(
        request,
        answering.answer,
        _("The answer stands on the private page of who asked."),
        inquiry=found,
        **form.cleaned_data,
    )


@require_POST
@answers
def forward(request, number):
    found = find_inquiry(request.user, number, to_answer=True)
    form = ForwardForm(request.POST, sector=found.sector)
    if not form.is_valid():
        return _page(request, found, forward_form=form)
    done = _("Passed on. The days go on counting.")
    return _done(request, answering.forward, done, inquiry=found, **form.cleaned_data)


@require_POST
@answers
def close(request, number):
    found = find_inquiry(request.user, number, to_answer=True)
    return _done(request, answering.close, _("The question is closed."), inquiry=found)
