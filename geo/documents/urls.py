from django.urls import path

from geo.documents.views import cards, dossiers, sheets

urlpatterns = [
    path("peta/cetak.pdf", sheets.map_pdf, name="map_pdf"),
    path("peta/cetak.png", sheets.map_png, name="map_png"),
    path("penduduk/<str:code>/lampid/<str:period>.pdf", sheets.lampid_pdf, name="lampid_pdf"),
    path("penduduk/<str:code>/lampid/<str:period>.xlsx", sheets.lampid_xlsx, name="lampid_xlsx"),
    path("wilayah/<str:code>/profil.pdf", sheets.profile_pdf, name="profile_pdf"),
    path("investasi/peluang/<slug:code>/kartu.png", cards.opportunity_png, name="opportunity_card"),
    path("dossier/", dossiers.ask, name="ask_dossier"),
    path("dossier/<str:code>/", dossiers.dossier, name="dossier"),
    path("dossier/<str:code>/kemajuan.json", dossiers.progress, name="dossier_progress"),
    path(
        "dossier/<str:code>/dossier.<str:file_format>",
        dossiers.dossier_file,
        name="dossier_file",
    ),
]
