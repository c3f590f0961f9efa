"""The accounts of others, for those who manage them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from geo.accounts.forms import AssignmentForm, HandOverForm, PersonForm, SearchForm
from geo.accounts.permits import requires
from geo.accounts.queries import (
    Act,
    assignments_of,
    find_assignment,
    find_person,
    has_second_factor,
    history_of,
    must_wait,
    search_people,
    tasks_of,
    villages_without_operator,
)
from geo.accounts.services import (
    assign,
    change_person,
    create_person,
    end_assignment,
    hand_over,
    open_account,
    remove_second_factor,
    renew_first_passwords,
    reset_password,
    set_active,
)
from geo.accounts.views.signing_in import PAGE
from geo.lib.errors import GeoError

PEOPLE_A_PAGE = 50
manages = requires(Act.MANAGE)


@require_safe
@manages
def people(request):
    form = SearchForm(request.GET)
    found = search_people(**form.asked)
    page = Paginator(found, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "n_villages": villages_without_operator().count(),
    }
    return render(request, "accounts/people.html", context)


@require_POST
@manages
def new_slips(request):
    """For those of the list who never signed in."""
    asked = SearchForm(request.POST).asked | {"state": "never"}
    slips = renew_first_passwords(people=search_people(**asked), by=request.user)
    if slips:
        return show_slips(request, slips)
    messages.info(request, _("Nobody of these waits for a first password."))
    return redirect("people")


@require_safe
@manages
def villages(request):
    context = {"villages": villages_without_operator()}
    return render(request, "accounts/villages.html", context)


@require_safe
@manages
def person(request, username):
    return _person_page(request, find_person(username), AssignmentForm())


def _person_page(request, user, form):
    now, ended = assignments_of(user)
    context = {
        "user_shown": user,
        "now": now,
        "ended": ended,
        "form": form,
        "history": history_of(user),
        "has_second_factor": has_second_factor(user),
        "must_wait": must_wait(user),
        "is_self": user == request.user,
    }
    return _with_form(request, "accounts/person.html", form, context)


@PAGE
@manages
def new_person(request):
    village = request.GET.get("area", "")
    form = PersonForm(request.POST or None)
    assignment = AssignmentForm(request.POST or None, initial={"area": village})
    if request.method == "POST" and form.is_valid() & assignment.is_valid():
        asked = form.cleaned_data | assignment.cleaned_data
        slip = _attempt(form, open_account, by=request.user, **asked)
        if slip:
            return show_slips(request, [slip])
    context = {"form": form, "assignment": assignment}
    return _with_form(request, "accounts/person_new.html", form, context)


def _attempt(form, act, **asked):
    """What ``act`` gives, or None: then the form says why not, and keeps what was typed."""
    try:
        return act(**asked)
    except GeoError as refused:
        form.add_error(None, str(refused))
        form.status = refused.status
        return None


def _with_form(request, template, form, context):
    """A page with its form; what was refused is no success for programs either."""
    return render(request, template, context, status=getattr(form, "status", 200))


def show_slips(request, slips):
    """Show what is printed and handed over; the passwords are readable this once."""
    tasks = tasks_of([slip.user for slip in slips])
    for slip in slips:
        slip.user.now = tasks[slip.user.pk]
    context = {"slips": slips, "site": request.build_absolute_uri("/")}
    return render(request, "accounts/slips.html", context)


@PAGE
@manages
def change(request, username):
    user = find_person(username)
    form = PersonForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        change_person(user=find_person(username), by=request.user, **form.cleaned_data)
        messages.success(request, _("The change is saved."))
        return redirect("person", username)
    return render(request, "accounts/person_change.html", {"form": form, "user_shown": user})


@require_POST
@manages
def new_password(request, username):
    user = find_person(username)
    if user == request.user:
        return redirect("password")
    return show_slips(request, [reset_password(user=user, by=request.user)])


@require_POST
@manages
def forget_second_factor(request, username):
    user = find_person(username)
    if user == request.user:
        return redirect("second_factor")
    remove_second_factor(user=user, by=request.user)
    messages.success(request, _("The second factor is taken away; a new one can be set up."))
    return redirect("person", username)


@require_POST
@manages
def let_in(request, username):
    user = find_person(username)
    if user != request.user:
        is_active = request.POST.get("active") == "1"
        set_active(user=user, is_active=is_active, by=request.user)
    return redirect("person", username)


@require_POST
@manages
def new_assignment(request, username):
    user, form = find_person(username), AssignmentForm(request.POST)
    if not (
        form.is_valid() and _attempt(form, assign, user=user, by=request.user, **form.cleaned_data)
    ):
        return _person_page(request, user, form)
    messages.success(request, _("The assignment holds from today."))
    return redirect("person", username)


@require_POST
@manages
def end(request, number):
    assignment = end_assignment(assignment=find_assignment(number), by=request.user)
    messages.success(request, _("The assignment has ended; history keeps it."))
    return redirect("person", assignment.user.username)


@PAGE
@manages
def to_follower(request, number):
    assignment, form = find_assignment(number), HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"assignment": assignment, "by": request.user}
        done = _attempt(form, _hand_over, **given, **form.cleaned_data)
        if done:
            return _handed_over(request, *done)
    context = {"assignment": assignment, "form": form}
    return _with_form(request, "accounts/hand_over.html", form, context)


@transaction.atomic
def _hand_over(*, assignment, by, note, to, **person):
    """The follower, with the slip of somebody new."""
    slip = None if to else create_person(**person)
    user = slip.user if slip else to
    hand_over(assignment=assignment, to=user, by=by, note=note)
    return user, slip


def _handed_over(request, user, slip):
    if slip:
        return show_slips(request, [slip])
    messages.success(request, _("The assignment has passed on."))
    return redirect("person", user.username)
