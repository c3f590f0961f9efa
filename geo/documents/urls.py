from django.urls import path

from geo.documents import views

urlpatterns = [
    path("peta/cetak.pdf", views.map_pdf, name="map_pdf"),
    path("peta/cetak.png", views.map_png, name="map_png"),
    path("wilayah/<str:code>/profil.pdf", views.profile_pdf, name="profile_pdf"),
]
