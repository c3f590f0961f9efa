from django.urls import path

from geo.places import views

urlpatterns = [
    path("tempat/", views.place_list, name="places"),
    path("tempat/<int:number>/", views.place_page, name="place"),
    path("tempat/<int:number>/kartu/", views.place_card, name="place_card"),
]
machine_patterns = [
    path("peta/tempat/<slug:code>.<slug:content_hash>.json", views.layer, name="place_layer"),
]
