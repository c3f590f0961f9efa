from django.urls import path

from geo.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("tentang/", views.about, name="about"),
    path("tentang/gaya/", views.style, name="style"),
]
