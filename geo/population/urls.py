from django.urls import path

from geo.population import views

urlpatterns = [
    path("penduduk/", views.ledgers, name="ledgers"),
    path("penduduk/<str:code>/", views.ledger, name="ledger"),
]
