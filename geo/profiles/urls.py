from django.urls import path

from geo.profiles import views

urlpatterns = [
    path("banding/", views.compare, name="compare"),
    path("wilayah/", views.areas, name="areas"),
    path("wilayah/<str:code>/", views.profile, name="profile"),
]
