from django.urls import path

from geo.status import views

urlpatterns = [
    path("health", views.health, name="health"),
    path("version", views.version, name="version"),
]
