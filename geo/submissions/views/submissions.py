"""One submission, for those who bring it in: look, mend, explain, send, take back."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from geo.accounts.permits import requires
from geo.accounts.queries import Act
from geo.lib.errors import GeoError
from geo.submissions.forms.grid import read_cells, read_reasons
from geo.submissions.forms.pages import SubmissionPage
from geo.submissions.forms.questions import read_answers
from geo.submissions.queries.numbers import find_submission
from geo.submissions.queries.timeline import days_by_desk
from geo.submissions.services import going_back, mending, sending


@require_safe
@requires(Act.SEE)
def submission(request, number):
    found = find_submission(request.user, number)
    wanted = request.GET.get("tampil", "")
    page = SubmissionPage(
        found,
        request.user,
        wanted_row=request.GET.get("baris", ""),
        wanted_column=request.GET.get("i", ""),
        shows_all={"semua": True, "masalah": False}.get(wanted),
    )
    context = {"page": page, "submission": found, "at_desks": days_by_desk(page.steps)}
    return render(request, "submissions/submission.html", context)


@require_safe
@requires(Act.SEE)
def progress(request, number):
    found = find_submission(request.user, number)
    return JsonResponse(
        {
            "state": found.state,
            "is_busy": bool(found.job),
            "words": found.progress or str(found.get_job_display()),
            "edit": found.current.edit if found.current else 0,
        }
    )


def _act(request, number, act, done="", **given):
    """Let ``act`` happen, and say on the submission's page what came of it."""
    found = find_submission(request.user, number, Act.REPORT)
    try:
        act(submission=found, by=request.user, **given)
    except mending.EditConflict as conflict:
        context = {"submission": found, "conflict": conflict}
        return render(request, "submissions/conflict.html", context, status=conflict.status)
    except GeoError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, done)
    return redirect("submission", number)


def _edit(request) -> int:
    """Which content was on the screen; one that never was, where the page does not say."""
    text = request.POST.get("edit", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


@require_POST
@requires(Act.REPORT)
def mend(request, number):
    given = {"cells": read_cells(request.POST), "base_edit": _edit(request)}
    return _act(request, number, mending.mend_cells, _("Saved and checked again."), **given)


@require_POST
@requires(Act.REPORT)
def give_reasons(request, number):
    given = {"reasons": read_reasons(request.POST), "base_edit": _edit(request)}
    return _act(request, number, mending.give_reasons, _("Your reasons are saved."), **given)


@require_POST
@requires(Act.REPORT)
def answer(request, number):
    return _act(request, number, mending.answer, answers=read_answers(request.POST))


@require_POST
@requires(Act.REPORT)
def go_back(request, number):
    done = _("What you had before the unreadable file is back, checked again.")
    return _act(request, number, going_back.go_back, done)


@require_POST
@requires(Act.REPORT)
def send(request, number):
    given = {"edit": _edit(request), "note": request.POST.get("note", "")}
    done = _("Sent. This page is your receipt: keep the number %(number)s.") % {"number": number}
    return _act(request, number, sending.send, done, **given)


@require_POST
@requires(Act.REPORT)
def withdraw(request, number):
    done = _("Taken back. Nothing of it is published.")
    note = request.POST.get("note", "")
    return _act(request, number, sending.withdraw, done, note=note)
