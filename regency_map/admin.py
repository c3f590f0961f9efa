"""Django's admin, which shows itself only to those who run the site."""

from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import Http404
from django.shortcuts import redirect


class GuardedAdminSite(AdminSite):
    """Answers 404 to everybody without staff rights and a second factor.

    Signing in happens on the site's own page alone: there the code is asked for,
    and wrong tries are counted.
    """

    def has_permission(self, request) -> bool:
        from geo.accounts.queries import has_second_factor  # models are not ready before

        user = request.user
        if not super().has_permission(request) or user.must_change_password:
            return False
        return user.is_demo or has_second_factor(user)

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def gate(request, *args, **kwargs):
            if not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return update_wrapper(gate, view)

    def login(self, request, extra_context=None):
        raise Http404

    def password_change(self, request, extra_context=None):
        return redirect("password")


class GuardedAdminConfig(AdminConfig):
    default_site = "regency_map.admin.GuardedAdminSite"
