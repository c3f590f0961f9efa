from django.urls import path

from geo.roads import views

urlpatterns = [
    path("jalan/", views.roads, name="roads"),
    path("jalan/<str:number>/", views.road, name="road"),
    path("jalan/<str:number>/kartu/", views.road_card, name="road_card"),
]
machine_patterns = [
    path(
        "peta/jalan/<str:regency_code>.<slug:content_hash>.json",
        views.road_layer,
        name="road_layer",
    ),
]
