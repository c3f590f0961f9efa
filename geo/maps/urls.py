from django.urls import path

from geo.maps import views

urlpatterns = [
    path("peta/", views.map_page, name="map"),
    path("peta/bagian/", views.map_fragment, name="map_fragment"),
    path("peta/deret/", views.series, name="map_series"),
    path("peta/asal/", views.origin, name="map_origin"),
    path("peta/asal/bagian/", views.origin_fragment, name="map_origin_fragment"),
    path("peta/cari/", views.search, name="search"),
]
machine_patterns = [
    path(
        "peta/batas/<str:parent_code>/<str:level>.<slug:content_hash>.json",
        views.outlines,
        name="outlines",
    ),
]
