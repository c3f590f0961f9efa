"""Choosing a new password by a link that comes by e-mail."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import PasswordResetConfirmView
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geo.accounts.forms import ForgottenForm, ForgottenPasswordForm
from geo.accounts.services import TooManyWishes, ask_for_link, link_tokens
from geo.accounts.views.signing_in import PAGE
from regency_map.proxies import client_address


@PAGE
@never_cache
def forgotten(request):
    """Without a mail server there is no form: the page says who helps instead."""
    form = ForgottenForm(request.POST or None) if settings.SENDS_MAIL else None
    status = 200
    if form and request.method == "POST" and form.is_valid():
        try:
            ask_for_link(name=form.cleaned_data["name"], address=client_address(request))
            return redirect("forgotten_sent")
        except TooManyWishes as error:
            form.add_error(None, str(error))
            status = error.status
    return render(request, "accounts/forgotten.html", {"form": form}, status=status)


@require_safe
def forgotten_sent(request):
    """The same words for everybody: nobody learns who has an account."""
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    return render(request, "accounts/forgotten_sent.html", {"minutes": minutes})


class NewPassword(PasswordResetConfirmView):
    """Django's page: it takes the key out of the address before anything is shown."""

    template_name = "accounts/forgotten_new.html"
    form_class = ForgottenPasswordForm
    token_generator = link_tokens
    reset_url_token = "baru"  # noqa: S105 what stands in the address instead of the key
    success_url = reverse_lazy("sign_in")

    def get_user(self, uidb64):
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form):
        answer = super().form_valid(form)
        # Somebody else may be signed in here; the own sessions have ended anyway.
        logout(self.request)
        messages.success(self.request, _("Your new password holds from now on. Sign in with it."))
        return answer


new_forgotten_password = PAGE(NewPassword.as_view())
