from django.urls import path

from geo.monitor import views

urlpatterns = [
    path("pantau/", views.overview, name="overview"),
]
