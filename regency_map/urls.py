"""The whole site: Django's admin, and every address of geo.

geo's list is joined here rather than included: addresses with a language
prefix must stand in the root.
"""

from django.contrib import admin
from django.urls import path

from geo.urls import urlpatterns as geo_patterns

urlpatterns = [path("admin/", admin.site.urls), *geo_patterns]
