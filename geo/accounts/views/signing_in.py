"""Signing in and out."""

from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from geo.accounts.forms import CodeForm, SignInForm
from geo.accounts.permits import first_page, wanted_address
from geo.accounts.services import Verdict, check_code, check_password, pending_user

PAGE = require_http_methods(["GET", "HEAD", "POST"])
TOO_MANY_REQUESTS = 429


@PAGE
@never_cache
@sensitive_post_parameters("password")
def sign_in(request):
    if request.user.is_authenticated:
        return redirect(wanted_address(request) or first_page(request.user))
    form, verdict = SignInForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        verdict = check_password(request=request, **form.cleaned_data)
    if verdict is Verdict.IN:
        return redirect(wanted_address(request) or first_page(request.user))
    if verdict is Verdict.CODE_WANTED:
        request.session["next"] = wanted_address(request)
        return redirect("sign_in_code")
    return _again(request, "accounts/sign_in.html", form, verdict)


@PAGE
@never_cache
@sensitive_post_parameters("code")
def sign_in_code(request):
    user = pending_user(request)
    if user is None:
        return redirect("sign_in")
    form, verdict = CodeForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        verdict = check_code(request=request, user=user, code=form.cleaned_data["code"])
    if verdict is Verdict.IN:
        return redirect(request.session.pop("next", "") or first_page(request.user))
    return _again(request, "accounts/sign_in_code.html", form, verdict)


def _again(request, template, form, verdict):
    """The form once more, saying why: the same words whether or not there is such a user."""
    if verdict is Verdict.WRONG and "code" in form.fields:
        form.add_error("code", sentence_of_code(verdict))
    elif verdict is Verdict.WRONG:
        form.add_error(
            None,
            _(
                "User name and password do not belong together. Mind capitals and small letters "
                "in the password."
            ),
        )
    elif verdict is Verdict.WAIT:
        form.add_error(None, sentence_of_wait())
    status = TOO_MANY_REQUESTS if verdict is Verdict.WAIT else 200
    context = {"form": form, "next": wanted_address(request)}
    return render(request, template, context, status=status)


def sentence_of_code(verdict):
    """Why a code was not taken."""
    if verdict is Verdict.WAIT:
        return sentence_of_wait()
    return _("This code is not right, or it was used already.")


def sentence_of_wait():
    return _(
        "There were too many wrong tries from here. Wait 15 minutes and try again, or ask "
        "your administrator for a new password."
    )


@require_POST
@never_cache
def sign_out(request):
    logout(request)
    return redirect("home")


def form_is_stale(request, reason=""):
    """Answer a form without its token: mostly a page that stood open since before signing in."""
    sentence = _(
        "This form could not be taken: it was opened before you signed in or out, or your browser "
        "keeps no cookies. Go back, load the page anew, and send the form again."
    )
    return render(request, "pages/error.html", {"sentence": sentence}, status=403)
