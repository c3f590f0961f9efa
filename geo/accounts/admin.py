"""Those who sign in, for the administrator."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from geo.accounts.models import User

admin.site.register(User, UserAdmin)
