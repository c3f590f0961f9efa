from django.urls import path

from geo.travel import views

urlpatterns = [
    path("akses/", views.ambulance_access, name="ambulance_access"),
    path("akses/jaringan/", views.road_network, name="road_network"),
]
machine_patterns = [
    path(
        "peta/hambatan/<str:regency_code>.<slug:content_hash>.json",
        views.barred_layer,
        name="barred_layer",
    ),
]
