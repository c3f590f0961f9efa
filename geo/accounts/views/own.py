"""The account of the person who is signed in."""

import io

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from geo.accounts.forms import CodeForm, FirstPasswordForm, OwnPasswordForm
from geo.accounts.permits import first_page, known, signed_in, wanted_address
from geo.accounts.queries import Act, access_of, assignments_of, has_second_factor, history_of
from geo.accounts.services import (
    CodeIsWrong,
    Verdict,
    begin_second_factor,
    change_password,
    confirm_code,
    confirm_second_factor,
    end_other_sessions,
    recovery_codes,
    remove_second_factor,
    renew_recovery_codes,
)
from geo.accounts.views.signing_in import PAGE, sentence_of_code


@require_safe
@known
def account(request):
    user = request.user
    now, ended = assignments_of(user)
    access = access_of(user)
    context = {
        "now": now,
        "ended": ended,
        "acts": {act.value: access.holds(act) for act in Act},
        "needs_second_factor": access.needs_second_factor and not user.is_demo,
        "has_second_factor": has_second_factor(user),
        "history": history_of(user, limit=10),
    }
    return render(request, "accounts/account.html", context)


@PAGE
@sensitive_post_parameters()
@known
def password(request):
    if request.user.must_change_password:
        form = FirstPasswordForm(request.user, request.POST or None)
    else:
        form = OwnPasswordForm(request.user, request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["new_password1"]
        change_password(request=request, user=request.user, password=new)
        messages.success(request, _("Your new password holds from now on."))
        return redirect(wanted_address(request) or first_page(request.user))
    context = {"form": form, "next": wanted_address(request)}
    return render(request, "accounts/password.html", context)


@require_POST
@known
def end_sessions(request):
    end_other_sessions(request=request, user=request.user)
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("account")


@PAGE
@sensitive_post_parameters("code")
@signed_in
def second_factor(request):
    if has_second_factor(request.user):
        context = {"form": CodeForm(), "n_left": len(recovery_codes(request.user))}
        return render(request, "accounts/second_factor.html", context)
    form = CodeForm(request.POST or None)
    # The steps come first: a keyboard that opens by itself would hide them.
    form.fields["code"].widget.attrs.pop("autofocus")
    if request.method == "POST" and form.is_valid():
        try:
            code = form.cleaned_data["code"]
            confirm_second_factor(session=request.session, user=request.user, code=code)
            end_other_sessions(request=request, user=request.user)
            return _show_codes(request, recovery_codes(request.user))
        except CodeIsWrong as error:
            form.add_error("code", str(error))
    return render(request, "accounts/second_factor_new.html", _key(request) | {"form": form})


def _key(request) -> dict:
    """The key as a picture for the telephone, and as letters for those who type it."""
    secret = begin_second_factor(request.session)
    drawing = io.BytesIO()
    address = get_adapter().build_totp_url(request.user, secret)
    import segno  # only where a code is drawn: a megabyte in every worker otherwise

    segno.make(address, error="m").save(
        drawing, kind="svg", scale=5, border=3, light="#fff", xmldecl=False, svgns=False, nl=False
    )
    return {
        "address": address,
        "picture": mark_safe(drawing.getvalue().decode()),  # noqa: S308 drawn by us
        "key": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "next": wanted_address(request),
        "is_needed": access_of(request.user).needs_second_factor and not request.user.is_demo,
    }


def _show_codes(request, codes):
    context = {"codes": codes, "next": wanted_address(request) or first_page(request.user)}
    return render(request, "accounts/recovery_codes.html", context)


@require_POST
@signed_in
def new_recovery_codes(request):
    if not _gives_code(request):
        return redirect("second_factor")
    return _show_codes(request, renew_recovery_codes(user=request.user))


@require_POST
@signed_in
def change_telephone(request):
    if _gives_code(request):
        remove_second_factor(user=request.user, by=None)
    return redirect("second_factor")


def _gives_code(request):
    """Whether the form holds a right code; if not, the next page says why it did nothing."""
    code = request.POST.get("code", "")
    verdict = confirm_code(request=request, user=request.user, code=code)
    if verdict is not Verdict.IN:
        messages.error(request, sentence_of_code(verdict))
    return verdict is Verdict.IN
