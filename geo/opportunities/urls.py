from django.urls import path

from geo.opportunities import views

urlpatterns = [
    path("investasi/peluang/", views.catalogue, name="opportunities"),
    path("investasi/peluang/peluang.csv", views.as_csv, name="opportunities_csv"),
    path("investasi/peluang/peluang.geojson", views.as_geojson, name="opportunities_geojson"),
    path("investasi/peluang/<slug:code>/", views.page, name="opportunity"),
]
