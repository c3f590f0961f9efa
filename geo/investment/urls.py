from django.urls import path

from geo.investment import views

urlpatterns = [
    path("investasi/", views.find_place, name="find_place"),
    path("investasi/peringkat.<str:kind>", views.ranking_file, name="ranking_file"),
]
