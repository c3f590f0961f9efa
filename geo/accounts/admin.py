"""Those who sign in, for the administrator: to look at. /akun/pengguna/ changes them."""

from django.contrib import admin

from geo.accounts.models import Assignment, User


class ReadOnlyAdmin(admin.ModelAdmin):
    """Changes go through the services, which check them and know who made them."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["username", "full_name", "office_title", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_demo"]
    search_fields = ["username", "full_name"]
    exclude = ["password"]


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["user", "role", "area", "sector", "valid_from", "valid_to", "granted_by"]
    list_filter = ["role"]
    list_select_related = ["user", "area", "sector", "granted_by"]
    search_fields = ["user__username", "user__full_name", "area__name", "area__code"]
