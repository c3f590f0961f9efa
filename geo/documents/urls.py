from django.urls import path

from geo.documents import views

urlpatterns = [
    path("peta/cetak.pdf", views.map_pdf, name="map_pdf"),
    path("peta/cetak.png", views.map_png, name="map_png"),
    path("penduduk/<str:code>/lampid/<str:period>.pdf", views.lampid_pdf, name="lampid_pdf"),
    path("penduduk/<str:code>/lampid/<str:period>.xlsx", views.lampid_xlsx, name="lampid_xlsx"),
    path("wilayah/<str:code>/profil.pdf", views.profile_pdf, name="profile_pdf"),
]
