from django.urls import path

from geo.maps import views

urlpatterns = [
    path("peta/", views.map_page, name="map"),
    path("peta/bagian/", views.map_fragment, name="map_fragment"),
    path("peta/cari/", views.search, name="search"),
]
machine_patterns = [
    path(
        "peta/batas/<str:parent_code>/<str:level>.<slug:content_hash>.json",
        views.outlines,
        name="outlines",
    ),
]
